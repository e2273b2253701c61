//! The last steps on a merged configuration: relative paths, and names in `environment` that stand alone.

use std::sync::Arc;

use super::origin::{UNKNOWN, Use};
use super::paths;
use super::project::IssueKind;
use super::run::Run;
use super::value::{Map, Node, Value};
use super::variables::Variables;
use crate::model::Str;
use crate::syntax::template::Outcome;

/// Sees relative paths from `prefix`.
pub(super) fn paths(run: &mut Run, model: &mut Map, prefix: &str) {
    let home = run.home.clone();
    let resolver = Resolver {
        prefix,
        home: home.as_deref(),
    };
    for service in values(model, "services") {
        if let Some(file) = child(service, &["extends", "file"]) {
            resolver.path(file);
        }
        if let Some(context) = child(service, &["build", "context"]) {
            resolver.context(context);
        }
        for entry in items(service, "env_file") {
            if let Some(path) = child(entry, &["path"]) {
                resolver.path(path);
            }
        }
        for entry in items(service, "label_file") {
            resolver.path(entry);
        }
        for mount in items(service, "volumes") {
            resolver.mount(run, mount);
        }
    }
    for section in ["configs", "secrets"] {
        for entry in values(model, section) {
            if let Some(file) = child(entry, &["file"]) {
                resolver.path(file);
            }
        }
    }
}

/// Gives names that stand alone in a list of `environment` their values.
pub(super) fn environment(model: &mut Map, variables: &Variables) {
    for service in values(model, "services") {
        for item in items(service, "environment") {
            let Value::Text(words) = &mut item.value else {
                continue;
            };
            let Some(variable) = variables.variable(words.text.expose()) else {
                continue;
            };
            let name = words.text.clone();
            let passed = Use {
                name: Str::from(name.expose()),
                file: item.origin.place.file.clone(),
                span: item.origin.place.value,
                operand: None,
                outcome: Outcome::Value,
                source: variable.place.clone(),
            };
            *words = words.with(format!("{}={}", name.expose(), variable.value.expose()));
            words.uses = Arc::from([passed]);
            words.known = variable.known;
        }
    }
}

/// Takes a section out of a configuration.
pub(super) fn take_map(model: &mut Map, section: &str) -> Option<Map> {
    match model.remove(section)?.value {
        Value::Map(map) => Some(map),
        _ => None,
    }
}

struct Resolver<'a> {
    prefix: &'a str,
    home: Option<&'a str>,
}

impl Resolver<'_> {
    fn path(&self, node: &mut Node) {
        let Value::Text(words) = &node.value else {
            return;
        };
        if let Some(resolved) = self.resolved(words.text.expose()) {
            node.value = Value::Text(words.with(resolved));
        }
    }

    fn context(&self, node: &mut Node) {
        const REMOTE: [&str; 7] = [
            "service:",
            "https://",
            "http://",
            "git://",
            "ssh://",
            "github.com/",
            "git@",
        ];
        let text = node.text().unwrap_or_default();
        if !text.contains("://") && !REMOTE.iter().any(|start| text.starts_with(start)) {
            self.path(node);
        }
    }

    fn mount(&self, run: &mut Run, mount: &mut Node) {
        let Some(map) = mount.map_mut() else { return };
        if map.get("type").and_then(Node::text) != Some("bind") {
            return;
        }
        if let Some(source) = map.get_mut("source") {
            self.path(source);
        } else {
            let message = "a bind mount without a source";
            run.issue(IssueKind::Volume, &mount.origin, message);
        }
    }

    /// `None` where the path stays as it is.
    fn resolved(&self, path: &str) -> Option<String> {
        if path.is_empty() || path.starts_with(UNKNOWN) || paths::is_windows_absolute(path) {
            return None;
        }
        if let Some(rest) = path.strip_prefix('~') {
            let home = self.home?;
            return Some(paths::clean(&format!("{home}/{rest}")));
        }
        if paths::is_absolute(path) {
            return None;
        }
        Some(paths::join(self.prefix, path))
    }
}

fn values<'m>(model: &'m mut Map, section: &str) -> impl Iterator<Item = &'m mut Node> {
    model
        .get_mut(section)
        .and_then(Node::map_mut)
        .into_iter()
        .flat_map(Map::values_mut)
}

fn child<'n>(node: &'n mut Node, keys: &[&str]) -> Option<&'n mut Node> {
    keys.iter()
        .try_fold(node, |node, key| node.map_mut()?.get_mut(*key))
}

fn items<'n>(node: &'n mut Node, key: &str) -> impl Iterator<Item = &'n mut Node> {
    let items = match child(node, &[key]).map(|node| &mut node.value) {
        Some(Value::Seq(items)) => items.as_mut_slice(),
        _ => &mut [],
    };
    items.iter_mut()
}
