//! The two shapes in which git keeps a whole tree: a tree object, and the index.

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};
use gix::index::entry::{Flags, Mode, Stage};
use gix::objs::tree::{EntryKind, EntryMode};

use super::handle::Handle;

/// What a path of a tree is, as far as it has content of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Link,
}

pub enum Stored {
    Index(Box<gix::index::File>),
    Tree(ObjectId),
}

/// Takes each file of a tree, with its raw path.
pub type Visit<'a> = dyn FnMut(&BStr, ObjectId, Kind) + 'a;

impl Stored {
    /// Submodules are not entered: what they hold is another repository's business.
    pub fn visit(&self, handle: &Handle, each: &mut Visit) -> gix::Result<()> {
        match self {
            Self::Tree(id) => visit_tree(handle, *id, &mut BString::default(), each),
            Self::Index(index) => visit_index(handle, index, each),
        }
    }

    /// The file or link at a path.
    pub fn find(&self, handle: &Handle, raw: &BStr) -> Option<(ObjectId, Kind)> {
        match self {
            Self::Tree(id) => find_in_tree(handle, *id, raw),
            Self::Index(index) => find_in_index(handle, index, raw),
        }
    }
}

fn visit_tree(
    handle: &Handle,
    id: ObjectId,
    path: &mut BString,
    each: &mut Visit,
) -> gix::Result<()> {
    let length = path.len();
    handle.each_in_tree(id, |entry| {
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(entry.filename);
        match kind(entry.mode) {
            Some(kind) => each(path.as_bstr(), entry.oid.to_owned(), kind),
            None if entry.mode.is_tree() => visit_tree(handle, entry.oid.to_owned(), path, each)?,
            None => {}
        }
        path.truncate(length);
        Ok(())
    })
}

fn find_in_tree(handle: &Handle, id: ObjectId, raw: &BStr) -> Option<(ObjectId, Kind)> {
    let (mode, id) = handle.below(id, raw)?;
    Some((id, kind(mode)?))
}

/// What an entry of a tree is; `None` for a folder or a submodule.
pub fn kind(mode: EntryMode) -> Option<Kind> {
    match mode.kind() {
        EntryKind::Blob | EntryKind::BlobExecutable => Some(Kind::File),
        EntryKind::Link => Some(Kind::Link),
        EntryKind::Tree | EntryKind::Commit => None,
    }
}

fn visit_index(handle: &Handle, index: &gix::index::File, each: &mut Visit) -> gix::Result<()> {
    let mut rest = index.entries();
    while let Some(first) = rest.first() {
        let raw = first.path(index);
        let sides = rest
            .iter()
            .take_while(|entry| entry.path(index) == raw)
            .count();
        let (same, after) = rest.split_at(sides);
        rest = after;
        if first.mode.is_sparse() {
            // A sparse index stands in for a whole folder with its tree.
            let folder = raw.strip_suffix(b"/").unwrap_or(raw);
            visit_tree(handle, first.id, &mut BString::from(folder), each)?;
        } else if let Some((id, kind)) = of_sides(same) {
            each(raw, id, kind);
        }
    }
    Ok(())
}

fn find_in_index(
    handle: &Handle,
    index: &gix::index::File,
    raw: &BStr,
) -> Option<(ObjectId, Kind)> {
    if let Some(range) = index.entry_range(raw) {
        return of_sides(index.entries().get(range)?);
    }
    if !index.is_sparse() {
        return None;
    }
    raw.find_iter("/").find_map(|at| {
        let (folder, inside) = (raw.get(..=at)?, raw.get(at + 1..)?);
        let entry = index
            .entry_by_path(folder.as_bstr())
            .filter(|entry| entry.mode.is_sparse())?;
        find_in_tree(handle, entry.id, inside.as_bstr())
    })
}

/// The side that counts: what is staged, and in a conflict ours, else theirs. What `git add --intent-to-add` only
/// announced has no content to commit.
pub fn of_sides(same: &[gix::index::Entry]) -> Option<(ObjectId, Kind)> {
    let rank = |entry: &&gix::index::Entry| match entry.stage() {
        Stage::Unconflicted => 0,
        Stage::Ours => 1,
        Stage::Theirs => 2,
        Stage::Base => 3,
    };
    let entry = same
        .iter()
        .filter(|entry| entry.stage() != Stage::Base && !entry.flags.contains(Flags::INTENT_TO_ADD))
        .min_by_key(rank)?;
    match entry.mode {
        Mode::FILE | Mode::FILE_EXECUTABLE => Some((entry.id, Kind::File)),
        Mode::SYMLINK => Some((entry.id, Kind::Link)),
        _ => None,
    }
}
