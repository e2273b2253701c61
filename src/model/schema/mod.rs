//! The fact schema: every kind and every field, declared once. The policy compiler, the reference pages, the
//! JSON Schema, `envguard facts` and `envguard explain` all read this declaration.

mod common;
mod kinds;
mod words;

pub use common::{COMMON, Common};
pub use kinds::*;
pub use words::*;

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Str,
    /// Text that is masked in all output unless it is harmless.
    Secret,
    /// A path with `/`; `*` in a glob stops at it.
    Path,
    Int,
    Bool,
    Env,
    /// One of these words.
    Word(&'static [&'static str]),
    /// List of strings.
    List,
}

impl Type {
    pub fn name(self) -> &'static str {
        match self {
            Self::Str => "string",
            Self::Secret => "secret",
            Self::Path => "path",
            Self::Int => "int",
            Self::Bool => "bool",
            Self::Env => "env",
            Self::Word(_) => "one of",
            Self::List => "list of string",
        }
    }
}

/// What is declared of one field.
#[derive(Debug)]
pub struct FieldSchema {
    pub name: &'static str,
    pub ty: Type,
    /// May be absent.
    pub optional: bool,
    pub doc: &'static str,
}

/// What is declared of one kind of fact.
#[derive(Debug)]
pub struct KindSchema {
    pub name: &'static str,
    pub doc: &'static str,
    pub fields: &'static [FieldSchema],
    /// Fields that together name the fact, beside its file; used for identities instead of lines.
    pub key: &'static [&'static str],
}

/// A field of one kind, or a field that every fact has (`kind` is `None`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Field {
    pub kind: Option<Kind>,
    pub index: u8,
}

impl Field {
    pub fn schema(self) -> &'static FieldSchema {
        let fields = self.kind.map_or(COMMON, |kind| kind.schema().fields);
        &fields[usize::from(self.index)]
    }

    /// The common field this is; only meaningful where `kind` is `None`.
    pub(in crate::model) fn common(self) -> Common {
        Common::ALL[usize::from(self.index)]
    }
}

impl Kind {
    pub fn schema(self) -> &'static KindSchema {
        &kinds::KINDS[self as usize]
    }

    pub fn name(self) -> &'static str {
        self.schema().name
    }

    /// Nothing is read for these unless a policy asks for them, and then only the files it asks about.
    pub fn is_on_demand(self) -> bool {
        matches!(
            self,
            Self::config_value | Self::code_symbol | Self::text_line
        )
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The field of that name: one of this kind, or one that every fact has.
    pub fn field(self, name: &str) -> Option<Field> {
        let of = |kind: Option<Self>, fields: &[FieldSchema]| {
            let at = fields.iter().position(|field| field.name == name)?;
            u8::try_from(at).ok().map(|index| Field { kind, index })
        };
        of(Some(self), self.schema().fields).or_else(|| of(None, COMMON))
    }

    /// All fields a policy on this kind may name: the common ones first.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        let count = |fields: &[FieldSchema]| 0..u8::try_from(fields.len()).unwrap_or(u8::MAX);
        let common = count(COMMON).map(|index| Field { kind: None, index });
        let own = count(self.schema().fields).map(move |index| Field {
            kind: Some(self),
            index,
        });
        common.chain(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_keys_are_fields() {
        for kind in Kind::ALL {
            let mut names: Vec<_> = kind.fields().map(|field| field.schema().name).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{} declares a field twice", kind.name());
            for key in kind.schema().key {
                assert!(
                    kind.field(key).is_some(),
                    "{} has no key field {key}",
                    kind.name()
                );
            }
            assert_eq!(Kind::from_name(kind.name()), Some(*kind));
        }
    }

    #[test]
    fn common_fields_stand_in_the_order_of_their_enum() {
        let names: Vec<_> = COMMON.iter().map(|field| field.name).collect();
        let debug: Vec<_> = Common::ALL
            .iter()
            .map(|field| format!("{field:?}").to_lowercase())
            .collect();
        assert_eq!(names, debug);
        for (at, common) in Common::ALL.iter().enumerate() {
            assert_eq!(usize::from(common.field().index), at);
        }
    }
}
