//! Reading once what both trees of a comparison hold. Most of their files are the same, and parsing them is most of what a
//! hook does, so that what one tree's files said is kept for the other one.

use super::Understood;
use crate::classify;
use crate::model::{Document, Str};
use crate::resolve::effective::Evaluated;
use crate::source::{Change, Happened, Snapshot};

/// What a file said of itself, before anything was concluded from all of them.
pub(super) enum Said {
    /// No format was meant.
    Nothing,
    All(Box<Document>),
}

/// Sorted by path; what could not be read is not among it.
pub(super) type AsRead = Vec<(Str, Said)>;

/// The other tree of a comparison.
#[derive(Clone, Copy)]
pub(super) enum Other<'a> {
    /// There is none.
    None,
    /// It may be looked at later.
    Later,
    /// What was understood there.
    Understood(&'a Understood),
}

impl<'a> Other<'a> {
    /// Whether a path holds there what it holds in this tree.
    pub(super) fn agrees(self, tree: &Snapshot, path: &str) -> bool {
        matches!(self, Self::Understood(now) if tree.agrees(&now.opened.snapshot, path))
    }

    /// The stacks that were evaluated there.
    pub(super) fn stacks(self) -> Option<&'a [Evaluated]> {
        match self {
            Self::Understood(now) => Some(&now.resolved.stacks),
            Self::None | Self::Later => None,
        }
    }
}

impl Said {
    pub(super) fn document(&self) -> Option<Box<Document>> {
        match self {
            Self::Nothing => None,
            Self::All(document) => Some(document.clone()),
        }
    }
}

impl Understood {
    /// What was read here in the place of a file of an older tree, if it holds the same.
    pub(super) fn said_of(&self, old: &Snapshot, path: &str) -> Option<&Said> {
        if !old.shares(&self.opened.snapshot, path) {
            return None;
        }
        let at = self
            .as_read
            .binary_search_by(|(read, _)| read.as_ref().cmp(path));
        self.as_read.get(at.ok()?).map(|(_, said)| said)
    }
}

/// Where a project begins or ends, files that are the same belong to another one.
pub(super) fn moves_projects(change: &Change) -> bool {
    let name = change.path.rsplit('/').next().unwrap_or_default();
    change.happened != Happened::Modified && classify::is_manifest(name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Instant;

    use super::super::compare::{before, earlier, found_by, newer};
    use super::super::judge::judge;
    use super::super::open::pair;
    use super::super::{Ask, ConfigFrom, From, Request, rules};
    use super::*;
    use crate::config::date::Date;
    use crate::policy::Policy;

    fn git(dir: &Path, args: &[&str]) {
        let mut git = std::process::Command::new("git");
        let names = [
            "AUTHOR_NAME",
            "AUTHOR_EMAIL",
            "COMMITTER_NAME",
            "COMMITTER_EMAIL",
        ];
        git.envs(names.map(|name| (format!("GIT_{name}"), "a@example.org")));
        assert!(
            git.current_dir(dir).args(args).status().unwrap().success(),
            "{args:?}"
        );
    }

    fn write(dir: &Path, name: &str, text: &str) {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn repository() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let compose = "services:\n  web:\n    image: web\n    env_file: shared.conf\n";
        for (name, text) in [
            (
                "a/.env.production",
                "DEBUG=true\nAPI_URL=http://localhost\n",
            ),
            ("a/docker-compose.yml", compose),
            ("a/shared.conf", "LOG_LEVEL=debug\n"),
            ("a/README.md", "nothing\n"),
            ("a/package.json", "{}\n"),
            ("b/.env.staging", "DEBUG=true\n"),
        ] {
            write(dir.path(), name, text);
        }
        git(dir.path(), &["init", "-q", "-b", "main"]);
        git(dir.path(), &["add", "."]);
        git(dir.path(), &["commit", "-q", "-m", "first"]);
        dir
    }

    fn request(dir: &Path) -> Request {
        Request {
            from: From::staged(Some(dir.to_owned())),
            config: ConfigFrom::Tree,
            exclude: Vec::new(),
            include_ignored: true,
            history: false,
            today: Date::parse("2026-01-01").unwrap(),
        }
    }

    #[test]
    fn reading_once_says_what_reading_twice_says() {
        let dir = repository();
        let (request, ask) = (request(dir.path()), Ask::default());
        for (name, text) in [
            ("b/.env.staging", "DEBUG=false\n"),
            ("a/shared.conf", "LOG_LEVEL=info\n"),
            // Nothing names it, and Compose looks for it.
            ("a/.env", "WEB_PORT=80\nCOMPOSE_PROJECT_NAME=shop\n"),
            (
                "a/docker-compose.override.yml",
                "services: {web: {restart: always}}\n",
            ),
            // A project begins here.
            ("b/package.json", "{}\n"),
        ] {
            write(dir.path(), name, text);
            git(dir.path(), &["add", "."]);
            let pair = pair(&request).unwrap();
            let (mut now, beside) = newer(&pair, &request, &ask, Instant::now()).unwrap();
            let facts = |now: &Understood| {
                let policies = rules::policies(now).unwrap();
                let earlier = earlier(&request, (&pair, beside), policies, now, &ask);
                let resolved = earlier.unwrap().unwrap().resolved;
                let projects: Vec<_> = resolved.stacks.iter().map(|one| &one.project).collect();
                format!("{:?} {projects:?}", resolved.facts)
            };
            let once = facts(&now);
            assert!(now.as_read.len() > 3 && !now.resolved.stacks.is_empty());
            now.as_read.clear();
            now.resolved.stacks.clear();
            assert_eq!(once, facts(&now), "{name}");
        }
    }

    /// Of the older tree only those policies are asked that found something in the newer one.
    #[test]
    fn policies_that_found_something_say_of_the_older_tree_what_they_say_among_all() {
        let dir = repository();
        let (request, ask) = (request(dir.path()), Ask::default());
        write(dir.path(), "b/.env.production", "DEBUG=true\n");
        git(dir.path(), &["add", "."]);
        let pair = pair(&request).unwrap();
        let (now, beside) = newer(&pair, &request, &ask, Instant::now()).unwrap();
        let entries = |those: &dyn Fn(&Policy) -> bool| {
            let policies = rules::policies(&now).unwrap();
            before(&request, (&pair, beside), policies, (&now, those), &ask).unwrap()
        };
        let judged = judge(&now, &ask).unwrap();
        let found = found_by(&judged.findings);
        let mut all = entries(&|_| true);
        all.retain(|entry| found.iter().any(|policy| ***policy == *entry.policy));
        assert!(!all.is_empty() && !found.is_empty());
        assert_eq!(all, entries(&|policy| found.contains(&policy.id)));
    }
}
