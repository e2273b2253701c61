//! A text of a pipeline file and the way from its characters back to the bytes: blocks, quotes and folded lines included.

use crate::format::written::unquoted;
use crate::model::Span;
use crate::syntax::{Node, Offsets};

/// The text of a scalar with its place.
#[derive(Clone, Debug)]
pub(in crate::format) struct Script<'a> {
    pub(in crate::format) text: &'a str,
    /// All of it, without quotes.
    pub(in crate::format) whole: Span,
    offsets: Option<Offsets>,
}

impl<'a> Script<'a> {
    pub(in crate::format) fn of(source: &str, node: &'a Node) -> Option<Self> {
        let text = node.text()?;
        let whole = unquoted(source, node.span);
        Some(Self {
            text,
            whole,
            offsets: aligned(text, source, whole),
        })
    }

    /// The bytes of a part of the text; of all of it where the part cannot be told.
    pub(in crate::format) fn span(&self, start: usize, end: usize) -> Span {
        let Some(offsets) = &self.offsets else {
            return self.whole;
        };
        if start >= end {
            return self.whole;
        }
        // The last character decides where a part ends: behind it the text may go on elsewhere.
        let last = (0..end)
            .rev()
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or(start);
        let of = |at: usize| offsets.of(Span::new(at, at).start) as usize;
        let (from, to) = (of(start), of(last) + (end - last));
        let within = |at: usize| at.clamp(self.whole.start as usize, self.whole.end as usize);
        Span::new(within(from), within(to).max(within(from)))
    }
}

/// Lines up the text with its bytes, line by line; `None` where escapes make that impossible.
fn aligned(text: &str, source: &str, whole: Span) -> Option<Offsets> {
    let written = whole.of(source);
    let mut offsets = Offsets::at(whole.start);
    let mut decoded = 0;
    let mut at = 0;
    for raw in written.split_inclusive('\n') {
        let line = raw.trim();
        let lead = raw.len() - raw.trim_start().len();
        if !line.is_empty() {
            let found = text.get(decoded..)?.find(line)?;
            decoded += found;
            let there = whole.start as usize + at + lead;
            offsets.step(decoded, Span::new(there, there).start);
            decoded += line.len();
        }
        at += raw.len();
    }
    Some(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml;

    #[test]
    fn parts_are_found_in_every_notation() {
        for source in [
            "a: echo é deploy now",
            "a: 'echo é deploy now'",
            "a: \"echo é deploy now\"",
            "a: |\n  echo é\n    deploy now\n",
            "a: >-\n  echo é\n  deploy now\n",
            "a: |\r\n  echo é\r\n  deploy now\r\n",
        ] {
            let tree = yaml::parse(source);
            let node = tree.documents[0].get("a").unwrap();
            let script = Script::of(source, node).unwrap();
            let at = script.text.find("deploy").unwrap();
            assert_eq!(
                script.span(at, at + 10).of(source),
                "deploy now",
                "{source:?}"
            );
        }
    }

    #[test]
    fn escapes_fall_back_to_the_whole_text() {
        let source = "a: \"x\\ty deploy\"";
        let tree = yaml::parse(source);
        let script = Script::of(source, tree.documents[0].get("a").unwrap()).unwrap();
        assert_eq!(script.span(4, 10), script.whole);
    }
}
