//! From merged services to those of the project.

use super::lists::{names, pairs, texts};
use super::origin::{Origin, Text};
use super::ports;
use super::project::{Build, Command, EnvFile, Mount, Port, Service, Setting, Variable};
use super::value::{Map, Node, Value, Words};
use crate::model::Str;

/// Keys that have a field of their own.
const TYPED: [&str; 20] = [
    "image",
    "build",
    "container_name",
    "network_mode",
    "restart",
    "command",
    "entrypoint",
    "ports",
    "volumes",
    "tmpfs",
    "environment",
    "labels",
    "env_file",
    "networks",
    "profiles",
    "depends_on",
    "secrets",
    "configs",
    "extends",
    "label_file",
];

pub(super) fn service(name: &Str, node: &Node) -> Service {
    let text = |key: &str| node.get(key).and_then(Node::to_text);
    let filled = |key: &str| text(key).filter(|text| !text.text.is_empty());
    Service {
        name: name.clone(),
        origin: node.origin.clone(),
        enabled: true,
        image: filled("image"),
        build: node.get("build").and_then(build),
        container_name: filled("container_name"),
        network_mode: filled("network_mode"),
        restart: filled("restart"),
        command: node.get("command").and_then(command),
        entrypoint: node.get("entrypoint").and_then(command),
        ports: items(node, "ports").iter().filter_map(port).collect(),
        mounts: items(node, "volumes").iter().filter_map(mount).collect(),
        tmpfs: node.get("tmpfs").map(texts).unwrap_or_default(),
        environment: node.get("environment").map(pairs).unwrap_or_default(),
        labels: node.get("labels").map(labels).unwrap_or_default(),
        env_files: items(node, "env_file")
            .iter()
            .filter_map(env_file)
            .collect(),
        networks: node.get("networks").map(names).unwrap_or_default(),
        profiles: node.get("profiles").map(texts).unwrap_or_default(),
        depends_on: depends_on(node),
        waits_for_end_of: waits_for_end_of(node),
        secrets: sources(node, "secrets"),
        configs: sources(node, "configs"),
        settings: settings(node),
    }
}

fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.get(key).map(Node::items).unwrap_or_default()
}

fn build(node: &Node) -> Option<Build> {
    let map = node.map()?;
    let text = |key: &str| map.get(key).and_then(Node::to_text);
    Some(Build {
        origin: node.origin.clone(),
        context: text("context"),
        dockerfile: text("dockerfile"),
        target: text("target"),
        args: map.get("args").map(pairs).unwrap_or_default(),
    })
}

fn command(node: &Node) -> Option<Command> {
    let (shell, words) = match &node.value {
        Value::Seq(_) => (false, texts(node)),
        _ => (true, vec![node.to_text()?]),
    };
    Some(Command {
        origin: node.origin.clone(),
        shell,
        words,
    })
}

fn port(node: &Node) -> Option<Port> {
    let Value::Port(binding) = &node.value else {
        return None;
    };
    let text = |words: &Option<Words>| words.as_ref().map(|words| words.at(&node.origin));
    Some(Port {
        origin: node.origin.clone(),
        host_ip: text(&binding.host_ip),
        published: text(&binding.published),
        target: binding.target,
        protocol: ports::protocol(binding),
        text: binding.words.at(&node.origin),
    })
}

fn mount(node: &Node) -> Option<Mount> {
    let map = node.map()?;
    let text = |key: &str| map.get(key).and_then(Node::to_text);
    let target = map.get("target").and_then(|node| {
        let words = node.words()?;
        let clean = super::paths::clean(words.text.expose());
        Some(words.with(clean).at(&node.origin))
    });
    Some(Mount {
        origin: node.origin.clone(),
        kind: Str::from(map.get("type").and_then(Node::text).unwrap_or("volume")),
        source: text("source").filter(|text| !text.text.is_empty()),
        target,
        read_only: map.get("read_only").is_some_and(Node::is_true),
    })
}

fn env_file(node: &Node) -> Option<EnvFile> {
    Some(EnvFile {
        path: node.get("path")?.to_text()?,
        required: node.get("required").is_none_or(Node::is_true),
        format: node.get("format").and_then(Node::to_text),
    })
}

/// Labels without a value are empty.
fn labels(node: &Node) -> Vec<Variable> {
    let mut labels = pairs(node);
    for label in &mut labels {
        let origin = label.origin.clone();
        label
            .value
            .get_or_insert_with(|| Words::plain("").at(&origin));
    }
    labels
}

fn sources(node: &Node, key: &str) -> Vec<Text> {
    items(node, key)
        .iter()
        .filter_map(|entry| entry.get("source")?.to_text())
        .collect()
}

/// Written dependencies, and those that other keys imply.
fn depends_on(node: &Node) -> Vec<Text> {
    let mut found = node.get("depends_on").map(names).unwrap_or_default();
    let mut imply = |name: &str, words: &Words, origin: &Origin| {
        if !found.iter().any(|known| known.expose() == name) {
            found.push(words.with(name).at(origin));
        }
    };
    for (key, prefix) in [
        ("network_mode", "service:"),
        ("ipc", "service:"),
        ("pid", "service:"),
        ("uts", "service:"),
        ("cgroup", "service:"),
    ] {
        if let Some((node, words)) = node.get(key).and_then(|node| Some((node, node.words()?)))
            && let Some(name) = words.text.expose().strip_prefix(prefix)
        {
            imply(name, &words, &node.origin);
        }
    }
    for key in ["links", "volumes_from"] {
        for item in items(node, key) {
            let Some(words) = item.words() else { continue };
            let text = words.text.expose();
            let name = text.split(':').next().unwrap_or_default();
            if key == "links" || !text.starts_with("container:") {
                imply(name, &words, &item.origin);
            }
        }
    }
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found
}

fn waits_for_end_of(node: &Node) -> Vec<Str> {
    let needs = node.get("depends_on").and_then(Node::map);
    let ends = |need: &Node| {
        let condition = need.get("condition").and_then(Node::to_text);
        condition.is_some_and(|text| text.expose() == "service_completed_successfully")
    };
    let needs = needs.into_iter().flat_map(Map::iter);
    needs
        .filter(|(_, need)| ends(need))
        .map(|(name, _)| Str::from(name.as_ref()))
        .collect()
}

fn settings(node: &Node) -> Vec<Setting> {
    let mut found = Vec::new();
    let rest = node.map().into_iter().flat_map(Map::iter);
    for (key, node) in rest.filter(|(key, _)| !TYPED.contains(&key.as_ref())) {
        flatten(node, key.to_string(), &mut found);
    }
    if let Some(build) = node.get("build") {
        for (key, node) in build.map().into_iter().flat_map(Map::iter) {
            flatten(node, format!("build.{key}"), &mut found);
        }
    }
    found
}

fn flatten(node: &Node, path: String, found: &mut Vec<Setting>) {
    match &node.value {
        Value::Map(map) => {
            for (key, node) in map {
                flatten(node, format!("{path}.{key}"), found);
            }
        }
        Value::Seq(items) => {
            for (at, node) in items.iter().enumerate() {
                flatten(node, format!("{path}.{at}"), found);
            }
        }
        _ => found.extend(node.to_text().map(|value| Setting { path, value })),
    }
}
