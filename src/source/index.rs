//! The index as git wrote it: read in one piece and looked into where it lies. A commit of five files in a hundred thousand
//! needs the paths of all of them and hardly anything else, so nothing is copied out that nobody asks for.
//!
//! What is not one self-contained file (a split index) is read by git's library first, which then writes it as one.

use std::collections::HashMap;
use std::ops::Range;

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice};

use super::index_folders::Folders;
use super::varint::{self, take};

/// Stat data and the mode, before the id of an entry.
const STAT: usize = 40;
const MODE: usize = 24;
const WRITTEN: usize = 8;
const SIZE: usize = 36;
const ASSUMED: u16 = 0x8000;
const EXTENDED: u16 = 0x4000;
const LONG_NAME: u16 = 0x0fff;
/// In the second word of flags: what `git add --intent-to-add` only announced.
const ANNOUNCED: u16 = 0x2000;
const SKIPPED: u16 = 0x4000;

pub struct Index {
    data: Vec<u8>,
    hash_len: usize,
    /// Where each entry begins.
    starts: Vec<u32>,
    /// The paths of an index that stores only what each does not share with the one before.
    spelled: Option<Spelled>,
    folders: Folders,
    is_sparse: bool,
}

#[derive(Default)]
struct Spelled {
    text: Vec<u8>,
    ends: Vec<u32>,
}

/// One entry. A path in conflict has one for each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: ObjectId,
    /// The type bits of its mode.
    pub kind: u32,
    /// 0, or the side of a conflict: 1 the common ancestor, 2 ours, 3 theirs.
    pub stage: u8,
    pub is_announced: bool,
    /// Git was told not to look at it on disk: left out by a sparse checkout, or assumed to be unchanged.
    pub is_unwatched: bool,
}

/// What git saw of a file on disk when it last looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When it was last written, in seconds and billionths.
    pub written: (u32, u32),
    pub size: u32,
}

impl Item {
    pub const FILE: u32 = 0o100_000;
    pub const LINK: u32 = 0o120_000;
    pub const FOLDER: u32 = 0o040_000;
}

impl Index {
    /// The index of a repository that has none yet.
    pub fn empty() -> Self {
        Self {
            data: Vec::new(),
            hash_len: 0,
            starts: Vec::new(),
            spelled: None,
            folders: Folders::default(),
            is_sparse: false,
        }
    }

    /// `None` where this is not a whole index of a version known here.
    pub fn parse(data: Vec<u8>, hash: gix::hash::Kind) -> Option<Self> {
        let mut rest = data.as_slice();
        let (magic, version, count) = (take(&mut rest, 4)?, u32(&mut rest)?, u32(&mut rest)?);
        if magic != b"DIRC" || !(2..=4).contains(&version) || u32::try_from(data.len()).is_err() {
            return None;
        }
        let mut index = Self {
            hash_len: hash.len_in_bytes(),
            spelled: (version == 4).then(Spelled::default),
            ..Self::empty()
        };
        let after = index.walk(&data, version, usize::try_from(count).ok()?)?;
        index.extensions(&data, after)?;
        index.data = data;
        Some(index)
    }

    /// Finds where every entry begins, and where the last one ends.
    fn walk(&mut self, data: &[u8], version: u32, count: usize) -> Option<usize> {
        let smallest = STAT + self.hash_len + 4;
        self.starts.reserve(count.min(data.len() / smallest));
        let mut at = 12;
        for _ in 0..count {
            self.starts.push(u32::try_from(at).ok()?);
            let flags_at = at + STAT + self.hash_len;
            let flags = u16_at(data, flags_at)?;
            if version < 3 && flags & EXTENDED != 0 {
                return None;
            }
            let path_at = flags_at + if flags & EXTENDED == 0 { 2 } else { 4 };
            at = if let Some(spelled) = &mut self.spelled {
                spelled.add(data, path_at)?
            } else {
                let end = path_at + name_length(data, path_at, flags)?;
                // One zero byte at least, and as many as fill up eight.
                at + (end - at + 8) / 8 * 8
            };
        }
        (at <= data.len()).then_some(at)
    }

