//! The one line a place stands on, as it may be shown: every value on it masked unless it is harmless, no neighbouring
//! line, and nothing at all where no fact was read from the line.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::literal::literals;
use super::program;
use super::scrub::{MASK, Scrubber, merged};
use super::visible::push_visible;
use crate::model::file::Nature;
use crate::model::harmless::is_harmless;
use crate::model::schema::var;
use crate::model::settled::Excerpt;
use crate::model::{Document, Fact, Kind, Span, Val};

/// Longest excerpt, in characters; reporters may cut it further.
const WIDEST: usize = 160;
/// How much of a line is looked at on each side of a place: a minified file is one line of a megabyte.
const WINDOW: usize = 4096;

/// What is known of the bytes of one document.
pub struct Sheet<'a> {
    document: &'a Document,
    /// Bytes that may not be shown, sorted and disjoint.
    masks: Vec<Range<usize>>,
    /// Lines (from 1) some fact was read from.
    understood: BTreeSet<u32>,
    /// Where facts stand: a `#` inside of one starts no comment.
    values: Vec<Range<usize>>,
}

/// Sheets of the documents that findings point into.
pub fn sheets<'a>(
    documents: &'a [Document],
    facts: &'a [Fact],
    wanted: &BTreeSet<&str>,
) -> BTreeMap<&'a str, Sheet<'a>> {
    let mut sheets: BTreeMap<&str, Sheet> = documents
        .iter()
        .filter(|document| wanted.contains(document.file.path.as_ref()))
        .map(|document| (document.file.path.as_ref(), Sheet::of(document)))
        .collect();
    for fact in facts {
        if let Some(sheet) = sheets.get_mut(fact.file.path.as_ref()) {
            sheet.add(fact);
        }
    }
    for sheet in sheets.values_mut() {
        sheet.masks = merged(std::mem::take(&mut sheet.masks));
        sheet.values = merged(std::mem::take(&mut sheet.values));
    }
    sheets
}

impl<'a> Sheet<'a> {
    fn of(document: &'a Document) -> Self {
        let mut sheet = Self {
            document,
            masks: Vec::new(),
            understood: BTreeSet::new(),
            values: Vec::new(),
        };
        document.facts.iter().for_each(|fact| sheet.add(fact));
        sheet
    }

    pub fn document(&self) -> &'a Document {
        self.document
    }

    fn add(&mut self, fact: &Fact) {
        // These speak of a whole file or of what could not be read in it, not of a line.
        if matches!(
            fact.kind,
            Kind::repo | Kind::environment | Kind::file | Kind::problem
        ) {
            return;
        }
        for span in [fact.key, fact.span] {
            if !span.is_empty() {
                self.understood.insert(self.document.lines.line(span.start));
                self.values.push(range(span));
            }
        }
        self.masks.extend(hidden(fact, &self.document.text));
    }

    /// The line of a place, or nothing where the line was not understood.
    pub fn excerpt(&self, span: Span, scrubber: &Scrubber) -> Option<Excerpt> {
        let text = self.document.text.as_ref();
        let line = self.document.lines.line(span.start);
        if !self.understood.contains(&line) {
            return None;
        }
        let window = window(
            text,
            range(self.document.lines.line_span(text, line)),
            span.start as usize,
        );
        let shown = text.get(window.clone())?;
        let mut masks: Vec<Range<usize>> = scrubber
            .ranges(shown)
            .into_iter()
            .map(|hit| hit.start + window.start..hit.end + window.start)
            .collect();
        masks.extend(within(&self.masks, &window));
        if self.document.file.nature == Nature::Program {
            masks.extend(self.unread_texts(shown, window.start));
        }
        let window = window.start..self.comment(shown, &window).unwrap_or(window.end);
        let mark = span.start as usize..(span.end as usize).clamp(span.start as usize, window.end);
        let excerpt = draw(text, &window, &merged(masks), &mark);
        // A place without bytes of its own speaks of the whole file.
        (!excerpt.mark.is_empty()).then(|| excerpt.fitted(WIDEST, WIDEST / 3))
    }

    /// Where the line ends for a reader when a comment follows: nobody parsed it, so nobody knows what it holds.
    fn comment(&self, shown: &str, window: &Range<usize>) -> Option<usize> {
        let is_program = self.document.file.nature == Nature::Program;
        let of_program = program::comment(shown).filter(|_| is_program);
        let hashes = shown.match_indices('#').map(|(at, _)| at);
        hashes.chain(of_program).find_map(|at| {
            let before = shown.get(..at)?;
            let starts = before.is_empty() || before.ends_with(char::is_whitespace);
            let at = window.start + at;
            let inside = within(&self.values, &(at..at + 1)).next().is_some();
            (starts && !inside).then_some(window.start + before.trim_end().len())
        })
    }

    /// Texts in code that no fact was read from.
    fn unread_texts(&self, shown: &str, start: usize) -> Vec<Range<usize>> {
        let texts = program::texts(shown).into_iter();
        texts
            .map(|at| at.start + start..at.end + start)
            .filter(|at| within(&self.values, at).next().is_none())
            .collect()
    }
}

