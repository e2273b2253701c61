//! The environment a stack runs in: declared, named by its most special file, by its env file, by the command's place,
//! by the override Compose loads for developers, or by what the services are told.

use super::naming::{is_default, is_usual, needs_base};
use super::{Draft, Evidence, Scene, Stack, folder_of};
use crate::model::file::Claim;
use crate::model::schema::{compose_env_file, compose_service, var};
use crate::model::{Document, Env, EnvSet, Str, Val, base_name};
use crate::resolve::environment::is_selector;

pub fn decide(draft: Draft, scene: &Scene) -> Stack {
    let claim = by_names(&draft, scene)
        .filter(|_| !is_declared(&draft))
        .or_else(|| draft.env.clone())
        .or_else(|| by_project_name(&draft, scene))
        .or_else(|| by_override(&draft))
        .or_else(|| by_purpose(&draft))
        .or_else(|| by_content(&draft, scene))
        .or_else(|| by_env_files(&draft, scene))
        .or_else(|| by_siblings(&draft, scene))
        .unwrap_or_else(|| Claim {
            env: Env::UNASSIGNED,
            reason: Str::from("neither its files nor a command names an environment"),
        });
    let first = draft.files.first().map_or(".", |file| folder_of(file));
    let variant = claim.env == Env::UNASSIGNED && !draft.files.iter().all(|file| is_usual(file));
    Stack {
        claim,
        folder: draft.folder.unwrap_or_else(|| Str::from(first)),
        files: draft.files,
        env_files: draft.env_files,
        profiles: draft.profiles,
        project_name: draft.project_name,
        evidence: draft.evidence,
        variant,
    }
}

fn is_declared(draft: &Draft) -> bool {
    let declared = |evidence: &Evidence| evidence.text.starts_with("declared in");
    draft.env.is_some() && draft.evidence.first().is_some_and(declared)
}

/// The last file that names an environment decides, then the last env file that does.
fn by_names(draft: &Draft, scene: &Scene) -> Option<Claim> {
    let claim_of = |path: &Str| {
        let document = scene
            .documents
            .iter()
            .find(|document| document.file.path == *path)?;
        let claim = document
            .file
            .claim
            .as_ref()
            .filter(|claim| claim.env.is_named())?;
        Some(Claim {
            env: claim.env,
            reason: Str::from(format!("{path}: {}", claim.reason)),
        })
    };
    draft
        .files
        .iter()
        .rev()
        .chain(draft.env_files.iter().rev())
        .find_map(claim_of)
}

/// `docker compose -p shop-staging up`.
fn by_project_name(draft: &Draft, scene: &Scene) -> Option<Claim> {
    let name = draft.project_name.as_ref()?;
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let env = words
        .filter_map(|word| scene.environments.word(word))
        .find(|env| env.is_named())?;
    Some(Claim {
        env,
        reason: Str::from(format!("its project is called {name}")),
    })
}

/// Compose loads an override file only in a plain `docker compose up`: a developer's run.
fn by_override(draft: &Draft) -> Option<Claim> {
    let file = draft
        .files
        .iter()
        .find(|file| file.contains(".override."))?;
    Some(Claim {
        env: Env::DEVELOPMENT,
        reason: Str::from(format!("{file} is merged into a plain `docker compose up`")),
    })
}

/// `compose.deploy.yml`: what is made to be deployed is production until something says otherwise.
fn by_purpose(draft: &Draft) -> Option<Claim> {
    const WORDS: [&str; 4] = ["deploy", "deployment", "release", "swarm"];
    let says = |file: &&Str| {
        let name = base_name(file);
        name.split(['.', '-', '_'])
            .any(|word| WORDS.contains(&word))
    };
    let file = draft.files.iter().find(says)?;
    Some(Claim {
        env: Env::PRODUCTION,
        reason: Str::from(format!("{file}: the name says that it is deployed")),
    })
}

