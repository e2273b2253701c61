//! The environment of a container: what `environment` says, and below it what the env files say.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::env_file::{self, Set};
use super::origin::{Origin, Step, StepKind, Text, Use, Via};
use super::paths;
use super::project::{EnvFile, Issue, IssueKind, Service, Variable};
use super::run::Run;
use super::value::Node;
use super::variables::{self, Variables};
use crate::model::{Problem, Str};
use crate::syntax::dotenv::Dialect;
use crate::syntax::template::Outcome;

/// Gives names without a value the one of the project's variables, as Compose passes them on.
pub(super) fn pass_on(service: &mut Service, project: &Variables) {
    for variable in &mut service.environment {
        if variable.value.is_none()
            && let Some(known) = project.variable(&variable.name)
        {
            let passed = Use {
                name: variable.name.clone(),
                file: variable.origin.place.file.clone(),
                span: variable.origin.place.key,
                operand: None,
                outcome: Outcome::Value,
                source: known.place.clone(),
            };
            variable.value = Some(Text {
                text: known.value.clone(),
                origin: variable.origin.clone(),
                uses: Arc::from([passed]),
                known: known.known,
            });
        }
    }
}

/// Adds what the env files say; what `environment` says wins, a name without a value too.
pub(super) fn read_env_files(run: &mut Run, service: &mut Service, project: &Variables) {
    let mut seen = project.clone();
    seen.fill(own(&service.environment));
    let mut found: BTreeMap<Str, Variable> = BTreeMap::new();
    for file in service.env_files.clone() {
        let mut seen = seen.clone();
        seen.fill(own(found.values()));
        if let Some(sets) = read_one(run, &file, &seen) {
            found.extend(sets.into_iter().map(|set| {
                let variable = variable(set, &file.path.origin, StepKind::EnvFile);
                (variable.name.clone(), variable)
            }));
        }
    }
    for variable in std::mem::take(&mut service.environment) {
        found.insert(variable.name.clone(), variable);
    }
    service.environment = found.into_values().collect();
}

fn read_one(run: &mut Run, file: &EnvFile, seen: &Variables) -> Option<Vec<Set>> {
    let dialect = match file.format.as_ref().map_or("", Text::expose) {
        "" => Dialect::Compose,
        "raw" => Dialect::Raw,
        _ => {
            let message = "there is no such env file format: leave it out or write `raw`";
            let origin = &file.path.origin;
            run.issue(IssueKind::EnvFileSyntax, origin, message);
            return None;
        }
    };
    let path = file.path.get()?;
    let sets = env_file::read(run, path, dialect, seen, &file.path.origin);
    if sets.is_none() && file.required {
        if paths::is_inside(path) {
            env_file::missing(run, IssueKind::MissingEnvFile, &file.path.origin);
        } else {
            outside(run, &file.path.origin);
        }
    }
    sets
}

/// A file outside of the tree may well exist where the project runs.
fn outside(run: &mut Run, origin: &Origin) {
    let message = "the env file lies outside of the repository: not read";
    run.issues.push(Issue {
        kind: IssueKind::Outside,
        file: origin.place.file.clone(),
        problem: Problem::new(IssueKind::Outside.code(), origin.span(), message),
    });
}

/// Adds what label files say; `labels` wins.
pub(super) fn read_label_files(run: &mut Run, service: &mut Service, node: &Node) {
    let files = node.get("label_file").map(super::lists::texts);
    let mut found: BTreeMap<Str, Variable> = BTreeMap::new();
    for file in files.unwrap_or_default() {
        let mut seen = Variables::default();
        seen.fill(own(found.values()));
        let Some(path) = file.get() else { continue };
        match env_file::read(run, path, Dialect::Compose, &seen, &file.origin) {
            Some(sets) => found.extend(sets.into_iter().map(|set| {
                let variable = variable(set, &file.origin, StepKind::LabelFile);
                (variable.name.clone(), variable)
            })),
            None => env_file::missing(run, IssueKind::MissingLabelFile, &file.origin),
        }
    }
    for label in std::mem::take(&mut service.labels) {
        found.insert(label.name.clone(), label);
    }
    service.labels = found.into_values().collect();
}

fn variable(set: Set, asked: &Origin, kind: StepKind) -> Variable {
    let origin = Origin {
        place: set.place,
        via: Some(Arc::new(Via {
            step: Step {
                kind,
                place: asked.place.clone(),
            },
            before: asked.via.clone(),
        })),
    };
    Variable {
        name: set.name,
        value: Some(Text {
            text: set.value,
            origin: origin.clone(),
            uses: set.uses,
            known: set.known,
        }),
        origin,
    }
}

/// Values as variables that references can see.
fn own<'v>(
    variables: impl IntoIterator<Item = &'v Variable>,
) -> BTreeMap<Str, variables::Variable> {
    variables
        .into_iter()
        .filter_map(|variable| {
            let text = variable.value.as_ref()?;
            let known = variables::Variable {
                value: text.text.clone(),
                place: Some(text.origin.place.clone()),
                known: text.known,
            };
            Some((variable.name.clone(), known))
        })
        .collect()
}
