//! The text of a dump as it may be kept: names and values of the variables that are judged stand where they stood, every
//! other word is made unreadable. A platform's own token on the line of a finding is never read again.

use std::ops::Range;

use crate::model::Fact;

/// Words of the shapes themselves.
const WORDS: &str = "name value key Name Value Key env data stringData environment variables export declare x services image ports volumes \
     networks container target published source type protocol mode volume bind";

/// The text, byte for byte as long as before.
pub(super) fn blanked(text: &str, facts: &[Fact]) -> String {
    let mut kept: Vec<Range<usize>> = facts
        .iter()
        .flat_map(|fact| [fact.key, fact.span])
        .map(|span| span.start as usize..span.end as usize)
        .collect();
    kept.sort_by_key(|range| (range.start, range.end));
    let mut out = String::with_capacity(text.len());
    for range in kept {
        if range.start >= out.len() {
            hide(
                text.get(out.len()..range.start).unwrap_or_default(),
                &mut out,
            );
        }
        // Ranges may touch or repeat, where a variable without a value has only its name.
        if range.end > out.len() {
            out.push_str(text.get(out.len()..range.end).unwrap_or_default());
        }
    }
    hide(text.get(out.len()..).unwrap_or_default(), &mut out);
    out
}

fn hide(text: &str, out: &mut String) {
    let is_word = |c: char| c.is_alphanumeric();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = if is_word(c) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        let (part, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let stays = crate::value::wordlist::has(WORDS, part)
            || c.is_ascii_whitespace()
            || "{}[]:,\"'=-".contains(c);
        if stays {
            out.push_str(part);
        } else {
            out.extend(std::iter::repeat_n('*', part.len()));
        }
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::schema::var;
    use crate::model::{File, Span};

    #[test]
    fn only_names_and_values_are_left() {
        let text = "{\"A\": \"ä b\", \"TOKEN\": \"só-secret!\"}\n# a1\n";
        let file = Arc::new(File::at("production=x"));
        let fact = crate::model::Fact::new(var::KIND, &file, Span::new(2, 3), Span::new(7, 11));
        assert_eq!(fact.span.of(text), "ä b");
        let blank = blanked(text, &[fact]);
        assert_eq!(
            blank,
            "{\"A\": \"ä b\", \"*****\": \"***-*******\"}\n* **\n"
        );
        assert_eq!(blank.len(), text.len());
        assert_eq!(blanked("né", &[]), "***");
    }
}
