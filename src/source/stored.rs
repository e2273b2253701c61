//! The two shapes in which git keeps a whole tree: a tree object, and the index.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

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
    /// A tree, and an index that may remember some of its folders: what lies in those is told by the index, without
    /// unpacking a tree for each of them.
    Known(ObjectId, Index),
    /// The older tree of a comparison: as the newer one, but for the differences.
    Before(ObjectId, Arc<Self>, Arc<Differences>),
}

/// So many entries are gone through before a thread has begun.
const PART: usize = 20_000;

/// What the older tree has in the place of paths that differ.
pub type Differences = HashMap<BString, Option<(ObjectId, Kind)>>;

/// Takes each file of a tree, with its raw path.
pub type Visit<'a> = dyn FnMut(&BStr, ObjectId, Kind) + 'a;

/// Whether anything more is to be known of a path.
pub type Ask<'a> = dyn FnMut(&BStr) -> bool + 'a;

impl Stored {
    /// Submodules are not entered: what they hold is another repository's business.
    pub fn visit(&self, handle: &Handle, ask: &mut Ask, each: &mut Visit) -> gix::Result<()> {
        match self {
            Self::Tree(id) | Self::Before(id, ..) => {
                visit_tree(handle, *id, &mut BString::default(), ask, each)
            }
            Self::Index(index) => visit_index(handle, index, 0..index.len(), ask, each),
            Self::Known(id, index) => {
                let root = index.folders().root();
                let mut visit = Visiting {
                    handle,
                    index,
                    ask,
                    each,
                };
                visit.folder(*id, &mut BString::default(), root, 0..index.len())
            }
        }
    }

    /// The index, cut into parts that several threads can go through, where it is large and tells all of this tree.
    pub fn parts(&self) -> Option<(&Index, Vec<Range<usize>>)> {
        let index = match self {
            Self::Index(index) => index,
            Self::Known(id, index) if index.tree_of(index.folders().root()?) == Some(*id) => index,
            _ => return None,
        };
        (index.len() > PART).then(|| (index, index.parts(PART)))
    }

    /// The file or link at a path.
    pub fn find(&self, handle: &Handle, raw: &BStr) -> Option<(ObjectId, Kind)> {
        match self {
            Self::Tree(id) => find_in_tree(handle, *id, raw),
            Self::Index(index) => find_in_index(handle, index, raw),
            Self::Known(id, index) => find_known(handle, *id, index, raw),
            Self::Before(_, new, differences) => match differences.get(raw) {
                Some(old) => *old,
                None => new.find(handle, raw),
            },
        }
    }
}

/// Goes through a tree beside the index.
struct Visiting<'a, 'v> {
    handle: &'a Handle,
    index: &'a Index,
    ask: &'a mut Ask<'v>,
    each: &'a mut Visit<'v>,
}

impl Visiting<'_, '_> {
    /// A folder of the tree, its number in the index and the entries of the index that lie in it.
    fn folder(
        &mut self,
        id: ObjectId,
        path: &mut BString,
        folder: Option<usize>,
        range: Range<usize>,
    ) -> gix::Result<()> {
        let (handle, index) = (self.handle, self.index);
        let Some(folder) = folder else {
            return visit_tree(handle, id, path, self.ask, self.each);
        };
        if index.tree_of(folder) == Some(id) {
            return visit_index(handle, index, range, self.ask, self.each);
        }
        let below = index.remembered_below(folder);
        let length = path.len();
        handle.each_in_tree(id, |entry| {
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(entry.filename);
            match kind(entry.mode) {
                Some(kind) if (self.ask)(path.as_bstr()) => {
                    (self.each)(path.as_bstr(), entry.oid.to_owned(), kind);
                }
                None if entry.mode.is_tree() => {
                    let folder = below.get(entry.filename.as_bytes()).copied();
                    let inside = index.below(range.clone(), path.as_bstr());
                    self.folder(entry.oid.to_owned(), path, folder, inside)?;
                }
                _ => {}
            }
            path.truncate(length);
            Ok(())
        })
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

/// In the tree down to a folder that the index remembers, from there in the index.
fn find_known(
    handle: &Handle,
    tree: ObjectId,
    index: &Index,
    raw: &BStr,
) -> Option<(ObjectId, Kind)> {
    let (mut id, mut rest) = (tree, raw);
    let mut folder = index.folders().root();
    loop {
        let Some(known) = folder else {
            return find_in_tree(handle, id, rest);
        };
        if index.tree_of(known) == Some(id) {
            return find_in_index(handle, index, raw);
        }
        let Some((name, inside)) = rest.split_once_str("/") else {
            return find_in_tree(handle, id, rest);
        };
        let (mode, below) = handle.below(id, name.as_bstr())?;
        if !mode.is_tree() {
            return None;
        }
        folder = index.remembered_below(known).get(name).copied();
        (id, rest) = (below, inside.as_bstr());
    }
}

pub fn visit_index(
    handle: &Handle,
    index: &Index,
    range: Range<usize>,
    ask: &mut Ask,
    each: &mut Visit,
) -> gix::Result<()> {
    for (raw, sides) in index.paths_in(range) {
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
