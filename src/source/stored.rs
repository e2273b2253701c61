//! The two shapes in which git keeps a whole tree: a tree object, and the index.

use std::ops::Range;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};
use gix::objs::tree::{EntryKind, EntryMode};

use super::handle::Handle;
use super::index::{Index, Item};

/// What a path of a tree is, as far as it has content of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Link,
}

pub enum Stored {
    Index(Index),
    Tree(ObjectId),
}

/// Takes each file of a tree, with its raw path.
pub type Visit<'a> = dyn FnMut(&BStr, ObjectId, Kind) + 'a;

/// Whether anything more is to be known of a path.
pub type Ask<'a> = dyn FnMut(&BStr) -> bool + 'a;

impl Stored {
    /// Submodules are not entered: what they hold is another repository's business.
    pub fn visit(&self, handle: &Handle, ask: &mut Ask, each: &mut Visit) -> gix::Result<()> {
        match self {
            Self::Tree(id) => visit_tree(handle, *id, &mut BString::default(), ask, each),
            Self::Index(index) => visit_index(handle, index, ask, each),
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
    ask: &mut Ask,
    each: &mut Visit,
) -> gix::Result<()> {
    let length = path.len();
    handle.each_in_tree(id, |entry| {
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(entry.filename);
        match kind(entry.mode) {
            Some(kind) if ask(path.as_bstr()) => each(path.as_bstr(), entry.oid.to_owned(), kind),
            None if entry.mode.is_tree() => {
                visit_tree(handle, entry.oid.to_owned(), path, ask, each)?;
            }
            _ => {}
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

fn visit_index(handle: &Handle, index: &Index, ask: &mut Ask, each: &mut Visit) -> gix::Result<()> {
    for (raw, sides) in index.paths() {
        if raw.ends_with(b"/")
            && let Some(tree) = sparse(index, &sides)
        {
            let folder = raw.strip_suffix(b"/").unwrap_or(raw);
            visit_tree(handle, tree, &mut BString::from(folder), ask, each)?;
        } else if !ask(raw) {
        } else if let Some((id, kind)) = of_sides(index, sides) {
            each(raw, id, kind);
        }
    }
    Ok(())
}

fn find_in_index(handle: &Handle, index: &Index, raw: &BStr) -> Option<(ObjectId, Kind)> {
    let sides = index.sides(raw);
    if !sides.is_empty() {
        return of_sides(index, sides);
    }
    if !index.is_sparse() {
        return None;
    }
    raw.find_iter("/").find_map(|at| {
        let (folder, inside) = (raw.get(..=at)?, raw.get(at + 1..)?);
        let tree = sparse(index, &index.sides(folder.as_bstr()))?;
        find_in_tree(handle, tree, inside.as_bstr())
    })
}

/// The tree with which a sparse index stands in for a whole folder.
pub fn sparse(index: &Index, sides: &Range<usize>) -> Option<ObjectId> {
    let item = index.item(sides.start).filter(|_| !sides.is_empty())?;
    (item.kind == Item::FOLDER).then_some(item.id)
}

/// The side that counts: what is staged, and in a conflict ours, else theirs. What `git add --intent-to-add` only
/// announced has no content to commit.
pub fn of_sides(index: &Index, sides: Range<usize>) -> Option<(ObjectId, Kind)> {
    const COMMON_ANCESTOR: u8 = 1;
    let items = sides.filter_map(|at| index.item(at));
    let item = items
        .filter(|item| item.stage != COMMON_ANCESTOR && !item.is_announced)
        .min_by_key(|item| item.stage)?;
    match item.kind {
        Item::FILE => Some((item.id, Kind::File)),
        Item::LINK => Some((item.id, Kind::Link)),
        _ => None,
    }
}
