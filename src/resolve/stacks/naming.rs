//! Stacks that only names and content speak of: the default file with its override, a complete file of an environment,
//! an overlay that needs its base.

use std::collections::BTreeSet;

use super::{Draft, Evidence, Scene, folder_of};
use crate::model::schema::compose_service;
use crate::model::{Document, Str, Val, base_name};

/// The names Compose looks for, in its order.
const DEFAULTS: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];
const OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// The default file of a folder and the override beside it; empty where there is none.
pub fn default_files(folder: &str, scene: &Scene) -> Vec<Str> {
    let first = |names: [&str; 4]| {
        let paths = names.map(|name| {
            if folder == "." {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            }
        });
        paths
            .into_iter()
            .find(|path| scene.compose.contains_key(path.as_str()))
            .map(Str::from)
    };
    first(DEFAULTS)
        .map(|base| std::iter::once(base).chain(first(OVERRIDES)).collect())
        .unwrap_or_default()
}

/// A path of a default or an override file.
pub fn is_usual(path: &str) -> bool {
    let name = base_name(path);
    DEFAULTS.contains(&name) || OVERRIDES.contains(&name)
}

/// A file that Compose takes by its name.
pub fn is_default(document: &Document) -> bool {
    DEFAULTS.contains(&document.file.name.as_ref())
}

/// One draft for each Compose file that no command names, and for each default file that can run alone.
pub fn drafts(scene: &Scene, known: &[Draft]) -> Vec<Draft> {
    let used: BTreeSet<&Str> = known.iter().flat_map(|draft| &draft.files).collect();
    let known: BTreeSet<&[Str]> = known.iter().map(|draft| draft.files.as_slice()).collect();
    let mut drafts = Vec::new();
    for (path, document) in &scene.compose {
        if used.contains(&document.file.path) && !is_default(document) {
            continue;
        }
        let Some((files, text)) = files_of(path, document, scene) else {
            continue;
        };
        if known.contains(files.as_slice()) {
            continue;
        }
        let folder = Some(Str::from(folder_of(path)));
        let evidence = vec![Evidence {
            text: Str::from(text),
            place: None,
        }];
        drafts.push(Draft {
            files,
            folder,
            evidence,
            ..Draft::default()
        });
    }
    drafts
}

/// The files a Compose file runs with, and why.
fn files_of(path: &str, document: &Document, scene: &Scene) -> Option<(Vec<Str>, String)> {
    let name = document.file.name.as_ref();
    let folder = folder_of(path);
    let own = || vec![Str::clone(&document.file.path)];
    let default = default_files(folder, scene);
    if DEFAULTS.contains(&name) {
        if default.first().is_none_or(|first| first.as_ref() != path) {
            return Some((
                own(),
                "it stands beside the file Compose would take".to_owned(),
            ));
        }
        return match default.len() {
            1 if needs_base(document) => None,
            1 => Some((own(), "the file Compose takes by default".to_owned())),
            _ => Some((
                default,
                "Compose merges the override file into the default one".to_owned(),
            )),
        };
    }
    if OVERRIDES.contains(&name) && default.len() > 1 {
        return None;
    }
    match default.first() {
        Some(base) if needs_base(document) => {
            let text =
                format!("{name} has services without image and build, so it is merged over {base}");
            Some((
                vec![Str::clone(base), Str::clone(&document.file.path)],
                text,
            ))
        }
        _ => Some((own(), "every service in it is complete".to_owned())),
    }
}

/// A file whose services are not complete, or that has none, adds to another one.
pub fn needs_base(document: &Document) -> bool {
    let mut services = document
        .facts
        .iter()
        .filter(|fact| fact.kind == compose_service::KIND)
        .peekable();
    let incomplete = |fact: &crate::model::Fact| {
        fact.get(compose_service::HAS_IMAGE) == Val::Bool(false)
            && fact.get(compose_service::HAS_BUILD) == Val::Bool(false)
            && fact.get(compose_service::EXTENDS) == Val::Bool(false)
    };
    services.peek().is_none() || services.any(incomplete)
}
