//! The inventory: every variable the code reads or the files set, and what production has to do about it.

mod duty;
mod mentions;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::matrix::is_read;
use super::{Understood, baseline};
use crate::model::harmless::is_harmless;
use crate::model::schema::{var, var_read};
use crate::model::{Env, EnvSet, Fact, Kind, Lines, Role, Val};
use crate::settle::{MASK, Scrubber};
use crate::view::{self, Cell, Column, Table, View};

/// What the rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listed {
    /// One row for each variable.
    #[default]
    ByVariable,
    /// One row for each place that reads one.
    ByFile,
}

/// The view for the paths in focus.
pub fn inventory(understood: &Understood, by: Listed) -> View {
    let scene = Scene::of(understood);
    let (title, table) = match by {
        Listed::ByVariable => (
            "Variables the code reads and the files set",
            scene.variables(),
        ),
        Listed::ByFile => ("Where the code reads its environment", scene.places()),
    };
    View {
        name: "inventory",
        title: title.to_owned(),
        lead: Vec::new(),
        tables: vec![table],
    }
}

/// Everything known of one variable name.
#[derive(Default)]
pub(super) struct Known<'a> {
    pub reads: Vec<&'a Fact>,
    /// Real bindings with a value or a reference, by environment.
    pub set: EnvSet,
    /// A template lists it.
    pub documented: bool,
    /// A file hands it on: `${X}`.
    pub passed_on: bool,
    /// It is given to an image that is not built here, which may read it.
    pub foreign: bool,
    /// Paths of everything above.
    pub files: BTreeSet<&'a str>,
}

struct Scene<'a> {
    understood: &'a Understood,
    scrubber: Scrubber,
    lines: BTreeMap<&'a str, &'a Lines>,
    known: BTreeMap<&'a str, Known<'a>>,
    local: duty::Local<'a>,
    mentioned: BTreeSet<&'a str>,
    /// Some code was read at all; without any, nothing is known to be dead.
    has_code: bool,
}

impl<'a> Scene<'a> {
    fn of(understood: &'a Understood) -> Self {
        let resolved = &understood.resolved;
        let known = known(&resolved.facts);
        let unread = known
            .iter()
            .filter(|(_, one)| one.reads.is_empty())
            .map(|(name, _)| *name);
        let lines = resolved.documents.iter();
        Self {
            understood,
            scrubber: baseline::scrubber(understood),
            lines: lines
                .map(|one| (one.file.path.as_ref(), one.lines.as_ref()))
                .collect(),
            local: duty::Local::of(&resolved.facts),
            mentioned: mentions::of(unread, &resolved.documents, &understood.opened.snapshot),
            has_code: known.values().any(|one| !one.reads.is_empty()),
            known,
        }
    }

    fn at(&self, fact: &Fact) -> String {
        let path = fact.file.path.as_ref();
        let line = self
            .lines
            .get(path)
            .map_or(1, |lines| lines.line(fact.key.start));
        format!("{}:{line}", self.scrubber.name(path))
    }

    /// A default as it may be shown.
    fn default(&self, fact: &Fact) -> String {
        let sensitive = fact.get(var_read::SENSITIVE) == Val::Bool(true);
        match fact.get(var_read::DEFAULT) {
            Val::Secret(secret) if secret.is_empty() => "\"\"".to_owned(),
            Val::Secret(secret) if !sensitive && is_harmless(secret.expose()) => {
                self.scrubber.text(secret.expose())
            }
            Val::Secret(_) => MASK.to_owned(),
            _ if fact.get(var_read::REQUIRED) == Val::Bool(true) => String::new(),
            _ => "computed".to_owned(),
        }
    }

    fn variables(&self) -> Table {
        let names = [
            ("variable", "variable", view::Kind::Name),
            ("production", "production", view::Kind::Status),
            ("default", "default", view::Kind::List),
            ("set_in", "set in", view::Kind::List),
            ("documented", "template", view::Kind::Text),
            ("use", "use", view::Kind::Status),
            ("read_at", "read at", view::Kind::List),
        ];
        let focus = &self.understood.opened.focus;
        let known = self.known.iter();
        let shown = known.filter(|(_, one)| one.files.iter().any(|path| focus.has(path)));
        Table {
            name: "variables",
            columns: names
                .map(|(name, title, kind)| Column::new(name, title, kind))
                .into(),
            rows: shown.map(|(name, one)| self.variable(name, one)).collect(),
            none: "No code here reads a variable, and no file sets one.".to_owned(),
            ..Table::default()
        }
    }

