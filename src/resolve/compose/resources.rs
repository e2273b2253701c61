//! Volumes, networks, secrets and configs of the top level, with the names the engine gives them.

use std::collections::BTreeMap;

use super::checks::entries;
use super::origin::Origin;
use super::project::{Project, Resource, Service};
use super::value::{Map, Node, Words};
use crate::model::Str;

/// Fills in the resources of a project whose services are known.
pub(super) fn resources(project: &mut Project, model: &Map) {
    let used = used(&project.services);
    let section = |name: &'static str| -> Vec<Resource> {
        entries(model, name)
            .map(|(key, node)| {
                let mut resource = resource(&project.name.name, key, node);
                resource.used = used.contains_key(&(name, key.clone()));
                resource
            })
            .collect()
    };
    let (volumes, mut networks) = (section("volumes"), section("networks"));
    let (secrets, configs) = (section("secrets"), section("configs"));
    if let Some(origin) = used.get(&("networks", Str::from("default")))
        && !networks
            .iter()
            .any(|network| network.key.as_ref() == "default")
    {
        let node = Node::new(super::value::Value::Null, origin);
        let mut network = resource(&project.name.name, &Str::from("default"), &node);
        network.used = true;
        networks.push(network);
        networks.sort_by(|a, b| a.key.cmp(&b.key));
    }
    project.volumes = volumes;
    project.networks = networks;
    project.secrets = secrets;
    project.configs = configs;
}

fn resource(project: &str, key: &Str, node: &Node) -> Resource {
    let external = node.get("external").is_some_and(Node::is_true);
    let written = node.get("name").and_then(Node::to_text);
    let named = written.is_some();
    let name = written.unwrap_or_else(|| {
        let name = if external {
            key.to_string()
        } else {
            format!("{project}_{key}")
        };
        Words::plain(name).at(&node.origin)
    });
    Resource {
        key: key.clone(),
        origin: node.origin.clone(),
        name,
        named,
        external,
        used: false,
    }
}

/// What enabled services use, with one place that does.
fn used(services: &[Service]) -> BTreeMap<(&'static str, Str), Origin> {
    let mut used = BTreeMap::new();
    for service in services.iter().filter(|service| service.enabled) {
        let mut note = |section: &'static str, key: &str, origin: &Origin| {
            used.entry((section, Str::from(key)))
                .or_insert_with(|| origin.clone());
        };
        for network in &service.networks {
            note("networks", network.expose(), &network.origin);
        }
        for mount in service
            .mounts
            .iter()
            .filter(|mount| mount.kind.as_ref() == "volume")
        {
            if let Some(source) = &mount.source {
                note("volumes", source.expose(), &mount.origin);
            }
        }
        for secret in &service.secrets {
            note("secrets", secret.expose(), &secret.origin);
        }
        for config in &service.configs {
            note("configs", config.expose(), &config.origin);
        }
    }
    used
}
