//! `parity`: sets of values, one set for each part, must be equal; one finding for each part that is out of step.

use std::collections::BTreeMap;

use super::Run;
use super::build::Raw;
use super::group::across;
use super::index::{Key, Part};
use crate::policy::message::{few, shown};
use crate::policy::policy::{Across, Group, Parity, Rule};

/// How many names a message lists.
const LISTED: usize = 5;

/// Values of one part, with the first fact that has each.
#[derive(Default)]
struct Partition<'a> {
    facts: Vec<u32>,
    values: BTreeMap<Key<'a>, u32>,
    is_base: bool,
}

impl<'p> Run<'_, 'p> {
    pub(super) fn parity(&mut self, rule: &'p Rule, parity: &'p Parity) -> usize {
        let selected = self.selected(rule);
        let group = &parity.group;
        let mut found = Vec::new();
        for members in self.grouped(rule, group, &group.by, &selected) {
            let parts = self.partitions(parity, &members);
            let expected = expected(&parts, parity.base.is_some());
            for part in parts.values() {
                if part.is_base {
                    continue;
                }
                let missing: Vec<u32> = expected
                    .iter()
                    .filter(|(value, _)| !part.values.contains_key(value))
                    .map(|(_, at)| **at)
                    .collect();
                let extra: Vec<u32> = part
                    .values
                    .iter()
                    .filter(|(value, _)| parity.extra_denied && !expected.contains_key(value))
                    .map(|(_, at)| *at)
                    .collect();
                let in_step = missing.is_empty() && extra.is_empty();
                if !expected.is_empty() && !in_step {
                    let anchor = self.anchor(parity, &members, part, &missing);
                    let others = part.facts.iter().copied().filter(|at| *at != anchor);
                    let facts: Vec<u32> = std::iter::once(anchor).chain(others).collect();
                    found.push((facts, missing, extra));
                }
            }
        }
        for (members, missing, extra) in found {
            self.out_of_step(rule, group, &members, &missing, &extra);
        }
        selected.len()
    }

    fn partitions<'a>(
        &'a self,
        parity: &Parity,
        members: &[u32],
    ) -> BTreeMap<Part<'a>, Partition<'a>> {
        let mut parts: BTreeMap<Part<'a>, Partition<'a>> = BTreeMap::new();
        for at in members {
            let fact = self.fact(*at);
            let Some(value) = Key::of(fact, parity.group.value.iter().copied()) else {
                continue;
            };
            let part = parts.entry(across(fact, &parity.group)).or_default();
            part.facts.push(*at);
            part.values.entry(value).or_insert(*at);
            part.is_base |= parity.base.as_ref().is_some_and(|base| base.matches(fact));
        }
        parts
    }

    /// Where the first missing value belongs: behind the one that stands before it elsewhere.
    fn anchor(&self, parity: &Parity, members: &[u32], part: &Partition, missing: &[u32]) -> u32 {
        let first = part.facts.first().copied().unwrap_or_default();
        let Some(wanted) = missing.iter().min().map(|at| self.fact(*at)) else {
            return first;
        };
        let before = members
            .iter()
            .map(|at| self.fact(*at))
            .filter(|fact| fact.file.path == wanted.file.path && fact.span < wanted.span);
        let known = before.filter_map(|fact| {
            let value = Key::of(fact, parity.group.value.iter().copied())?;
            Some((fact.span, *part.values.get(&value)?))
        });
        known
            .max_by_key(|(span, _)| *span)
            .map_or(first, |(_, at)| at)
    }

    fn out_of_step(
        &mut self,
        rule: &'p Rule,
        group: &'p Group,
        members: &[u32],
        missing: &[u32],
        extra: &[u32],
    ) -> Option<()> {
        let primary = *members.first()?;
        let severity = self.severity(rule, primary)?;
        let names = |list: &[u32]| -> Vec<String> {
            let mut names: Vec<String> = list
                .iter()
                .map(|at| self.values_of(*at, &group.value))
                .collect();
            names.sort();
            names
        };
        let (missing_names, extra_names) = (names(missing), names(extra));
        let mut raw = Raw::about(self.policy, rule, primary, severity, self.fact(primary));
        raw.envs = self.envs(members);
        raw.group = Some(group);
        raw.words.count = missing.len() + extra.len();
        raw.words.missing = if missing.is_empty() {
            "nothing".to_owned()
        } else {
            few(&missing_names, LISTED)
        };
        raw.words.extra = few(&extra_names, LISTED);
        if let Across::Field(field) = group.across {
            raw.words.here = shown(self.fact(primary).get(field), self.input.environments);
        }
        raw.apart = missing_names
            .iter()
            .map(|name| format!("missing={name}"))
            .chain(extra_names.iter().map(|name| format!("extra={name}")))
            .collect();
        raw.partners = missing.iter().chain(extra).copied().collect();
        self.raws.push(raw);
        Some(())
    }
}

/// What every part should have: all values there are, or those of the base.
fn expected<'m, 'a>(
    parts: &'m BTreeMap<Part<'a>, Partition<'a>>,
    with_base: bool,
) -> BTreeMap<&'m Key<'a>, &'m u32> {
    let counted = parts.values().filter(|part| part.is_base || !with_base);
    let mut expected = BTreeMap::new();
    for part in counted {
        for (value, at) in &part.values {
            expected.entry(value).or_insert(at);
        }
    }
    expected
}