    /// The folders whose trees git remembers. An extension that changes what the entries mean makes it another index.
    fn extensions(&mut self, data: &[u8], mut at: usize) -> Option<()> {
        let end = data.len().checked_sub(self.hash_len)?;
        while at + 8 <= end {
            let mut rest = data.get(at..end)?;
            let name = take(&mut rest, 4)?;
            let length = usize::try_from(u32(&mut rest)?).ok()?;
            let content = at + 8..(at + 8).checked_add(length)?;
            match name {
                b"TREE" => self.folders = Folders::parse(data, content.clone(), self.hash_len),
                b"sdir" => self.is_sparse = true,
                [b'A'..=b'Z', ..] => {}
                _ => return None,
            }
            at = content.end;
        }
        Some(())
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether some folders are told only by their tree.
    pub fn is_sparse(&self) -> bool {
        self.is_sparse
    }

    pub fn folders(&self) -> &Folders {
        &self.folders
    }

    pub fn path(&self, at: usize) -> &BStr {
        self.path_of(at).unwrap_or_default().as_bstr()
    }

    fn path_of(&self, at: usize) -> Option<&[u8]> {
        if let Some(spelled) = &self.spelled {
            return spelled.get(at);
        }
        let flags_at = self.start(at)? + STAT + self.hash_len;
        let flags = u16_at(&self.data, flags_at)?;
        let path_at = flags_at + if flags & EXTENDED == 0 { 2 } else { 4 };
        let length = name_length(&self.data, path_at, flags)?;
        self.data.get(path_at..path_at + length)
    }

    fn start(&self, at: usize) -> Option<usize> {
        usize::try_from(*self.starts.get(at)?).ok()
    }

    fn stage(&self, at: usize) -> u16 {
        let start = self.start(at).unwrap_or_default();
        let flags = u16_at(&self.data, start + STAT + self.hash_len);
        flags.unwrap_or_default() >> 12 & 3
    }

    pub fn item(&self, at: usize) -> Option<Item> {
        let start = self.start(at)?;
        let flags_at = start + STAT + self.hash_len;
        let flags = u16_at(&self.data, flags_at)?;
        let mut mode = self.data.get(start + MODE..)?;
        let more = match flags & EXTENDED {
            0 => 0,
            _ => u16_at(&self.data, flags_at + 2)?,
        };
        Some(Item {
            id: self.id(start + STAT)?,
            kind: u32(&mut mode)? & 0o170_000,
            stage: u8::try_from(flags >> 12 & 3).ok()?,
            is_announced: more & ANNOUNCED != 0,
            is_unwatched: flags & ASSUMED != 0 || more & SKIPPED != 0,
        })
    }

    pub fn seen(&self, at: usize) -> Option<Seen> {
        let start = self.start(at)?;
        let mut written = self.data.get(start + WRITTEN..)?;
        let mut size = self.data.get(start + SIZE..)?;
        Some(Seen {
            written: (u32(&mut written)?, u32(&mut written)?),
            size: u32(&mut size)?,
        })
    }

    fn id(&self, at: usize) -> Option<ObjectId> {
        ObjectId::try_from(self.data.get(at..at + self.hash_len)?).ok()
    }

    /// The tree a folder is known to be, by its number among the folders.
    pub fn tree_of(&self, folder: usize) -> Option<ObjectId> {
        self.id(self.folders.id_at(folder)?)
    }

    /// The folders right below one that git remembers too, by name.
    pub fn remembered_below(&self, folder: usize) -> HashMap<&[u8], usize> {
        self.folders.below(folder, &self.data)
    }

    /// The entries of one path; empty where there is none.
    pub fn sides(&self, path: &BStr) -> Range<usize> {
        let all = 0..self.len();
        let start = self.first_where(all.clone(), |other| other < path);
        start..self.first_where(start..all.end, |other| other == path)
    }

    /// Whether any entry lies below a folder, whose path ends with `/`.
    pub fn has_below(&self, folder: &BStr) -> bool {
        let at = self.first_where(0..self.len(), |other| other < folder);
        at < self.len() && self.path(at).starts_with(folder)
    }

    /// The entries of a range that lie below a folder, whose path ends without `/`.
    pub fn below(&self, range: Range<usize>, folder: &BStr) -> Range<usize> {
        // `a-b` < `a/b` < `a0`: what begins like the folder is before it as long as its next byte is smaller.
        let is_before = |path: &BStr| match path.strip_prefix(folder.as_bytes()) {
            Some(rest) => rest.first().is_none_or(|next| *next < b'/'),
            None => path < folder,
        };
        let start = self.first_where(range.clone(), is_before);
        let is_below = |path: &BStr| {
            let rest = path.strip_prefix(folder.as_bytes());
            rest.is_some_and(|rest| rest.starts_with(b"/"))
        };
        start..self.first_where(start..range.end, is_below)
    }

    /// All entries in parts of about a length. The sides of a conflict stay together.
    pub fn parts(&self, length: usize) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = 0;
        while start < self.len() {
            let mut end = start.saturating_add(length.max(1)).min(self.len());
            while end < self.len() && self.stage(end) != 0 && self.path(end) == self.path(end - 1) {
                end += 1;
            }
            parts.push(start..end);
            start = end;
        }
        parts
    }

