//! All policies of a run: those that ship and a team's own, under the configuration's settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compile::{Setting, compile, matrix, unknown_policy};
use super::diagnostic::{Diagnostic, Source, tidy};
use super::load::load;
use super::policy::{Borrowed, Grade, Policy, Rule};
use super::spec::{Body, Cell, MatrixSpec, RowKind, RowSpec, Spec, Text};
use crate::model::{EnvSet, Environments, Kind, Str};

/// Settings by policy id.
pub type Settings = BTreeMap<Str, Setting>;

/// Policy files of a run, read once and compiled under any settings.
#[derive(Debug, Default)]
pub struct Catalogue {
    pub specs: Vec<Spec>,
    /// Mistakes found while reading.
    pub found: Vec<Diagnostic>,
}

impl Catalogue {
    /// The policies that ship.
    pub fn shipped() -> Self {
        let (specs, found) = super::builtin::specs();
        Self { specs, found }
    }

    /// As `shipped`, without examples: enough to judge, and read in no time.
    pub fn shipped_rules() -> Self {
        let (specs, found) = super::builtin::rules();
        Self { specs, found }
    }

    /// As `shipped_rules`, of those that ship switched on.
    pub fn shipped_on() -> Self {
        let (specs, found) = super::builtin::rules_on();
        Self { specs, found }
    }

    /// Adds the policies of one file.
    pub fn add(&mut self, source: &Arc<Source>) {
        let (mut specs, mut found) = load(source);
        self.specs.append(&mut specs);
        self.found.append(&mut found);
    }

    pub fn get(&self, id: &str) -> Option<&Spec> {
        self.specs.iter().find(|spec| &*spec.id.text == id)
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.specs.iter().map(|spec| &*spec.id.text)
    }

    /// All policies, or every mistake in any file: those of reading and those of typing.
    pub fn compile(
        &self,
        environments: &Environments,
        settings: &Settings,
    ) -> Result<Vec<Policy>, Vec<Diagnostic>> {
        let compiled = compile_all(&self.specs, environments, settings);
        if self.found.is_empty() {
            return compiled;
        }
        let typing = compiled.err().unwrap_or_default();
        Err(tidy(self.found.iter().cloned().chain(typing).collect()))
    }
}

/// Compiles all policies, or tells every mistake in any of them.
pub fn compile_all(
    specs: &[Spec],
    environments: &Environments,
    settings: &Settings,
) -> Result<Vec<Policy>, Vec<Diagnostic>> {
    let mut found = repeated_ids(specs);
    let mut compiled: Vec<Option<Policy>> = Vec::with_capacity(specs.len());
    let none = Setting::default();
    for spec in specs {
        let setting = settings.get(&spec.id.text).unwrap_or(&none);
        let (policy, mut problems) = compile(spec, environments, setting);
        found.append(&mut problems);
        compiled.push(policy);
    }
    let mut linker = Linker {
        specs,
        environments,
        compiled: &mut compiled,
        found: &mut found,
    };
    for (at, spec) in specs.iter().enumerate() {
        let setting = settings.get(&spec.id.text).unwrap_or(&none);
        linker.link(at, setting);
    }
    if found.is_empty() {
        Ok(compiled.into_iter().flatten().collect())
    } else {
        Err(tidy(found))
    }
}

fn repeated_ids(specs: &[Spec]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&Str, &Spec> = BTreeMap::new();
    let mut found = Vec::new();
    for spec in specs {
        if let Some(first) = seen.get(&spec.id.text) {
            let at = first.at(first.id.span);
            let title = format!("two policies are called `{}`", spec.id.text);
            found.push(
                Diagnostic::error("P013", spec.at(spec.id.span), title)
                    .label("give it a name of its own")
                    .note(format!(
                        "the other one: {}:{}",
                        first.source.name,
                        at.line_col().line
                    )),
            );
        } else {
            seen.insert(&spec.id.text, spec);
        }
    }
    found
}

/// Fills matrix rows that name a policy: the row decides where that policy applies.
struct Linker<'a> {
    specs: &'a [Spec],
    environments: &'a Environments,
    compiled: &'a mut Vec<Option<Policy>>,
    found: &'a mut Vec<Diagnostic>,
}

impl Linker<'_> {
    fn link(&mut self, at: usize, setting: &Setting) {
        let specs = self.specs;
        let Body::Matrix(matrix) = &specs[at].body else {
            return;
        };
        for row in &matrix.rows {
            let RowKind::Policy(id) = &row.what else {
                continue;
            };
            let Some(target) = self.target(&specs[at], id) else {
                continue;
            };
            let rules = self.rules(row, target, setting);
            let columns = self.columns(matrix);
            let on = self.compiled[at].as_ref().is_some_and(|policy| policy.on);
            if let Some(policy) = &mut self.compiled[at] {
                Arc::make_mut(&mut policy.rules).extend(rules);
            }
            if on && let Some(policy) = &mut self.compiled[target] {
                policy.except = policy.except.union(columns);
            }
        }
    }

    /// The policy a row names, if a row can decide about it.
    fn target(&mut self, spec: &Spec, id: &Text) -> Option<usize> {
        let at = spec.at(id.span);
        let Some(target) = self.specs.iter().position(|one| one.id.text == id.text) else {
            let ids = self.specs.iter().map(|one| &*one.id.text);
            self.found.push(unknown_policy(&id.text, at, "C004", ids));
            return None;
        };
        let policy = self.compiled[target].as_ref()?;
        let compares = policy.rules.iter().any(|rule| rule.assertion.is_group());
        if matches!(self.specs[target].body, Body::Matrix(_)) || compares {
            let title = format!("a row cannot decide about `{}`", id.text);
            let label = if compares {
                "it compares environments with each other; a cell speaks of one"
            } else {
                "it is a matrix itself"
            };
            self.found
                .push(Diagnostic::error("P009", at, title).label(label));
            return None;
        }
        Some(target)
    }

    fn columns(&self, matrix: &MatrixSpec) -> EnvSet {
        let words = matrix.environments.iter();
        words
            .filter_map(|word| self.environments.resolve(&word.text))
            .fold(EnvSet::EMPTY, EnvSet::union)
    }

    fn rules(&self, row: &RowSpec, target: usize, setting: &Setting) -> Vec<Rule> {
        let Some(policy) = &self.compiled[target] else {
            return Vec::new();
        };
        let mut rules = Vec::new();
        for cell in &row.cells {
            let Some(envs) = self.environments.resolve(&cell.env.text) else {
                continue;
            };
            if matches!(cell.cell, Cell::Allowed) {
                continue;
            }
            for rule in policy.rules.iter() {
                let mut rule = rule.clone();
                rule.row = Some(Str::from(format!(
                    "{}@{}",
                    matrix::slug(&row.name.text),
                    cell.env.text
                )));
                rule.envs = Some(envs);
                // The column says which environment; the policy's own choice of them no longer counts.
                let env = crate::model::schema::Common::Env.field();
                rule.select.drop_tests_of(env);
                if let Some(severity) = setting.severity.or(row.severity) {
                    rule.grade = Grade::Fixed(severity);
                }
                rule.borrowed = Some(Borrowed {
                    why: Str::clone(&policy.why),
                    fix: policy.fix.clone(),
                });
                rules.push(rule);
            }
        }
        rules
    }
}

/// Kinds of facts that policies which are on read: nobody needs the others.
pub fn kinds_read(policies: &[Policy]) -> Vec<Kind> {
    let on = policies.iter().filter(|policy| policy.on);
    let mut kinds: Vec<Kind> = on.flat_map(Policy::kinds).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}
