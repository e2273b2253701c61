//! Reads YAML trees of policies strictly: unknown keys, repeated keys and wrong shapes are errors with a place, and
//! reading goes on, so that one run tells every mistake.

use std::collections::HashSet;
use std::sync::Arc;

use super::diagnostic::{At, Diagnostic, Source};
use super::spec::Text;
use super::suggest::did_you_mean;
use crate::model::{Severity, Span, Str};
use crate::syntax::{Entry, Node};

/// The keys a map may have.
pub struct Shape {
    /// With its article: "a policy".
    pub what: &'static str,
    pub keys: &'static [&'static str],
    /// Words people write by habit, and the key that means it.
    pub habits: &'static [(&'static str, &'static str)],
}

pub struct Reader {
    pub source: Arc<Source>,
    pub found: Vec<Diagnostic>,
    /// What is read was packed without them.
    pub without_examples: bool,
}

/// Mistakes told per file.
const MOST_MISTAKES: usize = 100;

/// The keys of one map so far. Almost all maps are small, and a short list is faster than a table.
#[derive(Default)]
struct Seen<'n> {
    few: Vec<&'n str>,
    many: HashSet<&'n str>,
}

impl<'n> Seen<'n> {
    /// False for a key that was there.
    fn insert(&mut self, key: &'n str) -> bool {
        if self.few.len() < 32 {
            let new = !self.few.contains(&key);
            self.few.push(key);
            return new;
        }
        !self.few.contains(&key) && self.many.insert(key)
    }
}

/// The entries of a checked map.
pub struct Fields<'n> {
    pub span: Span,
    entries: Vec<&'n Entry>,
}

impl<'n> Fields<'n> {
    pub fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.entries
            .iter()
            .find(|entry| entry.key.text() == Some(key))
            .copied()
    }

    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    pub fn iter(&self) -> impl Iterator<Item = &'n Entry> + '_ {
        self.entries.iter().copied()
    }
}

impl Reader {
    pub fn new(source: &Arc<Source>) -> Self {
        Self {
            source: Arc::clone(source),
            found: Vec::new(),
            without_examples: false,
        }
    }

    pub fn at(&self, span: Span) -> At {
        At::new(&self.source, span)
    }

