//! Feature flags per environment, where a table in code says which is on where: a literal whose keys are environments. One
//! key that happens to be called `production` proves nothing; two of them side by side are a table.

use std::collections::BTreeSet;

use super::super::Input;
use super::tokens::Tokens;
use crate::model::schema::{Kind, flag};
use crate::model::{Env, Fact, Span, Str, Value};
use crate::value::words;

/// A key inside of brackets: its name and place, and the index of its first value token.
struct Key<'t> {
    name: &'t str,
    span: Span,
    value: usize,
}

/// Brackets with the keys in them.
struct Level<'t> {
    open: usize,
    keys: Vec<Key<'t>>,
}

/// Tables larger than this are data.
const MOST_KEYS: usize = 5000;

pub(super) fn flags(input: &Input, tokens: &Tokens) -> Vec<Fact> {
    let levels = levels(tokens);
    let mut facts = Vec::new();
    for level in &levels {
        let envs: Vec<(Env, &Key)> = level
            .keys
            .iter()
            .filter_map(|key| Some((input.lexicon.words.named(key.name)?, key)))
            .collect();
        let distinct: BTreeSet<Env> = envs.iter().map(|(env, _)| *env).collect();
        if distinct.len() < 2 {
            continue;
        }
        let owner = owner(tokens, level.open);
        for (env, key) in envs {
            if let Some(on) = switch(tokens, key.value) {
                // `newHome: { development: true, production: false }` in a table of features.
                if let Some((name, table)) = &owner
                    && is_about_flags(table)
                {
                    facts.push(fact(
                        input,
                        name,
                        on,
                        (key.span, tokens.span(key.value)),
                        env,
                    ));
                }
            } else {
                inside(
                    input,
                    tokens,
                    &levels,
                    (key, env),
                    owner.as_ref(),
                    &mut facts,
                );
            }
        }
    }
    facts
}

/// The flags in the part of a table that belongs to one environment.
fn inside(
    input: &Input,
    tokens: &Tokens,
    levels: &[Level],
    (of, env): (&Key, Env),
    owner: Option<&(String, String)>,
    facts: &mut Vec<Fact>,
) {
    let end = end_of(tokens, of.value);
    let within = levels
        .iter()
        .filter(|level| (of.value..end).contains(&level.open));
    for level in within {
        let named = named_by(tokens, level.open);
        let speaks = named.as_deref().is_some_and(is_about_flags)
            || owner.is_some_and(|(name, table)| is_about_flags(name) || is_about_flags(table));
        if !speaks {
            continue;
        }
        for key in &level.keys {
            if let Some(on) = switch(tokens, key.value) {
                facts.push(fact(
                    input,
                    key.name,
                    on,
                    (key.span, tokens.span(key.value)),
                    env,
                ));
            }
        }
    }
}

fn fact(input: &Input, name: &str, on: bool, (key, span): (Span, Span), env: Env) -> Fact {
    let mut fact = Fact::new(Kind::flag, input.file, key, span)
        .with(flag::NAME, name)
        .with(flag::ENABLED, on);
    fact.set(flag::SOURCE, Value::Word("code"));
    fact.env = Some(env);
    fact.env_reason = Str::from("its key in a table of environments");
    fact
}

/// Every pair of brackets that holds keys.
fn levels<'t>(tokens: &Tokens<'t>) -> Vec<Level<'t>> {
    let mut levels = Vec::new();
    let mut count = 0;
    for open in 0..tokens.len() {
        let opens = tokens.is(open, b'{') || tokens.is(open, b'(') || tokens.is(open, b'[');
        if !opens || tokens.mate(open) <= open || count > MOST_KEYS {
            continue;
        }
        let entries = tokens.arguments(open);
        let keys: Vec<Key> = entries
            .iter()
            .filter_map(|entry| key(tokens, *entry))
            .collect();
        count += keys.len();
        if !keys.is_empty() {
            levels.push(Level { open, keys });
        }
    }
    levels
}

/// `name: value`, `"name": value`, `name=value`, `'name' => value`.
fn key<'t>(tokens: &Tokens<'t>, (start, end): (usize, usize)) -> Option<Key<'t>> {
    let name = if tokens.is_text(start) {
        tokens.span(start).of(tokens.text)
    } else {
        tokens.word(start)
    };
    let behind = start + 1;
    let value = if tokens.operator(behind, "=>").is_some() {
        behind + 2
    } else if tokens.is(behind, b':') && !tokens.is(behind + 1, b':')
        || tokens.is(behind, b'=') && !tokens.is(behind + 1, b'=')
    {
        behind + 1
    } else {
        return None;
    };
    (!name.is_empty() && name.len() <= 80 && value < end).then(|| Key {
        name,
        span: tokens.span(start),
        value,
    })
}

/// A literal truth value that is all of the value.
fn switch(tokens: &Tokens, at: usize) -> Option<bool> {
    let ends = tokens.is(at + 1, b',')
        || tokens.is(at + 1, b'}')
        || tokens.is(at + 1, b')')
        || tokens.is(at + 1, b']');
    match tokens.word(at) {
        "true" | "True" if ends => Some(true),
        "false" | "False" if ends => Some(false),
        _ => None,
    }
}

/// The index behind a value: `{…}`, `Config(…)`, `[…]`.
fn end_of(tokens: &Tokens, at: usize) -> usize {
    (at..at + 6)
        .find(|open| tokens.mate(*open) > *open)
        .map_or(at, |open| tokens.mate(open) + 1)
}

/// The name in front of a bracket: a key, a variable, or the keyword argument of a call.
fn named_by(tokens: &Tokens, open: usize) -> Option<String> {
    let before = open.checked_sub(2)?;
    let joins = tokens.is(open - 1, b':') || tokens.is(open - 1, b'=');
    let at = if tokens.operator(before, "=>").is_some() {
        before.checked_sub(1)?
    } else if joins {
        before
    } else {
        return None;
    };
    let name = if tokens.is_text(at) {
        tokens.value(at)
    } else {
        tokens.word(at).to_owned()
    };
    (!name.is_empty()).then_some(name)
}

/// The name of a bracket, and the name of the one around it (its own, where nothing is).
fn owner(tokens: &Tokens, open: usize) -> Option<(String, String)> {
    let name = named_by(tokens, open)?;
    let outer = (0..open)
        .rev()
        .take(400)
        .find(|at| tokens.mate(*at) > open && *at < open);
    let table = outer.and_then(|outer| named_by(tokens, outer));
    Some((name.clone(), table.unwrap_or(name)))
}

fn is_about_flags(name: &str) -> bool {
    words::tokens(name).any(|token| {
        token.is_one_of(&[
            "flag",
            "flags",
            "feature",
            "features",
            "featureflags",
            "toggles",
        ])
    })
}
