//! Findings for a spreadsheet: one record each, the other places of a finding in one field.

use std::io::{self, Write};

use super::{Style, short};
use crate::markup::csv::record;
use crate::model::settled::{Location, Settled, SettledFinding, Status};

const COLUMNS: [&str; 12] = [
    "severity",
    "status",
    "policy",
    "message",
    "environments",
    "path",
    "line",
    "column",
    "other_places",
    "because",
    "until",
    "id",
];

pub fn render(settled: &Settled, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    record(COLUMNS.iter().map(|name| (*name).to_owned()), out)?;
    for finding in settled.findings.iter().filter(|finding| finding.shown) {
        record(fields(finding).into_iter(), out)?;
    }
    Ok(())
}

fn fields(finding: &SettledFinding) -> [String; 12] {
    let mut places = finding.places.iter();
    let primary: Option<&Location> = places.next().map(|place| &place.at);
    let others: Vec<String> = places.map(short::other).collect();
    let number = |number: fn(&Location) -> u32| {
        primary.map_or_else(String::new, |at| number(at).to_string())
    };
    let (because, until) = match &finding.status {
        Status::Allowed(grant) => (grant.because.clone(), grant.until.clone()),
        Status::New | Status::Known => (String::new(), None),
    };
    [
        finding.severity.name().to_owned(),
        finding.status.name().to_owned(),
        finding.policy.to_string(),
        finding.message.clone(),
        finding.environments.join(", "),
        primary.map_or_else(String::new, |at| at.path.clone()),
        number(|at| at.line),
        number(|at| at.column),
        others.join(", "),
        because,
        until.unwrap_or_default(),
        finding.id.clone(),
    ]
}
