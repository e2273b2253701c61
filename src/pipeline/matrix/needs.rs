//! Who asks for a variable: policies that demand it of an environment, and the code that reads it.

use std::collections::BTreeMap;

use super::super::Understood;
use crate::model::schema::{environment, var, var_read};
use crate::model::{Env, EnvSet, Fact, File, Kind, Role, Val};
use crate::policy::cond::{Body, Cond, Pred};
use crate::policy::policy::Assertion;
use crate::value::vendor;

/// Everything that asks.
pub(in crate::pipeline) struct Needs<'a> {
    /// Environments in which a policy demands it.
    policies: BTreeMap<&'a str, EnvSet>,
    reads: BTreeMap<&'a str, Reads>,
    /// Every name that is demanded, with a file that has to do with it.
    asked: Vec<(&'a str, &'a File)>,
}

/// How the code reads one variable.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::pipeline) struct Reads {
    pub demanded: bool,
    pub without_default: bool,
    pub with_default: bool,
}

impl<'a> Needs<'a> {
    pub(in crate::pipeline) fn of(understood: &'a Understood) -> Self {
        let facts = &understood.resolved.facts;
        let mut needs = Self {
            policies: BTreeMap::new(),
            reads: BTreeMap::new(),
            asked: Vec::new(),
        };
        for fact in facts.iter().filter(|fact| is_read(fact)) {
            let name = fact.text(var_read::NAME);
            let one = needs.reads.entry(name).or_default();
            let required = fact.get(var_read::REQUIRED) == Val::Bool(true);
            let demanded = fact.get(var_read::DEMANDED) == Val::Bool(true);
            one.demanded |= demanded;
            // What is only compared with a word works without a value.
            one.without_default |= required && fact.get(var_read::COMPARED).is_absent();
            one.with_default |= !required;
            if demanded {
                needs.asked.push((name, fact.file.as_ref()));
            }
        }
        needs.ask_policies(understood);
        needs
    }

    /// Names that policies which are on demand of environments the repository has.
    fn ask_policies(&mut self, understood: &'a Understood) {
        let facts = understood.resolved.facts.iter();
        let has: Vec<&Fact> = facts
            .filter(|fact| fact.kind == environment::KIND)
            .collect();
        let policies = understood.policies.iter().flatten();
        for rule in policies
            .filter(|one| one.on)
            .flat_map(|one| one.rules.iter())
        {
            let Assertion::Exists(join) = &rule.assertion else {
                continue;
            };
            if rule.kind != environment::KIND || join.kind != var::KIND {
                continue;
            }
            for item in &join.items {
                let Some(name) = name(&item.select) else {
                    continue;
                };
                let wanted = |fact: &&&Fact| {
                    let of_item = |envs: EnvSet| fact.env.is_some_and(|env| envs.has(env));
                    rule.selects(fact) && item.envs.is_none_or(of_item)
                };
                for fact in has.iter().filter(wanted) {
                    let envs = self.policies.entry(name).or_default();
                    *envs = fact.env.map_or(*envs, |env| envs.with(env));
                    self.asked.push((name, fact.file.as_ref()));
                }
            }
        }
    }

    pub(in crate::pipeline) fn asked(&self) -> impl Iterator<Item = (&'a str, &'a File)> {
        self.asked.iter().copied()
    }

    pub(in crate::pipeline) fn policy_asks(&self, name: &str, env: Env) -> bool {
        self.policies.get(name).is_some_and(|envs| envs.has(env))
    }

    pub(in crate::pipeline) fn reads(&self, name: &str) -> Reads {
        self.reads.get(name).copied().unwrap_or_default()
    }

    /// The platform, shell or build tool sets it.
    pub(in crate::pipeline) fn is_injected(name: &str) -> bool {
        vendor::injected_by(name).is_some()
    }
}

/// Reads of the program itself; those of its tests ask nothing of an environment.
pub(in crate::pipeline) fn is_read(fact: &Fact) -> bool {
    fact.kind == Kind::var_read && fact.file.role == Role::Real
}

/// The one name that a condition asks for; of several, any would do, so none is demanded.
fn name(cond: &Cond) -> Option<&str> {
    cond.clauses.iter().find_map(|clause| match &clause.body {
        Body::Test { field, preds } if *field == var::NAME => match preds.as_slice() {
            [Pred::Text(names)] if names.len() == 1 => names.first().map(AsRef::as_ref),
            _ => None,
        },
        _ => None,
    })
}
