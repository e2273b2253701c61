//! `extends`: a service on top of another one, of the same file or of another.

use std::collections::HashMap;
use std::sync::Arc;

use super::load::{self, Extended, Scope};
use super::merge;
use super::origin::{Origin, Step, StepKind};
use super::paths;
use super::project::IssueKind;
use super::reset::Resets;
use super::run::Run;
use super::value::{Map, Node, Path, Value};
use crate::model::Str;

/// The longest chain that is followed.
const DEEPEST: usize = 100;

/// Completes every service that extends another.
pub(super) fn apply(run: &mut Run, scope: &mut Scope, root: &mut Map, resets: &Resets, file: &str) {
    let Some(node) = root.get_mut("services") else {
        return;
    };
    let Value::Map(services) = &mut node.value else {
        let origin = node.origin.clone();
        root.remove("services");
        let message = "services is a mapping of names to services";
        return run.issue(IssueKind::Schema, &origin, message);
    };
    let names: Vec<Str> = services
        .iter()
        .filter(|(_, service)| service.get("extends").is_some())
        .map(|(name, _)| name.clone())
        .collect();
    let mut chain = Chain {
        run,
        scope,
        trail: Vec::new(),
        done: HashMap::new(),
    };
    let resolved: Vec<(Str, Node)> = names
        .into_iter()
        .filter_map(|name| {
            let node = chain.resolved(services, resets, file, &name)?;
            Some((name, node))
        })
        .collect();
    services.extend(resolved);
}

struct Chain<'r, 'a> {
    run: &'r mut Run<'a>,
    scope: &'r mut Scope,
    /// The services on the way, with their files.
    trail: Vec<(String, Str)>,
    /// Services that are complete; what was cut short by a circle is not among them.
    done: HashMap<(String, Str), Node>,
}

/// What `extends` names.
struct Wanted {
    service: Str,
    file: Option<String>,
}

impl Chain<'_, '_> {
    /// A service with everything it extends; `None` where there is no such service.
    fn resolved(
        &mut self,
        services: &Map,
        resets: &Resets,
        file: &str,
        name: &str,
    ) -> Option<Node> {
        let written = services.get(name)?;
        if written.get("extends").is_none() {
            return Some(written.clone());
        }
        let here = (file.to_owned(), Str::from(name));
        if let Some(done) = self.done.get(&here) {
            return Some(done.clone());
        }
        let mut service = written.clone();
        let extends = service.map_mut()?.remove("extends")?;
        if let Some(message) = self.end_of_chain(&here) {
            self.run.issue(IssueKind::Extends, &extends.origin, message);
            return Some(service);
        }
        let Some(wanted) = self.wanted(&extends) else {
            return Some(service);
        };
        let before = self.run.issues.len();
        self.trail.push(here.clone());
        let base = self.base(services, resets, file, &wanted, &extends.origin);
        self.trail.pop();
        let Some(mut base) = base.filter(|base| !base.is_null()) else {
            return Some(service);
        };
        if !self.run.spend(base.size(), &extends.origin) {
            return Some(service);
        }
        base.carry(&Step {
            kind: StepKind::Extends,
            place: extends.origin.place.clone(),
        });
        resets.apply_to("services", name, &mut base);
        let path = Path::of(&["services", name]);
        let merged = merge::merge(self.run, base, service, path);
        if self.run.issues.len() == before {
            self.done.insert(here, merged.clone());
        }
        Some(merged)
    }

    fn end_of_chain(&self, here: &(String, Str)) -> Option<&'static str> {
        if self.trail.contains(here) {
            return Some("the services extend each other in a circle");
        }
        (self.trail.len() >= DEEPEST).then_some("the chain of extends is too long to follow")
    }

    fn wanted(&mut self, extends: &Node) -> Option<Wanted> {
        let service = match &extends.value {
            Value::Text(_) => Some(extends),
            _ => extends.get("service"),
        };
        let Some(service) = service.and_then(Node::text) else {
            let message = "extends names no service";
            self.run.issue(IssueKind::Extends, &extends.origin, message);
            return None;
        };
        Some(Wanted {
            service: Str::from(service),
            file: extends.get("file").and_then(Node::text).map(str::to_owned),
        })
    }

    fn base(
        &mut self,
        services: &Map,
        resets: &Resets,
        file: &str,
        wanted: &Wanted,
        asked: &Origin,
    ) -> Option<Node> {
        let other: Option<Arc<Extended>> = match &wanted.file {
            Some(path) => {
                let path = paths::join(&self.scope.folder, path);
                Some(load::extended(self.run, self.scope, &path, asked)?)
            }
            None => None,
        };
        let found = match &other {
            Some(other) => {
                self.resolved(&other.services, &other.resets, &other.path, &wanted.service)
            }
            None => self.resolved(services, resets, file, &wanted.service),
        };
        if found.is_none() {
            let message = "there is no service of this name to extend";
            self.run.issue(IssueKind::Extends, asked, message);
        }
        found
    }
}
