//! The checklist: every policy that was asked, ticked by what came of it. One that had nothing to look at is not ticked.

use crate::model::Str;
use crate::policy::State;
use crate::settle::Scrubber;
use crate::view::{Cell, Column, Kind, Status, Table, Tone};

use super::super::judge::Judged;
use super::item::Item;

/// A policy that was asked.
pub(super) struct Check {
    pub(super) policy: Str,
    pub(super) tags: Vec<Str>,
    title: String,
    /// Facts it looked at.
    selected: usize,
}

static OPEN: Status = Status {
    word: "open",
    label: "open",
    tone: Tone::Bad,
    doc: "it has findings",
};
static ACCEPTED: Status = Status {
    word: "accepted",
    label: "accepted",
    tone: Tone::Plain,
    doc: "all that it has found is accepted with a reason",
};
static DONE: Status = Status {
    word: "done",
    label: "✓",
    tone: Tone::Good,
    doc: "it has looked and found nothing",
};
/// What was asked, in the order of the policies.
pub(super) fn checks(judged: &Judged<'_>, scrubber: &Scrubber) -> Vec<Check> {
    let on = judged.stats.iter().filter(|stat| stat.state == State::On);
    on.filter_map(|stat| {
        let card = judged.cards.iter().find(|card| card.id == stat.policy)?;
        Some(Check {
            policy: Str::clone(&card.id),
            tags: card.tags.clone(),
            title: scrubber.text(&card.title),
            selected: stat.selected,
        })
    })
    .collect()
}

pub(super) fn table(checks: &[Check], items: &[Item<'_>]) -> Table {
    let looked = checks.iter().filter(|check| !check.is_idle());
    let mut rows: Vec<(usize, Vec<Cell>)> = looked.map(|check| row(check, items)).collect();
    rows.sort_by_key(|(rank, _)| *rank);
    let ticked = rows.iter().filter(|(rank, _)| *rank == TICKED).count();
    Table {
        name: "checklist",
        title: "Checklist".to_owned(),
        text: vec![format!("{ticked} of {} are ticked.", rows.len())],
        columns: vec![
            Column::new("policy", "policy", Kind::Name),
            Column::new("title", "what must not be", Kind::Text),
            Column::new("result", "result", Kind::Status),
        ],
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        none: "No policy had anything to look at.".to_owned(),
    }
}

/// Policies that looked at nothing have not passed.
pub(super) fn idle(checks: &[Check]) -> Table {
    let idle = checks.iter().filter(|check| check.is_idle());
    let idle: Vec<String> = idle.map(|check| check.policy.to_string()).collect();
    Table {
        name: "not-ticked",
        title: "Not ticked".to_owned(),
        text: vec![
            "These found nothing here that they speak about, which proves nothing.".to_owned(),
        ],
        columns: vec![
            Column::new("count", "how many", Kind::Text),
            Column::new("policies", "policies", Kind::List),
        ],
        rows: if idle.is_empty() {
            Vec::new()
        } else {
            vec![vec![Cell::text(idle.len().to_string()), Cell::list(idle)]]
        },
        none: "Every policy had something to look at.".to_owned(),
    }
}

/// Where ticked ones stand: open ones go first.
const TICKED: usize = 2;

impl Check {
    fn is_idle(&self) -> bool {
        self.selected == 0
    }
}

fn row(check: &Check, items: &[Item<'_>]) -> (usize, Vec<Cell>) {
    let own = || {
        items
            .iter()
            .filter(|item| item.finding.policy == check.policy)
    };
    let open = own().filter(|item| item.is_open()).count();
    let (rank, result) = if open > 0 {
        let found = Cell {
            items: vec![open.to_string()],
            ..Cell::status(&OPEN)
        };
        (0, found)
    } else if own().next().is_some() {
        (1, Cell::status(&ACCEPTED))
    } else {
        (TICKED, Cell::status(&DONE))
    };
    let row = vec![
        Cell::text(check.policy.as_ref()),
        Cell::text(check.title.as_str()),
        result,
    ];
    (rank, row)
}
