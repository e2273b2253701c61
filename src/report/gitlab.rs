//! GitLab's code quality report: what a merge request shows beside its changes. GitLab compares the report of the branch
//! with that of the target by fingerprint, so the fingerprint is the finding's own identity.

use std::io::{self, Write};

use serde::Serialize;

use super::Style;
use crate::model::Severity;
use crate::model::settled::{Location, Settled, SettledFinding};

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub fn render(settled: &Settled, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = settled.findings.iter().filter(|finding| finding.shown);
    let issues: Vec<Issue> = shown.filter_map(issue).collect();
    serde_json::to_writer_pretty(&mut *out, &issues).map_err(io::Error::from)?;
    writeln!(out)
}

fn issue(finding: &SettledFinding) -> Option<Issue<'_>> {
    let at: &Location = &finding.places.first()?.at;
    Some(Issue {
        description: &finding.message,
        check_name: &finding.policy,
        fingerprint: &finding.id,
        severity: severity(finding.severity),
        location: Place {
            path: &at.path,
            lines: Lines {
                begin: at.line,
                end: at.end_line.max(at.line),
            },
        },
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
    }
}
