//! Files as they lie on disk: what a path on the command line opens.
//!
//! The answer is about what lies there now: a tracked file that was deleted, or that a sparse checkout leaves out, is
//! not there; the index and any revision hold it still. Submodules and repositories inside of this one are not
//! entered: they have an index, ignore rules and a configuration of their own, and are checked by naming them.
//! Outside of git there is nothing to prefer, so repositories are folders like all others.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use gix::bstr::{BStr, BString, ByteSlice};
use rayon::prelude::*;

use super::error::SourceError;
use super::git::Repo;
use super::ignores::{Loader, Rules, Verdict};
use super::index::{Index, Item};
use super::place::{Asked, Place, ground};
use super::snapshot::{Snapshot, Store};
use super::walk::{self, Walk};
use super::{Opened, Options, Wanted, name, text};
use crate::model::Str;
use crate::model::tree::{Entry, ReadError};

/// From here on asking the system about every tracked file is worth several threads.
const WORTH_SHARING: usize = 2000;

type Unreadable = Vec<(Str, String)>;

/// A folder on disk, with the index that says what is tracked in it.
pub struct Folder {
    /// Canonical.
    root: PathBuf,
    index: Option<Index>,
}

/// Opens files and folders. Inside of git the tree is the whole worktree; elsewhere it is the folders that were
/// named and the folders of the files that were named, because the rest of a disk is no project.
pub fn paths(paths: &[PathBuf], options: &Options) -> Result<Opened, SourceError> {
    let here = [PathBuf::from(".")];
    let given = if paths.is_empty() { &here } else { paths };
    let places: Vec<Place> = given
        .iter()
        .map(|path| Place::of(path))
        .collect::<Result<_, _>>()?;
    open(&places, options)
}

/// Opens the tree that `file` stands in, or would stand in, with these bytes in its place.
pub fn stdin(file: &Path, bytes: Vec<u8>, options: &Options) -> Result<Opened, SourceError> {
    let place = Place::of(file).or_else(|_| Place::planned(file))?;
    let mut opened = open(std::slice::from_ref(&place), options)?;
    let inside = opened
        .root
        .as_deref()
        .and_then(|root| place.path.strip_prefix(root).ok());
    if let Some(raw) = inside.and_then(name::of_os) {
        let text = if bytes.len() as u64 > options.max_file_size {
            Err(ReadError::TooLarge(bytes.len() as u64))
        } else {
            text::decode(bytes)
        };
        opened.snapshot.lay_over(&name::shown(&raw), text);
    }
    Ok(opened)
}

fn open(places: &[Place], options: &Options) -> Result<Opened, SourceError> {
    let (root, repo) = ground(places)?;
    let mut asked = Asked::default();
    for place in places {
        asked.add(place, &root)?;
    }
    let index = repo.as_ref().map(Repo::index).transpose()?;
    let machine = repo.as_ref().map(Repo::machine_rules).unwrap_or_default();
    let rules = Rules::new(
        loader(root.clone()),
        machine,
        repo.as_ref().is_some_and(Repo::folds_case),
    )
    .with_own(options.own_rules);
    let folder = Folder { root, index };
    let (entries, unreadable) = folder.entries(&asked, &rules, options);
    Ok(Opened {
        root_name: folder
            .root
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        root: Some(folder.root.clone()),
        focus: asked.focus(),
        unreadable,
        snapshot: Snapshot::new(
            entries,
            rules,
            Store::Folder(Box::new(folder)),
            options.max_file_size,
        ),
    })
}

impl Folder {
    fn entries(&self, asked: &Asked, rules: &Rules, options: &Options) -> (Vec<Entry>, Unreadable) {
        let tracked = self.tracked(rules, options);
        let mut seen = self.untracked(&tracked, asked, rules, options);
        let outside_of_git = self.index.is_none();
        let mut entries: Vec<Entry> = tracked
            .iter()
            .map(|(_, shown)| entry(shown, true, false))
            .collect();
        entries.extend(
            seen.files
                .iter()
                .map(|file| entry(&file.shown, outside_of_git && !file.ignored, file.ignored)),
        );
        entries.extend(
            asked
                .files
                .iter()
                .filter_map(|raw| self.asked_file(raw.as_bstr(), rules)),
        );
        entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        entries.dedup_by(|a, b| a.path == b.path);
        seen.unreadable.sort();
        seen.unreadable.dedup();
        let unreadable = seen
            .unreadable
            .into_iter()
            .map(|(path, reason)| (Str::from(path), reason));
        (entries, unreadable.collect())
    }

    /// What the walk finds beside the `tracked` files.
    fn untracked(
        &self,
        tracked: &[(BString, String)],
        asked: &Asked,
        rules: &Rules,
        options: &Options,
    ) -> walk::Seen {
        let known = |raw: &BStr| {
            tracked
                .binary_search_by(|(path, _)| path.as_bstr().cmp(raw))
                .is_ok()
        };
        let enter_repository = |raw: &BStr| self.tracks_below(raw);
        let parents = asked.parents();
        let watched: Vec<BString> = asked.folders.union(&parents).cloned().collect();
        let walk = Walk {
            root: &self.root,
            rules,
            governed: options.governed,
            include_ignored: options.include_ignored,
            enter_repository: &enter_repository,
            known: &known,
            watched: &watched,
        };
        self.walk(&walk, asked, &parents)
    }

