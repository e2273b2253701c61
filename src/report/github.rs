//! Workflow commands of GitHub Actions (Gitea and Forgejo read them too): each finding an annotation at its line.
//!
//! GitHub shows ten annotations of each level for a step and drops the rest without a word; those are listed in the log.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Style, page, short};
use crate::model::Severity;
use crate::model::settled::{Location, Settled, SettledFinding, Unread};

/// Annotations of one level that GitHub takes from a step.
const SHOWN: usize = 10;

/// Findings come most severe first, so what has no room is the mildest.
pub fn render(settled: &Settled, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in settled.problems.iter().take(SHOWN) {
        *used.entry("error").or_default() += 1;
        unread(problem, out)?;
    }
    let mut rest = Vec::new();
    for finding in settled.findings.iter().filter(|finding| finding.shown) {
        let used = used.entry(level(finding.severity)).or_default();
        if *used < SHOWN {
            *used += 1;
            annotation(finding, out)?;
        } else {
            rest.push(finding);
        }
    }
    if !rest.is_empty() {
        more(&rest, out)?;
    }
    if style.quiet {
        return Ok(());
    }
    let plain = Style {
        color: false,
        ..*style
    };
    let mut summary = Vec::new();
    page::summary(settled, &plain, &mut summary)?;
    writeln!(
        out,
        "{}",
        safe(String::from_utf8_lossy(&summary).trim_end())
    )
}

fn annotation(finding: &SettledFinding, out: &mut dyn Write) -> io::Result<()> {
    let level = level(finding.severity);
    let title = format!("{} ({})", finding.policy, finding.severity);
    let at = finding.places.first().map(|place| place_of(&place.at));
    writeln!(
        out,
        "::{level} {}title={}::{}",
        at.unwrap_or_default(),
        property(&title),
        data(&told(finding))
    )
}

/// The message, the other places, and how to mend it: all that fits beside a line of a pull request.
fn told(finding: &SettledFinding) -> String {
    let mut lines = vec![finding.message.clone()];
    let others = finding.places.iter().skip(1).map(short::other);
    lines.extend(others.map(|other| format!("see {other}")));
    let steps = finding.via.iter();
    lines.extend(steps.map(|step| format!("via {} {}", short::spot(&step.at), step.text)));
    lines.extend(finding.fix.iter().map(|fix| format!("fix: {fix}")));
    lines.push(format!("more: {}", finding.docs));
    lines.join("\n")
}

/// Columns count only on one line: GitHub refuses them for a range of several.
fn place_of(at: &Location) -> String {
    let file = property(&at.path);
    let end_line = at.end_line.max(at.line);
    let mut text = format!("file={file},line={},endLine={end_line},", at.line);
    if end_line == at.line {
        let last = at.end_column.saturating_sub(1).max(at.column);
        let _ = write!(text, "col={},endColumn={last},", at.column);
    }
    text
}

fn unread(unread: &Unread, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "::error file={},title=could not be read::{}",
        property(&unread.path),
        data(&unread.reason)
    )
}

fn more(rest: &[&SettledFinding], out: &mut dyn Write) -> io::Result<()> {
    let count = page::counted(rest.len(), "more finding", "more findings");
    writeln!(out, "::group::{count}, for which GitHub has no room")?;
    for finding in rest {
        let place = finding.places.first().map(short::position);
        let line = format!(
            "- {}: {}: {} [{}]",
            place.unwrap_or_default(),
            finding.severity,
            finding.message,
            finding.policy
        );
        writeln!(out, "{}", safe(&line))?;
    }
    writeln!(out, "::endgroup::")
}

/// A line that the runner takes for text: the older form of commands counts anywhere in a line.
fn safe(line: &str) -> String {
    line.replace("##[", "# #[")
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "notice",
    }
}
