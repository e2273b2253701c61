//! One line for each variable: what every environment has for it.

use std::collections::{BTreeMap, BTreeSet};

use super::equal::{Derived, Values, is_literal, is_test_key};
use super::needs::Needs;
use super::{Judged, graded, holding};
use crate::model::schema::var;
use crate::model::{Env, EnvSet, Environments, Fact, Kind, Role, Severity, Val};
use crate::pipeline::Understood;
use crate::view::status;

/// A variable of one project in every environment of that project.
pub struct Line<'a> {
    pub project: &'a str,
    pub name: &'a str,
    pub vendor: Option<&'a str>,
    /// It says which account or opens it; a setting does neither.
    pub identifies: bool,
    pub cells: BTreeMap<Env, Judged>,
    /// Paths of the files that bind it.
    pub files: BTreeSet<&'a str>,
}

/// All lines, by project and name.
pub fn lines(understood: &Understood) -> Vec<Line<'_>> {
    let facts = &understood.resolved.facts;
    let bindings = Bindings::of(facts);
    let scene = Scene {
        environments: &understood.lexicon.environments,
        derived: Derived::of(facts),
        needs: Needs::of(understood),
        bindings: &bindings,
    };
    let values: BTreeMap<&str, Values> = bindings
        .by_name
        .iter()
        .map(|(name, list)| (*name, Values::of(list, &scene.derived)))
        .collect();
    let none = Values::default();
    let bound = bindings.by_line.iter().map(|((project, name), list)| {
        let values = values.get(name).unwrap_or(&none);
        scene.line(project, name, list, values)
    });
    let mut lines: Vec<Line> = bound.collect();
    for (project, name, path) in scene.unbound() {
        let mut line = scene.line(project, name, &[], &none);
        line.files.insert(path);
        lines.push(line);
    }
    lines.sort_by_key(|line| (line.project, line.name));
    lines
}

/// Bindings by the variable they bind.
struct Bindings<'a> {
    by_line: BTreeMap<(&'a str, &'a str), Vec<(&'a Fact, Env)>>,
    /// Literal values of all projects.
    by_name: BTreeMap<&'a str, Vec<(&'a Fact, Env)>>,
    /// Environments of each project, and those with a settings file that is in use.
    envs: BTreeMap<&'a str, EnvSet>,
    in_use: BTreeMap<&'a str, EnvSet>,
}

impl<'a> Bindings<'a> {
    fn of(facts: &'a [Fact]) -> Self {
        let mut all = Self {
            by_line: BTreeMap::new(),
            by_name: BTreeMap::new(),
            envs: BTreeMap::new(),
            in_use: BTreeMap::new(),
        };
        for (fact, env) in holding(facts, Kind::var) {
            if fact.text(var::ORIGIN) == "code_default" {
                continue;
            }
            let (project, name) = (fact.file.project.as_ref(), fact.text(var::NAME));
            let line = all.by_line.entry((project, name)).or_default();
            line.push((fact, env));
            let real = fact.file.role != Role::Example;
            grow(&mut all.envs, project, env);
            // A CI job has what its steps need, not all of an environment.
            let whole = !matches!(fact.text(var::SOURCE), "workflow" | "script" | "code");
            if real && whole {
                grow(&mut all.in_use, project, env);
            }
            if real && fact.text(var::ORIGIN) == "value" && is_literal(fact) {
                all.by_name.entry(name).or_default().push((fact, env));
            }
        }
        all
    }
}

fn grow<'a>(sets: &mut BTreeMap<&'a str, EnvSet>, project: &'a str, env: Env) {
    let set = sets.entry(project).or_default();
    *set = set.with(env);
}

struct Scene<'a, 'b> {
    environments: &'a Environments,
    derived: Derived<'a>,
    needs: Needs<'a>,
    bindings: &'b Bindings<'a>,
}

