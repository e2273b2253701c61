//! Finds the written fact behind every effective element, and sees it from the stack.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Evaluated;
use super::service;
use super::via::chain;
use crate::model::schema::{Kind, compose_network, image, var};
use crate::model::{Document, Env, Fact, File, Layer, Str, Value};
use crate::resolve::compose::{Origin, Place, Service, Text, Use, Variable};
use crate::syntax::template::Outcome;
use crate::value::{Lexicon, binding};

/// Written facts by file and kind, in the order of their bytes.
pub struct Written<'a> {
    pub(super) facts: &'a [Fact],
    by_place: BTreeMap<(&'a str, Kind), Vec<usize>>,
    files: BTreeMap<&'a str, &'a Arc<File>>,
}

impl<'a> Written<'a> {
    pub fn of(facts: &'a [Fact], documents: &'a [Document]) -> Self {
        let mut by_place: BTreeMap<(&str, Kind), Vec<usize>> = BTreeMap::new();
        for (at, fact) in facts.iter().enumerate() {
            by_place
                .entry((fact.file.path.as_ref(), fact.kind))
                .or_default()
                .push(at);
        }
        for places in by_place.values_mut() {
            places.sort_by_key(|at| facts[*at].span);
        }
        let files = documents
            .iter()
            .map(|document| (document.file.path.as_ref(), &document.file));
        let files = files.collect();
        Self {
            facts,
            by_place,
            files,
        }
    }

    /// Facts of a kind that stand in the bytes of a place: its key and its value.
    fn at(&self, place: &Place, kind: Kind) -> Vec<usize> {
        let hull = if place.key.is_empty() {
            place.value
        } else {
            place.key.to(place.value)
        };
        let key = (place.file.as_ref(), kind);
        let of_kind = self
            .by_place
            .get(&key)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let first = of_kind.partition_point(|at| self.facts[*at].span.start < hull.start);
        let from = of_kind.get(first..).unwrap_or_default().iter().copied();
        from.take_while(|at| self.facts[*at].span.start <= hull.end)
            .filter(|at| self.facts[*at].span.end <= hull.end)
            .collect()
    }

    /// All facts of a kind in a file.
    pub(super) fn all(&self, path: &str, kind: Kind) -> Vec<usize> {
        let found = self.by_place.get(&(path, kind));
        found.cloned().unwrap_or_default()
    }

    pub fn file(&self, path: &str) -> Option<&'a Arc<File>> {
        self.files.get(path).copied()
    }
}

/// Effective facts as they come together: one for each written fact and environment.
pub struct Holding<'a> {
    pub(super) written: &'a Written<'a>,
    pub(super) lexicon: &'a Lexicon,
    held: BTreeMap<(usize, Env), Fact>,
    made: Vec<Fact>,
    /// Files whose facts hold through stacks alone.
    files: BTreeSet<Str>,
}

impl<'a> Holding<'a> {
    pub fn new(written: &'a Written<'a>, lexicon: &'a Lexicon) -> Self {
        Self {
            written,
            lexicon,
            held: BTreeMap::new(),
            made: Vec::new(),
            files: BTreeSet::new(),
        }
    }

    /// The effective facts, and the files whose written facts hold nowhere but in stacks.
    pub fn finish(self) -> (Vec<Fact>, BTreeSet<Str>) {
        let mut facts: Vec<Fact> = self.held.into_values().collect();
        facts.extend(self.made);
        (facts, self.files)
    }

    pub fn stack(&mut self, one: &Evaluated) {
        for path in &one.stack.files {
            self.files.insert(Str::clone(path));
        }
        let services = &one.project.services;
        let waiting = services.iter().map(|service| &service.waits_for_end_of);
        let ending: BTreeSet<&Str> = waiting.flatten().collect();
        for service in services {
            self.service(one, service, ending.contains(&service.name));
        }
        self.resources(one);
    }

    fn service(&mut self, one: &Evaluated, service: &Service, ends: bool) {
        let env = one.env_of(&service.name);
        self.made
            .extend(service::fact(one, service, env, ends, self.written));
        if let Some(text) = &service.image {
            self.text(one, env, text, Kind::image, service.build.is_some());
            self.used(one, env, text);
        }
        for command in [&service.command, &service.entrypoint]
            .into_iter()
            .flatten()
        {
            self.place(one, env, &command.origin, Kind::command);
        }
        for port in &service.ports {
            let kind = Kind::compose_port;
            self.choose(one, env, &port.origin, kind, port.text.is_fallback());
            self.used(one, env, &port.text);
        }
        for mount in &service.mounts {
            self.place(one, env, &mount.origin, Kind::compose_volume);
        }
        for file in &service.env_files {
            self.place(one, env, &file.path.origin, Kind::compose_env_file);
        }
        for variable in &service.environment {
            self.variable(one, env, service, variable);
        }
        self.started(one, env, service);
    }

    /// Top-level volumes and networks that something uses.
    fn resources(&mut self, one: &Evaluated) {
        let env = one.stack.claim.env;
        for volume in one.project.volumes.iter().filter(|volume| volume.used) {
            self.place(one, env, &volume.origin, Kind::compose_volume);
        }
        for network in one.project.networks.iter().filter(|network| network.used) {
            for at in self
                .written
                .at(&network.origin.place, Kind::compose_network)
            {
                if let Some(fact) = self.hold(one, env, &network.origin, at) {
                    fact.set(compose_network::NAME, network.name.expose().into());
                }
            }
        }
    }

