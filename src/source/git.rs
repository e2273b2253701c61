//! Opening repositories as git itself would: the hook's environment, ownership, linked worktrees.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use gix::bstr::BStr;
use gix::{ObjectId, ThreadSafeRepository};

use super::error::SourceError;
use super::handle::{self, Handle};
use super::ignores::{self, Patterns};
use super::index::Index;
use super::name;
use super::reftable;
use super::stored::Stored;
use crate::model::Str;
use crate::model::tree::ReadError;

/// A repository that several threads can read objects from.
pub struct Repo {
    shared: ThreadSafeRepository,
    /// Handles that are not in use. Each keeps the packs it has open, so they are worth more than new ones.
    idle: Mutex<Vec<Handle>>,
    texts: Mutex<Texts>,
    /// Object folders beside its own.
    apart: Vec<PathBuf>,
    /// The index to read where it is not the library's choice.
    index_file: Option<PathBuf>,
}

/// Bytes of texts that are kept.
const MOST_KEPT: usize = 4 << 20;

#[derive(Default)]
struct Texts {
    by_id: HashMap<ObjectId, Str>,
    bytes: usize,
}

impl Repo {
    /// The repository a folder lies in, or the one git's environment names.
    pub fn here(dir: &Path) -> Result<Self, SourceError> {
        let found =
            ThreadSafeRepository::discover_with_environment_overrides_opts(dir, upwards(), trust());
        let repo = opened(found, dir)?.ok_or_else(|| SourceError::NoRepository(dir.to_owned()))?;
        let index_file = repo.index_by_environment();
        let own = std::fs::canonicalize(repo.shared.objects_dir()).ok();
        let mut apart = handle::apart_by_environment();
        apart.retain(|folder| Some(folder) != own.as_ref());
        Ok(Self {
            apart,
            index_file,
            ..repo
        })
    }

    /// Git takes a relative `GIT_INDEX_FILE` from the top level, from wherever in the worktree it was called.
    fn index_by_environment(&self) -> Option<PathBuf> {
        let file = PathBuf::from(std::env::var_os("GIT_INDEX_FILE")?);
        let top = self.worktree()?;
        let here = std::fs::canonicalize(".").ok()?;
        (file.is_relative() && here.starts_with(&top)).then(|| top.join(file))
    }

    /// The repository a folder lies in, whatever the environment says.
    pub fn around(dir: &Path) -> Result<Option<Self>, SourceError> {
        let mut trust = trust();
        for options in [&mut trust.full, &mut trust.reduced] {
            options.modify(|options| {
                let mut permissions = gix::open::Permissions::all();
                permissions.env.git_prefix = gix::sec::Permission::Deny;
                options.permissions(permissions)
            });
        }
        opened(
            ThreadSafeRepository::discover_opts(dir, upwards().apply_environment(), trust),
            dir,
        )
    }

    /// Whether git's environment says anything of a repository, as it does inside of a hook.
    pub fn is_set_by_environment() -> bool {
        ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"]
            .iter()
            .any(|name| std::env::var_os(name).is_some())
    }

    /// The repository somebody named, else the one of the current folder and of git's environment.
    pub fn open(dir: Option<&Path>) -> Result<Self, SourceError> {
        dir.map_or_else(|| Self::here(Path::new(".")), Self::named)
    }

    /// The repository somebody named: its folder, its worktree, or a folder in it.
    fn named(dir: &Path) -> Result<Self, SourceError> {
        Self::around(dir)?.ok_or_else(|| SourceError::NoRepository(dir.to_owned()))
    }

    /// Calls with a handle of this thread's own.
    pub fn with<T>(&self, call: impl FnOnce(&Handle) -> T) -> T {
        let idle = self.idle().pop();
        let handle =
            idle.unwrap_or_else(|| Handle::new(self.shared.to_thread_local(), &self.apart));
        let result = call(&handle);
        self.idle().push(handle);
        result
    }

