//! Reads declared beside a field: struct tags of Go, `@Value` of Spring, `#[arg(env = …)]` of clap.

use super::find::Read;
use super::language::Language;
use super::lex::Kind;
use super::tail;
use super::tokens::{Instead, Tokens};
use crate::model::Span;

pub(super) fn reads(tokens: &Tokens) -> Vec<Read> {
    let each = 0..tokens.len();
    match tokens.language {
        Language::Go => each.filter_map(|at| go(tokens, at)).collect(),
        Language::Rust => each.filter_map(|at| clap(tokens, at)).collect(),
        _ => each.filter_map(|at| spring(tokens, at)).collect(),
    }
}

/// `env:"X" envDefault:"d"`, `envconfig:"X" default:"d" required:"true"`.
fn go(tokens: &Tokens, at: usize) -> Option<Read> {
    let token = tokens.get(at)?;
    if token.kind != Kind::Text || !token.raw || token.first {
        return None;
    }
    let (name, key) = tag(tokens, at, "env:\"").or_else(|| tag(tokens, at, "envconfig:\""))?;
    let (name, options) = name.split_once(',').unwrap_or((name, ""));
    let key = Span::new(key.start as usize, key.start as usize + name.len());
    if !super::rules::is_env_name(name) {
        return None;
    }
    let default = tag(tokens, at, "envDefault:\"").or_else(|| tag(tokens, at, "default:\""));
    let required = options
        .split(',')
        .any(|option| matches!(option.trim(), "required" | "notEmpty"))
        || tag(tokens, at, "required:\"").is_some_and(|(value, _)| value == "true");
    let instead = match default {
        Some((value, span)) => Instead::Literal {
            value: value.to_owned(),
            span,
        },
        None if required => Instead::Failure,
        None => Instead::Nothing,
    };
    Some(Read {
        name: name.to_owned(),
        key,
        instead,
        compared: None,
    })
}

/// The text between the quotes of a tag, with its place.
fn tag<'t>(tokens: &Tokens<'t>, at: usize, start: &str) -> Option<(&'t str, Span)> {
    let span = tokens.span(at);
    let written = span.of(tokens.text);
    let found = written.match_indices(start).find(|(at, _)| {
        let before = written.get(..*at).unwrap_or_default();
        before.is_empty() || before.ends_with([' ', '\t'])
    })?;
    let from = found.0 + start.len();
    let value = written.get(from..)?.split('"').next()?;
    let start = span.start as usize + from;
    Some((value, Span::new(start, start + value.len())))
}

/// `@Value("${X:d}")`
fn spring(tokens: &Tokens, at: usize) -> Option<Read> {
    let text = at + 3;
    let annotated =
        tokens.is(at, b'@') && tokens.word(at + 1) == "Value" && tokens.is(at + 2, b'(');
    let known = matches!(tokens.kind(text), Some(Kind::Text));
    if !annotated || !known {
        return None;
    }
    let span = tokens.span(text);
    let written = span.of(tokens.text);
    // Kotlin writes the dollar sign with a backslash.
    let lead = if written.starts_with("\\${") { 3 } else { 2 };
    let inner = written
        .strip_prefix("\\${")
        .or_else(|| written.strip_prefix("${"))?
        .strip_suffix('}')?;
    let (name, default) = match inner.split_once(':') {
        Some((name, default)) => (name, Some(default)),
        None => (inner, None),
    };
    let named = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
    let start = span.start as usize + lead;
    let key = Span::new(start, start + name.len());
    let instead = match default {
        None => Instead::Failure,
        Some(value) if value.contains("${") || value.contains("#{") => Instead::Unknown,
        Some(value) => Instead::Literal {
            value: value.to_owned(),
            span: Span::new(key.end as usize + 1, key.end as usize + 1 + value.len()),
        },
    };
    named.then(|| Read {
        name: name.to_owned(),
        key,
        instead,
        compared: None,
    })
}

/// `#[arg(long, env = "X", default_value = "d")]`
fn clap(tokens: &Tokens, at: usize) -> Option<Read> {
    let named = tokens.word(at) == "env" && tokens.is(at + 1, b'=') && tokens.is_text(at + 2);
    if !named || !super::rules::is_env_name(&tokens.value(at + 2)) {
        return None;
    }
    let near = at.saturating_sub(40)..at + 40;
    let open = near.clone().rev().find(|open| {
        tokens.is(*open, b'(')
            && *open < at
            && tokens.mate(*open) > at
            && matches!(
                tokens.word(open.saturating_sub(1)),
                "arg" | "clap" | "structopt"
            )
    })?;
    let default = tokens.arguments(open).into_iter().find(|(start, _)| {
        matches!(tokens.word(*start), "default_value" | "default_value_t")
            && tokens.is(start + 1, b'=')
    });
    Some(Read {
        name: tokens.value(at + 2),
        key: tokens.span(at + 2),
        instead: default.map_or(Instead::Nothing, |(start, end)| {
            tail::expression(tokens, (start + 2, end))
        }),
        compared: None,
    })
}
