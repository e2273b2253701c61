//! Top-level `volumes:` and `networks:`.

use crate::format::Input;
use crate::format::written::bounded;
use crate::model::schema::{Kind, compose_network, compose_volume};
use crate::model::{Fact, Span, Value};
use crate::syntax::{Entry, Node};

use super::scalar::Scalar;
use super::{Reader, child, kept};

/// Names of the top-level volumes that are external.
pub(super) fn external(document: &Node) -> Vec<&str> {
    child(document, "volumes").map_or_else(Vec::new, |volumes| {
        kept(&volumes.value)
            .filter(|entry| is_external(&entry.value))
            .filter_map(|entry| entry.key.text())
            .collect()
    })
}

impl Reader<'_> {
    pub(super) fn declared_volumes(&mut self, entry: &Entry) {
        if !entry.value.is_map() && !entry.value.is_null() {
            self.problem(
                "volume-syntax",
                entry.value.span,
                "top-level `volumes` must be a mapping of names",
            );
        }
        for volume in kept(&entry.value) {
            let Some(key) = volume.key.text() else {
                continue;
            };
            let (name, span) = name_of(self.input, key, volume);
            let engine = self.engines.get(key).copied();
            let mut fact = Fact::new(Kind::compose_volume, self.input.file, volume.key.span, span)
                .with(compose_volume::NAME, bounded(name))
                .with(compose_volume::EXTERNAL, is_external(&volume.value))
                .with(compose_volume::READ_ONLY, false)
                .with(compose_volume::SOURCE_CODE, false);
            fact.set(compose_volume::MOUNT, Value::Word("named"));
            fact.set(
                compose_volume::ENGINE,
                engine.map_or(Value::Absent, Value::Word),
            );
            self.facts.push(fact);
        }
    }

    pub(super) fn declared_networks(&mut self, entry: &Entry) {
        if !entry.value.is_map() && !entry.value.is_null() {
            self.problem(
                "network-syntax",
                entry.value.span,
                "top-level `networks` must be a mapping of names",
            );
        }
        for network in kept(&entry.value) {
            let Some(key) = network.key.text() else {
                continue;
            };
            let (name, span) = name_of(self.input, key, network);
            let internal = child(&network.value, "internal")
                .is_some_and(|entry| entry.value.as_bool() == Some(true));
            let fact = Fact::new(
                Kind::compose_network,
                self.input.file,
                network.key.span,
                span,
            )
            .with(compose_network::NAME, bounded(name))
            .with(compose_network::EXTERNAL, is_external(&network.value))
            .with(compose_network::INTERNAL, internal);
            self.facts.push(fact);
        }
    }
}

/// `name:`, the older `external: {name: …}`, or the key, with its bytes.
fn name_of<'n>(input: &Input, key: &'n str, entry: &'n Entry) -> (&'n str, Span) {
    let named = child(&entry.value, "name")
        .or_else(|| {
            child(&entry.value, "external").and_then(|external| child(&external.value, "name"))
        })
        .and_then(|name| Some((name.value.text()?, Scalar::of(input, &name.value)?.span)));
    named.unwrap_or((key, entry.key.span))
}

/// `external: true`, or the older mapping with a name.
fn is_external(node: &Node) -> bool {
    child(node, "external").is_some_and(|entry| {
        entry.value.is_map()
            || entry
                .value
                .text()
                .is_some_and(|text| crate::value::kind::truthy(text) == Some(true))
    })
}
