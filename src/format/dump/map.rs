//! One mapping of names to values, as JSON or YAML: on its own, or under the key that a platform keeps it under.

use super::{Asked, Pair, Pairs, Reads, Shape, inside, is_plainly_name, refused};
use crate::model::Problem;
use crate::syntax::Node;

pub(super) static MAP: Shape = Shape {
    name: "map",
    doc: "{NAME: value} as JSON or YAML: railway variables --json, heroku config --json, netlify env:list --json, fly config show",
    reads: Reads::Trees { holds, read },
};

/// Keys under which answers of platforms keep their variables.
const WRAPPERS: &[&str] = &[
    "env",
    "environment",
    "Environment",
    "Variables",
    "variables",
    "vars",
    "envVars",
    "config",
    "configVars",
    "config_vars",
    "data",
    "secrets",
    "result",
    "build_environment",
];
/// Keys under which a value stands beside what else is known of it; the one that holds in the end goes first.
const INNER: &[&str] = &["computed", "value", "Value", "plaintext", "raw"];
const DEEPEST: usize = 3;

fn holds(roots: &[Node]) -> bool {
    matches!(roots, [root] if find(root, DEEPEST).is_some())
}

fn read(roots: &[Node], _: &Asked) -> Pairs {
    let Some(root) = roots.first() else {
        return Ok(Vec::new());
    };
    let node = find(root, DEEPEST).unwrap_or(root);
    if !node.is_map() {
        return Err(refused(
            node.place(),
            "expected a mapping of names to values",
        ));
    }
    let pairs = node.entries().iter().map(|entry| {
        let name = entry.key.text().unwrap_or_default();
        Pair::of(name, inside(&entry.key), value(&entry.value)?)
    });
    pairs.collect()
}

/// The mapping that holds the variables.
fn find(node: &Node, depth: usize) -> Option<&Node> {
    if is_variables(node) {
        return Some(node);
    }
    let below = WRAPPERS.iter().filter_map(|key| node.get(key));
    below
        .filter(|_| depth > 0)
        .find_map(|node| find(node, depth - 1))
}

/// Most of its keys are plainly names of variables.
fn is_variables(node: &Node) -> bool {
    let keys = node.entries().iter().filter_map(|entry| entry.key.text());
    let (plain, all) = keys.fold((0, 0), |(plain, all), key| {
        (plain + usize::from(is_plainly_name(key)), all + 1)
    });
    plain > 0 && 2 * plain >= all
}

/// What a variable holds, where more is told of it.
fn value(node: &Node) -> Result<&Node, Problem> {
    if !node.is_map() {
        return Ok(node);
    }
    let inner = INNER.iter().find_map(|key| node.get(key));
    inner.ok_or_else(|| refused(node.place(), "a variable holds one text"))
}
