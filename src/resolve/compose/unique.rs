//! Lists whose entries have an identity: of two with the same one, the later holds and keeps the earlier's position.

use std::collections::HashMap;

use super::ports;
use super::project::IssueKind;
use super::run::Run;
use super::value::{Map, Node, Path, Value};
use super::volumes;

/// Removes entries that later ones redefine, everywhere.
pub(super) fn enforce(run: &mut Run, map: &mut Map, path: Path) {
    for (name, node) in map.iter_mut() {
        let path = path.key(name);
        match &mut node.value {
            Value::Map(map) => enforce(run, map, path),
            Value::Seq(items) => {
                if let Some(identity) = identity(path.parts()) {
                    let kept = keep_last(run, std::mem::take(items), identity);
                    *items = kept;
                }
            }
            _ => {}
        }
    }
}

/// How two entries of a list are told apart.
#[derive(Clone, Copy)]
enum Identity {
    /// The text before `=`.
    Name,
    Port,
    Volume,
    Device,
    EnvFile,
    /// The target, or the source in this folder.
    Mount(&'static str),
    /// The text as a whole.
    Text,
}

fn identity(path: &[&str]) -> Option<Identity> {
    let identity = match path {
        ["networks", _, "labels"] | ["networks", _, "ipam", "options"] => Identity::Name,
        ["services", _, rest @ ..] => match rest {
            [
                "annotations" | "cap_add" | "cap_drop" | "dns" | "dns_opt" | "dns_search"
                | "environment" | "labels" | "links" | "profiles" | "sysctls" | "tmpfs",
            ]
            | [
                "build",
                "args" | "additional_contexts" | "platform" | "tags" | "labels",
            ]
            | ["deploy", "labels"]
            | ["networks", _, "aliases" | "link_local_ips"] => Identity::Name,
            ["ports"] => Identity::Port,
            ["volumes"] => Identity::Volume,
            ["devices"] => Identity::Device,
            ["env_file"] => Identity::EnvFile,
            ["expose"] => Identity::Text,
            ["configs"] => Identity::Mount(""),
            ["secrets"] => Identity::Mount("/run/secrets"),
            _ => return None,
        },
        _ => return None,
    };
    Some(identity)
}

fn keep_last(run: &mut Run, items: Vec<Node>, identity: Identity) -> Vec<Node> {
    let mut kept: Vec<Node> = Vec::with_capacity(items.len());
    let mut known: HashMap<String, usize> = HashMap::with_capacity(items.len());
    for item in items {
        let Some(name) = name(run, &item, identity) else {
            kept.push(item);
            continue;
        };
        if let Some(earlier) = known.get(&name).and_then(|at| kept.get_mut(*at)) {
            *earlier = item;
        } else {
            known.insert(name, kept.len());
            kept.push(item);
        }
    }
    kept
}

fn name(run: &mut Run, item: &Node, identity: Identity) -> Option<String> {
    let text = item.text();
    match identity {
        Identity::Name => {
            if text.is_none() {
                let message = "text is needed here: write NAME=VALUE";
                run.issue(IssueKind::Schema, &item.origin, message);
            }
            text.map(|text| before(text, '=').to_owned())
        }
        Identity::Port => {
            if item.map().is_some_and(|map| !map.contains_key("target")) {
                let message = "a port without a target";
                run.issue(IssueKind::Port, &item.origin, message);
            }
            ports::identity(item)
        }
        Identity::Volume => volumes::identity(run, item),
        Identity::Device => match text {
            Some(text) => text.split(':').nth(1).or(Some(text)).map(str::to_owned),
            None => item.get("target")?.text().map(str::to_owned),
        },
        Identity::EnvFile => text.or_else(|| item.get("path")?.text()).map(str::to_owned),
        Identity::Text => item.words().map(|words| words.text.expose().to_owned()),
        Identity::Mount(folder) => {
            if let Some(target) = item.get("target").and_then(Node::text) {
                Some(target.to_owned())
            } else {
                let source = text.or_else(|| item.get("source")?.text())?;
                Some(format!("{folder}/{source}"))
            }
        }
    }
}

fn before(text: &str, separator: char) -> &str {
    text.split(separator).next().unwrap_or(text)
}
