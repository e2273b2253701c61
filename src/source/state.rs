//! Where a worktree stands: its branch, its commit, and whether its tracked files are as the commit has them. Looks as git
//! does, without running it and without writing: first at size and time, at the content only where these have changed.

use std::fs::{self, Metadata};
use std::path::Path;

use gix::ObjectId;
use gix::objs::Kind;
use rayon::prelude::*;

use super::changes;
use super::error::SourceError;
use super::git::Repo;
use super::index::{Index, Item, Seen};
use super::name;
use super::stored::Stored;

/// What git would say of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// `None` where HEAD is a commit and no branch.
    pub branch: Option<String>,
    /// `None` before the first one.
    pub commit: Option<String>,
    /// `None` in a bare repository.
    pub work: Option<Work>,
}

/// Files that are not as the commit has them. Those that git does not track are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    pub staged: usize,
    pub modified: usize,
    pub deleted: usize,
}

impl Work {
    pub fn is_dirty(self) -> bool {
        self.staged + self.modified + self.deleted > 0
    }
}

/// The state of the repository a folder lies in; `None` outside of any.
pub fn state(folder: &Path) -> Result<Option<State>, SourceError> {
    let by_environment = Repo::is_set_by_environment().then(|| Repo::here(folder).ok());
    let Some(repo) = by_environment
        .flatten()
        .map_or_else(|| Repo::around(folder), |repo| Ok(Some(repo)))?
    else {
        return Ok(None);
    };
    let commit = match repo.commit_of("HEAD") {
        Ok(id) => Some(id.to_string()),
        Err(SourceError::Unborn { .. }) => None,
        Err(error) => return Err(error),
    };
    let work = repo.worktree().map(|top| work(&repo, &top)).transpose()?;
    Ok(Some(State {
        branch: repo.branch(),
        commit,
        work,
    }))
}

fn work(repo: &Repo, top: &Path) -> Result<Work, SourceError> {
    let head = repo.head_tree()?;
    let index = Stored::Index(repo.index()?);
    let staged = changes::compare(repo, head, &index)?.len();
    let Stored::Index(index) = index else {
        return Ok(Work::default());
    };
    let disk = Disk {
        repo,
        top,
        turns_ends: repo.turns_line_ends() || attributes_turn_ends(top),
    };
    let found: Vec<On> = (0..index.len())
        .into_par_iter()
        .filter_map(|at| on_disk(&disk, &index, at))
        .collect();
    let count = |wanted: On| found.iter().filter(|one| **one == wanted).count();
    Ok(Work {
        staged,
        modified: count(On::Modified),
        deleted: count(On::Deleted),
    })
}

struct Disk<'a> {
    repo: &'a Repo,
    top: &'a Path,
    /// Files may have other line ends on disk than in their blobs.
    turns_ends: bool,
}

/// Attributes of single files are not looked up: which of them are text is git's own guess.
fn attributes_turn_ends(top: &Path) -> bool {
    let text = fs::read_to_string(top.join(".gitattributes")).unwrap_or_default();
    text.contains("text") || text.contains("eol=")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    Modified,
    Deleted,
}

/// What became of a tracked file; `None` where it is as it was, or where nobody should look.
fn on_disk(disk: &Disk, index: &Index, at: usize) -> Option<On> {
    let item = index.item(at)?;
    let watched = item.stage == 0 && !item.is_announced && !item.is_unwatched;
    if !watched || !matches!(item.kind, Item::FILE | Item::LINK) {
        return None;
    }
    let path = name::below(disk.top, index.path(at))?;
    let Ok(there) = path.symlink_metadata() else {
        return Some(On::Deleted);
    };
    let kind = if there.is_symlink() {
        Item::LINK
    } else {
        Item::FILE
    };
    if kind != item.kind || there.is_dir() {
        return Some(On::Modified);
    }
    if kind == Item::FILE && index.seen(at).is_some_and(|seen| is_as_seen(seen, &there)) {
        return None;
    }
    let bytes = if kind == Item::LINK {
        name::of_os(&fs::read_link(&path).ok()?)?.into()
    } else {
        fs::read(&path).ok()?
    };
    (!is_same(disk, item.id, &bytes)).then_some(On::Modified)
}

/// Git's own test. A time without fractions may hide a write in the same second, so it proves nothing.
fn is_as_seen(seen: Seen, there: &Metadata) -> bool {
    let written = there
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let Some(written) = written else {
        return false;
    };
    let same_time = u32::try_from(written.as_secs()) == Ok(seen.written.0)
        && written.subsec_nanos() == seen.written.1
        && seen.written.1 != 0;
    same_time && u32::try_from(there.len()) == Ok(seen.size)
}

/// The content is the blob's, as it is or with the line ends of another system where git turns them, or the blob stands for
/// a large file that is kept elsewhere.
fn is_same(disk: &Disk, id: ObjectId, bytes: &[u8]) -> bool {
    let hashed = |bytes: &[u8]| gix::objs::compute_hash(id.kind(), Kind::Blob, bytes).ok();
    if hashed(bytes) == Some(id) {
        return true;
    }
    let unix = without_returns(bytes);
    if disk.turns_ends && unix.len() != bytes.len() && hashed(&unix) == Some(id) {
        return true;
    }
    let blob = disk.repo.with(|handle| handle.data(id));
    blob.is_ok_and(|blob| is_pointer_to(&blob, bytes.len()))
}

fn without_returns(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    out
}

/// A Git LFS pointer names the size of what it stands for.
fn is_pointer_to(blob: &[u8], size: usize) -> bool {
    let text = std::str::from_utf8(blob).unwrap_or_default();
    text.starts_with("version https://git-lfs")
        && text.lines().any(|line| line == format!("size {size}"))
}
