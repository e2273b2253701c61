//! The page of error codes: the table of codes, and for each a message as it is printed.

use std::fmt::Write as _;

use envguard::config;
use envguard::policy::codes::{CODES, Code};
use envguard::policy::{Diagnostic, Source};

use crate::{GENERATED, fenced, root};

const INTRO: &str = "# Error codes

Mistakes in policies (`P…`) and in the configuration (`C…`). All mistakes of all files are told at once, each with its place
and what to type instead. An error ends the run with exit code 2 before anything is judged; a warning does not.
";

pub fn page() -> String {
    let mut out = format!("{GENERATED}{INTRO}");
    let messages = messages();
    for code in CODES {
        let _ = write!(
            out,
            "\n## {}: {}\n\n{}\n",
            code.code, code.title, code.meaning
        );
        if let Some(message) = message(code, &messages) {
            out.push('\n');
            out += &fenced("text", &message);
        }
    }
    out
}

/// The messages of the broken policies, and of the broken configurations below.
fn messages() -> Vec<String> {
    let mut paths: Vec<_> = std::fs::read_dir(root().join("tests/policy_errors"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "txt"))
        .collect();
    paths.sort();
    let mut messages: Vec<String> = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).unwrap();
        messages.extend(text.trim_end().split("\n\n").map(str::to_owned));
    }
    for text in CONFIGURATIONS {
        let (_, found) = config::load(&Source::new(".envguard.yml", text));
        messages.extend(found.iter().map(Diagnostic::render));
    }
    messages
}

const CONFIGURATIONS: &[&str] = &[
    "policies:\n  enabled: [required-vars]\n",
    "allow:\n  - policy: shared-credential\n    match: {name: WEATHER_API_KEY}\n",
    "environments:\n",
    "fail_on: hihg\n",
    "policies:\n  enable: [required-vars\nfail_on: high\n",
];

/// The shortest message of a code: the others say the same of bigger mistakes.
fn message(code: &Code, messages: &[String]) -> Option<String> {
    let mark = format!("[{}]", code.code);
    let own = messages.iter().filter(|message| {
        message
            .lines()
            .next()
            .is_some_and(|head| head.contains(&mark))
    });
    own.min_by_key(|message| message.len()).cloned()
}
