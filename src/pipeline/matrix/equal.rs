//! Which bindings of a variable are the same thing: the same value, or addresses of the same database.

use std::collections::{BTreeMap, HashMap};

use crate::model::schema::{database, url, var};
use crate::model::{Env, EnvSet, Fact, Kind, Span, Val};

/// What a binding is compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Same<'a> {
    Value(&'a str),
    /// Two users of one database share its data.
    Target(&'a str),
}

/// What is derived from variables, by the place of the variable.
pub(super) struct Derived<'a> {
    targets: HashMap<Place<'a>, &'a str>,
    local: HashMap<Place<'a>, bool>,
}

type Place<'a> = (&'a str, Span, Option<Env>);

impl<'a> Derived<'a> {
    pub(super) fn of(facts: &'a [Fact]) -> Self {
        let mut derived = Self {
            targets: HashMap::new(),
            local: HashMap::new(),
        };
        for fact in facts {
            match fact.kind {
                Kind::database if !fact.get(database::TARGET).is_absent() => {
                    derived
                        .targets
                        .insert(place(fact), fact.text(database::TARGET));
                }
                Kind::url => {
                    let class = fact.text(url::HOST_CLASS);
                    let local = matches!(class, "service" | "loopback" | "docker_host");
                    derived.local.insert(place(fact), local);
                }
                _ => {}
            }
        }
        derived
    }

    pub(super) fn same(&self, fact: &'a Fact) -> Same<'a> {
        match self.targets.get(&place(fact)) {
            Some(target) => Same::Target(target),
            None => Same::Value(fact.text(var::VALUE)),
        }
    }

    /// An address that means another machine in every network.
    pub(super) fn is_local(&self, fact: &'a Fact) -> bool {
        self.local.get(&place(fact)) == Some(&true)
    }

    /// Whether two environments with this one have something in common that should be apart.
    pub(super) fn matters(&self, fact: &'a Fact) -> bool {
        if let Some(target) = self.targets.get(&place(fact)) {
            return !target.is_empty();
        }
        match fact.text(var::IDENTITY) {
            "credential" => true,
            "instance" | "public" => !fact.get(var::VENDOR).is_absent() && !self.is_local(fact),
            _ => false,
        }
    }
}

fn place(fact: &Fact) -> Place<'_> {
    (fact.file.path.as_ref(), fact.key, fact.env)
}

/// The values of one variable, with the environments that hold each.
#[derive(Default)]
pub(super) struct Values<'a> {
    envs: BTreeMap<Same<'a>, EnvSet>,
    letters: BTreeMap<Same<'a>, String>,
}

impl<'a> Values<'a> {
    /// The values of these bindings, in the order in which letters are given.
    pub(super) fn of(bindings: &[(&'a Fact, Env)], derived: &Derived<'a>) -> Self {
        let mut values = Self::default();
        for (fact, env) in bindings {
            if !only_base(fact, *env, bindings) {
                let envs = values.envs.entry(derived.same(fact)).or_default();
                *envs = envs.with(*env);
            }
        }
        for (fact, _) in bindings {
            let same = derived.same(fact);
            let shared = values.envs.get(&same).is_some_and(|envs| envs.len() > 1);
            if shared && !values.letters.contains_key(&same) {
                let letter = letter(values.letters.len());
                values.letters.insert(same, letter);
            }
        }
        values
    }

    pub(super) fn envs(&self, same: Same<'a>) -> EnvSet {
        self.envs.get(&same).copied().unwrap_or_default()
    }

    pub(super) fn letter(&self, same: Same<'a>) -> Option<&String> {
        self.letters.get(&same)
    }
}

/// A base file alone is no environment beside those that build on it.
fn only_base(fact: &Fact, env: Env, bindings: &[(&Fact, Env)]) -> bool {
    let same = |other: &Fact| other.span == fact.span && other.file.path == fact.file.path;
    !env.is_named()
        && bindings
            .iter()
            .any(|(other, of)| of.is_named() && same(other))
}

/// A value stands there, for everybody to read.
pub(super) fn is_literal(fact: &Fact) -> bool {
    let kind = fact.text(var::VALUE_KIND);
    !matches!(kind, "empty" | "marker" | "reference" | "encrypted")
}

/// A key that moves nothing real.
pub(super) fn is_test_key(fact: &Fact) -> bool {
    fact.get(var::KEY_MODE) == Val::Word("test")
}

/// A, B … Z, AA, AB …
fn letter(mut number: usize) -> String {
    let mut letters = Vec::new();
    loop {
        let last = u8::try_from(number % 26).unwrap_or_default();
        letters.push(char::from(b'A' + last));
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    letters.iter().rev().collect()
}