    /// In git: the whole worktree. What was asked for and lies where that walk does not go comes on top.
    fn walk(&self, walk: &Walk, asked: &Asked, parents: &BTreeSet<BString>) -> walk::Seen {
        let mut seen = if self.index.is_some() {
            walk.below(BStr::new(""))
        } else {
            walk::Seen::default()
        };
        for folder in &asked.folders {
            let whole = [folder.as_bytes(), b"/"].concat();
            let verdict = if folder.is_empty() {
                Verdict::Free
            } else {
                walk.rules.verdict(whole.as_bstr())
            };
            if verdict != Verdict::Excluded && !seen.entered.contains(folder) {
                let mut below = walk.below(folder.as_bstr());
                // The walk knows nothing of what ignores the folder it starts in.
                let ignored = |file: &mut walk::Found| file.ignored |= verdict == Verdict::Ignored;
                below.files.iter_mut().for_each(ignored);
                seen.add(below);
            }
        }
        for folder in parents.iter().filter(|_| self.index.is_none()) {
            if !seen.entered.contains(folder) {
                seen.add(walk.beside(folder.as_bstr()));
            }
        }
        seen
    }

    /// Wanted files of the index that are there on disk, raw and shown, in the order of the index.
    fn tracked(&self, rules: &Rules, options: &Options) -> Vec<(BString, String)> {
        let Some(index) = &self.index else {
            return Vec::new();
        };
        let mut wanted: Vec<(BString, String)> = Vec::new();
        let mut shown = String::new();
        for (raw, sides) in index.paths() {
            shown.clear();
            name::show(raw, &mut shown);
            let is_file = |item: Item| matches!(item.kind, Item::FILE | Item::LINK);
            if (options.governed)(&shown) != Wanted::No
                && index.item(sides.start).is_some_and(is_file)
            {
                wanted.push((raw.to_owned(), shown.clone()));
            }
        }
        let there = |(raw, _): &(BString, String)| {
            self.is_there(raw.as_bstr()) && !rules.excludes(raw.as_bstr())
        };
        if wanted.len() < WORTH_SHARING {
            wanted.retain(there);
            wanted
        } else {
            wanted.into_par_iter().filter(there).collect()
        }
    }

    fn is_there(&self, raw: &BStr) -> bool {
        let kind = name::below(&self.root, raw).and_then(|path| path.symlink_metadata().ok());
        kind.is_some_and(|kind| {
            kind.is_file() || kind.is_symlink() && walk::leads_inside(&self.root, raw)
        })
    }

    /// A file somebody named is listed whatever its name says and whatever ignores it.
    fn asked_file(&self, raw: &BStr, rules: &Rules) -> Option<Entry> {
        let shown = name::shown(raw);
        match rules.verdict(raw) {
            Verdict::Excluded => None,
            _ if self.is_tracked(raw) => Some(entry(&shown, true, false)),
            Verdict::Ignored => Some(entry(&shown, false, true)),
            Verdict::Free => Some(entry(&shown, self.index.is_none(), false)),
        }
    }

    fn is_tracked(&self, raw: &BStr) -> bool {
        self.index
            .as_ref()
            .is_some_and(|index| !index.sides(raw).is_empty())
    }

    /// Whether tracked files lie in a folder; outside of git always. A submodule's lie in its own index.
    fn tracks_below(&self, folder: &BStr) -> bool {
        let inside = BString::from([folder.as_bytes(), b"/"].concat());
        self.index
            .as_ref()
            .is_none_or(|index| index.has_below(inside.as_bstr()))
    }

    /// A file that is not listed, because its name says nothing, is there for those whose name says of it.
    pub fn has_unlisted(&self, raw: &BStr, rules: &Rules) -> bool {
        let seen = match rules.verdict(raw) {
            Verdict::Free => true,
            Verdict::Ignored => self.is_tracked(raw),
            Verdict::Excluded => false,
        };
        seen && walk::leads_inside(&self.root, raw)
    }

    pub fn read(&self, raw: &BStr, max_size: u64) -> Result<Str, ReadError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing,
            _ => ReadError::Failed(error.to_string()),
        };
        let path = walk::target(&self.root, raw).map_err(failed)?;
        // A pipe would wait for somebody who writes, so it is not even opened.
        if !fs::metadata(&path).map_err(failed)?.is_file() {
            return Err(ReadError::Missing);
        }
        let file = fs::File::open(&path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        let size = usize::try_from(about.len().min(max_size)).unwrap_or_default();
        let mut bytes = Vec::with_capacity(size);
        // It may grow while it is read.
        let mut within = file.take(max_size.saturating_add(1));
        within.read_to_end(&mut bytes).map_err(failed)?;
        let size = about.len().max(bytes.len() as u64);
        if size > max_size {
            return Err(ReadError::TooLarge(size));
        }
        text::decode(bytes)
    }
}

fn entry(shown: &str, tracked: bool, ignored: bool) -> Entry {
    Entry {
        path: Str::from(shown),
        tracked,
        ignored,
    }
}

/// Ignore files on disk. Git does not follow a link for them, and neither does this.
fn loader(root: PathBuf) -> Loader {
    Box::new(move |raw| {
        let path = name::below(&root, raw)?;
        path.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
        fs::read(path).ok()
    })
}
