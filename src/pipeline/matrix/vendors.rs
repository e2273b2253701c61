//! The separation matrix: third-party services and environments. A cell is the worst of the service's variables there.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Line, lines};
use super::{Accepted, Judged, column, columns, name, severity};
use crate::model::{Env, Severity};
use crate::pipeline::{Understood, baseline};
use crate::settle::Scrubber;
use crate::value::vendor;
use crate::view::{Cell, Column, Kind, Status, Table, status};

/// From the worst to the best.
const RANKS: &[&Status] = &[
    &status::SHARED,
    &status::ACCEPTED,
    &status::MISSING,
    &status::EMPTY,
    &status::PLACEHOLDER,
    &status::ISOLATED,
    &status::ONLY,
    &status::REFERENCE,
    &status::SAME,
    &status::UNSET,
    &status::NOT_NEEDED,
];

#[derive(Default)]
struct Service<'a> {
    cells: BTreeMap<Env, Judged>,
    names: BTreeSet<&'a str>,
    severity: Option<Severity>,
    in_focus: bool,
}

pub(super) fn table(understood: &Understood, accepted: &mut Accepted) -> Table {
    let environments = &understood.lexicon.environments;
    let scrubber = baseline::scrubber(understood);
    let mut lines = lines(understood);
    lines.retain(|line| line.vendor.is_some() && line.identifies);
    for line in &mut lines {
        accepted.mark(line);
    }
    let mut services = services(&lines, understood);
    services.retain(|_, service| service.in_focus);
    let mut rows: Vec<(&str, Service)> = services.into_iter().collect();
    rows.sort_by_key(|(id, service)| (std::cmp::Reverse(service.severity), *id));
    let envs = columns(
        rows.iter().flat_map(|(_, one)| one.cells.keys()),
        environments,
    );
    let mut columns = vec![
        Column::new("service", "service", Kind::Name),
        Column::new("category", "category", Kind::Text),
        Column::new("severity", "if shared", Kind::Text),
    ];
    columns.extend(envs.iter().map(|env| column(*env, environments)));
    columns.push(Column::new("variables", "variables", Kind::List));
    let row = |(id, service): &(&str, Service)| {
        let mut cells = about(id, understood, &scrubber);
        let cell = |env: &Env| {
            let judged = service.cells.get(env);
            judged.map(|one| one.cell(environments, &scrubber))
        };
        cells.extend(envs.iter().map(|env| cell(env).unwrap_or_default()));
        let names = service.names.iter().map(|name| scrubber.text(name));
        cells.push(Cell::list(names.collect()));
        cells
    };
    Table {
        name: "services",
        rows: rows.iter().map(row).collect(),
        columns,
        none: "No variable here belongs to a service of the catalogue.".to_owned(),
        ..Table::default()
    }
}

/// What the catalogue says of a service.
fn about(id: &str, understood: &Understood, scrubber: &Scrubber) -> Vec<Cell> {
    let known = vendor::get(id);
    let grade = severity(understood.lexicon.vendors.severity(id));
    vec![
        name(known.map_or(id, |vendor| vendor.title), scrubber),
        Cell::text(known.map_or("other", |vendor| vendor.category)),
        grade,
    ]
}

fn services<'a>(lines: &[Line<'a>], understood: &Understood) -> BTreeMap<&'a str, Service<'a>> {
    let mut services: BTreeMap<&str, Service> = BTreeMap::new();
    for line in lines {
        let Some(vendor) = line.vendor else {
            continue;
        };
        let service = services.entry(vendor).or_default();
        service.names.insert(line.name);
        let focus = &understood.opened.focus;
        service.in_focus |= line.files.iter().any(|path| focus.has(path));
        for (env, judged) in &line.cells {
            service.severity = service.severity.max(judged.severity);
            match service.cells.get_mut(env) {
                Some(known) => worse(known, judged),
                None => {
                    service.cells.insert(*env, alone(judged));
                }
            }
        }
    }
    services
}

/// Letters mean something among the values of one variable only.
fn alone(judged: &Judged) -> Judged {
    Judged {
        groups: Vec::new(),
        ..judged.clone()
    }
}

fn worse(known: &mut Judged, other: &Judged) {
    let rank = |judged: &Judged| {
        let word = judged.status.word;
        RANKS.iter().position(|status| status.word == word)
    };
    let both = known.with.union(other.with);
    let required = known.required || other.required;
    let severity = known.severity.max(other.severity);
    if rank(other) < rank(known) {
        *known = alone(other);
    }
    known.required = required;
    if [status::SHARED.word, status::ACCEPTED.word].contains(&known.status.word) {
        known.with = both;
        known.severity = severity;
    }
}
