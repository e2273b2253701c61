//! Merging by the specification: mappings key by key, lists end to end, and the keys with rules of their own.

use super::origin::Origin;
use super::project::IssueKind;
use super::run::Run;
use super::value::{Map, Node, Path, Value, Words, key};

/// Puts `over` on top of `base`.
pub(super) fn merge_maps(run: &mut Run, base: &mut Map, over: Map, path: Path) {
    for (name, node) in over {
        match base.remove(&name) {
            Some(under) => {
                let merged = merge(run, under, node, path.key(&name));
                base.insert(name, merged);
            }
            None => {
                base.insert(name, node);
            }
        }
    }
}

/// What one node on top of another comes to.
pub(super) fn merge(run: &mut Run, base: Node, over: Node, path: Path) -> Node {
    match rule(path.parts()) {
        Rule::Replace => over,
        Rule::Sequence => sequences(base, over),
        Rule::Hosts => hosts(base, over),
        Rule::Mapping(default) => {
            let (base, over) = (into_mapping(base, default), into_mapping(over, default));
            mappings(run, base, over, path)
        }
        Rule::Build => mappings(run, build(base), build(over), path),
        Rule::Logging if drivers_differ(&base, &over) => over,
        Rule::Logging | Rule::Plain => plain(run, base, over, path),
    }
}

/// How the values of a key are merged.
#[derive(Clone, Copy)]
enum Rule {
    /// Mappings merge, lists are appended, the later scalar holds.
    Plain,
    Replace,
    /// Both become lists of `K=V`.
    Sequence,
    Hosts,
    /// A list of names becomes a mapping; every name gets that value.
    Mapping(fn(&Origin) -> Value),
    Build,
    Logging,
}

fn rule(path: &[&str]) -> Rule {
    match path {
        ["networks" | "volumes", _, "labels"] => Rule::Sequence,
        ["services", _, rest @ ..] => match rest {
            [
                "annotations" | "dns" | "dns_opt" | "dns_search" | "env_file" | "label_file"
                | "environment" | "labels" | "sysctls" | "tmpfs",
            ]
            | ["build", "args" | "additional_contexts" | "labels"]
            | ["deploy", "labels"] => Rule::Sequence,
            ["extra_hosts"] | ["build", "extra_hosts"] => Rule::Hosts,
            ["command" | "entrypoint"] | ["healthcheck", "test"] | ["ulimits", _] => Rule::Replace,
            ["depends_on"] => Rule::Mapping(dependency),
            ["models" | "networks"] => Rule::Mapping(|_| Value::Null),
            ["build"] => Rule::Build,
            ["logging"] => Rule::Logging,
            _ => Rule::Plain,
        },
        _ => Rule::Plain,
    }
}

fn plain(run: &mut Run, base: Node, over: Node, path: Path) -> Node {
    if over.is_null() {
        return base;
    }
    match (&base.value, &over.value) {
        (Value::Map(_), Value::Map(_)) => mappings(run, base, over, path),
        (Value::Seq(_), Value::Seq(_)) => appended(base, over),
        (Value::Map(_) | Value::Seq(_), _) => {
            let message = format!(
                "{} has another type than in the file it overrides",
                path.dotted()
            );
            run.issue(IssueKind::Merge, &over.origin, message);
            base
        }
        _ => over,
    }
}

fn mappings(run: &mut Run, mut base: Node, over: Node, path: Path) -> Node {
    let origin = over.origin.clone();
    match (&mut base.value, over.value) {
        (Value::Map(map), Value::Map(over)) => {
            merge_maps(run, map, over, path);
            Node {
                origin,
                value: base.value,
            }
        }
        (_, value @ Value::Map(_)) => Node { value, origin },
        _ => base,
    }
}

fn appended(mut base: Node, over: Node) -> Node {
    if let (Value::Seq(items), Value::Seq(more)) = (&mut base.value, over.value) {
        items.extend(more);
    }
    base.origin = over.origin;
    base
}

fn sequences(base: Node, over: Node) -> Node {
    appended(into_sequence(base), into_sequence(over))
}

fn hosts(base: Node, over: Node) -> Node {
    let (base, mut over) = (into_sequence(base), into_sequence(over));
    if let Value::Seq(items) = &mut over.value {
        items.retain(|item| !base.items().iter().any(|known| known.text() == item.text()));
    }
    appended(base, over)
}

/// A mapping as a list of `K=V`, ordered by that text; every item keeps the place of its entry.
pub(super) fn into_sequence(node: Node) -> Node {
    let items = match node.value {
        Value::Seq(items) => items,
        Value::Map(map) => {
            let mut items: Vec<Node> = map
                .into_iter()
                .flat_map(|(name, value)| pairs(&name, value))
                .collect();
            items.sort_by(|a, b| a.text().cmp(&b.text()));
            items
        }
        Value::Text(_) => vec![Node {
            value: node.value,
            origin: node.origin.clone(),
        }],
        _ => Vec::new(),
    };
    Node {
        value: Value::Seq(items),
        origin: node.origin,
    }
}

fn pairs(name: &str, value: Node) -> Vec<Node> {
    match value.value {
        Value::Seq(items) => items
            .into_iter()
            .flat_map(|item| pairs(name, item))
            .collect(),
        Value::Null => vec![Node {
            value: Value::Text(Words::plain(name)),
            origin: value.origin,
        }],
        // Go would print the mapping; nobody can mean that, and the schema refuses it.
        _ => value
            .words()
            .map(|words| Node {
                value: Value::Text(words.with(format!("{name}={}", words.text.expose()))),
                origin: value.origin,
            })
            .into_iter()
            .collect(),
    }
}

/// A list of names as a mapping.
pub(super) fn into_mapping(node: Node, default: fn(&Origin) -> Value) -> Node {
    let Value::Seq(items) = node.value else {
        return node;
    };
    let map = items
        .into_iter()
        .filter_map(|item| {
            let name = key(item.text()?);
            let value = default(&item.origin);
            let origin = item.origin;
            Some((name, Node { value, origin }))
        })
        .collect();
    Node {
        value: Value::Map(map),
        origin: node.origin,
    }
}

/// What a name in a list of `depends_on` stands for.
pub(super) fn dependency(origin: &Origin) -> Value {
    let condition = Value::Text(Words::plain("service_started"));
    Value::Map(Map::from([
        (key("condition"), Node::new(condition, origin)),
        (key("required"), Node::new(Value::Bool(true), origin)),
    ]))
}

/// `build: DIR` as a mapping.
pub(super) fn build(node: Node) -> Node {
    if !matches!(node.value, Value::Text(_)) {
        return node;
    }
    let origin = node.origin.clone();
    Node {
        value: Value::Map(Map::from([(key("context"), node)])),
        origin,
    }
}

/// Options of one logging driver mean nothing to another.
fn drivers_differ(base: &Node, over: &Node) -> bool {
    match (base.get("driver"), over.get("driver")) {
        (Some(base), Some(over)) => base.text() != over.text(),
        _ => false,
    }
}
