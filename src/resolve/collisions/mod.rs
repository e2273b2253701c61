//! Two places that claim one thing of a machine: a host port, a volume, a name.
//!
//! Ranges, wildcard addresses, project-scoped names and "which port is free" are not equality, so policies do not compare
//! ports: they select on these facts. One machine is certain inside one stack and where the configuration declares it,
//! likely between local environments of one folder, and merely possible otherwise: 80 in production and in staging normally
//! means two machines.

mod machines;
mod names;
mod ports;
mod suggest;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compose::{Place as Written, Service, Text};
use super::effective::Evaluated;
use crate::model::schema::collision;
use crate::model::{
    Document, Env, EnvSet, Environments, Fact, File, Layer, Place, Role, Span, Str, Value,
};
use crate::value::{engine, image};

/// One side of a possible collision.
#[derive(Clone, Debug)]
pub(super) struct Claimed<'a> {
    /// Number of the stack.
    stack: usize,
    service: Option<&'a str>,
    env: Env,
    place: &'a Written,
    /// Where the name is declared, if that is another place.
    declared: Option<&'a Written>,
    /// Only a fallback of a variable claims it.
    fallback: bool,
    engine: Option<&'static str>,
    /// Of a stack that is no environment.
    variant: bool,
    /// Of a stack for CI, which runs on a machine of its own.
    runner: bool,
    /// Profiles of the service; services of different profiles need not run together.
    profiles: Vec<&'a str>,
}

impl<'a> Claimed<'a> {
    fn of(
        stack: usize,
        one: &'a Evaluated,
        service: Option<&'a Service>,
        place: &'a Written,
    ) -> Self {
        let image = service.and_then(|service| service.image.as_ref());
        let profiles = service.map(|service| service.profiles.iter().map(Text::expose).collect());
        Self {
            stack,
            service: service.map(|service| service.name.as_ref()),
            env: service.map_or(one.stack.claim.env, |service| one.env_of(&service.name)),
            place,
            declared: None,
            fallback: false,
            engine: image.and_then(|text| engine::by_image(image::parse(text.expose()).repository)),
            variant: one.stack.variant,
            runner: machines::is_for_ci(&one.stack),
            profiles: profiles.unwrap_or_default(),
        }
    }
}

/// Claims on one thing that cannot both be granted.
pub(super) struct Clash<'a> {
    resource: &'static str,
    /// For people: `5432/tcp`, or the name.
    name: String,
    claims: Vec<Claimed<'a>>,
    suggestion: Option<String>,
}

/// Every collision of the tree, one fact for each thing that is claimed twice.
pub fn facts(
    evaluated: &[Evaluated],
    documents: &[Document],
    environments: &Environments,
) -> Vec<Fact> {
    let scene = Scene {
        evaluated,
        environments,
        files: documents
            .iter()
            .map(|document| (document.file.path.as_ref(), &document.file))
            .collect(),
    };
    let clashes = ports::clashes(&scene)
        .into_iter()
        .chain(names::clashes(&scene));
    clashes.filter_map(|clash| scene.fact(clash)).collect()
}

pub(super) struct Scene<'a> {
    evaluated: &'a [Evaluated],
    environments: &'a Environments,
    files: BTreeMap<&'a str, &'a Arc<File>>,
}

impl<'a> Scene<'a> {
    /// The stacks that run, with their numbers: templates and fixtures claim nothing.
    fn running(&self) -> impl Iterator<Item = (usize, &'a Evaluated)> {
        let real = |path: &Str| {
            let file = self.files.get(path.as_ref());
            file.is_some_and(|file| file.role == Role::Real)
        };
        let stacks = self.evaluated.iter().enumerate();
        stacks.filter(move |(_, one)| one.stack.files.iter().all(real))
    }

    /// Turns a clash into a fact: the most exposed side speaks, the others are related places.
    fn fact(&self, mut clash: Clash<'a>) -> Option<Fact> {
        let same_stack = clash
            .claims
            .iter()
            .all(|claim| claim.stack == clash.claims[0].stack);
        let exposure = |claim: &Claimed| self.environments.exposure(claim.env);
        if same_stack {
            // The second one in the file does not start.
            clash
                .claims
                .sort_by_key(|claim| std::cmp::Reverse(span(claim.place)));
        } else {
            clash
                .claims
                .sort_by_key(|claim| (std::cmp::Reverse(exposure(claim)), claim.stack));
        }
        let certainty = if same_stack {
            "certain"
        } else {
            self.certainty(&clash.claims)
        };
        let (first, others) = clash.claims.split_first()?;
        let other = others
            .iter()
            .find(|other| same_stack || other.env != first.env)?;
        let mut fact = self.between(first, other)?;
        fact.set(collision::NAME, clash.name.as_str().into());
        fact.set(collision::SAME_STACK, same_stack.into());
        fact.set(collision::SUGGESTION, clash.suggestion.clone().into());
        let fallback = clash.claims.iter().all(|claim| claim.fallback);
        let engine = clash.claims.iter().find_map(|claim| claim.engine);
        fact.set(collision::RESOURCE, Value::Word(clash.resource));
        fact.set(collision::CERTAINTY, Value::Word(certainty));
        fact.set(
            collision::ORIGIN,
            Value::Word(if fallback { "fallback" } else { "value" }),
        );
        fact.set(collision::ENGINE, engine.map_or(Value::Absent, Value::Word));
        fact.others = EnvSet::of(others.iter().map(|claim| claim.env));
        fact.related = self.related(first, others);
        Some(fact)
    }

