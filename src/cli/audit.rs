//! `envguard audit`: what a repository's environments share and get wrong, for those who decide about a deployment.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::args::SettingsArgs;
use super::dump_args::{DumpArgs, Named, dumped};
use super::verdict_args::Judge;
use super::view_args::{StoredArgs, formats};
use super::{FAILED, Failure, Screen, output, progress, request};
use crate::pipeline::{self, From, Request, Told, Verdict};
use crate::report::unless_closed;
use crate::view::{Format, Style};

pub const EXAMPLES: &str = "\
Examples:
  envguard audit                                    on the terminal
  envguard audit --output audit.html                one file to send around, or to print
  envguard audit --format markdown > audit.md       for a wiki or a pull request
  envguard audit --since v1.4 --output audit.html   with what was mended since then
  envguard audit --fail-on high                     a high finding blocks, a medium one is a condition
  envguard audit staging=a.json production=b.json   what platforms print of their variables
  envguard audit production=<(railway variables --json) --with-files
                                                    beside the files of this repository

BLOCKED (exit 1): a critical finding, or one from --fail-on on. CONDITIONAL: one that is a step milder; what to do
first is listed. READY: neither. `audit: {blocks: …, condition: …}` in .envguard.yml draws these lines elsewhere.";

#[derive(Debug, Args)]
pub struct Audit {
    /// Files or folders whose findings are told, or an environment and the dump of its variables (ENV=SOURCE): a file, `-`
    /// for standard input, or <(command)
    #[arg(value_name = "PATH|ENV=SOURCE", conflicts_with = "rev")]
    pub targets: Vec<PathBuf>,

    #[command(flatten)]
    pub tree: StoredArgs,

    #[command(flatten)]
    pub how: DumpArgs,

    /// Tell what was resolved, what is new and what remains since a commit, tag or branch
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,

    #[command(flatten)]
    pub judge: Judge,

    #[command(flatten)]
    pub settings: SettingsArgs,

    /// How to tell it [default: human, or what the name of --output says]
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<String>,

    /// Write it into this file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

pub fn run(audit: &Audit, screen: &Screen) -> Result<u8, Failure> {
    let request = asked(audit)?;
    let ask = audit.judge.ask();
    let waiting = progress::start("reading");
    let audited = pipeline::audit(&request, &ask, audit.since.as_deref())?;
    drop(waiting);
    let format = audit
        .format
        .as_deref()
        .or_else(|| by_name(audit.output.as_deref()));
    let format = Format::named(format.unwrap_or("human"));
    if let Some(format) = format {
        let mut bytes = Vec::new();
        let style = match &audit.output {
            Some(_) => Style::default(),
            None => screen.view_style(),
        };
        (format.render)(&audited.view, &style, &mut bytes)?;
        match &audit.output {
            Some(path) => output::replace(path, &bytes).map_err(|error| {
                Failure::Told(format!("error: cannot write `{}`: {error}", path.display()))
            })?,
            // A reader that goes away early changes no verdict.
            None => unless_closed(print(&bytes))?,
        }
    }
    Ok(match audited.verdict {
        _ if audited.incomplete => FAILED,
        Verdict::Blocked => 1,
        Verdict::Conditional | Verdict::Ready => 0,
    })
}

fn print(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// What is audited.
fn asked(audit: &Audit) -> Result<Request, Failure> {
    let (dumps, paths) = targets(&audit.targets);
    let wrong = if dumps.is_empty() {
        let alone = audit.how.with_files.is_some() || !audit.how.from.is_empty();
        alone.then_some(
            "`--with-files` and `--from` are about dumps: name one, such as production=dump.json",
        )
    } else if !paths.is_empty() {
        Some("paths do not stand beside dumps: add `--with-files`, or `--with-files=PATH`")
    } else if audit.since.is_some() || audit.tree.rev.is_some() {
        Some("a dump tells of now alone: leave out `--since` and `--rev`")
    } else {
        None
    };
    if let Some(wrong) = wrong {
        return Err(Failure::Told(format!("error: {wrong}")));
    }
    let mut request = request(&audit.tree.source(&paths), &audit.settings)?;
    if !dumps.is_empty() {
        request.from = From::Dumps {
            dumps: audit.how.read(&dumps)?,
            files: audit.how.with_files.clone(),
            told: Told::Everything,
        };
    }
    Ok(request)
}

/// Dumps and paths. A file that has a `=` in its name is a path.
fn targets(all: &[PathBuf]) -> (Vec<Named>, Vec<PathBuf>) {
    let (mut dumps, mut paths) = (Vec::new(), Vec::new());
    for target in all {
        let named = target.to_str().and_then(|text| dumped(text).ok());
        let is_word = |name: &str| !name.contains(['/', '\\', '.']);
        match named {
            Some(named) if named.name.as_deref().is_some_and(is_word) && !target.exists() => {
                dumps.push(named);
            }
            _ => paths.push(target.clone()),
        }
    }
    (dumps, paths)
}

/// The format that a file is called after.
fn by_name(path: Option<&Path>) -> Option<&'static str> {
    match path?.extension()?.to_str()? {
        "html" | "htm" => Some("html"),
        "md" | "markdown" => Some("markdown"),
        "json" => Some("json"),
        "csv" => Some("csv"),
        _ => None,
    }
}