impl<'a> Scene<'a, '_> {
    fn line(
        &self,
        project: &'a str,
        name: &'a str,
        list: &[(&'a Fact, Env)],
        values: &Values<'a>,
    ) -> Line<'a> {
        let vendor = |(fact, _): &(&'a Fact, Env)| fact.get(var::VENDOR).text();
        let identifies = |(fact, _): &(&'a Fact, Env)| fact.text(var::IDENTITY) != "none";
        let envs = self.bindings.envs.get(project).copied();
        let mut cells: BTreeMap<Env, Judged> = BTreeMap::new();
        for env in envs.unwrap_or_default().iter() {
            let of_env = list.iter().filter(|(_, of)| *of == env);
            let here: Vec<&Fact> = of_env.map(|(fact, _)| *fact).collect();
            let said = self.present(&here, env, values);
            let mut judged = said.unwrap_or_else(|| self.absent(name, &here, env, project, list));
            let read = self.needs.reads(name);
            let in_use = self.bindings.in_use.get(project);
            let measured = env.is_named() && in_use.is_some_and(|envs| envs.has(env));
            let by_code = read.demanded && measured && !Needs::is_injected(name);
            judged.required = by_code || self.needs.policy_asks(name, env);
            cells.insert(env, judged);
        }
        only(&mut cells);
        Line {
            project,
            name,
            vendor: list.iter().find_map(vendor),
            identifies: list.iter().any(identifies),
            cells,
            files: list
                .iter()
                .map(|(fact, _)| fact.file.path.as_ref())
                .collect(),
        }
    }

    /// Variables that are demanded and that nothing sets: project, name, and the file that says so.
    fn unbound(&self) -> Vec<(&'a str, &'a str, &'a str)> {
        let set = |name: &str| {
            self.bindings
                .by_line
                .keys()
                .any(|(_, known)| *known == name)
        };
        let mut found: Vec<(&str, &str, &str)> = Vec::new();
        for (name, file) in self.needs.asked() {
            let project = file.project.as_ref();
            let has_environments = self.bindings.envs.contains_key(project);
            let known = found.iter().any(|(_, other, _)| *other == name);
            if has_environments && !known && !set(name) && !Needs::is_injected(name) {
                found.push((project, name, file.path.as_ref()));
            }
        }
        found
    }

    /// What the files that are in use say; `None` where they say nothing.
    fn present(&self, here: &[&'a Fact], env: Env, values: &Values<'a>) -> Option<Judged> {
        let real = |fact: &&&Fact| fact.file.role != Role::Example;
        let said: Vec<&Fact> = here
            .iter()
            .filter(real)
            .filter(|fact| fact.text(var::ORIGIN) == "value")
            .copied()
            .collect();
        let literals: Vec<&'a Fact> = here
            .iter()
            .filter(real)
            .filter(|fact| fact.text(var::ORIGIN) == "value" && is_literal(fact))
            .copied()
            .collect();
        if !literals.is_empty() {
            return Some(self.literal(&literals, env, values));
        }
        let has = |kind: &str| said.iter().any(|fact| fact.text(var::VALUE_KIND) == kind);
        let falls_back = |fact: &&Fact| fact.get(var::HAS_FALLBACK) == Val::Bool(true);
        let (status, note) = if has("encrypted") {
            (&status::REFERENCE, "encrypted")
        } else if has("reference") && said.iter().any(falls_back) {
            (&status::REFERENCE, "falls back to a default")
        } else if has("reference") {
            (&status::REFERENCE, "")
        } else if has("marker") {
            (&status::PLACEHOLDER, "")
        } else if has("empty") {
            (&status::EMPTY, "")
        } else {
            return None;
        };
        Some(Judged {
            note,
            ..Judged::of(status)
        })
    }

    fn literal(&self, literals: &[&'a Fact], env: Env, values: &Values<'a>) -> Judged {
        let mut judged = Judged::of(&status::ISOLATED);
        let mut matters = false;
        let mut worst = Severity::Low;
        let mut harmless = true;
        for fact in literals {
            let same = self.derived.same(fact);
            let envs = values.envs(same);
            if envs.len() < 2 || !envs.has(env) {
                continue;
            }
            judged.with = judged.with.union(envs.without(env));
            if let Some(letter) = values.letter(same)
                && !judged.groups.contains(letter)
            {
                judged.groups.push(letter.clone());
            }
            if self.derived.matters(fact) {
                matters = true;
                worst = worst.max(severity_of(fact));
                harmless &= is_test_key(fact);
            }
        }
        let by_default = |fact: &&&Fact| fact.text(var::VALUE_KIND) == "default_value";
        if matters {
            judged.status = &status::SHARED;
            let envs = judged.with.with(env);
            judged.severity = graded(worst, envs, self.environments).filter(|_| !harmless);
        } else if literals.iter().any(|fact| by_default(&fact)) {
            judged.status = &status::PLACEHOLDER;
            judged.note = "a value everybody knows";
        } else if !judged.with.is_empty() {
            judged.status = &status::SAME;
        }
        judged
    }

    /// Nothing in use says anything: whether something should.
    fn absent(
        &self,
        name: &str,
        here: &[&'a Fact],
        env: Env,
        project: &str,
        list: &[(&'a Fact, Env)],
    ) -> Judged {
        let in_use = self.bindings.in_use.get(project).copied();
        let measured = in_use.unwrap_or_default().has(env);
        let form = here.iter().any(|fact| fact.file.role == Role::Example);
        let is_fallback = |(fact, _): &(&Fact, Env)| fact.text(var::ORIGIN) == "fallback";
        let read = self.needs.reads(name);
        let (status, note) = if form && measured {
            (&status::MISSING, "its template lists it")
        } else if form {
            (&status::PLACEHOLDER, "a template")
        } else if self.needs.policy_asks(name, env) {
            (&status::MISSING, "a policy requires it")
        } else if Needs::is_injected(name) {
            (&status::NOT_NEEDED, "the platform sets it")
        } else if read.without_default && measured && env.is_named() {
            (&status::MISSING, "the code reads it without a default")
        } else if !read.without_default && (read.with_default || list.iter().any(is_fallback)) {
            (&status::NOT_NEEDED, "there is a default")
        } else {
            (&status::UNSET, "")
        };
        Judged {
            note,
            ..Judged::of(status)
        }
    }
}

/// How grave sharing this account is, by the catalogue; a secret of the team's own is as grave as most.
fn severity_of(fact: &Fact) -> Severity {
    let graded = Severity::from_name(fact.text(var::VENDOR_SEVERITY));
    graded.unwrap_or(Severity::High)
}

/// A value that no other environment has an answer to stands alone.
fn only(cells: &mut BTreeMap<Env, Judged>) {
    let has = |judged: &Judged| {
        let word = judged.status.word;
        word != status::UNSET.word
            && word != status::NOT_NEEDED.word
            && word != status::MISSING.word
    };
    let count = cells.values().filter(|judged| has(judged)).count();
    let many = cells.len() > 1;
    for judged in cells.values_mut() {
        if many && count == 1 && judged.status.word == status::ISOLATED.word {
            judged.status = &status::ONLY;
        }
    }
}
