//! `$X`, `${X}`, `${X:-d}` and friends: interpolation as Compose does it, in compose and dotenv files.
//!
//! One reading serves two masters. A linter wants every reference with its place, whatever is wrong around it; the
//! compose engine wants exactly what Compose computes. So the tree follows the reference implementation (compose-go's
//! `template` package), including its way to find the closing brace, and keeps what that one refuses as a part of its own.
//! A tree holds no text of the value, only ranges, so it cannot leak one.

use super::template_offsets::Offsets;
use super::template_read::Reader;
use crate::model::{Problem, Secret, Span, Str};

/// The longest text one template may produce: repeated references multiply.
const LONGEST: usize = 1 << 20;

/// A text with references in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    pub parts: Vec<Part>,
}

/// `at` lies in the text that was parsed, `span` in the file it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Literal {
        at: Span,
    },
    /// `$$`, which stands for one dollar sign.
    Dollar {
        at: Span,
    },
    Reference(Reference),
    /// Not a reference, though it begins like one: Compose refuses it, a linter reads it as text.
    Invalid {
        at: Span,
        span: Span,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub name: Str,
    /// From the dollar sign to the end of the name or the closing brace.
    pub span: Span,
    pub name_span: Span,
    pub op: Option<Op>,
}

/// What follows the name inside braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Op {
    pub kind: OpKind,
    /// The form with a colon: an empty value counts as an absent one.
    pub or_empty: bool,
    /// The text after the operator, in the file.
    pub span: Span,
    pub at: Span,
    pub operand: Template,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpKind {
    /// `-`: the operand stands in for an absent value.
    Default,
    /// `?`: the operand is the error message where the value is absent.
    Required,
    /// `+`: the operand replaces a present value.
    Alternative,
}

/// What a reference came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The value of the variable.
    Value,
    /// The operand of `-`.
    Fallback,
    /// The operand of `+`.
    Alternative,
    /// Nothing, on purpose: `+` without a value.
    Nothing,
    /// No value and no fallback: blank in Compose, unknown to a linter.
    Unset,
    /// `?` without a value.
    Missing,
}

/// One reference that took part in a result, in order of evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    pub name: Str,
    pub span: Span,
    /// The operand, where there is one.
    pub operand: Option<Span>,
    pub outcome: Outcome,
}

/// Why Compose would stop here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// Not a valid template.
    Interpolation,
    /// `${X:?}` without X.
    Required,
    /// The file around it is not a valid env file.
    EnvFile,
    /// More text than anybody means.
    TooLarge,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub kind: RefusalKind,
    pub problem: Problem,
}

/// The result for one lookup. `text` is what could be computed, also where Compose refuses.
#[derive(Clone, Debug, Default)]
pub struct Evaluated {
    pub text: Secret,
    pub used: Vec<Used>,
    /// The first reason to refuse.
    pub refusal: Option<Refusal>,
}

/// Gives the value of a variable, `None` where it is not set.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<Secret>;

impl Template {
    /// Reads a text that stands in its file as it is, from byte 0.
    pub fn parse(text: &str) -> Self {
        Self::parse_in(text, &Offsets::default())
    }

    /// Reads a decoded value; spans lie where `offsets` says.
    pub fn parse_in(text: &str, offsets: &Offsets) -> Self {
        let reader = Reader { text, offsets };
        Self {
            parts: reader.parts(0, text.len(), 0),
        }
    }

    /// A text in which a dollar sign means nothing.
    pub fn literal(text: &str) -> Self {
        let at = Span::new(0, text.len());
        Self {
            parts: vec![Part::Literal { at }],
        }
    }

    /// True when nothing in it depends on a variable.
    pub fn is_literal(&self) -> bool {
        self.parts
            .iter()
            .all(|part| !matches!(part, Part::Reference(_)))
    }

    /// Every reference, outer ones before those in their operands.
    pub fn references(&self) -> Vec<&Reference> {
        let mut found = Vec::new();
        for part in &self.parts {
            if let Part::Reference(reference) = part {
                found.push(reference);
                if let Some(op) = &reference.op {
                    found.extend(op.operand.references());
                }
            }
        }
        found
    }

