//! Units of systemd: what a service is started with, its variables and its env files.

use crate::format::writer::{Scope, Writer};
use crate::format::written::lines;
use crate::format::{Claim, Format, Input, Output};
use crate::model::Span;
use crate::model::base_name;
use crate::model::file::Nature;

pub static SYSTEMD: Format = Format {
    name: "systemd",
    doc: "systemd units: `app.service` and their drop-ins",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let drop_in = path
        .rsplit('/')
        .nth(1)
        .is_some_and(|folder| folder.ends_with(".service.d"));
    if name.ends_with(".service") || (drop_in && name.ends_with(".conf")) {
        Claim::IfText(|text| text.contains("[Service]"))
    } else {
        Claim::No
    }
}

fn parse(input: &Input) -> Output {
    let mut writer = Writer::new(input, "systemd");
    let unit = input.file.name.trim_end_matches(".service").to_owned();
    let scope = Scope::of(&unit);
    let mut inside = false;
    for (at, line) in lines(input.text) {
        let text = line.trim();
        if text.starts_with('[') {
            inside = text == "[Service]";
        } else if inside && !text.starts_with(['#', ';']) {
            setting(&mut writer, &scope, at, line);
        }
    }
    Output {
        facts: writer.facts,
        ..Output::default()
    }
}

fn setting(writer: &mut Writer, scope: &Scope, at: usize, line: &str) {
    let Some((name, rest)) = line.split_once('=') else {
        return;
    };
    let start = at + name.len() + 1 + (rest.len() - rest.trim_start().len());
    let value = rest.trim();
    let key = {
        let margin = name.len() - name.trim_start().len();
        Span::new(at + margin, at + name.trim_end().len().max(margin))
    };
    match name.trim() {
        "Environment" => {
            for (from, word) in words(value) {
                assignment(writer, scope, start + from, word);
            }
        }
        "EnvironmentFile" => {
            let path = value.trim_start_matches('-');
            let from = start + (value.len() - path.len());
            if !path.is_empty() {
                let span = Span::new(from, from + path.len());
                writer.env_file(scope, path, span, !value.starts_with('-'));
            }
        }
        "ExecStart" => {
            let command = value.trim_start_matches(['@', '-', ':', '+', '!']);
            let from = start + (value.len() - command.len());
            let span = Span::new(from, from + command.len());
            writer.line(scope, key, command, span);
        }
        _ => {}
    }
}

/// `NAME=value`, a quote may stand before the name or before the value.
fn assignment(writer: &mut Writer, scope: &Scope, at: usize, word: &str) {
    let outer = word.strip_prefix(['"', '\'']);
    let (from, bare) = match outer {
        Some(rest) => (1, rest.strip_suffix(['"', '\'']).unwrap_or(rest)),
        None => (0, word),
    };
    let Some((name, value)) = bare.split_once('=') else {
        return;
    };
    let inner = value.trim_matches(['"', '\'']);
    let skipped = value.len() - value.trim_start_matches(['"', '\'']).len();
    let key = Span::new(at + from, at + from + name.len());
    let start = key.end as usize + 1 + skipped;
    if !name.is_empty() {
        let span = Span::new(start, start + inner.len());
        writer.bind(scope, name, key, inner, span);
    }
}

/// The words of a line with their places; blanks inside of quotes part nothing.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c.is_whitespace() => {
                if let Some(from) = start.take() {
                    found.extend(text.get(from..at).map(|word| (from, word)));
                }
                continue;
            }
            _ => {}
        }
        start.get_or_insert(at);
    }
    if let Some(from) = start {
        found.extend(text.get(from..).map(|word| (from, word)));
    }
    found
}
