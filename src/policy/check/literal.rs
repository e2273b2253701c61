//! Literals: plain values, `$parameters` in their place, and `${each}` inside them.

use std::sync::Arc;

use super::Checker;
use crate::model::{EnvSet, Field, Severity, Str, Type};
use crate::policy::cond::{Pred, is_layer};
use crate::policy::diagnostic::{At, Diagnostic};
use crate::policy::param::{ParamValue, Piece, severity_of, unknown_environment};
use crate::policy::reader::kind_of;
use crate::policy::suggest::did_you_mean;
use crate::syntax::Node;

/// One value with the place it was written at, which may be the configuration.
#[derive(Clone, Debug)]
pub struct Literal {
    pub text: Str,
    pub at: At,
    /// Stands for an item nobody has configured yet: typed, but not looked up.
    pub hollow: bool,
}

impl Literal {
    pub fn new(text: &str, at: At) -> Self {
        Self {
            text: Str::from(text),
            at,
            hollow: false,
        }
    }

    pub fn hollow(text: &str, at: At) -> Self {
        Self {
            hollow: true,
            ..Self::new(text, at)
        }
    }
}

/// What an asterisk in plain text is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Star {
    /// Probably a wildcard: an error.
    Refused,
    /// An asterisk.
    Literal,
}

const EACH: &str = "${each}";

