//! What actually holds in each environment: decides the environment of every fact, and adds the facts that no single
//! file states.

mod calls;
mod collisions;
pub mod compose;
pub mod derive;
pub mod effective;
mod environment;
mod images;
mod inventory;
mod kustomize;
pub mod layers;
mod reads;
pub mod stacks;

use crate::model::{Document, Environments, Fact, Str, Tree};
use crate::value::Lexicon;
pub use calls::included;
pub use effective::Elsewhere;
use effective::Evaluated;
pub use environment::is_selector;
use layers::Layers;
use stacks::Declared;

/// Everything one run resolves.
pub struct Input<'a> {
    pub documents: Vec<Document>,
    /// Name of the root folder.
    pub root_name: &'a str,
    pub lexicon: &'a Lexicon,
    pub tree: &'a dyn Tree,
    /// Stacks that the configuration declares.
    pub declared: Vec<Declared>,
    /// Another tree of the same repository, resolved before.
    pub elsewhere: Option<Elsewhere<'a>>,
}

/// The documents with their environments decided, and all facts in one list: those of the files first, in their order.
pub struct Resolved {
    pub documents: Vec<Document>,
    pub facts: Vec<Fact>,
    pub stacks: Vec<Evaluated>,
    /// Settings of frameworks that lie over each other.
    pub layers: Vec<Layers>,
}

pub fn resolve(input: Input) -> Resolved {
    let Input {
        mut documents,
        root_name,
        lexicon,
        tree,
        declared,
        elsewhere,
    } = input;
    environment::assign(&mut documents);
    kustomize::settle(&mut documents);
    calls::join(&mut documents, lexicon);
    let stacks = stacks::discover(&documents, &declared, &lexicon.environments, tree);
    let stacks = effective::evaluate(stacks, root_name, tree, lexicon, elsewhere);
    effective::tell(&stacks, &mut documents);
    reads::tell(&mut documents);
    let mut facts = written(&documents);
    effective::add(&mut facts, &stacks, &documents, lexicon);
    let layers = layers::add(&mut facts, &documents, &lexicon.environments, tree);
    facts.extend(collisions::facts(
        &stacks,
        &documents,
        &lexicon.environments,
    ));
    facts.extend(images::facts(&documents, tree));
    facts.extend(inventory::facts(
        &documents,
        root_name,
        &lexicon.environments,
        tree,
    ));
    assign_machines(&mut facts, &lexicon.environments);
    facts.extend(derive::facts(&facts, &documents, lexicon));
    Resolved {
        documents,
        facts,
        stacks,
        layers,
    }
}

/// What the files say themselves.
fn written(documents: &[Document]) -> Vec<Fact> {
    let facts = documents.iter().flat_map(|document| &document.facts);
    facts.cloned().collect()
}

fn assign_machines(facts: &mut [Fact], environments: &Environments) {
    let machines: Vec<Str> = environments
        .all()
        .map(|(_, info)| Str::from(info.machine.as_str()))
        .collect();
    for fact in facts {
        fact.machine = fact
            .env
            .and_then(|env| machines.get(env.index()).map(Str::clone));
    }
}
