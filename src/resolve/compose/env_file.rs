//! Env files: those that feed interpolation, and those that feed a container. A file is parsed once and evaluated for
//! everybody who names it, as its references see what they see.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::origin::{Origin, Place, Use};
use super::project::IssueKind;
use super::run::Run;
use super::variables::{Variable, Variables};
use crate::model::tree::ReadError;
use crate::model::{Secret, Str};
use crate::syntax::dotenv::{self, Dialect, Document};

/// What a line costs of the budget each time somebody names its file.
const NODES_PER_LINE: usize = 2;

/// A name that an env file sets.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub name: Str,
    pub value: Secret,
    pub place: Place,
    pub uses: Arc<[Use]>,
    pub known: bool,
}

impl Set {
    pub fn variable(&self) -> Variable {
        Variable {
            value: self.value.clone(),
            place: Some(self.place.clone()),
            known: self.known,
        }
    }
}

/// Reads the env files of a project folder or an include: each sees the variables so far and the files before it.
pub(super) fn layer(
    run: &mut Run,
    paths: &[(String, Origin)],
    variables: &Variables,
) -> BTreeMap<Str, Variable> {
    let mut layer: BTreeMap<Str, Variable> = BTreeMap::new();
    for (path, asked) in paths {
        let mut seen = variables.clone();
        seen.fill(layer.clone());
        match read(run, path, Dialect::Compose, &seen, asked) {
            Some(sets) => layer.extend(sets.iter().map(|set| (set.name.clone(), set.variable()))),
            None => missing(run, IssueKind::MissingEnvFile, asked),
        }
    }
    layer
}

/// What a file sets, in order, computed with what `seen` holds; `None` where there is no such file.
pub(super) fn read(
    run: &mut Run,
    path: &str,
    dialect: Dialect,
    seen: &Variables,
    asked: &Origin,
) -> Option<Vec<Set>> {
    let document = parse(run, path, dialect)?;
    if !run.spend(document.entries.len() * NODES_PER_LINE, asked) {
        return Some(Vec::new());
    }
    let file = Str::from(path);
    let lookup = |name: &str| seen.get(name);
    let evaluation = dotenv::evaluate_or(&document, &lookup, &run.placeholder());
    if let Some(refusal) = evaluation.refusal {
        run.refuse(&file, refusal);
    }
    let mut here: BTreeMap<Str, Variable> = BTreeMap::new();
    let mut sets = Vec::new();
    for assigned in evaluation.values {
        let Some(entry) = document.entries.get(assigned.entry) else {
            continue;
        };
        let mut known = assigned.known;
        let find = |name: &str| seen.variable(name).or_else(|| here.get(name));
        let uses = run.uses(&file, &assigned.used, &find, &mut known);
        let inherited = seen
            .variable(&assigned.name)
            .filter(|_| entry.is_inherited());
        let written = Place {
            file: file.clone(),
            key: entry.key,
            value: entry.value,
        };
        let set = Set {
            place: inherited
                .and_then(|variable| variable.place.clone())
                .unwrap_or(written),
            name: assigned.name,
            value: assigned.value,
            uses,
            known: known && inherited.is_none_or(|variable| variable.known),
        };
        here.insert(set.name.clone(), set.variable());
        sets.push(set);
    }
    Some(sets)
}

pub(super) fn missing(run: &mut Run, kind: IssueKind, asked: &Origin) {
    run.issue(kind, asked, "no such file, or it cannot be read");
}

fn parse(run: &mut Run, path: &str, dialect: Dialect) -> Option<Arc<Document>> {
    let key = (Str::from(path), dialect == Dialect::Raw);
    if let Some(known) = run.env_files.get(&key) {
        return known.clone();
    }
    let document = match run.read(path) {
        Ok(text) => Some(Arc::new(dotenv::parse_as(&text, dialect))),
        Err(ReadError::Missing) => None,
        // What cannot be read is reported by whoever reads files; it is there all the same.
        Err(_) => Some(Arc::default()),
    };
    run.env_files.insert(key, document.clone());
    document
}
