//! The frameworks that lay one file of settings over another, and how their files are called.

use crate::model::schema::var;
use crate::model::{Fact, Tree, Val};

/// One way to lay files over each other.
pub(super) struct Family {
    /// For people.
    pub(super) name: &'static str,
    pub(super) formats: &'static [&'static str],
    /// What a file is by its base name: which files belong together, and whether it is the one beneath the others.
    pub(super) part: fn(&str) -> Option<Part<'_>>,
    pub(super) evidence: Evidence,
    /// Whether a value of the base reaches a deployed environment that does not override it. Whoever deploys may set
    /// variables of a server first; what is built into a bundle or packed into an archive is certain.
    pub(super) reaches_deployed: fn(&Fact) -> bool,
    /// Whether the text of a file over a base of this name says that it builds on it.
    pub(super) builds_on: fn(text: &str, base: &str) -> bool,
}

pub(super) struct Part<'n> {
    pub(super) stem: &'n str,
    pub(super) is_base: bool,
}

/// Why it is believed that somebody reads the files this way.
pub(super) enum Evidence {
    /// No other program calls its files so.
    Names,
    /// One of these pieces stands in the manifest of the project.
    Manifest(&'static str, &'static [&'static str]),
}

pub(super) static ALL: &[Family] = &[
    Family {
        name: "Spring profiles",
        formats: &["spring"],
        part: spring,
        evidence: Evidence::Names,
        reaches_deployed: |_| true,
        builds_on: |_, _| true,
    },
    Family {
        name: ".NET configuration",
        formats: &["appsettings"],
        part: |name| before_dot(name, "appsettings"),
        evidence: Evidence::Names,
        reaches_deployed: |_| true,
        builds_on: |_, _| true,
    },
    Family {
        name: "settings modules of Django",
        formats: &["code", "django"],
        part: django,
        evidence: Evidence::Names,
        reaches_deployed: |_| true,
        builds_on: imports,
    },
    Family {
        name: "files of the `config` package",
        formats: &["node-config"],
        part: |name| Some(node_config(name)),
        evidence: Evidence::Manifest("package.json", &["\"config\":"]),
        reaches_deployed: |_| true,
        builds_on: |_, _| true,
    },
    Family {
        name: "env files of the build tool",
        formats: &["dotenv"],
        part: dotenv,
        evidence: Evidence::Manifest(
            "package.json",
            &[
                "\"vite\":",
                "\"next\":",
                "\"react-scripts\":",
                "\"@vue/cli-service\":",
                "\"astro\":",
                "\"nuxt\":",
                "\"gatsby\":",
                "\"@sveltejs/kit\":",
            ],
        ),
        reaches_deployed: |fact| fact.get(var::PUBLIC) == Val::Bool(true),
        builds_on: |_, _| true,
    },
    Family {
        name: "env files of Symfony",
        formats: &["dotenv"],
        part: dotenv,
        evidence: Evidence::Manifest(
            "composer.json",
            &[
                "\"symfony/dotenv\"",
                "\"symfony/framework-bundle\"",
                "\"symfony/runtime\"",
            ],
        ),
        reaches_deployed: |_| false,
        builds_on: |_, _| true,
    },
    Family {
        name: "env files of the dotenv gem",
        formats: &["dotenv"],
        part: dotenv,
        evidence: Evidence::Manifest("Gemfile", &["dotenv"]),
        reaches_deployed: |_| false,
        builds_on: |_, _| true,
    },
];

impl Evidence {
    /// In words, where it holds for files in this folder of that project.
    pub(super) fn found(&self, folders: [&str; 2], tree: &dyn Tree) -> Option<String> {
        let (manifest, pieces) = match self {
            Self::Names => return Some("the names of the files".to_owned()),
            Self::Manifest(manifest, pieces) => (manifest, pieces),
        };
        folders.iter().find_map(|folder| {
            let path = match *folder {
                "." => (*manifest).to_owned(),
                folder => format!("{folder}/{manifest}"),
            };
            let text = tree.read(&path).ok()?;
            let piece = pieces.iter().find(|piece| text.contains(**piece))?;
            Some(format!("{} in {path}", piece.trim_matches(['"', ':'])))
        })
    }
}

fn spring(name: &str) -> Option<Part<'_>> {
    ["application", "bootstrap"].into_iter().find_map(|stem| {
        let rest = name.strip_prefix(stem)?;
        rest.starts_with(['.', '-']).then_some(Part {
            stem,
            is_base: rest.starts_with('.') && rest.matches('.').count() == 1,
        })
    })
}

/// `appsettings.json` beneath `appsettings.Production.json`.
fn before_dot<'n>(name: &'n str, stem: &str) -> Option<Part<'n>> {
    let head = name.get(..stem.len())?;
    let rest = name.get(stem.len()..)?;
    (head.eq_ignore_ascii_case(stem) && rest.starts_with('.')).then(|| Part {
        stem: head,
        is_base: rest.matches('.').count() == 1,
    })
}

fn node_config(name: &str) -> Part<'_> {
    Part {
        stem: "",
        is_base: name.starts_with("default."),
    }
}

/// `settings/base.py` beneath `settings/production.py`.
fn django(name: &str) -> Option<Part<'_>> {
    let stem = name.strip_suffix(".py")?;
    Some(Part {
        stem: "",
        is_base: matches!(stem, "base" | "common" | "defaults" | "default"),
    })
}

/// `from .base import *`
fn imports(text: &str, base: &str) -> bool {
    let stem = base.trim_end_matches(".py");
    text.lines().any(|line| {
        let module = line
            .strip_prefix("from ")
            .and_then(|rest| rest.split_once(" import *"))
            .map(|(module, _)| module.trim());
        module.is_some_and(|module| module.rsplit('.').next() == Some(stem))
    })
}

fn dotenv(name: &str) -> Option<Part<'_>> {
    let rest = name.strip_prefix(".env")?;
    (rest.is_empty() || rest.starts_with('.')).then_some(Part {
        stem: "",
        is_base: rest.is_empty(),
    })
}
