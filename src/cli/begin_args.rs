//! The arguments of what surrounds a check: beginning, hooks, the shell, and where reports go.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::report::ALL;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  envguard init --dry-run           say what is understood and what would be written
  envguard init                     ask before each file
  envguard init --yes               write all of it

A file that is there already is never changed.")]
pub struct Init {
    /// A folder of the repository
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,

    /// Write everything without asking
    #[arg(short, long)]
    pub yes: bool,

    /// Write nothing, say what would be written
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// A folder of the repository
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  envguard completions bash >~/.local/share/bash-completion/completions/envguard
  envguard completions zsh >~/.zfunc/_envguard
  envguard completions fish >~/.config/fish/completions/envguard.fish
  envguard completions powershell >>$PROFILE")]
pub struct Completions {
    pub shell: Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

#[derive(Debug, Args)]
pub struct Man {
    /// The folder, such as ~/.local/share/man/man1
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  envguard install                  a pre-commit hook
  envguard install pre-push         and one for pushes
  envguard install --uninstall      put back what was there before")]
pub struct Install {
    /// The hook to write
    #[arg(value_name = "HOOK", default_value = "pre-commit")]
    pub hook: GitHook,

    /// Take the hook out again and put back what was there before
    #[arg(long)]
    pub uninstall: bool,

    /// The repository
    #[arg(long, value_name = "DIR")]
    pub repo: Option<PathBuf>,
}

/// A hook of git that can call this command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::enum_variant_names, reason = "git names them so")]
pub enum GitHook {
    PreCommit,
    PrePush,
    /// In a bare repository on a server
    PreReceive,
}

impl GitHook {
    pub fn name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PrePush => "pre-push",
            Self::PreReceive => "pre-receive",
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Report {
    /// Print one overview of several JSON reports, as Markdown
    Merge(Merge),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  envguard check ../shop --output json=reports/acme+shop.json
  envguard report merge reports/*.json --html overview.html

A report is called as its file; a + stands for a /.")]
pub struct Merge {
    /// JSON reports, as `check --output json=FILE` writes them
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,

    /// Write the overview as one HTML file, too
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// A report and where it goes.
#[derive(Clone, Debug)]
pub struct Output {
    pub format: String,
    /// Printed, if there is none.
    pub file: Option<PathBuf>,
}

pub fn output(text: &str) -> Result<Output, String> {
    let (format, file) = match text.split_once('=') {
        Some((format, file)) => (format, Some(file)),
        None => (text, None),
    };
    if !ALL.iter().any(|report| report.name == format) {
        let names: Vec<&str> = ALL.iter().map(|report| report.name).collect();
        return Err(format!(
            "there is no format `{format}`; there are {}",
            names.join(", ")
        ));
    }
    if file == Some("") {
        return Err(format!(
            "`{format}=` names no file; leave out the `=` to print it"
        ));
    }
    Ok(Output {
        format: format.to_owned(),
        file: file.map(PathBuf::from),
    })
}

/// Which hook calls, where its input differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Hook {
    /// What a framework says by its environment, else what is staged, else everything
    Auto,
    PreCommit,
    /// Reads the pushed refs from standard input
    PrePush,
    /// On a server: reads the received refs from standard input
    PreReceive,
}
