//! Where the name of an env file's line ends: as Compose finds it, and as people mean it.

use super::dotenv::Separator;

/// What Compose finds when it looks for a separator.
pub(super) enum Scan {
    /// A name of that many bytes, blanks inside and behind it included.
    Name(usize, Separator),
    /// A character that no name holds, with its offset.
    Unexpected(usize, char),
    /// Neither separator nor line break up to the end of the file.
    End,
}

/// Reads up to `=`, `:` or the end of the line, blanks looked over.
pub(super) fn as_compose(text: &str) -> Scan {
    for (at, c) in text.char_indices() {
        match c {
            '=' => return Scan::Name(at, Separator::Equals),
            ':' => return Scan::Name(at, Separator::Colon),
            '\n' => return Scan::Name(at, Separator::None),
            '_' | '.' | '-' | '[' | ']' => {}
            _ if is_blank(c) || c.is_alphanumeric() => {}
            _ => return Scan::Unexpected(at, c),
        }
    }
    Scan::End
}

/// Where the separator of a line stands. A colon counts before a blank, a quote or the end, as in YAML, and where no `=`
/// follows.
pub(super) fn separator(line: &str) -> Option<(usize, Separator)> {
    let equals = line.find('=');
    let until = equals.unwrap_or(line.len());
    let before = line.get(..until)?;
    let colon = before.find(':').filter(|at| {
        let behind = line.get(at + 1..).unwrap_or_default();
        is_name(before.get(..*at).unwrap_or_default().trim_end())
            && (equals.is_none()
                || behind.trim_end().is_empty()
                || behind.starts_with([' ', '\t', '"', '\'']))
    });
    colon
        .map(|at| (at, Separator::Colon))
        .or(equals.map(|at| (at, Separator::Equals)))
}

/// The first `#` with a blank before it.
pub(super) fn comment_start(line: &str) -> Option<usize> {
    line.match_indices('#').map(|(at, _)| at).find(|at| {
        line.get(..*at)
            .is_some_and(|before| before.ends_with([' ', '\t']))
    })
}

pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// A blank that does not end a line, by Compose's list.
pub(super) fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}'
    )
}
