//! Which deleted file an added one was: by the same blob, or by enough lines in common. Without this every finding
//! in a file that was moved would look new.

use std::collections::HashMap;

use gix::ObjectId;

use super::Wanted;
use super::changes::{Change, Difference, plain};
use super::handle::Handle;
use crate::model::Str;

/// With more files than this on one side, only equal content tells a rename; git has such a limit too.
const MOST: usize = 200;
/// Larger files are only compared by their blob.
const LARGEST: u64 = 256 * 1024;
/// How many hundredths of the larger file's lines must be the same; git asks for half.
const ENOUGH: usize = 50;

/// All differences as changes, renames told. Content is compared only where a format could want both files.
pub(super) fn told(
    handle: &Handle,
    differences: &[Difference],
    governed: fn(&str) -> Wanted,
) -> Vec<Change> {
    let mut changes: Vec<Change> = differences.iter().map(plain).collect();
    let wanted = |at: &usize| {
        changes
            .get(*at)
            .is_some_and(|change| governed(&change.path) != Wanted::No)
    };
    let sides = differences.iter().enumerate();
    let mut gone: Vec<(usize, ObjectId)> = sides
        .clone()
        .filter_map(|(at, one)| one.new.is_none().then_some((at, one.old?.0)))
        .filter(|(at, _)| wanted(at))
        .collect();
    let mut added: Vec<(usize, ObjectId)> = sides
        .filter_map(|(at, one)| one.old.is_none().then_some((at, one.new?.0)))
        .filter(|(at, _)| wanted(at))
        .collect();
    let names: Vec<Str> = changes
        .iter()
        .map(|change| Str::clone(&change.path))
        .collect();
    let mut pairs = equal(&gone, &added, &names);
    gone.retain(|(at, _)| pairs.iter().all(|(old, _)| old != at));
    added.retain(|(at, _)| pairs.iter().all(|(_, new)| new != at));
    if gone.len() <= MOST && added.len() <= MOST {
        pairs.extend(similar(handle, &gone, &added, &names));
    }
    for (old, new) in pairs {
        if let (Some(change), Some(name)) = (changes.get_mut(new), names.get(old)) {
            change.renamed_from = Some(Str::clone(name));
        }
    }
    changes
}

type Numbered = [(usize, ObjectId)];

/// Pairs with the same blob; among several, those of one base name first, then in the order of paths.
fn equal(gone: &Numbered, added: &Numbered, names: &[Str]) -> Vec<(usize, usize)> {
    let mut scored = Vec::new();
    let mut by_blob: HashMap<ObjectId, Vec<usize>> = HashMap::new();
    for (old, id) in gone {
        by_blob.entry(*id).or_default().push(*old);
    }
    for (new, id) in added {
        let olds = by_blob.get(id).map(Vec::as_slice).unwrap_or_default();
        scored.extend(olds.iter().take(MOST).map(|old| (100, *old, *new)));
    }
    best(scored, names)
}

/// Pairs with enough lines in common.
fn similar(
    handle: &Handle,
    gone: &Numbered,
    added: &Numbered,
    names: &[Str],
) -> Vec<(usize, usize)> {
    if gone.is_empty() || added.is_empty() {
        return Vec::new();
    }
    let lines = |side: &Numbered| -> Vec<(usize, Lines)> {
        side.iter()
            .filter_map(|(at, id)| Some((*at, Lines::of(handle, *id)?)))
            .collect()
    };
    let (gone, added) = (lines(gone), lines(added));
    let mut scored = Vec::new();
    for (old, before) in &gone {
        for (new, after) in &added {
            let score = before.shared_with(after);
            if score >= ENOUGH {
                scored.push((score, *old, *new));
            }
        }
    }
    best(scored, names)
}

/// Takes the best pairs; no file is taken twice, and ties fall the same way every time.
fn best(mut scored: Vec<(usize, usize, usize)>, names: &[Str]) -> Vec<(usize, usize)> {
    let base = |at: usize| names.get(at).and_then(|name| name.rsplit('/').next());
    scored.sort_by_key(|(score, old, new)| {
        (
            std::cmp::Reverse(*score),
            base(*old) != base(*new),
            *new,
            *old,
        )
    });
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, old, new) in scored {
        if pairs.iter().all(|(a, b)| *a != old && *b != new) {
            pairs.push((old, new));
        }
    }
    pairs
}

/// The lines of a file, each with how often it stands there.
struct Lines {
    counts: HashMap<Vec<u8>, usize>,
    total: usize,
}

impl Lines {
    fn of(handle: &Handle, id: ObjectId) -> Option<Self> {
        if handle.size(id).ok()? > LARGEST {
            return None;
        }
        let data = handle.data(id).ok()?;
        let mut counts: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut total = 0;
        for line in data
            .split(|byte| *byte == b'\n')
            .map(<[u8]>::trim_ascii_end)
            .filter(|line| !line.is_empty())
        {
            *counts.entry(line.to_vec()).or_default() += 1;
            total += 1;
        }
        Some(Self { counts, total })
    }

    /// Hundredths of the longer one's lines that both have.
    fn shared_with(&self, other: &Self) -> usize {
        let shared: usize = other
            .counts
            .iter()
            .filter_map(|(line, count)| Some(self.counts.get(line)?.min(count)))
            .sum();
        shared * 100 / self.total.max(other.total).max(1)
    }
}
