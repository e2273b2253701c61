//! Text that cannot act on a terminal or mislead a reader: control characters, escape sequences, bidirectional controls
//! and invisible characters are spelled out as `\u{1b}`.

use std::borrow::Cow;

/// The text with every character spelled out that is not plainly visible.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(acts) {
        Cow::Owned(text.chars().map(Spelled).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Appends one character the way `visible` shows it; a tab becomes spaces, since columns are counted elsewhere.
pub fn push_visible(out: &mut String, c: char) {
    match c {
        '\t' => out.push_str("    "),
        c if acts(c) => out.extend(c.escape_unicode()),
        c => out.push(c),
    }
}

fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{180e}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

struct Spelled(char);

impl Extend<Spelled> for String {
    fn extend<I: IntoIterator<Item = Spelled>>(&mut self, all: I) {
        all.into_iter().for_each(|Spelled(c)| push_visible(self, c));
    }
}

impl FromIterator<Spelled> for String {
    fn from_iter<I: IntoIterator<Item = Spelled>>(all: I) -> Self {
        let mut text = Self::new();
        text.extend(all);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_spelled_out() {
        assert_eq!(visible("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(
            visible("x\u{202e}y\u{200b}\r\n"),
            "x\\u{202e}y\\u{200b}\\u{d}\\u{a}"
        );
        assert!(matches!(visible("schön — 日本"), Cow::Borrowed(_)));
    }
}
