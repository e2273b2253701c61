//! Short syntaxes become long ones, so that everything behind reads one form.

use super::merge;
use super::origin::Origin;
use super::ports;
use super::project::IssueKind;
use super::run::Run;
use super::value::{Map, Node, Path, Value, key};
use super::volumes;

/// Brings a whole configuration into canonical form; what cannot be read is left out.
pub(super) fn canonical(run: &mut Run, root: &mut Map) {
    for (section, node) in root.iter_mut() {
        let Some(entries) = node.map_mut() else {
            continue;
        };
        for (name, entry) in entries.iter_mut() {
            match section.as_ref() {
                "services" => service(run, entry),
                "volumes" | "networks" | "secrets" | "configs" => {
                    external(run, entry, Path::of(&[section, name]));
                }
                _ => {}
            }
        }
    }
}

fn service(run: &mut Run, service: &mut Node) {
    let Some(map) = service.map_mut() else { return };
    for (name, node) in map.iter_mut() {
        match name.as_ref() {
            "ports" => in_list(node, |items| ports::canonical(run, items)),
            "volumes" => in_list(node, |items| {
                items
                    .into_iter()
                    .filter_map(|item| volumes::canonical(run, item))
                    .collect()
            }),
            "env_file" => env_file(node),
            "secrets" | "configs" => in_list(node, |items| items.into_iter().map(mount).collect()),
            "depends_on" => depends_on(node),
            "networks" | "models" => {
                replace(node, |node| merge::into_mapping(node, |_| Value::Null));
            }
            "build" => replace(node, merge::build),
            "extends" => replace(node, extends),
            "label_file" | "dns" => replace(node, string_or_list),
            _ => {}
        }
    }
    // An empty server is dropped from a list, as Compose does.
    if let Some(Value::Seq(items)) = map.get_mut("dns").map(|node| &mut node.value) {
        items.retain(|item| !item.is_empty_text());
    }
}

fn in_list(node: &mut Node, change: impl FnOnce(Vec<Node>) -> Vec<Node>) {
    if let Value::Seq(items) = &mut node.value {
        let changed = change(std::mem::take(items));
        *items = changed;
    }
}

fn replace(node: &mut Node, change: impl FnOnce(Node) -> Node) {
    let origin = node.origin.clone();
    let old = std::mem::replace(node, Node::new(Value::Null, &origin));
    *node = change(old);
}

fn string_or_list(node: Node) -> Node {
    if matches!(node.value, Value::Text(_)) {
        let origin = node.origin.clone();
        return Node {
            value: Value::Seq(vec![node]),
            origin,
        };
    }
    node
}

fn env_file(node: &mut Node) {
    replace(node, string_or_list);
    in_list(node, |items| {
        items.into_iter().map(env_file_entry).collect()
    });
}

fn env_file_entry(mut entry: Node) -> Node {
    let origin = entry.origin.clone();
    let required = || Node::new(Value::Bool(true), &origin);
    match &mut entry.value {
        Value::Map(map) => {
            map.entry(key("required")).or_insert_with(required);
            entry
        }
        Value::Text(_) => {
            let required = required();
            Node {
                value: Value::Map(Map::from([
                    (key("path"), entry),
                    (key("required"), required),
                ])),
                origin,
            }
        }
        _ => entry,
    }
}

fn mount(node: Node) -> Node {
    named(node, "source")
}

fn extends(node: Node) -> Node {
    named(node, "service")
}

/// A text as a mapping with that text under one key.
fn named(node: Node, name: &str) -> Node {
    if !matches!(node.value, Value::Text(_)) {
        return node;
    }
    let origin = node.origin.clone();
    Node {
        value: Value::Map(Map::from([(key(name), node)])),
        origin,
    }
}

fn depends_on(node: &mut Node) {
    replace(node, |node| merge::into_mapping(node, merge::dependency));
    let Some(map) = node.map_mut() else { return };
    for dependency in map.values_mut() {
        let origin = dependency.origin.clone();
        let Some(fields) = dependency.map_mut() else {
            continue;
        };
        for (name, value) in defaults(&origin) {
            fields.entry(name).or_insert(value);
        }
    }
}

fn defaults(origin: &Origin) -> Map {
    match merge::dependency(origin) {
        Value::Map(map) => map,
        _ => Map::new(),
    }
}

/// The old `external: {name: x}` becomes a name and a plain `external`.
fn external(run: &mut Run, node: &mut Node, path: Path) {
    let Some(map) = node.map_mut() else { return };
    let Some(external) = map.get_mut("external") else {
        return;
    };
    let Some(fields) = external.map().cloned() else {
        return;
    };
    external.value = Value::Bool(true);
    let Some(name) = fields.get("name") else {
        return;
    };
    match map.get("name") {
        None => {
            map.insert(key("name"), name.clone());
        }
        Some(own) if own.text() == name.text() => {}
        Some(own) => {
            let message = format!("{} has a name and another external.name", path.dotted());
            let origin = own.origin.clone();
            run.issue(IssueKind::MutuallyExclusive, &origin, message);
        }
    }
}
