//! What Dockerfiles put into their images: the env files of the tree they copy, by name or with a whole folder, past the
//! ignore file of the build context.
//!
//! No Dockerfile says which folder it is built from. The nearest folder that holds what it copies is taken for it; where
//! that decides nothing, nothing is said.

mod ignore;

use std::sync::Arc;

use super::stacks::join;
use crate::model::finding::Place;
use crate::model::schema::{docker_context, docker_copy, docker_env_file, var};
use crate::model::{Document, Env, Fact, Kind, Role, Tree, Val};
use ignore::Ignore;

/// One fact for each env file and for each whole context that ends in an image.
pub fn facts(documents: &[Document], tree: &dyn Tree) -> Vec<Fact> {
    documents
        .iter()
        .filter(|document| {
            document
                .facts
                .iter()
                .any(|fact| fact.kind == Kind::docker_copy)
        })
        .flat_map(|document| of(document, documents, tree))
        .collect()
}

fn of(document: &Document, documents: &[Document], tree: &dyn Tree) -> Vec<Fact> {
    let copies: Vec<&Fact> = document
        .facts
        .iter()
        .filter(|fact| fact.kind == Kind::docker_copy)
        .collect();
    let Some(context) = context(document, &copies, tree) else {
        return copies
            .iter()
            .filter(|copy| names_env_file(copy) && is_telling(copy.text(docker_copy::SRC)))
            .map(|copy| env_file(copy, copy.text(docker_copy::SRC), None))
            .collect();
    };
    let (ignore_file, ignore) = ignore_of(document, &context, tree);
    let mut facts = Vec::new();
    let mut along: Option<&Fact> = None;
    for copy in copies.iter().filter(|copy| is_shipped(copy)) {
        if is_true(copy, docker_copy::WHOLE) {
            along.get_or_insert(copy);
            facts.push(whole(copy, &context, ignore_file.as_deref(), &ignore));
        } else if names_env_file(copy) {
            facts.extend(by_name(copy, &context, documents));
        }
    }
    if let Some(copy) = along {
        add_all(copy, &context, &ignore, documents, &mut facts);
    }
    facts
}

fn by_name(copy: &Fact, context: &str, documents: &[Document]) -> Option<Fact> {
    let source = copy.text(docker_copy::SRC);
    let path = join(context, source).unwrap_or_default();
    let found = documents.iter().find(|one| one.file.path.as_ref() == path);
    match found {
        Some(_) => Some(env_file(copy, &path, found)),
        None => is_telling(source).then(|| env_file(copy, source, None)),
    }
}

/// The env files that come along with the whole context.
fn add_all(
    copy: &Fact,
    context: &str,
    ignore: &Ignore,
    documents: &[Document],
    facts: &mut Vec<Fact>,
) {
    let taken = documents
        .iter()
        .filter(|one| is_real_env_file(one))
        .filter(|one| below(context, &one.file.path).is_some_and(|path| !ignore.leaves_out(path)));
    for one in taken {
        let is_named = |fact: &Fact| {
            fact.kind == Kind::docker_env_file
                && fact.text(docker_env_file::PATH) == one.file.path.as_ref()
        };
        if !facts.iter().any(is_named) {
            facts.push(env_file(copy, &one.file.path, Some(one)));
        }
    }
}

fn is_true(fact: &Fact, field: crate::model::schema::Field) -> bool {
    fact.get(field) == Val::Bool(true)
}

fn is_shipped(copy: &Fact) -> bool {
    is_true(copy, docker_copy::SHIPPED)
}

fn names_env_file(copy: &Fact) -> bool {
    is_shipped(copy) && is_true(copy, docker_copy::ENV_FILE)
}

/// A file that is not here and called `.env…` is kept out of version control for a reason; `dist/app.env` is a form that
/// another step fills in.
fn is_telling(source: &str) -> bool {
    source
        .rsplit('/')
        .next()
        .unwrap_or(source)
        .starts_with(".env")
}

fn is_real_env_file(document: &Document) -> bool {
    document.file.format == "dotenv" && document.file.role == Role::Real
}

