//! Where do the bytes come from? From what the user asked for to a [`Snapshot`] of a whole tree, and a [`Focus`]
//! that says which of its paths this run may report on.
//!
//! Names decide before bytes are read: a snapshot lists the paths that some format could want by name, and reads
//! none of them before it is asked. Any other path of the tree can still be read by those who know its name, as a
//! compose file knows the env files it loads.

mod changes;
mod dump;
mod error;
mod focus;
mod folder;
mod git;
mod handle;
mod hooks;
mod ignores;
mod index;
mod index_folders;
mod memory;
mod name;
mod objects;
mod pair;
mod past;
mod place;
mod range;
mod reftable;
mod renames;
mod snapshot;
mod state;
mod stored;
mod text;
mod varint;
mod walk;

use std::path::PathBuf;

pub use changes::{Change, Happened};
pub use dump::{around, dump, forget};
pub use error::SourceError;
pub use focus::Focus;
pub use folder::{paths, stdin};
pub use hooks::{Hooks, Owner, hooks};
pub use memory::texts;
pub use objects::{index, revision};
pub use pair::{Beside, Pair, range, staged};
pub use past::{Moment, Past, Version, past};
pub use range::{Base, Range, default_branch, is_zero, parents};
pub use snapshot::Snapshot;
pub use state::{State, Work, state};

use crate::model::Str;

/// Whether a format could want a file, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It is not listed.
    No,
    Yes,
    /// The name claims dotenv: looked at even where git ignores it.
    Dotenv,
}

/// What to look at.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files over this many bytes are not read.
    pub max_file_size: u64,
    /// Whether ignored files whose name claims dotenv are listed.
    pub include_ignored: bool,
    /// Whether `.envguardignore` of the tree counts; not where somebody else's tree says how to judge.
    pub own_rules: bool,
    /// Judges a path by its name.
    pub governed: fn(&str) -> Wanted,
    /// Tells fast, of a path that is shown as it is, that nobody can want it. It may say `false` of any path.
    pub is_nobodys: fn(&[u8]) -> bool,
}

impl Options {
    /// The defaults: files up to 1 MiB, ignored env files too.
    pub fn new(governed: fn(&str) -> Wanted) -> Self {
        Self {
            max_file_size: 1 << 20,
            include_ignored: true,
            own_rules: true,
            governed,
            is_nobodys: |_| false,
        }
    }
}

/// An opened source.
pub struct Opened {
    pub snapshot: Snapshot,
    pub focus: Focus,
    /// The folder all paths are relative to, where there is one on disk.
    pub root: Option<PathBuf>,
    /// Its name: what compose calls a project that has no name of its own.
    pub root_name: String,
    /// Folders that could not be looked into, with the reason.
    pub unreadable: Vec<(Str, String)>,
}
