//! A finding as miette draws it. miette shows one source for each diagnostic, while a finding of ours lives in several
//! files; so all excerpts of a finding form one source, each in a range of its own that answers with its own name and
//! line. The frames miette draws around them are then joined into one, and a label that fits stands behind its
//! underline instead of below: that halves the height of a finding.

use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteSpanContents, Severity as Level, SourceCode,
    SourceSpan, SpanContents,
};

use super::Style;
use super::page::{Paint, painted, wrapped};
use crate::model::Severity;
use crate::model::settled::{Excerpt, LocatedPlace, SettledFinding};

/// The shortest line a label is broken into, however far to the right it starts.
const LABEL: usize = 24;

/// One finding with the excerpts to draw.
#[derive(Debug)]
pub struct Drawing<'a> {
    finding: &'a SettledFinding,
    style: Style,
    /// Columns for the text of a line, behind line numbers and frame.
    room: usize,
    lines: Vec<Line<'a>>,
}

/// One line of one file, in the range of offsets that starts at `base`.
#[derive(Debug)]
struct Line<'a> {
    place: &'a LocatedPlace,
    excerpt: Excerpt,
    base: usize,
    marks: Vec<Mark<'a>>,
}

#[derive(Debug)]
struct Mark<'a> {
    range: Range<usize>,
    column: u32,
    label: &'a str,
}

impl<'a> Drawing<'a> {
    /// A drawing that fits into the width as far as its labels allow.
    pub fn of(finding: &'a SettledFinding, places: &[&'a LocatedPlace], style: &Style) -> Self {
        let digits = places
            .iter()
            .map(|place| place.at.line.to_string().len())
            .max();
        let mut drawing = Self {
            finding,
            style: *style,
            room: style.width.saturating_sub(digits.unwrap_or(1) + 4),
            lines: Vec::new(),
        };
        for place in places {
            if let Some(excerpt) = &place.excerpt {
                let label = place.label.chars().count().min(LABEL);
                drawing.add(place, excerpt.fitted(drawing.room, label + 5));
            }
        }
        drawing
    }

    fn add(&mut self, place: &'a LocatedPlace, excerpt: Excerpt) {
        let mark = Mark {
            range: excerpt.mark.clone(),
            column: place.at.column,
            label: &place.label,
        };
        let base = self
            .lines
            .last()
            .map_or(0, |line| line.base + line.excerpt.text.len() + 1);
        match self
            .lines
            .iter_mut()
            .find(|line| line.takes(place, &excerpt))
        {
            Some(line) => line.marks.push(mark),
            None => self.lines.push(Line {
                place,
                excerpt,
                base,
                marks: vec![mark],
            }),
        }
    }

    /// The label that stands behind the underline of a line: the only one of the line, and short enough.
    fn tail(&self, line: &Line<'a>) -> Option<&'a str> {
        let [mark] = line.marks.as_slice() else {
            return None;
        };
        let end = line
            .column(mark.range.end)
            .max(line.column(mark.range.start) + 1);
        (!mark.label.is_empty() && end + 1 + mark.label.chars().count() <= self.room)
            .then_some(mark.label)
    }

    /// What miette drew, with its frames joined: only the last one is closed, all line numbers share one column, and
    /// labels stand behind their underlines. What miette says above the first frame is left out.
    pub fn joined(&self, drawn: &str) -> String {
        let widest = drawn.lines().filter(|line| opens(line)).map(indent).max();
        let mut frames: Vec<Vec<&str>> = Vec::new();
        for line in drawn.lines() {
            if opens(line) {
                frames.push(Vec::new());
            }
            if let Some(frame) = frames.last_mut() {
                frame.push(line);
            }
        }
        let mut out = String::with_capacity(drawn.len());
        let last = frames.len().saturating_sub(1);
        for (at, (frame, line)) in frames.iter().zip(&self.lines).enumerate() {
            let pad = widest.unwrap_or(0) - frame.first().map_or(0, |head| indent(head));
            let mut tail = self.tail(line).map(|label| self.painted(at, label));
            for text in frame.iter().filter(|text| at == last || !closes(text)) {
                out.extend(std::iter::repeat_n(' ', pad));
                if at > 0 && opens(text) {
                    out.push_str(&text.replacen('╭', "├", 1).replacen(",-[", "|-[", 1));
                } else {
                    out.push_str(text);
                }
                if let Some(label) = tail.take_if(|_| underlines(text)) {
                    out.push(' ');
                    out.push_str(&label);
                }
                out.push('\n');
            }
        }
        out
    }

    /// A label in the colour of its underline.
    fn painted(&self, at: usize, label: &str) -> String {
        let severity = Paint::of(self.finding.severity);
        painted(
            label,
            if at == 0 { severity } else { Paint::Cyan },
            &self.style,
        )
    }
}

