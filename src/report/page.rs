//! What the reports for people share: paint, wrapped text, the closing lines and the words for counts.

use std::io::{self, Write};

use crate::model::Severity;
use crate::model::settled::{Outcome, Settled, Summary, Unread};

use super::Style;

/// How many entries of a list are written out.
const LISTED: usize = 10;

/// A colour of the terminal's own palette, which users have chosen to be legible.
#[derive(Clone, Copy, Debug)]
pub enum Paint {
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Cyan,
}

impl Paint {
    pub fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Self::Red,
            Severity::Medium => Self::Yellow,
            Severity::Low => Self::Cyan,
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Bold => 1,
            Self::Dim => 2,
            Self::Red => 31,
            Self::Green => 32,
            Self::Yellow => 33,
            Self::Cyan => 36,
        }
    }
}

/// The text in a colour, or as it is.
pub fn painted(text: &str, paint: Paint, style: &Style) -> String {
    if style.color {
        format!("\u{1b}[{}m{text}\u{1b}[0m", paint.code())
    } else {
        text.to_owned()
    }
}

/// Breaks text at spaces; a word longer than a line stays whole, so that paths can be copied.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_whitespace() {
            let len = word.chars().count();
            if used > 0 && used + 1 + len > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += len;
        }
        if used > 0 {
            lines.push(line);
        }
    }
    lines
}

/// `  key: text`, wrapped with a hanging indent.
pub fn note(key: &str, text: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let indent = key.chars().count() + 4;
    for (at, line) in wrapped(text, style.width.saturating_sub(indent).max(20))
        .iter()
        .enumerate()
    {
        if at == 0 {
            writeln!(
                out,
                "  {} {line}",
                painted(&format!("{key}:"), Paint::Cyan, style)
            )?;
        } else {
            writeln!(out, "{:indent$}{line}", "")?;
        }
    }
    Ok(())
}

/// What stands below the findings: what could not be read, what was skipped, which allowances are stale.
pub fn asides(settled: &Settled, style: &Style, out: &mut dyn Write) -> io::Result<bool> {
    let unread = |unread: &Unread| format!("{}: {}", unread.path, unread.reason);
    list(
        "could not be read",
        Paint::Red,
        settled.problems.iter().map(unread),
        style,
        out,
    )?;
    list(
        "skipped",
        Paint::Dim,
        settled.skipped.iter().map(unread),
        style,
        out,
    )?;
    let stale = settled.unmatched.iter().map(|stale| {
        let (written, policy) = (&stale.written, &stale.policy);
        format!("{written} matches nothing of `{policy}` any more; remove it")
    });
    list("stale allowance", Paint::Yellow, stale, style, out)?;
    let void = settled
        .void
        .iter()
        .map(|void| format!("{} {}", void.written, void.reason));
    list("void allowance", Paint::Yellow, void, style, out)?;
    Ok(!(settled.problems.is_empty()
        && settled.skipped.is_empty()
        && settled.unmatched.is_empty()
        && settled.void.is_empty()))
}

fn list(
    title: &str,
    paint: Paint,
    entries: impl ExactSizeIterator<Item = String>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let more = entries.len().saturating_sub(LISTED);
    let title = painted(title, paint, style);
    for entry in entries.take(LISTED) {
        writeln!(out, "{title}: {entry}")?;
    }
    if more > 0 {
        writeln!(out, "{title}: and {more} more")?;
    }
    Ok(())
}

/// The last line: how it ended, by what, over how much.
pub fn summary(settled: &Settled, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let counts = &settled.summary;
    if counts.files == 0 && settled.findings.is_empty() {
        let nothing = settled.compared.as_ref().map_or_else(
            || "no file here is one that envguard reads".to_owned(),
            |compared| format!("nothing that envguard reads is {}", compared.changes),
        );
        return writeln!(out, "Nothing to check: {nothing}.");
    }
    let (verdict, paint) = verdict(settled);
    let mut parts = vec![
        format!(
            "{}, {}, {}",
            counted(counts.files, "file", "files"),
            counted(counts.facts, "fact", "facts"),
            policies(counts),
        ),
        left_out(settled),
    ];
    parts.extend(counts.elapsed.map(duration));
    let dot = if style.unicode { " · " } else { " | " };
    writeln!(
        out,
        "{}{dot}{}",
        painted(&verdict, paint, style),
        parts.join(dot)
    )
}

/// Policies that were switched off stay in sight.
fn policies(counts: &Summary) -> String {
    let asked = counted(counts.policies, "policy", "policies");
    match counts.disabled {
        0 => asked,
        disabled => format!("{asked} ({disabled} switched off)"),
    }
}

/// What is not among the findings, and why. The first three are always told.
fn left_out(settled: &Settled) -> String {
    let counts = &settled.summary;
    let mut parts = vec![
        format!("{} skipped", settled.skipped.len()),
        format!("{} known{}", counts.known, where_known(settled)),
        format!("{} allowed", counts.allowed),
    ];
    if counts.off > 0 {
        parts.push(format!("{} off by path", counts.off));
    }
    if counts.stale > 0 {
        parts.push(format!("{} stale in the baseline", counts.stale));
    }
    let resolved = settled.compared.as_ref().and_then(|one| one.resolved);
    parts.extend(resolved.map(|resolved| format!("{resolved} resolved")));
    parts.join(", ")
}

fn duration(elapsed: std::time::Duration) -> String {
    let millis = elapsed.as_millis();
    if millis < 10_000 {
        format!("{millis} ms")
    } else {
        format!("{} s", elapsed.as_secs())
    }
}

/// Who is compared wants to know with what, and how to see what is not shown.
fn where_known(settled: &Settled) -> String {
    let Some(compared) = &settled.compared else {
        return String::new();
    };
    // Nobody asked for them where there are none.
    let hidden = settled.findings.is_empty() || settled.findings.iter().any(|one| !one.shown);
    let show = if hidden && settled.summary.known > 0 {
        "; --all shows them"
    } else {
        ""
    };
    match settled.summary.known {
        0 => String::new(),
        _ => format!(
            " (in {}{show})",
            compared.briefly().unwrap_or("the baseline")
        ),
    }
}

fn verdict(settled: &Settled) -> (String, Paint) {
    let paint = match settled.outcome {
        Outcome::Passed if settled.summary.new_findings() == 0 => Paint::Green,
        Outcome::Passed => Paint::Bold,
        Outcome::Failed | Outcome::Incomplete => Paint::Red,
    };
    (verdict_words(settled), paint)
}

/// How it ended, in a few words.
pub fn verdict_words(settled: &Settled) -> String {
    let new = settled.summary.new_findings();
    let kind = if settled.compared.is_some() {
        "new "
    } else {
        ""
    };
    let mut verdict = match new {
        0 => format!("No {kind}findings"),
        _ => format!(
            "{new} {kind}{}: {}",
            if new == 1 { "finding" } else { "findings" },
            by_severity(&settled.summary)
        ),
    };
    if settled.outcome == Outcome::Incomplete {
        verdict.push_str(", and not everything could be read");
    }
    verdict
}

fn by_severity(summary: &Summary) -> String {
    let counts: Vec<_> = summary
        .new
        .iter()
        .rev()
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    counts.join(", ")
}

pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
