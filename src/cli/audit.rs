//! `envguard audit`: what a repository's environments share and get wrong, for those who decide about a deployment.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::args::SettingsArgs;
use super::verdict_args::Judge;
use super::view_args::{TreeArgs, formats};
use super::{FAILED, Failure, Screen, output, progress, request};
use crate::pipeline::{self, Verdict};
use crate::view::{Format, Style};

pub const EXAMPLES: &str = "\
Examples:
  envguard audit                                    on the terminal
  envguard audit --output audit.html                one file to send around, or to print
  envguard audit --format markdown > audit.md       for a wiki or a pull request
  envguard audit --since v1.4 --output audit.html   with what was mended since then
  envguard audit --fail-on high                     a high finding blocks, a medium one is a condition

BLOCKED (exit 1): a critical finding, or one from --fail-on on. CONDITIONAL: one that is a step milder; what to do
first is listed. READY: neither.";

#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    pub tree: TreeArgs,

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
    let request = request(&audit.tree.source(), &audit.settings)?;
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
            None => io::stdout().lock().write_all(&bytes)?,
        }
    }
    Ok(match audited.verdict {
        _ if audited.incomplete => FAILED,
        Verdict::Blocked => 1,
        Verdict::Conditional | Verdict::Ready => 0,
    })
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
