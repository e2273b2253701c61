//! Types a condition against the fact schema. Everything a policy names is looked up here, so that a typing mistake is
//! an error at load and never a test that silently matches nothing.

mod absent;
mod literal;
mod ops;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) use absent::unpinned;
pub use ops::tests_of;
pub(super) use ops::{comparable, never_equal};

use super::cond::{Body, Clause, Cond, Pred, is_layer};
use super::diagnostic::{Diagnostic, Source};
use super::param::Params;
use super::reader::{Reader, kind_of};
use super::suggest::did_you_mean;
use crate::model::{Environments, Field, Kind, Str, Type};
use crate::syntax::{Entry, Node};
pub(super) use literal::Literal;

/// Types conditions of one policy, or of one allowance in the configuration.
pub struct Checker<'a> {
    pub reader: Reader,
    pub environments: &'a Environments,
    pub params: Params,
    /// What `${each}` stands for at the moment.
    pub each: Option<Literal>,
    /// Parameters whose empty list keeps the policy from ever saying anything.
    pub starving: BTreeSet<Str>,
    /// Regexes seen so far.
    patterns: usize,
    /// Inside an odd number of `not`s.
    negated: bool,
}

impl<'a> Checker<'a> {
    pub fn new(source: &Arc<Source>, environments: &'a Environments) -> Self {
        Self {
            reader: Reader::new(source),
            environments,
            params: Params::default(),
            each: None,
            starving: BTreeSet::new(),
            patterns: 0,
            negated: false,
        }
    }

    /// A condition on facts of one kind. What is wrong in it is left out and reported.
    pub fn cond(&mut self, kind: Kind, node: &Node) -> Cond {
        let mut cond = Cond {
            clauses: Vec::new(),
            source: Some(Arc::clone(&self.reader.source)),
        };
        if let Some(fields) = self.reader.any_fields(node, "a condition") {
            let clauses = fields.iter().filter_map(|entry| self.clause(kind, entry));
            cond.clauses = clauses.collect();
        }
        cond
    }

    pub fn optional_cond(&mut self, kind: Kind, node: Option<&Node>) -> Cond {
        match node {
            Some(node) => self.cond(kind, node),
            None => Cond::default(),
        }
    }

    fn clause(&mut self, kind: Kind, entry: &Entry) -> Option<Clause> {
        let key = entry.key.text()?;
        let body = match key {
            "any" => Body::Any(self.list(kind, entry)?),
            "all" => Body::All(self.list(kind, entry)?),
            "not" => {
                self.negated = !self.negated;
                let cond = self.cond(kind, &entry.value);
                self.negated = !self.negated;
                Body::Not(cond)
            }
            _ => {
                let field = self.field_at(kind, key, &entry.key)?;
                if entry.value.is_null() {
                    self.empty_test(kind, field, entry);
                    return None;
                }
                let preds = self.test(kind, field, &entry.value)?;
                Body::Test { field, preds }
            }
        };
        Some(Clause {
            key: entry.key.span,
            span: entry.key.span.to(entry.value.span),
            body,
        })
    }

    fn list(&mut self, kind: Kind, entry: &Entry) -> Option<Vec<Cond>> {
        if !entry.value.is_seq() || entry.value.items().is_empty() {
            let key = entry.key.text().unwrap_or_default();
            let at = self.reader.at(entry.value.span).start();
            let found = kind_of(&entry.value);
            self.reader.say(
                Diagnostic::error(
                    "P005",
                    at,
                    format!("`{key}` takes a list of conditions, this is {found}"),
                )
                .label(format!("write {key}: [{{..}}, {{..}}]")),
            );
            return None;
        }
        let conds = entry.value.items().iter();
        Some(conds.map(|node| self.cond(kind, node)).collect())
    }

    /// The field of that name, or the error that says which there are.
    pub fn field_at(&mut self, kind: Kind, name: &str, node: &Node) -> Option<Field> {
        let field = kind.field(name);
        if field.is_none() {
            let diagnostic = self.unknown_field(kind, name, node);
            self.reader.say(diagnostic);
        }
        field
    }

