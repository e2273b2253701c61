//! What environments claim of a machine: ports, volumes, containers, networks, project names; and the databases they use.

use std::collections::{BTreeMap, BTreeSet};

use super::{Accepted, Judged, column, columns, graded, holding, in_focus, name};
use crate::model::schema::database;
use crate::model::{Env, EnvSet, Environments, Kind as FactKind, Role, Severity};
use crate::pipeline::{Understood, baseline};
use crate::resolve::compose::{Project, Resource, Service, Text};
use crate::resolve::effective::Evaluated;
use crate::view::{Cell, Column, Kind, Table, status};

/// In the order of the table.
const PORT: &str = "port";
const VOLUME: &str = "volume";
const CONTAINER: &str = "container";
const NETWORK: &str = "network";
const DATABASE: &str = "database";
const ORDER: [&str; 5] = [DATABASE, PORT, VOLUME, CONTAINER, NETWORK];

/// Who claims one thing.
#[derive(Default)]
struct Claims {
    /// Services, or variables, of each environment.
    by: BTreeMap<Env, BTreeSet<String>>,
    /// Places of each claim: what a base file claims for several environments, it claims for none of its own.
    places: BTreeMap<Env, BTreeSet<(String, u32)>>,
    in_focus: bool,
}

type All = BTreeMap<(usize, String), Claims>;

pub(super) fn table(understood: &Understood, accepted: &mut Accepted) -> Table {
    let environments = &understood.lexicon.environments;
    let scrubber = baseline::scrubber(understood);
    let mut all = All::new();
    for one in real(understood) {
        stack(one, understood, &mut all);
    }
    databases(understood, &mut all);
    for claims in all.values_mut() {
        claims.forget_bases();
    }
    all.retain(|_, claims| claims.in_focus && !claims.by.is_empty());
    let envs = columns(all.values().flat_map(|one| one.by.keys()), environments);
    let mut columns = vec![
        Column::new("name", "name", Kind::Name),
        Column::new("resource", "resource", Kind::Text),
    ];
    columns.extend(envs.iter().map(|env| column(*env, environments)));
    let rows = all.iter().map(|((order, text), claims)| {
        let resource = ORDER.get(*order).copied().unwrap_or_default();
        let mut cells = vec![name(text, &scrubber), Cell::text(resource)];
        cells.extend(envs.iter().map(|env| {
            let mut judged = claims.judged(*env, resource, environments);
            if let Some(places) = claims.places.get(env) {
                accepted.mark_places(*env, &mut judged, text, places);
            }
            let items = claims.by.get(env).into_iter().flatten();
            Cell {
                items: items.map(|item| scrubber.text(item)).collect(),
                ..judged.cell(environments, &scrubber)
            }
        }));
        cells
    });
    Table {
        name: "resources",
        rows: rows.collect(),
        columns,
        none: "No environment here claims a port, a volume, a name or a database.".to_owned(),
        ..Table::default()
    }
}

impl Claims {
    fn add(&mut self, env: Env, who: &str, place: (String, u32)) {
        self.by.entry(env).or_default().insert(who.to_owned());
        self.places.entry(env).or_default().insert(place);
    }

    /// A base file alone is no environment beside those that build on it.
    fn forget_bases(&mut self) {
        let named = self.places.iter().filter(|(env, _)| env.is_named());
        let named: BTreeSet<_> = named.flat_map(|(_, places)| places).cloned().collect();
        let base = self.places.get(&Env::UNASSIGNED);
        if base.is_some_and(|places| places.is_subset(&named)) {
            self.by.remove(&Env::UNASSIGNED);
        }
    }

