//! Compose files: services with their images, ports, volumes, variables and commands, as written. What holds after
//! merging is the business of `resolve`; here every element is one fact on its own bytes.

mod claims;
mod declared;
mod environment;
mod ports;
mod scalar;
mod service;
mod volumes;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::file::Nature;
use crate::model::{Fact, Problem, Span};
use crate::syntax::{Entry, Node, yaml};

use super::{Format, Input, Output};
use service::Service;

pub static COMPOSE: Format = Format {
    name: "compose",
    doc: "Compose files: `compose.yaml`, `docker-compose.prod.yml`, `stack.yml`, and `production.yml` where it holds services",
    nature: Nature::Settings,
    beside: false,
    claims: claims::claims,
    parse,
};

/// What one file is read into.
struct Reader<'a> {
    input: &'a Input<'a>,
    facts: Vec<Fact>,
    problems: Vec<Problem>,
    /// Top-level volumes that are `external: true`.
    external: Vec<&'a str>,
    /// Engines of the services that mount a named volume.
    engines: BTreeMap<String, &'static str>,
    /// Services that others wait for until they have ended well.
    awaited: BTreeSet<&'a str>,
}

fn parse(input: &Input) -> Output {
    let tree = yaml::parse(input.text);
    let mut reader = Reader {
        input,
        facts: Vec::new(),
        problems: tree.problems.clone(),
        external: Vec::new(),
        engines: BTreeMap::new(),
        awaited: BTreeSet::new(),
    };
    for document in &tree.documents {
        reader.document(document);
    }
    let mut problems = reader.problems;
    // An anchored text is read once for every alias; what is wrong in it is wrong once.
    problems.sort_by(|a, b| (a.span, a.code).cmp(&(b.span, b.code)));
    problems.dedup();
    Output {
        facts: reader.facts,
        problems,
        ..Output::default()
    }
}

impl<'a> Reader<'a> {
    fn document(&mut self, document: &'a Node) {
        if document.is_null() {
            return;
        }
        if !document.is_map() {
            return self.problem(
                "compose-structure",
                document.span,
                "a Compose file must be a mapping",
            );
        }
        self.external = declared::external(document);
        let services = self.services(document);
        self.awaited = services.iter().flat_map(Service::awaits_end_of).collect();
        for service in services {
            service.read(self);
        }
        for entry in kept(document) {
            match entry.key.text() {
                Some("volumes") => self.declared_volumes(entry),
                Some("networks") => self.declared_networks(entry),
                _ => {}
            }
        }
    }

    fn services(&mut self, document: &'a Node) -> Vec<Service<'a>> {
        let Some(entry) = kept(document).find(|entry| entry.key.text() == Some("services")) else {
            return first_version(document);
        };
        if !entry.value.is_map() && !entry.value.is_null() {
            self.problem(
                "compose-structure",
                entry.value.span,
                "`services` must be a mapping of names to services",
            );
        }
        let mut found = Vec::new();
        for service in kept(&entry.value) {
            match service.key.text() {
                Some(name) if service.value.is_map() || service.value.is_null() => {
                    found.push(Service::new(name, service));
                }
                Some(_) => self.problem(
                    "compose-structure",
                    service.value.place(),
                    "a service must be a mapping",
                ),
                None => {}
            }
        }
        found
    }

    fn problem(&mut self, code: &'static str, span: Span, message: &str) {
        self.problems.push(Problem::new(code, span, message));
    }
}

/// The first version of the format had the services at the top.
fn first_version(document: &Node) -> Vec<Service<'_>> {
    kept(document)
        .filter(|entry| entry.value.get("image").is_some() || entry.value.get("build").is_some())
        .filter_map(|entry| Some(Service::new(entry.key.text()?, entry)))
        .collect()
}

/// Entries that say something: extensions (`x-…`), what `!reset` takes away, and what a later entry of the same name
/// replaces do not.
fn kept(node: &Node) -> impl Iterator<Item = &Entry> {
    let entries = node.entries();
    let mut last: HashMap<&str, usize> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        last.insert(entry.key.text().unwrap_or_default(), at);
    }
    entries.iter().enumerate().filter_map(move |(at, entry)| {
        let stands = entry
            .key
            .text()
            .is_none_or(|key| !key.starts_with("x-") && last.get(key) == Some(&at));
        (stands && !is_reset(&entry.value)).then_some(entry)
    })
}

fn is_reset(node: &Node) -> bool {
    node.tag.as_deref() == Some("reset")
}

/// The value under a key, unless `!reset` takes it away.
fn child<'n>(node: &'n Node, key: &str) -> Option<&'n Entry> {
    node.entry(key).filter(|entry| !is_reset(&entry.value))
}
