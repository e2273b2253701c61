//! Procfiles: one process and its command on each line. `Procfile.dev` is run on one's own machine.

use crate::format::writer::{Scope, Writer};
use crate::format::{Claim, Format, Input, Output};
use crate::model::Span;
use crate::model::base_name;
use crate::model::file::Nature;

pub static PROCFILE: Format = Format {
    name: "procfile",
    doc: "Procfiles: `Procfile`, `Procfile.dev`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let rest = name.strip_prefix("Procfile");
    let named = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']));
    let prose = [".md", ".erb", ".tt", ".j2"]
        .iter()
        .any(|end| name.ends_with(end));
    if named && !prose {
        Claim::IfText(has_process)
    } else {
        Claim::No
    }
}

fn has_process(text: &str) -> bool {
    text.lines().any(|line| process(line).is_some())
}

fn parse(input: &Input) -> Output {
    let mut writer = Writer::new(input, "procfile");
    let mut at = 0;
    for line in input.text.split_inclusive('\n') {
        if let Some((name, command)) = process(line) {
            let key = Span::new(at, at + name.len());
            let behind = line.get(name.len() + 1..).unwrap_or_default();
            let blanks = behind.len() - behind.trim_start().len();
            let start = at + name.len() + 1 + blanks;
            let span = Span::new(start, start + command.len());
            writer.line(&Scope::of(name), key, command, span);
        }
        at += line.len();
    }
    Output {
        facts: writer.facts,
        ..Output::default()
    }
}

/// `name: command`.
fn process(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.split_once(':')?;
    let command = rest.trim();
    let is_name = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (is_name && !name.is_empty() && !command.is_empty()).then_some((name, command))
}
