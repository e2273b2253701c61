//! The folders of the index whose trees git remembers, its cache-tree: what is the same as in a commit need not be looked
//! into. Kept as places in the index's own bytes; a mistake in it costs the shortcut and nothing else.

use std::collections::HashMap;
use std::ops::Range;

use gix::bstr::ByteSlice;

/// In the order in which git writes them: each folder, then all below it.
#[derive(Default)]
pub struct Folders(Vec<Folder>);

struct Folder {
    name: Range<u32>,
    /// How many entries of the index lie in it; `None` where something in it has changed since.
    entries: Option<u32>,
    id_at: u32,
    /// The next folder that is not below this one.
    after: u32,
}

impl Folders {
    /// Reads them from a part of the index.
    pub fn parse(data: &[u8], at: Range<usize>, hash_len: usize) -> Self {
        Self(parse(data, at, hash_len).unwrap_or_default())
    }

    /// The number of the root.
    pub fn root(&self) -> Option<usize> {
        (!self.0.is_empty()).then_some(0)
    }

    /// Where the id of a folder's tree stands.
    pub fn id_at(&self, folder: usize) -> Option<usize> {
        let folder = self.0.get(folder)?;
        folder.entries?;
        usize::try_from(folder.id_at).ok()
    }

    /// How many entries lie in a folder.
    pub fn entries(&self, folder: usize) -> Option<usize> {
        usize::try_from(self.0.get(folder)?.entries?).ok()
    }

    /// The folders right below one, by name.
    pub fn below<'a>(&self, folder: usize, data: &'a [u8]) -> HashMap<&'a [u8], usize> {
        let mut below = HashMap::new();
        let end = self.0.get(folder).map_or(0, |folder| folder.after);
        let mut at = folder + 1;
        while let Some(child) = self.0.get(at).filter(|_| (at as u64) < u64::from(end)) {
            let name = child.name.start as usize..child.name.end as usize;
            below.insert(data.get(name).unwrap_or_default(), at);
            at = (child.after as usize).max(at + 1);
        }
        below
    }
}

fn parse(data: &[u8], range: Range<usize>, hash_len: usize) -> Option<Vec<Folder>> {
    let mut folders: Vec<Folder> = Vec::new();
    // Folders whose end is not known yet, each with how many are still to come right below it.
    let mut open: Vec<(usize, u32)> = Vec::new();
    let mut at = range.start;
    let end = range.end;
    loop {
        let name = until(data, &mut at, end, 0)?;
        let entries = until(data, &mut at, end, b' ')?;
        let below = number(data.get(until(data, &mut at, end, b'\n')?)?)?;
        let entries = number(data.get(entries)?);
        open.push((folders.len(), below));
        folders.push(Folder {
            name: u32::try_from(name.start).ok()?..u32::try_from(name.end).ok()?,
            entries,
            id_at: u32::try_from(at).ok()?,
            after: 0,
        });
        if entries.is_some() {
            at += hash_len;
        }
        while let Some((done, 0)) = open.last() {
            folders.get_mut(*done)?.after = u32::try_from(folders.len()).ok()?;
            open.pop();
        }
        match open.last_mut() {
            Some((_, left)) => *left -= 1,
            None => return (at <= end).then_some(folders),
        }
    }
}

/// The bytes up to a separator, which is stepped over.
fn until(data: &[u8], at: &mut usize, end: usize, separator: u8) -> Option<Range<usize>> {
    let length = data.get(*at..end)?.find_byte(separator)?;
    let found = *at..*at + length;
    *at = found.end + 1;
    Some(found)
}

/// `None` for -1, which is how git writes that something has changed.
fn number(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &[u8] = b"\0-1 2\nab\x003 1\nIIdeep\x001 0\nJJb\x00-1 0\n";

    #[test]
    fn folders_keep_their_order_and_their_trees() {
        let folders = Folders::parse(TREE, 0..TREE.len(), 2);
        let root = folders.root().unwrap();
        assert_eq!((folders.id_at(root), folders.entries(root)), (None, None));
        let below = folders.below(root, TREE);
        let (ab, b) = (below[&b"ab"[..]], below[&b"b"[..]]);
        assert_eq!((below.len(), folders.entries(ab)), (2, Some(3)));
        assert_eq!(
            folders.id_at(ab).and_then(|at| TREE.get(at..at + 2)),
            Some(&b"II"[..])
        );
        assert_eq!(folders.id_at(b), None);
        assert_eq!(folders.below(ab, TREE).len(), 1);
        assert!(folders.below(b, TREE).is_empty());
    }

    #[test]
    fn a_broken_one_is_none_at_all() {
        for end in 0..TREE.len() {
            assert_eq!(Folders::parse(TREE, 0..end, 2).root(), None, "{end}");
        }
    }
}
