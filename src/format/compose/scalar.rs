//! A scalar of a Compose file with its references, and the way from its text back to its bytes.

use crate::format::Input;
use crate::format::written::unquoted;
use crate::model::Span;
use crate::syntax::Node;
use crate::syntax::Offsets;
use crate::syntax::template::Template;
use crate::value::fallback;

pub(super) struct Scalar<'a> {
    pub(super) text: &'a str,
    /// Its content in the file, without quotes.
    pub(super) span: Span,
    pub(super) template: Template,
    offsets: Offsets,
}

impl<'a> Scalar<'a> {
    pub(super) fn of(input: &Input, node: &'a Node) -> Option<Self> {
        let text = node.text()?;
        let offsets = Offsets::aligned(text, input.text, node.span);
        Some(Self {
            text,
            span: unquoted(input.text, node.span),
            template: Template::parse_in(text, &offsets),
            offsets,
        })
    }

    /// The bytes behind a part of the text.
    pub(super) fn part(&self, from: usize, to: usize) -> Span {
        let at = |offset: usize| self.offsets.of(Span::new(offset, offset).start) as usize;
        let (start, end) = (at(from), at(to));
        let within = |offset: usize| offset.clamp(self.span.start as usize, self.span.end as usize);
        Span::new(within(start), within(end))
    }

    /// The text where nothing is set: fallbacks filled in, other references as written.
    pub(super) fn filled(&self) -> Option<String> {
        fallback::filled(&self.template, self.text)
    }

    /// The text as Compose takes it where no variable is involved; as written where one is.
    pub(super) fn value(&self) -> String {
        if self.template.is_literal() {
            fallback::literal(&self.template, self.text)
        } else {
            self.text.to_owned()
        }
    }

    /// Bytes of the fallback where the whole scalar is one reference, else the whole scalar.
    pub(super) fn fallback_span(&self) -> Span {
        fallback::whole(&self.template).unwrap_or(self.span)
    }
}
