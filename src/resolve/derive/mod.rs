//! What follows from variables: the URLs and hosts in them, the databases they lead to, images and feature flags. A
//! derived fact stands on the bytes of the value it came from and belongs wherever that value belongs.

mod address;
mod database;
mod group;
mod setting;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use rayon::prelude::*;

use crate::model::file::Nature;
use crate::model::schema::{Field, Kind, var};
use crate::model::{Document, Fact, Span, Val, Value};
use crate::value::Lexicon;

/// So many facts are one piece of work.
const PART: usize = 250;
/// Fewer facts than this are gone through before a thread has begun.
const WORTH_SHARING: usize = 1_500;

/// All facts that follow from the `var` facts among `facts`, in their order. `machine` must be set where it is known.
pub fn facts(facts: &[Fact], documents: &[Document], lexicon: &Lexicon) -> Vec<Fact> {
    let texts: HashMap<&str, &str> = documents
        .iter()
        .map(|document| (document.file.path.as_ref(), document.text.as_ref()))
        .collect();
    let deriver = Deriver { texts, lexicon };
    let groups = group::collect(facts);
    let of_part = |(part, some): (usize, &[Fact])| {
        let mut derived = Vec::new();
        for (at, fact) in (part * PART..).zip(some) {
            if fact.kind != Kind::var {
                continue;
            }
            deriver.addresses(fact, groups.of(at), &mut derived);
            deriver.settings(fact, &mut derived);
            if let Some(group) = groups.led_by(at) {
                derived.extend(deriver.group_database(facts, group));
            }
        }
        derived
    };
    if facts.len() < WORTH_SHARING {
        return facts.chunks(PART).enumerate().flat_map(of_part).collect();
    }
    let parts: Vec<Vec<Fact>> = facts.par_chunks(PART).enumerate().map(of_part).collect();
    parts.into_iter().flatten().collect()
}

struct Deriver<'a> {
    /// Texts by path.
    texts: HashMap<&'a str, &'a str>,
    lexicon: &'a Lexicon,
}

impl Deriver<'_> {
    /// The bytes of a part of a variable's value, where the value stands in the file as it is; else those of the value.
    fn part(&self, from: &Fact, part: &str) -> Span {
        let text = self
            .texts
            .get(from.file.path.as_ref())
            .copied()
            .unwrap_or_default();
        let written = from.span.of(text);
        let inside = written.find(part).filter(|_| !part.is_empty());
        inside.map_or(from.span, |at| {
            let start = from.span.start as usize + at;
            Span::new(start, start + part.len())
        })
    }

    /// The machine of a fact: hosts such as `localhost` are told apart by it.
    fn machine<'f>(&'f self, from: &'f Fact) -> &'f str {
        // Every job of a pipeline has a machine of its own, made for it and thrown away.
        if from.file.nature == Nature::Pipeline && from.text(var::SOURCE) == "workflow" {
            return &from.file.path;
        }
        match (&from.machine, from.env) {
            (Some(machine), _) => machine,
            (None, Some(env)) => self.lexicon.environments.machine(env),
            (None, None) => "",
        }
    }
}

/// A fact that belongs where another one does.
fn fact(kind: Kind, from: &Fact, span: Span) -> Fact {
    let mut fact = Fact::new(kind, &from.file, from.key, span);
    fact.env = from.env;
    fact.env_reason.clone_from(&from.env_reason);
    fact.machine.clone_from(&from.machine);
    fact.layer = from.layer;
    fact.stack.clone_from(&from.stack);
    fact.via.clone_from(&from.via);
    fact
}

/// Copies a field that a derived fact has in common with its variable.
fn copy(to: &mut Fact, field: Field, from: &Fact, source: Field) {
    let value = match from.get(source) {
        Val::Str(text) => Value::from(text),
        Val::Word(word) => Value::Word(word),
        _ => Value::Absent,
    };
    to.set(field, value);
}

/// The value is written here: not empty, not a form, not decided elsewhere.
fn is_literal(fact: &Fact) -> bool {
    !matches!(
        fact.text(var::VALUE_KIND),
        "empty" | "marker" | "reference" | "encrypted"
    )
}
