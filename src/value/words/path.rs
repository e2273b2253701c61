//! The environment the path of a configuration file speaks of. The name beats the folders, a near folder a far one.

use super::{Found, Hit, Weight, Words, tokens};
use crate::model::file::Claim;
use crate::model::{Env, Str};

/// Folders whose sub-folders are environments: under them even an everyday word counts (`deploy/demo/`), while
/// `apps/live/` and `demo/` elsewhere are names of applications.
const COLLECTIONS: &[&str] = &[
    "ansible",
    "build",
    "charts",
    "clusters",
    "compose",
    "conf",
    "config",
    "configs",
    "deploy",
    "deployment",
    "deployments",
    "docker",
    "env",
    "environment",
    "environments",
    "envs",
    "group_vars",
    "helm",
    "host_vars",
    "infra",
    "infrastructure",
    "inventories",
    "inventory",
    "k8s",
    "kubernetes",
    "kustomize",
    "manifests",
    "ops",
    "overlays",
    "profiles",
    "settings",
    "stacks",
    "terraform",
    "values",
];

impl Words {
    /// The environment a configuration file claims by its path, and the words it claims it with. Only for
    /// configuration formats: names of source files decide nothing. A trailing `.local` is a layer
    /// (`.env.production.local` is production).
    pub fn in_path(&self, path: &str) -> Option<Claim> {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        match self.in_file_name(name) {
            Found::One(env, at) => return Some(said("the name says", word_at(name, at), env)),
            Found::Several => return None,
            Found::Nothing => {}
        }
        let mut rest = folders;
        while !rest.is_empty() {
            let (parents, folder) = rest.rsplit_once('/').unwrap_or(("", rest));
            let parent = parents.rsplit('/').next().unwrap_or_default();
            match self.in_folder(folder, parent) {
                Found::One(env, _) => return Some(said("the folder", folder, env)),
                Found::Several => return None,
                Found::Nothing => rest = parents,
            }
        }
        None
    }

    /// The environment a script is for: `deploy-staging.sh`. Only words that mean nothing else, and only in the name:
    /// `test.sh` and `scripts/dev/` say what a script does.
    pub fn in_script_name(&self, name: &str) -> Option<Claim> {
        match self.find(name, |hit| hit.word.weight > Weight::Weak) {
            Found::One(env, at) if env != Env::TEST => {
                Some(said("the name says", word_at(name, at), env))
            }
            _ => None,
        }
    }

    fn in_file_name(&self, name: &str) -> Found {
        let found = self.find(name, |hit| in_name_part(hit, name));
        if found != Found::Several {
            return found;
        }
        let Some(layer) = local_layer(name) else {
            return found;
        };
        self.find(name.get(..layer).unwrap_or_default(), |hit| {
            in_name_part(hit, name)
        })
    }

    fn in_folder(&self, folder: &str, parent: &str) -> Found {
        if folder == ".devcontainer" {
            return Found::One(Env::DEVELOPMENT, 0);
        }
        let parent = parent.trim_start_matches('.');
        let collected = COLLECTIONS
            .iter()
            .any(|word| parent.eq_ignore_ascii_case(word));
        self.find(folder, |hit| {
            if hit.is_whole() {
                return collected || !is_name_of_an_app(hit);
            }
            match hit.word.weight {
                Weight::Strong => true,
                // `docker-dev` is an environment, `speed-test` and `shop-demo` are projects.
                Weight::Medium => hit.word.env == Env::DEVELOPMENT && hit.is_last(),
                Weight::Weak => false,
            }
        })
    }
}

/// In the name of a configuration file nearly every word counts; `live` and `review` only where their part ends.
fn in_name_part(hit: &Hit, name: &str) -> bool {
    let Some(token) = hit.tokens.get(hit.at) else {
        return false;
    };
    let part_ends = matches!(name.as_bytes().get(token.end()), None | Some(b'.'));
    part_ends || !(hit.is("live") || hit.is("review"))
}

/// Where the layer `.local` starts, when it is a part of its own behind the others.
fn local_layer(name: &str) -> Option<usize> {
    let local = tokens(name).filter(|token| token.is("local")).last()?;
    let starts = local.start.checked_sub(1)?;
    let alone = name.as_bytes().get(starts) == Some(&b'.')
        && matches!(name.as_bytes().get(local.end()), None | Some(b'.'));
    alone.then_some(starts)
}

fn is_name_of_an_app(hit: &Hit) -> bool {
    ["live", "demo", "review", "preview"]
        .iter()
        .any(|word| hit.is(word))
}

fn word_at(name: &str, at: usize) -> &str {
    tokens(name).nth(at).map_or(name, |token| token.text)
}

fn said(how: &str, word: &str, env: Env) -> Claim {
    Claim {
        env,
        reason: Str::from(format!("{how} `{word}`")),
    }
}
