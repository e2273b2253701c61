//! Whether the parts of a project fit together.

use std::collections::{BTreeMap, BTreeSet};

use super::checks::entries;
use super::origin::{Origin, Text, UNKNOWN};
use super::project::{IssueKind, Project, Service};
use super::run::Run;
use super::value::{Map, Node, Value};

/// Checks the enabled services against each other and against the top level.
pub(super) fn check(run: &mut Run, project: &Project, model: &Map) {
    let enabled: BTreeMap<&str, &Service> = project
        .services
        .iter()
        .filter(|service| service.enabled)
        .map(|service| (service.name.as_ref(), service))
        .collect();
    for service in enabled.values() {
        let Some(node) = node_of(model, &service.name) else {
            continue;
        };
        image_or_build(run, service, node);
        networks(run, service, node, project);
        depends(run, service, node, &enabled, model);
        references(run, service, project);
        build(run, node);
        scale(run, service, node);
        targets(run, service);
    }
    cycles(run, &enabled);
}

/// Two services cannot have one container name.
pub(super) fn container_names(run: &mut Run, project: &Project) {
    let mut known = BTreeSet::new();
    for service in project.services.iter().filter(|service| service.enabled) {
        if let Some(name) = service.container_name.as_ref().filter(|name| name.known)
            && !known.insert(name.text.clone())
        {
            let message = "another service of this project has the same container name";
            run.issue(IssueKind::ContainerName, &name.origin, message);
        }
    }
}

fn node_of<'m>(model: &'m Map, name: &str) -> Option<&'m Node> {
    model.get("services")?.get(name)
}

fn image_or_build(run: &mut Run, service: &Service, node: &Node) {
    let none = service.image.is_none() && service.build.is_none();
    if none && node.get("provider").is_none() && !run.incomplete {
        let message = format!("service {} has neither image nor build", service.name);
        run.issue(IssueKind::NoImageOrBuild, &service.origin, message);
    }
    let Some(build) = node.get("build") else {
        return;
    };
    if build.get("dockerfile").is_some() && build.get("dockerfile_inline").is_some() {
        let message = "dockerfile and dockerfile_inline exclude each other";
        run.issue(IssueKind::MutuallyExclusive, &build.origin, message);
    }
}

fn networks(run: &mut Run, service: &Service, node: &Node, project: &Project) {
    if let (Some(_), Some(networks)) = (&service.network_mode, node.get("networks"))
        && !service.networks.is_empty()
    {
        let message = "network_mode and networks exclude each other";
        run.issue(IssueKind::MutuallyExclusive, &networks.origin, message);
    }
    for network in &service.networks {
        let known = project
            .networks
            .iter()
            .any(|known| known.key.as_ref() == network.expose());
        undefined(run, known, "network", network);
    }
}

fn undefined(run: &mut Run, known: bool, what: &str, name: &Text) {
    if !known && !run.incomplete && !name.expose().contains(UNKNOWN) {
        let message = format!("there is no {what} of this name at the top level");
        run.issue(IssueKind::UndefinedReference, &name.origin, message);
    }
}

fn depends(
    run: &mut Run,
    service: &Service,
    node: &Node,
    enabled: &BTreeMap<&str, &Service>,
    model: &Map,
) {
    for dependency in &service.depends_on {
        let name = dependency.expose();
        let disabled = node_of(model, name).is_some() && !enabled.contains_key(name);
        let required = node
            .get("depends_on")
            .and_then(|all| all.get(name)?.get("required"))
            .is_none_or(Node::is_true);
        let excused = (disabled && !required) || (!disabled && run.incomplete);
        if enabled.contains_key(name) || excused || name.contains(UNKNOWN) {
            continue;
        }
        let message = if disabled {
            "this service is not enabled by the same profiles"
        } else {
            "there is no service of this name"
        };
        run.issue(IssueKind::DependsOn, &dependency.origin, message);
    }
}

fn references(run: &mut Run, service: &Service, project: &Project) {
    for mount in service
        .mounts
        .iter()
        .filter(|mount| mount.kind.as_ref() == "volume")
    {
        if let Some(source) = &mount.source {
            let known = project
                .volumes
                .iter()
                .any(|volume| volume.key.as_ref() == source.expose());
            undefined(run, known, "volume", source);
        }
    }
    for (names, all, what) in [
        (&service.secrets, &project.secrets, "secret"),
        (&service.configs, &project.configs, "config"),
    ] {
        for name in names {
            let known = all.iter().any(|known| known.key.as_ref() == name.expose());
            undefined(run, known, what, name);
        }
    }
}

