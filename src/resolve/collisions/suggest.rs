//! Which port is free, following the project's own pattern: where test is development plus 1000, the clashing port of test
//! becomes development's plus 1000.

use std::collections::BTreeMap;

use super::Claimed;
use super::ports::Published;
use crate::model::Env;

/// How far the ports of one environment lie from those of another, for services that both have.
pub struct Offsets {
    by_pair: BTreeMap<(Env, Env), i32>,
}

impl Offsets {
    pub fn of(all: &[Published]) -> Self {
        let mut by_service: BTreeMap<&str, BTreeMap<Env, u16>> = BTreeMap::new();
        for port in all {
            let ports = by_service
                .entry(port.claim.service.unwrap_or_default())
                .or_default();
            ports.entry(port.claim.env).or_insert(port.first);
        }
        let mut counts: BTreeMap<(Env, Env), BTreeMap<i32, usize>> = BTreeMap::new();
        for ports in by_service.values() {
            for (a, of_a) in ports {
                for (b, of_b) in ports.iter().filter(|(b, _)| *b != a) {
                    let offset = i32::from(*of_b) - i32::from(*of_a);
                    if offset != 0 {
                        *counts
                            .entry((*a, *b))
                            .or_default()
                            .entry(offset)
                            .or_default() += 1;
                    }
                }
            }
        }
        let most = |offsets: BTreeMap<i32, usize>| {
            offsets
                .into_iter()
                .max_by_key(|(offset, count)| (*count, -offset.abs()))
        };
        let by_pair = counts
            .into_iter()
            .filter_map(|(pair, offsets)| Some((pair, most(offsets)?.0)));
        Self {
            by_pair: by_pair.collect(),
        }
    }

    /// A free port for the first claim's side: the pattern's, else the next thousand.
    pub fn free(&self, port: u16, claims: &[Claimed], taken: &[(u16, u16)]) -> Option<String> {
        let is_free = |wanted: i32| {
            let wanted = u16::try_from(wanted)
                .ok()
                .filter(|wanted| *wanted >= 1024)?;
            let hit = taken
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&wanted));
            (!hit).then(|| wanted.to_string())
        };
        let (mine, other) = (claims.first()?, claims.get(1)?);
        let pattern = self.by_pair.get(&(other.env, mine.env)).copied();
        let mut offsets = pattern
            .into_iter()
            .chain([1000, 2000, 3000, 1, 2, 3, 10_000]);
        offsets.find_map(|offset| is_free(i32::from(port) + offset))
    }
}
