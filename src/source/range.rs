//! Which commits a run compares: `main`, `v1..v2`, `main...HEAD`, or what somebody is about to push.

use std::collections::{BinaryHeap, HashSet};
use std::path::Path;

use gix::ObjectId;
use gix::objs::CommitRefIter;

use super::error::SourceError;
use super::git::{Repo, reason};
use super::handle::Handle;

/// The older side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// There is none: everything is new.
    Nothing,
    /// The tree of a revision as it stands.
    Revision(String),
    /// The commit where the head and this revision parted: what happened there since does not count.
    Fork(String),
    /// What a remote is known to have: the commit it named, if that is here, else what is known of its refs.
    Remote { name: String, had: Option<String> },
    /// What a server had before the push that is being received.
    Received,
}

/// A base and the revision it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    pub base: Base,
    pub head: String,
}

/// Whether this is how git writes "no commit".
pub fn is_zero(rev: &str) -> bool {
    matches!(rev.len(), 40 | 64) && rev.bytes().all(|byte| byte == b'0')
}

impl Range {
    pub fn new(base: Base, head: &str) -> Self {
        Self {
            base,
            head: head.to_owned(),
        }
    }

    /// `REV`, `A..B`, `A...B`; a side that is left out is HEAD. `None` where the text is a range and `head` is given too.
    pub fn parse(text: &str, head: Option<&str>) -> Option<Self> {
        let or_head = |rev: &str| {
            if rev.is_empty() {
                "HEAD".to_owned()
            } else {
                rev.to_owned()
            }
        };
        let (base, end) = if let Some((base, end)) = text.split_once("...") {
            (Base::Fork(or_head(base)), Some(end))
        } else if let Some((base, end)) = text.split_once("..") {
            (Base::since(&or_head(base)), Some(end))
        } else {
            (Base::since(&or_head(text)), None)
        };
        match (end, head) {
            (Some(_), Some(_)) => None,
            (end, head) => Some(Self {
                base,
                head: or_head(end.or(head).unwrap_or_default()),
            }),
        }
    }

    /// The tree of the base.
    pub(super) fn base_tree(&self, repo: &Repo) -> Result<Option<ObjectId>, SourceError> {
        let commit = match &self.base {
            Base::Nothing => None,
            Base::Revision(rev) => return repo.tree_of(rev).map(Some),
            Base::Fork(rev) => Some(self.fork(repo, rev)?),
            Base::Remote { name, had } => {
                let head = repo.commit_of(&self.head)?;
                if let Some(had) = had
                    && let Ok(had) = repo.commit_of(had)
                    && let Some(fork) = failing(repo, |handle| handle.fork(head, &[had]))?
                {
                    return repo.tree_of(&fork.to_string()).map(Some);
                }
                failing(repo, |handle| on_remote(handle, head, name))?
            }
            Base::Received => {
                let head = repo.commit_of(&self.head)?;
                failing(repo, |handle| stored_before(handle, head))?
            }
        };
        commit
            .map(|commit| repo.tree_of(&commit.to_string()))
            .transpose()
    }

    fn fork(&self, repo: &Repo, rev: &str) -> Result<ObjectId, SourceError> {
        let (base, head) = (repo.commit_of(rev)?, repo.commit_of(&self.head)?);
        let found = failing(repo, |handle| handle.fork(head, &[base]))?;
        found.ok_or_else(|| SourceError::NoFork {
            base: rev.to_owned(),
            head: self.head.clone(),
            path: repo.path(),
            shallow: repo.is_shallow(),
        })
    }
}

impl Base {
    /// A revision, or nothing where git says that there was none.
    pub fn since(rev: &str) -> Self {
        if is_zero(rev) {
            Self::Nothing
        } else {
            Self::Revision(rev.to_owned())
        }
    }
}

/// Ids of the parents of a commit, also of those that a shallow clone left out.
pub fn parents(dir: Option<&Path>, rev: &str) -> Result<Vec<String>, SourceError> {
    let repo = Repo::open(dir)?;
    let commit = repo.commit_of(rev)?;
    let parents = failing(&repo, |handle| handle.parents(commit))?;
    Ok(parents.iter().map(ToString::to_string).collect())
}

/// The branch that `origin` shows to whoever asks for none.
pub fn default_branch(dir: Option<&Path>) -> Option<String> {
    Repo::open(dir).ok()?.with(|handle| {
        let head = handle
            .repo
            .find_reference("refs/remotes/origin/HEAD")
            .ok()?;
        let name = head.target().try_name()?.as_bstr().to_string();
        Some(name.strip_prefix("refs/remotes/origin/")?.to_owned())
    })
}

fn failing<T>(repo: &Repo, call: impl FnOnce(&Handle) -> gix::Result<T>) -> Result<T, SourceError> {
    repo.with(call).map_err(|error| SourceError::Repository {
        path: repo.path(),
        reason: reason(&error),
    })
}

/// The newest commit that a remote has too, as far as its refs are known here.
fn on_remote(handle: &Handle, head: ObjectId, name: &str) -> gix::Result<Option<ObjectId>> {
    let mut tips = handle.tips(&format!("refs/remotes/{name}/"))?;
    if tips.is_empty() {
        // Pushed to by its address: what any remote has is not new either.
        tips = handle.tips("refs/remotes/")?;
    }
    if tips.is_empty() {
        return Ok(None);
    }
    handle.fork(head, &tips)
}

/// The newest ancestor that lies outside of the quarantine.
fn stored_before(handle: &Handle, head: ObjectId) -> gix::Result<Option<ObjectId>> {
    let mut queue = BinaryHeap::from([(i64::MAX, head)]);
    let mut seen = HashSet::from([head]);
    while let Some((_, id)) = queue.pop() {
        if handle.is_own(id) {
            return Ok(Some(id));
        }
        for parent in handle.parents(id)? {
            if seen.insert(parent) {
                let data = handle.data(parent)?;
                let commit = CommitRefIter::from_bytes(&data, handle.repo.object_hash());
                let time = commit.committer()?.seconds();
                queue.push((time, parent));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_written_as_git_writes_them() {
        let zero = "0".repeat(40);
        for (text, base, head) in [
            ("main", Base::Revision("main".into()), "HEAD"),
            ("v1..v2", Base::Revision("v1".into()), "v2"),
            ("v1..", Base::Revision("v1".into()), "HEAD"),
            ("..v2", Base::Revision("HEAD".into()), "v2"),
            ("origin/main...", Base::Fork("origin/main".into()), "HEAD"),
            ("a...b", Base::Fork("a".into()), "b"),
            (&format!("{zero}..b"), Base::Nothing, "b"),
        ] {
            assert_eq!(Range::parse(text, None), Some(Range::new(base, head)));
        }
        let head = Range::parse("main", Some("v3"));
        assert_eq!(head, Some(Range::new(Base::Revision("main".into()), "v3")));
        assert_eq!(Range::parse("a..b", Some("v3")), None);
    }
}
