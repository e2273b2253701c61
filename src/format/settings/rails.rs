//! Environments of Rails: `config/environments/production.rb`, for the settings that are written out in it. What is set
//! under a condition, or computed, is left alone.

use super::{Reader, Value, give};
use crate::format::written::lines;
use crate::format::{Claim, Format, Input, Output};
use crate::model::Span;
use crate::model::file::Nature;
use crate::syntax::{Offsets, Template};

pub static RAILS: Format = Format {
    name: "rails",
    doc: "environments of Rails: `config/environments/production.rb`, for the settings written in them",
    nature: Nature::Program,
    beside: true,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let here = folders == "config/environments" || folders.ends_with("/config/environments");
    if here && name.ends_with(".rb") {
        Claim::IfText(|text| text.contains("config."))
    } else {
        Claim::No
    }
}

fn parse(input: &Input) -> Output {
    let mut reader = Reader::new(input, |_, _| Template::default());
    reader.source = "code";
    // The name of the file is the name of the environment.
    let stem = input.file.name.trim_end_matches(".rb");
    let claim = input
        .lexicon
        .words
        .named(stem)
        .and_then(|_| input.lexicon.words.in_path(&input.file.path));
    let mut margin = None;
    for (at, line) in lines(input.text) {
        let lead = line.len() - line.trim_start().len();
        let Some(rest) = line.trim_start().strip_prefix("config.") else {
            continue;
        };
        // What stands further in is set under a condition.
        if *margin.get_or_insert(lead) == lead {
            assignment(&mut reader, rest, at + lead + "config.".len());
        }
    }
    if let Some(claim) = claim {
        for fact in &mut reader.output.facts {
            give(fact, &claim);
        }
    }
    reader.output
}

/// `name.of.it = value`, behind `config.`; `at` is where it starts.
fn assignment(reader: &mut Reader, text: &str, at: usize) {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or_default();
    let behind = rest.trim_start();
    let Some(value) = behind
        .strip_prefix('=')
        .filter(|value| !value.starts_with(['=', '~', '>']))
    else {
        return;
    };
    let value = value.trim_start();
    let from = at + text.len() - value.len();
    let key = Span::new(at, at + name.len());
    if let Some(inner) = value.strip_prefix('{') {
        pairs(reader, name, inner, from + 1);
    } else if let Some((start, end, behind)) = literal(value)
        && ends(behind)
    {
        bind(reader, name, key, from + start, from + end);
    }
}

/// `host: "x", port: 3000 }` and `:host => "x" }`, each a setting of its own; nothing where one of them is computed.
fn pairs(reader: &mut Reader, name: &str, text: &str, at: usize) {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let from = at + text.len() - rest.len();
        let bare = rest.strip_prefix(':').unwrap_or(rest);
        let length = bare
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(bare.len());
        let (key, behind) = bare.split_at_checked(length).unwrap_or_default();
        let behind = behind.trim_start();
        let value = behind
            .strip_prefix("=>")
            .or_else(|| behind.strip_prefix(':'));
        let Some(value) = value.map(str::trim_start).filter(|_| length > 0) else {
            return;
        };
        let Some((start, end, behind)) = literal(value) else {
            return;
        };
        let key_at = from + (rest.len() - bare.len());
        let value_at = at + text.len() - value.len();
        found.push((
            format!("{name}.{key}"),
            Span::new(key_at, key_at + length),
            value_at + start,
            value_at + end,
        ));
        let behind = behind.trim_start();
        if let Some(next) = behind.strip_prefix(',') {
            rest = next;
        } else if behind.strip_prefix('}').is_some_and(ends) {
            break;
        } else {
            return;
        }
    }
    for (name, key, start, end) in found {
        bind(reader, &name, key, start, end);
    }
}

/// A text without its quotes, a symbol without its colon, a switch or a number; and what stands behind it.
fn literal(text: &str) -> Option<(usize, usize, &str)> {
    let first = text.chars().next()?;
    if matches!(first, '"' | '\'') {
        let end = text.get(1..)?.find(first)? + 1;
        let inner = text.get(1..end)?;
        let plain = !inner.contains("#{") && !inner.contains('\\');
        return plain.then(|| (1, end, text.get(end + 1..).unwrap_or_default()));
    }
    let start = usize::from(first == ':');
    let word = text.get(start..)?;
    let length = word
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(word.len());
    let (word, behind) = word.split_at_checked(length)?;
    let number = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let known = start == 1 && length > 0 || matches!(word, "true" | "false" | "nil") || number;
    (known && !behind.starts_with(['.', '(', '[', '?', '!'])).then_some((
        start,
        start + length,
        behind,
    ))
}

/// Nothing but a comment follows: no condition, no call.
fn ends(behind: &str) -> bool {
    let behind = behind.trim();
    behind.is_empty() || behind.starts_with('#')
}

fn bind(reader: &mut Reader, name: &str, key: Span, start: usize, end: usize) {
    let span = Span::new(start, end);
    let value = Value {
        text: span.of(reader.input.text),
        span,
        offsets: &Offsets::at(span.start),
    };
    reader.bind(name, key, &value, None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_end_where_they_end() {
        let value = |text| literal(text).map(|(start, end, _)| &text[start..end]);
        assert_eq!(value("\"a b\" # x"), Some("a b"));
        assert_eq!(value("'a'"), Some("a"));
        assert_eq!(value(":debug"), Some("debug"));
        assert_eq!(value("true if x"), Some("true"));
        assert_eq!(value("3_000"), Some("3_000"));
        for text in ["\"a#{b}\"", "ENV[\"A\"]", "1.year", "", ":", "\"a", "é"] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
