//! What happens to the keys of a finished map: `<<` is folded in (YAML), and keys written twice are noticed.

use std::collections::HashSet;

use super::node::{Entry, Node, Style, Value};
use crate::model::{Problem, Span, Str};

/// Folds merge keys into the entries and reports duplicate keys. Own keys win over merged ones, the first map of a list
/// over later ones.
pub fn settle(entries: &mut Vec<Entry>, problems: &mut Vec<Problem>) {
    report_duplicates(entries, problems);
    if !entries.iter().any(is_merge) {
        return;
    }
    let (merges, own): (Vec<_>, Vec<_>) = entries.drain(..).partition(is_merge);
    let mut seen: HashSet<Str> = own.iter().filter_map(name).collect();
    *entries = own;
    for merge in merges {
        let place = merge.value.place();
        match sources(merge.value) {
            Some(maps) => {
                for map in maps {
                    adopt(map, entries, &mut seen);
                }
            }
            None => problems.push(Problem::new(
                "merge-key",
                place,
                "`<<` takes a map or a list of maps",
            )),
        }
    }
}

/// `<<` written plainly; quoted it is a key like any other.
fn is_merge(entry: &Entry) -> bool {
    match &entry.key.value {
        Value::Scalar { text, style } => text.as_ref() == "<<" && *style == Style::Plain,
        _ => false,
    }
}

fn name(entry: &Entry) -> Option<Str> {
    match &entry.key.value {
        Value::Scalar { text, .. } => Some(text.clone()),
        _ => None,
    }
}

/// The maps a merge key names, first one strongest. An alias to nothing (a problem already) or an absent value names none.
fn sources(value: Node) -> Option<Vec<Node>> {
    let alias = value.alias;
    match value.value {
        Value::Null => Some(Vec::new()),
        Value::Map(_) => Some(vec![value]),
        Value::Seq(items) => items
            .into_iter()
            .filter(|item| !item.is_null())
            .map(|mut item| {
                item.alias = alias.or(item.alias);
                item.is_map().then_some(item)
            })
            .collect(),
        Value::Scalar { .. } => None,
    }
}

/// Takes over the entries nobody closer has. Of a name twice in one map the last counts, as everywhere.
fn adopt(map: Node, entries: &mut Vec<Entry>, seen: &mut HashSet<Str>) {
    let alias = map.alias;
    let Value::Map(list) = map.value else { return };
    let from = entries.len();
    for mut entry in list.into_iter().rev() {
        if name(&entry).is_some_and(|name| !seen.insert(name)) {
            continue;
        }
        entry.merged = true;
        entry.key.alias = alias.or(entry.key.alias);
        entry.value.alias = alias.or(entry.value.alias);
        entries.push(entry);
    }
    if let Some(adopted) = entries.get_mut(from..) {
        adopted.reverse();
    }
}

fn report_duplicates(entries: &[Entry], problems: &mut Vec<Problem>) {
    // Most maps are small, and comparing a few names is cheaper than hashing them.
    let is_small = entries.len() <= 8;
    let mut seen: HashSet<&str> = HashSet::new();
    for (at, entry) in entries.iter().enumerate() {
        let Some(name) = entry.key.text() else {
            continue;
        };
        let is_repeated = if is_small {
            let mut before = entries.iter().take(at);
            before.any(|other| other.key.text() == Some(name))
        } else {
            !seen.insert(name)
        };
        if is_repeated {
            problems.push(duplicate(entry.key.place()));
        }
    }
}

/// Shared by the three notations, so that one policy can speak of all of them.
pub fn duplicate(at: Span) -> Problem {
    Problem::new(
        "duplicate-key",
        at,
        "this key stands here a second time; most readers keep the last one, some refuse the file",
    )
}
