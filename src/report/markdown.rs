//! Markdown for a job summary or a comment on a pull request: the verdict, the findings, which environments they are
//! about, what changed, and how to mend each kind once.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Style, page, short};
use crate::markup::markdown::{code, text};
use crate::model::Severity;
use crate::model::settled::{PolicyCard, Settled, SettledFinding};

/// Rows that are written out. A comment on GitHub holds 65,536 characters, and nobody reads more.
const LISTED: usize = 100;
/// Policies that are explained below the table.
const EXPLAINED: usize = 30;
/// The other places of one finding that are named.
const OTHERS: usize = 3;

pub fn render(settled: &Settled, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown: Vec<&SettledFinding> = settled.findings.iter().filter(|one| one.shown).collect();
    writeln!(
        out,
        "## envguard: {}\n",
        text(&page::verdict_words(settled))
    )?;
    unread(settled, out)?;
    table(&shown, out)?;
    matrix(&shown, out)?;
    changed(settled, out)?;
    explained(settled, &shown, out)?;
    let plain = Style {
        color: false,
        ..*style
    };
    let mut summary = Vec::new();
    page::summary(settled, &plain, &mut summary)?;
    let summary = String::from_utf8_lossy(&summary);
    writeln!(out, "<sub>{}</sub>", text(summary.trim_end()))
}

fn unread(settled: &Settled, out: &mut dyn Write) -> io::Result<()> {
    for unread in settled.problems.iter().take(LISTED) {
        let (path, reason) = (code(&unread.path), text(&unread.reason));
        writeln!(out, "- **could not be read**: {path}: {reason}")?;
    }
    if settled.problems.is_empty() {
        return Ok(());
    }
    writeln!(out)
}

fn table(shown: &[&SettledFinding], out: &mut dyn Write) -> io::Result<()> {
    if shown.is_empty() {
        return Ok(());
    }
    writeln!(out, "| severity | finding | where |\n|---|---|---|")?;
    for finding in shown.iter().take(LISTED) {
        let status = match finding.status.name() {
            "new" => String::new(),
            other => format!(" ({other})"),
        };
        writeln!(
            out,
            "| **{}**{status} | {} {} | {} |",
            finding.severity,
            text(&finding.message),
            code(&finding.policy),
            places(finding)
        )?;
    }
    let more = shown.len().saturating_sub(LISTED);
    if more > 0 {
        let count = page::counted(more, "milder finding", "milder findings");
        writeln!(out, "| | and {count}; `envguard check` lists all | |")?;
    }
    writeln!(out)
}

fn places(finding: &SettledFinding) -> String {
    let named = finding.places.iter().take(1 + OTHERS);
    let mut all: Vec<String> = named.map(|one| code(&short::position(one))).collect();
    let more = finding.places.len().saturating_sub(all.len());
    if more > 0 {
        all.push(format!("and {more} more"));
    }
    all.join("<br>")
}

/// How many findings each environment has, by severity: where a team has to look first.
fn matrix(shown: &[&SettledFinding], out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<&str, BTreeMap<Severity, usize>> = BTreeMap::new();
    for finding in shown {
        for environment in &finding.environments {
            let row = counts.entry(environment).or_default();
            *row.entry(finding.severity).or_default() += 1;
        }
    }
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "| environment | critical | high | medium | low |\n|---|---|---|---|---|"
    )?;
    for (environment, row) in counts {
        write!(out, "| {} |", text(environment))?;
        for severity in Severity::ALL.into_iter().rev() {
            match row.get(&severity) {
                Some(count) => write!(out, " {count} |")?,
                None => write!(out, " · |")?,
            }
        }
        writeln!(out)?;
    }
    writeln!(out)
}

fn changed(settled: &Settled, out: &mut dyn Write) -> io::Result<()> {
    let Some(compared) = &settled.compared else {
        return Ok(());
    };
    let mut parts = vec![format!("{} new", settled.summary.new_findings())];
    parts.extend(compared.resolved.map(|count| format!("{count} resolved")));
    parts.push(format!("{} known", settled.summary.known));
    let with = match compared.briefly() {
        Some(with) => format!("Compared with {}", code(with)),
        None => "There was nothing to compare with".to_owned(),
    };
    writeln!(out, "{with}: {}.\n", parts.join(", "))
}

fn explained(settled: &Settled, shown: &[&SettledFinding], out: &mut dyn Write) -> io::Result<()> {
    let has = |card: &&PolicyCard| shown.iter().any(|finding| finding.policy == card.id);
    let mut cards = settled
        .policies
        .iter()
        .filter(has)
        .take(EXPLAINED)
        .peekable();
    if cards.peek().is_none() {
        return Ok(());
    }
    writeln!(
        out,
        "<details><summary>Why this matters, and how to mend it</summary>\n"
    )?;
    for card in cards {
        writeln!(out, "- {}: {}", code(&card.id), prose(&card.why))?;
        if let Some(fix) = &card.fix {
            writeln!(out, "  **Fix:** {}", prose(fix))?;
        }
    }
    writeln!(out, "\n</details>\n")
}

/// Text as an author of policies writes it: what stands between backticks is monospaced.
fn prose(written: &str) -> String {
    let parts: Vec<&str> = written.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return text(written);
    }
    let shown = parts.iter().enumerate().map(|(at, part)| match at % 2 {
        0 => text(part),
        _ if part.is_empty() => String::new(),
        _ => code(part),
    });
    shown.collect()
}
