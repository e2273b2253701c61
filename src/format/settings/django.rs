//! Settings modules of Django: assignments at the start of a line, as far as their values are written out. A value that is
//! computed counts as one that comes from elsewhere; `settings/production.py` over `settings/base.py` is settled later.

use std::collections::BTreeSet;

use super::{Reader, Value, give};
use crate::format::{Claim, Format, Input, Output};
use crate::model::Span;
use crate::model::file::Nature;
use crate::syntax::{Offsets, Template};

pub static DJANGO: Format = Format {
    name: "django",
    doc: "settings modules of Django: `settings.py`, `settings/production.py`, for the values written in them",
    nature: Nature::Program,
    beside: true,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = folders.rsplit('/').next().unwrap_or_default();
    let Some(stem) = name.strip_suffix(".py") else {
        return Claim::No;
    };
    let is_module = stem == "settings"
        || stem.starts_with("settings_")
        || stem.ends_with("_settings")
        || (folder == "settings" && stem != "__init__");
    if is_module {
        Claim::IfText(is_django)
    } else {
        Claim::No
    }
}

fn is_django(text: &str) -> bool {
    [
        "INSTALLED_APPS",
        "ALLOWED_HOSTS",
        "MIDDLEWARE",
        "DATABASES",
        "SECRET_KEY",
        "import *",
    ]
    .iter()
    .any(|name| text.contains(name))
}

fn parse(input: &Input) -> Output {
    let mut reader = Reader::new(input, |_, _| Template::default());
    reader.source = "code";
    let claim = input.lexicon.words.in_path(&input.file.path);
    // What stands between the brackets of one assignment is none of its own, whatever it looks like.
    let mut read_to = 0;
    for (name, key, at) in assignments(input.text) {
        if (key.start as usize) < read_to {
            continue;
        }
        match at {
            Some(at) => read_to = values(&mut reader, name, key, at),
            None => elsewhere(&mut reader, name, key),
        }
    }
    if let Some(claim) = claim {
        for fact in &mut reader.output.facts {
            give(fact, &claim);
        }
    }
    reader.output
}

/// `NAME = …` at the start of a line outside of texts: the name, its bytes, and where the value starts. What is assigned
/// inside of a condition has no value that is known; it counts where nothing is assigned without one.
fn assignments(text: &str) -> Vec<(&str, Span, Option<usize>)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut within: Option<&str> = None;
    let mut conditional = false;
    for line in text.split_inclusive('\n') {
        let from = start;
        start += line.len();
        for quote in ["\"\"\"", "'''"] {
            if within.is_none_or(|open| open == quote) && line.matches(quote).count() % 2 == 1 {
                within = if within.is_some() { None } else { Some(quote) };
            }
        }
        if within.is_some() {
            continue;
        }
        let body = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - body.len();
        if indent == 0 && body.starts_with(|c: char| c.is_ascii_alphabetic() || c == '@') {
            conditional = is_conditional(body);
        }
        if let Some((name, value)) = assignment(body)
            && (indent == 0 || conditional)
        {
            let at = from + line.len() - value.len();
            let key = Span::new(from + indent, from + indent + name.len());
            found.push((name, key, (indent == 0).then_some(at)));
        }
    }
    let plain: BTreeSet<&str> = found
        .iter()
        .filter(|(_, _, at)| at.is_some())
        .map(|(name, _, _)| *name)
        .collect();
    found.retain(|(name, _, at)| at.is_some() || !plain.contains(name));
    found
}

/// The name, and what follows the sign.
fn assignment(body: &str) -> Option<(&str, &str)> {
    let ends = body.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))?;
    let (name, rest) = body.split_at_checked(ends)?;
    let value = rest.trim_start_matches([' ', '\t']).strip_prefix('=')?;
    let value = value.trim_start_matches([' ', '\t']);
    (!name.is_empty() && !value.starts_with('=')).then_some((name, value))
}

/// `if …:`, `try:`: what follows is assigned on a condition, and not inside of a function or a class.
fn is_conditional(line: &str) -> bool {
    let word = line.split(|c: char| !c.is_ascii_alphabetic()).next();
    word.is_some_and(|word| {
        [
            "if", "elif", "else", "try", "except", "finally", "with", "for",
        ]
        .contains(&word)
    })
}

/// The value of one assignment: a literal, or the texts in a list or in a table of databases. Other tables hold names of
/// classes and rates under keys that sound like secrets. Says where it ends.
fn values(reader: &mut Reader, name: &str, key: Span, at: usize) -> usize {
    let text = reader.input.text;
    let rest = text.get(at..).unwrap_or_default();
    let mut scan = Scan::of(rest);
    let found = match rest.bytes().next() {
        Some(b'[' | b'(') => scan.list(),
        Some(b'{') if matches!(name, "DATABASES" | "CACHES") => scan.table(),
        _ => literal(rest.split('\n').next().unwrap_or_default())
            .or_else(|| called_with_address(rest))
            .map(|(start, end)| Found {
                path: String::new(),
                key: None,
                start,
                end,
            })
            .into_iter()
            .collect(),
    };
    if found.is_empty() {
        elsewhere(reader, name, key);
    }
    for one in found {
        let own = one
            .key
            .map_or(key, |(start, end)| Span::new(at + start, at + end));
        let full = format!("{name}{}", one.path);
        bind(reader, &full, own, at + one.start, at + one.end);
    }
    at + scan.at
}

