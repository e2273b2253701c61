//! Judges a configuration by the shape that the specification gives it.

use super::origin::UNKNOWN;
use super::project::IssueKind;
use super::run::Run;
use super::schema_shapes::{ROOT, SERVICE};
use super::value::{Map, Node, Value};

/// What a value may be.
pub(super) enum Shape {
    Any,
    /// One of these types: a sum of `TEXT` and its siblings.
    Is(u8),
    /// A whole number in a range, or text.
    IntIn(i128, i128),
    Words(&'static [&'static str]),
    /// Text that fits.
    Fits(fn(&str) -> bool),
    List(&'static Shape),
    /// A list without equal entries.
    Set(&'static Shape),
    Map(&'static Fields),
    /// Every name of `[a-zA-Z0-9._-]+` has this shape; the flag says whether other names are refused.
    Named(&'static Shape, bool),
    /// Every key has this shape.
    Each(&'static Shape),
    Either(&'static [&'static Shape]),
    Service,
}

pub(super) const TEXT: u8 = 1;
pub(super) const INT: u8 = 2;
pub(super) const NUMBER: u8 = 4;
pub(super) const BOOL: u8 = 8;
pub(super) const NULL: u8 = 16;
pub(super) const MAP: u8 = 32;

/// The keys of a mapping.
pub(super) struct Fields {
    pub known: &'static [(&'static str, Shape)],
    pub required: &'static [&'static str],
    /// Keys that begin with `x-` are allowed.
    pub extensible: bool,
}

/// Reports everything that does not fit.
pub(super) fn validate(run: &mut Run, root: &Map) {
    let mut judge = Judge {
        run,
        keys: Vec::new(),
    };
    judge.fields(root, &ROOT, None);
}

struct Judge<'r, 'a> {
    run: &'r mut Run<'a>,
    keys: Vec<String>,
}

impl Judge<'_, '_> {
    fn node(&mut self, node: &Node, shape: &Shape) {
        if let Some(message) = self.fault(node, shape) {
            let place = self.keys.join(".");
            self.run.issue(
                IssueKind::Schema,
                &node.origin,
                format!("{place} {message}"),
            );
        }
    }

    /// What is wrong with the node itself; what is wrong inside of it is reported there.
    fn fault(&mut self, node: &Node, shape: &Shape) -> Option<&'static str> {
        match (shape, &node.value) {
            (_, Value::Port(_)) => None,
            (Shape::List(shape), Value::Seq(items)) => self.items(items, shape),
            (Shape::Set(shape), Value::Seq(items)) => {
                if let Some(twice) = repeated(items) {
                    let message = "the same entry stands here twice";
                    self.run.issue(IssueKind::Schema, &twice.origin, message);
                }
                self.items(items, shape)
            }
            (Shape::Map(fields), Value::Map(map)) => self.fields(map, fields, Some(node)),
            (Shape::Service, Value::Map(map)) => self.fields(map, &SERVICE, Some(node)),
            (Shape::Each(shape), Value::Map(map)) => {
                for (name, node) in map {
                    self.below(name, node, shape);
                }
                None
            }
            (Shape::Named(shape, closed), Value::Map(map)) => self.names(map, shape, *closed),
            (Shape::Either(shapes), value) => {
                match shapes.iter().find(|shape| takes(shape, value)) {
                    Some(shape) => self.fault(node, shape),
                    None => Some("has a type that does not fit"),
                }
            }
            (shape, value) => scalar_fault(shape, value),
        }
    }

    fn items(&mut self, items: &[Node], shape: &Shape) -> Option<&'static str> {
        for (at, item) in items.iter().enumerate() {
            self.below(&at.to_string(), item, shape);
        }
        None
    }

    fn names(&mut self, map: &Map, shape: &Shape, closed: bool) -> Option<&'static str> {
        for (name, node) in map {
            if is_name(name) {
                self.below(name, node, shape);
            } else if closed {
                let message = "a name here holds letters, digits, `.`, `_` and `-` only";
                let span = node.origin.place.key;
                self.run
                    .issue_at(IssueKind::Schema, &node.origin.place.file, span, message);
            }
        }
        None
    }

    fn fields(&mut self, map: &Map, fields: &Fields, whole: Option<&Node>) -> Option<&'static str> {
        for (name, node) in map {
            let known = fields
                .known
                .iter()
                .find(|(known, _)| *known == name.as_ref());
            match known {
                Some((_, shape)) => self.below(name, node, shape),
                None if fields.extensible && name.starts_with("x-") => {}
                None => {
                    let place = match self.keys.join(".") {
                        top if top.is_empty() => "the top of a Compose file".to_owned(),
                        place => place,
                    };
                    let message = format!("{place} has no key of this name");
                    let span = node.origin.place.key;
                    self.run
                        .issue_at(IssueKind::Schema, &node.origin.place.file, span, &message);
                }
            }
        }
        let missing = fields
            .required
            .iter()
            .find(|name| !map.contains_key(**name));
        missing.and(whole).map(|_| "lacks a key that it needs")
    }

    fn below(&mut self, key: &str, node: &Node, shape: &Shape) {
        self.keys.push(key.to_owned());
        self.node(node, shape);
        self.keys.pop();
    }
}

