//! `${NAME:default}` as Spring, Micronaut and Quarkus write it: a single colon, nested defaults, a backslash in front of a
//! dollar sign that means itself. Read into the same tree as the references of Compose.

use super::template::{Op, OpKind, Part, Reference, Template};
use crate::model::{Span, Str};
use crate::syntax::Offsets;

const DEEPEST: usize = 8;

/// Reads a decoded value; spans lie where `offsets` says.
pub fn parse_in(text: &str, offsets: &Offsets) -> Template {
    Reader { text, offsets }.template(Span::new(0, text.len()), 0)
}

struct Reader<'a> {
    text: &'a str,
    offsets: &'a Offsets,
}

impl Reader<'_> {
    fn template(&self, at: Span, depth: usize) -> Template {
        let mut parts = Vec::new();
        let (mut literal, mut from) = (at.start as usize, at.start as usize);
        let end = at.end as usize;
        while let Some(start) = self.find("${", from, end) {
            let reference = if depth < DEEPEST && !self.is_escaped(start) {
                self.reference(start, end, depth)
            } else {
                None
            };
            let Some((reference, behind)) = reference else {
                from = start + 2;
                continue;
            };
            if literal < start {
                let at = Span::new(literal, start);
                parts.push(Part::Literal { at });
            }
            parts.push(Part::Reference(reference));
            (literal, from) = (behind, behind);
        }
        if literal < end {
            let at = Span::new(literal, end);
            parts.push(Part::Literal { at });
        }
        Template { parts }
    }

    /// The reference that starts there, and the offset behind it.
    fn reference(&self, start: usize, end: usize, depth: usize) -> Option<(Reference, usize)> {
        let close = self.closing(start + 2, end)?;
        let inner = self.text.get(start + 2..close)?;
        let colon = inner.find(':');
        let name = inner.get(..colon.unwrap_or(inner.len()))?.trim();
        let is_name =
            |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'[' | b']');
        if name.is_empty() || !name.bytes().all(is_name) {
            return None;
        }
        let name_at = Span::new(start + 2, start + 2 + colon.unwrap_or(inner.len()));
        let op = colon.map(|colon| {
            let at = Span::new(start + 2 + colon + 1, close);
            Op {
                kind: OpKind::Default,
                or_empty: false,
                span: self.offsets.span(at),
                at,
                operand: self.template(at, depth + 1),
            }
        });
        let reference = Reference {
            name: Str::from(name),
            span: self.offsets.span(Span::new(start, close + 1)),
            name_span: self.offsets.span(name_at),
            op,
        };
        Some((reference, close + 1))
    }

    /// The brace that closes one which was opened before `from`.
    fn closing(&self, from: usize, end: usize) -> Option<usize> {
        let mut open = 0_usize;
        let bytes = self.text.as_bytes();
        for at in from..end {
            match bytes.get(at)? {
                b'{' => open += 1,
                b'}' if open == 0 => return Some(at),
                b'}' => open -= 1,
                _ => {}
            }
        }
        None
    }

    fn find(&self, what: &str, from: usize, end: usize) -> Option<usize> {
        Some(from + self.text.get(from..end)?.find(what)?)
    }

    fn is_escaped(&self, at: usize) -> bool {
        self.text.get(..at).is_some_and(|head| head.ends_with('\\'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let template = parse_in(text, &Offsets::at(0));
        let names: Vec<String> = template
            .references()
            .iter()
            .map(|one| format!("{}@{}", one.name, one.span.of(text)))
            .collect();
        let filled = template.evaluate_or(text, &|_| None, "?").text;
        format!("{} {}", names.join(" "), filled.expose())
    }

    #[test]
    fn placeholders_and_their_defaults() {
        for (text, expected) in [
            ("plain", " plain"),
            ("${A}", "A@${A} ?"),
            ("${A:b}", "A@${A:b} b"),
            ("${A:}", "A@${A:} "),
            ("${A:${B:é}}!", "A@${A:${B:é}} B@${B:é} é!"),
            (
                "jdbc:mysql://${H:db}:${P:3306}/x",
                "H@${H:db} P@${P:3306} jdbc:mysql://db:3306/x",
            ),
            ("${A:http://x}", "A@${A:http://x} http://x"),
            ("\\${A:b}", " \\${A:b}"),
            ("${A", " ${A"),
            ("${a b}", " ${a b}"),
            ("#{x} $y ${}", " #{x} $y ${}"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
