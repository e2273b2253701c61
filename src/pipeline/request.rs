//! What a run is asked for, and how it says that it cannot begin.

use std::path::PathBuf;

use super::{Dump, Told};
use crate::config::date::Date;
use crate::model::Str;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::param::Piece;
use crate::policy::spec::Earlier;
use crate::source::{Range, SourceError};

/// Where the bytes come from.
#[derive(Clone, Debug)]
pub enum From {
    /// Files and folders on disk; none means the current folder.
    Paths(Vec<PathBuf>),
    /// One file's text, standing where its name says.
    Stdin { name: PathBuf, bytes: Vec<u8> },
    /// A commit, in a repository that may be bare.
    Revision { repo: Option<PathBuf>, rev: String },
    /// Files with their text, and which of them are not in version control.
    Texts {
        files: Vec<(Str, Str)>,
        untracked: Vec<Str>,
        /// What earlier commits held, oldest first.
        earlier: Vec<Earlier>,
    },
    /// What would be committed now, compared with HEAD; where that is nothing, either nothing or the whole index.
    Staged {
        repo: Option<PathBuf>,
        else_all: bool,
    },
    /// What one revision has that another has not.
    Range { repo: Option<PathBuf>, range: Range },
    /// What platforms print of their variables, and the files beside which they are judged, if any.
    Dumps {
        dumps: Vec<Dump>,
        files: Option<PathBuf>,
        told: Told,
    },
}

impl From {
    pub fn staged(repo: Option<PathBuf>) -> Self {
        Self::Staged {
            repo,
            else_all: false,
        }
    }
}

/// Which configuration judges.
#[derive(Clone, Debug, Default)]
pub enum ConfigFrom {
    /// `.envguard.yml` at the root of the tree that is checked.
    #[default]
    Tree,
    /// A file the user named, with its text.
    File { name: String, text: String },
    /// The one at the root of a revision, with the policy files and the baseline of that revision.
    Revision(String),
    /// A part of another file: what the example of a policy says.
    Piece(Piece),
    /// Defaults.
    None,
}

/// What a run looks at.
#[derive(Clone, Debug)]
pub struct Request {
    pub from: From,
    pub config: ConfigFrom,
    pub exclude: Vec<String>,
    pub include_ignored: bool,
    /// Whether older commits are read, too.
    pub history: bool,
    /// The day on which exceptions end; there is no clock in here.
    pub today: Date,
}

/// A run that could not begin.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Mistakes in the configuration or in policies: nothing was evaluated.
    #[error("{} in the configuration or in policies", count(.0))]
    Written(Vec<Diagnostic>),
    #[error("cannot use `{path}`: {reason}")]
    Unreadable { path: String, reason: String },
    #[error(
        "{path}:{line}: {reason}; mend or delete the line, or write the file anew with `envguard baseline write`"
    )]
    Baseline {
        path: String,
        line: usize,
        reason: &'static str,
    },
    #[error("{}", .0.join("\nerror: "))]
    Dumps(Vec<String>),
    #[error("there is no policy `{id}`{}", .meant.as_ref().map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default())]
    NoSuchPolicy { id: String, meant: Option<String> },
    #[error(
        "there is no policy `{id}`, but {file} holds one\nadd it to .envguard.yml: policies: {{files: [{file}]}}"
    )]
    UnlistedPolicy { id: String, file: String },
    #[error("there is no environment `{name}`{}", .meant.as_ref().map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default())]
    NoSuchEnvironment { name: String, meant: Option<String> },
}

fn count(diagnostics: &[Diagnostic]) -> String {
    match diagnostics.len() {
        1 => "one mistake".to_owned(),
        many => format!("{many} mistakes"),
    }
}
