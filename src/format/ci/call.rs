//! What a job uses of the same repository, as facts. Each file is read alone, so that what is used is only named here;
//! `resolve` brings both sides together.

use crate::format::written::bounded;
use crate::model::schema::{Kind, workflow_call};
use crate::model::{Fact, Secret, Span};

use super::Emitter;
use super::place::Place;

/// A workflow or an action of the same repository.
#[derive(Clone, Debug)]
pub(in crate::format) struct Call<'a> {
    /// From the root of the tree.
    pub(in crate::format) to: String,
    pub(in crate::format) key: Span,
    pub(in crate::format) handed: Vec<Handed<'a>>,
}

/// An input of what is used.
#[derive(Clone, Debug)]
pub(in crate::format) struct Handed<'a> {
    pub(in crate::format) name: &'a str,
    pub(in crate::format) key: Span,
    pub(in crate::format) span: Span,
    /// Everything that it can be; nothing where that is not known.
    pub(in crate::format) can_be: Vec<String>,
}

impl Emitter<'_> {
    /// The call itself, and behind it all that it hands over.
    pub(super) fn call(&mut self, call: &Call, job: &str, place: &Place) {
        let fact = |key: Span, span: Span| {
            let mut fact = Fact::new(Kind::workflow_call, self.input.file, key, span)
                .with(workflow_call::JOB, job)
                .with(workflow_call::CALLS, call.to.as_str());
            place.stamp(&mut fact);
            fact
        };
        let mut facts = vec![fact(call.key, call.key)];
        for handed in &call.handed {
            let input = |fact: Fact| fact.with(workflow_call::INPUT, handed.name);
            if handed.can_be.is_empty() {
                facts.push(input(fact(handed.key, handed.span)));
            }
            for text in &handed.can_be {
                let value = Secret::new(bounded(text));
                let fact = input(fact(handed.key, handed.span));
                facts.push(fact.with(workflow_call::VALUE, value));
            }
        }
        self.facts.append(&mut facts);
    }
}