/// What is wrong with a value that is one scalar, or should be something else.
fn scalar_fault(shape: &Shape, value: &Value) -> Option<&'static str> {
    let text = match value {
        Value::Text(words) => Some(words.text.expose()),
        _ => None,
    };
    let wrong = |text: &str, fits: bool| !fits && !text.contains(UNKNOWN);
    match (shape, value, text) {
        (Shape::Is(types), _, _) => (kind(value) & types == 0).then(|| expected(*types)),
        (Shape::IntIn(low, high), Value::Int(value), _) => {
            (!(low..=high).contains(&value)).then_some("is out of range")
        }
        (Shape::Any, _, _) | (Shape::IntIn(..), _, Some(_)) => None,
        (Shape::IntIn(..), ..) => Some("must be a whole number"),
        (Shape::Words(words), _, Some(text)) => {
            wrong(text, words.contains(&text)).then_some("is none of the words that fit")
        }
        (Shape::Fits(fits), _, Some(text)) => {
            wrong(text, fits(text)).then_some("does not have the form it needs")
        }
        (Shape::Words(_) | Shape::Fits(_), ..) => Some("must be text"),
        (Shape::List(_) | Shape::Set(_), ..) => Some("must be a list"),
        _ => Some("must be a mapping"),
    }
}

/// Whether a shape is meant for a value of that type.
fn takes(shape: &Shape, value: &Value) -> bool {
    match shape {
        Shape::Any => true,
        Shape::Is(types) => kind(value) & types != 0,
        Shape::IntIn(..) => kind(value) & (INT | TEXT) != 0,
        Shape::Words(_) | Shape::Fits(_) => matches!(value, Value::Text(_)),
        Shape::List(_) | Shape::Set(_) => matches!(value, Value::Seq(_)),
        Shape::Map(_) | Shape::Named(..) | Shape::Each(_) | Shape::Service => {
            matches!(value, Value::Map(_) | Value::Port(_))
        }
        Shape::Either(shapes) => shapes.iter().any(|shape| takes(shape, value)),
    }
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => NULL,
        Value::Bool(_) => BOOL,
        Value::Int(_) => INT | NUMBER,
        Value::Float(value) if value.fract() == 0.0 => INT | NUMBER,
        Value::Float(_) => NUMBER,
        // What an unknown variable holds may be anything.
        Value::Text(words) if words.text.expose().contains(UNKNOWN) => TEXT | INT | NUMBER | BOOL,
        Value::Text(_) => TEXT,
        Value::Seq(_) => 0,
        Value::Map(_) | Value::Port(_) => MAP,
    }
}

fn expected(types: u8) -> &'static str {
    match types {
        TEXT => "must be text: put it into quotes",
        BOOL => "must be true or false",
        _ => "has a type that does not fit",
    }
}

/// An entry of a list that stands in it twice; mappings are not compared.
fn repeated(items: &[Node]) -> Option<&Node> {
    let mut known = std::collections::HashSet::new();
    items.iter().find(|item| {
        item.words()
            .is_some_and(|words| !known.insert((kind(&item.value), words.text)))
    })
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}
