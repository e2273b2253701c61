//! Names that one engine has once: containers, volumes, networks, projects.

use std::collections::BTreeMap;

use super::{Claimed, Clash, Scene, meeting};
use crate::resolve::compose::{NameSource, Resource, Service, Text};
use crate::resolve::effective::Evaluated;

type ByName<'a> = BTreeMap<(&'static str, String), Vec<Claimed<'a>>>;

pub fn clashes<'a>(scene: &Scene<'a>) -> Vec<Clash<'a>> {
    let mut claims: ByName<'a> = BTreeMap::new();
    for (stack, one) in scene.running() {
        containers(stack, one, &mut claims);
        volumes(stack, one, &mut claims);
        networks(stack, one, &mut claims);
        project(stack, one, &mut claims);
    }
    let mut clashes = Vec::new();
    for ((resource, name), claims) in claims {
        for claims in meeting(claims, scene.environments) {
            let inside = claims.iter().all(|claim| claim.stack == claims[0].stack);
            // Services of one stack share volumes and networks by design.
            if inside && resource != "container_name" {
                continue;
            }
            clashes.push(Clash {
                resource,
                name: name.clone(),
                claims,
                suggestion: None,
            });
        }
    }
    clashes
}

fn claim<'a>(
    stack: usize,
    one: &'a Evaluated,
    service: Option<&'a Service>,
    text: &'a Text,
) -> Claimed<'a> {
    let mut claim = Claimed::of(stack, one, service, &text.origin.place);
    claim.fallback = text.is_fallback();
    claim
}

fn containers<'a>(stack: usize, one: &'a Evaluated, claims: &mut ByName<'a>) {
    for service in &one.project.services {
        let Some(text) = &service.container_name else {
            continue;
        };
        if let Some(name) = text.get() {
            let key = ("container_name", name.to_owned());
            claims
                .entry(key)
                .or_default()
                .push(claim(stack, one, Some(service), text));
        }
    }
}

/// A volume is claimed where a service mounts it: that is what shares the data.
fn volumes<'a>(stack: usize, one: &'a Evaluated, claims: &mut ByName<'a>) {
    let resources: BTreeMap<&str, &Resource> = one
        .project
        .volumes
        .iter()
        .map(|volume| (volume.key.as_ref(), volume))
        .collect();
    for service in &one.project.services {
        for mount in service
            .mounts
            .iter()
            .filter(|mount| mount.kind.as_ref() == "volume")
        {
            let Some(text) = &mount.source else { continue };
            let Some(volume) = text.get().and_then(|key| resources.get(key)) else {
                continue;
            };
            let Some(name) = volume.name.get() else {
                continue;
            };
            let mut claimed = claim(stack, one, Some(service), text);
            claimed.place = &mount.origin.place;
            claimed.declared = Some(&volume.origin.place).filter(|place| !place.key.is_empty());
            claimed.fallback |= volume.name.is_fallback();
            claims
                .entry(("volume", name.to_owned()))
                .or_default()
                .push(claimed);
        }
    }
}

/// Only networks with a name of their own: those a project makes are as separate as the projects are.
fn networks<'a>(stack: usize, one: &'a Evaluated, claims: &mut ByName<'a>) {
    for network in one
        .project
        .networks
        .iter()
        .filter(|network| network.used && (network.external || network.named))
    {
        if let Some(name) = network.name.get() {
            let mut claimed = claim(stack, one, None, &network.name);
            claimed.place = &network.origin.place;
            claims
                .entry(("network", name.to_owned()))
                .or_default()
                .push(claimed);
        }
    }
}

/// A project name that is written; folders give one name to all their files, which volumes and ports tell better.
fn project<'a>(stack: usize, one: &'a Evaluated, claims: &mut ByName<'a>) {
    let name = &one.project.name;
    if let (NameSource::File, Some(text)) = (name.source, &name.written) {
        claims
            .entry(("project", name.name.clone()))
            .or_default()
            .push(claim(stack, one, None, text));
    }
}
