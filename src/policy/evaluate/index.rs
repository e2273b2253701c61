//! Facts by kind, in an order that does not depend on how they were gathered, and the keys they are grouped by.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::model::{Env, Fact, Field, Kind, Str, Val};
use crate::policy::cond::is_present;

/// Positions of facts by kind; inside a kind by path, place, environment.
pub struct Index {
    by_kind: Vec<Vec<u32>>,
}

impl Index {
    pub fn new(facts: &[Fact]) -> Self {
        let mut by_kind = vec![Vec::new(); Kind::ALL.len()];
        for (at, fact) in facts.iter().enumerate() {
            if let (Some(list), Ok(at)) = (by_kind.get_mut(fact.kind as usize), u32::try_from(at)) {
                list.push(at);
            }
        }
        for list in &mut by_kind {
            // Usually sorted already, which the sort notices.
            list.sort_by(|a, b| order(&facts[*a as usize], &facts[*b as usize]));
        }
        Self { by_kind }
    }

    pub fn of(&self, kind: Kind) -> &[u32] {
        self.by_kind.get(kind as usize).map_or(&[], Vec::as_slice)
    }

    /// Kinds that have facts, with how many.
    pub fn counts(&self) -> impl Iterator<Item = (Kind, usize)> {
        Kind::ALL
            .iter()
            .map(|kind| (*kind, self.of(*kind).len()))
            .filter(|(_, count)| *count > 0)
    }
}

/// A total order of facts that looks at what they say and never at where they stand in memory.
pub(super) fn order(a: &Fact, b: &Fact) -> Ordering {
    let path = if Arc::ptr_eq(&a.file, &b.file) {
        Ordering::Equal
    } else {
        a.file.path.cmp(&b.file.path)
    };
    path.then_with(|| a.span.cmp(&b.span))
        .then_with(|| a.kind.cmp(&b.kind))
        .then_with(|| a.env.cmp(&b.env))
        .then_with(|| a.stack.cmp(&b.stack))
        .then_with(|| a.layer.cmp(&b.layer))
        .then_with(|| {
            let fields = a.kind.fields().map(|field| part(a.get(field)));
            fields.cmp(a.kind.fields().map(|field| part(b.get(field))))
        })
}

/// One field of a grouping key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part<'a> {
    #[default]
    Absent,
    Text(&'a str),
    Int(i64),
    Bool(bool),
    Env(Env),
    List(&'a [Str]),
}

/// Up to four fields without an allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key<'a> {
    few: [Part<'a>; 4],
    more: Vec<Part<'a>>,
    len: usize,
}

impl<'a> Key<'a> {
    pub(super) fn push(&mut self, part: Part<'a>) {
        match self.few.get_mut(self.len) {
            Some(slot) => *slot = part,
            None => self.more.push(part),
        }
        self.len += 1;
    }

    /// The fields of a fact; `None` when one of them is absent.
    pub(super) fn of(fact: &'a Fact, fields: impl IntoIterator<Item = Field>) -> Option<Self> {
        let mut key = Self::default();
        key.extend(fact, fields).then_some(key)
    }

    pub(super) fn extend(
        &mut self,
        fact: &'a Fact,
        fields: impl IntoIterator<Item = Field>,
    ) -> bool {
        for field in fields {
            let value = fact.get(field);
            if !is_present(value) {
                return false;
            }
            self.push(part(value));
        }
        true
    }
}

pub(super) fn part(value: Val<'_>) -> Part<'_> {
    match value {
        Val::Absent => Part::Absent,
        Val::Str(text) | Val::Word(text) => Part::Text(text),
        Val::Secret(secret) => Part::Text(secret.expose()),
        Val::Int(number) => Part::Int(number),
        Val::Bool(flag) => Part::Bool(flag),
        Val::Env(env) => Part::Env(env),
        Val::List(items) => Part::List(items),
    }
}