    /// What Compose would refuse, wherever it stands; the text itself is kept as literal.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        for part in &self.parts {
            match part {
                Part::Invalid { span, .. } => found.push(invalid(*span)),
                Part::Reference(Reference { op: Some(op), .. }) => {
                    found.extend(op.operand.problems());
                }
                _ => {}
            }
        }
        found
    }

    /// Computes the text; `text` is the one that was parsed.
    pub fn evaluate(&self, text: &str, lookup: Lookup) -> Evaluated {
        self.evaluate_or(text, lookup, "")
    }

    /// The same with `unset` in place of every variable without value and fallback.
    pub fn evaluate_or(&self, text: &str, lookup: Lookup, unset: &str) -> Evaluated {
        let mut run = Run {
            text,
            lookup,
            unset,
            out: String::new(),
            used: Vec::new(),
            refusal: None,
        };
        run.parts(self);
        Evaluated {
            text: Secret::new(run.out),
            used: run.used,
            refusal: run.refusal,
        }
    }
}

impl Evaluated {
    /// True when no variable was without value and fallback.
    pub fn is_known(&self) -> bool {
        self.refusal.is_none()
            && !self
                .used
                .iter()
                .any(|used| matches!(used.outcome, Outcome::Unset | Outcome::Missing))
    }
}

fn invalid(span: Span) -> Problem {
    let message =
        "not a valid variable reference: write ${NAME}, ${NAME:-fallback} or $$ for a dollar sign";
    Problem::new("interpolation-syntax", span, message)
}

struct Run<'a> {
    text: &'a str,
    lookup: Lookup<'a>,
    unset: &'a str,
    out: String,
    used: Vec<Used>,
    refusal: Option<Refusal>,
}

impl Run<'_> {
    fn parts(&mut self, template: &Template) {
        for part in &template.parts {
            match part {
                Part::Literal { at } => self.push(at.of(self.text), *at),
                Part::Dollar { at } => self.push("$", *at),
                Part::Reference(reference) => self.reference(reference),
                Part::Invalid { at, span } => {
                    self.push(at.of(self.text), *at);
                    self.refuse(RefusalKind::Interpolation, invalid(*span));
                }
            }
        }
    }

    fn push(&mut self, text: &str, at: Span) {
        if self.out.len() + text.len() <= LONGEST {
            self.out.push_str(text);
        } else {
            let message = "the value grows beyond a megabyte; not expanded further";
            self.refuse(
                RefusalKind::TooLarge,
                Problem::new("interpolation-too-large", at, message),
            );
        }
    }

    fn refuse(&mut self, kind: RefusalKind, problem: Problem) {
        self.refusal.get_or_insert(Refusal { kind, problem });
    }

    fn reference(&mut self, reference: &Reference) {
        let value = (self.lookup)(&reference.name);
        let Some(op) = &reference.op else {
            let outcome = if value.is_some() {
                Outcome::Value
            } else {
                Outcome::Unset
            };
            self.settle(reference, outcome, value);
            if outcome == Outcome::Unset {
                self.push(self.unset, reference.span);
            }
            return;
        };
        let present = value
            .as_ref()
            .is_some_and(|value| !op.or_empty || !value.is_empty());
        match (op.kind, present) {
            (OpKind::Default | OpKind::Required, true) => {
                self.settle(reference, Outcome::Value, value);
            }
            (OpKind::Default, false) => {
                self.settle(reference, Outcome::Fallback, None);
                self.parts(&op.operand);
            }
            (OpKind::Alternative, true) => {
                self.settle(reference, Outcome::Alternative, None);
                self.parts(&op.operand);
            }
            (OpKind::Alternative, false) => self.settle(reference, Outcome::Nothing, value),
            (OpKind::Required, false) => {
                self.settle(reference, Outcome::Missing, None);
                self.push(self.unset, reference.span);
                let message = format!("required variable {} has no value", reference.name);
                let problem = Problem::new("interpolation-required", reference.span, message);
                self.refuse(RefusalKind::Required, problem);
            }
        }
    }

    fn settle(&mut self, reference: &Reference, outcome: Outcome, value: Option<Secret>) {
        self.used.push(Used {
            name: reference.name.clone(),
            span: reference.span,
            operand: reference.op.as_ref().map(|op| op.span),
            outcome,
        });
        if let Some(value) = value {
            self.push(value.expose(), reference.span);
        }
    }
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
