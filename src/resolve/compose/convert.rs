//! From a YAML document to the tree that is merged: types, variables, casts, and the places tagged `!reset`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cast;
use super::origin::{Origin, Place, Via};
use super::project::IssueKind;
use super::reset::Resets;
use super::run::{Run, Source};
use super::scalar;
use super::value::{Map, Node, Path, Value, key};
use super::variables::Variables;
use crate::model::{Span, Str};
use crate::syntax;

/// Converts the documents of one file.
pub(super) struct Converter<'r, 'a, 'v> {
    pub run: &'r mut Run<'a>,
    pub source: &'r Source,
    pub variables: &'v Variables,
    pub via: Option<Arc<Via>>,
    resets: Resets,
    /// The keys above the current node.
    keys: Vec<Str>,
}

impl<'r, 'a, 'v> Converter<'r, 'a, 'v> {
    pub fn new(
        run: &'r mut Run<'a>,
        source: &'r Source,
        variables: &'v Variables,
        via: Option<Arc<Via>>,
    ) -> Self {
        Self {
            run,
            source,
            variables,
            via,
            resets: Resets::default(),
            keys: Vec::new(),
        }
    }

    /// The mapping of a document, and what it resets; `None` for a document that is no mapping.
    pub fn document(mut self, document: &syntax::Node) -> Option<(Map, Resets)> {
        let at = Span::new(document.span.start as usize, document.span.start as usize);
        let node = self.node(document, at, Path::root())?;
        match node.value {
            Value::Map(map) => Some((map, self.resets)),
            _ => None,
        }
    }

    fn node(&mut self, yaml: &syntax::Node, key: Span, path: Path) -> Option<Node> {
        match yaml.tag.as_deref() {
            Some("reset") => {
                self.resets.note(&self.keys);
                return None;
            }
            Some("override") => self.resets.note(&self.keys),
            _ => {}
        }
        let origin = self.origin(key, yaml.span);
        if !self.run.spend(1, &origin) {
            return None;
        }
        let value = match &yaml.value {
            syntax::Value::Null => Value::Null,
            syntax::Value::Scalar { text, style } => {
                let value = self.scalar(text, *style, &origin, path);
                return Some(Node {
                    value,
                    origin: self.pair(origin, path),
                });
            }
            syntax::Value::Seq(items) => Value::Seq(self.items(items, path)),
            syntax::Value::Map(entries) => Value::Map(self.entries(entries, path)),
        };
        Some(Node { value, origin })
    }

    fn scalar(&mut self, text: &str, style: syntax::Style, origin: &Origin, path: Path) -> Value {
        let value = scalar::typed(text, style);
        if !matches!(value, Value::Text(_)) && !self.is_tagged_text(origin.place.value) {
            return value;
        }
        let file = &self.source.path;
        let span = origin.place.value;
        let words = self
            .run
            .interpolate(text, file, &self.source.text, span, self.variables);
        let words = match value {
            // A day has become a point in time.
            Value::Text(typed) if !text.contains('$') => typed,
            _ => words,
        };
        cast::cast(self.run, words, origin, path)
    }

    /// `!!str 1.0` is text.
    fn is_tagged_text(&self, span: Span) -> bool {
        let before = self.source.text.get(..span.start as usize);
        before.is_some_and(|before| before.trim_end().ends_with("!!str"))
    }

    /// An item `K=V` of a list that stands for a mapping has a key and a value of its own.
    fn pair(&self, mut origin: Origin, path: Path) -> Origin {
        let ([
            "services",
            _,
            "environment" | "labels" | "annotations" | "sysctls",
            "[]",
        ]
        | ["services", _, "build", "args" | "labels", "[]"]
        | ["services", _, "deploy", "labels", "[]"]
        | ["volumes" | "networks", _, "labels", "[]"]) = path.parts()
        else {
            return origin;
        };
        let whole = origin.place.value;
        let written = whole.of(&self.source.text);
        let quotes = usize::from(written.starts_with(['"', '\'']));
        if let Some(equals) = written.find('=').filter(|at| *at > quotes) {
            let start = whole.start as usize;
            let end = (whole.end as usize).saturating_sub(quotes);
            origin.place.key = Span::new(start + quotes, start + equals);
            origin.place.value = Span::new(start + equals + 1, end);
        }
        origin
    }

    fn items(&mut self, items: &[syntax::Node], path: Path) -> Vec<Node> {
        let mut nodes = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            self.keys.push(key(&at.to_string()));
            nodes.extend(self.node(item, Span::default(), path.item()));
            self.keys.pop();
        }
        nodes
    }

    fn entries(&mut self, entries: &[syntax::Entry], path: Path) -> Map {
        let mut map = BTreeMap::new();
        for entry in entries {
            let Some(name) = self.name(&entry.key, path) else {
                continue;
            };
            self.keys.push(name.clone());
            if let Some(node) = self.node(&entry.value, entry.key.span, path.key(&name)) {
                map.insert(name.clone(), node);
            }
            self.keys.pop();
        }
        map
    }

    /// A key has to be text; a plain `1`, `true` or `~` is not.
    fn name(&mut self, yaml: &syntax::Node, path: Path) -> Option<Str> {
        if let syntax::Value::Scalar { text, style } = &yaml.value
            && matches!(scalar::typed(text, *style), Value::Text(_))
        {
            return Some(text.clone());
        }
        let origin = self.origin(yaml.span, yaml.span);
        let place = match path.dotted() {
            dotted if dotted.is_empty() => "the top level".to_owned(),
            dotted => dotted,
        };
        let message = format!("a key in {place} is not text: put it into quotes");
        self.run.issue(IssueKind::Schema, &origin, message);
        None
    }

    fn origin(&self, key: Span, value: Span) -> Origin {
        Origin {
            place: Place {
                file: self.source.path.clone(),
                key,
                value,
            },
            via: self.via.clone(),
        }
    }
}
