//! Takes secrets out of text before anything prints it: those the run has seen, and whatever is shaped like one.

use std::collections::BTreeSet;
use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::shapes;
use super::visible::{push_visible, visible};
use crate::model::harmless::is_harmless;
use crate::model::schema::{compose_service, database, image, var, var_read};
use crate::model::{Fact, Kind, Secret};

/// What stands in the place of a secret; of one length, so that nothing of it shows.
pub const MASK: &str = "***";

/// Shorter ones would blot out half of every message; their own places are masked by position.
const SHORTEST: usize = 4;
/// Patterns of one automaton, in bytes: far below what it can hold.
const CHUNK: usize = 1 << 20;

/// Words of the names that are in the open: paths, services, images. A password that is only the project's name again is
/// known to whoever sees the project, and masking it would blot out every message.
fn open_words(fact: &Fact, open: &mut BTreeSet<String>) {
    let names = [
        Some(fact.file.path.as_ref()),
        (fact.kind == Kind::compose_service).then(|| fact.text(compose_service::NAME)),
        (fact.kind == Kind::image).then(|| fact.text(image::REPOSITORY)),
    ];
    let words = names
        .into_iter()
        .flatten()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    // `hello_django` is a folder as a whole.
    let folders = fact.file.path.split('/');
    for word in words.chain(folders).filter(|word| word.len() >= SHORTEST) {
        if !open.contains(word) {
            open.insert(word.to_lowercase());
        }
    }
}

/// Knows every secret of one run.
#[derive(Default)]
pub struct Scrubber {
    automata: Vec<Automaton>,
}

struct Automaton {
    search: AhoCorasick,
    /// By pattern: whether it is masked only where it stands as a word of its own.
    whole_word: Vec<bool>,
}

impl Scrubber {
    /// A scrubber for everything that is secret in these facts.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Self {
        let mut patterns = BTreeSet::new();
        let mut open = BTreeSet::new();
        for fact in facts {
            if let Some(secret) = credential(fact) {
                collect(secret.expose(), &mut patterns);
            }
            open_words(fact, &mut open);
        }
        patterns.retain(|pattern| !open.contains(&pattern.to_lowercase()));
        let mut automata = Vec::new();
        let mut chunk: Vec<&str> = Vec::new();
        let mut size = 0;
        for pattern in &patterns {
            if size + pattern.len() > CHUNK {
                automata.extend(Automaton::of(&chunk));
                chunk.clear();
                size = 0;
            }
            size += pattern.len();
            chunk.push(pattern);
        }
        automata.extend(Automaton::of(&chunk));
        Self { automata }
    }

    /// A sentence or a label: secrets masked, control characters spelled out.
    pub fn text(&self, text: &str) -> String {
        let mut found = shapes::shaped(text);
        found.extend(self.known(text, false));
        masked(text, found)
    }

    /// Text of several lines; line breaks stay.
    pub fn lines(&self, text: &str) -> String {
        let lines: Vec<_> = text
            .trim_end()
            .lines()
            .map(|line| self.text(line))
            .collect();
        lines.join("\n")
    }

    /// A path or a name: masks only what is certainly a secret, since a word such as `shop` is a folder far more often
    /// than it is the password `shop` again, and a path must lead to its file.
    pub fn name(&self, name: &str) -> String {
        let mut found = shapes::distinctive(name);
        found.extend(self.known(name, true));
        masked(name, found)
    }

    /// Where secrets stand in a line of a file.
    pub fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = shapes::shaped(text);
        found.extend(self.known(text, false));
        found
    }

    fn known(&self, text: &str, long_only: bool) -> Vec<Range<usize>> {
        self.automata
            .iter()
            .flat_map(|automaton| automaton.ranges(text, long_only))
            .collect()
    }
}

impl Automaton {
    /// `None` for no patterns at all; a chunk is far too small to exceed the automaton's limits.
    fn of(patterns: &[&str]) -> Option<Self> {
        if patterns.is_empty() {
            return None;
        }
        Some(Self {
            search: AhoCorasick::new(patterns).ok()?,
            whole_word: patterns
                .iter()
                .map(|pattern| is_wordlike(pattern))
                .collect(),
        })
    }

    fn ranges(&self, text: &str, long_only: bool) -> Vec<Range<usize>> {
        self.search
            .find_overlapping_iter(text)
            .filter_map(|hit| {
                let whole = self.whole_word.get(hit.pattern().as_usize()) == Some(&true);
                let wanted = !whole || (!long_only && stands_alone(text, &hit.range()));
                wanted.then(|| hit.range())
            })
            .collect()
    }
}

