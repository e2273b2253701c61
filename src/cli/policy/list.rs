//! `envguard policy list`: every policy, whether it is on, and what it is about.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::json;

use crate::cli::args::PolicyList;
use crate::cli::{Failure, Screen, here, today};
use crate::model::Severity;
use crate::pipeline::{self, Book};
use crate::policy::policy::Grade;
use crate::policy::suggest::did_you_mean;
use crate::policy::{Policy, Settings, Spec};
use crate::report::Style;
use crate::report::page::{Paint, counted, painted, wrapped};

pub fn run(list: &PolicyList, screen: &Screen) -> Result<u8, Failure> {
    let grounds = pipeline::ground(&here()?)?;
    let book = Book::open(&grounds.config, grounds.settings_tree())?;
    let compiled = book.compile(&grounds.config.environments)?;
    known_tags(list, &book)?;
    let mut rows: Vec<Row> = book
        .catalogue
        .specs
        .iter()
        .zip(&compiled)
        .map(|(spec, policy)| Row::of(spec, policy, &book.settings))
        .filter(|row| list.tag.is_empty() || list.tag.iter().any(|tag| row.has_tag(tag)))
        .collect();
    rows.sort_by_key(|row| row.spec.id.text.clone());
    let mut out = io::BufWriter::new(io::stdout().lock());
    if list.format == "json" {
        json(&rows, &mut out)?;
    } else {
        human(&rows, &screen.style(), &mut out)?;
    }
    out.flush()?;
    Ok(0)
}

/// A tag that no policy has is a mistake, and no empty list.
fn known_tags(list: &PolicyList, book: &Book) -> Result<(), Failure> {
    let specs = book.catalogue.specs.iter();
    let tags: BTreeSet<&str> = specs
        .flat_map(|spec| spec.tags.iter().map(AsRef::as_ref))
        .collect();
    let known = |tag: &&String| tags.contains(tag.as_str());
    let Some(tag) = list.tag.iter().find(|tag| !known(tag)) else {
        return Ok(());
    };
    let meant = did_you_mean(tag, tags.iter().copied());
    let meant = meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
    let all: Vec<&str> = tags.into_iter().collect();
    Err(Failure::Told(format!(
        "error: no policy has the tag `{tag}`{meant}\ntags: {}",
        all.join(", ")
    )))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    On,
    /// On, but a parameter it needs is empty.
    Dormant,
    Expired,
    Off,
}

impl State {
    const ALL: [Self; 4] = [Self::On, Self::Dormant, Self::Expired, Self::Off];

    fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Dormant => "dormant",
            Self::Expired => "expired",
            Self::Off => "off",
        }
    }

    fn doc(self) -> &'static str {
        match self {
            Self::On => "judge every run",
            Self::Dormant => "wait for a parameter: envguard explain ID",
            Self::Expired => "are past their last day",
            Self::Off => "wait to be switched on: policies: {enable: [ID]}",
        }
    }
}

struct Row<'a> {
    spec: &'a Spec,
    policy: &'a Policy,
    state: State,
    /// The worst it can be; `None` where a table says `off` to everything.
    severity: Option<Severity>,
    /// A field of the fact decides.
    varies: bool,
}

impl<'a> Row<'a> {
    fn of(spec: &'a Spec, policy: &'a Policy, settings: &Settings) -> Self {
        let past = policy
            .expires
            .as_ref()
            .is_some_and(|day| **day < *today().to_string());
        let state = match policy {
            policy if !policy.on => State::Off,
            _ if past => State::Expired,
            policy if !policy.dormant.is_empty() => State::Dormant,
            _ => State::On,
        };
        let set = settings
            .get(&spec.id.text)
            .and_then(|setting| setting.severity);
        let grades = policy.rules.iter().map(|rule| &rule.grade);
        Self {
            severity: set.or_else(|| grades.clone().filter_map(Grade::worst).max()),
            varies: set.is_none()
                && grades
                    .clone()
                    .any(|grade| matches!(grade, Grade::By { .. })),
            spec,
            policy,
            state,
        }
    }

    fn has_tag(&self, tag: &str) -> bool {
        self.spec.tags.iter().any(|own| **own == *tag)
    }
}

fn human(rows: &[Row<'_>], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let widest = rows.iter().map(|row| row.spec.id.text.len()).max();
    let widest = widest.unwrap_or(0);
    for state in State::ALL {
        let rows: Vec<&Row<'_>> = rows.iter().filter(|row| row.state == state).collect();
        if rows.is_empty() {
            continue;
        }
        let head = format!("{} {}", rows.len(), state.name());
        writeln!(
            out,
            "{} {}",
            painted(&head, Paint::Bold, style),
            painted(state.doc(), Paint::Dim, style)
        )?;
        for row in rows {
            line(row, widest, style, out)?;
        }
        writeln!(out)?;
    }
    let on = rows.iter().filter(|row| row.state == State::On).count();
    let all = counted(rows.len(), "policy", "policies");
    writeln!(out, "{all}, {on} on. Read one: envguard explain ID")
}

/// The title is wrapped beside the id, so that a narrow terminal keeps the columns.
fn line(row: &Row<'_>, widest: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let indent = 2 + 11 + 2 + widest + 2;
    let mut title = row.spec.title.to_string();
    if !row.spec.tags.is_empty() {
        title = format!("{title} [{}]", row.spec.tags.join(" "));
    }
    if row.state == State::Dormant {
        title = format!("{title} (needs {})", row.policy.dormant.join(", "));
    }
    let name = row.severity.map_or("off", Severity::name);
    let up_to = if row.varies { "to " } else { "" };
    let severity = format!("{:>11}", format!("{up_to}{name}"));
    let severity = match row.severity {
        Some(known) => painted(&severity, Paint::of(known), style),
        None => severity,
    };
    let room = style.width.saturating_sub(indent).max(24);
    for (at, text) in wrapped(&title, room).iter().enumerate() {
        if at == 0 {
            writeln!(out, "  {severity}  {:widest$}  {text}", row.spec.id.text)?;
        } else {
            writeln!(out, "{:indent$}{text}", "")?;
        }
    }
    Ok(())
}

fn json(rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
    let one = |row: &Row<'_>| {
        let spec = row.spec;
        json!({
            "id": &*spec.id.text,
            "title": &*spec.title,
            "state": row.state.name(),
            "severity": row.severity.map_or("off", Severity::name),
            "severity_varies": row.varies,
            "default": if spec.default_on { "on" } else { "off" },
            "tags": spec.tags.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
            "serves": spec.serves.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
            "needs": row.policy.dormant.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
            "expires": row.policy.expires.as_deref(),
            "file": (!spec.source.built_in).then(|| spec.source.name.to_string()),
        })
    };
    let policies: Vec<_> = rows.iter().map(one).collect();
    serde_json::to_writer_pretty(&mut *out, &json!({"version": 1, "policies": policies}))?;
    writeln!(out)
}
