//! What a merged configuration must not say, beyond the shape of its values.

use super::origin::UNKNOWN;
use super::ports;
use super::project::IssueKind;
use super::run::Run;
use super::value::{Map, Node, Value};

pub(super) fn check(run: &mut Run, model: &Map) {
    for (_, volume) in entries(model, "volumes") {
        external_alone(run, volume);
    }
    for (_, config) in entries(model, "configs") {
        one_content(run, config, &["file", "environment", "content"]);
    }
    for (_, secret) in entries(model, "secrets") {
        one_content(run, secret, &["file", "environment"]);
    }
    for (_, service) in entries(model, "services") {
        for port in service.get("ports").map(Node::items).unwrap_or_default() {
            host_address(run, port);
        }
    }
}

/// The entries of a section.
pub(super) fn entries<'m>(
    model: &'m Map,
    section: &str,
) -> impl Iterator<Item = (&'m crate::model::Str, &'m Node)> {
    model
        .get(section)
        .and_then(Node::map)
        .into_iter()
        .flat_map(Map::iter)
}

fn external_alone(run: &mut Run, volume: &Node) {
    let Some(map) = volume.map() else { return };
    if !matches!(
        map.get("external").map(|node| &node.value),
        Some(Value::Bool(true))
    ) {
        return;
    }
    let other = map
        .iter()
        .find(|(name, _)| !matches!(name.as_ref(), "name" | "external") && !name.starts_with("x-"));
    if let Some((name, node)) = other {
        let message = format!("an external volume cannot have {name}");
        run.issue(IssueKind::MutuallyExclusive, &node.origin, message);
    }
}

fn one_content(run: &mut Run, node: &Node, keys: &[&str]) {
    let Some(map) = node.map() else { return };
    let count = keys.iter().filter(|key| map.contains_key(**key)).count();
    if count > 1 {
        let message = format!("only one of {} can be given", keys.join(", "));
        run.issue(IssueKind::MutuallyExclusive, &node.origin, message);
    } else if count == 0 && !map.contains_key("driver") && !map.contains_key("external") {
        let message = format!("one of {} has to be given", keys.join(", "));
        run.issue(IssueKind::Schema, &node.origin, message);
    }
}

fn host_address(run: &mut Run, port: &Node) {
    let Value::Port(binding) = &port.value else {
        return;
    };
    if let Some(words) = &binding.host_ip {
        let text = words.text.expose();
        if !ports::is_ip(text) && !text.contains(UNKNOWN) {
            let message = "the host address is no IP address";
            run.issue(IssueKind::Port, &port.origin, message);
        }
    }
}
