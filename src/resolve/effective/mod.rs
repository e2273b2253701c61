//! What holds in each stack: the written facts that survive the merge, with the stack's environment and the chain that
//! carried them there.
//!
//! A finding has to point at the bytes that wrote a value, so an effective fact is the written one, seen from a stack. Only
//! what no single place states is made anew: a value that an env file fills into `${X}`, and a service as it stands after
//! the merge.

mod holds;
mod service;
mod started;
mod via;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::compose::{self, Invocation, Issue, IssueKind, Project};
use super::stacks::Stack;
use crate::model::schema::Kind;
use crate::model::tree::{Entry, ReadError};
use crate::model::{Document, Env, EnvSet, Fact, Layer, Str, Tree};
use crate::value::Lexicon;
use holds::Written;

/// Fewer stacks than this are evaluated before a thread has begun.
const WORTH_SHARING: usize = 8;

/// A stack with what Compose would make of it.
pub struct Evaluated {
    pub stack: Stack,
    pub project: Arc<Project>,
    /// Every path that the evaluation asked the tree for.
    asked: Arc<Vec<String>>,
    /// Environments of single services, where one file runs several environments.
    pub services: BTreeMap<Str, Env>,
}

impl Evaluated {
    /// The environment of a service.
    pub fn env_of(&self, service: &str) -> Env {
        self.services
            .get(service)
            .copied()
            .unwrap_or(self.stack.claim.env)
    }

    /// What findings call the stack: its files.
    pub fn name(&self) -> Str {
        Str::from(self.stack.files.join("+"))
    }
}

/// What another tree of the same repository had.
#[derive(Clone, Copy)]
pub struct Elsewhere<'a> {
    pub stacks: &'a [Evaluated],
    /// Whether a path holds the same here and there, or nothing in both.
    pub same: &'a (dyn Fn(&str) -> bool + Sync),
}

impl Elsewhere<'_> {
    /// The same stack, if nothing is another one of all that its evaluation asked for.
    fn find(&self, stack: &Stack) -> Option<&Evaluated> {
        let is_alike = |one: &&Evaluated| {
            let other = &one.stack;
            (&other.folder, &other.env_files, &other.project_name)
                == (&stack.folder, &stack.env_files, &stack.project_name)
        };
        // They are sorted by their files.
        let before = |one: &Evaluated| one.stack.files < stack.files;
        let from = self.stacks.partition_point(before);
        let of_files = self.stacks.get(from..)?.iter();
        let mut of_files = of_files.take_while(|one| one.stack.files == stack.files);
        let found = of_files.find(is_alike)?;
        let is_same = |path: &String| (self.same)(path);
        found.asked.iter().all(is_same).then_some(found)
    }
}

/// A tree that remembers what it was asked for.
struct Remembering<'a> {
    tree: &'a dyn Tree,
    asked: Mutex<Vec<String>>,
}

impl Remembering<'_> {
    fn remember(&self, path: &str) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if !asked.iter().any(|known| known == path) {
            asked.push(path.to_owned());
        }
    }
}

impl Tree for Remembering<'_> {
    fn entries(&self) -> &[Entry] {
        self.tree.entries()
    }

    fn read(&self, path: &str) -> Result<Str, ReadError> {
        self.remember(path);
        self.tree.read(path)
    }

    fn ignore_covers(&self, path: &str) -> bool {
        self.tree.ignore_covers(path)
    }

    fn has(&self, path: &str) -> bool {
        self.remember(path);
        self.tree.has(path)
    }
}

/// Evaluates every stack that was not evaluated elsewhere.
pub fn evaluate(
    stacks: Vec<Stack>,
    root_name: &str,
    tree: &dyn Tree,
    lexicon: &Lexicon,
    elsewhere: Option<Elsewhere>,
) -> Vec<Evaluated> {
    let one = |stack: Stack| {
        let known = elsewhere.as_ref().and_then(|other| other.find(&stack));
        let (project, asked) = match known {
            Some(one) => (Arc::clone(&one.project), Arc::clone(&one.asked)),
            None => evaluated(&stack, root_name, tree),
        };
        Evaluated {
            services: services_by_env(&stack, &project, lexicon),
            stack,
            project,
            asked,
        }
    };
    if stacks.len() < WORTH_SHARING {
        stacks.into_iter().map(one).collect()
    } else {
        stacks.into_par_iter().map(one).collect()
    }
}