/// The secret of a fact that is one to hide wherever it shows up. Well-known defaults are not: masking `postgres`
/// everywhere would hide nothing and ruin every message.
fn credential(fact: &Fact) -> Option<&Secret> {
    let secret = |field| match fact.get(field) {
        crate::model::Val::Secret(secret) => Some(secret),
        _ => None,
    };
    let is_sensitive = || fact.get(var::SENSITIVE) == crate::model::Val::Bool(true);
    match fact.kind {
        Kind::var
            if is_sensitive()
                && hides(fact.text(var::VALUE_KIND))
                && fact.text(var::STRENGTH) != "default" =>
        {
            secret(var::VALUE)
        }
        Kind::database if fact.text(database::STRENGTH) != "default" => secret(database::PASSWORD),
        Kind::var_read if matches!(fact.text(var_read::DEFAULT_KIND), "secret" | "dsn") => {
            secret(var_read::DEFAULT)
        }
        _ => None,
    }
}

fn hides(kind: &str) -> bool {
    !matches!(
        kind,
        "empty" | "marker" | "default_value" | "reference" | "bool"
    )
}

/// A secret, its single lines, and the password inside a URL: each may turn up alone.
fn collect(secret: &str, patterns: &mut BTreeSet<String>) {
    let mut add = |text: &str| {
        if text.chars().count() >= SHORTEST && !is_harmless(text) {
            patterns.insert(text.to_owned());
        }
    };
    add(secret.trim());
    secret.lines().for_each(|line| add(line.trim()));
    for part in shapes::shaped(secret) {
        add(secret.get(part).unwrap_or_default());
    }
}

/// Could be a word of the language or a name: short, or letters only.
fn is_wordlike(pattern: &str) -> bool {
    pattern.len() < 8 || (pattern.len() < 20 && pattern.bytes().all(|b| b.is_ascii_alphabetic()))
}

fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|t| t.chars().next_back());
    let after = text.get(range.end..).and_then(|t| t.chars().next());
    ![before, after]
        .into_iter()
        .flatten()
        .any(char::is_alphanumeric)
}

/// The text with the ranges masked and everything else made visible.
fn masked(text: &str, ranges: Vec<Range<usize>>) -> String {
    if ranges.is_empty() {
        return visible(text).into_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in merged(ranges) {
        let kept = text.get(at..range.start).unwrap_or_default();
        kept.chars().for_each(|c| push_visible(&mut out, c));
        out.push_str(MASK);
        at = range.end;
    }
    let rest = text.get(at..).unwrap_or_default();
    rest.chars().for_each(|c| push_visible(&mut out, c));
    out
}

/// Sorted ranges in which overlapping and touching ones have become one.
pub fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::samples::{secret_var, var_of};
    use super::*;

    #[test]
    fn known_secrets_are_masked_wherever_they_stand() {
        let facts = [
            secret_var("JWT", "correct-horse-9"),
            secret_var("DSN", "postgres://u:pass-word-1@h/d"),
            secret_var("PEM", "first-line-42\nsecond-line-43"),
        ];
        let scrubber = Scrubber::of(&facts);
        assert_eq!(scrubber.text("a correct-horse-9b"), "a ***b");
        assert_eq!(scrubber.text("uses pass-word-1 there"), "uses *** there");
        assert_eq!(scrubber.text("see second-line-43."), "see ***.");
        assert_eq!(scrubber.text("postgres://u:pass-word-1@h/d"), MASK);
        assert_eq!(scrubber.lines("one\nof correct-horse-9\n"), "one\nof ***");
    }

    #[test]
    fn a_short_secret_is_masked_as_a_word_and_never_in_a_path() {
        let facts = [secret_var("DB_PASSWORD", "shop")];
        let scrubber = Scrubber::of(&facts);
        assert_eq!(
            scrubber.text("the shop and the workshop"),
            "the *** and the workshop"
        );
        assert_eq!(scrubber.name("shop/.env"), "shop/.env");
    }

    #[test]
    fn settings_defaults_and_markers_hide_nothing() {
        let facts = [
            var_of("LOG_LEVEL", "chatty-level", "text", false),
            var_of("DB_PASSWORD", "changeme", "default_value", true),
            var_of("API_KEY", "production", "secret", true),
        ];
        let text = "chatty-level changeme production";
        assert_eq!(Scrubber::of(&facts).text(text), text);
    }

    #[test]
    fn ranges_merge() {
        assert_eq!(merged(vec![4..6, 0..2, 2..3, 5..9, 7..7]), [0..3, 4..9]);
    }
}
