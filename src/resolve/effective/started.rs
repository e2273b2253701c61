//! What a Compose service takes from the image that is built for it: the command, where it has none of its own, and the
//! switches and modes that the Dockerfile sets and it does not. Of other variables an image holds one value for all
//! environments on purpose, or by a mistake that is told at the Dockerfile.

use std::collections::{BTreeMap, BTreeSet};

use super::Evaluated;
use super::holds::Holding;
use crate::model::schema::{Kind, command, var};
use crate::model::{Env, Fact, Role, Str, Val};
use crate::resolve::compose::{Build, Service};
use crate::resolve::stacks::join;

impl Holding<'_> {
    /// Only where it is deployed: a developer's image may do as it likes.
    pub(super) fn started(&mut self, one: &Evaluated, env: Env, service: &Service) {
        let Some(build) = &service.build else {
            return;
        };
        let Some(path) = dockerfile(build) else {
            return;
        };
        let is_real = |path: &str| {
            let file = self.written.file(path);
            file.is_some_and(|file| file.format == "dockerfile" && file.role == Role::Real)
        };
        if !self.lexicon.environments.is_deployed(env) || !is_real(&path) {
            return;
        }
        let target = match &build.target {
            Some(target) => match target.get() {
                Some(target) => Some(target),
                None => return,
            },
            None => None,
        };
        if service.command.is_none() && service.entrypoint.is_none() {
            let taken = self.of_stage(&path, Kind::command, target);
            self.take(one, env, service, build, taken);
        }
        // What an env file sets is only known where it is read.
        if service.env_files.is_empty() {
            let taken = self.switches(&path, target, service);
            self.take(one, env, service, build, taken);
        }
    }

    /// The switches of an image that a service does not set itself; of several of one name the last.
    fn switches(&self, path: &str, target: Option<&str>, service: &Service) -> Vec<usize> {
        let own: BTreeSet<&str> = service.environment.iter().map(|var| &*var.name).collect();
        let mut last: BTreeMap<&str, usize> = BTreeMap::new();
        for at in self.of_stage(path, Kind::var, target) {
            if let Some(fact) = self.written.facts.get(at) {
                last.insert(fact.text(var::NAME), at);
            }
        }
        last.retain(|name, at| {
            let fact = self.written.facts.get(*at);
            !own.contains(name) && fact.is_some_and(is_switch)
        });
        last.into_values().collect()
    }

    /// What the image that is built holds: of the stage that is asked for, or of those it is built from by default.
    fn of_stage(&self, path: &str, kind: Kind, target: Option<&str>) -> Vec<usize> {
        let (stage, shipped) = match kind {
            Kind::var => (var::SERVICE, var::SHIPPED),
            _ => (command::SERVICE, command::SHIPPED),
        };
        let holds = |fact: &Fact| match target {
            Some(target) => fact.text(stage).eq_ignore_ascii_case(target),
            None => fact.get(shipped) == Val::Bool(true),
        };
        let mut found = self.written.all(path, kind);
        found.retain(|at| {
            let fact = self.written.facts.get(*at);
            fact.is_some_and(|fact| fact.env.is_none() && holds(fact))
        });
        found
    }

    fn take(
        &mut self,
        one: &Evaluated,
        env: Env,
        service: &Service,
        build: &Build,
        taken: Vec<usize>,
    ) {
        for at in taken {
            let Some(fact) = self.hold(one, env, &build.origin, at) else {
                continue;
            };
            let name = Str::clone(&service.name);
            match fact.kind {
                Kind::var => fact.set(var::SERVICE, name.into()),
                _ => fact.set(command::SERVICE, name.into()),
            }
        }
    }
}

/// The path of the Dockerfile, where no variable and no address decides it.
fn dockerfile(build: &Build) -> Option<String> {
    let context = build.context.as_ref()?.get()?;
    let name = match &build.dockerfile {
        Some(name) => name.get()?,
        None => "Dockerfile",
    };
    if context.contains("://") || name.starts_with('/') {
        return None;
    }
    let folder = if context == "." { "" } else { context };
    join(folder, name)
}

/// `DEBUG=1`, `NODE_ENV=development`, `LOG_LEVEL=debug`: no credential and no address.
fn is_switch(fact: &Fact) -> bool {
    fact.get(var::SENSITIVE) == Val::Bool(false)
        && fact.text(var::ORIGIN) == "value"
        && matches!(fact.text(var::VALUE_KIND), "bool" | "number" | "text")
}
