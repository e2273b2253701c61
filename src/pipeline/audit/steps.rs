//! What to do first: one step for each service that is shared and for each policy that is broken in one place, the gravest
//! first, then what takes least.

use std::collections::BTreeMap;

use crate::model::Severity;
use crate::view::{Cell, Column, Kind, Table};

use super::item::{Item, Who};
use super::report::{graded, join};
use super::verdict::Line;

struct Step {
    severity: Severity,
    minutes: u16,
    who: Who,
    what: String,
    why: Vec<String>,
    places: Vec<String>,
}

/// The steps that are in the way, and how many minutes they take.
pub(super) fn table(items: &[Item<'_>], line: Line) -> (Table, u32) {
    let steps = steps(items, line);
    let minutes = steps.iter().map(|step| u32::from(step.minutes)).sum();
    let row = |(at, step): (usize, &Step)| {
        vec![
            Cell::text((at + 1).to_string()),
            graded(step.severity),
            Cell::text(step.what.as_str()),
            Cell::list(step.why.clone()),
            Cell::list(step.places.clone()),
            Cell::text(step.who.words()),
            Cell::text(step.minutes.to_string()),
        ]
    };
    let table = Table {
        name: "first",
        title: "What to do first".to_owned(),
        text: Vec::new(),
        columns: vec![
            Column::new("step", "step", Kind::Text),
            Column::new("severity", "severity", Kind::Text),
            Column::new("do", "what to do", Kind::Text),
            Column::new("because", "because of", Kind::List),
            Column::new("where", "where", Kind::List),
            Column::new("who", "who can", Kind::Text),
            Column::new("minutes", "minutes", Kind::Text),
        ],
        rows: steps.iter().enumerate().map(row).collect(),
        none: "Nothing is in the way of a deployment.".to_owned(),
    };
    (table, minutes)
}

/// How long a group takes. Several keys of one service are mended in one go; of several lines the first takes longest.
pub(super) fn minutes(group: &[&Item<'_>]) -> u16 {
    let each = group
        .iter()
        .enumerate()
        .map(|(at, item)| match item.vendor {
            Some(_) if at > 0 => 0,
            None if at > 0 => item.minutes() / 5,
            _ => item.minutes(),
        });
    each.fold(0, u16::saturating_add)
}

fn steps(items: &[Item<'_>], line: Line) -> Vec<Step> {
    let mut groups: BTreeMap<(Option<&str>, &str, String), Vec<&Item>> = BTreeMap::new();
    let grave = |item: &&Item| item.is_open() && line.is_first(item.finding.severity);
    for item in items.iter().filter(grave) {
        let key = if let Some(vendor) = item.vendor {
            (Some(vendor.id), "", join(&item.finding.environments))
        } else {
            let place = item.finding.places.first();
            let path = place.map(|place| place.at.path.clone());
            (None, item.finding.policy.as_ref(), path.unwrap_or_default())
        };
        groups.entry(key).or_default().push(item);
    }
    let mut steps: Vec<Step> = groups.values().filter_map(|group| step(group)).collect();
    steps.sort_by_key(|step| (std::cmp::Reverse(step.severity), step.minutes));
    steps
}

fn step(group: &[&Item<'_>]) -> Option<Step> {
    let first = group.first()?;
    let severities = group.iter().map(|item| item.finding.severity);
    let mut why: Vec<String> = group
        .iter()
        .map(|item| item.finding.policy.to_string())
        .collect();
    why.dedup();
    Some(Step {
        severity: severities.max()?,
        minutes: minutes(group),
        who: first.who,
        what: first.remedies().join(". "),
        why,
        places: group.iter().map(|item| item.place()).collect(),
    })
}
