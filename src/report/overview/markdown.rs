//! The overview as Markdown, for a job summary or a wiki.

use std::fmt::Write as _;

use super::{Overview, Row};
use crate::markup::markdown::{code, text};

/// Rows of each table; a job summary holds one MiB.
const LISTED: usize = 1_000;
/// Findings of one report that are written out.
const OF_ONE: usize = 10;

pub fn markdown(overview: &Overview) -> String {
    let mut out = format!("## envguard: {}\n\n", overview.verdict());
    out.push_str("| | outcome | critical | high | medium | low | known | allowed |\n|---|---|---|---|---|---|---|---|\n");
    for row in overview.rows.iter().take(LISTED) {
        let _ = write!(out, "| {} | {} |", text(&row.name), text(&row.status));
        for count in row.counts.graves().chain([row.known, row.allowed]) {
            let _ = match count {
                0 => write!(out, " · |"),
                count => write!(out, " {count} |"),
            };
        }
        out.push('\n');
    }
    if !overview.policies.is_empty() {
        out.push_str("\n| policy | in how many | findings | worst |\n|---|---|---|---|\n");
        for one in overview.policies.iter().take(LISTED) {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                code(&one.policy),
                one.reports,
                one.findings,
                one.worst
            );
        }
    }
    for row in overview.rows.iter().take(LISTED) {
        details(row, &mut out);
    }
    out
}

fn details(row: &Row, out: &mut String) {
    if row.findings.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n<details><summary>{}</summary>\n", text(&row.name));
    for line in row.findings.iter().take(OF_ONE) {
        let _ = writeln!(
            out,
            "- **{}** {}: {} {}",
            line.severity,
            code(&line.at),
            text(&line.message),
            code(&line.policy)
        );
    }
    let more = row.findings.len().saturating_sub(OF_ONE);
    if more > 0 {
        let _ = writeln!(out, "- and {more} more");
    }
    out.push_str("\n</details>\n");
}