/// The bytes a fact keeps from being shown.
fn hidden(fact: &Fact, text: &str) -> Vec<Range<usize>> {
    let sensitive = fact.kind == Kind::var && fact.get(var::SENSITIVE) == Val::Bool(true);
    fact.kind
        .fields()
        .filter_map(|field| match fact.get(field) {
            Val::Secret(secret) if !secret.is_empty() => Some(secret.expose()),
            _ => None,
        })
        // Digits are harmless in a setting and a PIN in a password.
        .filter(|value| sensitive || !is_harmless(value))
        .flat_map(|value| hidden_value(fact, value, text))
        .collect()
}

fn hidden_value(fact: &Fact, value: &str, text: &str) -> Vec<Range<usize>> {
    let base = fact.span.start as usize;
    let written = fact.span.of(text);
    if fact.kind == Kind::var && written.contains("${") {
        return literals(written)
            .into_iter()
            .map(|part| part.start + base..part.end + base)
            .collect();
    }
    if fact.span == fact.key {
        return Vec::new();
    }
    // A longer text may hold the value, such as the call that reads a variable; quotes stay outside of the mask.
    let inside: Vec<_> = written
        .match_indices(value)
        .map(|(at, hit)| base + at..base + at + hit.len())
        .collect();
    let whole =
        written.trim_matches(['"', '\'']) == value || (value.len() >= 4 && !inside.is_empty());
    if whole {
        inside
    } else {
        vec![range(fact.span)]
    }
}

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// The part of a line around one byte, on character boundaries.
fn window(text: &str, line: Range<usize>, at: usize) -> Range<usize> {
    let mut start = at.saturating_sub(WINDOW).clamp(line.start, line.end);
    let mut end = at.saturating_add(WINDOW).clamp(start, line.end);
    while start > line.start && !text.is_char_boundary(start) {
        start -= 1;
    }
    while end < line.end && !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

/// Those of sorted, disjoint ranges that overlap the window, clipped to it.
fn within<'r>(
    ranges: &'r [Range<usize>],
    window: &Range<usize>,
) -> impl Iterator<Item = Range<usize>> + use<'r> {
    let window = window.clone();
    let first = ranges.partition_point(|range| range.end <= window.start);
    ranges
        .iter()
        .skip(first)
        .take_while({
            let end = window.end;
            move |range| range.start < end
        })
        .map(move |range| range.start.max(window.start)..range.end.min(window.end))
}

