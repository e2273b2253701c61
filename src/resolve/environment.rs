//! Decides the environment of a file that its name does not decide: from the variable in it that names one, else it is
//! `unassigned`.

use std::sync::Arc;

use crate::model::file::{Claim, Nature};
use crate::model::schema::var;
use crate::model::{Document, Env, EnvSet, Fact, File, Role, Str, Val};

/// Variables by which programs choose their environment. Runtime modes (`NODE_ENV`, `RAILS_ENV` …) are left out on
/// purpose: staging runs `NODE_ENV=production`.
const SELECTORS: &[&str] = &[
    "ENV",
    "ENVIRONMENT",
    "APP_ENV",
    "APP_ENVIRONMENT",
    "DEPLOY_ENV",
    "DEPLOYMENT_ENV",
    "DEPLOYMENT_ENVIRONMENT",
    "RUNTIME_ENV",
    "SERVER_ENV",
    "ASPNETCORE_ENVIRONMENT",
    "DOTNET_ENVIRONMENT",
    "SPRING_PROFILES_ACTIVE",
];

/// Gives every configuration file without a claim an environment, and its facts with it.
pub fn assign(documents: &mut [Document]) {
    for document in documents {
        if is_form(document) {
            as_example(document);
        }
        if document.file.claim.is_none() && document.file.nature == Nature::Settings {
            let claim = by_content(document).unwrap_or_else(|| Claim {
                env: Env::UNASSIGNED,
                reason: Str::from(
                    "nothing in its name, its folders or its content names an environment",
                ),
            });
            claim_as(document, &claim);
        }
    }
}

/// A dotenv file in which every secret is left empty is a form to fill in, whatever it is called.
fn is_form(document: &Document) -> bool {
    let file = &document.file;
    if file.format != "dotenv" || file.role != Role::Real {
        return false;
    }
    let secrets = || {
        let vars = document
            .facts
            .iter()
            .filter(|fact| fact.kind == var::KIND && fact.text(var::ORIGIN) == "value");
        vars.filter(|fact| fact.get(var::SENSITIVE) == Val::Bool(true))
    };
    secrets().nth(1).is_some()
        && secrets().all(|fact| matches!(fact.text(var::VALUE_KIND), "empty" | "marker"))
}

fn as_example(document: &mut Document) {
    let file = Arc::new(File {
        role: Role::Example,
        ..File::clone(&document.file)
    });
    for fact in &mut document.facts {
        fact.file = Arc::clone(&file);
    }
    document.file = file;
}

/// Sets the claim of a document and hands it to all its facts that have no environment of their own.
pub fn claim_as(document: &mut Document, claim: &Claim) {
    let file = Arc::new(File {
        claim: Some(claim.clone()),
        ..File::clone(&document.file)
    });
    for fact in &mut document.facts {
        fact.file = Arc::clone(&file);
        if fact.env.is_none() {
            fact.env = Some(claim.env);
            fact.env_reason = Str::clone(&claim.reason);
        }
    }
    document.file = file;
}

/// The one environment that all selectors of a real dotenv file name. A template shows what may be filled in, and a
/// Compose file can carry services of several environments: neither is decided by a value.
fn by_content(document: &Document) -> Option<Claim> {
    if document.file.role != Role::Real || document.file.format != "dotenv" {
        return None;
    }
    let named = document
        .facts
        .iter()
        .filter_map(|fact| selected(fact).map(|env| (fact, env)));
    let named: Vec<(&Fact, Env)> = named.collect();
    let envs = EnvSet::of(named.iter().map(|(_, env)| *env));
    let (fact, env) = *named.first().filter(|_| envs.len() == 1)?;
    Some(Claim {
        env,
        reason: Str::from(format!(
            "{} in it names the environment",
            fact.text(var::NAME)
        )),
    })
}

/// Whether programs choose their environment by a variable of this name.
pub fn is_selector(name: &str) -> bool {
    SELECTORS
        .iter()
        .any(|selector| selector.eq_ignore_ascii_case(name))
}

/// The environment a selector variable is set to.
fn selected(fact: &Fact) -> Option<Env> {
    if fact.kind != var::KIND || fact.text(var::ORIGIN) != "value" {
        return None;
    }
    let name = fact.text(var::NAME);
    SELECTORS
        .iter()
        .find(|selector| selector.eq_ignore_ascii_case(name))?;
    match fact.get(var::VALUE_ENV) {
        Val::Env(env) if env.is_named() => Some(env),
        _ => None,
    }
}