/// The head of a frame: `╭─[path:line:column]`.
fn opens(line: &str) -> bool {
    ["╭─[", ",-["]
        .iter()
        .any(|head| line.trim_start().starts_with(head))
}

fn closes(line: &str) -> bool {
    matches!(line.trim(), "╰────" | "`----")
}

/// The line of underlines below a source line has no number.
fn underlines(line: &str) -> bool {
    line.trim_start().starts_with(['·', ':'])
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

impl Line<'_> {
    /// Whether a second place stands on this line, beside the marks it has.
    fn takes(&self, place: &LocatedPlace, excerpt: &Excerpt) -> bool {
        let new = &excerpt.mark;
        let apart = |mark: &Mark| new.end <= mark.range.start || mark.range.end <= new.start;
        self.place.at.path == place.at.path
            && self.place.at.line == place.at.line
            && self.excerpt.text == excerpt.text
            && self.marks.iter().all(apart)
    }

    fn column(&self, byte: usize) -> usize {
        self.excerpt
            .text
            .get(..byte)
            .unwrap_or_default()
            .chars()
            .count()
    }
}

impl SourceCode for Drawing<'_> {
    fn read_span<'s>(
        &'s self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'s> + 's>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        // A span over two lines fits into none: that is how miette learns to draw them apart.
        let line = self
            .lines
            .iter()
            .find(|line| line.base <= start && end <= line.base + line.excerpt.text.len())
            .ok_or(MietteError::OutOfBounds)?;
        let at = start - line.base;
        let mark = line.marks.iter().find(|mark| mark.range.start == at);
        let column = mark.map_or(line.place.at.column, |mark| mark.column);
        Ok(Box::new(MietteSpanContents::new_named(
            line.place.at.path.clone(),
            line.excerpt.text.as_bytes(),
            (line.base, line.excerpt.text.len()).into(),
            zero_based(line.place.at.line),
            zero_based(column),
            1,
        )))
    }
}

impl Diagnostic for Drawing<'_> {
    fn severity(&self) -> Option<Level> {
        Some(match self.finding.severity {
            Severity::Critical | Severity::High => Level::Error,
            Severity::Medium => Level::Warning,
            Severity::Low => Level::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let of_line = move |line: &Line<'_>| -> Vec<LabeledSpan> {
            let below = self.tail(line).is_none();
            let label = |mark: &Mark<'_>| {
                let room = self
                    .room
                    .saturating_sub(line.column(mark.range.end) + 3)
                    .max(LABEL);
                let label =
                    (below && !mark.label.is_empty()).then(|| wrapped(mark.label, room).join("\n"));
                let span = (line.base + mark.range.start, mark.range.len());
                LabeledSpan::new_with_span(label, span)
            };
            line.marks.iter().map(label).collect()
        };
        Some(Box::new(self.lines.iter().flat_map(of_line)))
    }
}

impl std::error::Error for Drawing<'_> {}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.finding.message)
    }
}

fn zero_based(number: u32) -> usize {
    number.saturating_sub(1) as usize
}
