//! Finds a ref in a repository that keeps its refs in reftables (`git init --ref-format=reftable`).
//!
//! The git library reads everything of such a repository but its refs, and no crate does, so the few pages of the
//! format that a lookup needs are read here: <https://git-scm.com/docs/reftable>. Tables are small and sorted; they are
//! read from the front, without their indexes.

use std::path::{Path, PathBuf};

use gix::bstr::{BStr, BString, ByteSlice};
use gix::{ObjectId, Repository};

use super::varint::{self, take};

/// A symbolic ref that leads over more of its kind than this leads nowhere.
const MOST_LINKS: usize = 5;

/// Where a ref leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Object(ObjectId),
    /// A symbolic ref to one that is not there: a branch without a commit.
    Unborn,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Deleted,
    Object(ObjectId),
    Symbolic(BString),
}

/// Whether the refs of a repository are kept this way.
pub fn is_used(repo: &Repository) -> bool {
    repo.config_snapshot()
        .string("extensions.refStorage")
        .is_some_and(|storage| storage.eq_ignore_ascii_case(b"reftable"))
}

/// A revision with the ref at its beginning looked up: `main~2` becomes `<id>~2`.
pub fn looked_up(repo: &Repository, rev: &str) -> Option<(Target, String)> {
    let end = rev.find(['^', '~', ':']).unwrap_or(rev.len());
    let end = rev.find("@{").map_or(end, |at| end.min(at));
    let (name, rest) = rev.split_at_checked(end)?;
    let name = if name == "@" { "HEAD" } else { name };
    let forms = [
        "{}",
        "refs/{}",
        "refs/tags/{}",
        "refs/heads/{}",
        "refs/remotes/{}",
        "refs/remotes/{}/HEAD",
    ];
    let target = forms
        .iter()
        .find_map(|form| resolve(repo, &form.replace("{}", name)))?;
    let rev = match &target {
        Target::Object(id) => format!("{id}{rest}"),
        Target::Unborn => rev.to_owned(),
    };
    Some((target, rev))
}

/// The branch that is checked out; `None` where HEAD is a commit.
pub fn head(repo: &Repository) -> Option<BString> {
    match find(repo, BStr::new("HEAD"))? {
        Value::Symbolic(target) => Some(target),
        Value::Deleted | Value::Object(_) => None,
    }
}

fn resolve(repo: &Repository, name: &str) -> Option<Target> {
    let mut name = BString::from(name);
    for hop in 0..MOST_LINKS {
        match find(repo, name.as_bstr()) {
            Some(Value::Object(id)) => return Some(Target::Object(id)),
            Some(Value::Symbolic(target)) => name = target,
            Some(Value::Deleted) | None => return (hop > 0).then_some(Target::Unborn),
        }
    }
    None
}

/// What the newest table that knows a ref says of it.
fn find(repo: &Repository, name: &BStr) -> Option<Value> {
    let own = !name.starts_with(b"refs/")
        || name.starts_with(b"refs/worktree/")
        || name.starts_with(b"refs/bisect/");
    let home = if own {
        repo.git_dir()
    } else {
        repo.common_dir()
    };
    tables(&home.join("reftable"))
        .into_iter()
        .rev()
        .find_map(|table| {
            let data = std::fs::read(table).ok()?;
            Table {
                data: &data,
                hash_len: repo.object_hash().len_in_bytes(),
            }
            .find(name)
        })
}

/// From the oldest to the newest.
fn tables(folder: &Path) -> Vec<PathBuf> {
    let list = std::fs::read_to_string(folder.join("tables.list")).unwrap_or_default();
    let is_name = |line: &&str| !line.is_empty() && !line.contains(['/', '\\']);
    list.lines()
        .filter(is_name)
        .map(|line| folder.join(line))
        .collect()
}

struct Table<'a> {
    data: &'a [u8],
    hash_len: usize,
}

impl Table<'_> {
    /// Reads the ref blocks, which come first, until the name or its place is passed.
    fn find(&self, name: &BStr) -> Option<Value> {
        let header = match self.data.get(..5)? {
            b"REFT\x01" => 24,
            b"REFT\x02" => 28,
            _ => return None,
        };
        let block_size = u24(self.data.get(5..8)?);
        let mut start = 0;
        loop {
            let at = start + if start == 0 { header } else { 0 };
            if *self.data.get(at)? != b'r' {
                return None;
            }
            // The length of the first block counts the file's header too.
            let length = u24(self.data.get(at + 1..at + 4)?);
            let block = self.data.get(start..start + length)?;
            if let Some(value) = self.find_in_block(block.get(at - start + 4..)?, name) {
                return Some(value);
            }
            let padded = length < block_size && self.data.get(start + length) == Some(&0);
            start += if padded { block_size } else { length.max(1) };
        }
    }

    fn find_in_block(&self, block: &[u8], name: &BStr) -> Option<Value> {
        let (records, count) = block.split_at_checked(block.len().checked_sub(2)?)?;
        let restarts = usize::from(u16::from_be_bytes(count.try_into().ok()?)) * 3;
        let mut rest = records.get(..records.len().checked_sub(restarts)?)?;
        let mut key: Vec<u8> = Vec::new();
        while !rest.is_empty() {
            let value = self.record(&mut rest, &mut key)?;
            if key == name.as_bytes() {
                return Some(value);
            }
        }
        None
    }

    /// Reads one record. Names are stored as what they do not share with the one before.
    fn record(&self, rest: &mut &[u8], key: &mut Vec<u8>) -> Option<Value> {
        let shared = varint::read(rest)?;
        let suffix_and_type = varint::read(rest)?;
        key.truncate(shared);
        key.extend_from_slice(take(rest, suffix_and_type >> 3)?);
        let _update_index = varint::read(rest)?;
        let id = |rest: &mut &[u8]| ObjectId::try_from(take(rest, self.hash_len)?).ok();
        match suffix_and_type & 7 {
            0 => Some(Value::Deleted),
            1 => id(rest).map(Value::Object),
            2 => {
                let tag = id(rest)?;
                id(rest).map(|_peeled| Value::Object(tag))
            }
            3 => {
                let length = varint::read(rest)?;
                take(rest, length).map(|target| Value::Symbolic(BString::from(target)))
            }
            _ => None,
        }
    }
}

fn u24(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .fold(0, |value, byte| value << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_table_holds_nothing() {
        let whole = b"REFT\x01\x00\x10\x00\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0r\x00\x00\x30";
        for end in 0..whole.len() {
            let table = Table {
                data: &whole[..end],
                hash_len: 20,
            };
            assert_eq!(table.find("HEAD".into()), None);
        }
    }
}
