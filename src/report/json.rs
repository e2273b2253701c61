//! Version 1 of the JSON report. These structs are the format: fields may be added, none may change or go away, whatever
//! becomes of the model. Paths are relative to `root` with `/`; lines and columns count from 1, columns in characters,
//! and the end column is the first one behind the range.

use std::io::{self, Write};

use serde::Serialize;

use super::Style;
use crate::model::Severity;
use crate::model::settled::{
    LocatedEdit, LocatedPlace, Location, Settled, SettledFinding, Status, Step, Unmatched, Unread,
    Void,
};

#[derive(Serialize)]
struct V1Report<'a> {
    version: u8,
    root: &'a str,
    /// `passed`, `failed` or `incomplete`: exit codes 0, 1 and 2.
    status: &'a str,
    /// The revision whose findings are known here; null where all findings count.
    compared_with: Option<&'a str>,
    summary: V1Summary,
    findings: Vec<V1Finding<'a>>,
    /// What had to be read and could not be.
    problems: Vec<V1Unread<'a>>,
    skipped: Vec<V1Unread<'a>>,
    unmatched_allowances: Vec<V1Unmatched<'a>>,
    /// Allowances that do not count, and why.
    void_allowances: Vec<V1Void<'a>>,
}

#[derive(Serialize)]
struct V1Summary {
    files: usize,
    facts: usize,
    policies: usize,
    policies_without_facts: usize,
    policies_switched_off: usize,
    new: V1Counts,
    known: usize,
    allowed: usize,
    off_by_path: usize,
    stale_in_baseline: usize,
    skipped: usize,
    /// Findings of that revision that are gone; null where it was not judged.
    resolved: Option<usize>,
}

#[derive(Serialize)]
struct V1Counts {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
}

#[derive(Serialize)]
struct V1Finding<'a> {
    policy: &'a str,
    row: Option<&'a str>,
    severity: &'a str,
    message: &'a str,
    why: &'a str,
    fix: V1Fix<'a>,
    status: &'a str,
    allowed: Option<V1Allowed<'a>>,
    id: &'a str,
    environments: &'a [String],
    places: Vec<V1Place<'a>>,
    via: Vec<V1Step<'a>>,
    docs: &'a str,
}

#[derive(Serialize)]
struct V1Fix<'a> {
    text: Option<&'a str>,
    edits: Vec<V1Edit<'a>>,
}

#[derive(Serialize)]
struct V1Edit<'a> {
    path: &'a str,
    /// Without a range the text is appended to the file.
    range: Option<V1Range>,
    text: &'a str,
}

#[derive(Serialize)]
struct V1Range {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct V1Allowed<'a> {
    because: &'a str,
    until: Option<&'a str>,
    written: &'a str,
}

#[derive(Serialize)]
struct V1Place<'a> {
    path: &'a str,
    #[serde(flatten)]
    range: V1Range,
    role: &'a str,
    label: &'a str,
}

#[derive(Serialize)]
struct V1Step<'a> {
    path: &'a str,
    #[serde(flatten)]
    range: V1Range,
    text: &'a str,
}

#[derive(Serialize)]
struct V1Unread<'a> {
    path: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct V1Unmatched<'a> {
    written: &'a str,
    policy: &'a str,
    because: &'a str,
}

#[derive(Serialize)]
struct V1Void<'a> {
    written: &'a str,
    reason: &'a str,
}

pub fn render(settled: &Settled, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let report = V1Report {
        version: 1,
        root: &settled.root,
        status: settled.outcome.name(),
        compared_with: settled
            .compared
            .as_ref()
            .map(|compared| compared.with.as_str()),
        summary: summary(settled),
        findings: settled.findings.iter().map(finding).collect(),
        problems: settled.problems.iter().map(unread).collect(),
        skipped: settled.skipped.iter().map(unread).collect(),
        unmatched_allowances: settled.unmatched.iter().map(unmatched).collect(),
        void_allowances: settled.void.iter().map(void).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report).map_err(io::Error::from)?;
    writeln!(out)
}

fn summary(settled: &Settled) -> V1Summary {
    let summary = &settled.summary;
    let count = |severity| summary.new.get(&severity).copied().unwrap_or_default();
    V1Summary {
        files: summary.files,
        facts: summary.facts,
        policies: summary.policies,
        policies_without_facts: summary.idle,
        policies_switched_off: summary.disabled,
        new: V1Counts {
            critical: count(Severity::Critical),
            high: count(Severity::High),
            medium: count(Severity::Medium),
            low: count(Severity::Low),
        },
        known: summary.known,
        allowed: summary.allowed,
        off_by_path: summary.off,
        stale_in_baseline: summary.stale,
        skipped: settled.skipped.len(),
        resolved: settled
            .compared
            .as_ref()
            .and_then(|compared| compared.resolved),
    }
}

fn finding(finding: &SettledFinding) -> V1Finding<'_> {
    V1Finding {
        policy: &finding.policy,
        row: finding.row.as_deref(),
        severity: finding.severity.name(),
        message: &finding.message,
        why: &finding.why,
        fix: V1Fix {
            text: finding.fix.as_deref(),
            edits: finding.edits.iter().map(edit).collect(),
        },
        status: finding.status.name(),
        allowed: match &finding.status {
            Status::Allowed(grant) => Some(V1Allowed {
                because: &grant.because,
                until: grant.until.as_deref(),
                written: &grant.written,
            }),
            Status::New | Status::Known => None,
        },
        id: &finding.id,
        environments: &finding.environments,
        places: finding.places.iter().enumerate().map(place).collect(),
        via: finding.via.iter().map(step).collect(),
        docs: &finding.docs,
    }
}

fn place((at, place): (usize, &LocatedPlace)) -> V1Place<'_> {
    V1Place {
        path: &place.at.path,
        range: range(&place.at),
        role: if at == 0 { "primary" } else { "related" },
        label: &place.label,
    }
}

fn step(step: &Step) -> V1Step<'_> {
    V1Step {
        path: &step.at.path,
        range: range(&step.at),
        text: &step.text,
    }
}

fn edit(edit: &LocatedEdit) -> V1Edit<'_> {
    V1Edit {
        path: &edit.path,
        range: edit.at.as_ref().map(range),
        text: &edit.text,
    }
}

fn range(at: &Location) -> V1Range {
    V1Range {
        line: at.line,
        column: at.column,
        end_line: at.end_line,
        end_column: at.end_column,
    }
}

fn unread(unread: &Unread) -> V1Unread<'_> {
    V1Unread {
        path: &unread.path,
        reason: &unread.reason,
    }
}

fn unmatched(unmatched: &Unmatched) -> V1Unmatched<'_> {
    V1Unmatched {
        written: &unmatched.written,
        policy: &unmatched.policy,
        because: &unmatched.because,
    }
}

fn void(void: &Void) -> V1Void<'_> {
    V1Void {
        written: &void.written,
        reason: &void.reason,
    }
}
