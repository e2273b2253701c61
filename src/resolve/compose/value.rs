//! The tree that files are merged in: plain data, every node with its origin.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::origin::{Origin, Text, UNKNOWN, Use, Via};
use super::ports::Binding;
use crate::model::{Secret, Span, Str};

/// Ordered by name, so that results never depend on hashing.
pub(super) type Map = BTreeMap<Str, Node>;

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub value: Value,
    pub origin: Origin,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(Words),
    Seq(Vec<Node>),
    Map(Map),
    /// A port in canonical form.
    Port(Box<Binding>),
}

/// The text of a scalar with the variables in it.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub text: Secret,
    pub uses: Arc<[Use]>,
    pub known: bool,
}

impl Words {
    pub fn plain(text: impl AsRef<str>) -> Self {
        Self {
            text: Secret::new(text),
            uses: Arc::default(),
            known: true,
        }
    }

    /// The same variables around another text: a part of this one, or this one with something added.
    pub fn with(&self, text: impl AsRef<str>) -> Self {
        let text = Secret::new(text);
        let known = self.known || (self.marks() && !text.expose().contains(UNKNOWN));
        Self {
            text,
            uses: self.uses.clone(),
            known,
        }
    }

    /// True when unknown parts are marked in the text, so that a part of it can be known.
    fn marks(&self) -> bool {
        self.text.expose().contains(UNKNOWN)
    }
}

impl Node {
    pub fn new(value: Value, origin: &Origin) -> Self {
        Self {
            value,
            origin: origin.clone(),
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(words) => Some(words.text.expose()),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    pub fn is_empty_text(&self) -> bool {
        self.is_null() || self.text() == Some("")
    }

    pub fn map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Seq(items) => items,
            _ => &[],
        }
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.get(key)
    }

    /// True, or a text that reads as true.
    pub fn is_true(&self) -> bool {
        match &self.value {
            Value::Bool(value) => *value,
            Value::Text(words) => {
                matches!(
                    words.text.expose(),
                    "1" | "t" | "T" | "true" | "True" | "TRUE"
                )
            }
            _ => false,
        }
    }

    /// A scalar as text, whatever its type; a null has none.
    pub fn words(&self) -> Option<Words> {
        match &self.value {
            Value::Text(words) => Some(words.clone()),
            Value::Bool(value) => Some(Words::plain(value.to_string())),
            Value::Int(value) => Some(Words::plain(value.to_string())),
            Value::Float(value) => Some(Words::plain(super::scalar::float_text(*value))),
            _ => None,
        }
    }

    /// The scalar with its origin, for the project.
    pub fn to_text(&self) -> Option<Text> {
        self.words().map(|words| words.at(&self.origin))
    }

    /// Nodes in this tree, for the budget.
    pub fn size(&self) -> usize {
        match &self.value {
            Value::Seq(items) => 1 + items.iter().map(Node::size).sum::<usize>(),
            Value::Map(map) => 1 + map.values().map(Node::size).sum::<usize>(),
            _ => 1,
        }
    }

    /// Adds a step to the chain of every node. Chains are shared, so that most nodes cost a look at the last one.
    pub fn carry(&mut self, step: &super::origin::Step) {
        let mut last: Option<(Option<Arc<Via>>, Arc<Via>)> = None;
        self.carry_on(step, &mut last);
    }

    fn carry_on(
        &mut self,
        step: &super::origin::Step,
        last: &mut Option<(Option<Arc<Via>>, Arc<Via>)>,
    ) {
        let before = self.origin.via.take();
        let same = |known: &Option<Arc<Via>>| match (known, &before) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        let via = match last {
            Some((known, via)) if same(known) => via.clone(),
            _ => {
                let via = Arc::new(Via {
                    step: step.clone(),
                    before: before.clone(),
                });
                *last = Some((before, via.clone()));
                via
            }
        };
        self.origin.via = Some(via);
        match &mut self.value {
            Value::Seq(items) => {
                for item in items {
                    item.carry_on(step, last);
                }
            }
            Value::Map(map) => {
                for node in map.values_mut() {
                    node.carry_on(step, last);
                }
            }
            _ => {}
        }
    }
}

impl Words {
    pub fn at(&self, origin: &Origin) -> Text {
        Text {
            text: self.text.clone(),
            origin: origin.clone(),
            uses: self.uses.clone(),
            known: self.known,
        }
    }
}

impl Origin {
    /// The span to underline: the value, or the key where nothing is written.
    pub(super) fn span(&self) -> Span {
        if self.place.value.is_empty() {
            self.place.key
        } else {
            self.place.value
        }
    }
}

/// Where a node stands, for rules that hold for certain keys. Nothing that has a rule lies deeper than eight keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    parts: [&'a str; 8],
    len: usize,
}

impl<'a> Path<'a> {
    pub fn root() -> Self {
        Self {
            parts: [""; 8],
            len: 0,
        }
    }

    pub fn of(parts: &[&'a str]) -> Self {
        parts.iter().fold(Self::root(), |path, part| path.key(part))
    }

    pub fn key(mut self, key: &'a str) -> Self {
        if let Some(part) = self.parts.get_mut(self.len) {
            *part = key;
        }
        self.len += 1;
        self
    }

    pub fn item(self) -> Self {
        self.key("[]")
    }

    /// The keys, or nothing for a node too deep for any rule.
    pub fn parts(&self) -> &[&'a str] {
        self.parts.get(..self.len).unwrap_or_default()
    }

    pub fn dotted(&self) -> String {
        self.parts
            .get(..self.len.min(8))
            .unwrap_or_default()
            .join(".")
    }
}

/// A name as a map key.
pub(super) fn key(text: &str) -> Str {
    Str::from(text)
}
