//! YAML trees of the policies that ship, packed by the build script and unpacked when a run begins: reading the text
//! takes a hundred times as long. Most scalars are their own bytes in the text, so a packed node is little more than its
//! place. The build script includes this file; it may name `model` and `syntax` only.

use crate::model::{Span, Str};
use crate::syntax::node::{Entry, Node, Style, Value};

const NULL: u8 = 0;
const SEQ: u8 = 1;
const MAP: u8 = 2;
/// A scalar, with its style and the form of its text in the bits above.
const SCALAR: u8 = 3;
const KINDS: u8 = 4;

/// The text is the bytes of the span.
const BARE: u8 = 0;
/// The text is the bytes of the span without the first and the last.
const INNER: u8 = 1;
/// The text follows.
const OWN: u8 = 2;
const FORMS: u8 = 3;

/// A tree as bytes. `None` for what policies that ship do without: tags, aliases, merge keys.
pub fn pack(node: &Node, text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    put(node, text, &mut out)?;
    Some(out)
}

fn put(node: &Node, text: &str, out: &mut Vec<u8>) -> Option<()> {
    if node.tag.is_some() || node.alias.is_some() {
        return None;
    }
    match &node.value {
        Value::Null => head(NULL, node.span, out),
        Value::Scalar { text: own, style } => scalar(node.span, own, *style, text, out),
        Value::Seq(items) => {
            head(SEQ, node.span, out);
            number(items.len(), out);
            for item in items {
                put(item, text, out)?;
            }
        }
        Value::Map(entries) => {
            head(MAP, node.span, out);
            number(entries.len(), out);
            for entry in entries {
                if entry.merged {
                    return None;
                }
                put(&entry.key, text, out)?;
                put(&entry.value, text, out)?;
            }
        }
    }
    Some(())
}

fn scalar(span: Span, own: &str, style: Style, text: &str, out: &mut Vec<u8>) {
    let written = span.of(text);
    let inner = written.get(1..written.len().saturating_sub(1));
    let form = match () {
        () if written == own => BARE,
        () if inner == Some(own) => INNER,
        () => OWN,
    };
    let style = match style {
        Style::Plain => 0,
        Style::Quoted => 1,
        Style::Block => 2,
    };
    head(SCALAR + KINDS * (form + FORMS * style), span, out);
    if form == OWN {
        number(own.len(), out);
        out.extend(own.as_bytes());
    }
}

fn head(kind: u8, span: Span, out: &mut Vec<u8>) {
    out.push(kind);
    number(span.start as usize, out);
    number(span.len(), out);
}

/// Seven bits a byte, lowest first.
fn number(mut value: usize, out: &mut Vec<u8>) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        out.push(if value == 0 { low } else { low | 0x80 });
        if value == 0 {
            return;
        }
    }
}

/// The tree that was packed; `None` for bytes that `pack` did not write.
pub fn unpack(packed: &[u8], text: &str) -> Option<Node> {
    let mut reader = Unpacker { packed, text };
    reader.node(0)
}

struct Unpacker<'a> {
    packed: &'a [u8],
    text: &'a str,
}

/// Deeper than any tree that the parser lets through.
const DEEPEST: usize = 200;

impl Unpacker<'_> {
    fn node(&mut self, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        let kind = self.byte()?;
        let start = self.number()?;
        let span = Span::new(start, start + self.number()?);
        let value = match kind % KINDS {
            NULL => Value::Null,
            SEQ => {
                let count = self.count()?;
                let mut items = Vec::with_capacity(count);
                for _ in 0..count {
                    items.push(self.node(depth + 1)?);
                }
                Value::Seq(items)
            }
            MAP => {
                let count = self.count()?;
                let mut entries = Vec::with_capacity(count);
                for _ in 0..count {
                    entries.push(Entry {
                        key: self.node(depth + 1)?,
                        value: self.node(depth + 1)?,
                        merged: false,
                    });
                }
                Value::Map(entries)
            }
            _ => self.scalar(kind / KINDS, span)?,
        };
        Some(Node {
            value,
            span,
            tag: None,
            alias: None,
        })
    }

    fn scalar(&mut self, form: u8, span: Span) -> Option<Value> {
        let written = span.of(self.text);
        let text = match form % FORMS {
            BARE => Str::from(written),
            INNER => Str::from(written.get(1..written.len().checked_sub(1)?)?),
            _ => {
                let length = self.count()?;
                let (own, rest) = self.packed.split_at_checked(length)?;
                self.packed = rest;
                Str::from(std::str::from_utf8(own).ok()?)
            }
        };
        let style = match form / FORMS {
            0 => Style::Plain,
            1 => Style::Quoted,
            _ => Style::Block,
        };
        Some(Value::Scalar { text, style })
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.packed.split_first()?;
        self.packed = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<usize> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A number of things that follow, each at least a byte.
    fn count(&mut self) -> Option<usize> {
        self.number().filter(|count| *count <= self.packed.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml;

    fn same(a: &Node, b: &Node) -> bool {
        format!("{a:?}") == format!("{b:?}")
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let text =
            "a: plain\n'b c': \"es\\tcaped\"\nc: |\n  block\n  text\nd: [1, 'é', {e: }]\nf: ~\n";
        let tree = yaml::parse(text).documents.remove(0);
        let packed = pack(&tree, text).unwrap();
        assert!(same(&unpack(&packed, text).unwrap(), &tree));
        for cut in 0..packed.len() {
            assert!(unpack(&packed[..cut], text).is_none());
        }
    }

    #[test]
    fn what_is_not_packed_is_refused() {
        for text in ["a: &x 1\nb: *x\n", "a: !tag 1\n"] {
            let tree = yaml::parse(text).documents.remove(0);
            assert!(pack(&tree, text).is_none(), "{text}");
        }
    }

    #[test]
    fn any_bytes_are_taken_without_a_panic() {
        for seed in 0..=255_u8 {
            let bytes: Vec<u8> = (0..40)
                .map(|at: u8| seed.wrapping_mul(at | 1) ^ at)
                .collect();
            unpack(&bytes, "a: é\n");
        }
    }
}