/// Writes the window with its masks and follows the marked range through them.
fn draw(text: &str, window: &Range<usize>, masks: &[Range<usize>], mark: &Range<usize>) -> Excerpt {
    let mut out = String::new();
    let (mut start, mut end) = (None, None);
    let mut masks = masks.iter().peekable();
    let mut masked_until = window.start;
    for (offset, c) in text.get(window.clone()).unwrap_or_default().char_indices() {
        let at = window.start + offset;
        if at < masked_until {
            continue;
        }
        start = start.or((at >= mark.start).then_some(out.len()));
        end = end.or((at >= mark.end).then_some(out.len()));
        if let Some(mask) = masks.next_if(|mask| mask.start <= at) {
            // A mark that begins or ends inside of a mask takes all of it.
            start = start.or((mark.start < mask.end).then_some(out.len()));
            out.push_str(MASK);
            end = end.or((mark.end <= mask.end).then_some(out.len()));
            masked_until = mask.end;
        } else if c != '\u{feff}' {
            push_visible(&mut out, c);
        }
    }
    let end = end.unwrap_or(out.len());
    let start = start.unwrap_or(out.len()).min(end);
    Excerpt {
        text: out,
        mark: start..end,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{compose, dotenv, place};
    use super::*;
    use crate::model::Env;

    /// The excerpt of a place with carets under its mark.
    fn drawn(document: &Document, at: &str) -> Option<String> {
        let documents = [document.clone()];
        let wanted = BTreeSet::from([document.file.path.as_ref()]);
        let sheets = sheets(&documents, &[], &wanted);
        let scrubber = Scrubber::of(&document.facts);
        let span = place(document, at, "").span;
        let excerpt = sheets[document.file.path.as_ref()].excerpt(span, &scrubber)?;
        let width = |range: Range<usize>| excerpt.text[range].chars().count();
        Some(format!(
            "{}\n{}{}",
            excerpt.text,
            " ".repeat(width(0..excerpt.mark.start)),
            "^".repeat(width(excerpt.mark.clone())),
        ))
    }

    fn env(text: &str) -> Document {
        dotenv(".env.production", Env::PRODUCTION, text)
    }

    #[test]
    fn a_value_is_masked_and_a_setting_is_shown() {
        let document =
            env("API_KEY=hunter2hunter\nDEBUG=True\nHOST=internal.example\nDB_PASSWORD=123456\n");
        assert_eq!(
            drawn(&document, "hunter2hunter").unwrap(),
            "API_KEY=***\n        ^^^"
        );
        assert_eq!(drawn(&document, "True").unwrap(), "DEBUG=True\n      ^^^^");
        assert_eq!(drawn(&document, "HOST").unwrap(), "HOST=***\n^^^^");
        assert_eq!(
            drawn(&document, "123456").unwrap(),
            "DB_PASSWORD=***\n            ^^^"
        );
    }

    #[test]
    fn a_reference_keeps_its_syntax_and_loses_its_fallback() {
        let document = env(
            "DB_PASSWORD=${DB_PASSWORD:-hunter2}\nURL=${A}x${B:?is missing}\nPORT=${PORT:-8080}\n",
        );
        assert_eq!(
            drawn(&document, "hunter2").unwrap(),
            "DB_PASSWORD=${DB_PASSWORD:-***}\n                           ^^^"
        );
        assert_eq!(
            drawn(&document, "URL").unwrap(),
            "URL=${A}***${B:?***}\n^^^"
        );
        assert_eq!(
            drawn(&document, "8080").unwrap(),
            "PORT=${PORT:-8080}\n             ^^^^"
        );
    }

    #[test]
    fn the_mark_follows_what_stands_before_it() {
        let document = compose("compose.yml", "ports: [- \"80:80\", - \"81:81\"] # hunter2");
        assert_eq!(
            drawn(&document, "81:81").unwrap(),
            "ports: [- \"80:80\", - \"81:81\"]\n                      ^^^^^"
        );
    }

    #[test]
    fn lines_nobody_understood_and_comments_are_not_shown() {
        let document = env("# the old one was hunter2\nDEBUG=1 # was hunter2\nbroken line\n");
        assert_eq!(drawn(&document, "# the old"), None);
        assert_eq!(drawn(&document, "broken"), None);
        assert_eq!(drawn(&document, "DEBUG").unwrap(), "DEBUG=1\n^^^^^");
    }

    #[test]
    fn control_characters_are_spelled_out_and_long_lines_cut() {
        let document = env("A=\u{1b}[2J\nDEBUG=\u{202e}1\n");
        assert_eq!(drawn(&document, "DEBUG").unwrap(), "DEBUG=***\n^^^^^");
        let long = format!("{}- \"80:80\"{}", "é".repeat(9000), "x".repeat(9000));
        let shown = drawn(&compose("compose.yml", &long), "80:80").unwrap();
        let (text, carets) = shown.split_once('\n').unwrap();
        assert_eq!(text.chars().count(), WIDEST);
        assert!(text.starts_with("…é") && text.ends_with("x…"));
        assert_eq!(carets.trim(), "^^^^^");
    }

    #[test]
    fn a_span_over_several_lines_is_marked_to_the_end_of_the_first() {
        let document = env("API_KEY=abc\nNAME=1\n");
        let whole = "API_KEY=abc\nNAME";
        assert_eq!(drawn(&document, whole).unwrap(), "API_KEY=***\n^^^^^^^^^^^");
    }
}
