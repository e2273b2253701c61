//! `include`: other projects, loaded with their own folder and variables, become part of this one.

use std::collections::HashMap;
use std::sync::Arc;

use super::env_file;
use super::load::{self, Scope};
use super::merge;
use super::origin::{Origin, Step, StepKind, Via};
use super::paths;
use super::project::IssueKind;
use super::reset::Resets;
use super::run::Run;
use super::value::{Map, Node, Path, Value};

/// The deepest nesting that is followed.
const DEEPEST: usize = 32;

/// What loading a file costs of the budget: includes that fan out at every level load more and more files.
const NODES_PER_LOAD: usize = 50;

const SECTIONS: [&str; 6] = [
    "services", "volumes", "networks", "secrets", "configs", "models",
];

/// Loads what a document includes and puts the document on top of it.
pub(super) fn apply(run: &mut Run, scope: &mut Scope, root: &mut Map, resets: &Resets, file: &str) {
    let Some(node) = root.remove("include") else {
        return;
    };
    match &node.value {
        Value::Seq(items) => {
            for item in items {
                let imported = load_one(run, scope, item, file);
                import(run, root, imported, resets);
            }
        }
        Value::Null => {}
        _ => run.issue(IssueKind::Schema, &node.origin, "include is a list"),
    }
}

fn load_one(run: &mut Run, scope: &Scope, item: &Node, file: &str) -> Map {
    let mut included = scope.included.clone();
    included.push(file.to_owned());
    let files = files(run, scope, item, &included);
    let Some((first, _)) = files.first() else {
        return Map::new();
    };
    if !run.spend(NODES_PER_LOAD, &item.origin) {
        return Map::new();
    }
    if included.len() > DEEPEST {
        let message = "includes are nested too deeply to follow";
        run.issue(IssueKind::Limit, &item.origin, message);
        return Map::new();
    }
    let (folder, prefix) = folders(scope, item, first);
    let step = Step {
        kind: StepKind::Include,
        place: item.origin.place.clone(),
    };
    let mut child = Scope {
        variables: variables(run, scope, item, &folder),
        folder,
        prefix,
        via: Some(Arc::new(Via {
            step,
            before: scope.via.clone(),
        })),
        included,
        extended: HashMap::new(),
    };
    load::model(run, &mut child, &files)
}

/// The files of one entry; none when one of them is part of a circle.
fn files(run: &mut Run, scope: &Scope, item: &Node, included: &[String]) -> Vec<(String, Origin)> {
    let entries = match &item.value {
        Value::Text(_) => texts(Some(item)),
        _ => texts(item.get("path")),
    };
    if entries.is_empty() {
        run.issue(IssueKind::Schema, &item.origin, "include names no file");
    }
    let mut files = Vec::new();
    for (path, origin) in entries {
        let path = paths::join(&scope.folder, &path);
        if included.contains(&path) {
            let message = "the files include each other in a circle";
            run.issue(IssueKind::IncludeCycle, &origin, message);
            return Vec::new();
        }
        files.push((path, origin));
    }
    files
}

/// The folder of the included project, from the root and as this project sees it.
fn folders(scope: &Scope, item: &Node, first: &str) -> (String, String) {
    let directory = item
        .get("project_directory")
        .and_then(Node::text)
        .filter(|text| !text.is_empty());
    let folder = match directory {
        Some(directory) => paths::join(&scope.folder, directory),
        None => paths::folder(first),
    };
    let prefix = paths::relative(&scope.folder, &folder);
    (folder, prefix)
}

fn variables(
    run: &mut Run,
    scope: &Scope,
    item: &Node,
    folder: &str,
) -> super::variables::Variables {
    let mut files: Vec<(String, Origin)> = Vec::new();
    for (path, origin) in texts(item.get("env_file")) {
        if path != "/dev/null" {
            files.push((paths::join(&scope.folder, &path), origin));
        }
    }
    if files.is_empty() && texts(item.get("env_file")).is_empty() {
        let default = paths::join(folder, ".env");
        if run.has(&default) {
            files.push((default, item.origin.clone()));
        }
    }
    let mut variables = scope.variables.clone();
    let layer = env_file::layer(run, &files, &variables);
    variables.fill(layer);
    variables
}

/// A text, or a list of texts, with their places.
fn texts(node: Option<&Node>) -> Vec<(String, Origin)> {
    let Some(node) = node else { return Vec::new() };
    let one = |node: &Node| Some((node.text()?.to_owned(), node.origin.clone()));
    match &node.value {
        Value::Seq(items) => items.iter().filter_map(one).collect(),
        _ => one(node).into_iter().collect(),
    }
}

fn import(run: &mut Run, root: &mut Map, imported: Map, resets: &Resets) {
    for (section, node) in imported {
        if !SECTIONS.contains(&section.as_ref()) {
            continue;
        }
        let origin = node.origin.clone();
        let Value::Map(entries) = node.value else {
            continue;
        };
        let own = root
            .entry(section.clone())
            .or_insert_with(|| Node::new(Value::Null, &origin));
        if own.is_null() {
            own.value = Value::Map(Map::new());
        }
        let Some(own) = own.map_mut() else { continue };
        for (name, mut entry) in entries {
            let merged = match own.remove(&name) {
                Some(over) => {
                    resets.apply_to(&section, &name, &mut entry);
                    merge::merge(run, entry, over, Path::of(&[&section, &name]))
                }
                None => entry,
            };
            own.insert(name, merged);
        }
    }
}
