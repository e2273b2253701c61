//! Which bytes of a written value are its own, and which belong to the syntax of references.

use std::ops::Range;

use crate::model::harmless::is_harmless;

/// The parts of a value that are no `${NAME…}` syntax: `${DB_PASSWORD:-hunter2}` keeps everything but the password.
pub fn literals(value: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut at = 0;
    let mut from = 0;
    let mut open = 0usize;
    let mut close = |from: usize, to: usize| {
        let part = value.get(from..to).unwrap_or_default();
        if !is_harmless(part.trim_matches(['"', '\''])) {
            parts.push(from..to);
        }
    };
    while at < value.len() {
        let rest = value.get(at..).unwrap_or_default();
        let step = match reference_head(rest) {
            Some(head) => {
                close(from, at);
                open += usize::from(!head.closed);
                from = at + head.len;
                head.len
            }
            None if open > 0 && rest.starts_with('}') => {
                close(from, at);
                open -= 1;
                from = at + 1;
                1
            }
            None => rest.chars().next().map_or(1, char::len_utf8),
        };
        at += step;
    }
    close(from, value.len());
    parts
}

struct Head {
    len: usize,
    closed: bool,
}

/// `${NAME`, `${NAME:-`, `${NAME}`, `${{ a.B }}` at the start of the text.
fn reference_head(text: &str) -> Option<Head> {
    if let Some(inner) = text.strip_prefix("${{") {
        let end = inner.find("}}")?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ' ');
        let named = inner.get(..end)?.chars().all(plain);
        return named.then_some(Head {
            len: end + 5,
            closed: true,
        });
    }
    let inner = text.strip_prefix("${")?;
    let name = inner
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(inner.len());
    let after = inner.get(name..).filter(|_| name > 0)?;
    let operator = after
        .find(|c| !matches!(c, ':' | '-' | '?' | '+' | '='))
        .unwrap_or(after.len())
        .min(2);
    let closed = operator == 0 && after.starts_with('}');
    Some(Head {
        len: 2 + name + operator + usize::from(closed),
        closed,
    })
}
