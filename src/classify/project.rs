//! The project a folder belongs to: the nearest folder with a manifest, or what the configuration says.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use globset::GlobMatcher;

use crate::model::Str;
use crate::model::tree::Entry;

/// Files that make a folder a project of its own.
const MANIFESTS: &[&str] = &[
    "Cargo.toml",
    "Gemfile",
    "Package.swift",
    "Pipfile",
    "build.gradle",
    "build.gradle.kts",
    "build.sbt",
    "bun.lock",
    "composer.json",
    "deno.json",
    "deno.jsonc",
    "go.mod",
    "manage.py",
    "mix.exs",
    "package.json",
    "pom.xml",
    "project.clj",
    "pubspec.yaml",
    "pyproject.toml",
    "rebar.config",
    "requirements.txt",
    "setup.py",
    "shard.yml",
];
const MANIFEST_ENDINGS: &[&str] = &[
    ".csproj", ".fsproj", ".vbproj", ".sln", ".cabal", ".gemspec",
];

/// Finds projects. Folders are looked at when somebody asks and remembered: a run reads few of many folders.
pub(super) struct Projects<'a> {
    entries: &'a [Entry],
    globs: Vec<GlobMatcher>,
    known: Mutex<BTreeMap<Str, Str>>,
}

impl<'a> Projects<'a> {
    pub(super) fn new(entries: &'a [Entry], globs: &[String]) -> Self {
        let matcher = |text: &String| {
            let glob = globset::GlobBuilder::new(text.trim_end_matches('/'))
                .literal_separator(true)
                .build();
            glob.ok().map(|glob| glob.compile_matcher())
        };
        Self {
            entries,
            globs: globs.iter().filter_map(matcher).collect(),
            known: Mutex::default(),
        }
    }

    /// The project of a folder, `.` for the root.
    pub(super) fn of(&self, dir: &Str) -> Str {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(project) = known.get(dir) {
            return Str::clone(project);
        }
        let mut folder = dir.as_ref();
        while folder != "." && !self.is_project(folder) {
            folder = folder.rsplit_once('/').map_or(".", |(parent, _)| parent);
        }
        let project = Str::from(folder);
        known.insert(Str::clone(dir), Str::clone(&project));
        project
    }

    fn is_project(&self, folder: &str) -> bool {
        if !self.globs.is_empty() {
            return self.globs.iter().any(|glob| glob.is_match(folder));
        }
        self.names_in(folder).any(is_manifest)
    }

    /// Names of the files that lie in a folder itself. The entries are sorted, so a sub-folder is stepped over at once.
    fn names_in(&self, folder: &str) -> impl Iterator<Item = &'a str> {
        let prefix = format!("{folder}/");
        let mut at = self.first_at(0, &prefix);
        std::iter::from_fn(move || {
            loop {
                let name = self.entries.get(at)?.path.strip_prefix(prefix.as_str())?;
                let Some((sub_folder, _)) = name.split_once('/') else {
                    at += 1;
                    return Some(name);
                };
                // `0` is the byte behind `/`: the first path that is not in the sub-folder.
                at = self.first_at(at, &format!("{prefix}{sub_folder}0"));
            }
        })
    }

    fn first_at(&self, from: usize, path: &str) -> usize {
        let rest = self.entries.get(from..).unwrap_or_default();
        from + rest.partition_point(|entry| entry.path.as_ref() < path)
    }
}

/// Whether a file of this base name makes its folder a project.
pub fn is_manifest(name: &str) -> bool {
    MANIFESTS.contains(&name) || MANIFEST_ENDINGS.iter().any(|ending| name.ends_with(ending))
}
