//! Env files in the dialects people have, every name and value with its place.
//!
//! `parse` reads as most readers agree on and recovers at every line: nothing that follows a mistake is lost.
//! `parse_as` reads exactly as Compose does (`Dialect::Compose`, and `Dialect::Raw` for `format: raw`), and `evaluate`
//! then computes what Compose computes. The maintained crates give no spans and stop at the first mistake.

use std::collections::HashMap;

use super::template::{Lookup, Reference, Refusal, RefusalKind, Template, Used};
use super::template_offsets::Offsets;
use super::{dotenv_raw, dotenv_read};
use crate::model::{Problem, Secret, Span, Str};

/// The most bytes the values of one file may grow to by references among themselves.
const LARGEST: usize = 16 << 20;

/// Whose rules decide where readers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Backticks quote, `#` after a blank always comments, a broken line ends at its end.
    Common,
    /// Compose's own reader, oddities included.
    Compose,
    /// `format: raw`: everything behind `=` is the value.
    Raw,
}

/// Everything read from one text. Problems never stop the rest.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub entries: Vec<Entry>,
    pub problems: Vec<Problem>,
    /// The first problem that makes Compose refuse the whole file: an index into `problems`.
    pub refused: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    None,
    Single,
    Double,
    Backtick,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// A name alone: the value comes from the environment of whoever reads the file.
    None,
    Equals,
    Colon,
}

/// One name with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: Str,
    pub key: Span,
    pub separator: Separator,
    /// The content, without quotes; empty where nothing is written.
    pub value: Span,
    /// The value as it stands, with its quotes.
    pub raw: Span,
    pub quote: Quote,
    /// `value` with its escapes decoded; references still as written.
    pub text: Secret,
    /// The references in `text`; none in single quotes.
    pub template: Template,
    pub export: bool,
    /// From `#` to the end of the line.
    pub comment: Option<Span>,
}

/// What one entry comes to for one lookup.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// Index into `Document::entries`.
    pub entry: usize,
    pub name: Str,
    pub value: Secret,
    pub used: Vec<Used>,
    pub known: bool,
}

/// What a file comes to. A name may stand there twice: the later one holds.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    pub values: Vec<Assigned>,
    /// The first reason for Compose to refuse; the values are those of every readable entry all the same.
    pub refusal: Option<Refusal>,
}

/// Reads a text as most readers agree on.
pub fn parse(text: &str) -> Document {
    parse_as(text, Dialect::Common)
}

/// Reads a text by the rules of one reader.
pub fn parse_as(text: &str, dialect: Dialect) -> Document {
    match dialect {
        Dialect::Raw => dotenv_raw::read(text),
        _ => dotenv_read::read(text, dialect),
    }
}

/// Computes the values as Compose does: `lookup` wins over what the file itself set earlier. A name without a value
/// takes the one of `lookup`, and is left out where there is none.
pub fn evaluate(document: &Document, lookup: Lookup) -> Evaluation {
    evaluate_or(document, lookup, "")
}

/// The same with `unset` in place of every variable without value and fallback.
pub fn evaluate_or(document: &Document, lookup: Lookup, unset: &str) -> Evaluation {
    let mut result = Evaluation::default();
    let mut earlier: HashMap<Str, Secret> = HashMap::new();
    let mut room = LARGEST;
    for (at, entry) in document.entries.iter().enumerate() {
        let Some(assigned) = assign(at, entry, lookup, &earlier, unset) else {
            continue;
        };
        let (assigned, refusal) = assigned;
        result.refusal = result.refusal.or(refusal);
        let size = assigned.value.expose().len();
        let grown = size.saturating_sub(entry.text.expose().len());
        let Some(left) = room.checked_sub(grown) else {
            let message = "the values of this file grow beyond 16 megabytes; not expanded further";
            let problem = Problem::new("interpolation-too-large", entry.raw, message);
            let kind = RefusalKind::TooLarge;
            result.refusal.get_or_insert(Refusal { kind, problem });
            break;
        };
        room = left;
        earlier.insert(assigned.name.clone(), assigned.value.clone());
        result.values.push(assigned);
    }
    if let Some(problem) = document.refusal() {
        let first = result
            .refusal
            .as_ref()
            .is_none_or(|refusal| problem.span.start < refusal.problem.span.start);
        if first {
            result.refusal = Some(Refusal {
                kind: RefusalKind::EnvFile,
                problem: problem.clone(),
            });
        }
    }
    result
}

impl Document {
    /// The last entry of that name, which is the one that holds.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .rev()
            .find(|entry| entry.name.as_ref() == name)
    }

    /// The first problem that makes Compose refuse the file.
    pub fn refusal(&self) -> Option<&Problem> {
        self.problems.get(self.refused?)
    }
}

impl Entry {
    /// References in the value, nested ones included, with their places in the file.
    pub fn references(&self) -> Vec<&Reference> {
        self.template.references()
    }

    /// True for a name without a value of its own.
    pub fn is_inherited(&self) -> bool {
        self.separator == Separator::None
    }
}

/// Parses the references of a decoded value, unless the quotes forbid them.
pub(super) fn template(text: &str, quote: Quote, offsets: &Offsets) -> Template {
    match quote {
        Quote::None | Quote::Double => Template::parse_in(text, offsets),
        Quote::Single | Quote::Backtick => Template::literal(text),
    }
}

fn assign(
    at: usize,
    entry: &Entry,
    lookup: Lookup,
    earlier: &HashMap<Str, Secret>,
    unset: &str,
) -> Option<(Assigned, Option<Refusal>)> {
    if entry.is_inherited() {
        let inherited = Assigned {
            entry: at,
            name: entry.name.clone(),
            value: lookup(&entry.name)?,
            used: Vec::new(),
            known: true,
        };
        return Some((inherited, None));
    }
    let both = |name: &str| lookup(name).or_else(|| earlier.get(name).cloned());
    let evaluated = entry
        .template
        .evaluate_or(entry.text.expose(), &both, unset);
    let assigned = Assigned {
        entry: at,
        name: entry.name.clone(),
        known: evaluated.is_known(),
        value: evaluated.text,
        used: evaluated.used,
    };
    Some((assigned, evaluated.refusal))
}

#[cfg(test)]
#[path = "dotenv_tests.rs"]
mod tests;
