//! `envguard baseline write` and `prune`: what a team accepts for now, in a file that is reviewed like any other.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::args::{Baseline, BaselineArgs};
use super::{Failure, config_from, today};
use crate::pipeline::{self, Change, From, Request};

pub fn run(command: &Baseline) -> Result<u8, Failure> {
    match command {
        Baseline::Write(args) => change(args, Change::Write),
        Baseline::Prune(args) => change(args, Change::Prune),
    }
}

fn change(args: &BaselineArgs, change: Change) -> Result<u8, Failure> {
    let done = apply(args, change)?;
    writeln!(io::stdout().lock(), "{done}")?;
    Ok(0)
}

/// Changes the file and says what was done.
pub fn apply(args: &BaselineArgs, change: Change) -> Result<String, Failure> {
    let request = Request {
        from: From::Paths(vec![args.path.clone()]),
        config: config_from(&args.settings)?,
        exclude: Vec::new(),
        include_ignored: true,
        history: false,
        today: args.settings.now.unwrap_or_else(today),
    };
    let changed = pipeline::baseline(&request, change)?;
    let is_there = changed.file.exists();
    if changed.entries > 0 || is_there {
        replace(&changed.file, &changed.text).map_err(|error| {
            Failure::Told(format!("error: cannot write `{}`: {error}", changed.name))
        })?;
    }
    let entries = match changed.entries {
        0 if !is_there => "no findings, so there is no baseline to write".to_owned(),
        1 => format!("1 finding in {}", changed.name),
        many => format!("{many} findings in {}", changed.name),
    };
    Ok(format!(
        "{entries} ({} added, {} dropped)",
        changed.added, changed.dropped
    ))
}

/// Writes beside the file and moves it there: a run that is interrupted leaves the old baseline, and a link in the
/// repository leads nowhere else.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut new = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(beside)?;
    new.write_all(text.as_bytes())
        .and_then(|()| fs::rename(beside, file))
        .inspect_err(|_| drop(fs::remove_file(beside)))
}
