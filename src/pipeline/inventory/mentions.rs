//! Names that some text mentions, whatever way: a settings class in small letters, a script, a template. Where a name is
//! mentioned beside the files that set it, nobody can say that it is dead.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use crate::model::{Document, Tree};

/// Those of the names that some file of the tree mentions; env files and Compose files, whose keys are the very bindings,
/// do not count. Read is also what no format had a use for.
pub(super) fn of<'a>(
    names: impl Iterator<Item = &'a str>,
    documents: &[Document],
    tree: &(dyn Tree + Sync),
) -> BTreeSet<&'a str> {
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return BTreeSet::new();
    }
    let search = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(&names);
    let Ok(search) = search else {
        // Too many names to look for: none of them is called dead.
        return names.into_iter().collect();
    };
    let binds = |document: &&Document| matches!(document.file.format, "dotenv" | "compose");
    let binding: BTreeSet<&str> = documents
        .iter()
        .filter(binds)
        .map(|document| document.file.path.as_ref())
        .collect();
    let mentioned = |path: &str| -> BTreeSet<&'a str> {
        let Ok(text) = tree.read(path) else {
            return BTreeSet::new();
        };
        let hits = search.find_overlapping_iter(text.as_ref());
        hits.filter(|hit| stands_alone(&text, hit.start(), hit.end()))
            .filter_map(|hit| names.get(hit.pattern().as_usize()).copied())
            .collect()
    };
    tree.entries()
        .par_iter()
        .filter(|entry| !binding.contains(entry.path.as_ref()))
        .map(|entry| mentioned(&entry.path))
        .reduce(BTreeSet::new, |mut one, mut other| {
            one.append(&mut other);
            one
        })
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    !before.is_some_and(part) && !after.is_some_and(part)
}
