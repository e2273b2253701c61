//! What actually holds in each environment: decides the environment of every fact, and adds the facts that no single
//! file states.

pub mod compose;
pub mod derive;
mod environment;
mod inventory;
pub mod stacks;

use crate::model::{Document, Fact, Str, Tree};
use crate::value::Lexicon;

/// Everything one run resolves.
pub struct Input<'a> {
    pub documents: Vec<Document>,
    /// Name of the root folder.
    pub root_name: &'a str,
    pub lexicon: &'a Lexicon,
    pub tree: &'a dyn Tree,
}

/// The documents with their environments decided, and all facts in one list: those of the files first, in their order.
pub struct Resolved {
    pub documents: Vec<Document>,
    pub facts: Vec<Fact>,
}

pub fn resolve(input: Input) -> Resolved {
    let mut documents = input.documents;
    environment::assign(&mut documents);
    let mut facts: Vec<Fact> = documents
        .iter()
        .flat_map(|document| document.facts.iter().cloned())
        .collect();
    facts.extend(inventory::facts(
        &documents,
        input.root_name,
        &input.lexicon.environments,
        input.tree,
    ));
    let machines: Vec<Str> = input
        .lexicon
        .environments
        .all()
        .map(|(_, info)| Str::from(info.machine.as_str()))
        .collect();
    for fact in &mut facts {
        fact.machine = fact
            .env
            .and_then(|env| machines.get(env.index()).map(Str::clone));
    }
    facts.extend(derive::facts(&facts, &documents, input.lexicon));
    Resolved { documents, facts }
}