    /// The first entry of a range for which something does not hold that holds for those before it.
    pub fn first_where(&self, range: Range<usize>, holds: impl Fn(&BStr) -> bool) -> usize {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(self.path(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The ranges of entries that share their path.
    pub fn paths(&self) -> impl Iterator<Item = (&BStr, Range<usize>)> {
        self.paths_in(0..self.len())
    }

    /// The same for some of the entries.
    pub fn paths_in(&self, range: Range<usize>) -> impl Iterator<Item = (&BStr, Range<usize>)> {
        let mut at = range.start;
        std::iter::from_fn(move || {
            let start = at;
            let path = (start < range.end).then(|| self.path(start))?;
            at += 1;
            // Only the sides of a conflict share a path.
            while self.stage(start) != 0 && at < range.end && self.path(at) == path {
                at += 1;
            }
            Some((path, start..at))
        })
    }
}

impl Spelled {
    /// Appends the path that is stored at a place, and says where the entry ends.
    fn add(&mut self, data: &[u8], at: usize) -> Option<usize> {
        let mut rest = data.get(at..)?;
        let dropped = varint::read(&mut rest)?;
        let suffix = rest.get(..rest.find_byte(0)?)?;
        let before = self.range(self.ends.len().wrapping_sub(1)).unwrap_or(0..0);
        let kept = before.start..before.end.checked_sub(dropped)?.max(before.start);
        self.text.extend_from_within(kept);
        self.text.extend_from_slice(suffix);
        self.ends.push(u32::try_from(self.text.len()).ok()?);
        Some(data.len() - rest.len() + suffix.len() + 1)
    }

    fn range(&self, at: usize) -> Option<Range<usize>> {
        let end = usize::try_from(*self.ends.get(at)?).ok()?;
        let start = match at.checked_sub(1) {
            Some(before) => usize::try_from(*self.ends.get(before)?).ok()?,
            None => 0,
        };
        Some(start..end)
    }

    fn get(&self, at: usize) -> Option<&[u8]> {
        self.text.get(self.range(at)?)
    }
}

/// Names that do not fit into the flags' twelve bits end at a zero.
fn name_length(data: &[u8], path_at: usize, flags: u16) -> Option<usize> {
    match flags & LONG_NAME {
        LONG_NAME => data.get(path_at..)?.find_byte(0),
        length => Some(usize::from(length)),
    }
}

fn u32(rest: &mut &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(take(rest, 4)?.try_into().ok()?))
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
