//! Findings as one page of HTML, to send around or to print: the verdict, the findings with their lines, how to mend each
//! kind, and what was left out.

use std::io::{self, Write};

use super::{Style, page, short};
use crate::markup::html::{cell, close, close_table, escaped, open, open_table, prose};
use crate::model::Severity;
use crate::model::settled::{LocatedPlace, PolicyCard, Settled, SettledFinding, Status};

pub fn render(settled: &Settled, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    open(&format!("envguard: {}", page::verdict_words(settled)), out)?;
    let plain = Style {
        color: false,
        ..*style
    };
    let mut summary = Vec::new();
    page::summary(settled, &plain, &mut summary)?;
    let summary = String::from_utf8_lossy(&summary);
    writeln!(out, "<p>{}</p>", escaped(summary.trim_end()))?;
    let unread = settled.problems.iter();
    list(
        "Could not be read",
        unread.map(|one| (one.path.as_str(), one.reason.as_str())),
        out,
    )?;
    let shown: Vec<&SettledFinding> = settled.findings.iter().filter(|one| one.shown).collect();
    findings(&shown, out)?;
    explained(settled, &shown, out)?;
    let void = settled.void.iter();
    list(
        "Exceptions that do not count",
        void.map(|one| (one.written.as_str(), one.reason.as_str())),
        out,
    )?;
    let skipped = settled.skipped.iter();
    list(
        "Left out",
        skipped.map(|one| (one.path.as_str(), one.reason.as_str())),
        out,
    )?;
    close(out)
}

fn findings(shown: &[&SettledFinding], out: &mut dyn Write) -> io::Result<()> {
    if shown.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section>\n<h2>Findings</h2>")?;
    open_table(["severity", "finding", "where"].into_iter(), out)?;
    for finding in shown {
        let tone = match finding.severity {
            Severity::Critical | Severity::High => "bad",
            Severity::Medium => "warn",
            Severity::Low => "plain",
        };
        let places: Vec<String> = finding.places.iter().map(place).collect();
        writeln!(
            out,
            "<tr>{}{}{}</tr>",
            cell(tone, "severity", finding.severity.name()),
            cell("plain", "finding", &said(finding)),
            cell("plain list", "where", &places.join(""))
        )?;
    }
    close_table(out)?;
    writeln!(out, "</section>")
}

fn said(finding: &SettledFinding) -> String {
    let aside = match &finding.status {
        Status::New => finding.policy.to_string(),
        Status::Known => format!("{}; known", finding.policy),
        Status::Allowed(grant) => {
            let until = grant.until.as_ref();
            let until = until.map_or_else(String::new, |until| format!(", until {until}"));
            format!("{}; allowed{until}: {}", finding.policy, grant.because)
        }
    };
    format!(
        "{}<small>{}</small>",
        prose(&finding.message),
        escaped(&aside)
    )
}

/// The position, what it is there, and the line with its values masked.
fn place(place: &LocatedPlace) -> String {
    let label = match place.label.as_str() {
        "" => String::new(),
        label => format!(" {}", escaped(label)),
    };
    let line = place.excerpt.as_ref();
    let line = line.map_or_else(String::new, |excerpt| {
        format!(
            "<small><code>{}</code></small>",
            escaped(excerpt.text.trim())
        )
    });
    format!(
        "<div><code>{}</code>{label}{line}</div>",
        escaped(&short::position(place))
    )
}

fn explained(settled: &Settled, shown: &[&SettledFinding], out: &mut dyn Write) -> io::Result<()> {
    let has = |card: &&PolicyCard| shown.iter().any(|finding| finding.policy == card.id);
    let cards: Vec<&PolicyCard> = settled.policies.iter().filter(has).collect();
    if cards.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section>\n<h2>Why it matters, and how to mend it</h2>"
    )?;
    open_table(["policy", "why", "fix"].into_iter(), out)?;
    for card in cards {
        let fix = card.fix.as_deref().unwrap_or_default();
        writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th>{}{}</tr>",
            escaped(&card.id),
            cell("plain", "why", &prose(&card.why)),
            cell("plain", "fix", &prose(fix))
        )?;
    }
    close_table(out)?;
    writeln!(out, "</section>")
}

fn list<'a>(
    title: &str,
    entries: impl Iterator<Item = (&'a str, &'a str)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let entries = entries.map(|(what, why)| {
        let (what, why) = (escaped(what), escaped(why));
        format!("<li><code>{what}</code>: {why}</li>\n")
    });
    let entries: String = entries.collect();
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section>\n<h2>{}</h2>\n<ul>\n{entries}</ul>\n</section>",
        escaped(title)
    )
}
