//! Finds the files of a folder that version control does not list: a walk that asks for a name first.
//!
//! A file whose name nobody wants costs no ignore rule, no allocation and no further system call. Ignored folders,
//! other people's repositories and links are not entered.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix::bstr::{BStr, BString, ByteSlice};
use rayon::prelude::*;

use super::ignores::{self, Chain, Rules, Verdict};
use super::{Wanted, name};

/// With fewer folders than this on one level, waking other threads costs more than they save.
const WORTH_SHARING: usize = 24;

/// What decides what a walk finds.
pub struct Walk<'a> {
    /// Canonical.
    pub root: &'a Path,
    pub rules: &'a Rules,
    pub governed: fn(&str) -> Wanted,
    pub include_ignored: bool,
    /// Whether a folder below the root (raw) is entered although it holds a repository of its own.
    pub enter_repository: &'a (dyn Fn(&BStr) -> bool + Sync),
    /// Paths (raw) that are listed anyway.
    pub known: &'a (dyn Fn(&BStr) -> bool + Sync),
    /// Folders (raw) somebody asked for: whether the walk came by them is told.
    pub watched: &'a [BString],
}

/// A file whose name somebody wants.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    pub shown: String,
    pub ignored: bool,
}

/// What a walk saw.
#[derive(Debug, Default)]
pub struct Seen {
    pub files: Vec<Found>,
    /// Folders that could not be read, with the reason.
    pub unreadable: Vec<(String, String)>,
    /// The watched folders that were entered.
    pub entered: Vec<BString>,
}

#[derive(Clone)]
struct Folder {
    /// Relative to the root, empty for the root itself.
    raw: BString,
    shown: String,
    /// The rules above it.
    chain: Arc<Chain>,
    /// The walk starts here: what kind of folder it is has been decided by who asked.
    asked: bool,
}

/// The names of a folder that matter, before any rule was asked.
#[derive(Default)]
struct Names {
    files: Vec<Name>,
    folders: Vec<Name>,
    git_rules: bool,
    own_rules: bool,
    repository: bool,
}

struct Name {
    raw: BString,
    shown: String,
    wanted: Wanted,
    link: bool,
}

impl Seen {
    pub fn add(&mut self, mut other: Self) {
        self.files.append(&mut other.files);
        self.unreadable.append(&mut other.unreadable);
        self.entered.append(&mut other.entered);
    }
}

