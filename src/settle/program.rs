//! One line of source code as it may be shown: what no fact was read from may hold anything, so texts on it are masked and
//! comments are cut.

use std::ops::Range;

/// The insides of the texts on a line; one that does not end there reaches to the end of the line.
pub fn texts(line: &str) -> Vec<Range<usize>> {
    let mut texts = Vec::new();
    let mut chars = line.char_indices();
    while let Some((at, quote)) = chars.next() {
        if !matches!(quote, '"' | '\'' | '`') {
            continue;
        }
        let start = at + 1;
        let mut end = line.len();
        while let Some((at, c)) = chars.next() {
            if c == '\\' {
                chars.next();
            } else if c == quote {
                end = at;
                break;
            }
        }
        if start < end {
            texts.push(start..end);
        }
    }
    texts
}

/// Where a comment begins that ends with the line: `//`, `--` or `/*` behind a blank or at its start.
pub fn comment(line: &str) -> Option<usize> {
    ["//", "--", "/*"]
        .iter()
        .flat_map(|sign| line.match_indices(sign))
        .map(|(at, _)| at)
        .filter(|at| {
            let before = line.get(..*at).unwrap_or_default();
            before.is_empty() || before.ends_with(char::is_whitespace)
        })
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_of_a_line() {
        let line = r#"a = env("X", 'it\'s') + `b` // "c" "#;
        let found: Vec<&str> = texts(line).into_iter().map(|at| &line[at]).collect();
        assert_eq!(found, ["X", r"it\'s", "b", "c"]);
        assert_eq!(comment(line), line.find("//"));
        assert_eq!(comment("a = \"http://x\";"), None);
        assert_eq!(texts("don't end é").first(), Some(&(4..12)));
    }
}
