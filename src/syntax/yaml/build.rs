//! Turns granit's events into nodes and mends their places.

use granit_parser::{Event, ScalarStyle, Span as Region, StructureStyle, Tag};

use super::mustache;
use crate::model::{Problem, Span, Str};
use crate::syntax::nest::{Before, Nest, Properties};
use crate::syntax::node::{Node, Style, Tree, Value};

pub struct Builder<'t> {
    text: &'t str,
    documents: Vec<Node>,
    nest: Nest,
    read_to: usize,
}

impl<'t> Builder<'t> {
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            documents: Vec::new(),
            nest: Nest::new(),
            read_to: 0,
        }
    }

    /// Where the last piece that was understood ends.
    pub fn read_to(&self) -> usize {
        self.read_to
    }

    /// Takes the next event; an error means that this document cannot be read any further.
    pub fn take(&mut self, event: Event<'_>, region: &Region) -> Result<(), Problem> {
        let span = region
            .byte_range()
            .map_or_else(Span::default, |range| Span::new(range.start, range.end));
        let read_to = self.safely_read(&event, span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, (anchor, tag.as_deref()), span);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let span = self.first_dash(style, span);
                self.nest
                    .open_seq(span, properties(anchor, tag.as_deref()))?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.refuse_template(style, span)?;
                self.nest
                    .open_map(span, properties(anchor, tag.as_deref()))?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.nest.close(span),
            Event::Alias(anchor) => self.nest.alias(anchor, span),
            Event::UnresolvedAlias(_) => {
                let message = "no anchor of this name stands above";
                self.nest.unknown(span, "undefined-alias", message);
            }
            Event::DocumentEnd => self.documents.extend(self.nest.end_document()),
            _ => {}
        }
        self.read_to = self.read_to.max(read_to);
        Ok(())
    }

    /// How far an event lets us trust what was read.
    fn safely_read(&self, event: &Event<'_>, span: Span) -> usize {
        let end = match event {
            // An implicit start borrows its place from the token that follows.
            Event::DocumentStart(false, _) => span.start,
            // Over lines, a plain scalar may have swallowed what was meant to be the next one.
            Event::Scalar(_, ScalarStyle::Plain, ..) if span.of(self.text).contains('\n') => {
                span.start
            }
            _ => span.end,
        };
        end as usize
    }

    /// Ends a document at a problem and keeps what stands before it.
    pub fn give_up(&mut self, problem: Problem) {
        self.nest.break_off(self.text, problem.span.start);
        self.nest.problems.push(problem);
        self.documents.extend(self.nest.end_document());
    }

    pub fn finish(self) -> Tree {
        Tree {
            documents: self.documents,
            problems: self.nest.problems,
        }
    }

    /// `key: {{ … }}` is YAML to the letter (a map with a map for its key), and nobody ever meant it.
    fn refuse_template(&self, style: StructureStyle, span: Span) -> Result<(), Problem> {
        let template = match style {
            StructureStyle::Flow => mustache::at(self.text, span.start as usize),
            StructureStyle::Block => None,
        };
        template.map_or(Ok(()), Err)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        (anchor, tag): (usize, Option<&Tag>),
        span: Span,
    ) {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            _ => Style::Block,
        };
        let absent = style == Style::Plain && span.is_empty();
        let is_key = matches!(self.nest.before(), Before::Pair);
        let is_null = match span.of(self.text) {
            "" => absent,
            // A key named NULL is a name.
            "~" | "null" | "Null" | "NULL" => style == Style::Plain && !is_key,
            _ => false,
        };
        let value = if is_null && !is_text(tag) {
            Value::Null
        } else {
            // granit says `~` for nothing.
            let text = Str::from(if absent { "" } else { text });
            Value::Scalar { text, style }
        };
        let span = match style {
            Style::Block => self.block_span(span),
            _ if absent && anchor == 0 && tag.is_none() => self.behind_mark(span),
            _ => span,
        };
        self.nest.scalar(value, span, properties(anchor, tag));
    }

    /// The lines of a block scalar up to the last that says something.
    fn block_span(&self, span: Span) -> Span {
        let content = span.of(self.text).trim_end();
        // Without any content granit points at the header or at the next key.
        if matches!(content, "" | "|" | ">") {
            return self.behind_mark(span);
        }
        let start = span.start as usize;
        Span::new(start, start + content.len())
    }

    /// The start of a block sequence. Where it is no deeper than its key, granit points behind the first `-`.
    fn first_dash(&self, style: StructureStyle, span: Span) -> Span {
        let (Before::Key(key), StructureStyle::Block) = (self.nest.before(), style) else {
            return span;
        };
        let rest = self.text.get(key as usize..).unwrap_or_default();
        let mut rest = skip_blank(rest).strip_prefix(':').map_or("", skip_blank);
        while rest.starts_with(['&', '!']) {
            rest = skip_blank(rest.trim_start_matches(|c: char| !c.is_whitespace()));
        }
        let at = self.text.len() - rest.len();
        if rest.starts_with('-') {
            Span::new(at, at)
        } else {
            span
        }
    }

    /// The empty span of an absent value: right behind its key's `:` or its item's `-`.
    fn behind_mark(&self, fallback: Span) -> Span {
        let (from, mark, otherwise) = match self.nest.before() {
            Before::Key(end) => (end, ':', Span { start: end, end }),
            Before::Item(end) => (end, '-', fallback),
            Before::Nothing | Before::Pair => return fallback,
        };
        let rest = self.text.get(from as usize..).unwrap_or_default();
        let skipped = rest.len() - skip_blank(rest).len();
        let behind = from as usize + skipped + 1;
        if skip_blank(rest).starts_with(mark) {
            Span::new(behind, behind)
        } else {
            otherwise
        }
    }
}

/// The text behind white space and comments.
fn skip_blank(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest
            .split_once('\n')
            .map_or("", |(_, below)| below.trim_start());
    }
    rest
}

fn properties(anchor: usize, tag: Option<&Tag>) -> Properties {
    let local = tag.filter(|tag| tag.is_custom() && tag.parts() != NON_SPECIFIC);
    Properties {
        anchor,
        tag: local.map(|tag| {
            let original = tag.original();
            Str::from(original.strip_prefix('!').unwrap_or(&original))
        }),
    }
}

/// The tag `!` alone.
const NON_SPECIFIC: (&str, &str) = ("", "!");

/// Tagged as text, whatever it looks like.
fn is_text(tag: Option<&Tag>) -> bool {
    tag.is_some_and(|tag| tag.core_suffix() == Some("str") || tag.parts() == NON_SPECIFIC)
}
