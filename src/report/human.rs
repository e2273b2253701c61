//! The report for a terminal: the offending bytes underlined in each file concerned, why it matters, how to mend it.

use std::io::{self, Write};
use std::ops::Range;

use miette::{GraphicalReportHandler, GraphicalTheme};

use super::drawing::Drawing;
use super::{Style, page, short};
use crate::model::Severity;
use crate::model::settled::{Grant, LocatedPlace, Settled, SettledFinding, Status, Step};

/// Places drawn with their lines; the others are listed.
const DRAWN: usize = 3;
/// Places and steps listed; the JSON report has them all.
const LISTED: usize = 8;
/// Narrowest and widest text: unreadable below, tiring above.
const WIDTHS: Range<usize> = 40..120;

pub fn render(settled: &Settled, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let style = Style {
        width: style.width.clamp(WIDTHS.start, WIDTHS.end),
        ..*style
    };
    for finding in settled.findings.iter().filter(|finding| finding.shown) {
        one(finding, &style, out)?;
        writeln!(out)?;
    }
    if style.quiet {
        return Ok(());
    }
    if page::asides(settled, &style, out)? {
        writeln!(out)?;
    }
    page::summary(settled, &style, out)
}

fn one(finding: &SettledFinding, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let (drawn, listed) = split(&finding.places);
    header(finding, style, out)?;
    if !drawn.is_empty() {
        let drawing = Drawing::of(finding, &drawn, style);
        let mut text = String::new();
        handler(finding, style)
            .render_report(&mut text, &drawing)
            .map_err(io::Error::other)?;
        out.write_all(drawing.joined(&text).as_bytes())?;
    }
    notes(finding, &listed, style, out)
}

/// `critical[policy]: message`, wrapped with a small hanging indent.
fn header(finding: &SettledFinding, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let known = match finding.status {
        Status::New => String::new(),
        Status::Known | Status::Allowed(_) => format!(" ({})", finding.status.name()),
    };
    let head = format!("{}[{}]{known}:", finding.severity, finding.policy);
    // Wrapped as one text, so that the message starts on the line of its head; painted afterwards.
    let lines = page::wrapped(&format!("{head} {}", finding.message), style.width - 2);
    for (at, line) in lines.iter().enumerate() {
        match line.strip_prefix(&head).filter(|_| at == 0) {
            Some(message) => writeln!(
                out,
                "{}{}",
                page::painted(&head, page::Paint::of(finding.severity), style),
                page::painted(message, page::Paint::Bold, style)
            )?,
            None if at == 0 => writeln!(out, "{line}")?,
            None => writeln!(out, "  {}", page::painted(line, page::Paint::Bold, style))?,
        }
    }
    Ok(())
}

/// The places that are drawn, and those that are listed: too many, or on a line that may not be shown.
fn split(places: &[LocatedPlace]) -> (Vec<&LocatedPlace>, Vec<&LocatedPlace>) {
    let mut room = DRAWN;
    places.iter().partition(|place| {
        let drawn = place.excerpt.is_some() && room > 0;
        room -= usize::from(drawn);
        drawn
    })
}

fn notes(
    finding: &SettledFinding,
    listed: &[&LocatedPlace],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if !listed.is_empty() {
        let primary = |place: &&LocatedPlace| {
            finding
                .places
                .first()
                .is_some_and(|first| std::ptr::eq(first, *place))
        };
        let key = if listed.iter().any(primary) {
            "at"
        } else {
            "and"
        };
        page::note(
            key,
            &enumerated(listed.iter().map(|place| short::other(place))),
            style,
            out,
        )?;
    }
    if !finding.via.is_empty() {
        page::note("via", &enumerated(finding.via.iter().map(step)), style, out)?;
    }
    if !style.brief {
        page::note("why", &finding.why, style, out)?;
        if let Some(fix) = &finding.fix {
            page::note("fix", fix, style, out)?;
        }
    }
    if let Status::Allowed(grant) = &finding.status {
        allowed(grant, style, out)?;
    }
    if style.brief {
        return Ok(());
    }
    page::note("see", &finding.docs, style, out)
}

fn allowed(grant: &Grant, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let until = grant.until.as_ref().map(|until| format!(" until {until}"));
    let until = until.unwrap_or_default();
    let text = format!("{}{until} ({})", grant.because, grant.written);
    page::note("allowed", &text, style, out)
}

fn step(step: &Step) -> String {
    format!("{}:{} {}", step.at.path, step.at.line, step.text)
}

fn enumerated(entries: impl ExactSizeIterator<Item = String>) -> String {
    let more = entries.len().saturating_sub(LISTED);
    let rest = (more > 0).then(|| format!("and {more} more"));
    let lines: Vec<_> = entries.take(LISTED).chain(rest).collect();
    lines.join("\n")
}

fn handler(finding: &SettledFinding, style: &Style) -> GraphicalReportHandler {
    let mut theme = match (style.unicode, style.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    if style.color {
        // The primary place in the colour of its severity, the others in a quieter one.
        theme.styles.error = theme.styles.error.bold();
        theme.styles.link = theme.styles.link.remove_all_effects();
        let worst = match finding.severity {
            Severity::Critical | Severity::High => theme.styles.error,
            Severity::Medium => theme.styles.warning,
            Severity::Low => theme.styles.advice,
        };
        theme.styles.highlights = vec![worst, theme.styles.help, theme.styles.help];
    }
    GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_context_lines(0)
        .with_links(false)
        .without_syntax_highlighting()
}