    /// A fact at the first side that names the other one.
    fn between(&self, first: &Claimed, other: &Claimed) -> Option<Fact> {
        let file = self.files.get(first.place.file.as_ref())?;
        let mut fact = Fact::new(collision::KIND, file, first.place.key, span(first.place))
            .with(collision::SERVICE, first.service)
            .with(collision::OTHER_SERVICE, other.service)
            .with(collision::OTHER_ENV, other.env)
            .with(collision::OTHER_FILE, Str::clone(&other.place.file));
        fact.env = Some(first.env);
        fact.layer = Layer::Effective;
        fact.stack = self.evaluated.get(first.stack).map(Evaluated::name);
        Some(fact)
    }

    /// The other sides and the declarations, each place once.
    fn related(&self, first: &Claimed, others: &[Claimed]) -> Vec<Place> {
        let sides = others.iter().map(|claim| (claim, claim.place));
        let all = || std::iter::once(first).chain(others);
        let declared = all().filter_map(|claim| claim.declared.map(|place| (claim, place)));
        let mut places: Vec<Place> = Vec::new();
        for (claim, written) in sides.chain(declared) {
            let Some(file) = self.files.get(written.file.as_ref()) else {
                continue;
            };
            let span = span(written);
            let seen = |place: &Place| place.file.path == file.path && place.span == span;
            if written == first.place || places.iter().any(seen) {
                continue;
            }
            let label = self.environments.name(claim.env).to_owned();
            places.push(Place {
                file: Arc::clone(file),
                span,
                label,
            });
        }
        places
    }

    /// By the declared machine; likely where two local environments of one folder share the usual one, unless a variable's
    /// fallback can be set apart.
    fn certainty(&self, claims: &[Claimed]) -> &'static str {
        let likely = |a: &Claimed, b: &Claimed| {
            let local = [a.env, b.env]
                .iter()
                .all(|env| env.is_named() && !self.environments.is_deployed(*env));
            let machine = self.environments.machine(a.env) == self.environments.machine(b.env);
            let folder =
                self.evaluated[a.stack].stack.folder == self.evaluated[b.stack].stack.folder;
            a.env != b.env && local && machine && folder && !(a.fallback || b.fallback)
        };
        let pairs = claims
            .iter()
            .enumerate()
            .flat_map(|(at, a)| claims[at + 1..].iter().map(move |b| (a, b)));
        let mut found = "possible";
        for (a, b) in pairs {
            match machines::met(a, b, self.environments) {
                Some("certain") => return "certain",
                Some(_) => found = "likely",
                None if likely(a, b) => found = "likely",
                None => {}
            }
        }
        found
    }
}

/// What a finding underlines: the value, or the key where there is none.
fn span(place: &Written) -> Span {
    if place.value.is_empty() {
        place.key
    } else {
        place.value
    }
}

/// Keeps the claims of a group that can meet: those of different environments on one machine, one for each environment and
/// place; or, in one stack, those of different services. Nothing is left where fewer than two remain.
pub(super) fn meeting<'a>(
    claims: Vec<Claimed<'a>>,
    environments: &Environments,
) -> Vec<Vec<Claimed<'a>>> {
    let mut clashes = Vec::new();
    let mut by_stack: BTreeMap<usize, Vec<Claimed<'a>>> = BTreeMap::new();
    for claim in claims {
        by_stack.entry(claim.stack).or_default().push(claim);
    }
    let mut across: Vec<Claimed<'a>> = Vec::new();
    for inside in by_stack.into_values() {
        across.extend(inside.first().filter(|claim| !claim.variant).cloned());
        if let Some(pair) = together(&inside) {
            clashes.push(pair);
        }
    }
    across.dedup_by(|b, a| a.env == b.env && a.place == b.place);
    let several = |claims: &Vec<Claimed>| {
        claims.iter().any(|claim| claim.env != claims[0].env)
            && claims.iter().any(|claim| claim.place != claims[0].place)
    };
    let machines = machines::apart(across, environments).into_iter();
    clashes.extend(machines.filter(several));
    clashes
}

/// Claims of one stack by services that run together and belong to one environment.
fn together<'a>(inside: &[Claimed<'a>]) -> Option<Vec<Claimed<'a>>> {
    let meets = |a: &Claimed, b: &Claimed| {
        let apart = !a.profiles.is_empty()
            && !b.profiles.is_empty()
            && !a.profiles.iter().any(|one| b.profiles.contains(one));
        a.place != b.place && !apart
    };
    let first = inside
        .iter()
        .position(|a| inside.iter().any(|b| meets(a, b)))?;
    let mut claims = vec![inside[first].clone()];
    claims.extend(
        inside
            .iter()
            .filter(|other| meets(&inside[first], other))
            .cloned(),
    );
    Some(claims)
}
