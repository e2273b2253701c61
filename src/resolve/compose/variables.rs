//! The variables that interpolation sees, layer over layer: the process, the project name, env files, included ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::origin::Place;
use crate::model::{Secret, Str};

#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub value: Secret,
    /// Where it is set; `None` when that is outside of the tree.
    pub place: Option<Place>,
    /// False when its own value rests on an unknown variable.
    pub known: bool,
}

/// The first layer that has a name wins. Layers are shared, so that copies are cheap.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    layers: Vec<Arc<BTreeMap<Str, Variable>>>,
}

impl Variables {
    /// The known variables of the process.
    pub fn process(env: &[(String, Secret)]) -> Self {
        let mut variables = Self::default();
        variables.fill(
            env.iter()
                .map(|(name, value)| {
                    let variable = Variable {
                        value: value.clone(),
                        place: None,
                        known: true,
                    };
                    (Str::from(name.as_str()), variable)
                })
                .collect(),
        );
        variables
    }

    /// Adds a layer that fills in what is not set yet.
    pub fn fill(&mut self, layer: BTreeMap<Str, Variable>) {
        if !layer.is_empty() {
            self.layers.push(Arc::new(layer));
        }
    }

    /// Sets a name above everything else.
    pub fn set(&mut self, name: &str, value: &str) {
        let variable = Variable {
            value: Secret::new(value),
            place: None,
            known: true,
        };
        let layer = BTreeMap::from([(Str::from(name), variable)]);
        self.layers.insert(0, Arc::new(layer));
    }

    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.layers.iter().find_map(|layer| layer.get(name))
    }

    pub fn get(&self, name: &str) -> Option<Secret> {
        self.variable(name).map(|variable| variable.value.clone())
    }

    /// The value of a variable that steers Compose itself; an empty one counts as absent.
    pub fn setting(&self, name: &str) -> Option<String> {
        self.get(name)
            .map(|value| value.expose().to_owned())
            .filter(|value| !value.is_empty())
    }
}
