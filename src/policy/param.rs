//! Parameters: typed values with a default, which the configuration may override. A wrong override is reported where it
//! was written, so every value remembers its file.

use std::cell::Cell;
use std::sync::Arc;

use super::diagnostic::{At, Diagnostic, Source};
use super::reader::{Reader, kind_of};
use super::spec::{ParamSpec, Text};
use super::suggest::did_you_mean;
use crate::model::{Environments, Severity, Span, Str};
use crate::syntax::Node;

/// A YAML node with the file it stands in.
#[derive(Clone, Debug)]
pub struct Piece {
    pub source: Arc<Source>,
    pub node: Node,
}

impl Piece {
    pub fn at(&self) -> At {
        At::new(&self.source, self.node.span)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamType {
    Text,
    Int,
    Bool,
    Env,
    Texts,
    Envs,
    /// Sets of environments.
    EnvSets,
    /// Environment or group to list of texts.
    TextsByEnv,
    /// Text to severity.
    Severities,
}

const TYPES: [(&str, ParamType); 9] = [
    ("string", ParamType::Text),
    ("int", ParamType::Int),
    ("bool", ParamType::Bool),
    ("env", ParamType::Env),
    ("list<string>", ParamType::Texts),
    ("list<env>", ParamType::Envs),
    ("list<list<env>>", ParamType::EnvSets),
    ("map<env, list<string>>", ParamType::TextsByEnv),
    ("map<string, severity>", ParamType::Severities),
];

impl ParamType {
    /// As policies write them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TYPES.iter().map(|(name, _)| *name)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        let squeezed = name.replace(' ', "");
        TYPES
            .iter()
            .find(|(known, _)| known.replace(' ', "") == squeezed)
            .map(|(_, ty)| *ty)
    }

    pub fn name(self) -> &'static str {
        TYPES
            .iter()
            .find(|(_, ty)| *ty == self)
            .map_or("", |(name, _)| name)
    }
}

/// What a parameter holds in this run.
#[derive(Clone, Debug)]
pub enum ParamValue {
    /// A scalar or a list; an override replaces it.
    Plain(Piece),
    /// A map; an override is merged with the default.
    Map(Vec<(Piece, Piece)>),
}

impl ParamValue {
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Plain(piece) => piece.node.is_seq() && piece.node.items().is_empty(),
            Self::Map(entries) => entries.is_empty(),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: Text,
    pub ty: ParamType,
    pub doc: Option<Str>,
    pub value: ParamValue,
    /// Its default has the declared type; one that has not is told once and not looked into.
    pub sound: bool,
    used: Cell<bool>,
}

/// The parameters of one policy.
#[derive(Clone, Debug, Default)]
pub struct Params {
    pub list: Vec<Param>,
}

impl Params {
    /// Declared parameters with their defaults, then the overrides.
    pub fn new(
        reader: &mut Reader,
        specs: &[ParamSpec],
        overrides: &[(Text, Piece)],
        environments: &Environments,
    ) -> Self {
        let mut params = Self::default();
        for spec in specs {
            params.declare(reader, spec, environments);
        }
        for (name, piece) in overrides {
            params.replace(reader, name, piece, environments);
        }
        params
    }

    /// The parameter of that name; asking counts as a use.
    pub fn take(&self, name: &str) -> Option<&Param> {
        let param = self.list.iter().find(|param| &*param.name.text == name)?;
        param.used.set(true);
        Some(param)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|param| &*param.name.text)
    }

    pub fn unused(&self) -> impl Iterator<Item = &Param> {
        self.list.iter().filter(|param| !param.used.get())
    }

    fn declare(&mut self, reader: &mut Reader, spec: &ParamSpec, environments: &Environments) {
        let Some(ty) = ParamType::from_name(&spec.ty.text) else {
            let names: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
            let at = reader.at(spec.ty.span);
            reader.say(
                Diagnostic::error("P006", at, format!("`{}` is no type", spec.ty.text))
                    .meant(did_you_mean(&spec.ty.text, names.iter().copied()))
                    .note(format!("types: {}", names.join(", "))),
            );
            // A known name keeps one mistake from becoming two.
            self.push(spec, ParamType::Texts, false, &reader.source);
            return;
        };
        let before = reader.found.len();
        check(reader, ty, &spec.name.text, &spec.default, environments);
        let sound = reader.found.len() == before;
        self.push(spec, ty, sound, &reader.source);
    }

    fn push(&mut self, spec: &ParamSpec, ty: ParamType, sound: bool, source: &Arc<Source>) {
        self.list.push(Param {
            name: spec.name.clone(),
            ty,
            doc: spec.doc.clone(),
            value: value(ty, &spec.default, source),
            sound,
            used: Cell::new(false),
        });
    }

    fn replace(
        &mut self,
        reader: &mut Reader,
        name: &Text,
        piece: &Piece,
        environments: &Environments,
    ) {
        let Some(at) = self
            .list
            .iter()
            .position(|param| param.name.text == name.text)
        else {
            let known: Vec<&str> = self.names().collect();
            let note = if known.is_empty() {
                "this policy has no parameters".to_owned()
            } else {
                format!("its parameters: {}", known.join(", "))
            };
            let meant = did_you_mean(&name.text, known);
            let at = At::new(&piece.source, name.span);
            let title = format!("there is no parameter `{}`", name.text);
            reader.say(Diagnostic::error("P011", at, title).meant(meant).note(note));
            return;
        };
        let ty = self.list[at].ty;
        let mut local = Reader::new(&piece.source);
        check(&mut local, ty, &name.text, &piece.node, environments);
        let wrong = !local.found.is_empty();
        reader.found.append(&mut local.found);
        if wrong {
            return;
        }
        let given = value(ty, &piece.node, &piece.source);
        let merged = match (&self.list[at].value, given) {
            (ParamValue::Map(old), ParamValue::Map(new)) => ParamValue::Map(merge(old, &new)),
            (_, given) => given,
        };
        self.list[at].value = merged;
    }
}

