//! What was mended since a revision, what came, and what stayed.

use std::collections::BTreeSet;

use crate::model::settled::{Settled, SettledFinding, Status as Standing};
use crate::view::{Cell, Column, Kind, Status, Table, Tone};

use super::report::graded;

static RESOLVED: Status = Status {
    word: "resolved",
    label: "resolved",
    tone: Tone::Good,
    doc: "it was found then and is not any more",
};
static ACCEPTED: Status = Status {
    word: "accepted",
    label: "accepted",
    tone: Tone::Plain,
    doc: "it is still there, and somebody has accepted it with a reason",
};
static NEW: Status = Status {
    word: "new",
    label: "new",
    tone: Tone::Bad,
    doc: "it was not found then",
};
static REMAINING: Status = Status {
    word: "remaining",
    label: "remaining",
    tone: Tone::Warn,
    doc: "it was found then, too",
};

type Change<'a> = (&'static Status, &'a SettledFinding);

pub(super) fn table(rev: &str, earlier: &Settled, now: &Settled) -> Table {
    let rows = changes(earlier, now);
    let count = |status: &Status| {
        let of = rows.iter().filter(|(one, _)| one.word == status.word);
        of.count()
    };
    let text = format!(
        "{} resolved, {} new, {} remaining, {} accepted since. Both sides are judged by the rules of now.",
        count(&RESOLVED),
        count(&NEW),
        count(&REMAINING),
        count(&ACCEPTED)
    );
    Table {
        name: "changes",
        title: format!("Since {rev}"),
        text: vec![text],
        columns: vec![
            Column::new("state", "state", Kind::Status),
            Column::new("severity", "severity", Kind::Text),
            Column::new("finding", "finding", Kind::Text),
            Column::new("where", "where", Kind::Text),
            Column::new("policy", "policy", Kind::Name),
        ],
        rows: rows.iter().map(|(status, one)| row(status, one)).collect(),
        none: "Nothing was found then, and nothing is now.".to_owned(),
    }
}

/// What is gone first, then what is there.
fn changes<'a>(earlier: &'a Settled, now: &'a Settled) -> Vec<Change<'a>> {
    let open = |one: &&SettledFinding| !matches!(one.status, Standing::Allowed(_));
    let then = || earlier.findings.iter().filter(open);
    let before: BTreeSet<&str> = then().map(|one| one.id.as_str()).collect();
    let found: BTreeSet<&str> = now.findings.iter().map(|one| one.id.as_str()).collect();
    let gone = then().filter(|one| !found.contains(one.id.as_str()));
    let mut changes: Vec<Change> = gone.map(|one| (&RESOLVED, one)).collect();
    for one in &now.findings {
        let was = before.contains(one.id.as_str());
        match (open(&one), was) {
            (true, true) => changes.push((&REMAINING, one)),
            (true, false) => changes.push((&NEW, one)),
            (false, true) => changes.push((&ACCEPTED, one)),
            (false, false) => {}
        }
    }
    changes
}

fn row(status: &'static Status, finding: &SettledFinding) -> Vec<Cell> {
    let place = finding.places.first();
    let place = place.map(|place| format!("{}:{}", place.at.path, place.at.line));
    vec![
        Cell::status(status),
        graded(finding.severity),
        Cell::text(finding.message.as_str()),
        Cell::text(place.unwrap_or_default()),
        Cell::text(finding.policy.as_ref()),
    ]
}
