//! One file of a snapshot as the stages see it: its path, what it is for, and what was read from it.

use std::sync::Arc;

use super::{Env, Fact, Lines, Problem, Str};

/// What a file is for. Only real files hold what runs; the others say so by name, place or content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    #[default]
    Real,
    /// `.example`, `.sample`, `.template`, `.dist`: a form to fill in.
    Example,
    /// Fixtures and test data.
    Test,
    /// Prose.
    Doc,
    /// SOPS, dotenvx, git-crypt, Ansible Vault: committed on purpose, unreadable without a key.
    Encrypted,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Example => "example",
            Self::Test => "test",
            Self::Doc => "doc",
            Self::Encrypted => "encrypted",
        }
    }
}

/// What kind of thing a format describes; it decides what the name of a file can say about its environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// Settings of one environment as a whole: env files, Compose files, properties. What nothing assigns is `unassigned`.
    Settings,
    /// What a CI system does: `test.yml` says what the jobs do, not where.
    Pipeline,
    /// Commands: `deploy-staging.sh` names an environment, the folder `scripts/dev/` does not.
    Script,
    /// Source code: `seed-demo-home.ts` is not the demo environment.
    Program,
    Prose,
    /// Its path is believed, and where that says nothing the file belongs to no environment.
    #[default]
    Other,
}

/// An environment a file claims to belong to, and why that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub env: Env,
    /// For people: "the name says `.production`", "the folder `staging/`", "configuration: environments.demo.files".
    pub reason: Str,
}

/// A file that envguard looked at.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Relative to the root, with `/`; control characters and non-UTF-8 bytes escaped.
    pub path: Str,
    /// Folder of the file, `.` at the root.
    pub dir: Str,
    /// Base name.
    pub name: Str,
    /// The name without the words for its environment and for an example; equal purposes are the same file of different
    /// environments.
    pub purpose: Str,
    /// Name of the format it is read as: one of `schema::FORMATS`.
    pub format: &'static str,
    pub nature: Nature,
    pub role: Role,
    pub claim: Option<Claim>,
    /// Folder of the nearest manifest, `.` when there is none: the unit in which ports and keys are compared.
    pub project: Str,
    /// In the git index (always true in an index or revision snapshot; outside of git, where no ignore file matches).
    pub tracked: bool,
    /// Matched by an ignore file.
    pub ignored: bool,
    /// What a platform printed: no file of the repository.
    pub is_dump: bool,
}

impl File {
    /// A tracked, real file of which nothing but the path is known yet.
    pub fn at(path: &str) -> Self {
        let (dir, name) = path.rsplit_once('/').unwrap_or((".", path));
        Self {
            path: Str::from(path),
            dir: Str::from(dir),
            name: Str::from(name),
            purpose: Str::from(name),
            format: "other",
            project: Str::from("."),
            tracked: true,
            ..Self::default()
        }
    }

    /// Extension without the dot, empty when there is none.
    pub fn ext(&self) -> &str {
        self.name.rsplit_once('.').map_or("", |(_, ext)| ext)
    }
}

/// The last part of a path.
pub fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// What one file says: facts, and what could not be understood, beside each other.
#[derive(Clone, Debug)]
pub struct Document {
    pub file: Arc<File>,
    pub text: Str,
    pub lines: Arc<Lines>,
    pub facts: Vec<Fact>,
    pub problems: Vec<Problem>,
}