/// A literal of an assignment: what follows the name, and its places behind the start of the value.
struct Found {
    path: String,
    key: Option<(usize, usize)>,
    start: usize,
    end: usize,
}

/// An address that is all that a call gets: `slashed("http://…")`. What other texts become in a call is not known.
fn called_with_address(rest: &str) -> Option<(usize, usize)> {
    let open = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))?;
    let inner = rest.get(open..).filter(|inner| inner.starts_with('('))?;
    let mut scan = Scan::of(inner);
    scan.next();
    let Some(Piece::Text(start, end)) = scan.next() else {
        return None;
    };
    let alone = match scan.next() {
        Some(Piece::Sign(b',')) => scan.next().is_none(),
        Some(_) => false,
        None => true,
    };
    let text = inner.get(start..end)?;
    (open > 0 && alone && text.contains("://")).then_some((open + start, open + end))
}

/// A quoted text, a switch or a number that is the whole of a line; without its quotes.
fn literal(line: &str) -> Option<(usize, usize)> {
    let quote = line.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        let end = line.get(1..)?.find(quote)? + 1;
        let behind = line.get(end + 1..)?.trim();
        return (behind.is_empty() || behind.starts_with('#')).then_some((1, end));
    }
    let word = line.split('#').next().unwrap_or_default().trim_end();
    let is_plain = matches!(word, "True" | "False" | "None")
        || (!word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()));
    is_plain.then_some((0, word.len()))
}

/// The most bytes of a list or table that are looked at.
const LONGEST: usize = 20_000;

/// Walks the texts between brackets, up to the one that closes the first.
struct Scan<'t> {
    rest: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Scan<'t> {
    fn of(rest: &'t str) -> Self {
        Self {
            rest,
            at: 0,
            depth: 0,
        }
    }

    /// The next text, without its quotes, or the next sign; `None` behind the last bracket.
    fn next(&mut self) -> Option<Piece> {
        while self.at < LONGEST {
            let byte = *self.rest.as_bytes().get(self.at)?;
            let here = self.at;
            self.at += 1;
            match byte {
                b'#' => self.at += self.rest.get(here..)?.find('\n')?,
                b'"' | b'\'' => {
                    let length = self.rest.get(here + 1..)?.find(char::from(byte))?;
                    self.at = here + length + 2;
                    return Some(Piece::Text(here + 1, here + 1 + length));
                }
                b'[' | b'(' | b'{' => {
                    self.depth += 1;
                    return Some(Piece::Sign(byte));
                }
                b']' | b')' | b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    return (self.depth > 0).then_some(Piece::Sign(byte));
                }
                byte if byte.is_ascii_whitespace() => {}
                byte => return Some(Piece::Sign(byte)),
            }
        }
        None
    }

    /// What stands behind the last piece decides whether a text is a whole value.
    fn ends_value(&self) -> bool {
        let behind = self.rest.get(self.at..).unwrap_or_default();
        behind.trim_start().starts_with([',', ']', ')', '}', '#'])
    }

    fn list(&mut self) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        while let Some(piece) = self.next() {
            let Piece::Text(start, end) = piece else {
                continue;
            };
            if self.depth == 1 && self.ends_value() {
                found.push(Found {
                    path: format!("[{}]", found.len()),
                    key: None,
                    start,
                    end,
                });
            }
        }
        found
    }

    /// `"KEY": "text"` in tables within tables; what stands in a call is no value.
    fn table(&mut self) -> Vec<Found> {
        let rest = self.rest;
        let mut found = Vec::new();
        let mut path: Vec<&str> = Vec::new();
        let mut key: Option<(usize, usize)> = None;
        let mut colon = false;
        while let Some(piece) = self.next() {
            let name = |(start, end): (usize, usize)| rest.get(start..end).unwrap_or_default();
            match piece {
                Piece::Text(start, end) if colon && self.ends_value() => {
                    if let Some(own) = key {
                        let path = [path.as_slice(), &[name(own)]].concat();
                        let path: Vec<&str> =
                            path.into_iter().filter(|one| !one.is_empty()).collect();
                        found.push(Found {
                            path: format!(".{}", path.join(".")),
                            key,
                            start,
                            end,
                        });
                    }
                    colon = false;
                }
                Piece::Text(start, end) => (key, colon) = (Some((start, end)), false),
                Piece::Sign(b':') => colon = true,
                Piece::Sign(b'{' | b'[' | b'(') => {
                    path.push(key.take().filter(|_| colon).map_or("", name));
                    colon = false;
                }
                Piece::Sign(b'}' | b']' | b')') => {
                    path.pop();
                    colon = false;
                }
                Piece::Sign(_) => colon = false,
            }
        }
        found
    }
}

enum Piece {
    Text(usize, usize),
    Sign(u8),
}

fn bind(reader: &mut Reader, name: &str, key: Span, start: usize, end: usize) {
    let span = Span::new(start, end);
    let text = reader.input.text;
    let value = Value {
        text: span.of(text),
        span,
        offsets: &Offsets::at(span.start),
    };
    reader.bind(name, key, &value, None);
}

/// The value is computed: nothing is known of it but that the name is bound here.
fn elsewhere(reader: &mut Reader, name: &str, key: Span) {
    crate::format::bindings::Binding {
        name,
        key,
        text: "",
        span: key,
        template: &Template::default(),
        source: "code",
        service: None,
        inherited: true,
    }
    .push(reader.input, &mut reader.output.facts);
}
