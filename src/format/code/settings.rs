//! Settings classes of pydantic: every field of a `BaseSettings` is a variable of the environment, under its own name in
//! capitals, behind the prefix of the class.

use super::find::Read;
use super::tail;
use super::tokens::{Instead, Tokens};

pub(super) fn reads(tokens: &Tokens) -> Vec<Read> {
    if !tokens.text.contains("BaseSettings") {
        return Vec::new();
    }
    let classes = (0..tokens.len()).filter(|at| tokens.word(*at) == "class" && tokens.first(*at));
    classes.flat_map(|at| class(tokens, at)).collect()
}

fn class(tokens: &Tokens, at: usize) -> Vec<Read> {
    let open = at + 2;
    let close = tokens.mate(open);
    let bases = open..close;
    let is_settings =
        tokens.is(open, b'(') && bases.clone().any(|at| tokens.word(at) == "BaseSettings");
    let body = close + 2;
    if !is_settings || !tokens.is(close + 1, b':') || !tokens.first(body) {
        return Vec::new();
    }
    let indent = column(tokens, body);
    let outer = column(tokens, at);
    let mut statements = Vec::new();
    let mut next = body;
    while next < tokens.len() {
        if tokens.first(next) {
            let here = column(tokens, next);
            if here <= outer {
                break;
            }
            if here == indent {
                statements.push(next);
            }
        }
        next = tokens.mate(next).max(next) + 1;
    }
    let prefix = prefix(tokens, body, next);
    let ends = statements.iter().skip(1).copied().chain([next]);
    let fields = statements.iter().zip(ends);
    fields
        .filter_map(|(start, end)| field(tokens, *start, end, &prefix))
        .collect()
}

/// `env_prefix = "APP_"`, in the inner class or in the call that makes the configuration.
fn prefix(tokens: &Tokens, start: usize, end: usize) -> String {
    (start..end)
        .find(|at| tokens.word(*at) == "env_prefix" && tokens.is_text(at + 2))
        .map(|at| tokens.value(at + 2))
        .unwrap_or_default()
}

/// `name: type = default`
fn field(tokens: &Tokens, at: usize, end: usize, prefix: &str) -> Option<Read> {
    let name = tokens.word(at);
    if name.is_empty()
        || name == "model_config"
        || name.starts_with('_')
        || !tokens.is(at + 1, b':')
    {
        return None;
    }
    let mut sign = at + 2;
    while sign < end && !tokens.is(sign, b'=') {
        if tokens.word(sign) == "ClassVar" {
            return None;
        }
        sign = tokens.mate(sign).max(sign) + 1;
    }
    let mut read = Read {
        name: format!("{prefix}{name}").to_uppercase(),
        key: tokens.span(at),
        instead: Instead::Failure,
        compared: None,
    };
    if sign >= end {
        // `x: str | None` is demanded all the same: pydantic asks for a default.
        return Some(read);
    }
    let value = (sign + 1, end);
    if tokens.word(value.0) == "Field" && tokens.is(value.0 + 1, b'(') {
        declared(tokens, value.0 + 1, &mut read);
    } else {
        read.instead = match tail::expression(tokens, value) {
            Instead::Nothing => Instead::Unknown,
            other => other,
        };
    }
    Some(read)
}

/// `Field("d", env="X")`, `Field(..., alias="X")`, `Field(default="d")`.
fn declared(tokens: &Tokens, open: usize, read: &mut Read) {
    for (position, (start, end)) in tokens.arguments(open).into_iter().enumerate() {
        let keyword = tokens.is(start + 1, b'=').then(|| tokens.word(start));
        match keyword {
            None if position == 0 => {
                let demanded = tokens.is(start, b'.');
                if !demanded {
                    read.instead = given(tokens, (start, end));
                }
            }
            Some("default") if !tokens.is(start + 2, b'.') => {
                read.instead = given(tokens, (start + 2, end));
            }
            Some("default_factory") => read.instead = Instead::Unknown,
            Some("env" | "alias" | "validation_alias") if tokens.is_text(start + 2) => {
                read.name = tokens.value(start + 2);
                read.key = tokens.span(start + 2);
            }
            _ => {}
        }
    }
}

/// A default of `None` is one.
fn given(tokens: &Tokens, range: (usize, usize)) -> Instead {
    match tail::expression(tokens, range) {
        Instead::Nothing => Instead::Unknown,
        other => other,
    }
}

/// How far the line of a token is indented.
fn column(tokens: &Tokens, at: usize) -> usize {
    let before = tokens
        .text
        .get(..tokens.span(at).start as usize)
        .unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |line| line + 1);
    let rest = tokens.text.get(line..).unwrap_or_default();
    rest.len() - rest.trim_start_matches([' ', '\t']).len()
}
