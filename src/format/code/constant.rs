//! Names of variables that a file keeps in constants of its own: `const mode = "STORAGE_MODE"`, read as
//! `os.Getenv(mode)`. Only what is certain: constants of a package in Go, names in capitals elsewhere, and one value each.

use std::collections::BTreeMap;

use super::language::Language;
use super::rules;
use super::tokens::Tokens;

/// The name of a variable by the name of the constant; nothing where it has several.
pub(super) struct Constants<'t>(BTreeMap<&'t str, Option<String>>);

impl Constants<'_> {
    pub(super) fn get(&self, word: &str) -> Option<&str> {
        self.0.get(word)?.as_deref()
    }
}

pub(super) fn of<'t>(tokens: &Tokens<'t>) -> Constants<'t> {
    let mut found: BTreeMap<&str, Option<String>> = BTreeMap::new();
    let mut block = 0;
    for at in 0..tokens.len() {
        if tokens.word(at) == "const" && tokens.is(at + 1, b'(') && is_at_margin(tokens, at) {
            block = tokens.mate(at + 1);
        }
        let Some(name) = named(tokens, at, at < block) else {
            continue;
        };
        let text = tokens.is_text(at + 1).then(|| tokens.value(at + 1));
        let value = text.filter(|text| rules::is_env_name(text) && ends(tokens, at + 2));
        found
            .entry(name)
            .and_modify(|known| {
                if *known != value {
                    *known = None;
                }
            })
            .or_insert(value);
    }
    Constants(found)
}

/// The constant that the `=` at this place gives its value.
fn named<'t>(tokens: &Tokens<'t>, at: usize, in_block: bool) -> Option<&'t str> {
    let is_assignment = tokens.is(at, b'=')
        && !tokens.is(at + 1, b'=')
        && at > 0
        && !["=", "!", "<", ">", "+"].iter().any(|sign| {
            let sign = sign.bytes().next().unwrap_or_default();
            tokens.is(at - 1, sign)
        });
    if !is_assignment {
        return None;
    }
    if tokens.language == Language::Go {
        // `const mode = …`, `const mode string = …`, and lines of a block.
        let start = (at.saturating_sub(3)..at).find(|start| {
            let own = tokens.word(*start) == "const"
                && !tokens.is(start + 1, b'(')
                && is_at_margin(tokens, *start);
            own || (in_block && tokens.first(start + 1))
        });
        return start
            .map(|start| tokens.word(start + 1))
            .filter(|word| !word.is_empty());
    }
    // `MODE: &str = …`: the name stands before the type.
    let typed = (at.saturating_sub(4)..at).find(|sign| tokens.is(*sign, b':'));
    let name = tokens.word(typed.unwrap_or(at).checked_sub(1)?);
    rules::is_env_name(name).then_some(name)
}

/// At the start of a line of text, where only declarations of the whole file stand.
fn is_at_margin(tokens: &Tokens, at: usize) -> bool {
    let start = tokens.span(at).start as usize;
    let before = tokens.text.get(..start).unwrap_or_default();
    before.is_empty() || before.ends_with('\n')
}

/// Nothing is added to the text, not on the next line either.
fn ends(tokens: &Tokens, at: usize) -> bool {
    let any = |signs: &[u8]| signs.iter().any(|sign| tokens.is(at, *sign));
    let goes_on = any(b"+.%&|?*");
    at >= tokens.len() || any(b";,)") || (tokens.first(at) && !goes_on)
}
