//! `differ` and `agree`: facts are grouped by what they have in common, and each group is one finding or none.

use std::collections::{BTreeSet, HashMap};

use super::Run;
use super::build::Raw;
use super::index::{Key, Part, part};
use crate::model::schema::Common;
use crate::model::{Env, EnvSet, Fact, Field, Val};
use crate::policy::message::shown;
use crate::policy::policy::{Across, Group, Rule};

impl<'p> Run<'_, 'p> {
    pub(super) fn differ(
        &mut self,
        rule: &'p Rule,
        group: &'p Group,
        may_share: &[EnvSet],
    ) -> usize {
        let selected = self.selected(rule);
        let fields: Vec<Field> = group.by.iter().chain(&group.value).copied().collect();
        for members in self.grouped(rule, group, &fields, &selected) {
            if members.len() < 2 {
                continue;
            }
            let parts: BTreeSet<Part<'_>> = members
                .iter()
                .map(|at| across(self.fact(*at), group))
                .collect();
            let places: BTreeSet<_> = members.iter().map(|at| place(self.fact(*at))).collect();
            let apart = match group.across {
                Across::Fact => places.len(),
                Across::Field(_) => parts.len(),
            };
            let envs = self.envs(&members);
            let allowed = group.across == Across::Field(Common::Env.field())
                && may_share.iter().any(|set| envs.is_subset(*set));
            if apart < 2 || allowed {
                continue;
            }
            let value = self.value_text(&members, group);
            if let Some(raw) = self.group_found(rule, group, members, may_share) {
                raw.words.value = value;
            }
        }
        selected.len()
    }

    pub(super) fn agree(&mut self, rule: &'p Rule, group: &'p Group) -> usize {
        let selected = self.selected(rule);
        for members in self.grouped(rule, group, &group.by, &selected) {
            let with_value: Vec<u32> = members
                .into_iter()
                .filter(|at| Key::of(self.fact(*at), group.value.iter().copied()).is_some())
                .collect();
            let parts: BTreeSet<Part<'_>> = with_value
                .iter()
                .map(|at| across(self.fact(*at), group))
                .collect();
            let values: BTreeSet<Option<Key<'_>>> = with_value
                .iter()
                .map(|at| Key::of(self.fact(*at), group.value.iter().copied()))
                .collect();
            if parts.len() < 2 || values.len() < 2 {
                continue;
            }
            let values = self.value_texts(&with_value, group);
            let sides = self.sides(&with_value, group);
            if let Some(raw) = self.group_found(rule, group, with_value, &[]) {
                raw.words.values = values;
                raw.words.sides = sides;
            }
        }
        selected.len()
    }

    /// Members of each group, in the order of their first facts.
    pub(super) fn grouped(
        &self,
        rule: &Rule,
        group: &Group,
        fields: &[Field],
        selected: &[u32],
    ) -> Vec<Vec<u32>> {
        let project = rule.per_project.then(|| Common::Project.field());
        let fields: Vec<Field> = fields.iter().copied().chain(project).collect();
        let mut numbers: HashMap<Key<'_>, usize> = HashMap::new();
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for at in selected {
            let fact = self.fact(*at);
            if across(fact, group) == Part::Absent {
                continue;
            }
            let Some(key) = Key::of(fact, fields.iter().copied()) else {
                continue;
            };
            let next = groups.len();
            let number = *numbers.entry(key).or_insert(next);
            if number == next {
                groups.push(Vec::new());
            }
            groups[number].push(*at);
        }
        groups
    }

    /// One finding about a group, at its most exposed member.
    fn group_found(
        &mut self,
        rule: &'p Rule,
        group: &'p Group,
        mut members: Vec<u32>,
        may_share: &[EnvSet],
    ) -> Option<&mut Raw<'p>> {
        // Stable: inside one environment the order of paths stays.
        members.sort_by_key(|at| std::cmp::Reverse(self.exposure(*at)));
        let primary = *members.first()?;
        let envs = self.envs(&members);
        let mut severity = self.severity(rule, primary)?;
        if group.across == Across::Field(Common::Env.field()) && only_unassigned(envs, may_share) {
            severity = severity.lowered();
        }
        let mut raw = Raw::about(self.policy, rule, primary, severity, self.fact(primary));
        raw.members = members;
        raw.envs = envs;
        raw.group = Some(group);
        self.raws.push(raw);
        self.raws.last_mut()
    }

    pub(super) fn exposure(&self, at: u32) -> i32 {
        let env = self.fact(at).env;
        env.map_or(-1, |env| i32::from(self.input.environments.exposure(env)))
    }

    pub(super) fn envs(&self, members: &[u32]) -> EnvSet {
        EnvSet::of(members.iter().filter_map(|at| self.fact(*at).env))
    }

    fn value_text(&self, members: &[u32], group: &Group) -> String {
        members
            .first()
            .map_or(String::new(), |at| self.values_of(*at, &group.value))
    }

    fn value_texts(&self, members: &[u32], group: &Group) -> String {
        let texts = members.iter().map(|at| self.values_of(*at, &group.value));
        let mut texts: Vec<String> = texts.collect();
        texts.sort();
        texts.dedup();
        crate::policy::message::few(&texts, 4)
    }

    /// `16 in production, 15 in staging and demo`: each value with the sides that have it, most exposed first.
    fn sides(&self, members: &[u32], group: &Group) -> String {
        let mut members = members.to_vec();
        members.sort_by_key(|at| std::cmp::Reverse(self.exposure(*at)));
        let mut sides: Vec<(String, Vec<String>)> = Vec::new();
        for at in members {
            let value = self.values_of(at, &group.value);
            let side = match group.across {
                Across::Field(field) => self.values_of(at, &[field]),
                Across::Fact => continue,
            };
            match sides.iter_mut().find(|(seen, _)| *seen == value) {
                Some((_, on)) if on.contains(&side) => {}
                Some((_, on)) => on.push(side),
                None => sides.push((value, vec![side])),
            }
        }
        let texts: Vec<String> = sides
            .iter()
            .map(|(value, on)| format!("{value} in {}", on.join(" and ")))
            .collect();
        crate::policy::message::few(&texts, 4)
    }

    pub(super) fn values_of(&self, at: u32, fields: &[Field]) -> String {
        let fact = self.fact(at);
        let texts = fields
            .iter()
            .map(|field| shown(fact.get(*field), self.input.environments));
        texts.collect::<Vec<_>>().join("/")
    }
}

/// True where no two named environments stand against each other: nobody knows what an unassigned file runs.
fn only_unassigned(envs: EnvSet, may_share: &[EnvSet]) -> bool {
    let named = envs.without(Env::UNASSIGNED);
    envs.has(Env::UNASSIGNED)
        && (named.len() < 2 || may_share.iter().any(|set| named.is_subset(*set)))
}

/// The part of the comparison a fact belongs to. An unassigned file is a part of its own here.
pub(super) fn across<'a>(fact: &'a Fact, group: &Group) -> Part<'a> {
    match group.across {
        Across::Fact => Part::Bool(true),
        Across::Field(field) => match fact.get(field) {
            Val::Absent => Part::Absent,
            value => part(value),
        },
    }
}

fn place(fact: &Fact) -> (&str, u32, u32) {
    (&fact.file.path, fact.span.start, fact.span.end)
}
