//! Sizes, durations and command lines: which texts Compose can read as one.

/// Bytes: a whole number, or a decimal one with a unit such as `512m`, `1.5g`, `2 GiB`.
pub(super) fn bytes(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let split = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '))?;
    let (number, unit) = text.split_at(split + 1);
    let number = number.strip_suffix(' ').unwrap_or(number);
    let size: f64 = number.parse().ok().filter(|size| *size >= 0.0)?;
    let unit = unit.to_ascii_lowercase();
    let (scale, rest) = match unit.chars().next() {
        None | Some('b') => (0, unit.strip_prefix('b').unwrap_or(&unit)),
        Some(letter) => (1 + "kmgtp".find(letter)?, unit.get(1..)?),
    };
    let fits = rest.is_empty() || (scale > 0 && matches!(rest, "b" | "ib"));
    let power = i32::try_from(scale).ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole bytes are what is wanted; too many saturate"
    )]
    fits.then(|| (size * 1024f64.powi(power)) as i64)
}

/// True for `90s`, `1h30m`, `1.5d`: numbers, each with its unit.
pub(super) fn is_duration(text: &str) -> bool {
    const UNITS: [&str; 9] = ["ns", "us", "µs", "ms", "s", "m", "h", "d", "w"];
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = rest.get(..rest.len() - behind.len()).unwrap_or_default();
        let end = behind
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(behind.len());
        let (unit, next) = behind.split_at(end);
        if number.parse::<f64>().is_err() || !UNITS.contains(&unit) {
            return false;
        }
        rest = next;
    }
    true
}

/// What the characters of a command line stand in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Single,
    Double,
    Back,
    /// `$(…)`
    Dollar,
}

/// False when a quote stays open, or a bracket stands alone where Compose splits a command line into words. An unquoted
/// operator ends the line.
pub(super) fn is_command_line(text: &str) -> bool {
    let mut quote = Quote::None;
    let mut before = ' ';
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        quote = match (c, quote) {
            ('\\', Quote::None | Quote::Double | Quote::Back | Quote::Dollar) => {
                if chars.next().is_none() {
                    return false;
                }
                quote
            }
            ('\'', Quote::None) => Quote::Single,
            ('"', Quote::None) => Quote::Double,
            ('`', Quote::None) => Quote::Back,
            ('(', Quote::None) if before == '$' => Quote::Dollar,
            ('(' | ')', Quote::None) | ('(', Quote::Dollar) => return false,
            ('\'', Quote::Single)
            | ('"', Quote::Double)
            | ('`', Quote::Back)
            | (')', Quote::Dollar) => Quote::None,
            (';' | '&' | '|' | '<' | '>', Quote::None) => break,
            _ => quote,
        };
        before = c;
    }
    quote == Quote::None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_durations() {
        for (text, expected) in [
            ("10", Some(10)),
            ("-1", Some(-1)),
            ("512m", Some(512 << 20)),
            ("1.5g", Some(3 << 29)),
            ("2 GiB", Some(2 << 30)),
            ("1kb", Some(1024)),
            ("1b", Some(1)),
            ("1mbx", None),
            ("m", None),
            ("1x", None),
            ("", None),
        ] {
            assert_eq!(bytes(text), expected, "{text}");
        }
        for text in ["90s", "1h30m", "1.5d", "0", "-2ms", "1w"] {
            assert!(is_duration(text), "{text}");
        }
        for text in ["", "30", "s", "1x", "1m30", "1..5s"] {
            assert!(!is_duration(text), "{text}");
        }
    }

    #[test]
    fn a_command_line_closes_what_it_opens() {
        for text in [
            "a b",
            "sh -c 'x (y' \"z\"",
            "a\\'b",
            "a && (b",
            "x=$(y z)",
            "`a b`",
            "",
        ] {
            assert!(is_command_line(text), "{text}");
        }
        for text in ["a 'b", "it's", "a (b)", "a \"b", "`a", "$(a", "a\\"] {
            assert!(!is_command_line(text), "{text}");
        }
    }
}
