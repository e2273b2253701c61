//! A policy that cannot be wrong any more: what the evaluators run.

use std::sync::Arc;

use super::cond::Cond;
use super::diagnostic::At;
use super::message::Template;
use crate::model::{EnvSet, Fact, Field, Kind, Severity, Str, Val};

#[derive(Clone, Debug)]
pub struct Policy {
    pub id: Str,
    pub title: Str,
    pub why: Str,
    pub fix: Option<Str>,
    pub serves: Vec<Str>,
    pub tags: Vec<Str>,
    /// Ships switched on.
    pub default_on: bool,
    /// Switched on in this run.
    pub on: bool,
    /// Last day it is asked.
    pub expires: Option<Str>,
    /// Parameters without a value that it cannot work without.
    pub dormant: Vec<Str>,
    /// Shared: both trees of a comparison are judged by them.
    pub rules: Arc<Vec<Rule>>,
    /// Environments that a matrix row decides about instead.
    pub except: EnvSet,
    pub at: At,
}

/// One selection and one assertion.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `row@environment` of a matrix.
    pub row: Option<Str>,
    pub kind: Kind,
    pub select: Cond,
    /// `where` chooses the layer itself; otherwise only what holds is read.
    pub any_layer: bool,
    /// The column of a matrix.
    pub envs: Option<EnvSet>,
    pub assertion: Assertion,
    /// Facts of different projects are not compared.
    pub per_project: bool,
    pub grade: Grade,
    pub message: Template,
    pub note: Option<Str>,
    pub edit: Option<Edit>,
    /// Of the policy that a matrix row names.
    pub borrowed: Option<Borrowed>,
}

/// What a matrix row takes from the policy it names.
#[derive(Clone, Debug)]
pub struct Borrowed {
    pub why: Str,
    pub fix: Option<Str>,
}

#[derive(Clone, Debug)]
pub enum Assertion {
    /// A test on an absent field counts as `absent`.
    Must {
        demand: Cond,
        absent: bool,
    },
    MustNot {
        demand: Cond,
    },
    Exists(Join),
    NotExists(Join),
    Differ {
        group: Group,
        may_share: Vec<EnvSet>,
    },
    Agree(Group),
    Parity(Parity),
}

#[derive(Clone, Debug)]
pub struct Join {
    pub kind: Kind,
    pub any_layer: bool,
    /// Fields of the selected fact and of its partner.
    pub same: Vec<(Field, Field)>,
    pub items: Vec<Item>,
}

/// One `each`, or the only one.
#[derive(Clone, Debug)]
pub struct Item {
    pub text: Option<Str>,
    /// Asked of facts of these environments only.
    pub envs: Option<EnvSet>,
    pub select: Cond,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub by: Vec<Field>,
    pub across: Across,
    pub value: Vec<Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Across {
    Field(Field),
    /// Any two facts at different places.
    Fact,
}

#[derive(Clone, Debug)]
pub struct Parity {
    pub group: Group,
    /// The partitions that the others are measured against.
    pub base: Option<Cond>,
    pub extra_denied: bool,
}

/// How grave a finding is; `None` says nothing at all.
#[derive(Clone, Debug)]
pub enum Grade {
    Fixed(Severity),
    By {
        /// The first whose value the table lists decides.
        fields: Vec<Field>,
        table: Vec<(Key, Option<Severity>)>,
        default: Option<Severity>,
    },
}

#[derive(Clone, Debug)]
pub enum Key {
    Text(Str),
    Env(EnvSet),
}

#[derive(Clone, Debug)]
pub struct Edit {
    pub append: Str,
    pub text: Template,
}

impl Policy {
    /// True when it compares facts with each other, so that one fact proves nothing.
    pub fn compares(&self) -> bool {
        self.rules.iter().any(|rule| rule.assertion.is_group())
    }

    /// Kinds of facts it reads.
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds = Vec::new();
        for rule in self.rules.iter() {
            kinds.push(rule.kind);
            if let Assertion::Exists(join) | Assertion::NotExists(join) = &rule.assertion {
                kinds.push(join.kind);
            }
        }
        kinds
    }
}

impl Rule {
    /// Whether a fact of the rule's kind is one it speaks about.
    pub fn selects(&self, fact: &Fact) -> bool {
        (self.any_layer || fact.layer.is("effective"))
            && self
                .envs
                .is_none_or(|envs| fact.env.is_some_and(|env| envs.has(env)))
            && self.select.matches(fact)
    }
}

impl Assertion {
    pub fn is_group(&self) -> bool {
        matches!(self, Self::Differ { .. } | Self::Agree(_) | Self::Parity(_))
    }

    /// What a comparison compares.
    pub fn group(&self) -> Option<&Group> {
        match self {
            Self::Differ { group, .. } | Self::Agree(group) => Some(group),
            Self::Parity(parity) => Some(&parity.group),
            _ => None,
        }
    }

    /// Every condition beside `where`.
    pub fn conds(&self) -> Vec<&Cond> {
        match self {
            Self::Must { demand, .. } | Self::MustNot { demand } => vec![demand],
            Self::Exists(join) | Self::NotExists(join) => {
                join.items.iter().map(|item| &item.select).collect()
            }
            Self::Parity(parity) => parity.base.iter().collect(),
            Self::Differ { .. } | Self::Agree(_) => Vec::new(),
        }
    }

    /// Every condition beside `where`.
    pub fn conds_mut(&mut self) -> Vec<&mut Cond> {
        match self {
            Self::Must { demand, .. } | Self::MustNot { demand } => vec![demand],
            Self::Exists(join) | Self::NotExists(join) => {
                join.items.iter_mut().map(|item| &mut item.select).collect()
            }
            Self::Parity(parity) => parity.base.iter_mut().collect(),
            Self::Differ { .. } | Self::Agree(_) => Vec::new(),
        }
    }
}

impl Grade {
    /// The gravest it can be.
    pub fn worst(&self) -> Option<Severity> {
        match self {
            Self::Fixed(severity) => Some(*severity),
            Self::By { table, default, .. } => {
                let table = table.iter().filter_map(|(_, severity)| *severity);
                table.chain(*default).max()
            }
        }
    }

    pub fn of(&self, fact: &Fact) -> Option<Severity> {
        let (fields, table, default) = match self {
            Self::Fixed(severity) => return Some(*severity),
            Self::By {
                fields,
                table,
                default,
            } => (fields, table, default),
        };
        let listed = |field: &Field| {
            let value = fact.get(*field);
            let row = table.iter().find(|(key, _)| match (key, value) {
                (Key::Env(set), Val::Env(env)) => set.has(env),
                (Key::Text(text), value) => value.text() == Some(text),
                _ => false,
            });
            row.map(|(_, severity)| *severity)
        };
        fields.iter().find_map(listed).unwrap_or(*default)
    }
}
