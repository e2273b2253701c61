//! What every commit up to a revision has carried: each content of each wanted file once, with the commits that brought it.
//!
//! Trees are compared by their ids, so a commit costs the folders it touched; a blob is read once, however many commits
//! hold it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use gix::ObjectId;
use gix::bstr::{BString, ByteSlice};
use gix::objs::CommitRefIter;
use rayon::prelude::*;

use super::error::SourceError;
use super::git::{Repo, reason};
use super::handle::Handle;
use super::stored::{Kind, Stored};
use super::{changes, name, objects, text};
use crate::model::Str;

/// One content of one path.
#[derive(Clone, Debug)]
pub struct Version {
    pub path: Str,
    pub text: Str,
    /// The commits that brought it in, oldest first.
    pub commits: Vec<Moment>,
}

/// A commit, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970.
    pub time: i64,
    pub commit: Str,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Sorted by path, then by their first commit.
    pub versions: Vec<Version>,
    /// Older commits were left out when this was cloned.
    pub is_cut: bool,
    /// Contents that are not here, as in a partial clone.
    pub unread: usize,
}

/// How much of a commit's id is told.
const SHORT: usize = 12;

/// Everything reachable from a revision; nothing before the first commit.
pub fn past(
    dir: Option<&Path>,
    rev: &str,
    wanted: fn(&str) -> bool,
    max_size: u64,
) -> Result<Past, SourceError> {
    let repo = Repo::open(dir)?;
    let head = match repo.commit_of(rev) {
        Ok(head) => head,
        Err(SourceError::Unborn { .. }) => return Ok(Past::default()),
        Err(error) => return Err(error),
    };
    let failed = |error: gix::Error| SourceError::Repository {
        path: repo.path(),
        reason: reason(&error),
    };
    let commits = repo
        .with(|handle| reachable(handle, head))
        .map_err(failed)?;
    let brought = brought(&repo, &commits, wanted)?;
    let mut past = read(&repo, brought, max_size);
    past.is_cut = repo.is_shallow();
    Ok(past)
}

/// The contents of all blobs, each read once.
fn read(repo: &Repo, brought: Brought, max_size: u64) -> Past {
    let mut past = Past::default();
    let read = |((raw, id), mut moments): ((BString, ObjectId), Vec<Moment>)| {
        moments.sort();
        moments.dedup();
        let bytes = repo.with(|handle| objects::read_blob(handle, id, max_size));
        let text = bytes.map(|bytes| text::decode(bytes).ok());
        text.map(|text| Some((raw, text?, moments)))
    };
    let all: Vec<_> = brought.into_par_iter().map(read).collect();
    for one in all {
        match one {
            Ok(Some((raw, text, commits))) => past.versions.push(Version {
                path: Str::from(name::shown(&raw)),
                text,
                commits,
            }),
            Ok(None) | Err(crate::model::tree::ReadError::TooLarge(_)) => {}
            Err(_) => past.unread += 1,
        }
    }
    past.versions
        .sort_by(|a, b| (&a.path, a.commits.first()).cmp(&(&b.path, b.commits.first())));
    past
}

/// A commit as far as it matters here.
struct Commit {
    id: ObjectId,
    tree: ObjectId,
    time: i64,
    parents: Vec<ObjectId>,
}

/// Every commit that can be reached, those only that are here.
fn reachable(handle: &Handle, head: ObjectId) -> gix::Result<HashMap<ObjectId, Commit>> {
    let mut commits = HashMap::new();
    let mut seen = HashSet::from([head]);
    let mut open = vec![head];
    while let Some(id) = open.pop() {
        let data = match handle.data(id) {
            Ok(data) => data,
            Err(error) if id == head => return Err(error),
            // Left out of a shallow clone.
            Err(_) => continue,
        };
        let hash = handle.repo.object_hash();
        let parents: Vec<ObjectId> = CommitRefIter::from_bytes(&data, hash)
            .parent_ids()
            .collect();
        open.extend(
            parents
                .iter()
                .copied()
                .filter(|parent| seen.insert(*parent)),
        );
        let commit = Commit {
            id,
            tree: CommitRefIter::from_bytes(&data, hash).tree_id()?,
            time: CommitRefIter::from_bytes(&data, hash)
                .committer()?
                .seconds(),
            parents,
        };
        commits.insert(id, commit);
    }
    Ok(commits)
}

type Brought = BTreeMap<(BString, ObjectId), Vec<Moment>>;

/// What each commit holds that none of its parents does.
fn brought(
    repo: &Repo,
    commits: &HashMap<ObjectId, Commit>,
    wanted: fn(&str) -> bool,
) -> Result<Brought, SourceError> {
    let mut all: Vec<&Commit> = commits.values().collect();
    all.sort_by_key(|commit| commit.id);
    let each: Result<Vec<_>, SourceError> = all
        .par_iter()
        .map(|commit| {
            let id = commit.id.to_hex_with_len(SHORT).to_string();
            let moment = Moment {
                time: commit.time,
                commit: Str::from(id),
            };
            Ok((moment, new_in(repo, commit, commits, wanted)?))
        })
        .collect();
    let mut brought = Brought::new();
    for (moment, blobs) in each? {
        for blob in blobs {
            brought.entry(blob).or_default().push(moment.clone());
        }
    }
    Ok(brought)
}

fn new_in(
    repo: &Repo,
    commit: &Commit,
    commits: &HashMap<ObjectId, Commit>,
    wanted: fn(&str) -> bool,
) -> Result<BTreeSet<(BString, ObjectId)>, SourceError> {
    let mut parents: Vec<Option<ObjectId>> = commit
        .parents
        .iter()
        .filter_map(|parent| Some(Some(commits.get(parent)?.tree)))
        .collect();
    if parents.is_empty() {
        parents.push(None);
    }
    let mut new: Option<BTreeSet<(BString, ObjectId)>> = None;
    for parent in parents {
        if new.as_ref().is_some_and(BTreeSet::is_empty) {
            break;
        }
        let differences = changes::compare(repo, parent, &Stored::Tree(commit.tree))?;
        let blobs = differences.into_iter().filter_map(|one| match one.new {
            Some((id, Kind::File)) if wanted(&name::shown(one.raw.as_bytes())) => {
                Some((one.raw, id))
            }
            _ => None,
        });
        new = Some(match new {
            None => blobs.collect(),
            Some(before) => blobs.filter(|blob| before.contains(blob)).collect(),
        });
    }
    Ok(new.unwrap_or_default())
}
