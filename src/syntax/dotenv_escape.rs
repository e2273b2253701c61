//! Decodes what stands between quotes in an env file, remembering where every byte came from.

use super::dotenv::Quote;
use super::template_offsets::Offsets;

/// The text between the quotes, decoded; `written` begins at byte `start` of the file. What a backslash does differs by
/// quote: nothing in backticks, only the quote itself in single quotes, shell-like sequences in double quotes. `unix`
/// reads every line break as one newline, so that a file means the same with either line ending.
pub(super) fn decode(written: &str, start: u32, quote: Quote, unix: bool) -> (String, Offsets) {
    let mut offsets = Offsets::at(start);
    let escapes = matches!(quote, Quote::Single | Quote::Double);
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find(|c| (c == '\\' && escapes) || (c == '\r' && unix)) {
        let (plain, escape) = rest.split_at(at);
        text.push_str(plain);
        let (taken, decoded) = if escape.starts_with("\r\n") {
            (2, "\n".to_owned())
        } else if escape.starts_with('\r') {
            (1, "\r".to_owned())
        } else if quote == Quote::Double {
            double(escape)
        } else {
            single(escape)
        };
        text.push_str(&decoded);
        rest = escape.get(taken..).unwrap_or_default();
        let behind = u32::try_from(written.len() - rest.len()).unwrap_or(u32::MAX);
        offsets.step(text.len(), start.saturating_add(behind));
    }
    text.push_str(rest);
    (text, offsets)
}

/// Length of the sequence at the start of `escape`, and what it stands for.
fn single(escape: &str) -> (usize, String) {
    match escape.as_bytes().get(1) {
        Some(b'\'') => (2, "'".to_owned()),
        Some(b'\\') => (2, "\\\\".to_owned()),
        _ => (1, "\\".to_owned()),
    }
}

fn double(escape: &str) -> (usize, String) {
    let decoded = match escape.as_bytes().get(1) {
        Some(b'a') => "\u{7}",
        Some(b'b') => "\u{8}",
        Some(b'f') => "\u{c}",
        Some(b'n') => "\n",
        Some(b'r') => "\r",
        Some(b't') => "\t",
        Some(b'v') => "\u{b}",
        Some(b'"') => "\"",
        Some(b'\\') => "\\",
        // A template reads two dollar signs as one.
        Some(b'$') => "$$",
        Some(b'0') => return octal(escape),
        _ => return (1, "\\".to_owned()),
    };
    (2, decoded.to_owned())
}

/// `\0` and up to three digits. Anything but three octal ones of a byte loses its zero and stays, as in Compose.
fn octal(escape: &str) -> (usize, String) {
    let digits = escape
        .bytes()
        .skip(2)
        .take(3)
        .take_while(u8::is_ascii_digit)
        .count();
    let written = escape.get(2..2 + digits).unwrap_or_default();
    let code = u8::from_str_radix(written, 8).ok().filter(|_| digits == 3);
    let decoded = match code {
        Some(code) => char::from(code).to_string(),
        None => format!("\\{written}"),
    };
    (2 + digits, decoded)
}
