//! Shapes of keys: literal text and `[class count]` parts, such as `sk_live_[alnum 16+]`. Read from left to right
//! without going back, so a match costs no more than the text is long.

use std::ops::Range;

use super::table::{OPEN_SHAPES, SHAPES};
use super::{Identity, Vendor};

/// What a value's own form says about it.
#[derive(Debug)]
pub struct Shape {
    pub pattern: &'static str,
    pub vendor: &'static Vendor,
    /// `live`, `test` or `publishable`, where the key says so.
    pub mode: Option<&'static str>,
    pub identity: Identity,
}

/// No key is shorter, and most values are.
const SHORTEST: usize = 16;

/// The shape a whole value has.
pub fn of(value: &str) -> Option<&'static Shape> {
    if value.len() < SHORTEST {
        return None;
    }
    candidates(value).find(|shape| matched(shape.pattern, value) == Some(value.len()))
}

/// Where the credentials of known shapes stand in a longer text.
pub fn credentials_in(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(rest) = text.get(from..) {
            let start = from + next_start(rest, from > 0)?;
            let tail = text.get(start..).unwrap_or_default();
            let found = candidates(tail)
                .filter(|shape| shape.identity == Identity::Credential)
                .find_map(|shape| matched(shape.pattern, tail));
            from = start + found.unwrap_or(1).max(1);
            while !text.is_char_boundary(from) {
                from += 1;
            }
            if found.is_some() {
                return Some(start..from);
            }
        }
        None
    })
}

/// The next place where a word begins: keys do not start inside of one.
fn next_start(rest: &str, inside: bool) -> Option<usize> {
    let mut in_word = inside
        && rest
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric());
    rest.bytes().position(|byte| {
        let starts = byte.is_ascii_alphanumeric() && !in_word;
        in_word = byte.is_ascii_alphanumeric();
        starts
    })
}

fn candidates(value: &str) -> impl Iterator<Item = &'static Shape> {
    let first = value.bytes().next();
    let head = |shape: &Shape| shape.pattern.bytes().next();
    let from = SHAPES.partition_point(|shape| head(shape) < first);
    let alike = SHAPES
        .iter()
        .skip(from)
        .take_while(move |shape| head(shape) == first);
    alike.chain(OPEN_SHAPES)
}

/// How many bytes of the text the pattern covers from its start.
fn matched(pattern: &str, text: &str) -> Option<usize> {
    let (mut pattern_rest, mut at, mut loose) = (pattern, 0, false);
    while !pattern_rest.is_empty() {
        let rest = text.get(at..)?;
        if let Some((class, count, behind)) = part(pattern_rest) {
            let run = rest.bytes().take_while(|byte| has(class, *byte)).count();
            at += (count.contains(&run)).then_some(run)?;
            loose |= class == "word" || class == "any";
            pattern_rest = behind;
        } else {
            let literal = pattern_rest.split('[').next().unwrap_or_default();
            at += rest.starts_with(literal).then_some(literal.len())?;
            pattern_rest = pattern_rest.get(literal.len()..).unwrap_or_default();
        }
    }
    let literal = pattern.split('[').next().unwrap_or_default();
    // A short start or a wide class would take words for keys, were it not for the digits that keys have.
    let careful = loose || literal.len() <= 3;
    let body = text.get(literal.len()..at)?;
    (!careful || body.bytes().any(|byte| byte.is_ascii_digit())).then_some(at)
}

/// Class, allowed lengths, and what stands behind a `[class count]`.
pub(super) fn part(pattern: &str) -> Option<(&str, std::ops::RangeInclusive<usize>, &str)> {
    let (inner, behind) = pattern.strip_prefix('[')?.split_once(']')?;
    let (class, count) = inner.split_once(' ')?;
    let range = if let Some(least) = count.strip_suffix('+') {
        least.parse().ok()?..=usize::MAX
    } else if let Some((least, most)) = count.split_once("..") {
        least.parse().ok()?..=most.parse().ok()?
    } else {
        let exact = count.parse().ok()?;
        exact..=exact
    };
    Some((class, range, behind))
}

fn has(class: &str, byte: u8) -> bool {
    match class {
        "digit" => byte.is_ascii_digit(),
        "hex" => byte.is_ascii_hexdigit(),
        "uuid" => byte.is_ascii_hexdigit() || byte == b'-',
        "upper" => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        "alnum" => byte.is_ascii_alphanumeric(),
        "word" => byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-',
        "base64" => byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte),
        "any" => byte.is_ascii_graphic() && !b"\"'`<>".contains(&byte),
        _ => false,
    }
}

/// Whether a pattern can be read; the test of the catalogue asks for every one.
pub fn is_pattern(pattern: &str) -> bool {
    let mut rest = pattern;
    while let Some((_, tail)) = rest.split_once('[') {
        let start = rest.len() - tail.len() - 1;
        let Some((class, count, behind)) = rest.get(start..).and_then(part) else {
            return false;
        };
        let known = [
            "digit", "hex", "uuid", "upper", "alnum", "word", "base64", "any",
        ]
        .contains(&class);
        if !known || count.is_empty() {
            return false;
        }
        rest = behind;
    }
    !pattern.is_empty() && pattern.contains('[')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_shape_is_shorter_than_the_shortest() {
        for shape in SHAPES.iter().chain(OPEN_SHAPES) {
            let (mut rest, mut least) = (shape.pattern, 0);
            while let Some(c) = rest.chars().next() {
                if let Some((_, count, behind)) = part(rest) {
                    (least, rest) = (least + count.start(), behind);
                } else {
                    (least, rest) = (least + c.len_utf8(), &rest[c.len_utf8()..]);
                }
            }
            assert!(least >= SHORTEST, "{}", shape.pattern);
        }
    }
}
