//! Holds the table of which part of the library may name which: data flows one way, and a stage never imports another.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Who may name whom. A part that is missing here fails the test, so the table is complete.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("syntax", &["model"]),
    ("value", &["model", "syntax"]),
    ("source", &["model"]),
    ("classify", &["model", "syntax", "value"]),
    ("format", &["model", "syntax", "value"]),
    ("resolve", &["model", "syntax", "value"]),
    ("policy", &["model", "syntax"]),
    ("settle", &["model"]),
    ("markup", &[]),
    ("report", &["model", "markup"]),
    ("view", &["model", "markup"]),
    ("config", &["model", "syntax", "value", "policy"]),
];

/// These join the parts and may name all of them.
const JOIN: &[&str] = &["lib", "main", "cli", "pipeline"];

#[test]
fn every_part_names_only_what_stands_below_it() {
    let allowed: BTreeMap<_, _> = MAY_NAME.iter().copied().collect();
    let mut wrong = Vec::new();
    for file in rust_files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        let part = part_of(&file);
        if JOIN.contains(&part.as_str()) {
            continue;
        }
        let Some(allowed) = allowed.get(part.as_str()) else {
            wrong.push(format!("src/{part} is not in the table of tests/layers.rs"));
            continue;
        };
        let text = std::fs::read_to_string(&file).unwrap();
        for (line, named) in named_parts(&text) {
            if named != part && !allowed.contains(&named.as_str()) {
                wrong.push(format!(
                    "{}:{line} ({part}) names crate::{named}",
                    file.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_scan_sees_single_and_grouped_imports() {
    let text = "use crate::model::Span;\nuse crate::{policy, settle::{a, b}};\n// use crate::format;\nlet x = crate::value::y();\n";
    let named: Vec<_> = named_parts(text)
        .into_iter()
        .map(|(_, part)| part)
        .collect();
    assert_eq!(named, ["model", "policy", "settle", "value"]);
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            files.push(path);
        }
    }
    files
}

/// `src/policy/load.rs` and `src/config.rs` belong to `policy` and `config`.
fn part_of(file: &Path) -> String {
    let src = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let first = file.strip_prefix(src).unwrap().components().next().unwrap();
    first
        .as_os_str()
        .to_str()
        .unwrap()
        .trim_end_matches(".rs")
        .to_owned()
}

/// Every `crate::part` outside of comments, with its line; groups `crate::{a, b::c}` are opened.
fn named_parts(text: &str) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for rest in code.split("crate::").skip(1) {
            match rest.strip_prefix('{') {
                Some(group) => named.extend(
                    top_level_names(group)
                        .into_iter()
                        .map(|name| (at + 1, name)),
                ),
                None => named.push((at + 1, identifier(rest))),
            }
        }
    }
    named.retain(|(_, name)| !name.is_empty());
    named
}

fn identifier(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

fn top_level_names(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            _ if depth == 0 => names.last_mut().unwrap().push(c),
            _ => {}
        }
    }
    names.iter().map(|name| identifier(name.trim())).collect()
}