    fn judged(&self, env: Env, resource: &str, environments: &Environments) -> Judged {
        if !self.by.contains_key(&env) {
            return Judged::of(&status::UNUSED);
        }
        let all = EnvSet::of(self.by.keys().copied());
        let others = all.without(env);
        if others.is_empty() {
            return Judged::of(&status::USED);
        }
        let machine = environments.machine(env);
        let together = others
            .iter()
            .any(|other| environments.machine(other) == machine);
        let shared = |severity: Option<Severity>| Judged {
            with: others,
            severity,
            ..Judged::of(&status::SHARED)
        };
        if resource == DATABASE {
            shared(graded(Severity::Critical, all, environments))
        } else if together {
            Judged {
                note: "on one machine they collide",
                ..shared(Some(Severity::Medium))
            }
        } else {
            Judged {
                with: others,
                ..Judged::of(&status::ELSEWHERE)
            }
        }
    }
}

/// Stacks that run: not templates, not fixtures, not a second way to run an environment.
fn real(understood: &Understood) -> impl Iterator<Item = &Evaluated> {
    let documents = &understood.resolved.documents;
    let is_real = |path: &str| {
        let found = documents.iter().find(|one| one.file.path.as_ref() == path);
        found.is_some_and(|one| one.file.role == Role::Real)
    };
    let stacks = understood.resolved.stacks.iter();
    stacks.filter(move |one| !one.stack.variant && one.stack.files.iter().all(|path| is_real(path)))
}

fn stack(one: &Evaluated, understood: &Understood, all: &mut All) {
    let focus = &understood.opened.focus;
    let mut add = |resource: &str, text: &str, env: Env, who: &str, from: &Text| {
        let place = &from.origin.place;
        let key = (order(resource), text.to_owned());
        let claims = all.entry(key).or_default();
        let start = place.value.start.max(place.key.start);
        claims.add(env, who, (place.file.to_string(), start));
        claims.in_focus |= focus.has(&place.file) || one.stack.files.iter().any(|f| focus.has(f));
    };
    for service in &one.project.services {
        let env = one.env_of(&service.name);
        for port in &service.ports {
            if let Some(published) = port.published.as_ref().and_then(Text::get) {
                let text = format!("{published}/{}", port.protocol);
                add(PORT, &text, env, &service.name, &port.text);
            }
        }
        if let Some(container) = &service.container_name
            && let Some(text) = container.get()
        {
            add(CONTAINER, text, env, &service.name, container);
        }
        for (source, volume) in volumes(service, &one.project) {
            if let Some(text) = volume.name.get() {
                add(VOLUME, text, env, &service.name, source);
            }
        }
    }
    let own = |one: &&Resource| one.used && (one.external || one.named);
    for network in one.project.networks.iter().filter(own) {
        if let Some(text) = network.name.get() {
            add(NETWORK, text, one.stack.claim.env, "", &network.name);
        }
    }
}

/// Named volumes that a service mounts.
fn volumes<'a>(
    service: &'a Service,
    project: &'a Project,
) -> impl Iterator<Item = (&'a Text, &'a Resource)> {
    let named = service
        .mounts
        .iter()
        .filter(|mount| &*mount.kind == "volume");
    named.filter_map(|mount| {
        let source = mount.source.as_ref()?;
        let key = source.get()?;
        let volume = project.volumes.iter().find(|volume| *volume.key == *key)?;
        Some((source, volume))
    })
}

fn databases(understood: &Understood, all: &mut All) {
    for (fact, env) in holding(&understood.resolved.facts, FactKind::database) {
        let target = fact.text(database::TARGET);
        let assigned = fact.text(database::ORIGIN) == "value" && fact.file.role == Role::Real;
        if target.is_empty() || !assigned {
            continue;
        }
        let key = (order(DATABASE), target.to_owned());
        let claims = all.entry(key).or_default();
        let place = (fact.file.path.to_string(), fact.span.start);
        claims.add(env, fact.text(database::OF), place);
        claims.in_focus |= in_focus(fact, understood);
    }
}

fn order(resource: &str) -> usize {
    let at = ORDER.iter().position(|known| *known == resource);
    at.unwrap_or(ORDER.len())
}