fn build(run: &mut Run, node: &Node) {
    let platform = node
        .get("platform")
        .and_then(Node::text)
        .unwrap_or_default();
    let platforms = node.get("build").and_then(|build| build.get("platforms"));
    if let Some(platforms) = platforms.filter(|_| !platform.is_empty())
        && !platforms.items().is_empty()
        && !platforms
            .items()
            .iter()
            .any(|item| item.text() == Some(platform))
    {
        let message = "the platform of the service is none of those it is built for";
        run.issue(IssueKind::BuildPlatforms, &platforms.origin, message);
    }
    let test = node.get("healthcheck").and_then(|check| check.get("test"));
    if let Some(first) = test.and_then(|test| test.items().first())
        && let Some(text) = first.text()
        && !matches!(text, "CMD" | "CMD-SHELL" | "NONE")
        && !text.contains(UNKNOWN)
    {
        let message = "a health check begins with CMD, CMD-SHELL or NONE";
        run.issue(IssueKind::Schema, &first.origin, message);
    }
}

fn number(node: Option<&Node>) -> Option<i128> {
    match &node?.value {
        Value::Int(value) => Some(*value),
        Value::Text(words) => words.text.expose().parse().ok(),
        _ => None,
    }
}

fn scale(run: &mut Run, service: &Service, node: &Node) {
    let scale = number(node.get("scale"));
    let replicas = number(node.get("deploy").and_then(|deploy| deploy.get("replicas")));
    if let (Some(scale), Some(replicas)) = (scale, replicas)
        && scale != replicas
    {
        let message = "scale and deploy.replicas differ";
        run.issue(IssueKind::MutuallyExclusive, &service.origin, message);
    }
    let Some(count) = scale.or(replicas) else {
        return;
    };
    if count < 0 {
        let message = "a service cannot run less than zero times";
        run.issue(IssueKind::Schema, &service.origin, message);
    }
    if let Some(name) = service.container_name.as_ref().filter(|_| count > 1) {
        let message = "a container name is for one container: this service runs more than once";
        run.issue(IssueKind::ContainerName, &name.origin, message);
    }
}

/// Two things cannot be mounted at one place.
fn targets(run: &mut Run, service: &Service) {
    let mut known = BTreeSet::new();
    let tmpfs = service.tmpfs.iter().map(|text| {
        let path = text.expose().split(':').next().unwrap_or_default();
        (path, &text.origin)
    });
    let mounts = service
        .mounts
        .iter()
        .filter_map(|mount| Some((mount.target.as_ref()?.expose(), &mount.origin)));
    for (path, origin) in tmpfs.chain(mounts) {
        if !path.contains(UNKNOWN) && !known.insert(path) {
            let message = "something else is mounted at the same place";
            run.issue(IssueKind::Volume, origin, message);
        }
    }
}

/// Services that wait for each other. Every service is visited once.
fn cycles(run: &mut Run, enabled: &BTreeMap<&str, &Service>) {
    let mut state: BTreeMap<&str, Visit> = BTreeMap::new();
    for start in enabled.keys() {
        let mut stack: Vec<(&str, usize)> = vec![(start, 0)];
        if state.contains_key(start) {
            continue;
        }
        state.insert(start, Visit::Open);
        while let Some((name, next)) = stack.last_mut() {
            let dependency = enabled
                .get(*name)
                .and_then(|service| service.depends_on.get(*next));
            *next += 1;
            let Some(dependency) = dependency else {
                state.insert(name, Visit::Done);
                stack.pop();
                continue;
            };
            match state.get(dependency.expose()) {
                Some(Visit::Done) => {}
                Some(Visit::Open) => circle(run, &dependency.origin),
                None => {
                    if let Some((name, _)) = enabled.get_key_value(dependency.expose()) {
                        state.insert(name, Visit::Open);
                        stack.push((name, 0));
                    }
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Visit {
    Open,
    Done,
}

fn circle(run: &mut Run, origin: &Origin) {
    let message = "the services wait for each other in a circle";
    run.issue(IssueKind::DependencyCircle, origin, message);
}

/// Secrets need a content.
pub(super) fn secrets(run: &mut Run, model: &Map) {
    for (_, secret) in entries(model, "secrets") {
        let has = |key: &str| secret.get(key).is_some_and(|node| !node.is_empty_text());
        let external = secret.get("external").is_some_and(Node::is_true);
        if !external && !has("file") && !has("environment") && secret.map().is_some() {
            let message = "a secret needs a file or a variable to come from";
            run.issue(IssueKind::Schema, &secret.origin, message);
        }
    }
}
