//! Files by which hosting platforms are told what to run: one file for each platform, with the environments that its
//! sections name. What a platform sets by itself is not in the file and is not guessed.

pub mod fly;
pub mod heroku;
pub mod kamal;
pub mod netlify;
pub mod procfile;
pub mod railway;
pub mod render;
pub mod serverless;
pub mod systemd;
pub mod vercel;
pub mod wrangler;

use crate::syntax::Node;

use super::kubernetes::{TEMPLATE, is_template};
use super::writer::{Scope, Writer};
use super::{Claim, Input, Output, values};

fn yes_if(holds: bool) -> Claim {
    if holds { Claim::Yes } else { Claim::No }
}

/// Reads a YAML, JSON or TOML file, told by its extension; `read` is given its first document.
fn read(input: &Input, read: impl Fn(&mut Writer, &Node)) -> Output {
    let tree = values::tree(input.file.ext(), input.text);
    if is_template(input.text, !tree.problems.is_empty()) {
        return Output {
            unread: Some(TEMPLATE),
            ..Output::default()
        };
    }
    let mut writer = Writer::new(input, "platform");
    if let Some(document) = tree.documents.first() {
        read(&mut writer, document);
    }
    Output {
        facts: writer.facts,
        problems: tree.problems,
        ..Output::default()
    }
}

/// The command lines under some keys of a section.
fn commands(writer: &mut Writer, scope: &Scope, section: Option<&Node>, keys: &[&str]) {
    for key in keys {
        if let Some(entry) = section.and_then(|section| section.entry(key)) {
            writer.command(scope, entry.key.span, &entry.value);
        }
    }
}

/// All variables of a section's mapping.
fn variables(writer: &mut Writer, scope: &Scope, section: Option<&Node>, key: &str) {
    if let Some(map) = section.and_then(|section| section.get(key)) {
        writer.entries(scope, map);
    }
}
