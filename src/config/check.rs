//! Walks `.envguard.yml` along the declared keys and says every mistake at once: unknown keys, wrong types, words that do
//! not exist. What it lets through can be read without further questions.

use std::sync::Arc;

use super::date::{Date, days};
use super::keys::{self, Holds, Key};
use crate::model::{Environments, Severity, Span};
use crate::policy::diagnostic::{At, Diagnostic, Source};
use crate::policy::suggest::did_you_mean;
use crate::syntax::Node;
use crate::syntax::node::Value;

pub struct Checker<'a> {
    pub source: &'a Arc<Source>,
    pub environments: &'a Environments,
    pub diagnostics: Vec<Diagnostic>,
}

impl Checker<'_> {
    /// Checks a map against the keys declared below `path`; `""` is the whole file.
    pub fn map(&mut self, node: &Node, path: &str) {
        if !node.is_map() {
            self.wrong(node, "a map");
            return;
        }
        for (at, entry) in node.entries().iter().enumerate() {
            let Some(name) = entry.key.text() else {
                self.wrong(&entry.key, "a name");
                continue;
            };
            let child = if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            };
            match keys::find(&child) {
                Some(key) => self.value(&entry.value, key, entry.key.span),
                None => self.unknown(&entry.key, name, path),
            }
            if node.entries()[..at]
                .iter()
                .any(|earlier| earlier.key.text() == Some(name))
            {
                let at = At::new(self.source, entry.key.span);
                self.diagnostics.push(Diagnostic::error(
                    "C005",
                    at,
                    format!("`{name}` is written twice"),
                ));
            }
        }
    }

    fn value(&mut self, node: &Node, key: &'static Key, key_span: Span) {
        if node.is_null() {
            let at = At::new(self.source, key_span);
            let title = format!("`{}` has no value", last_step(key.path));
            self.diagnostics.push(
                Diagnostic::error("C005", at, title)
                    .label(format!("write a {}, or delete the key", key.holds.doc())),
            );
            return;
        }
        match key.holds {
            Holds::Map => self.map(node, key.path),
            Holds::Named => self.named(node, key.path),
            Holds::Entries => self.entries(node, key.path),
            Holds::Texts | Holds::Globs | Holds::Environments => self.list(node, key.holds),
            Holds::Setting => self.setting(node),
            Holds::Condition => {
                if !node.is_map() {
                    self.wrong(node, "a map of conditions");
                }
            }
            scalar => self.scalar(node, scalar),
        }
    }

    /// A map with free names: each value is checked as `path.*`, or as the map below it.
    fn named(&mut self, node: &Node, path: &str) {
        if !node.is_map() {
            self.wrong(node, "a map");
            return;
        }
        let below = format!("{path}.*");
        for entry in node.entries() {
            match keys::find(&below) {
                Some(key) => self.value(&entry.value, key, entry.key.span),
                None if entry.value.is_null() => {}
                None => self.map(&entry.value, &below),
            }
        }
    }

    fn entries(&mut self, node: &Node, path: &str) {
        if !node.is_seq() {
            self.wrong(node, "a list of maps");
            return;
        }
        for item in node.items() {
            self.map(item, &format!("{path}[]"));
        }
    }

    fn list(&mut self, node: &Node, holds: Holds) {
        let items = if node.is_seq() {
            node.items()
        } else {
            std::slice::from_ref(node)
        };
        for item in items {
            match (item.text(), holds) {
                (None, _) => self.wrong(item, "text"),
                (Some(_), Holds::Environments) => self.scalar(item, Holds::Environment),
                (Some(glob), Holds::Globs) => self.glob(item, glob),
                _ => {}
            }
        }
    }

    fn glob(&mut self, node: &Node, glob: &str) {
        if let Err(error) = globset::Glob::new(glob) {
            self.push(
                "C006",
                node,
                format!("bad glob: {}", error.kind()),
                String::new(),
            );
        }
    }

    fn setting(&mut self, node: &Node) {
        if node.is_map() {
            for entry in node.entries() {
                match entry.key.text() {
                    Some("severity") => self.severity(&entry.value, "off"),
                    Some("params") if entry.value.is_map() => {}
                    Some("params") => self.wrong(&entry.value, "a map of parameters"),
                    name => {
                        let name = name.unwrap_or_default();
                        let meant = did_you_mean(name, ["severity", "params"]);
                        let at = At::new(self.source, entry.key.span);
                        let title = format!("a setting has no `{name}`");
                        self.diagnostics.push(
                            Diagnostic::error("C001", at, title)
                                .meant(meant)
                                .note("settings: severity, params"),
                        );
                    }
                }
            }
        } else {
            self.severity(node, "off");
        }
    }

    fn severity(&mut self, node: &Node, extra: &'static str) {
        let word = node.text().unwrap_or_default();
        // YAML readers of old take a bare `off` for false; here it is the word.
        if Severity::from_name(word).is_none() && word != extra {
            let words = Severity::ALL.map(Severity::name);
            let meant = did_you_mean(word, words.into_iter().chain([extra]));
            let title = format!("`{word}` is not a severity");
            let at = At::new(self.source, node.span);
            let note = format!("severities: {}, {extra}", words.join(", "));
            self.diagnostics
                .push(Diagnostic::error("C006", at, title).meant(meant).note(note));
        }
    }

    fn scalar(&mut self, node: &Node, holds: Holds) {
        let Some(text) = node.text() else {
            self.wrong(node, holds.doc());
            return;
        };
        let fits = match holds {
            Holds::Bool => node.as_bool().is_some(),
            Holds::Count => text.parse::<u32>().is_ok(),
            Holds::Size => size(text).is_some(),
            Holds::Date => Date::parse(text).is_some(),
            Holds::Span => days(text).is_some(),
            Holds::Severity => return self.severity(node, "never"),
            Holds::Environment => return self.environment(node, text),
            _ => true,
        };
        if !fits {
            let meant = match holds {
                Holds::Date => Date::meant(text).map(|date| date.to_string()),
                Holds::Span => span_meant(text),
                _ => None,
            };
            let label = match (meant, holds) {
                (Some(meant), _) => format!("write `{meant}`"),
                (None, Holds::Date) => "the year first, then month and day".to_owned(),
                (None, _) => String::new(),
            };
            let title = format!("expected {}, found another text", holds.doc());
            self.push("C005", node, title, label);
        }
    }

    fn environment(&mut self, node: &Node, word: &str) {
        if self.environments.resolve(word).is_some() {
            return;
        }
        let names = || {
            let groups = self
                .environments
                .groups()
                .iter()
                .map(|(name, _)| name.as_str());
            self.environments
                .all()
                .map(|(_, info)| info.name.as_str())
                .chain(groups)
        };
        let at = At::new(self.source, node.span);
        let diagnostic = Diagnostic::error(
            "C006",
            at,
            format!("`{word}` is not an environment, alias or group"),
        )
        .meant(did_you_mean(word, names()))
        .note(format!(
            "environments and groups: {}",
            names().collect::<Vec<_>>().join(", ")
        ));
        self.diagnostics.push(diagnostic);
    }

    fn unknown(&mut self, key: &Node, name: &str, path: &str) {
        let known = keys::below(path);
        let place = if path.is_empty() {
            "the configuration".to_owned()
        } else {
            format!("`{}`", last_step(path))
        };
        let at = At::new(self.source, key.span);
        let diagnostic = Diagnostic::error("C001", at, format!("{place} has no key `{name}`"))
            .meant(did_you_mean(name, known.iter().copied()))
            .note(format!("keys here: {}", known.join(", ")));
        self.diagnostics.push(diagnostic);
    }

    fn wrong(&mut self, node: &Node, wanted: &str) {
        let found = match &node.value {
            Value::Null => "nothing",
            Value::Scalar { .. } => "one value",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a map",
        };
        self.push(
            "C005",
            node,
            format!("expected {wanted}, found {found}"),
            String::new(),
        );
    }

    fn push(&mut self, code: &'static str, node: &Node, title: String, label: String) {
        let at = At::new(self.source, node.span);
        self.diagnostics
            .push(Diagnostic::error(code, at, title).label(label));
    }
}

/// Bytes of `1048576`, `512KiB`, `2MiB`.
pub fn size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "B" => 1,
        "K" | "KB" | "KiB" => 1 << 10,
        "M" | "MB" | "MiB" => 1 << 20,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// `3m` for `3 months`.
fn span_meant(text: &str) -> Option<String> {
    let count: String = text.chars().take_while(char::is_ascii_digit).collect();
    let word = text.get(count.len()..)?.trim().to_ascii_lowercase();
    let units = ["day", "week", "month", "year"];
    let unit = units.iter().find(|unit| word.starts_with(**unit))?;
    let span = format!("{count}{}", unit.chars().next()?);
    days(&span).map(|_| span)
}

fn last_step(path: &str) -> &str {
    let step = path.rsplit('.').find(|step| *step != "*").unwrap_or(path);
    step.trim_end_matches("[]")
}
