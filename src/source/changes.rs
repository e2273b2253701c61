//! What a commit is about to change, or a range of commits has changed: two stored trees, compared folder by folder.
//!
//! A folder whose tree both sides share is never entered. The index remembers the trees of its untouched folders
//! (its cache-tree), so that a commit of five files costs five folders and not the whole index.

use std::cmp::Ordering;
use std::ops::Range;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};
use gix::index::extension::Tree as CacheTree;

use super::error::SourceError;
use super::git::{Repo, reason};
use super::handle::Handle;
use super::stored::{self, Kind, Stored};
use super::{Wanted, name, renames};
use crate::model::Str;

/// What happened to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happened {
    Added,
    /// Its content or its type is another one.
    Modified,
    Deleted,
}

/// One path that the two sides of a comparison do not share. A rename is a deletion and an addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: Str,
    pub happened: Happened,
    /// For an addition: the deleted path whose content it took over.
    pub renamed_from: Option<Str>,
}

/// A path that differs, with the blobs of both sides.
pub(super) struct Difference {
    pub raw: BString,
    pub old: Option<(ObjectId, Kind)>,
    pub new: Option<(ObjectId, Kind)>,
}

/// Every path that two trees do not share; without an old one, every path of the new one.
pub(super) fn compare(
    repo: &Repo,
    old: Option<ObjectId>,
    new: &Stored,
) -> Result<Vec<Difference>, SourceError> {
    let (index, new) = match new {
        Stored::Tree(id) => (None, Side::Tree(*id)),
        Stored::Index(index) => (
            Some(&**index),
            Side::Index(0..index.entries().len(), index.tree()),
        ),
    };
    repo.with(|handle| {
        let mut comparison = Comparison {
            handle,
            index,
            found: Vec::new(),
        };
        comparison.folder(&mut BString::default(), old.map(Side::Tree), Some(new))?;
        Ok(comparison.found)
    })
    .map_err(|error: gix::Error| SourceError::Repository {
        path: repo.path(),
        reason: reason(&error),
    })
}

/// What the differences are to people; sorted by path.
pub(super) fn told(
    repo: &Repo,
    differences: &[Difference],
    governed: fn(&str) -> Wanted,
) -> Vec<Change> {
    let mut changes = repo.with(|handle| renames::told(handle, differences, governed));
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// One side of one folder.
enum Side<'a> {
    Tree(ObjectId),
    /// The entries of the index that lie in it, and what the index remembers of its tree.
    Index(Range<usize>, Option<&'a CacheTree>),
}

impl Side<'_> {
    /// The tree object this folder is known to be.
    fn tree(&self) -> Option<ObjectId> {
        match self {
            Side::Tree(id) => Some(*id),
            Side::Index(_, cache) => cache
                .filter(|cache| cache.num_entries.is_some())
                .map(|cache| cache.id),
        }
    }
}

/// Something in a folder. Folders have a `/` at the end of their name, which is also what git sorts them by.
struct Child<'a> {
    name: BString,
    what: What<'a>,
}

enum What<'a> {
    File(ObjectId, Kind),
    Folder(Side<'a>),
}

struct Comparison<'a> {
    handle: &'a Handle,
    index: Option<&'a gix::index::File>,
    found: Vec<Difference>,
}

