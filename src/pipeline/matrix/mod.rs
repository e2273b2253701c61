//! The matrix: what every environment has, and what it shares with others. Equality is decided here, where values can be
//! seen; what leaves are letters, names and words.

mod accepted;
mod equal;
mod lines;
mod needs;
mod resources;
#[cfg(test)]
mod tests;
mod vendors;

use crate::model::schema::Common;
use crate::model::{Env, EnvSet, Environments, Fact, Kind, Role, Severity};
use crate::settle::Scrubber;
use crate::view::{self, Cell, Column, Status, Table, Tone, View, status};

use super::judge;
use super::{Ask, Error, Understood, baseline};
use accepted::Accepted;
pub use lines::{Line, lines};
pub(super) use needs::is_read;

/// What the rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    Variable,
    Vendor,
    Resource,
}

/// What is said of one thing in one environment.
#[derive(Clone, Debug)]
pub struct Judged {
    pub status: &'static Status,
    /// `A`: the same value as elsewhere in the row.
    pub groups: Vec<String>,
    pub with: EnvSet,
    pub required: bool,
    /// How bad a share is; `None` where it may be.
    pub severity: Option<Severity>,
    pub note: &'static str,
    /// Why and until when a share is accepted.
    pub because: Option<String>,
}

impl Judged {
    pub(super) fn of(status: &'static Status) -> Self {
        Self {
            status,
            groups: Vec::new(),
            with: EnvSet::EMPTY,
            required: false,
            severity: None,
            note: "",
            because: None,
        }
    }

    fn cell(&self, environments: &Environments, scrubber: &Scrubber) -> Cell {
        let because = self.because.as_ref().map(|text| scrubber.text(text));
        let mut cell = Cell {
            groups: self.groups.clone(),
            with: names(self.with, environments),
            required: self.required,
            severity: self.severity,
            note: because.unwrap_or_else(|| self.note.to_owned()),
            ..Cell::status(self.status)
        };
        if self.status.word == status::SHARED.word {
            cell.tone = Some(match self.severity {
                None => Tone::Plain,
                Some(Severity::Low | Severity::Medium) => Tone::Warn,
                Some(Severity::High | Severity::Critical) => Tone::Bad,
            });
        }
        // Nobody asks for it by name, so it may be missing on purpose.
        if self.status.word == status::MISSING.word && !self.required {
            cell.tone = Some(Tone::Warn);
        }
        cell
    }
}

/// The view for the paths in focus; compared is the whole tree. The policies are asked for what is accepted alone.
pub fn matrix(understood: &Understood, by: By) -> Result<View, Error> {
    let judged = judge::judge(understood, &Ask::default())?;
    let mut accepted = Accepted::of(&judged, understood);
    let accepted = &mut accepted;
    let (title, table) = match by {
        By::Variable => ("Variables by environment", variables(understood, accepted)),
        By::Vendor => (
            "Services by environment",
            vendors::table(understood, accepted),
        ),
        By::Resource => (
            "Resources by environment",
            resources::table(understood, accepted),
        ),
    };
    let mut tables = vec![table];
    tables.extend(accepted.table(understood));
    Ok(View {
        name: "matrix",
        title: title.to_owned(),
        lead: Vec::new(),
        tables,
    })
}

/// Which rows carry which severity, the gravest share of each vendor first: the separation matrix.
pub(super) fn separation(understood: &Understood, judged: &judge::Judged<'_>) -> Table {
    vendors::table(understood, &mut Accepted::of(judged, understood))
}

fn variables(understood: &Understood, accepted: &mut Accepted) -> Table {
    let environments = &understood.lexicon.environments;
    let scrubber = baseline::scrubber(understood);
    let focus = &understood.opened.focus;
    let mut lines = lines(understood);
    lines.retain(|line| line.files.iter().any(|path| focus.has(path)));
    for line in &mut lines {
        accepted.mark(line);
    }
    let envs = columns(
        lines.iter().flat_map(|line| line.cells.keys()),
        environments,
    );
    let several = lines.iter().any(|line| line.project != lines[0].project);
    let mut columns = vec![Column::new("variable", "variable", view::Kind::Name)];
    if several {
        columns.push(Column::new("project", "project", view::Kind::Text));
    }
    columns.extend(envs.iter().map(|env| column(*env, environments)));
    let row = |line: &Line| {
        let mut cells = vec![Cell::text(scrubber.text(line.name))];
        if several {
            cells.push(Cell::text(scrubber.name(line.project)));
        }
        let cell = |env: &Env| {
            let judged = line.cells.get(env);
            judged.map(|one| one.cell(environments, &scrubber))
        };
        cells.extend(envs.iter().map(|env| cell(env).unwrap_or_default()));
        cells
    };
    Table {
        name: "variables",
        rows: lines.iter().map(row).collect(),
        columns,
        none: "No variable belongs to an environment here.".to_owned(),
        ..Table::default()
    }
}

/// Environments from left to right: the more exposed, the further right; what nothing assigns comes last.
fn columns<'a>(used: impl Iterator<Item = &'a Env>, environments: &Environments) -> Vec<Env> {
    let used = EnvSet::of(used.copied());
    let mut envs: Vec<Env> = used.iter().collect();
    envs.sort_by_key(|env| (!env.is_named(), environments.exposure(*env), *env));
    envs
}

fn column(env: Env, environments: &Environments) -> Column {
    let name = environments.name(env);
    Column::new(name, name, view::Kind::Environment)
}

fn names(set: EnvSet, environments: &Environments) -> Vec<String> {
    let names = environments.names(set);
    names.into_iter().map(str::to_owned).collect()
}

/// Facts of one kind that hold in some environment, in files that run or that are forms for such files.
fn holding(facts: &[Fact], kind: Kind) -> impl Iterator<Item = (&Fact, Env)> {
    let runs = move |fact: &&Fact| {
        fact.kind == kind
            && fact.layer.is("effective")
            && matches!(fact.file.role, Role::Real | Role::Example | Role::Encrypted)
    };
    facts
        .iter()
        .filter(runs)
        .filter_map(|fact| Some((fact, fact.env?)))
}

/// How grave sharing is between these: nothing where no deployed environment takes part, milder where the other side
/// is only a file that nothing assigns.
fn graded(severity: Severity, envs: EnvSet, environments: &Environments) -> Option<Severity> {
    let deployed = |env: Env| environments.is_deployed(env);
    if !envs.iter().any(deployed) {
        return None;
    }
    let named = envs.iter().filter(|env| env.is_named()).count();
    Some(if named < 2 {
        severity.lowered()
    } else {
        severity
    })
}

/// A cell for a name that is shown as it is.
fn name(text: &str, scrubber: &Scrubber) -> Cell {
    Cell::text(scrubber.text(text))
}

fn severity(severity: Option<Severity>) -> Cell {
    Cell::text(severity.map_or("", Severity::name))
}

/// The platform, shell or build tool sets it.
pub(super) fn is_injected(name: &str) -> bool {
    needs::Needs::is_injected(name)
}

/// Whether the fact stands in a file that this run may report on.
fn in_focus(fact: &Fact, understood: &Understood) -> bool {
    let path = fact.text(Common::File.field());
    understood.opened.focus.has(path)
}