    /// Variables of a dotenv file at a place, unless the file belongs to that environment by itself.
    fn dotenv(&mut self, one: &Evaluated, env: Env, origin: &Origin) {
        let Some(file) = self
            .written
            .file(&origin.place.file)
            .filter(|file| file.format == "dotenv")
        else {
            return;
        };
        let own = file.claim.as_ref().map(|claim| claim.env);
        if own == Some(env) || !env.is_named() {
            return;
        }
        if own == Some(Env::UNASSIGNED) {
            self.files.insert(Str::clone(&file.path));
        }
        self.place(one, env, origin, Kind::var);
    }

    /// The lines of env files that fill `${X}`: what they say belongs to the stack. The other lines reach no container.
    fn used(&mut self, one: &Evaluated, env: Env, text: &Text) {
        for used in text.uses.iter() {
            if let Some(place) = used
                .source
                .as_ref()
                .filter(|place| self.is_certain(env, place))
            {
                self.dotenv(one, env, &Origin::at(place.clone()));
            }
        }
    }

    /// Whoever deploys sets the variables first, in a shell or a CI job, and these win over a `.env` that is there for
    /// everybody. What that file says is certain for developers alone.
    fn is_certain(&self, env: Env, source: &Place) -> bool {
        let file = self.written.file(&source.file);
        let own = file
            .and_then(|file| file.claim.as_ref())
            .map(|claim| claim.env);
        own != Some(Env::UNASSIGNED) || !self.lexicon.environments.is_deployed(env)
    }

    fn variable(&mut self, one: &Evaluated, env: Env, service: &Service, variable: &Variable) {
        let place = &variable.origin.place;
        if self
            .written
            .file(&place.file)
            .is_some_and(|file| file.format == "dotenv")
        {
            return self.dotenv(one, env, &variable.origin);
        }
        let Some(text) = &variable.value else {
            return self.place(one, env, &variable.origin, Kind::var);
        };
        self.choose(one, env, &variable.origin, Kind::var, text.is_fallback());
        self.used(one, env, text);
        if let Some(used) = filled_in(text) {
            let made = self.filled(one, env, service, variable, text, used);
            self.made.extend(made);
        }
    }

    /// A value that an env file fills in, at the place that wrote it.
    fn filled(
        &self,
        one: &Evaluated,
        env: Env,
        service: &Service,
        variable: &Variable,
        text: &Text,
        used: &Use,
    ) -> Option<Fact> {
        let source = used
            .source
            .as_ref()
            .filter(|source| self.is_certain(env, source))?;
        let whole = text.uses.len() == 1 && used.name == variable.name;
        // The variable itself is a fact of the env file already.
        if whole {
            return None;
        }
        let file = self.written.file(&source.file)?;
        let mut fact = Fact::new(Kind::var, file, source.key, source.value)
            .with(var::NAME, Str::clone(&variable.name))
            .with(var::VALUE, text.text.clone())
            .with(var::SERVICE, Str::clone(&service.name))
            .with(var::HAS_FALLBACK, false);
        fact.set(var::SOURCE, Value::Word("compose"));
        fact.set(var::ORIGIN, Value::Word("value"));
        binding::describe(&mut fact, self.lexicon);
        see(&mut fact, one, env, &text.origin, self.written);
        Some(fact)
    }

    fn text(&mut self, one: &Evaluated, env: Env, text: &Text, kind: Kind, built: bool) {
        for at in self.chosen(&text.origin, kind, text.is_fallback()) {
            if let Some(fact) = self.hold(one, env, &text.origin, at) {
                fact.set(image::BUILT, built.into());
            }
        }
    }

    /// All facts of a kind at a place.
    fn place(&mut self, one: &Evaluated, env: Env, origin: &Origin, kind: Kind) {
        for at in self.written.at(&origin.place, kind) {
            self.hold(one, env, origin, at);
        }
    }

    /// The same, leaving out fallbacks that nothing falls back to.
    fn choose(&mut self, one: &Evaluated, env: Env, origin: &Origin, kind: Kind, fallback: bool) {
        for at in self.chosen(origin, kind, fallback) {
            self.hold(one, env, origin, at);
        }
    }

    fn chosen(&self, origin: &Origin, kind: Kind, fallback: bool) -> Vec<usize> {
        let is_fallback = |at: &usize| {
            let fact = &self.written.facts[*at];
            kind.field("origin")
                .is_some_and(|field| fact.text(field) == "fallback")
        };
        let mut chosen = self.written.at(&origin.place, kind);
        chosen.retain(|at| fallback || !is_fallback(at));
        chosen
    }

    pub(super) fn hold(
        &mut self,
        one: &Evaluated,
        env: Env,
        origin: &Origin,
        at: usize,
    ) -> Option<&mut Fact> {
        let written = self.written;
        self.held
            .entry((at, env))
            .or_insert_with(|| {
                let mut fact = written.facts[at].clone();
                see(&mut fact, one, env, origin, written);
                fact
            })
            .into()
    }
}

/// The first variable of a text that a file of the tree gave its value.
fn filled_in(text: &Text) -> Option<&Use> {
    text.get()?;
    text.uses
        .iter()
        .find(|used| used.outcome == Outcome::Value && used.source.is_some())
}

/// Turns a written fact into what the stack sees of it.
pub fn see(fact: &mut Fact, one: &Evaluated, env: Env, origin: &Origin, written: &Written) {
    fact.via = chain(one, env, origin, written);
    fact.env = (!one.stack.variant || env.is_named()).then_some(env);
    fact.env_reason = Str::clone(&one.stack.claim.reason);
    fact.layer = Layer::Effective;
    fact.stack = Some(one.name());
}
