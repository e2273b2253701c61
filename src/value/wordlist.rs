//! Lists of words kept as text, so that they read as prose in the source and cost nothing to load.

/// True when a list of words between blanks holds the word, in any letter case.
pub fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace()
        .any(|entry| entry.eq_ignore_ascii_case(word))
}

/// True when the text starts with one of the words.
pub fn starts(list: &str, text: &str) -> bool {
    list.split_ascii_whitespace()
        .any(|entry| text.starts_with(entry))
}

/// True when the text ends with one of the words.
pub fn ends(list: &str, text: &str) -> bool {
    list.split_ascii_whitespace()
        .any(|entry| text.ends_with(entry))
}
