//! From what is asked for to a tree: which source gives it, and which of its paths anybody can want.

use std::path::PathBuf;

use super::{ConfigFrom, From, Request, names};
use crate::model::base_name;
use crate::source::{self, Beside, Opened, Pair, SourceError, Wanted};
use crate::{classify, config, format};

pub(super) fn options(request: &Request) -> source::Options {
    source::Options {
        include_ignored: request.include_ignored,
        // A change must not take itself out of its own check.
        own_rules: !matches!(request.config, ConfigFrom::Revision(_)),
        is_nobodys: names::is_nobodys,
        ..source::Options::new(wanted)
    }
}

pub(super) fn opened(request: &Request) -> Result<Opened, SourceError> {
    let options = options(request);
    match &request.from {
        From::Paths(paths) => source::paths(paths, &options),
        From::Stdin { name, bytes } => source::stdin(name, bytes.clone(), &options),
        From::Revision { repo, rev } => source::revision(repo.as_deref(), rev, &options),
        From::Texts {
            files, untracked, ..
        } => Ok(source::texts(files, untracked, &options)),
        From::Staged { .. } | From::Range { .. } => {
            pair(request)?.now(&options, Beside::Everything)
        }
        From::Dumps { files, .. } => {
            let files: Vec<PathBuf> = files.iter().cloned().collect();
            source::around(&files, &config::NAMES, &options)
        }
    }
}

/// The two trees of a comparison.
pub(super) fn pair(request: &Request) -> Result<Pair, SourceError> {
    match &request.from {
        From::Range { repo, range } => source::range(repo.as_deref(), range, wanted),
        From::Staged { repo, .. } => source::staged(repo.as_deref(), wanted),
        _ => source::staged(None, wanted),
    }
}

/// What the walk keeps: files some format may read, the manifests that make a folder a project, the ignore files of build
/// contexts, and what could be a policy file of the team.
pub(super) fn wanted(path: &str) -> Wanted {
    if names::told(path) == names::Told::Nobody || classify::is_installed(path) {
        return Wanted::No;
    }
    match format::claim(path) {
        Some((format, _)) if format.name == "dotenv" => Wanted::Dotenv,
        Some(_) => Wanted::Yes,
        None if is_wanted_by_name(path) => Wanted::Yes,
        None => Wanted::No,
    }
}

/// What is looked at for its name, whoever reads it.
pub(super) fn is_wanted_by_name(path: &str) -> bool {
    path.ends_with(".yml")
        || path.ends_with(".yaml")
        || path.ends_with(".dockerignore")
        || classify::is_manifest(base_name(path))
}