    /// The text of a blob, from `read` where it was not read before. A file is asked for as itself, by each stack that
    /// loads it, and again in the tree it is compared with.
    pub fn text(
        &self,
        id: ObjectId,
        max_size: u64,
        read: impl FnOnce() -> Result<Str, ReadError>,
    ) -> Result<Str, ReadError> {
        let texts = || self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let within = |text: &Str| u64::try_from(text.len()).is_ok_and(|size| size <= max_size);
        let kept = texts().by_id.get(&id).cloned();
        if let Some(text) = kept.filter(within) {
            return Ok(text);
        }
        let text = read()?;
        let mut texts = texts();
        if texts.bytes + text.len() <= MOST_KEPT
            && texts.by_id.insert(id, Str::clone(&text)).is_none()
        {
            texts.bytes += text.len();
        }
        Ok(text)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Handle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The top level of the worktree, canonical; `None` in a bare repository.
    pub fn worktree(&self) -> Option<PathBuf> {
        std::fs::canonicalize(self.shared.work_dir()?).ok()
    }

    /// For messages: the worktree, else the repository itself.
    pub fn path(&self) -> PathBuf {
        self.worktree()
            .unwrap_or_else(|| self.shared.git_dir().to_owned())
    }

    /// The folder's name, without the `.git` of a bare repository.
    pub fn name(&self) -> String {
        let path = self.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        name.strip_suffix(".git").map(str::to_owned).unwrap_or(name)
    }

    /// The tree of HEAD; `None` before the first commit.
    pub fn head_tree(&self) -> Result<Option<ObjectId>, SourceError> {
        match self.tree_of("HEAD") {
            Ok(tree) => Ok(Some(tree)),
            Err(SourceError::Unborn { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The branch that is checked out, without `refs/heads/`; `None` where HEAD is a commit.
    pub fn branch(&self) -> Option<String> {
        let name = self.with(|handle| {
            if reftable::is_used(&handle.repo) {
                return reftable::head(&handle.repo);
            }
            let name = handle.repo.head_name().ok().flatten()?;
            Some(name.as_bstr().to_owned())
        })?;
        let short = name.strip_prefix(b"refs/heads/").unwrap_or(&name);
        Some(name::shown(short))
    }

    /// The tree that a revision names.
    pub fn tree_of(&self, rev: &str) -> Result<ObjectId, SourceError> {
        self.resolve(rev, Handle::tree_of)
    }

    /// The commit that a revision names.
    pub fn commit_of(&self, rev: &str) -> Result<ObjectId, SourceError> {
        self.resolve(rev, Handle::commit_of)
    }

    fn resolve(
        &self,
        rev: &str,
        find: fn(&Handle, &str) -> gix::Result<ObjectId>,
    ) -> Result<ObjectId, SourceError> {
        self.with(|handle| {
            let repo = &handle.repo;
            let looked_up = reftable::is_used(repo)
                .then(|| reftable::looked_up(repo, rev))
                .flatten();
            let spec = looked_up.as_ref().map_or(rev, |(_, spec)| spec.as_str());
            let error = match find(handle, spec) {
                Ok(id) => return Ok(id),
                Err(error) => error,
            };
            let unborn = matches!(looked_up, Some((reftable::Target::Unborn, _)))
                || rev.starts_with("HEAD") && repo.head().is_ok_and(|head| head.is_unborn());
            let (rev, path) = (rev.to_owned(), self.path());
            if unborn {
                return Err(SourceError::Unborn { rev, path });
            }
            if repo.is_shallow().unwrap_or(false) {
                return Err(SourceError::Shallow { rev, path });
            }
            Err(SourceError::Revision {
                rev,
                path,
                reason: reason(&error),
            })
        })
    }

    /// Whether older commits were left out when this was cloned.
    pub fn is_shallow(&self) -> bool {
        self.with(|handle| handle.repo.is_shallow().unwrap_or(false))
    }

    /// The index that git would use now, empty where there is none yet.
    pub fn index(&self) -> Result<Index, SourceError> {
        let (path, hash) =
            self.with(|handle| (handle.repo.index_path(), handle.repo.object_hash()));
        let path = self.index_file.clone().unwrap_or(path);
        match std::fs::read(&path) {
            Ok(data) => {
                if let Some(index) = Index::parse(data, hash) {
                    return Ok(index);
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Index::empty()),
            // The library says what is wrong.
            Err(_) => {}
        }
        whole(path, hash).map_err(|error| SourceError::Index {
            path: self.path(),
            reason: reason(&error),
        })
    }

    /// A tree, beside the index where there is one: a checkout remembers most of the trees that are asked for.
    pub fn stored(&self, tree: ObjectId) -> Stored {
        match self.index() {
            Ok(index) if index.folders().root().is_some() => Stored::Known(tree, index),
            // It is of use only where it is whole.
            _ => Stored::Tree(tree),
        }
    }

    /// The folder that all worktrees share, and this worktree's own.
    pub fn folders(&self) -> (PathBuf, PathBuf) {
        self.with(|handle| {
            let repo = &handle.repo;
            (repo.common_dir().to_owned(), repo.git_dir().to_owned())
        })
    }

    /// Where the configuration puts hooks, if it says anything of them.
    pub fn hooks_path(&self) -> Option<PathBuf> {
        self.with(|handle| {
            let config = handle.repo.config_snapshot();
            config.trusted_path("core.hooksPath").ok().flatten()
        })
    }

    /// Whether text files get other line ends when they are checked out.
    pub fn turns_line_ends(&self) -> bool {
        self.with(|handle| {
            let config = handle.repo.config_snapshot();
            let says = config.string("core.autocrlf");
            says.is_some_and(|word| !word.eq_ignore_ascii_case(b"false"))
        })
    }

    pub fn folds_case(&self) -> bool {
        self.with(|handle| handle.repo.config_snapshot().boolean("core.ignoreCase"))
            .unwrap_or(false)
    }

    /// Ignore rules that are not in the tree: `info/exclude`, then the user's own file.
    pub fn machine_rules(&self) -> Vec<Patterns> {
        let (exclude, global) = self.with(|handle| {
            let repo = &handle.repo;
            let named = repo
                .config_snapshot()
                .trusted_path("core.excludesFile")
                .ok()
                .flatten();
            (
                repo.common_dir().join("info/exclude"),
                named.or_else(default_excludes),
            )
        });
        let files = std::iter::once(exclude).chain(global);
        files
            .filter_map(|file| std::fs::read(file).ok())
            .map(|bytes| ignores::parse(&bytes, BStr::new("")))
            .collect()
    }
}

/// An index that is spread over several files, as one.
fn whole(path: PathBuf, hash: gix::hash::Kind) -> gix::Result<Index> {
    // Git does not verify the index's checksum when it reads it either.
    let skip_hash = true;
    let file = gix::index::File::at(
        path,
        hash,
        skip_hash,
        gix::index::decode::Options::default(),
    )?;
    let mut data = Vec::new();
    file.write_to(&mut data, gix::index::write::Options::default())?;
    Index::parse(data, hash)
        .ok_or_else(|| gix::Error::from_error(std::io::Error::other("its parts make no whole")))
}

/// Where git looks for global excludes when no configuration names them.
fn default_excludes() -> Option<PathBuf> {
    let set = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let config = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
    Some(config.join("git/ignore"))
}

fn upwards() -> gix::discover::upwards::Options<'static> {
    gix::discover::upwards::Options {
        match_ceiling_dir_or_error: false,
        ..Default::default()
    }
}

/// A repository that git would refuse for its owner is refused here too.
fn trust() -> gix::sec::trust::Mapping<gix::open::Options> {
    let mut trust = gix::sec::trust::Mapping::<gix::open::Options>::default();
    trust.full = trust.full.bail_if_untrusted(true);
    trust.reduced = trust.reduced.bail_if_untrusted(true);
    trust
}

fn opened(
    result: gix::Result<ThreadSafeRepository>,
    dir: &Path,
) -> Result<Option<Repo>, SourceError> {
    match result {
        Ok(shared) => Ok(Some(Repo {
            shared,
            idle: Mutex::default(),
            texts: Mutex::default(),
            index_file: None,
            apart: Vec::new(),
        })),
        Err(error) if error.is_permission_denied() => Err(SourceError::Foreign(top_of(dir))),
        Err(error) if is_nowhere(&error) => Ok(None),
        Err(error) => Err(SourceError::Repository {
            path: dir.to_owned(),
            reason: reason(&error),
        }),
    }
}

fn is_nowhere(error: &gix::Error) -> bool {
    use gix::discover::upwards::Error;
    error.downcast_any_ref::<Error>().is_some()
}

/// The folder to name in `safe.directory`.
fn top_of(dir: &Path) -> PathBuf {
    gix::discover::upwards(dir)
        .map(|(path, _)| path.into_repository_and_work_tree_directories())
        .map_or_else(
            |_| dir.to_owned(),
            |(git_dir, worktree)| worktree.unwrap_or(git_dir),
        )
}

/// What git's library says, all of it on one line.
pub fn reason(error: &gix::Error) -> String {
    let mut parts: Vec<String> = error.iter_errors().map(ToString::to_string).collect();
    parts.dedup();
    parts.join(": ").replace('\n', " ")
}
