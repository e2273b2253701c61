//! Base64 as Kubernetes writes it: the standard alphabet with padding, blanks and line breaks allowed.

/// The text behind the encoding; `None` where it is none or no text.
pub fn text(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut letters = 0_usize;
    let body = encoded.trim_end_matches(|c: char| c == '=' || c.is_whitespace());
    for byte in body.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        held = held << 6 | u32::from(digit(byte)?);
        bits += 6;
        letters += 1;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
        held &= 0xfff;
    }
    let padding = encoded.bytes().filter(|byte| *byte == b'=').count();
    let whole = (letters + padding).is_multiple_of(4) && letters % 4 != 1 && padding <= 2;
    whole.then(|| String::from_utf8(bytes).ok()).flatten()
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back() {
        for (encoded, expected) in [
            ("aHVudGVyMg==", Some("hunter2")),
            ("YQ==", Some("a")),
            ("YWI=", Some("ab")),
            ("YWJj", Some("abc")),
            ("w7w=", Some("ü")),
            ("YWJj\n  ZGVm", Some("abcdef")),
            ("", Some("")),
            ("/w==", None),
            ("a", None),
            ("abcde", None),
            ("${X}", None),
            ("YWI==", None),
        ] {
            assert_eq!(text(encoded).as_deref(), expected, "{encoded}");
        }
    }
}
