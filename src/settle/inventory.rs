//! The facts of a run as people may see them: masked, located, with the reason for their environment.

use std::collections::{BTreeMap, BTreeSet};

use super::locate::located;
use super::scrub::Scrubber;
use crate::model::harmless::is_harmless;
use crate::model::schema::{Common, var};
use crate::model::settled::{FactRow, Shown};
use crate::model::{Document, Environments, Fact, Field, Kind, Val};

/// Rows for the facts of the chosen files, in the order of files and places.
pub fn inventory(
    facts: &[Fact],
    documents: &[Document],
    environments: &Environments,
    focus: &dyn Fn(&str) -> bool,
) -> Vec<FactRow> {
    let by_path: BTreeMap<&str, &Document> = documents
        .iter()
        .map(|document| (document.file.path.as_ref(), document))
        .collect();
    let scrubber = Scrubber::of(facts);
    let mut chosen: Vec<&Fact> = facts.iter().filter(|fact| focus(&fact.file.path)).collect();
    chosen.sort_by_key(|fact| (&fact.file.path, fact.span, fact.kind, &fact.stack));
    chosen
        .into_iter()
        .map(|fact| FactRow {
            kind: fact.kind.name(),
            at: located(
                by_path.get(fact.file.path.as_ref()).copied(),
                &scrubber.name(&fact.file.path),
                fact.span,
            ),
            env: fact.env.map(|env| environments.name(env).to_owned()),
            reason: scrubber.text(&fact.env_reason),
            layer: fact.layer,
            stack: fact.stack.as_deref().map(|stack| scrubber.name(stack)),
            fields: fields(fact, environments, &scrubber),
        })
        .collect()
}

/// A fact's own fields, then those common ones that set it apart from most facts.
fn fields(
    fact: &Fact,
    environments: &Environments,
    scrubber: &Scrubber,
) -> Vec<(&'static str, Shown)> {
    let usual: BTreeSet<&str> = ["file", "dir", "env", "project", "machine"].into();
    let plain = |field: Field| match fact.get(field) {
        Val::Word(word) => matches!(word, "real" | "effective"),
        Val::Bool(flag) => flag == (field == Common::Tracked.field()),
        _ => false,
    };
    let own = fact.kind.fields().filter(|field| field.kind.is_some());
    let common = fact.kind.fields().filter(|field| {
        field.kind.is_none() && !usual.contains(field.schema().name) && !plain(*field)
    });
    own.chain(common)
        .filter_map(|field| {
            Some((
                field.schema().name,
                shown(fact, field, environments, scrubber)?,
            ))
        })
        .collect()
}

fn shown(
    fact: &Fact,
    field: Field,
    environments: &Environments,
    scrubber: &Scrubber,
) -> Option<Shown> {
    let sensitive = fact.kind == Kind::var && fact.get(var::SENSITIVE) == Val::Bool(true);
    Some(match fact.get(field) {
        Val::Absent => return None,
        Val::Secret(secret) if secret.is_empty() => Shown::Text(String::new()),
        // Digits are harmless in a setting and a PIN in a password.
        Val::Secret(secret) if sensitive || !is_harmless(secret.expose()) => Shown::Masked,
        Val::Secret(secret) => Shown::Text(secret.expose().to_owned()),
        Val::Str(text) => Shown::Text(scrubber.text(text)),
        Val::Word(word) => Shown::Text(word.to_owned()),
        Val::Int(number) => Shown::Int(number),
        Val::Bool(flag) => Shown::Bool(flag),
        Val::Env(env) => Shown::Text(environments.name(env).to_owned()),
        Val::List(items) => Shown::List(items.iter().map(|item| scrubber.text(item)).collect()),
    })
}