    fn variable(&self, name: &str, one: &Known<'a>) -> Vec<Cell> {
        let environments = &self.understood.lexicon.environments;
        let defaults: BTreeSet<String> = one
            .reads
            .iter()
            .map(|fact| self.default(fact))
            .filter(|text| !text.is_empty())
            .collect();
        let set = environments.names(one.set).into_iter();
        let using = self.using(name, one);
        let production = duty::of(name, one, &self.local, using.status);
        let places: BTreeSet<String> = one.reads.iter().map(|fact| self.at(fact)).collect();
        vec![
            Cell::text(self.scrubber.text(name)),
            production,
            Cell::list(defaults.into_iter().collect()),
            Cell::list(set.map(str::to_owned).collect()),
            Cell::text(if one.documented { "yes" } else { "" }),
            using,
            Cell::list(places.into_iter().collect()),
        ]
    }

    /// Whether anything uses it.
    fn using(&self, name: &str, one: &Known<'a>) -> Cell {
        if !one.reads.is_empty() {
            Cell::status(&duty::READ)
        } else if one.passed_on {
            Cell::status(&duty::PASSED_ON)
        } else if one.foreign || self.mentioned.contains(name) || !self.has_code {
            Cell::status(&duty::PERHAPS)
        } else if super::matrix::is_injected(name) {
            Cell::status(&duty::TOOLS)
        } else {
            Cell::status(&duty::DEAD)
        }
    }

    fn places(&self) -> Table {
        let names = [
            ("place", "place", view::Kind::Name),
            ("variable", "variable", view::Kind::Text),
            ("default", "default", view::Kind::Text),
            ("without", "without it", view::Kind::Text),
            ("compared_with", "compared with", view::Kind::Text),
        ];
        let focus = &self.understood.opened.focus;
        let mut reads: Vec<&Fact> = self
            .known
            .values()
            .flat_map(|one| &one.reads)
            .copied()
            .collect();
        reads.retain(|fact| focus.has(&fact.file.path));
        reads.sort_by_key(|fact| (&fact.file.path, fact.key));
        Table {
            name: "reads",
            columns: names
                .map(|(name, title, kind)| Column::new(name, title, kind))
                .into(),
            rows: reads.iter().map(|fact| self.place(fact)).collect(),
            none: "No code here reads a variable of its environment.".to_owned(),
            ..Table::default()
        }
    }

    fn place(&self, fact: &Fact) -> Vec<Cell> {
        let environments = &self.understood.lexicon.environments;
        let compared = match fact.get(var_read::COMPARED) {
            Val::Env(env) => environments.name(env),
            _ => "",
        };
        let without = if fact.get(var_read::DEMANDED) == Val::Bool(true) {
            "it stops"
        } else if fact.get(var_read::REQUIRED) == Val::Bool(true) {
            "nothing"
        } else {
            "the default"
        };
        vec![
            Cell::text(self.at(fact)),
            Cell::text(self.scrubber.text(fact.text(var_read::NAME))),
            Cell::text(self.default(fact)),
            Cell::text(without),
            Cell::text(compared),
        ]
    }
}

/// All names, with what is known of each.
fn known(facts: &[Fact]) -> BTreeMap<&str, Known<'_>> {
    let mut known: BTreeMap<&str, Known> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| is_read(fact)) {
        let one = known.entry(fact.text(var_read::NAME)).or_default();
        one.reads.push(fact);
        one.files.insert(&fact.file.path);
    }
    for fact in facts.iter().filter(|fact| fact.kind == Kind::var) {
        let role = fact.file.role;
        if !matches!(role, Role::Real | Role::Example | Role::Encrypted) {
            continue;
        }
        if role != Role::Example {
            hand_on(fact, &mut known);
        }
        if fact.text(var::ORIGIN) == "value" {
            let name = fact.text(var::NAME);
            // What a step of a CI job tells itself belongs to no environment.
            if fact.env.is_some() || role == Role::Example {
                bind(fact, role, known.entry(name).or_default());
            } else if let Some(one) = known.get_mut(name) {
                bind(fact, role, one);
            }
        }
    }
    known
}

/// `${X}` in an env file or a Compose file is a variable that somebody has to set; elsewhere it may be anything.
fn hand_on<'a>(fact: &'a Fact, known: &mut BTreeMap<&'a str, Known<'a>>) {
    let Some(name) = fact.get(var::REF).text() else {
        return;
    };
    let asks = matches!(fact.text(var::SOURCE), "dotenv" | "compose");
    if asks || known.contains_key(name) {
        let one = known.entry(name).or_default();
        one.passed_on = true;
        one.files.insert(&fact.file.path);
    }
}

fn bind<'a>(fact: &'a Fact, role: Role, one: &mut Known<'a>) {
    one.files.insert(&fact.file.path);
    if role == Role::Example {
        one.documented = true;
        return;
    }
    let says = !matches!(fact.text(var::VALUE_KIND), "empty" | "marker");
    if let Some(env) = fact.env.filter(|_| says && fact.layer.is("effective")) {
        one.set = one.set.with(env);
    }
    one.foreign |= !fact.get(var::SERVICE).is_absent() || fact.text(var::SOURCE) == "dockerfile";
}

/// Production, as far as the inventory is concerned.
pub(super) const PRODUCTION: Env = Env::PRODUCTION;