impl Checker<'_> {
    /// A literal, a list of them, or a parameter that holds either.
    pub fn literals(&mut self, node: &Node) -> Option<Vec<Literal>> {
        let own = Piece {
            source: Arc::clone(&self.reader.source),
            node: node.clone(),
        };
        let mut literals = Vec::new();
        let mut starving = Vec::new();
        let nodes = if node.is_seq() {
            node.items()
        } else {
            std::slice::from_ref(node)
        };
        for item in nodes {
            let piece = Piece {
                node: item.clone(),
                ..own.clone()
            };
            match self.reference(item) {
                Some(name) => {
                    let before = literals.len();
                    self.spliced(&name, item, &mut literals)?;
                    if literals.len() == before {
                        starving.push(name);
                    }
                }
                None => literals.push(self.literal(&piece)?),
            }
        }
        if literals.is_empty() && starving.is_empty() {
            let at = self.reader.at(node.span);
            let problem = Diagnostic::error("P005", at, "an empty list matches nothing");
            self.reader.say(problem.label("write what it may be"));
            return None;
        }
        if literals.is_empty() && !self.negated {
            self.starving.extend(starving);
        }
        Some(literals)
    }

    /// Exactly one literal.
    pub fn one(&mut self, node: &Node) -> Option<Literal> {
        let mut literals = self.literals(node)?;
        if literals.len() > 1 || node.is_seq() {
            let at = self.reader.at(node.span);
            self.reader.say(Diagnostic::error(
                "P005",
                at,
                "one value is expected here, not a list",
            ));
            return None;
        }
        literals.pop()
    }

    /// The name behind `$`.
    pub fn reference(&self, node: &Node) -> Option<Str> {
        let name = node.text()?.strip_prefix('$')?;
        let fits = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        fits.then(|| Str::from(name))
    }

    /// The value of a parameter; an unknown one is an error.
    pub fn param_value(&mut self, name: &str, node: &Node) -> Option<ParamValue> {
        if let Some(param) = self.params.take(name) {
            return param.sound.then(|| param.value.clone());
        }
        let meant = did_you_mean(name, self.params.names()).map(|meant| format!("${meant}"));
        let at = self.reader.at(node.span);
        self.reader.say(
            Diagnostic::error("P011", at, format!("there is no parameter `${name}`"))
                .meant(meant.as_deref())
                .note(format!(
                    "declare it: params: {{{name}: {{type: list<string>, default: [..]}}}}"
                )),
        );
        None
    }

    fn spliced(&mut self, name: &str, node: &Node, into: &mut Vec<Literal>) -> Option<()> {
        let ParamValue::Plain(piece) = self.param_value(name, node)? else {
            let at = self.reader.at(node.span);
            self.reader.say(
                Diagnostic::error(
                    "P005",
                    at,
                    format!("`${name}` is a map, a value or a list is expected here"),
                )
                .label("maps go into `each` and into `table`"),
            );
            return None;
        };
        let nodes = if piece.node.is_seq() {
            piece.node.items()
        } else {
            std::slice::from_ref(&piece.node)
        };
        for node in nodes {
            let piece = Piece {
                node: node.clone(),
                source: piece.source.clone(),
            };
            into.push(self.literal(&piece)?);
        }
        Some(())
    }

    fn literal(&mut self, piece: &Piece) -> Option<Literal> {
        let Some(text) = piece.node.text() else {
            let found = if piece.node.is_null() {
                "nothing"
            } else {
                kind_of(&piece.node)
            };
            self.reader.say(Diagnostic::error(
                "P005",
                piece.at(),
                format!("a value is expected here, this is {found}"),
            ));
            return None;
        };
        let plain = Literal::new(text, piece.at());
        if !text.contains(EACH) {
            return Some(plain);
        }
        let Some(item) = &self.each else {
            self.reader.say(
                Diagnostic::error("P011", piece.at(), "`${each}` stands for nothing here").label(
                    "it works in the `where` of `exists` and `not_exists` that have an `each`",
                ),
            );
            return None;
        };
        Some(Literal {
            text: Str::from(text.replace(EACH, &item.text)),
            at: item.at.clone(),
            hollow: item.hollow,
        })
    }

    /// Equality with one of some literals.
    pub(super) fn equal(&mut self, field: Field, node: &Node, star: Star) -> Option<Pred> {
        let literals = self.literals(node)?;
        match field.schema().ty {
            Type::Str | Type::Secret | Type::Path => self.texts(&literals, star).map(Pred::text),
            Type::Int => {
                let numbers = literals.iter().map(|one| self.number(field, one));
                numbers.collect::<Option<Vec<i64>>>().map(Pred::Int)
            }
            Type::Bool => {
                let flags = literals
                    .iter()
                    .map(|one| self.flag(field.schema().name, one));
                match flags.collect::<Option<Vec<bool>>>()?.as_slice() {
                    [] => None,
                    [flag] => Some(Pred::Bool(*flag)),
                    _ => Some(Pred::Present(true)),
                }
            }
            Type::Env => self.env_set(&literals).map(Pred::Env),
            Type::Word(words) => self.words(field, words, &literals),
            Type::List => {
                let written = literals.first().map_or("x", |one| &one.text);
                let label = format!("write {{includes: {written}}}");
                let title = format!(
                    "`{}` is a list and never equals one text",
                    field.schema().name
                );
                self.reader.error("P005", node.span, title, label);
                None
            }
        }
    }

    fn words(
        &mut self,
        field: Field,
        words: &[&'static str],
        literals: &[Literal],
    ) -> Option<Pred> {
        let known = literals
            .iter()
            .filter(|one| self.word(field, words, one))
            .count();
        let texts = literals.iter().map(|one| one.text.clone()).collect();
        let pred = if is_layer(field) {
            Pred::Layer(texts)
        } else {
            Pred::text(texts)
        };
        (known == literals.len()).then_some(pred)
    }

    fn texts(&mut self, literals: &[Literal], star: Star) -> Option<Vec<Str>> {
        let mut fine = true;
        for literal in literals {
            if star == Star::Refused && literal.text.contains('*') {
                fine = false;
                let text = &literal.text;
                self.reader.say(
                    Diagnostic::error(
                        "P008",
                        literal.at.clone(),
                        format!("`{text}` is compared literally"),
                    )
                    .label(format!("for a wildcard write {{glob: \"{text}\"}}"))
                    .note(format!("for a literal asterisk write {{is: \"{text}\"}}")),
                );
            }
        }
        fine.then(|| {
            literals
                .iter()
                .map(|literal| literal.text.clone())
                .collect()
        })
    }

    pub(super) fn number(&mut self, field: Field, literal: &Literal) -> Option<i64> {
        let number = literal.text.replace('_', "").parse().ok();
        if number.is_none() && !literal.hollow {
            let title = format!(
                "`{}` is a number, `{}` is none",
                field.schema().name,
                literal.text
            );
            let tests = super::ops::tests_of(field.schema().ty).join(", ");
            self.reader.say(
                Diagnostic::error("P005", literal.at.clone(), title)
                    .label("write digits: 8080")
                    .note(format!(
                        "tests for `{}` (int): {tests}",
                        field.schema().name
                    )),
            );
        }
        number
    }

    pub(super) fn flag(&mut self, name: &str, literal: &Literal) -> Option<bool> {
        match &*literal.text {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                let title = format!("`{name}` is true or false, never `{other}`");
                let problem = Diagnostic::error("P005", literal.at.clone(), title);
                let meant = match other.to_ascii_lowercase().as_str() {
                    "yes" | "on" | "1" | "true" => Some("true"),
                    "no" | "off" | "0" | "false" => Some("false"),
                    _ => None,
                };
                self.reader.say(problem.meant(meant));
                None
            }
        }
    }

    /// The environments that some words stand for together.
    pub fn env_set(&mut self, literals: &[Literal]) -> Option<EnvSet> {
        let mut set = EnvSet::EMPTY;
        let mut fine = true;
        for literal in literals.iter().filter(|literal| !literal.hollow) {
            if let Some(envs) = self.environments.resolve(&literal.text) {
                set = set.union(envs);
                continue;
            }
            fine = false;
            let problem = unknown_environment(&literal.text, literal.at.clone(), self.environments);
            self.reader.found.extend(problem);
        }
        fine.then_some(set)
    }

    pub fn word(&mut self, field: Field, words: &[&'static str], literal: &Literal) -> bool {
        let known = literal.hollow || words.contains(&&*literal.text);
        if !known {
            let title = format!("`{}` can never be `{}`", field.schema().name, literal.text);
            self.reader.say(
                Diagnostic::error("P006", literal.at.clone(), title)
                    .meant(did_you_mean(&literal.text, words.iter().copied()))
                    .note(format!("values: {}", words.join(", "))),
            );
        }
        known
    }

    /// A `table` of severities, written out or a parameter: literals with `None` for `off`.
    pub fn table(&mut self, node: &Node) -> Option<Vec<(Literal, Option<Severity>)>> {
        let entries = if let Some(name) = self.reference(node) {
            let ParamValue::Map(entries) = self.param_value(&name, node)? else {
                let label = "declare it with type: map<string, severity>";
                self.reader
                    .error("P005", node.span, format!("`${name}` is no table"), label);
                return None;
            };
            entries
        } else {
            let entries = self.pieces(node, "a table")?;
            for (_, value) in &entries {
                self.reader.severity(&value.node);
            }
            entries
        };
        let row = |(key, value): &(Piece, Piece)| {
            let key = self.literal(key)?;
            Some((key, severity_of(&value.node)))
        };
        Some(entries.iter().filter_map(row).collect())
    }

    /// Keys and values of a map written in the file that is being checked.
    pub fn pieces(&mut self, node: &Node, what: &str) -> Option<Vec<(Piece, Piece)>> {
        let fields = self.reader.any_fields(node, what)?;
        let piece = |node: &Node| Piece {
            source: Arc::clone(&self.reader.source),
            node: node.clone(),
        };
        Some(
            fields
                .iter()
                .map(|entry| (piece(&entry.key), piece(&entry.value)))
                .collect(),
        )
    }
}
