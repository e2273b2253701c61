//! The files that say how to judge: the configuration, and the baseline it names. Both come from one tree, the one that
//! is checked or the revision the user trusts, and both must be readable: a run without them would judge by other rules.

use std::path::Path;

use super::open::wanted;
use super::{ConfigFrom, Error, From, Request, rules};
use crate::config::{self, Config};
use crate::model::Tree;
use crate::model::tree::ReadError;
use crate::policy::diagnostic::{Diagnostic, Source, tidy};
use crate::source::{self, Opened, Snapshot};

/// Larger than any file a team writes; a baseline of a large repository may exceed what is read of other files.
const MOST: u64 = 64 << 20;

/// The configuration with the tree that its paths are looked up in.
pub struct Settings {
    pub config: Config,
    pub baseline: BaselineFile,
    /// The revision whose settings judge, where that is not the tree that is checked.
    pub tree: Option<Snapshot>,
}

/// A baseline as it was read.
pub struct BaselineFile {
    /// From the root.
    pub path: String,
    /// `None` where there is no such file.
    pub text: Option<String>,
}

impl Settings {
    /// Reads them, before limits and exclusions of the configuration apply to the tree.
    pub fn read(request: &Request, opened: &mut Opened) -> Result<Self, Error> {
        let mut tree = match &request.config {
            ConfigFrom::Revision(rev) => Some(revision(request, opened, rev)?),
            _ => None,
        };
        let from = tree.as_mut().unwrap_or(&mut opened.snapshot);
        from.limit(MOST);
        let (config, mut found) = configuration(&request.config, from)?;
        if !found.is_empty() {
            if config::knows_environments(&config, &found) {
                found.extend(rules::mistakes(&config, from));
            }
            return Err(Error::Written(tidy(found)));
        }
        let baseline = baseline(&config, from)?;
        Ok(Self {
            config,
            baseline,
            tree,
        })
    }
}

/// The tree of a revision of the repository that is checked.
fn revision(request: &Request, opened: &Opened, rev: &str) -> Result<Snapshot, Error> {
    let repo = match &request.from {
        From::Revision { repo, .. } | From::Staged { repo, .. } | From::Range { repo, .. } => {
            repo.as_deref()
        }
        From::Paths(_) | From::Stdin { .. } | From::Texts { .. } | From::Dumps { .. } => {
            opened.root.as_deref()
        }
    };
    let options = source::Options::new(wanted);
    Ok(source::revision(repo.map(Path::new), rev, &options)?.snapshot)
}

fn configuration(from: &ConfigFrom, tree: &Snapshot) -> Result<(Config, Vec<Diagnostic>), Error> {
    let source = match from {
        ConfigFrom::None => None,
        ConfigFrom::Piece(piece) => return Ok(config::read(&piece.node, &piece.source)),
        ConfigFrom::File { name, text } => Some(Source::new(name, text)),
        ConfigFrom::Tree | ConfigFrom::Revision(_) => {
            let mut found = None;
            for name in config::NAMES {
                if let Some(text) = text_of(tree, name)? {
                    found = Some(Source::new(&shown(from, name), &text));
                    break;
                }
            }
            found
        }
    };
    let Some(source) = source else {
        return Ok((Config::default(), Vec::new()));
    };
    Ok(config::load(&source))
}

/// `main:.envguard.yml`, as git writes it.
fn shown(from: &ConfigFrom, name: &str) -> String {
    match from {
        ConfigFrom::Revision(rev) => format!("{rev}:{name}"),
        _ => name.to_owned(),
    }
}

fn baseline(config: &Config, tree: &Snapshot) -> Result<BaselineFile, Error> {
    let path = config
        .baseline
        .as_deref()
        .unwrap_or(config::DEFAULT_BASELINE);
    let path = path.trim_start_matches("./");
    let text = text_of(tree, path)?.map(|text| text.to_string());
    Ok(BaselineFile {
        path: path.to_owned(),
        text,
    })
}

/// The text of a file that may be missing, and must be readable if it is not.
fn text_of(tree: &Snapshot, path: &str) -> Result<Option<crate::model::Str>, Error> {
    match tree.read(path) {
        Ok(text) => Ok(Some(text)),
        Err(ReadError::Missing) => Ok(None),
        Err(error) => Err(Error::Unreadable {
            path: path.to_owned(),
            reason: super::reading::why_skipped(&error),
        }),
    }
}
