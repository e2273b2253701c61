//! The tables of an audit, in the order in which somebody decides: whether, what first, what is shared, what is wrong and
//! why it matters, what is accepted, what was looked at, what has changed.

use std::collections::BTreeMap;

use crate::model::Severity;
use crate::model::settled::{Settled, Status as Standing};
use crate::value::vendor::{self, Risk};
use crate::view::{Cell, Column, Kind, Status, Table, Tone, View};

use super::super::{Understood, baseline};
use super::item::{Item, Items};
use super::verdict::Verdict;
use super::{Ground, changes, checklist, steps};

pub(super) fn view(ground: &Ground<'_>) -> (View, Verdict) {
    let items = items(ground);
    let open = || items.iter().filter(|item| item.is_open());
    let worst = open().map(|item| item.finding.severity).max();
    let verdict = ground.verdict.judge(worst);
    let (first, minutes) = steps::table(&items, *ground.verdict);
    let mut tables = vec![recommendation(ground, &items, verdict, minutes), first];
    tables.push(Table {
        title: "Services by environment".to_owned(),
        ..ground.services.clone()
    });
    tables.push(risks(&items));
    for risk in vendor::risks() {
        let own: Vec<&Item> = open().filter(|item| item.risk.id == risk.id).collect();
        if !own.is_empty() {
            tables.push(findings(risk, &own));
        }
    }
    tables.push(accepted(&items));
    tables.extend(exceptions(ground.settled));
    tables.push(checklist::table(ground.checks, &items));
    tables.push(checklist::idle(ground.checks));
    tables.push(attestations(ground.understood));
    if let Some((rev, earlier)) = &ground.earlier {
        tables.push(changes::table(rev, earlier, ground.settled));
    }
    let view = View {
        name: "audit",
        title: format!("Audit of {}", subject(ground)),
        lead: lead(ground, &items),
        tables,
    };
    (view, verdict)
}

/// The repository, the dumps, or both.
fn subject(ground: &Ground<'_>) -> String {
    let scrubber = baseline::scrubber(ground.understood);
    let documents = ground.understood.resolved.documents.iter();
    let (dumps, files): (Vec<_>, Vec<_>) = documents.partition(|one| one.file.is_dump);
    let root = (dumps.is_empty() || !files.is_empty()).then(|| ground.settled.root.clone());
    let dumps = dumps.iter().map(|one| scrubber.name(&one.file.path));
    join(&root.into_iter().chain(dumps).collect::<Vec<_>>())
}

/// A severity as a cell.
pub(super) fn graded(severity: Severity) -> Cell {
    let tone = match severity {
        Severity::Critical | Severity::High => Tone::Bad,
        Severity::Medium => Tone::Warn,
        Severity::Low => Tone::Plain,
    };
    Cell {
        severity: Some(severity),
        ..Cell::text(severity.name()).toned(tone)
    }
}

pub(super) fn join(words: &[String]) -> String {
    words.join(", ")
}

fn items<'a>(ground: &Ground<'a>) -> Vec<Item<'a>> {
    let known = Items::of(ground.understood);
    let tags = |id: &str| -> Vec<&str> {
        let check = ground.checks.iter().find(|check| *check.policy == *id);
        let tags = check.map(|check| check.tags.iter().map(AsRef::as_ref).collect());
        tags.unwrap_or_default()
    };
    let findings = ground.settled.findings.iter();
    findings
        .map(|finding| known.item(finding, &tags(&finding.policy)))
        .collect()
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn by_severity(items: &[&Item<'_>]) -> String {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    for item in items {
        *counts.entry(item.finding.severity).or_default() += 1;
    }
    let counts = counts.iter().rev();
    let counts: Vec<String> = counts
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    join(&counts)
}

fn lead(ground: &Ground<'_>, items: &[Item<'_>]) -> Vec<String> {
    let summary = &ground.settled.summary;
    let open: Vec<&Item> = items.iter().filter(|item| item.is_open()).collect();
    let known = open
        .iter()
        .filter(|item| item.finding.status == Standing::Known)
        .count();
    let found = match open.len() {
        0 => "Nothing is open".to_owned(),
        many => format!(
            "{}: {}",
            counted(many, "open finding", "open findings"),
            by_severity(&open)
        ),
    };
    let baseline = match known {
        0 => String::new(),
        _ => format!(" ({known} of them in the baseline, which is no reason)"),
    };
    let mut lead = vec![format!(
        "{found}{baseline}. {} accepted with a reason. Looked at on {}: {}, {}.",
        items.len() - open.len(),
        ground.understood.today,
        counted(summary.files, "file", "files"),
        counted(summary.policies, "policy", "policies"),
    )];
    if !ground.settled.problems.is_empty() {
        let problems = ground.settled.problems.iter();
        let problems: Vec<String> = problems
            .map(|one| format!("{} ({})", one.path, one.reason))
            .collect();
        lead.push(format!(
            "Not everything could be read, so this is not the whole truth: {}.",
            join(&problems)
        ));
    }
    lead
}

