//! Whether a value is a form that somebody has to fill in: `changeme`, `<your key>`, `xxxx`.

use super::wordlist;

/// A form to fill in, whatever the variable: `changeme`, `your_key_here`, `xxxx`, `<your key>`.
pub fn is_form(value: &str) -> bool {
    if value.len() > 200 {
        return false;
    }
    // Blanks, dashes and underscores are one: `change me`, `your-key`, `replace_with`.
    let lower: String = value
        .chars()
        .map(|c| {
            if c.is_whitespace() || c == '-' {
                '_'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    let letters = letters(lower.as_bytes());
    let starts_word = |word: &str| {
        lower.match_indices(word).any(|(at, _)| {
            lower
                .get(..at)
                .is_some_and(|head| !head.ends_with(|c: char| c.is_ascii_alphabetic()))
        })
    };
    let spoken = value.contains(char::is_whitespace);
    let can_hold = |needed: u64| letters & needed == needed;
    let forms = FORMS.iter().zip(&FORM_LETTERS);
    forms
        .filter(|(_, needed)| can_hold(**needed))
        .any(|(word, _)| starts_word(word))
        || (!spoken && (starts_word("your_") || starts_word("insert_")))
        || (!spoken && lower.ends_with("_here"))
        || (value.starts_with('<') && value.ends_with('>') && is_angle_form(value))
        || is_crossed_out(&value.to_ascii_lowercase())
}

/// Pieces of forms, with `_` for any separator.
static FORMS: [&str; 19] = [
    "changeme",
    "change_me",
    "changethis",
    "change_this",
    "changeit",
    "replaceme",
    "replace_me",
    "replacethis",
    "replace_this",
    "replace_with",
    "placeholder",
    "fillme",
    "fill_me",
    "fill_in",
    "set_me",
    "put_your",
    "add_your",
    "enter_your",
    "insert_your",
];

/// The letters of each: few texts have all of one, and only those are searched for it.
static FORM_LETTERS: [u64; FORMS.len()] = {
    let mut all = [0; FORMS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = letters(FORMS[at].as_bytes());
        at += 1;
    }
    all
};

/// One bit for each letter, which some bytes share.
const fn letters(text: &[u8]) -> u64 {
    let (mut set, mut at) = (0, 0);
    while at < text.len() {
        set |= 1 << (text[at] % 64);
        at += 1;
    }
    set
}

/// `xxx`, `***`, `...`, also behind the prefix of a key (`sk-xxxx`) or with separators (`xxxx-xxxx`).
fn is_crossed_out(lower: &str) -> bool {
    let tail = lower.trim_end_matches(['x', '*', '.', '-', '_', '•', '…']);
    let crossed = lower.get(tail.len()..).unwrap_or_default();
    let count = crossed
        .chars()
        .filter(|c| matches!(c, 'x' | '*' | '.' | '•' | '…'))
        .count();
    let few = tail.len() <= 12 && !tail.contains(char::is_whitespace);
    (tail.is_empty() && count >= 3)
        || (few && count >= 4 && !tail.contains('/'))
        || (tail.len() <= 12 && crossed.ends_with("..."))
}

/// `<your key>`, `<change me>`: in angle brackets, but asking somebody to type it in.
pub(super) fn is_angle_form(value: &str) -> bool {
    const WORDS: &str = "\
        your change insert replace enter fill put add todo";
    let inner = value
        .trim_start_matches('<')
        .trim_start()
        .to_ascii_lowercase();
    wordlist::starts(WORDS, &inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_a_form_rule_out_no_form() {
        for word in FORMS {
            for text in [
                word.to_owned(),
                word.to_ascii_uppercase(),
                word.replace('_', " "),
                format!("https://{}.example.org/é", word.replace('_', "-")),
            ] {
                assert!(is_form(&text), "{text}");
            }
        }
        assert!(is_form("your-key") && is_form("INSERT_IT") && !is_form("postgres"));
    }
}
