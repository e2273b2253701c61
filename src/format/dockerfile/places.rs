//! The bytes behind a part of a word: quotes around it are no part, quotes inside of it are.

use super::lines::{Instruction, Word};
use crate::model::Span;

/// Both sides of `NAME=value`. Quotes that are opened in front of the name are closed behind the value: `"A=b c"`.
pub(super) fn split(one: &Instruction, word: &Word, name: &str, value: &str) -> (Word, Word) {
    let written = one.text.get(word.from..word.to).unwrap_or_default();
    // Neither quotes nor escapes make an equals sign or take one away.
    let equals = written.find('=').unwrap_or(written.len());
    let (at, behind) = (word.from + equals, (word.from + equals + 1).min(word.to));
    let opened = written.chars().next().filter(|c| matches!(c, '"' | '\''));
    let around = opened.is_some_and(|quote| equals > 0 && written.ends_with(quote));
    let side = |text: &str, from: usize, to: usize| Word {
        text: text.to_owned(),
        from,
        to,
    };
    (
        side(name, word.from + usize::from(opened.is_some()), at),
        side(value, behind, (word.to - usize::from(around)).max(behind)),
    )
}

/// The bytes of a text that ends a word: those behind `--from=`, or all of it. Where quotes or escapes were taken out,
/// the whole word.
pub(super) fn tail(one: &Instruction, word: &Word, text: &str) -> Span {
    let written = one.text.get(word.from..word.to).unwrap_or_default();
    if written.ends_with(text) {
        one.span(word.to - text.len(), word.to)
    } else {
        unquoted(one, word)
    }
}

/// The bytes of a value without quotes around it.
pub(super) fn unquoted(one: &Instruction, value: &Word) -> Span {
    let written = one.text.get(value.from..value.to).unwrap_or_default();
    let quoted =
        |quote: char| written.len() >= 2 && written.starts_with(quote) && written.ends_with(quote);
    if quoted('"') || quoted('\'') {
        one.span(value.from + 1, value.to - 1)
    } else {
        one.span(value.from, value.to)
    }
}