/// The path below a folder.
fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// The folder the image is built from, empty for the root.
fn context(document: &Document, copies: &[&Fact], tree: &dyn Tree) -> Option<String> {
    let dir = match document.file.dir.as_ref() {
        "." => "",
        dir => dir,
    };
    let folders = || {
        std::iter::successors(Some(dir), |dir| {
            (!dir.is_empty()).then(|| dir.rsplit_once('/').map_or("", |(parent, _)| parent))
        })
    };
    let named: Vec<&str> = copies
        .iter()
        .filter(|copy| !is_true(copy, docker_copy::WHOLE))
        .map(|copy| copy.text(docker_copy::SRC))
        .filter(|source| !source.contains(['*', '$', '[', '?']))
        .collect();
    let found = |folder: &str| {
        let paths = named.iter().filter_map(|source| join(folder, source));
        paths.filter(|path| exists(tree, path)).count()
    };
    let mut best: Option<(usize, &str)> = None;
    for folder in folders() {
        let count = found(folder);
        if count > best.map_or(0, |(most, _)| most) {
            best = Some((count, folder));
        }
    }
    best.map(|(_, folder)| folder)
        .or_else(|| folders().find(|folder| tree.has(&child(folder, ".dockerignore"))))
        .or_else(|| dir.is_empty().then_some(dir))
        .map(str::to_owned)
}

/// A file, or a folder with some file of the snapshot in it.
fn exists(tree: &dyn Tree, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let folder = format!("{path}/");
    let entries = tree.entries();
    let at = entries.partition_point(|entry| entry.path.as_ref() < folder.as_str());
    !path.is_empty()
        && (tree.has(path)
            || entries
                .get(at)
                .is_some_and(|entry| entry.path.starts_with(&folder)))
}

fn child(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// The ignore file of the Dockerfile itself, else the one of the context.
fn ignore_of(document: &Document, context: &str, tree: &dyn Tree) -> (Option<String>, Ignore) {
    let own = format!("{}.dockerignore", document.file.path);
    let paths = [own, child(context, ".dockerignore")];
    for path in paths {
        if let Ok(text) = tree.read(&path) {
            return (Some(path), Ignore::parse(&text));
        }
    }
    (None, Ignore::parse(""))
}

fn whole(copy: &Fact, context: &str, ignore_file: Option<&str>, ignore: &Ignore) -> Fact {
    let covers = [".env", ".env.production"]
        .iter()
        .all(|name| ignore.leaves_out(name));
    let shown = if context.is_empty() { "." } else { context };
    at(copy, Kind::docker_context)
        .with(docker_context::CONTEXT, shown)
        .with(docker_context::IGNORE_FILE, ignore_file)
        .with(docker_context::COVERS_ENV, covers)
}

fn env_file(copy: &Fact, path: &str, found: Option<&Document>) -> Fact {
    let own = || match copy.get(docker_copy::SRC_ENV) {
        Val::Env(env) => Some(env),
        _ => None,
    };
    let claimed = |one: &Document| one.file.claim.as_ref().map(|claim| claim.env);
    let env = found
        .and_then(claimed)
        .or_else(own)
        .filter(|env: &Env| env.is_named());
    let mut fact = at(copy, Kind::docker_env_file)
        .with(docker_env_file::PATH, path)
        .with(docker_env_file::PATH_ENV, env)
        .with(
            docker_env_file::BY_NAME,
            is_true(copy, docker_copy::ENV_FILE),
        )
        .with(
            docker_env_file::COMMITTED,
            found.is_some_and(|one| one.file.tracked),
        )
        .with(docker_env_file::SECRETS, found.map(holds_secrets));
    fact.related.extend(found.and_then(|one| {
        let secret = one.facts.iter().find(|fact| is_literal_secret(fact))?;
        Some(Place {
            file: Arc::clone(&one.file),
            span: secret.key,
            label: "a credential in it".to_owned(),
        })
    }));
    fact
}

fn at(copy: &Fact, kind: Kind) -> Fact {
    let mut fact = Fact::new(kind, &copy.file, copy.key, copy.span);
    fact.env = copy.env;
    fact.env_reason.clone_from(&copy.env_reason);
    fact
}

fn holds_secrets(document: &Document) -> bool {
    document.facts.iter().any(is_literal_secret)
}

fn is_literal_secret(fact: &Fact) -> bool {
    fact.kind == Kind::var
        && is_true(fact, var::SENSITIVE)
        && fact.text(var::ORIGIN) == "value"
        && !matches!(
            fact.text(var::VALUE_KIND),
            "empty" | "marker" | "reference" | "encrypted" | "default_value" | "bool"
        )
}
