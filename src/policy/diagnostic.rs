//! What is said about a mistake in a policy or in the configuration: one located sentence, a caret, and what to type
//! instead. All mistakes of all files are collected before anything is printed, so this is data, not an error type.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::model::{LineCol, Span, Str};

/// A policy or configuration file as it was read.
#[derive(Debug, Default)]
pub struct Source {
    /// Path as printed.
    pub name: Str,
    pub text: Text,
    /// Ships with the program: a test has validated what is costly to validate.
    pub built_in: bool,
}

impl Source {
    pub fn new(name: &str, text: &str) -> Arc<Self> {
        Arc::new(Self {
            name: Str::from(name),
            text: Text::Read(Str::from(text)),
            built_in: false,
        })
    }
}

/// The text of such a file. One that ships is not copied: hardly a run looks at it.
#[derive(Debug)]
pub enum Text {
    Shipped(&'static str),
    Read(Str),
}

impl Default for Text {
    fn default() -> Self {
        Self::Shipped("")
    }
}

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Shipped(text) => text,
            Self::Read(text) => text,
        }
    }
}

/// A range in a policy or configuration file.
#[derive(Clone, Debug)]
pub struct At {
    pub source: Arc<Source>,
    pub span: Span,
}

impl At {
    pub fn new(source: &Arc<Source>, span: Span) -> Self {
        Self {
            source: Arc::clone(source),
            span,
        }
    }

    /// The first byte of the range, for things that have no name to underline.
    #[must_use]
    pub fn start(mut self) -> Self {
        self.span.end = self.span.start;
        self
    }

    /// Line and column, both from 1.
    pub fn line_col(&self) -> LineCol {
        place(&self.source.text, self.span.start)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Error,
    Warning,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// `P…` for policies, `C…` for the configuration; see the reference page of error codes.
    pub code: &'static str,
    pub level: Level,
    pub at: At,
    pub title: String,
    /// Behind the caret; may be empty.
    pub label: String,
    /// Lines that start with `=`.
    pub notes: Vec<String>,
}

impl Diagnostic {
    pub fn error(code: &'static str, at: At, title: impl Into<String>) -> Self {
        Self {
            code,
            level: Level::Error,
            at,
            title: title.into(),
            label: String::new(),
            notes: Vec::new(),
        }
    }

