//! `!reset` and `!override`: what a file takes out of the files before it.

use std::collections::BTreeMap;

use super::value::{Map, Node};
use crate::model::Str;

/// The places tagged in one document, by section and name, so that a service finds its own quickly.
#[derive(Clone, Debug, Default)]
pub(super) struct Resets {
    by_name: BTreeMap<(Str, Str), Vec<Vec<Str>>>,
    sections: Vec<Str>,
}

impl Resets {
    /// Notes a tagged place by the keys that lead to it.
    pub fn note(&mut self, keys: &[Str]) {
        match keys {
            [] => {}
            [section] => self.sections.push(section.clone()),
            [section, name, rest @ ..] => self
                .by_name
                .entry((section.clone(), name.clone()))
                .or_default()
                .push(rest.to_vec()),
        }
    }

    /// Removes every tagged place from what the files before say.
    pub fn apply(&self, root: &mut Map) {
        for section in &self.sections {
            root.remove(section);
        }
        for ((section, name), places) in &self.by_name {
            let Some(entries) = root.get_mut(section).and_then(Node::map_mut) else {
                continue;
            };
            if places.iter().any(Vec::is_empty) {
                entries.remove(name);
            } else if let Some(node) = entries.get_mut(name) {
                remove_all(node, places);
            }
        }
    }

    /// Removes the tagged places of one service, volume … from a node that is about to become its base.
    pub fn apply_to(&self, section: &str, name: &str, node: &mut Node) {
        if let Some(places) = self.by_name.get(&(Str::from(section), Str::from(name))) {
            remove_all(node, places);
        }
    }
}

fn remove_all(node: &mut Node, places: &[Vec<Str>]) {
    for place in places {
        if let [above @ .., last] = place.as_slice() {
            let holder = above
                .iter()
                .try_fold(&mut *node, |node, key| node.map_mut()?.get_mut(key));
            if let Some(map) = holder.and_then(Node::map_mut) {
                map.remove(last);
            }
        }
    }
}
