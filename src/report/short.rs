//! One line for each finding, `path:line:column: severity: message [policy]`, as compilers print them: editors and
//! terminals jump to the place. Other places follow in parentheses.

use std::io::{self, Write};

use super::{Style, page};
use crate::model::settled::{LocatedPlace, Location, Settled, SettledFinding, Status};

pub fn render(settled: &Settled, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for finding in settled.findings.iter().filter(|finding| finding.shown) {
        line(finding, style, out)?;
    }
    if style.quiet {
        return Ok(());
    }
    page::asides(settled, style, out)?;
    page::summary(settled, style, out)
}

fn line(finding: &SettledFinding, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let severity = page::painted(
        finding.severity.name(),
        page::Paint::of(finding.severity),
        style,
    );
    let mut places = finding.places.iter();
    if let Some(primary) = places.next() {
        write!(
            out,
            "{}: ",
            page::painted(&position(primary), page::Paint::Bold, style)
        )?;
    }
    write!(out, "{severity}: {} [{}]", finding.message, finding.policy)?;
    if finding.status != Status::New {
        write!(out, " ({})", finding.status.name())?;
    }
    let others: Vec<_> = places.map(other).collect();
    if others.is_empty() {
        writeln!(out)
    } else {
        writeln!(out, " (see {})", others.join(", "))
    }
}

pub fn position(place: &LocatedPlace) -> String {
    spot(&place.at)
}

pub fn spot(at: &Location) -> String {
    format!("{}:{}:{}", at.path, at.line, at.column)
}

/// A place with its label, for lists inside of a line.
pub fn other(place: &LocatedPlace) -> String {
    if place.label.is_empty() {
        position(place)
    } else {
        format!("{} {}", position(place), place.label)
    }
}