    pub fn warning(code: &'static str, at: At, title: impl Into<String>) -> Self {
        Self {
            level: Level::Warning,
            ..Self::error(code, at, title)
        }
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The label "did you mean `x`?", where there is something close.
    #[must_use]
    pub fn meant(mut self, suggestion: Option<&str>) -> Self {
        if let Some(word) = suggestion {
            self.label = format!("did you mean `{word}`?");
        }
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The whole message in plain text, with the line it is about.
    pub fn render(&self) -> String {
        let excerpt = Excerpt::of(&self.at.source.text, self.at.span);
        let number = excerpt.place.line.to_string();
        let gutter = " ".repeat(number.len());
        let mut out = format!(
            "{}[{}]: {}\n{gutter}--> {}:{number}:{}\n{gutter} |\n{number} | {}\n",
            self.level.name(),
            self.code,
            printable(&self.title),
            printable(&self.at.source.name),
            excerpt.place.column,
            excerpt.line
        );
        let marks = format!(
            "{}{} {}",
            excerpt.indent,
            excerpt.carets,
            printable(&self.label)
        );
        let _ = writeln!(out, "{gutter} | {}", marks.trim_end());
        for note in &self.notes {
            let _ = writeln!(out, "{gutter} = {}", printable(note));
        }
        out
    }
}

/// Sorts by place and drops repetitions: a condition that is compiled for several environments says its mistake once.
pub fn tidy(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let key = |one: &Diagnostic| {
        (
            Str::clone(&one.at.source.name),
            one.at.span,
            one.code,
            one.title.clone(),
        )
    };
    diagnostics.sort_by_cached_key(key);
    diagnostics.dedup_by(|a, b| key(a) == key(b));
    diagnostics
}

/// One source line, cut to what fits a screen, with the caret line under it.
struct Excerpt {
    place: LineCol,
    line: String,
    indent: String,
    carets: String,
}

/// Longer lines are cut around the caret: a policy file may be hostile or generated.
const WIDEST: usize = 160;

impl Excerpt {
    fn of(text: &str, span: Span) -> Self {
        let place = place(text, span.start);
        let (before, rest) = text
            .split_at_checked(span.start as usize)
            .unwrap_or((text, ""));
        let before = before.rsplit('\n').next().unwrap_or_default();
        let rest = rest.split('\n').next().unwrap_or_default();
        let rest = rest.trim_end_matches('\r');
        let (under, after) = rest.split_at_checked(span.len()).unwrap_or((rest, ""));
        let (lead, cut) = last_chars(before, WIDEST / 2);
        let lead = printable(lead);
        let under = printable(first_chars(under, WIDEST / 2));
        let after = printable(first_chars(after, WIDEST / 2));
        let mark = if cut { "…" } else { "" };
        let line = format!("{mark}{lead}{under}{after}");
        Self {
            place,
            line: line.trim_end().to_owned(),
            indent: " ".repeat(mark.chars().count() + lead.chars().count()),
            carets: "^".repeat(under.chars().count().max(1)),
        }
    }
}

/// Line and column of an offset without an index of all lines: a message looks up one place.
fn place(text: &str, offset: u32) -> LineCol {
    let before = text.get(..offset as usize).unwrap_or(text);
    let breaks = before.bytes().filter(|byte| *byte == b'\n').count();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let columns = line.chars().filter(|c| *c != '\u{feff}').count();
    let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    LineCol {
        line: number(breaks),
        column: number(columns),
    }
}

fn first_chars(text: &str, most: usize) -> &str {
    let end = text
        .char_indices()
        .nth(most)
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

/// The end of a text, and whether something stands before it.
fn last_chars(text: &str, most: usize) -> (&str, bool) {
    let start = text.char_indices().nth_back(most.saturating_sub(1));
    let start = start.map_or(0, |(at, _)| at);
    (text.get(start..).unwrap_or(text), start > 0)
}

/// Text without control characters and direction marks: every character takes the one column it is counted for.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| *c != '\u{feff}')
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() || is_direction_mark(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_word() {
        let text = "a: 1\nwhere: {näme: x}\n";
        let source = Source::new("p.yml", text);
        let start = text.find("näme").unwrap();
        let at = At::new(&source, Span::new(start, start + "näme".len()));
        let shown = Diagnostic::error("P003", at, "no field `näme`")
            .meant(Some("name"))
            .note("fields: name")
            .render();
        assert_eq!(
            shown,
            "error[P003]: no field `näme`\n --> p.yml:2:9\n  |\n2 | where: {näme: x}\n  |         ^^^^ did you mean `name`?\n  = fields: name\n"
        );
    }

    #[test]
    fn long_lines_and_control_characters_stay_on_the_screen() {
        let text = format!("{}\u{1b}[31mX{}", "a".repeat(500), "b".repeat(500));
        let source = Source::new("p.yml", &text);
        let start = text.find('X').unwrap();
        let at = At::new(&source, Span::new(start, start + 1));
        let shown = Diagnostic::error("P001", at, "t").render();
        let lines: Vec<&str> = shown.lines().collect();
        let column = lines[4].chars().position(|c| c == '^').unwrap();
        assert_eq!(lines[3].chars().nth(column), Some('X'), "{shown}");
        assert!(!shown.contains('\u{1b}'));
        assert!(lines[3].chars().count() < 200);
    }

    #[test]
    fn a_span_over_several_lines_is_underlined_on_its_first() {
        let text = "a: {b: c,\n  d: e}\n";
        let at = At::new(&Source::new("p.yml", text), Span::new(3, text.len()));
        let shown = Diagnostic::error("P001", at, "t").render();
        assert!(shown.contains("1 | a: {b: c,\n  |    ^^^^^^\n"), "{shown}");
    }
}
