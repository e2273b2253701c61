//! Facts about the repository as a whole: itself, the environments it really has, and the files that were looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::file::Nature;
use crate::model::schema::{environment, file, problem, repo, workflow_job};
use crate::model::{Document, Env, Environments, Fact, File, Role, Span, Tree, Val, Value};

/// The repository, its environments, its files, and what could not be read in them.
pub fn facts(
    documents: &[Document],
    root_name: &str,
    environments: &Environments,
    tree: &dyn Tree,
) -> Vec<Fact> {
    let mut facts: Vec<Fact> = documents
        .iter()
        .map(|document| file_fact(&document.file, tree))
        .collect();
    facts.extend(documents.iter().flat_map(problem_facts));
    facts.extend(environment_facts(documents, environments));
    if let Some(document) = documents.first() {
        // A finding about the repository needs a place; the file's own environment has no part in it.
        let at = Arc::new(File::at(&document.file.path));
        facts.push(whole(repo::KIND, &at).with(repo::NAME, root_name));
    }
    facts
}

/// A fact about a file as a whole.
fn whole(kind: crate::model::Kind, of: &Arc<File>) -> Fact {
    Fact::new(kind, of, Span::default(), Span::default())
}

fn file_fact(of: &Arc<File>, tree: &dyn Tree) -> Fact {
    whole(file::KIND, of)
        .with(file::NAME, of.name.as_ref())
        .with(file::PATH, of.path.as_ref())
        .with(file::EXT, of.ext())
        .with(file::FORMAT, Value::Word(of.format))
        .with(
            file::IGNORE_COVERS,
            of.ignored || tree.ignore_covers(&of.path),
        )
}

fn problem_facts(document: &Document) -> impl Iterator<Item = Fact> {
    document.problems.iter().map(|found| {
        Fact::new(problem::KIND, &document.file, found.span, found.span)
            .with(problem::CODE, found.code)
            .with(problem::FORMAT, Value::Word(document.file.format))
            .with(problem::DETAIL, found.message.as_str())
    })
}

/// What is known of one environment while its files are counted.
struct Seen<'a> {
    /// Where findings about the environment as a whole are shown: its first file, real ones before templates.
    at: &'a Arc<File>,
    dotenv: bool,
    compose: bool,
}

/// One fact for each environment that real or example configuration belongs to.
fn environment_facts(documents: &[Document], environments: &Environments) -> Vec<Fact> {
    let mut seen: BTreeMap<Env, Seen> = BTreeMap::new();
    for document in documents {
        let file = &document.file;
        // A framework brings a settings module for every environment it can imagine.
        let is_program = file.nature == Nature::Program;
        if is_program || !matches!(file.role, Role::Real | Role::Example | Role::Encrypted) {
            continue;
        }
        for env in environments_of(document).filter(|env| env.is_named()) {
            let entry = seen.entry(env).or_insert(Seen {
                at: file,
                dotenv: false,
                compose: false,
            });
            if file.role < entry.at.role {
                entry.at = file;
            }
            entry.dotenv |= ["dotenv", "dump"].contains(&file.format);
            entry.compose |= file.format == "compose";
        }
    }
    let to_fact = |(env, seen): (Env, Seen)| {
        let mut fact = whole(environment::KIND, seen.at)
            .with(environment::DEPLOYED, environments.is_deployed(env))
            .with(environment::HAS_DOTENV, seen.dotenv)
            .with(environment::HAS_COMPOSE, seen.compose);
        fact.env = Some(env);
        fact
    };
    seen.into_iter().map(to_fact).collect()
}

/// The file's own environment, and those of its parts: a job, a section, a namespace. Of a pipeline only what it deploys
/// to: the jobs that run tests make no environment.
fn environments_of(document: &Document) -> impl Iterator<Item = Env> {
    let pipeline = document.file.nature == Nature::Pipeline;
    let claimed = document.file.claim.as_ref().map(|claim| claim.env);
    let counts = move |fact: &&Fact| {
        let deploys = || {
            fact.kind == workflow_job::KIND && fact.get(workflow_job::DEPLOYS) == Val::Bool(true)
        };
        !pipeline || deploys()
    };
    let own = document.facts.iter().filter(counts);
    claimed
        .filter(|_| !pipeline)
        .into_iter()
        .chain(own.filter_map(|fact| fact.env))
}
