//! Where a value was written and what carried it to where it takes effect.

use std::sync::Arc;

use crate::model::{Secret, Span, Str};
use crate::syntax::template::Outcome;

/// Bytes of one file of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Relative to the root.
    pub file: Str,
    /// The bytes of the key or name; empty for an item of a list.
    pub key: Span,
    /// The bytes of the value.
    pub value: Span,
}

/// The place that wrote a value, and the steps that carried it on, the last step first.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub place: Place,
    pub(super) via: Option<Arc<Via>>,
}

/// One link of a chain; the tail is shared by everything that came the same way.
#[derive(Debug)]
pub(super) struct Via {
    pub step: Step,
    pub before: Option<Arc<Via>>,
}

/// What carried a value from its file into the project. Files of the invocation merge without a step: `Project::files`
/// lists them in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub kind: StepKind,
    /// The bytes that say so: the `include` entry, the `extends`, the `env_file` entry.
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    Include,
    Extends,
    EnvFile,
    LabelFile,
}

/// A variable that took part in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub name: Str,
    /// The file that the reference stands in.
    pub file: Str,
    /// The reference, from its dollar sign.
    pub span: Span,
    /// The text behind `-`, `?` or `+`.
    pub operand: Option<Span>,
    pub outcome: Outcome,
    /// Where the variable got its value; `None` when it has none, or when it came from outside of the tree.
    pub source: Option<Place>,
}

/// A text as it takes effect.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: Secret,
    pub origin: Origin,
    /// The variables in it, in order of appearance.
    pub uses: Arc<[Use]>,
    /// False when a variable without value and fallback is part of it. The text then holds `UNKNOWN` in that place, or
    /// nothing when the invocation asks for blanks.
    pub known: bool,
}

/// Stands for the value of an unknown variable inside a text.
pub const UNKNOWN: char = '\u{e000}';

impl Origin {
    /// Written at a place and carried nowhere.
    pub fn at(place: Place) -> Self {
        Self { place, via: None }
    }

    /// The chain, from the project back to the place that wrote the value.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let mut next = self.via.as_deref();
        std::iter::from_fn(move || {
            let via = next?;
            next = via.before.as_deref();
            Some(&via.step)
        })
    }
}

impl Text {
    /// The text, unless a part of it is unknown.
    pub fn get(&self) -> Option<&str> {
        self.known.then(|| self.text.expose())
    }

    /// The text with `UNKNOWN` or blanks where a variable is unknown.
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// True when the text rests on a fallback: whoever sets the variable changes it.
    pub fn is_fallback(&self) -> bool {
        self.uses
            .iter()
            .any(|used| used.outcome == Outcome::Fallback)
    }
}
