//! What a finding is about, in words that survive moved lines and changed values: kind and natural keys of its facts.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::build::Raw;
use super::index::{Index, Key, part};
use crate::model::{Environments, Fact, Kind, Str, Type, Val};
use crate::policy::message::shown;
use crate::policy::policy::Group;

/// A place, as it tells equal facts apart.
type Spot<'a> = (&'a str, u32, u32);

/// Subjects of findings; places of facts with equal keys are gathered once for each kind that has findings.
pub(super) struct Subjects<'a> {
    facts: &'a [Fact],
    index: &'a Index,
    environments: &'a Environments,
    equals: HashMap<Kind, HashMap<Key<'a>, Vec<Spot<'a>>>>,
}

impl<'a> Subjects<'a> {
    pub(super) fn new(facts: &'a [Fact], index: &'a Index, environments: &'a Environments) -> Self {
        Self {
            facts,
            index,
            environments,
            equals: HashMap::new(),
        }
    }

    pub(super) fn of(&mut self, raw: &Raw<'_>) -> Vec<Str> {
        let fact = &self.facts[raw.primary as usize];
        let mut subject = vec![Str::from(fact.kind.name())];
        if &*fact.file.project != "." {
            subject.push(Str::from(format!("project={}", fact.file.project)));
        }
        match raw.group {
            Some(group) => self.group(raw, group, &mut subject),
            None => self.natural(fact, &mut subject),
        }
        if let Some(each) = raw.each {
            subject.push(Str::from(format!("each={each}")));
        }
        subject.extend(raw.apart.iter().map(|text| Str::from(text.as_str())));
        subject
    }

    /// The natural keys of one fact, with its number among equals.
    fn natural(&mut self, fact: &'a Fact, subject: &mut Vec<Str>) {
        for name in fact.kind.schema().key {
            if let Some(field) = fact.kind.field(name) {
                subject.push(self.entry(name, fact.get(field)));
            }
        }
        let ordinal = self.ordinal(fact);
        if ordinal > 0 {
            subject.push(Str::from(format!("#{}", ordinal + 1)));
        }
    }

    /// What a group has in common. A secret value is not part of it; then the names of its members are.
    fn group(&self, raw: &Raw<'_>, group: &Group, subject: &mut Vec<Str>) {
        let fact = &self.facts[raw.primary as usize];
        let parity = !raw.apart.is_empty();
        let compared = if raw.words.value.is_empty() {
            &[]
        } else {
            group.value.as_slice()
        };
        let open = |field: &&crate::model::Field| field.schema().ty != Type::Secret;
        let common = group.by.iter().chain(compared).filter(open);
        let before = subject.len();
        for field in common {
            subject.push(self.entry(field.schema().name, fact.get(*field)));
        }
        if parity && let crate::policy::policy::Across::Field(field) = group.across {
            subject.push(self.entry(field.schema().name, fact.get(field)));
        } else if subject.len() == before {
            subject.extend(self.members(raw));
        }
    }

    fn members(&self, raw: &Raw<'_>) -> Vec<Str> {
        let mut names = Vec::new();
        for at in &raw.members {
            let fact = &self.facts[*at as usize];
            let keys = fact.kind.schema().key.iter();
            for name in keys.filter(|name| !matches!(**name, "file" | "env")) {
                if let Some(field) = fact.kind.field(name)
                    && fact.get(field) != Val::Absent
                {
                    names.push(self.entry(name, fact.get(field)));
                }
            }
        }
        names.sort();
        names.dedup();
        names
    }

    fn entry(&self, name: &str, value: Val<'_>) -> Str {
        let mut text = format!("{name}=");
        match value {
            Val::Absent => {}
            value => {
                let _ = write!(text, "{}", shown(value, self.environments));
            }
        }
        Str::from(text)
    }

    /// How many places before this one hold a fact with the same keys.
    fn ordinal(&mut self, fact: &'a Fact) -> usize {
        let (facts, index) = (self.facts, self.index);
        let equals = self.equals.entry(fact.kind).or_insert_with(|| {
            let mut places: HashMap<Key<'a>, Vec<Spot<'a>>> = HashMap::new();
            for at in index.of(fact.kind) {
                let one = &facts[*at as usize];
                let list = places.entry(natural_key(one)).or_default();
                // Sorted by place, so equal ones stand together.
                if list.last() != Some(&spot(one)) {
                    list.push(spot(one));
                }
            }
            places
        });
        equals
            .get(&natural_key(fact))
            .and_then(|list| list.iter().position(|one| *one == spot(fact)))
            .unwrap_or(0)
    }
}

fn natural_key(fact: &Fact) -> Key<'_> {
    let mut key = Key::default();
    for name in fact.kind.schema().key {
        if let Some(field) = fact.kind.field(name) {
            key.push(part(fact.get(field)));
        }
    }
    key
}

fn spot(fact: &Fact) -> Spot<'_> {
    (&fact.file.path, fact.span.start, fact.span.end)
}