fn value(ty: ParamType, node: &Node, source: &Arc<Source>) -> ParamValue {
    let piece = |node: &Node| Piece {
        source: Arc::clone(source),
        node: node.clone(),
    };
    if matches!(ty, ParamType::TextsByEnv | ParamType::Severities) {
        let entries = node.entries().iter();
        return ParamValue::Map(
            entries
                .map(|entry| (piece(&entry.key), piece(&entry.value)))
                .collect(),
        );
    }
    ParamValue::Plain(piece(node))
}

fn merge(old: &[(Piece, Piece)], new: &[(Piece, Piece)]) -> Vec<(Piece, Piece)> {
    let kept = old.iter().filter(|(key, _)| {
        new.iter()
            .all(|(other, _)| other.node.text() != key.node.text())
    });
    kept.cloned().chain(new.iter().cloned()).collect()
}

/// Whether a value has the declared type.
fn check(reader: &mut Reader, ty: ParamType, name: &str, node: &Node, environments: &Environments) {
    let what = format!("`{name}`");
    match ty {
        ParamType::Text => drop(reader.text(node, &what)),
        ParamType::Int => {
            let number = node.text().and_then(|text| text.parse::<i64>().ok());
            if number.is_none() {
                wrong(reader, node.span, ty, name, node);
            }
        }
        ParamType::Bool => {
            if node.as_bool().is_none() {
                wrong(reader, node.span, ty, name, node);
            }
        }
        ParamType::Env => environment(reader, node, environments),
        ParamType::Texts | ParamType::Envs | ParamType::EnvSets => {
            list(reader, ty, name, node, environments);
        }
        ParamType::TextsByEnv => {
            let Some(map) = reader.any_fields(node, &what) else {
                return;
            };
            for entry in map.iter() {
                environment(reader, &entry.key, environments);
                list(reader, ParamType::Texts, name, &entry.value, environments);
            }
        }
        ParamType::Severities => {
            let Some(map) = reader.any_fields(node, &what) else {
                return;
            };
            for entry in map.iter() {
                reader.severity(&entry.value);
            }
        }
    }
}

fn list(reader: &mut Reader, ty: ParamType, name: &str, node: &Node, environments: &Environments) {
    if !node.is_seq() {
        wrong(reader, node.span, ty, name, node);
        return;
    }
    for item in node.items() {
        match ty {
            ParamType::Envs => environment(reader, item, environments),
            ParamType::EnvSets => list(reader, ParamType::Envs, name, item, environments),
            _ => drop(reader.text(item, &format!("an item of `{name}`"))),
        }
    }
}

fn environment(reader: &mut Reader, node: &Node, environments: &Environments) {
    if let Some(word) = reader.text(node, "an environment") {
        let at = reader.at(word.span);
        if let Some(problem) = unknown_environment(&word.text, at, environments) {
            reader.say(problem);
        }
    }
}

fn wrong(reader: &mut Reader, span: Span, ty: ParamType, name: &str, node: &Node) {
    let example = match ty {
        ParamType::Int => "write a number: 32",
        ParamType::Bool => "write true or false",
        ParamType::EnvSets => "write [[local, development]]",
        _ => "write [a, b]",
    };
    let is_not = match node.text() {
        Some(text) => format!("`{text}` is not"),
        None => format!("this is {}", kind_of(node)),
    };
    let title = format!("`{name}` is {}, {is_not}", ty.name());
    reader.error("P005", span, title, example);
}

/// The error for a word that names no environment; none for one that does.
pub fn unknown_environment(word: &str, at: At, environments: &Environments) -> Option<Diagnostic> {
    if environments.resolve(word).is_some() {
        return None;
    }
    let names: Vec<&str> = environments
        .all()
        .map(|(_, info)| info.name.as_str())
        .chain(environments.groups().iter().map(|(name, _)| name.as_str()))
        .collect();
    let aliases = environments
        .all()
        .flat_map(|(_, info)| info.aliases.iter().map(String::as_str));
    let meant = did_you_mean(word, names.iter().copied().chain(aliases));
    Some(
        Diagnostic::error(
            "P006",
            at,
            format!("`{word}` is not an environment, alias or group"),
        )
        .meant(meant)
        .note(format!("environments and groups: {}", names.join(", "))),
    )
}

/// A severity word that was checked before; `off` is `None`.
pub fn severity_of(node: &Node) -> Option<Severity> {
    node.text().and_then(Severity::from_name)
}
