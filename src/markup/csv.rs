//! Records for a spreadsheet: RFC 4180, and no field that a spreadsheet would take for a formula.

use std::io::{self, Write};

pub fn record(fields: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let fields: Vec<String> = fields.map(|text| field(&text)).collect();
    write!(out, "{}\r\n", fields.join(","))
}

/// A text that starts like a formula gets an apostrophe in front, which spreadsheets take for "this is text".
fn field(text: &str) -> String {
    let acts = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '|' | '%');
    let risky = text.trim_start().starts_with(acts) || text.starts_with(acts);
    let safe = if risky && text != "-" {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    let quoted = safe.contains([',', '"', '\n', '\r', ';', '\t'])
        || safe.starts_with(char::is_whitespace)
        || safe.ends_with(char::is_whitespace);
    if quoted {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_a_formula_or_ends_early() {
        for text in [
            "=1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "|x", "%x", "\n=1",
        ] {
            let field = field(text);
            let bare = field.trim_matches('"');
            assert!(bare.starts_with('\''), "{text:?}: {field:?}");
        }
        assert_eq!(field("a \"b\"\nc"), "\"a \"\"b\"\"\nc\"");
        assert_eq!(field("plain =A"), "plain =A");
    }
}
