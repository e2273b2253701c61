//! What a commit is about to change, or a range of commits has changed: two stored trees, compared folder by folder.
//!
//! A folder whose tree both sides share is never entered. The index remembers the trees of its untouched folders
//! (its cache-tree), so that a commit of five files costs five folders and not the whole index.

use std::cmp::Ordering;
use std::ops::Range;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};

use super::error::SourceError;
use super::git::{Repo, reason};
use super::handle::Handle;
use super::index::Index;
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
        Stored::Tree(id) | Stored::Known(id, _) | Stored::Before(id, ..) => (None, Side::Tree(*id)),
        Stored::Index(index) => (
            Some(index),
            Side::Index(0..index.len(), index.folders().root()),
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
enum Side {
    Tree(ObjectId),
    /// The entries of the index that lie in it, and its number among the folders that the index remembers.
    Index(Range<usize>, Option<usize>),
}

/// Something in a folder. Folders have a `/` at the end of their name, which is also what git sorts them by.
struct Child {
    name: BString,
    what: What,
}

enum What {
    File(ObjectId, Kind),
    Folder(Side),
}

struct Comparison<'a> {
    handle: &'a Handle,
    index: Option<&'a Index>,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    /// Compares what lies in one folder, whose path ends with `/` unless it is the root.
    fn folder(
        &mut self,
        path: &mut BString,
        old: Option<Side>,
        new: Option<Side>,
    ) -> gix::Result<()> {
        let old_tree = self.tree(old.as_ref());
        if old_tree.is_some() && old_tree == self.tree(new.as_ref()) {
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

    /// The tree object a folder is known to be.
    fn tree(&self, side: Option<&Side>) -> Option<ObjectId> {
        match side? {
            Side::Tree(id) => Some(*id),
            Side::Index(_, folder) => self.index?.tree_of((*folder)?),
        }
    }

    /// Compares two children of one name, or one with nothing.
    fn pair(
        &mut self,
        path: &mut BString,
        old: Option<Child>,
        new: Option<Child>,
    ) -> gix::Result<()> {
        let length = path.len();
        if let Some(child) = old.as_ref().or(new.as_ref()) {
            path.extend_from_slice(&child.name);
        }
        let is_folder = path.ends_with(b"/");
        if is_folder {
            let side = |child: Option<Child>| match child?.what {
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

    fn children(&self, path: &BStr, side: Option<Side>) -> gix::Result<Vec<Child>> {
        match (side, self.index) {
            (None, _) | (Some(Side::Index(..)), None) => Ok(Vec::new()),
            (Some(Side::Tree(id)), _) => self.in_tree(id),
            (Some(Side::Index(range, folder)), Some(index)) => {
                Ok(in_index(index, path.len(), range, folder))
            }
        }
    }

    fn in_tree(&self, id: ObjectId) -> gix::Result<Vec<Child>> {
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

/// The children of a folder, whose path has a certain length, among the entries of the index that lie in it.
fn in_index(index: &Index, above: usize, range: Range<usize>, folder: Option<usize>) -> Vec<Child> {
    let remembered = folder.map(|folder| index.remembered_below(folder));
    let mut children = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let rest = index.path(at).get(above..).unwrap_or_default();
        let slash = rest.find_byte(b'/');
        let name = slash.map_or(rest, |slash| rest.get(..=slash).unwrap_or_default());
        let folder = slash.and_then(|slash| remembered.as_ref()?.get(rest.get(..slash)?).copied());
        let same = |path: &BStr| {
            let other = path.get(above..).unwrap_or_default();
            other.starts_with(name) && (slash.is_some() || other.len() == name.len())
        };
        let count = folder.and_then(|folder| index.folders().entries(folder));
        let end = end_of(index, at..range.end, count, same).max(at + 1);
        let what = match (slash, stored::sparse(index, &(at..end))) {
            (None, _) => stored::of_sides(index, at..end).map(|(id, kind)| What::File(id, kind)),
            (Some(_), Some(tree)) if rest.len() == name.len() => {
                Some(What::Folder(Side::Tree(tree)))
            }
            (Some(_), _) => Some(What::Folder(Side::Index(at..end, folder))),
        };
        children.extend(what.map(|what| Child {
            name: BString::from(name),
            what,
        }));
        at = end;
    }
    children
}

/// Where the entries end for which something holds; what the index remembers of their number is a guess to try first.
fn end_of(
    index: &Index,
    range: Range<usize>,
    count: Option<usize>,
    same: impl Fn(&BStr) -> bool,
) -> usize {
    let guess = count.and_then(|count| range.start.checked_add(count));
    if let Some(guess) = guess.filter(|guess| range.start < *guess && *guess <= range.end)
        && same(index.path(guess - 1))
        && (guess == range.end || !same(index.path(guess)))
    {
        return guess;
    }
    index.first_where(range, same)
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
