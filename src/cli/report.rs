//! `envguard report merge`: one overview of the JSON reports of many repositories.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::begin_args::{Merge, Report};
use super::{Failure, output};
use crate::report::overview::{Overview, html, markdown, read};

pub fn run(command: &Report) -> Result<u8, Failure> {
    match command {
        Report::Merge(merge) => self::merge(merge),
    }
}

fn merge(merge: &Merge) -> Result<u8, Failure> {
    let mut rows = Vec::new();
    for path in &merge.reports {
        let shown = path.display();
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::Told(format!("error: cannot read `{shown}`: {error}")))?;
        let row = read(&name(path), &text);
        rows.push(row.map_err(|why| Failure::Told(format!("error: `{shown}`: {why}")))?);
    }
    let overview = Overview::of(rows);
    if let Some(path) = &merge.html {
        output::replace(path, html(&overview).as_bytes()).map_err(|error| {
            Failure::Told(format!("error: cannot write `{}`: {error}", path.display()))
        })?;
    }
    io::stdout()
        .lock()
        .write_all(markdown(&overview).as_bytes())?;
    Ok(0)
}

/// What the report is called: its file's name, in which `+` stands for the `/` that a name of a repository has.
fn name(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().replacen('+', "/", 1)
}