    pub fn say(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.found.push(diagnostic);
        }
    }

    /// Nobody reads more; a hostile file is not worth the search for suggestions.
    pub fn is_full(&self) -> bool {
        self.found.len() >= MOST_MISTAKES
    }

    /// An error with a label and no notes.
    pub fn error(
        &mut self,
        code: &'static str,
        span: Span,
        title: impl Into<String>,
        label: impl Into<String>,
    ) {
        let at = self.at(span);
        self.say(Diagnostic::error(code, at, title).label(label));
    }

    /// A map whose keys are known and written once.
    pub fn fields<'n>(&mut self, node: &'n Node, shape: &Shape) -> Option<Fields<'n>> {
        let fields = self.any_fields(node, shape.what)?;
        for entry in fields.iter() {
            let key = entry.key.text().unwrap_or_default();
            if !shape.keys.contains(&key) {
                self.unknown_key(entry, shape);
            }
        }
        Some(fields)
    }

    /// A map with keys of the author's choice, each written once.
    pub fn any_fields<'n>(&mut self, node: &'n Node, what: &str) -> Option<Fields<'n>> {
        if !node.is_map() {
            let written = if node.is_null() {
                "empty"
            } else {
                kind_of(node)
            };
            self.say(
                Diagnostic::error(
                    "P005",
                    self.at(node.span),
                    format!("{what} is a map of keys and values, this is {written}"),
                )
                .label("write {key: value, …}"),
            );
            return None;
        }
        let mut entries: Vec<&Entry> = Vec::with_capacity(node.entries().len());
        let mut seen = Seen::default();
        for entry in node.entries() {
            let Some(key) = entry.key.text() else {
                let at = self.at(entry.key.span);
                let title = format!("a key of {what} is plain text");
                self.say(Diagnostic::error("P005", at, title));
                continue;
            };
            if seen.insert(key) {
                entries.push(entry);
            } else {
                self.repeated(entry, key, what);
            }
        }
        Some(Fields {
            span: node.span,
            entries,
        })
    }

    fn repeated(&mut self, entry: &Entry, key: &str, what: &str) {
        let hint = if what == "a condition" {
            "put both tests in one map, or use any:/all:"
        } else {
            "YAML would keep only one of them"
        };
        let one = ["a ", "an ", "the "]
            .iter()
            .find_map(|article| what.strip_prefix(article))
            .unwrap_or(what);
        let diagnostic = Diagnostic::error(
            "P013",
            self.at(entry.key.span),
            format!("`{key}` is written twice in one {one}"),
        );
        self.say(diagnostic.label(hint));
    }

    fn unknown_key(&mut self, entry: &Entry, shape: &Shape) {
        if self.is_full() {
            return;
        }
        let key = entry.key.text().unwrap_or_default();
        let habit = shape.habits.iter().find(|(typed, _)| *typed == key);
        let mut diagnostic = Diagnostic::error(
            "P002",
            self.at(entry.key.span),
            format!("{} has no key `{key}`", shape.what),
        );
        diagnostic = match habit {
            Some((_, meant)) if shape.keys.contains(meant) => diagnostic.meant(Some(meant)),
            Some((_, advice)) => diagnostic.label(*advice),
            None => diagnostic.meant(did_you_mean(key, shape.keys.iter().copied())),
        };
        self.say(diagnostic.note(format!("keys of {}: {}", shape.what, shape.keys.join(", "))));
    }

    /// A required key.
    pub fn need<'n>(
        &mut self,
        fields: &Fields<'n>,
        key: &str,
        what: &str,
        hint: &str,
    ) -> Option<&'n Node> {
        let value = fields.get(key);
        if value.is_none() {
            let at = self.at(fields.span).start();
            self.say(Diagnostic::error("P014", at, format!("{what} has no `{key}`")).label(hint));
        }
        value
    }

    /// A scalar's text; empty values and collections are errors.
    pub fn text(&mut self, node: &Node, what: &str) -> Option<Text> {
        if let Some(text) = node.text() {
            return Some(Text {
                text: Str::from(text),
                span: node.span,
            });
        }
        let written = if node.is_null() {
            "empty"
        } else {
            kind_of(node)
        };
        self.error(
            "P005",
            node.span,
            format!("{what} is {written}"),
            "write a text",
        );
        None
    }

    /// A list of texts; one text stands for a list of one.
    pub fn texts(&mut self, node: &Node, what: &str) -> Vec<Text> {
        if node.is_seq() {
            let items = node.items().iter();
            return items.filter_map(|item| self.text(item, what)).collect();
        }
        self.text(node, what).into_iter().collect()
    }

    /// `critical`, `high`, `medium`, `low`, or `off`, which is `None`.
    pub fn severity(&mut self, node: &Node) -> Option<Option<Severity>> {
        let word = self.text(node, "a severity")?;
        if word.text.as_ref() == "off" {
            return Some(None);
        }
        let severity = Severity::from_name(&word.text);
        if severity.is_none() {
            let names = ["critical", "high", "medium", "low", "off"];
            let at = self.at(word.span);
            self.say(
                Diagnostic::error("P006", at, format!("`{}` is not a severity", word.text))
                    .meant(did_you_mean(&word.text, names).or(habitual(&word.text)))
                    .note(format!("severities: {}", names.join(", "))),
            );
        }
        severity.map(Some)
    }

    /// One word of a closed list.
    pub fn word(
        &mut self,
        node: &Node,
        what: &str,
        words: &[&'static str],
    ) -> Option<&'static str> {
        let text = self.text(node, what)?;
        let found = words.iter().find(|word| ***word == *text.text).copied();
        if found.is_none() {
            let at = self.at(text.span);
            self.say(
                Diagnostic::error("P006", at, format!("{what} is never `{}`", text.text))
                    .meant(did_you_mean(&text.text, words.iter().copied()))
                    .note(format!("write one of: {}", words.join(", "))),
            );
        }
        found
    }
}

/// Severity words of other tools.
fn habitual(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "error" | "blocker" | "major" => Some("high"),
        "warning" | "warn" | "moderate" => Some("medium"),
        "info" | "note" | "minor" | "notice" => Some("low"),
        "none" | "ignore" | "disabled" => Some("off"),
        _ => None,
    }
}

/// What a node is, with its article.
pub fn kind_of(node: &Node) -> &'static str {
    match () {
        () if node.is_map() => "a map",
        () if node.is_seq() => "a list",
        () if node.is_null() => "empty",
        () => "a text",
    }
}