    fn unknown_field(&self, kind: Kind, name: &str, node: &Node) -> Diagnostic {
        let names = kind.fields().map(|field| field.schema().name);
        let listed: Vec<String> = kind.fields().map(marked).collect();
        let title = format!("fact `{}` has no field `{name}`", kind.name());
        let mut diagnostic = Diagnostic::error("P003", self.reader.at(node.span), title);
        diagnostic = match name {
            "or" | "any_of" | "one_of" => diagnostic.meant(Some("any")),
            "and" | "all_of" => diagnostic.label("entries of one map are all required already"),
            "none" | "unless" | "except" => diagnostic.meant(Some("not")),
            _ => diagnostic.meant(did_you_mean(name, names)),
        };
        diagnostic = diagnostic.note(format!("fields of {}: {}", kind.name(), listed.join(", ")));
        let others: Vec<&str> = Kind::ALL
            .iter()
            .filter(|other| other.schema().fields.iter().any(|field| field.name == name))
            .map(|other| other.name())
            .collect();
        if others.is_empty() {
            diagnostic
        } else {
            diagnostic.note(format!("`{name}` is a field of: {}", others.join(", ")))
        }
    }

    /// `service:` with nothing behind it.
    fn empty_test(&mut self, kind: Kind, field: Field, entry: &Entry) {
        let name = field.schema().name;
        let at = self.reader.at(entry.key.span);
        let mut diagnostic = Diagnostic::error("P005", at, format!("`{name}` has no value"))
            .label("what should it be?");
        if field.schema().optional {
            diagnostic = diagnostic.note(format!(
                "for “not there at all” write {{{name}: {{present: false}}}}"
            ));
        }
        if matches!(
            field.schema().ty,
            Type::Str | Type::Secret | Type::Path | Type::List
        ) {
            diagnostic = diagnostic.note(format!(
                "for “there, but empty” write {{{name}: {{empty: true}}}}"
            ));
        }
        if !field.schema().optional {
            diagnostic = diagnostic.note(format!("`{name}` of {} is always there", kind.name()));
        }
        self.reader.say(diagnostic);
    }

    fn test(&mut self, kind: Kind, field: Field, node: &Node) -> Option<Vec<Pred>> {
        if !node.is_map() {
            let pred = self.equal(field, node, literal::Star::Refused)?;
            return Some(vec![pred]);
        }
        let name = field.schema().name;
        let ops = self
            .reader
            .any_fields(node, &format!("the test of `{name}`"))?;
        if node.entries().is_empty() {
            let at = self.reader.at(node.span);
            let title = format!("`{name}` is tested with nothing");
            let label = format!("tests: {}", ops::tests_of(field.schema().ty).join(", "));
            self.reader
                .say(Diagnostic::error("P005", at, title).label(label));
            return None;
        }
        let preds: Vec<Pred> = ops
            .iter()
            .filter_map(|entry| self.op(kind, field, entry))
            .collect();
        (!preds.is_empty()).then_some(preds)
    }

    /// The kind of fact of that name.
    pub fn kind(&mut self, word: &super::spec::Text) -> Option<Kind> {
        let kind = Kind::from_name(&word.text);
        if kind.is_none() {
            let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            let at = self.reader.at(word.span);
            self.reader.say(
                Diagnostic::error("P004", at, format!("there is no fact `{}`", word.text))
                    .meant(did_you_mean(&word.text, names.iter().copied()))
                    .note(format!("facts: {}", names.join(", ")))
                    .note("`envguard facts` lists them with their fields"),
            );
        }
        kind
    }
}

/// A field's name as lists show it: `?` where it may be absent.
pub(super) fn marked(field: Field) -> String {
    let schema = field.schema();
    format!("{}{}", schema.name, if schema.optional { "?" } else { "" })
}

/// True when a condition chooses its layer itself.
pub(super) fn chooses_layer(cond: &Cond) -> bool {
    let mut found = false;
    cond.tests(&mut |field, _| found |= is_layer(field));
    found
}
