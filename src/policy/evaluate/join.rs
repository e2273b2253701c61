//! `exists` and `not_exists`: partners are looked up by the fields both sides must have in common.

use std::collections::HashMap;

use super::Run;
use super::index::Key;
use crate::model::schema::Common;
use crate::model::{Fact, Field};
use crate::policy::policy::{Item, Join, Rule};

/// Enough to name them; more of one kind are not interesting.
const MOST_PARTNERS: usize = 4;

impl<'p> Run<'_, 'p> {
    pub(super) fn join(&mut self, rule: &'p Rule, join: &'p Join, wanted: bool) -> usize {
        let selected = self.selected(rule);
        if selected.is_empty() {
            return 0;
        }
        for item in &join.items {
            let found = self.item(rule, join, item, wanted, &selected);
            for (at, partners) in found {
                let Some(raw) = self.found(rule, at) else {
                    continue;
                };
                raw.partners = partners;
                raw.each = item.text.as_deref();
            }
        }
        selected.len()
    }

    /// The selected facts that break the rule, with the partners they should not have.
    fn item(
        &self,
        rule: &Rule,
        join: &Join,
        item: &Item,
        wanted: bool,
        selected: &[u32],
    ) -> Vec<(u32, Vec<u32>)> {
        let partners = self.partners(rule, join, item, wanted);
        let left = left_fields(rule, join);
        let mut found = Vec::new();
        for at in selected {
            let fact = self.fact(*at);
            if let Some(envs) = item.envs
                && !fact.env.is_some_and(|env| envs.has(env))
            {
                continue;
            }
            let list = Key::of(fact, left.iter().copied()).and_then(|key| partners.get(&key));
            if wanted {
                if list.is_none() {
                    found.push((*at, Vec::new()));
                }
                continue;
            }
            let others: Vec<u32> = list
                .into_iter()
                .flatten()
                .copied()
                .filter(|other| !same_place(fact, self.fact(*other)))
                .collect();
            if !others.is_empty() {
                found.push((*at, others));
            }
        }
        found
    }

    fn partners(
        &self,
        rule: &Rule,
        join: &Join,
        item: &Item,
        wanted: bool,
    ) -> HashMap<Key<'_>, Vec<u32>> {
        let right = right_fields(rule, join);
        let most = if wanted { 1 } else { MOST_PARTNERS };
        let mut partners: HashMap<Key<'_>, Vec<u32>> = HashMap::new();
        for at in self.index.of(join.kind) {
            let fact = self.fact(*at);
            if !(join.any_layer || fact.layer.is("effective")) || !item.select.matches(fact) {
                continue;
            }
            if let Some(key) = Key::of(fact, right.iter().copied()) {
                let list = partners.entry(key).or_default();
                if list.len() < most {
                    list.push(*at);
                }
            }
        }
        partners
    }
}

fn left_fields(rule: &Rule, join: &Join) -> Vec<Field> {
    let project = rule.per_project.then(|| Common::Project.field());
    join.same
        .iter()
        .map(|(left, _)| *left)
        .chain(project)
        .collect()
}

fn right_fields(rule: &Rule, join: &Join) -> Vec<Field> {
    let project = rule.per_project.then(|| Common::Project.field());
    join.same
        .iter()
        .map(|(_, right)| *right)
        .chain(project)
        .collect()
}

pub(super) fn same_place(a: &Fact, b: &Fact) -> bool {
    a.span == b.span && a.file.path == b.file.path
}