impl Walk<'_> {
    /// Everything below a folder of the root, given raw.
    pub fn below(&self, folder: &BStr) -> Seen {
        let mut seen = Seen::default();
        let mut level = vec![self.start(folder)];
        while !level.is_empty() {
            let listed = if level.len() < WORTH_SHARING {
                level.iter().map(|folder| self.list(folder)).collect()
            } else {
                level
                    .par_iter()
                    .map(|folder| self.list(folder))
                    .collect::<Vec<_>>()
            };
            level.clear();
            for (mut folders, part) in listed {
                level.append(&mut folders);
                seen.add(part);
            }
        }
        seen
    }

    /// The files of one folder, without what lies below it.
    pub fn beside(&self, folder: &BStr) -> Seen {
        self.list(&self.start(folder)).1
    }

    fn start(&self, folder: &BStr) -> Folder {
        Folder {
            raw: folder.to_owned(),
            shown: name::shown(folder),
            chain: self.rules.above(folder),
            asked: true,
        }
    }

    fn list(&self, folder: &Folder) -> (Vec<Folder>, Seen) {
        let mut seen = Seen::default();
        let names = match self.names(folder) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return (Vec::new(), seen),
            Err(error) => {
                seen.unreadable
                    .push((folder.shown.clone(), error.to_string()));
                return (Vec::new(), seen);
            }
        };
        if names.repository && !folder.asked && !(self.enter_repository)(folder.raw.as_bstr()) {
            return (Vec::new(), seen);
        }
        if self.watched.contains(&folder.raw) {
            seen.entered.push(folder.raw.clone());
        }
        if names.files.is_empty() && names.folders.is_empty() {
            // Most folders end here, and no ignore file of theirs is ever opened.
            return (Vec::new(), seen);
        }
        let raw = folder.raw.as_bstr();
        let chain = self
            .rules
            .enter(&folder.chain, raw, names.git_rules, names.own_rules);
        seen.files = names
            .files
            .into_iter()
            .filter_map(|file| self.judge(&chain, file))
            .collect();
        let free = |name: &Name| self.rules.here(&chain, name.raw.as_bstr(), true) == Verdict::Free;
        let enter = |name: Name| Folder {
            raw: name.raw,
            shown: name.shown,
            chain: Arc::clone(&chain),
            asked: false,
        };
        (
            names.folders.into_iter().filter(free).map(enter).collect(),
            seen,
        )
    }

    /// A file that is wanted by name: whether its place and the rules let it in.
    fn judge(&self, chain: &Chain, file: Name) -> Option<Found> {
        let raw = file.raw.as_bstr();
        if (self.known)(raw) {
            return None;
        }
        let ignored = match self.rules.here(chain, raw, false) {
            Verdict::Free => false,
            Verdict::Ignored if self.include_ignored && file.wanted == Wanted::Dotenv => true,
            Verdict::Ignored | Verdict::Excluded => return None,
        };
        if file.link && !leads_inside(self.root, raw) {
            return None;
        }
        Some(Found {
            shown: file.shown,
            ignored,
        })
    }

    fn names(&self, folder: &Folder) -> io::Result<Names> {
        let path = if folder.raw.is_empty() {
            self.root.to_owned()
        } else {
            name::below(self.root, folder.raw.as_bstr()).ok_or(io::ErrorKind::InvalidFilename)?
        };
        let mut names = Names::default();
        let mut shown = folder.shown.clone();
        for entry in fs::read_dir(&path)? {
            self.sort_in(&entry?, folder, &mut shown, &mut names);
        }
        Ok(names)
    }

    /// Puts one directory entry where it belongs, or nowhere. `shown` starts with the folder's shown path.
    fn sort_in(&self, entry: &DirEntry, folder: &Folder, shown: &mut String, names: &mut Names) {
        let (Some(name), Ok(kind)) = (name::of_component(entry.file_name()), entry.file_type())
        else {
            return;
        };
        if name.eq_ignore_ascii_case(b".git") {
            names.repository = names.repository || is_repository(&entry.path(), kind.is_dir());
            return;
        }
        names.git_rules |= name == ignores::GIT;
        names.own_rules |= name == ignores::OWN;
        shown.truncate(folder.shown.len());
        if !shown.is_empty() {
            shown.push('/');
        }
        name::show(&name, shown);
        let readable = kind.is_file() || kind.is_symlink();
        let wanted = if readable {
            (self.governed)(shown)
        } else {
            Wanted::No
        };
        if !kind.is_dir() && wanted == Wanted::No {
            return;
        }
        let raw = joined(folder.raw.as_bstr(), &name);
        let name = Name {
            raw,
            shown: shown.clone(),
            wanted,
            link: kind.is_symlink(),
        };
        if kind.is_dir() {
            names.folders.push(name);
        } else {
            names.files.push(name);
        }
    }
}

/// Whether a path (raw) leads, links followed, to a file inside the root and outside of any `.git`.
pub fn leads_inside(root: &Path, raw: &BStr) -> bool {
    target(root, raw).is_ok_and(|path| path.is_file())
}

/// Where a path (raw) leads once links are followed; an error of kind `NotFound` where that is outside of the root.
pub fn target(root: &Path, raw: &BStr) -> io::Result<PathBuf> {
    let outside = || io::Error::from(io::ErrorKind::NotFound);
    let path = fs::canonicalize(name::below(root, raw).ok_or_else(outside)?)?;
    let inside = path.strip_prefix(root).ok().and_then(name::of_os);
    inside
        .and_then(|raw| name::below(root, raw.as_bstr()))
        .ok_or_else(outside)
}

fn joined(folder: &BStr, name: &[u8]) -> BString {
    let mut raw = Vec::with_capacity(folder.len() + 1 + name.len());
    raw.extend_from_slice(folder);
    if !raw.is_empty() {
        raw.push(b'/');
    }
    raw.extend_from_slice(name);
    BString::from(raw)
}

/// An empty folder called `.git` makes no repository.
fn is_repository(path: &Path, is_dir: bool) -> bool {
    !is_dir || path.join("HEAD").is_file()
}
