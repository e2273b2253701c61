//! The context for people: a few lines that are read in one look, the dangerous ones in colour.

use std::io::{self, Write};

use super::super::Style;
use super::super::human::{folded, painted};
use super::{Context, Database, Git};

/// Flags beyond these are counted.
const LISTED: usize = 8;
const KEY: usize = 13;

pub fn banner(context: &Context, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let name = context.environment.as_deref().unwrap_or("unknown");
    let paint = match (&context.environment, context.deployed) {
        (Some(_), true) => "1;31",
        (Some(_), false) => "1;32",
        (None, _) => "1;33",
    };
    let because = format!(" ({})", context.because);
    lines("environment", name, paint, &because, style, out)?;
    if let Some(git) = &context.git {
        lines("git", &told(git), "", "", style, out)?;
    }
    for database in &context.databases {
        lines("database", &address(database), "", "", style, out)?;
    }
    listed("services", &context.services, style, out)?;
    listed("third party", &context.vendors, style, out)?;
    let flags: Vec<String> = context
        .flags
        .iter()
        .map(|flag| format!("{} {}", flag.name, if flag.enabled { "on" } else { "off" }))
        .collect();
    listed("flags", &flags, style, out)?;
    for warning in &context.warnings {
        lines("warning", &warning.text, "31", "", style, out)?;
    }
    Ok(())
}

fn listed(key: &str, items: &[String], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let mut told: Vec<String> = items.iter().take(LISTED).cloned().collect();
    let more = items.len().saturating_sub(LISTED);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    lines(key, &told.join(", "), "", "", style, out)
}

pub(super) fn told(git: &Git) -> String {
    let branch = git.branch.as_deref().unwrap_or("no branch");
    let commit = git.commit.as_deref().unwrap_or("no commit yet");
    let commit: String = commit.chars().take(12).collect();
    let mut parts = vec![format!("{branch} at {commit}")];
    if let Some([staged, modified, deleted]) = git.changes {
        let counts = [
            (staged, "staged"),
            (modified, "modified"),
            (deleted, "deleted"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        parts.push(if counts.is_empty() {
            "clean".to_owned()
        } else {
            counts.join(", ")
        });
    }
    if !git.deploys_to.is_empty() {
        parts.push(format!("CI deploys it to {}", git.deploys_to.join(", ")));
    }
    parts.join("; ")
}

pub(super) fn address(database: &Database) -> String {
    let host = database.host.as_deref().unwrap_or("unknown host");
    let port = database
        .port
        .map_or(String::new(), |port| format!(":{port}"));
    let name = database.name.as_deref();
    let name = name.map_or(String::new(), |name| format!("/{name}"));
    format!(
        "{} {host}{port}{name} ({}, {})",
        database.engine, database.variable, database.at
    )
}

/// `key: text`, with a hanging indent.
fn lines(
    key: &str,
    text: &str,
    paint: &str,
    aside: &str,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let room = style.width.saturating_sub(KEY).max(KEY);
    let whole = format!("{text}{aside}");
    for (at, line) in folded(&whole, room).iter().enumerate() {
        let key = if at == 0 {
            format!("{key}:")
        } else {
            String::new()
        };
        let pad = " ".repeat(KEY.saturating_sub(key.chars().count()));
        let line = match line.strip_prefix(text) {
            Some(rest) if at == 0 => painted(text, paint, style) + rest,
            _ if aside.is_empty() => painted(line, paint, style),
            _ => line.clone(),
        };
        writeln!(out, "{}{pad}{line}", painted(&key, "1", style))?;
    }
    Ok(())
}
