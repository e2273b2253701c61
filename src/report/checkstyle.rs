//! Checkstyle XML: the format that most CI systems and review bots read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Style, short};
use crate::markup::xml::{DECLARATION, escaped};
use crate::model::Severity;
use crate::model::settled::{Settled, SettledFinding};

pub fn render(settled: &Settled, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut files: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for finding in settled.findings.iter().filter(|finding| finding.shown) {
        if let Some(place) = finding.places.first() {
            let lines = files.entry(&place.at.path).or_default();
            lines.push(error(finding, place.at.line, place.at.column));
        }
    }
    for unread in &settled.problems {
        let message = escaped(&format!("could not be read: {}", unread.reason));
        let lines = files.entry(&unread.path).or_default();
        lines.push(format!(
            "<error line=\"1\" severity=\"error\" message=\"{message}\" source=\"envguard\"/>"
        ));
    }
    writeln!(out, "{DECLARATION}<checkstyle version=\"4.3\">")?;
    for (path, lines) in files {
        writeln!(out, "  <file name=\"{}\">", escaped(path))?;
        for line in lines {
            writeln!(out, "    {line}")?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}

fn error(finding: &SettledFinding, line: u32, column: u32) -> String {
    let others: Vec<String> = finding.places.iter().skip(1).map(short::other).collect();
    let mut message = finding.message.clone();
    if !others.is_empty() {
        let _ = write!(message, " (see {})", others.join(", "));
    }
    format!(
        "<error line=\"{line}\" column=\"{column}\" severity=\"{}\" message=\"{}\" source=\"envguard.{}\"/>",
        severity(finding.severity),
        escaped(&message),
        escaped(&finding.policy)
    )
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "info",
    }
}
