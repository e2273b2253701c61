//! A fact: one typed record with the place it was read from. The only thing policies know.

use std::sync::Arc;

use super::finding::Via;
use super::schema::{Common, Field, Kind, Type};
use super::{Env, EnvSet, File, Place, Secret, Span, Str};

/// A stored field value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    #[default]
    Absent,
    Str(Str),
    Secret(Secret),
    Int(i64),
    Bool(bool),
    Env(Env),
    /// One of the words the schema lists for the field.
    Word(&'static str),
    List(Arc<[Str]>),
}

/// A borrowed field value, common fields included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Val<'a> {
    Absent,
    Str(&'a str),
    Secret(&'a Secret),
    Int(i64),
    Bool(bool),
    Env(Env),
    Word(&'static str),
    List(&'a [Str]),
}

impl<'a> Val<'a> {
    pub fn is_absent(self) -> bool {
        matches!(self, Val::Absent)
    }

    /// Text of a string, secret or word, for comparison only.
    pub fn text(self) -> Option<&'a str> {
        match self {
            Val::Str(text) | Val::Word(text) => Some(text),
            Val::Secret(secret) => Some(secret.expose()),
            _ => None,
        }
    }
}

/// Whether a fact is what a file says, what holds in an environment, or both at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    Written,
    Effective,
    /// A file in no stack is a stack of its own: what it says is what holds.
    #[default]
    Both,
}

impl Layer {
    pub fn is(self, word: &str) -> bool {
        match self {
            Self::Both => true,
            Self::Written => word == "written",
            Self::Effective => word == "effective",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Fact {
    pub kind: Kind,
    pub file: Arc<File>,
    /// The bytes a finding underlines: the value, or the key where there is no value.
    pub span: Span,
    /// The bytes of the key or name.
    pub key: Span,
    pub env: Option<Env>,
    /// Why `env` is what it is; empty where it is absent.
    pub env_reason: Str,
    pub machine: Option<Str>,
    pub layer: Layer,
    pub stack: Option<Str>,
    pub via: Vec<Via>,
    /// Environments of the other sides, where the fact is about several.
    pub others: EnvSet,
    /// Other places this fact is about: the second side of a collision, the definition of a reference.
    pub related: Vec<Place>,
    fields: Box<[Value]>,
}

impl Fact {
    pub fn new(kind: Kind, file: &Arc<File>, key: Span, span: Span) -> Self {
        Self {
            kind,
            file: Arc::clone(file),
            span: if span.is_empty() { key } else { span },
            key,
            env: file.claim.as_ref().map(|claim| claim.env),
            env_reason: file
                .claim
                .as_ref()
                .map_or_else(|| Str::from(""), |claim| Str::clone(&claim.reason)),
            machine: None,
            layer: Layer::Both,
            stack: None,
            via: Vec::new(),
            others: EnvSet::EMPTY,
            related: Vec::new(),
            fields: vec![Value::Absent; kind.schema().fields.len()].into_boxed_slice(),
        }
    }

    /// Sets a field of this fact's kind. A field of another kind or a value of another type is a bug that tests find.
    pub fn set(&mut self, field: Field, value: Value) {
        debug_assert_eq!(
            field.kind,
            Some(self.kind),
            "`{}` is not a field of {}",
            field.schema().name,
            self.kind.name()
        );
        debug_assert!(
            field.accepts(&value),
            "`{}` of {} cannot hold {value:?}",
            field.schema().name,
            self.kind.name()
        );
        if let Some(slot) = self.fields.get_mut(usize::from(field.index)) {
            *slot = value;
        }
    }

    #[must_use]
    pub fn with(mut self, field: Field, value: impl Into<Value>) -> Self {
        self.set(field, value.into());
        self
    }

    pub fn get(&self, field: Field) -> Val<'_> {
        if field.kind.is_none() {
            return self.common(field);
        }
        match self.fields.get(usize::from(field.index)) {
            None | Some(Value::Absent) => Val::Absent,
            Some(Value::Str(text)) => Val::Str(text),
            Some(Value::Secret(secret)) => Val::Secret(secret),
            Some(Value::Int(number)) => Val::Int(*number),
            Some(Value::Bool(flag)) => Val::Bool(*flag),
            Some(Value::Env(env)) => Val::Env(*env),
            Some(Value::Word(word)) => Val::Word(word),
            Some(Value::List(items)) => Val::List(items),
        }
    }

    fn common(&self, field: Field) -> Val<'_> {
        match field.common() {
            Common::File => Val::Str(&self.file.path),
            Common::Dir => Val::Str(&self.file.dir),
            Common::Env => self.env.map_or(Val::Absent, Val::Env),
            Common::Role => Val::Word(self.file.role.name()),
            Common::Tracked => Val::Bool(self.file.tracked),
            Common::Ignored => Val::Bool(self.file.ignored),
            Common::Machine => self.machine.as_deref().map_or(Val::Absent, Val::Str),
            Common::Layer => Val::Word(if self.layer.is("written") {
                "written"
            } else {
                "effective"
            }),
            Common::Project => Val::Str(&self.file.project),
            Common::Purpose => Val::Str(&self.file.purpose),
            Common::Stack => self.stack.as_deref().map_or(Val::Absent, Val::Str),
        }
    }

    /// Text of a string, secret or word field; empty where absent.
    pub fn text(&self, field: Field) -> &str {
        self.get(field).text().unwrap_or_default()
    }
}

impl Field {
    /// Whether a stored value has the declared type; absence only where the schema allows it.
    pub fn accepts(self, value: &Value) -> bool {
        let schema = self.schema();
        match (schema.ty, value) {
            (_, Value::Absent) => schema.optional,
            (Type::Word(words), Value::Word(word)) => words.contains(word),
            (Type::Str | Type::Path, Value::Str(_))
            | (Type::Secret, Value::Secret(_))
            | (Type::Int, Value::Int(_))
            | (Type::Bool, Value::Bool(_))
            | (Type::Env, Value::Env(_))
            | (Type::List, Value::List(_)) => true,
            _ => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(Str::from(text))
    }
}

impl From<Str> for Value {
    fn from(text: Str) -> Self {
        Self::Str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(Str::from(text))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<Env> for Value {
    fn from(env: Env) -> Self {
        Self::Env(env)
    }
}

impl From<Secret> for Value {
    fn from(secret: Secret) -> Self {
        Self::Secret(secret)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}