fn recommendation(
    ground: &Ground<'_>,
    items: &[Item<'_>],
    verdict: Verdict,
    minutes: u32,
) -> Table {
    let line = ground.verdict;
    let open = || items.iter().filter(|item| item.is_open());
    let blocking = open().filter(|item| line.blocks(item.finding.severity));
    let blocking: Vec<&Item> = blocking.collect();
    let first = open().filter(|item| line.is_first(item.finding.severity));
    let first: Vec<&Item> = first.collect();
    let why = match verdict {
        Verdict::Blocked => format!(
            "{} in the way: {}",
            if blocking.len() == 1 {
                "One finding is"
            } else {
                "Findings are"
            },
            by_severity(&blocking)
        ),
        Verdict::Conditional => format!("After what is listed first: {}", by_severity(&first)),
        Verdict::Ready if open().next().is_none() => "Nothing is open".to_owned(),
        Verdict::Ready => "What is open can wait".to_owned(),
    };
    let takes = match minutes {
        0 => String::new(),
        minutes => format!("about {minutes} minutes"),
    };
    Table {
        name: "recommendation",
        title: "Recommendation".to_owned(),
        columns: vec![
            Column::new("deploy", "deployment", Kind::Status),
            Column::new("why", "why", Kind::Text),
            Column::new("takes", "what is first takes", Kind::Text),
        ],
        rows: vec![vec![
            Cell::status(verdict.status()),
            Cell::text(why),
            Cell::text(takes),
        ]],
        ..Table::default()
    }
}

/// Every risk with what is open of it.
fn risks(items: &[Item<'_>]) -> Table {
    let severities = [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
    ];
    let mut columns = vec![Column::new("risk", "risk", Kind::Text)];
    let named = severities.iter().map(|severity| severity.name());
    columns.extend(named.map(|name| Column::new(name, name, Kind::Text)));
    columns.push(Column::new("accepted", "accepted", Kind::Text));
    columns.push(Column::new("impact", "what it means", Kind::Text));
    let row = |risk: &Risk| {
        let own = || items.iter().filter(|item| item.risk.id == risk.id);
        let mut row = vec![Cell::text(risk.title)];
        for severity in severities {
            let of = |item: &&Item| item.is_open() && item.finding.severity == severity;
            let cell = match own().filter(of).count() {
                0 => Cell::text("·").toned(Tone::Quiet),
                count => Cell::text(count.to_string()).toned(graded(severity).tone()),
            };
            row.push(cell);
        }
        let accepted = own().filter(|item| !item.is_open()).count();
        row.push(match accepted {
            0 => Cell::text("·").toned(Tone::Quiet),
            count => Cell::text(count.to_string()),
        });
        row.push(Cell::text(risk.impact));
        row
    };
    Table {
        name: "risks",
        title: "Open by risk".to_owned(),
        columns,
        rows: vendor::risks().iter().map(row).collect(),
        ..Table::default()
    }
}

/// One row for what one policy says in one way: the same impact and the same remedy need not be read twice.
fn findings(risk: &Risk, own: &[&Item<'_>]) -> Table {
    let mut groups: Vec<Vec<&Item>> = Vec::new();
    for item in own {
        match groups.iter_mut().find(|group| item.is_like(group)) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    Table {
        name: risk.id,
        title: risk.title.to_owned(),
        columns: vec![
            Column::new("severity", "severity", Kind::Text),
            Column::new("findings", "finding", Kind::List),
            Column::new("where", "where", Kind::List),
            Column::new("impact", "impact", Kind::Text),
            Column::new("remedy", "remedy", Kind::Text),
            Column::new("who", "who can", Kind::Text),
        ],
        rows: groups.iter().filter_map(|group| row(group)).collect(),
        ..Table::default()
    }
}

fn row(group: &[&Item<'_>]) -> Option<Vec<Cell>> {
    let first = group.first()?;
    let messages = group.iter().map(|item| item.finding.message.clone());
    let places = group.iter().flat_map(|item| &item.finding.places);
    let places = places.map(|place| format!("{}:{}", place.at.path, place.at.line));
    Some(vec![
        graded(first.finding.severity),
        Cell {
            note: first.finding.policy.to_string(),
            ..Cell::list(messages.collect())
        },
        Cell::list(places.collect()),
        Cell::text(first.impact()),
        Cell::text(first.remedies().join(". ")),
        Cell::text(format!(
            "{}, {} min",
            first.who.words(),
            steps::minutes(group)
        )),
    ])
}

/// What somebody has decided to live with.
fn accepted(items: &[Item<'_>]) -> Table {
    let rows = items.iter().filter_map(|item| {
        let Standing::Allowed(grant) = &item.finding.status else {
            return None;
        };
        Some(vec![
            Cell::text(item.finding.severity.name()),
            Cell::text(item.finding.message.as_str()),
            Cell::text(item.risk.title),
            Cell::text(grant.because.as_str()),
            Cell::text(grant.until.as_deref().unwrap_or("no end")),
            Cell::text(grant.written.as_str()),
        ])
    });
    Table {
        name: "accepted",
        title: "Accepted".to_owned(),
        columns: vec![
            Column::new("severity", "severity", Kind::Text),
            Column::new("finding", "finding", Kind::Text),
            Column::new("risk", "risk", Kind::Text),
            Column::new("because", "because", Kind::Text),
            Column::new("until", "until", Kind::Text),
            Column::new("written", "written in", Kind::Text),
        ],
        rows: rows.collect(),
        none: "Nothing is accepted.".to_owned(),
        ..Table::default()
    }
}

/// Exceptions that no longer do what they say.
fn exceptions(settled: &Settled) -> Option<Table> {
    let stale = settled.unmatched.iter().map(|one| {
        let says = format!("matches nothing of {} any more; remove it", one.policy);
        vec![Cell::text(one.written.as_str()), Cell::text(says)]
    });
    let void = settled.void.iter();
    let void = void.map(|one| {
        vec![
            Cell::text(one.written.as_str()),
            Cell::text(one.reason.as_str()),
        ]
    });
    let rows: Vec<Vec<Cell>> = stale.chain(void).collect();
    (!rows.is_empty()).then(|| Table {
        name: "exceptions",
        title: "Exceptions to revisit".to_owned(),
        columns: vec![
            Column::new("written", "written in", Kind::Name),
            Column::new("says", "what about it", Kind::Text),
        ],
        rows,
        ..Table::default()
    })
}

static HOLDS: Status = Status {
    word: "holds",
    label: "✓ holds",
    tone: Tone::Good,
    doc: "",
};
static ENDED: Status = Status {
    word: "ended",
    label: "ended",
    tone: Tone::Bad,
    doc: "its day has passed; somebody has to look again",
};

/// What leaves no trace in files, and who says so.
fn attestations(understood: &Understood) -> Table {
    let scrubber = baseline::scrubber(understood);
    let environments = &understood.lexicon.environments;
    let rows = understood.config.attestations.iter().map(|one| {
        let day = |date: Option<crate::config::date::Date>| {
            date.map_or_else(String::new, |date| date.to_string())
        };
        let ended = one.until.is_some_and(|until| until < understood.today);
        let env = one.env.map_or("all", |env| environments.name(env));
        vec![
            Cell::text(scrubber.text(&one.item)),
            Cell::text(env),
            Cell::status(if ended { &ENDED } else { &HOLDS }),
            Cell::text(day(one.done)),
            Cell::text(day(one.until)),
            Cell::text(scrubber.text(one.by.as_deref().unwrap_or_default())),
            Cell::text(scrubber.text(one.evidence.as_deref().unwrap_or_default())),
        ]
    });
    Table {
        name: "attestations",
        title: "Attested".to_owned(),
        columns: vec![
            Column::new("item", "what", Kind::Name),
            Column::new("environment", "environment", Kind::Text),
            Column::new("state", "state", Kind::Status),
            Column::new("done", "done", Kind::Text),
            Column::new("until", "holds until", Kind::Text),
            Column::new("by", "by", Kind::Text),
            Column::new("evidence", "evidence", Kind::Text),
        ],
        rows: rows.collect(),
        none: "Nothing is attested: .envguard.yml says what was done outside of the repository."
            .to_owned(),
        ..Table::default()
    }
}
