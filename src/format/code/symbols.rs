//! Identifiers in source code: only those that some policy names, only in the files it names, and only in code. A text or
//! a comment that mentions one is no use of it.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

use super::super::{Claim, Format, Input, Output};
use super::language::Language;
use super::lex::Kind as Token;
use super::tokens::Tokens;
use crate::model::file::Nature;
use crate::model::schema::{Kind, code_symbol};
use crate::model::{Fact, Span};

pub static SYMBOLS: Format = Format {
    name: "code",
    doc: "source code, for the identifiers that a policy names",
    nature: Nature::Program,
    beside: true,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    match super::language_of(path) {
        Some(_) => Claim::IfWanted(Kind::code_symbol),
        None => Claim::No,
    }
}

fn parse(input: &Input) -> Output {
    let mut output = Output::default();
    let Some(language) = Language::of(input.file.ext()) else {
        return output;
    };
    let spans = match input.wants.words(code_symbol::NAME) {
        Some(words) => named(input.text, language, &words),
        None => all(input.text, language),
    };
    let fact = |span: Span| {
        Fact::new(code_symbol::KIND, input.file, span, span)
            .with(code_symbol::NAME, span.of(input.text))
    };
    output.facts.extend(spans.into_iter().map(fact));
    output
}

/// Every place of one of these words: `requireAdmin`, `redis.set`, `redis.set(`.
fn named(text: &str, language: Language, words: &[&str]) -> Vec<Span> {
    let words: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !word.is_empty())
        .collect();
    let Ok(finder) = AhoCorasick::builder()
        .match_kind(aho_corasick::MatchKind::LeftmostLongest)
        .build(&words)
    else {
        return Vec::new();
    };
    let mut hits = finder.find_iter(text).peekable();
    if hits.peek().is_none() {
        return Vec::new();
    }
    let tokens = Tokens::of(text, language);
    let starts: BTreeSet<u32> = (0..tokens.len())
        .filter(|at| tokens.kind(*at) == Some(Token::Word))
        .map(|at| tokens.span(at).start)
        .collect();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    hits.map(|hit| Span::new(hit.start(), hit.end()))
        .filter(|span| {
            let rest = text.get(span.end as usize..).unwrap_or_default();
            let ends = !span.of(text).ends_with(is_name) || !rest.starts_with(is_name);
            ends && starts.contains(&span.start)
        })
        .collect()
}

/// The first place of every identifier, where a policy asks with a pattern.
fn all(text: &str, language: Language) -> Vec<Span> {
    let tokens = Tokens::of(text, language);
    let mut seen = BTreeSet::new();
    (0..tokens.len())
        .filter(|at| !tokens.word(*at).is_empty() && seen.insert(tokens.word(*at)))
        .map(|at| tokens.span(at))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_code_is_a_symbol_and_one_in_a_text_is_none() {
        let text =
            "// guard\nconst a = 'guard' + guarded(guard, app.guard);\nredis.set(`${guard}`)";
        let found: Vec<(u32, &str)> = named(text, Language::TypeScript, &["guard", "redis.set("])
            .into_iter()
            .map(|span| (span.start, span.of(text)))
            .collect();
        let words: Vec<&str> = found.iter().map(|(_, word)| *word).collect();
        assert_eq!(words, ["guard", "guard", "redis.set(", "guard"]);
        assert!(named("x", Language::Go, &[]).is_empty());
    }
}
