//! Which Compose files run together, in which environment, and why that is believed.
//!
//! Separation is a property of what runs. A base file, its override and an env file say nothing alone. The evidence, the
//! strongest first: what the team declares; the commands in its scripts, CI jobs and READMEs; a service that has neither
//! image nor build where it stands; the names.

mod env;
mod naming;
mod runs;

use std::collections::BTreeMap;

use crate::model::file::Claim;
use crate::model::{Document, Env, Environments, Place, Str, Tree};

/// A stack that the configuration declares.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    pub env: Option<Env>,
    pub files: Vec<String>,
    pub env_files: Vec<String>,
    pub profiles: Vec<String>,
    pub project_name: Option<String>,
    /// Where it is written, for people.
    pub written: String,
}

/// Why something about a stack is believed.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub text: Str,
    /// Where that can be read, unless it is a name.
    pub place: Option<Place>,
}

/// Files that run together.
#[derive(Clone, Debug)]
pub struct Stack {
    pub claim: Claim,
    /// Paths from the root, in the order they are merged.
    pub files: Vec<Str>,
    /// What `--env-file` names, from the root.
    pub env_files: Vec<Str>,
    /// Profiles that some command switches on; empty means that none is known.
    pub profiles: Vec<Str>,
    pub project_name: Option<Str>,
    /// Folder relative paths and the default project name come from.
    pub folder: Str,
    pub evidence: Vec<Evidence>,
    /// A file of another purpose (`docker-compose.build.yml`) that names no environment is one more way to run the
    /// project, not one more environment: it is compared with none.
    pub variant: bool,
}

/// What discovery looks at.
pub(super) struct Scene<'a> {
    pub documents: &'a [Document],
    pub environments: &'a Environments,
    pub tree: &'a dyn Tree,
    /// Compose documents by path.
    pub compose: BTreeMap<&'a str, &'a Document>,
}

impl<'a> Scene<'a> {
    fn new(documents: &'a [Document], environments: &'a Environments, tree: &'a dyn Tree) -> Self {
        let is_compose = |document: &&Document| document.file.format == "compose";
        let compose = documents
            .iter()
            .filter(is_compose)
            .map(|document| (document.file.path.as_ref(), document));
        Self {
            documents,
            environments,
            tree,
            compose: compose.collect(),
        }
    }
}

/// Every stack of the tree, sorted by its files and environment.
pub fn discover(
    documents: &[Document],
    declared: &[Declared],
    environments: &Environments,
    tree: &dyn Tree,
) -> Vec<Stack> {
    let scene = Scene::new(documents, environments, tree);
    if scene.compose.is_empty() {
        return Vec::new();
    }
    let mut drafts: Vec<Draft> = declared.iter().map(Draft::declared).collect();
    drafts.extend(runs::drafts(&scene));
    let mut drafts = merged(drafts);
    drafts.extend(naming::drafts(&scene, &drafts));
    let mut stacks: Vec<Stack> = drafts
        .into_iter()
        .map(|draft| env::decide(draft, &scene))
        .collect();
    stacks.sort_by(|a, b| {
        (&a.files, a.claim.env, &a.env_files).cmp(&(&b.files, b.claim.env, &b.env_files))
    });
    stacks
}

/// A stack whose environment is not decided yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// Said by the team, or by the place of the command.
    pub env: Option<Claim>,
    pub files: Vec<Str>,
    pub env_files: Vec<Str>,
    pub profiles: Vec<Str>,
    pub project_name: Option<Str>,
    pub folder: Option<Str>,
    pub evidence: Vec<Evidence>,
}

impl Draft {
    fn declared(declared: &Declared) -> Self {
        let list = |paths: &[String]| paths.iter().map(|path| Str::from(path.as_str())).collect();
        let reason = Str::from(format!("declared in {}", declared.written));
        Self {
            env: declared.env.map(|env| Claim {
                env,
                reason: Str::clone(&reason),
            }),
            files: list(&declared.files),
            env_files: list(&declared.env_files),
            profiles: list(&declared.profiles),
            project_name: declared.project_name.as_deref().map(Str::from),
            folder: None,
            evidence: vec![Evidence {
                text: reason,
                place: None,
            }],
        }
    }
}

/// Two commands over the same files are one stack: profiles and reasons add up, the first environment stays.
fn merged(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut by_files: BTreeMap<_, Draft> = BTreeMap::new();
    for draft in drafts {
        let key = (
            draft.files.clone(),
            draft.env_files.clone(),
            draft.project_name.clone(),
        );
        match by_files.get_mut(&key) {
            Some(known) => {
                known.env = known.env.take().or(draft.env);
                known.profiles.extend(draft.profiles);
                known.profiles.sort();
                known.profiles.dedup();
                known.evidence.extend(draft.evidence);
            }
            None => {
                by_files.insert(key, draft);
            }
        }
    }
    by_files.into_values().collect()
}

/// Folder of a path, `.` at the root.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

/// `folder/path` with `.` and `..` resolved; `None` where it leaves the root or is absolute.
pub(in crate::resolve) fn join(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.starts_with('~') {
        return None;
    }
    let mut steps: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(path.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

#[cfg(test)]
mod tests;