/// The default file beside a complete one for development, with none for a deployed environment: it is what users run.
fn by_siblings(draft: &Draft, scene: &Scene) -> Option<Claim> {
    let [file] = draft.files.as_slice() else {
        return None;
    };
    let document = scene
        .compose
        .get(file.as_ref())
        .filter(|document| is_default(document))?;
    let beside = || {
        scene
            .compose
            .values()
            .filter(|other| other.file.dir == document.file.dir)
    };
    let claim = |other: &Document| other.file.claim.as_ref().map(|claim| claim.env);
    let deployed =
        beside().any(|other| claim(other).is_some_and(|env| scene.environments.is_deployed(env)));
    let development =
        beside().any(|other| claim(other) == Some(Env::DEVELOPMENT) && !needs_base(other));
    (development && !deployed && is_kept_running(document)).then(|| Claim {
        env: Env::PRODUCTION,
        reason: Str::from("its services are restarted for ever, and the file beside it is the one for development"),
    })
}

/// Some service is to come back whatever happens: nobody asks that of a stack for an afternoon.
fn is_kept_running(document: &Document) -> bool {
    let mut services = document
        .facts
        .iter()
        .filter(|fact| fact.kind == compose_service::KIND);
    services.any(|fact| {
        matches!(
            fact.text(compose_service::RESTART),
            "always" | "unless-stopped"
        )
    })
}

/// What the services are told about themselves: one environment in all selector variables. A runtime mode, or a mere
/// fallback (`APP_ENV: ${APP_ENV:-production}`), says it only where a file beside it is for development.
fn by_content(draft: &Draft, scene: &Scene) -> Option<Claim> {
    let one = |told: EnvSet| told.iter().next().filter(|_| told.len() == 1);
    if let Some(env) = one(told(draft, scene, is_selector, &["value"])) {
        let name = scene.environments.name(env);
        let reason = Str::from(format!("its services are told to be {name}"));
        return Some(Claim { env, reason });
    }
    let sibling = has_development_sibling(draft, scene);
    let fallback = one(told(draft, scene, is_selector, &["value", "fallback"]));
    let mode = one(told(draft, scene, is_runtime_mode, &["value", "fallback"]));
    let env = fallback
        .or(mode.filter(|mode| *mode == Env::PRODUCTION))
        .filter(|_| sibling)?;
    let name = scene.environments.name(env);
    let reason = format!(
        "its services run as {name} unless told otherwise, and a file beside it is for development"
    );
    Some(Claim {
        env,
        reason: Str::from(reason),
    })
}

/// All env files that its services load are of one environment.
fn by_env_files(draft: &Draft, scene: &Scene) -> Option<Claim> {
    let documents = draft
        .files
        .iter()
        .filter_map(|file| scene.compose.get(file.as_ref()));
    let loaded = documents
        .flat_map(|document| &document.facts)
        .filter(|fact| fact.kind == compose_env_file::KIND);
    let mut envs = EnvSet::EMPTY;
    for fact in loaded {
        match fact.get(compose_env_file::PATH_ENV) {
            Val::Env(env) => envs = envs.with(env),
            _ => return None,
        }
    }
    let env = envs.iter().next().filter(|_| envs.len() == 1)?;
    let name = scene.environments.name(env);
    let reason = Str::from(format!("its services load the env files of {name}"));
    Some(Claim { env, reason })
}

/// The environments that variables of such names and origins are set to in the files of the stack.
fn told(draft: &Draft, scene: &Scene, is_wanted: fn(&str) -> bool, origins: &[&str]) -> EnvSet {
    let documents = draft
        .files
        .iter()
        .filter_map(|file| scene.compose.get(file.as_ref()));
    let facts = documents
        .flat_map(|document| &document.facts)
        .filter(|fact| fact.kind == var::KIND);
    let vars = facts.filter(|fact| {
        is_wanted(fact.text(var::NAME)) && origins.contains(&fact.text(var::ORIGIN))
    });
    EnvSet::of(vars.filter_map(|fact| match fact.get(var::VALUE_ENV) {
        Val::Env(env) => Some(env),
        _ => None,
    }))
}

fn is_runtime_mode(name: &str) -> bool {
    matches!(
        name,
        "NODE_ENV" | "RAILS_ENV" | "RACK_ENV" | "FLASK_ENV" | "MIX_ENV"
    )
}

fn has_development_sibling(draft: &Draft, scene: &Scene) -> bool {
    let folder = draft.files.first().map(|file| folder_of(file));
    scene.compose.iter().any(|(path, document)| {
        let claim = document.file.claim.as_ref().map(|claim| claim.env);
        Some(folder_of(path)) == folder && claim == Some(Env::DEVELOPMENT)
    })
}