impl<'a> Comparison<'a> {
    /// Compares what lies in one folder, whose path ends with `/` unless it is the root.
    fn folder(
        &mut self,
        path: &mut BString,
        old: Option<Side<'a>>,
        new: Option<Side<'a>>,
    ) -> gix::Result<()> {
        let tree = |side: &Option<Side>| side.as_ref().and_then(Side::tree);
        if tree(&old).is_some() && tree(&old) == tree(&new) {
            return Ok(());
        }
        let mut old = self.children(path.as_bstr(), old)?.into_iter().peekable();
        let mut new = self.children(path.as_bstr(), new)?.into_iter().peekable();
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.name.cmp(&b.name),
            };
            let before = (order != Ordering::Greater).then(|| old.next()).flatten();
            let after = (order != Ordering::Less).then(|| new.next()).flatten();
            self.pair(path, before, after)?;
        }
    }

    /// Compares two children of one name, or one with nothing.
    fn pair(
        &mut self,
        path: &mut BString,
        old: Option<Child<'a>>,
        new: Option<Child<'a>>,
    ) -> gix::Result<()> {
        let length = path.len();
        if let Some(child) = old.as_ref().or(new.as_ref()) {
            path.extend_from_slice(&child.name);
        }
        let is_folder = path.ends_with(b"/");
        if is_folder {
            let side = |child: Option<Child<'a>>| match child?.what {
                What::Folder(side) => Some(side),
                What::File(..) => None,
            };
            self.folder(path, side(old), side(new))?;
        } else {
            let blob = |child: Option<Child>| match child?.what {
                What::File(id, kind) => Some((id, kind)),
                What::Folder(_) => None,
            };
            let (old, new) = (blob(old), blob(new));
            if old != new {
                self.found.push(Difference {
                    raw: path.clone(),
                    old,
                    new,
                });
            }
        }
        path.truncate(length);
        Ok(())
    }

    fn children(&self, path: &BStr, side: Option<Side<'a>>) -> gix::Result<Vec<Child<'a>>> {
        match (side, self.index) {
            (None, _) | (Some(Side::Index(..)), None) => Ok(Vec::new()),
            (Some(Side::Tree(id)), _) => self.in_tree(id),
            (Some(Side::Index(range, cache)), Some(index)) => {
                Ok(in_index(index, path, range, cache))
            }
        }
    }

    fn in_tree(&self, id: ObjectId) -> gix::Result<Vec<Child<'a>>> {
        let mut children = Vec::new();
        self.handle.each_in_tree(id, |entry| {
            let mut name = entry.filename.to_owned();
            let id = entry.oid.to_owned();
            let what = match stored::kind(entry.mode) {
                Some(kind) => What::File(id, kind),
                None if entry.mode.is_tree() => {
                    name.push(b'/');
                    What::Folder(Side::Tree(id))
                }
                None => return Ok(()),
            };
            children.push(Child { name, what });
            Ok(())
        })?;
        Ok(children)
    }
}

/// The children of a folder among the entries of the index that lie in it.
fn in_index<'a>(
    index: &gix::index::File,
    path: &BStr,
    range: Range<usize>,
    cache: Option<&'a CacheTree>,
) -> Vec<Child<'a>> {
    let entries = index.entries();
    let inside = |at: usize| {
        entries
            .get(at)
            .and_then(|entry| entry.path(index).get(path.len()..))
            .unwrap_or_default()
    };
    let mut children = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let rest = inside(at);
        let rest_of_range = entries.get(at..range.end).unwrap_or_default();
        let name = match rest.find_byte(b'/') {
            Some(slash) => rest.get(..=slash).unwrap_or_default(),
            None => rest,
        };
        let same = |entry: &gix::index::Entry| {
            let other = entry.path(index).get(path.len()..).unwrap_or_default();
            if name.ends_with(b"/") {
                other.starts_with(name)
            } else {
                other == name
            }
        };
        let count = rest_of_range.partition_point(same).max(1);
        if let Some(what) = what_of(
            rest_of_range.get(..count).unwrap_or_default(),
            at,
            name,
            rest,
            cache,
        ) {
            children.push(Child {
                name: BString::from(name),
                what,
            });
        }
        at += count;
    }
    children
}

/// What the entries of one name are: the sides of one file, a folder, or the tree a sparse index keeps for a folder.
fn what_of<'a>(
    same: &[gix::index::Entry],
    start: usize,
    name: &[u8],
    rest: &[u8],
    cache: Option<&'a CacheTree>,
) -> Option<What<'a>> {
    let Some(folder) = name.strip_suffix(b"/") else {
        return stored::of_sides(same).map(|(id, kind)| What::File(id, kind));
    };
    if let Some(sparse) = same
        .first()
        .filter(|entry| entry.mode.is_sparse() && rest == name)
    {
        return Some(What::Folder(Side::Tree(sparse.id)));
    }
    let cache = cache.and_then(|cache| {
        cache
            .children
            .iter()
            .find(|child| child.name.as_slice() == folder)
    });
    Some(What::Folder(Side::Index(start..start + same.len(), cache)))
}

/// The change a difference is, as long as nothing is known of renames.
pub(super) fn plain(difference: &Difference) -> Change {
    let happened = match (difference.old, difference.new) {
        (None, _) => Happened::Added,
        (_, None) => Happened::Deleted,
        _ => Happened::Modified,
    };
    Change {
        path: Str::from(name::shown(&difference.raw)),
        happened,
        renamed_from: None,
    }
}