fn evaluated(stack: &Stack, root_name: &str, tree: &dyn Tree) -> (Arc<Project>, Arc<Vec<String>>) {
    let asking = Remembering {
        tree,
        asked: Mutex::default(),
    };
    let project = compose::evaluate(&asking, &invocation(stack, root_name));
    let asked = asking.asked.into_inner();
    let asked = asked.unwrap_or_else(PoisonError::into_inner);
    (Arc::new(project), Arc::new(asked))
}

/// Every profile is on: somebody may switch it on, and what it starts then has to be right as well.
fn invocation(stack: &Stack, root_name: &str) -> Invocation {
    Invocation {
        cwd: stack.folder.to_string(),
        files: stack.files.iter().map(ToString::to_string).collect(),
        env_files: stack.env_files.iter().map(ToString::to_string).collect(),
        profiles: vec!["*".to_owned()],
        project_name: stack.project_name.as_ref().map(ToString::to_string),
        root_name: root_name.to_owned(),
        ..Invocation::default()
    }
}

/// `db-dev` beside `db-prod` in one file of no environment: each service belongs where its name says. One such name alone
/// proves nothing.
fn services_by_env(stack: &Stack, project: &Project, lexicon: &Lexicon) -> BTreeMap<Str, Env> {
    if stack.claim.env.is_named() {
        return BTreeMap::new();
    }
    let named = project.services.iter().filter_map(|service| {
        let env = lexicon.words.named(&service.name)?;
        Some((Str::clone(&service.name), env))
    });
    let named: BTreeMap<Str, Env> = named.collect();
    let several = EnvSet::of(named.values().copied()).len() > 1;
    if several { named } else { BTreeMap::new() }
}

/// Adds what Compose would refuse to the problems of the files, unless their reader told it already.
pub fn tell(evaluated: &[Evaluated], documents: &mut [Document]) {
    let issues = evaluated.iter().flat_map(|one| &one.project.issues);
    for issue in issues.filter(|issue| is_certain(issue)) {
        let by_path = documents.binary_search_by(|document| document.file.path.cmp(&issue.file));
        let Some(document) = by_path.ok().and_then(|at| documents.get_mut(at)) else {
            continue;
        };
        let span = issue.problem.span;
        let told = document
            .problems
            .iter()
            .any(|problem| problem.span.start <= span.end && span.start <= problem.span.end);
        if !told {
            document.problems.push(issue.problem.clone());
        }
    }
}

/// What the files alone decide. Which of them run together may be a guess, an env file may be made on the machine, and
/// part of a configuration alone may name services that another part declares.
fn is_certain(issue: &Issue) -> bool {
    use IssueKind::{
        Cast, DependencyCircle, EnvFileSyntax, Extends, IncludeCycle, Interpolation, Limit, Merge,
        MissingFile, Port, Schema, Volume,
    };
    matches!(
        issue.kind,
        Cast | DependencyCircle
            | EnvFileSyntax
            | Extends
            | IncludeCycle
            | Interpolation
            | Limit
            | Merge
            | MissingFile
            | Port
            | Schema
            | Volume
    )
}

/// Adds what holds to the written facts, which then count as written only.
pub fn add(
    facts: &mut Vec<Fact>,
    evaluated: &[Evaluated],
    documents: &[Document],
    lexicon: &Lexicon,
) {
    let written = Written::of(facts, documents);
    let mut holding = holds::Holding::new(&written, lexicon);
    for one in evaluated {
        holding.stack(one);
    }
    let (effective, files) = holding.finish();
    for fact in facts.iter_mut() {
        if files.contains(&fact.file.path) && is_of_a_stack(fact) {
            fact.layer = Layer::Written;
        }
    }
    facts.extend(effective);
}

/// Facts about a file as a whole hold wherever the file is.
fn is_of_a_stack(fact: &Fact) -> bool {
    !matches!(
        fact.kind,
        Kind::file | Kind::problem | Kind::repo | Kind::environment
    )
}

/// Paths of env files that Compose files load and that no name gives away.
pub fn loaded_env_files(documents: &[Document], tree: &dyn Tree) -> BTreeSet<String> {
    use crate::model::schema::compose_env_file;
    let known: BTreeSet<&str> = documents
        .iter()
        .map(|document| document.file.path.as_ref())
        .collect();
    let facts = documents.iter().flat_map(|document| &document.facts);
    facts
        .filter(|fact| fact.kind == compose_env_file::KIND)
        .filter_map(|fact| super::stacks::join(&fact.file.dir, fact.text(compose_env_file::PATH)))
        .filter(|path| !known.contains(path.as_str()) && tree.has(path))
        .collect()
}
