//! The effective configuration of a compose project, with the origin of every value: what `docker compose config`
//! prints, computed without Docker, without a process environment, and without reading outside of the tree.
//!
//! `evaluate` takes a tree and an [`Invocation`] (which files, which variables are known) and gives a [`Project`]. It never
//! fails: whatever Compose would refuse is an [`Issue`] with a place, and everything readable is evaluated all the same.
//! Every value is a [`Text`] or has an [`Origin`]: the bytes that wrote it, the steps that carried it on (`include`,
//! `extends`, `env_file`), and the variables in it with the place that set them, or the fallback that stood in.
//!
//! The rules are those of compose-go, the library behind `docker compose`; the modules follow its order of steps: `discover`
//! finds files and variables, `load` runs `convert` (types, interpolation), `include`, `extends`, `merge`, `unique`,
//! `schema` and `canonical` for every document, `services` and `resources` read the result. No maintained crate computes
//! this: those that exist deserialize one file.

mod canonical;
mod cast;
mod checks;
mod consistency;
mod convert;
mod decode;
mod discover;
mod env_file;
mod environment;
mod extends;
mod include;
mod lists;
mod load;
mod merge;
mod origin;
mod paths;
mod ports;
mod project;
mod quantity;
mod reset;
mod resources;
mod run;
mod scalar;
mod schema;
mod schema_shapes;
mod services;
mod settle;
mod unique;
mod value;
mod variables;
mod volumes;

use std::collections::{BTreeSet, HashMap};

pub use origin::{Origin, Place, Step, StepKind, Text, UNKNOWN, Use};
pub use project::{
    Build, Command, EnvFile, Invocation, Issue, IssueKind, Mount, NameSource, Port, Project,
    ProjectName, Resource, Service, Setting, Unset, Variable,
};

use crate::model::{Str, Tree};
use discover::Setup;
use run::Run;
use value::{Map, Node, Value};

/// Computes what Compose would run.
pub fn evaluate(tree: &dyn Tree, invocation: &Invocation) -> Project {
    let mut run = Run::new(tree, invocation);
    let setup = discover::setup(&mut run, invocation);
    let mut scope = load::Scope {
        folder: setup.directory.clone(),
        prefix: setup.directory.clone(),
        variables: setup.variables.clone(),
        via: None,
        included: Vec::new(),
        extended: HashMap::new(),
    };
    let model = load::model(&mut run, &mut scope, &setup.files);
    empty(&mut run, &setup, &model);
    let mut project = Project {
        name: setup.name.clone(),
        files: setup
            .files
            .iter()
            .map(|(path, _)| Str::from(path.as_str()))
            .collect(),
        env_files: setup.env_files.clone(),
        directory: setup.directory.clone(),
        ..Project::default()
    };
    project.services = services(&mut run, &setup, &model, invocation);
    resources::resources(&mut project, &model);
    let enabled: BTreeSet<&str> = project
        .services
        .iter()
        .filter(|service| service.enabled && invocation.check_consistency)
        .map(|service| service.name.as_ref())
        .collect();
    decode::check(&mut run, &model, &enabled);
    if invocation.check_consistency {
        consistency::check(&mut run, &project, &model);
        consistency::secrets(&mut run, &model);
    }
    consistency::container_names(&mut run, &project);
    project.unset = run.unset.iter().cloned().collect();
    project.issues = sorted(run.issues);
    project
}

fn services(run: &mut Run, setup: &Setup, model: &Map, invocation: &Invocation) -> Vec<Service> {
    let mut services = Vec::new();
    for (name, node) in checks::entries(model, "services") {
        if node.map().is_none() {
            continue;
        }
        let mut service = services::service(name, node);
        service.enabled = is_enabled(&service, &setup.profiles);
        default_network(&mut service, node);
        trailing_blanks(run, &service, node);
        environment::pass_on(&mut service, &setup.variables);
        if service.enabled {
            if invocation.resolve_env_files {
                environment::read_env_files(run, &mut service, &setup.variables);
            }
            environment::read_label_files(run, &mut service, node);
        }
        services.push(service);
    }
    services
}

/// Compose refuses `NAME =VALUE` in a list.
fn trailing_blanks(run: &mut Run, service: &Service, node: &Node) {
    let is_list = node
        .get("environment")
        .is_some_and(|node| matches!(node.value, Value::Seq(_)));
    for variable in service.environment.iter().filter(|_| is_list) {
        if variable.name.ends_with(char::is_whitespace) {
            let message = "a blank between the name and the equals sign";
            run.issue(IssueKind::Schema, &variable.origin, message);
        }
    }
}

fn is_enabled(service: &Service, profiles: &[String]) -> bool {
    service.profiles.is_empty()
        || profiles.iter().any(|profile| {
            profile == "*" || service.profiles.iter().any(|own| own.expose() == profile)
        })
}

/// A service that names no network is in the default one.
fn default_network(service: &mut Service, node: &Node) {
    let apart = node.get("network_mode").is_some() || node.get("provider").is_some();
    if service.networks.is_empty() && !apart {
        let words = value::Words::plain("default");
        service.networks.push(words.at(&node.origin));
    }
}

fn empty(run: &mut Run, setup: &Setup, model: &Map) {
    let Some((_, origin)) = setup.files.first() else {
        return;
    };
    if model.is_empty() && run.issues.is_empty() {
        run.issue(IssueKind::Empty, origin, "the compose file is empty");
    }
    if setup.name.name.is_empty() {
        let message = "the project has no name: its folder and its `name` leave nothing";
        run.issue(IssueKind::ProjectName, origin, message);
    }
    if let Some(services) = model
        .get("services")
        .filter(|node| !matches!(node.value, Value::Map(_)))
    {
        let message = "services is a mapping of names to services";
        run.issue(IssueKind::Schema, &services.origin, message);
    }
}

/// In the order of the files, every one once.
fn sorted(mut issues: Vec<Issue>) -> Vec<Issue> {
    issues.sort_by(|a, b| {
        let key = |issue: &Issue| (issue.file.clone(), issue.problem.span, issue.kind);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.problem.message.cmp(&b.problem.message))
    });
    issues.dedup();
    issues
}

#[cfg(test)]
mod tests;
