//! Host ports: ranges overlap, and a wildcard address takes the port on every address.

use super::{Claimed, Clash, Scene, meeting, suggest};
use crate::model::Environments;
use crate::resolve::compose::Port;
use crate::value::{engine, port};

/// A published port or range.
pub(super) struct Published<'a> {
    pub first: u16,
    pub last: u16,
    /// `None` is every address.
    address: Option<&'a str>,
    protocol: &'a str,
    pub claim: Claimed<'a>,
}

pub fn clashes<'a>(scene: &Scene<'a>) -> Vec<Clash<'a>> {
    let mut all: Vec<Published<'a>> = Vec::new();
    for (stack, one) in scene.running() {
        for service in &one.project.services {
            for port in &service.ports {
                let mut claim = Claimed::of(stack, one, Some(service), &port.origin.place);
                claim.fallback = port.text.is_fallback();
                let behind = port
                    .target
                    .and_then(|target| engine::by_port(i64::from(target)));
                claim.engine = claim.engine.or(behind);
                all.extend(published(port, claim));
            }
        }
    }
    all.sort_by_key(|port| (port.protocol, port.first, port.last, port.claim.stack));
    let taken: Vec<(u16, u16)> = all.iter().map(|port| (port.first, port.last)).collect();
    let offsets = suggest::Offsets::of(&all);
    let groups = groups(all).into_iter();
    groups
        .flat_map(|group| clash(group, &taken, &offsets, scene.environments))
        .collect()
}

fn published<'a>(port: &'a Port, claim: Claimed<'a>) -> Option<Published<'a>> {
    let (first, last) = port::range(port.published.as_ref()?.get()?)?;
    let address = match port.host_ip.as_ref() {
        None => None,
        Some(text) => match text.get() {
            Some("" | "0.0.0.0" | "::" | "[::]") => None,
            Some(address) => Some(address),
            // An address that nobody knows meets nothing for sure.
            None => return None,
        },
    };
    (first > 0).then_some(Published {
        first,
        last,
        address,
        protocol: &port.protocol,
        claim,
    })
}

/// Runs of ports that overlap, of one protocol; sorted input makes this one pass.
fn groups(all: Vec<Published<'_>>) -> Vec<Vec<Published<'_>>> {
    let mut groups: Vec<Vec<Published<'_>>> = Vec::new();
    let mut reach = 0;
    for port in all {
        match groups.last_mut() {
            Some(group) if group[0].protocol == port.protocol && port.first <= reach => {
                reach = reach.max(port.last);
                group.push(port);
            }
            _ => {
                reach = port.last;
                groups.push(vec![port]);
            }
        }
    }
    groups
}

fn clash<'a>(
    group: Vec<Published<'a>>,
    taken: &[(u16, u16)],
    offsets: &suggest::Offsets,
    environments: &Environments,
) -> Vec<Clash<'a>> {
    if group.len() < 2 {
        return Vec::new();
    }
    let (first, protocol) = (group[0].first, group[0].protocol);
    let mut clashes = Vec::new();
    for addressed in by_address(group) {
        let claims = addressed.into_iter().map(|port| port.claim).collect();
        for claims in meeting(claims, environments) {
            clashes.push(Clash {
                resource: "port",
                name: format!("{first}/{protocol}"),
                suggestion: offsets.free(first, &claims, taken),
                claims,
            });
        }
    }
    clashes
}

/// One address each; those for every address belong to all of them.
fn by_address(group: Vec<Published<'_>>) -> Vec<Vec<Published<'_>>> {
    let mut addresses: Vec<Option<&str>> = group.iter().map(|port| port.address).collect();
    addresses.sort_unstable();
    addresses.dedup();
    if addresses.len() < 2 || addresses[0].is_none() {
        // Some take every address, so all of them meet.
        return vec![group];
    }
    let mut sets: Vec<Vec<Published<'_>>> = addresses.iter().map(|_| Vec::new()).collect();
    for port in group {
        if let Some(at) = addresses
            .iter()
            .position(|address| *address == port.address)
        {
            sets[at].push(port);
        }
    }
    sets
}
