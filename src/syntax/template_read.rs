//! Finds the references in a text: one pass per nesting level, and the nesting is limited, so it stays linear.

use super::template::{Op, OpKind, Part, Reference, Template};
use super::template_offsets::Offsets;
use crate::model::{Span, Str};

/// References inside references that are followed; deeper ones are a problem.
const DEEPEST: usize = 64;

pub(super) struct Reader<'a> {
    pub text: &'a str,
    pub offsets: &'a Offsets,
}

/// The last closing brace of the line being read: an operand may reach that far and no further.
#[derive(Default)]
struct Line {
    end: usize,
    last_brace: Option<usize>,
}

impl Reader<'_> {
    pub fn parts(&self, from: usize, to: usize, depth: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut line = Line::default();
        let (mut literal, mut at) = (from, from);
        while let Some(dollar) = self.find('$', at, to) {
            let (part, next) = match self.byte(dollar + 1, to) {
                Some(b'$') => (
                    Part::Dollar {
                        at: Span::new(dollar, dollar + 2),
                    },
                    dollar + 2,
                ),
                Some(b'{') => self.braced(dollar, to, depth, &mut line),
                Some(byte) if starts_name(byte) => self.named(dollar, to),
                _ => {
                    at = dollar + 1;
                    continue;
                }
            };
            push_literal(&mut parts, literal, dollar);
            parts.push(part);
            (literal, at) = (next, next);
        }
        push_literal(&mut parts, literal, to);
        parts
    }

    fn named(&self, dollar: usize, to: usize) -> (Part, usize) {
        let end = self.name_end(dollar + 1, to);
        let name = Span::new(dollar + 1, end);
        (self.reference(dollar, end, name, None), end)
    }

    fn braced(&self, dollar: usize, to: usize, depth: usize, line: &mut Line) -> (Part, usize) {
        let start = dollar + 2;
        let end = self.name_end(start, to);
        let name = Span::new(start, end);
        if end > start && self.byte(end, to) == Some(b'}') {
            return (self.reference(dollar, end + 1, name, None), end + 1);
        }
        let operator = self.operator(end, to).filter(|_| end > start);
        let Some((kind, or_empty, operand)) = operator.filter(|_| depth < DEEPEST) else {
            return self.invalid(dollar, to);
        };
        let Some(last) = self
            .last_brace(dollar, to, line)
            .filter(|last| *last >= operand)
        else {
            return self.invalid(dollar, to);
        };
        let close = self.closing_brace(dollar, last).unwrap_or(last);
        let at = Span::new(operand, close);
        let op = Op {
            kind,
            or_empty,
            span: self.offsets.span(at),
            at,
            operand: Template {
                parts: self.parts(operand, close, depth + 1),
            },
        };
        (self.reference(dollar, close + 1, name, Some(op)), close + 1)
    }

    fn reference(&self, from: usize, to: usize, name: Span, op: Option<Op>) -> Part {
        Part::Reference(Reference {
            name: Str::from(name.of(self.text)),
            span: self.offsets.span(Span::new(from, to)),
            name_span: self.offsets.span(name),
            op,
        })
    }

    /// The two bytes are taken as text and reading goes on behind them; the span shows a little more.
    fn invalid(&self, dollar: usize, to: usize) -> (Part, usize) {
        let shown = self
            .text
            .as_bytes()
            .get(dollar..to.min(dollar + 40))
            .unwrap_or_default();
        let line = shown.split(|byte| *byte == b'\n').next().unwrap_or(shown);
        let length = line
            .iter()
            .position(|byte| *byte == b'}')
            .map(|at| at + 1)
            .or_else(|| line.iter().position(|byte| !byte.is_ascii_graphic()))
            .unwrap_or(line.len());
        let part = Part::Invalid {
            at: Span::new(dollar, dollar + 2),
            span: self.offsets.span(Span::new(dollar, dollar + length.max(2))),
        };
        (part, dollar + 2)
    }

    fn operator(&self, at: usize, to: usize) -> Option<(OpKind, bool, usize)> {
        let or_empty = self.byte(at, to) == Some(b':');
        let at = at + usize::from(or_empty);
        let kind = match self.byte(at, to)? {
            b'-' => OpKind::Default,
            b'?' => OpKind::Required,
            b'+' => OpKind::Alternative,
            _ => return None,
        };
        Some((kind, or_empty, at + 1))
    }

    fn last_brace(&self, at: usize, to: usize, line: &mut Line) -> Option<usize> {
        if at >= line.end {
            let end = self.find('\n', at, to).unwrap_or(to);
            let text = self.text.get(at..end).unwrap_or_default();
            let last_brace = text.rfind('}').map(|last| at + last);
            *line = Line { end, last_brace };
        }
        line.last_brace
    }

    /// Counts braces the way the reference implementation does: the byte behind an opening one is not looked at.
    fn closing_brace(&self, from: usize, last: usize) -> Option<usize> {
        let mut open = 0i32;
        let mut at = from;
        while at <= last {
            match self.byte(at, last + 1)? {
                b'}' => {
                    open -= 1;
                    if open == 0 {
                        return Some(at);
                    }
                }
                b'{' => {
                    open += 1;
                    at += 1;
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    fn name_end(&self, from: usize, to: usize) -> usize {
        let bytes = self.text.as_bytes().get(from..to).unwrap_or_default();
        if !bytes.first().is_some_and(|byte| starts_name(*byte)) {
            return from;
        }
        let inside = |byte: &u8| starts_name(*byte) || byte.is_ascii_digit();
        from + bytes.iter().take_while(|byte| inside(byte)).count()
    }

    fn byte(&self, at: usize, to: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied().filter(|_| at < to)
    }

    fn find(&self, wanted: char, from: usize, to: usize) -> Option<usize> {
        self.text.get(from..to)?.find(wanted).map(|at| from + at)
    }
}

fn push_literal(parts: &mut Vec<Part>, from: usize, to: usize) {
    if from < to {
        parts.push(Part::Literal {
            at: Span::new(from, to),
        });
    }
}

fn starts_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphabetic()
}
