//! Trees that git stores: the index, a commit, any tree object. Nothing on disk but the repository is looked at.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};
use rayon::prelude::*;

use super::changes::Difference;
use super::error::SourceError;
use super::git::{Repo, reason};
use super::handle::Handle;
use super::ignores::{self, Loader, Rules};
use super::index::Index;
use super::snapshot::{Snapshot, Store};
use super::stored::{self, Ask, Kind, Stored, Visit};
use super::{Focus, Opened, Options, Wanted, name, text};
use crate::model::Str;
use crate::model::tree::{Entry, ReadError};

/// A link that leads over more links than this leads nowhere.
const MOST_LINKS: usize = 8;

/// The blobs of one stored tree.
pub struct Objects {
    repo: Arc<Repo>,
    tree: Arc<Stored>,
    /// What is listed, by shown path, sorted. A link stands here with the blob it leads to.
    blobs: Vec<(Str, ObjectId)>,
}

/// The content that would be committed now. `dir` names a repository; without it git's environment is followed, as
/// a hook has to.
pub fn index(dir: Option<&Path>, options: &Options) -> Result<Opened, SourceError> {
    let repo = Repo::open(dir)?;
    let tree = Stored::Index(repo.index()?);
    listed(repo, tree, options)
}

/// The tree of a revision, also in a bare repository.
pub fn revision(dir: Option<&Path>, rev: &str, options: &Options) -> Result<Opened, SourceError> {
    let repo = Repo::open(dir)?;
    let tree = repo.stored(repo.tree_of(rev)?);
    listed(repo, tree, options)
}

/// A wanted file before links and ignore rules are considered.
#[derive(Clone)]
struct Listed {
    raw: BString,
    shown: Str,
    id: ObjectId,
    kind: Kind,
}

type IgnoreFiles = HashMap<BString, ObjectId>;

fn listed(repo: Repo, tree: Stored, options: &Options) -> Result<Opened, SourceError> {
    let listing = Listing::of(&repo, &tree, options)?;
    Ok(listing.opened(&Arc::new(repo), &Arc::new(tree), options))
}

/// The files of a tree that are wanted by name, and its ignore files.
#[derive(Clone, Default)]
pub struct Listing {
    wanted: Vec<Listed>,
    ignore_files: IgnoreFiles,
}

impl Listing {
    pub fn of(repo: &Repo, tree: &Stored, options: &Options) -> Result<Self, SourceError> {
        let listed = match tree.parts() {
            Some((index, parts)) => Self::of_parts(repo, index, parts, options),
            None => Self::of_visit(repo, options, |handle, ask, each| {
                tree.visit(handle, ask, each)
            }),
        };
        listed.map_err(|error| SourceError::Repository {
            path: repo.path(),
            reason: reason(&error),
        })
    }

    fn of_parts(
        repo: &Repo,
        index: &Index,
        parts: Vec<Range<usize>>,
        options: &Options,
    ) -> gix::Result<Self> {
        let of_part = |part: Range<usize>| {
            Self::of_visit(repo, options, |handle, ask, each| {
                stored::visit_index(handle, index, part, ask, each)
            })
        };
        let parts: gix::Result<Vec<Self>> = parts.into_par_iter().map(of_part).collect();
        let mut whole = Self::default();
        for part in parts? {
            whole.wanted.extend(part.wanted);
            whole.ignore_files.extend(part.ignore_files);
        }
        Ok(whole)
    }

    fn of_visit(
        repo: &Repo,
        options: &Options,
        visit: impl FnOnce(&Handle, &mut Ask, &mut Visit) -> gix::Result<()>,
    ) -> gix::Result<Self> {
        let mut listing = Self::default();
        let (mut asked, mut shown) = (String::new(), String::new());
        let wanted = &mut |raw: &BStr| is_listed(raw, options, &mut asked);
        let add = &mut |raw: &BStr, id, kind| {
            listing.add(raw, id, kind, options.governed, &mut shown);
        };
        repo.with(|handle| visit(handle, wanted, add))?;
        Ok(listing)
    }

    /// The listing of the tree on the other side of a comparison, without walking through it.
    #[must_use]
    pub fn before(&self, differences: &[Difference], governed: fn(&str) -> Wanted) -> Self {
        let changed: HashSet<&BStr> = differences.iter().map(|one| one.raw.as_bstr()).collect();
        let mut before = self.clone();
        let is_changed = |raw: &BString| changed.contains(raw.as_bstr());
        before.wanted.retain(|file| !is_changed(&file.raw));
        before.ignore_files.retain(|raw, _| !is_changed(raw));
        let mut shown = String::new();
        for difference in differences {
            if let Some((id, kind)) = difference.old {
                before.add(difference.raw.as_bstr(), id, kind, governed, &mut shown);
            }
        }
        before
    }

    /// Adds what is wanted of the changes and is not there yet.
    pub fn add_changes(&mut self, differences: &[Difference], governed: fn(&str) -> Wanted) {
        let there: HashSet<BString> = self.wanted.iter().map(|file| file.raw.clone()).collect();
        let mut shown = String::new();
        for difference in differences.iter().filter(|one| !there.contains(&one.raw)) {
            if let Some((id, kind)) = difference.new {
                self.add(difference.raw.as_bstr(), id, kind, governed, &mut shown);
            }
        }
    }

    fn add(
        &mut self,
        raw: &BStr,
        id: ObjectId,
        kind: Kind,
        governed: fn(&str) -> Wanted,
        shown: &mut String,
    ) {
        if is_ignore_file(raw) {
            self.ignore_files.insert(raw.to_owned(), id);
        }
        let shown = name::shown_in(raw, shown);
        if governed(shown) != Wanted::No {
            self.wanted.push(Listed {
                raw: raw.to_owned(),
                shown: Str::from(shown),
                id,
                kind,
            });
        }
    }

    pub fn opened(self, repo: &Arc<Repo>, tree: &Arc<Stored>, options: &Options) -> Opened {
        let mut wanted = self.wanted;
        let excludes = self
            .ignore_files
            .keys()
            .any(|path| path.ends_with(ignores::OWN.as_bytes()));
        let loader = loader(Arc::clone(repo), self.ignore_files);
        let rules = Rules::new(loader, Vec::new(), false).with_own(options.own_rules);
        wanted.retain(|file| !excludes || !rules.excludes(file.raw.as_bstr()));
        let mut objects = Objects {
            repo: Arc::clone(repo),
            tree: Arc::clone(tree),
            blobs: Vec::new(),
        };
        objects.blobs = wanted
            .into_iter()
            .filter_map(|file| objects.blob_of(file))
            .collect();
        objects.blobs.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        objects.opened(rules, options)
    }
}

/// Whether a path is looked at at all. It is asked for every path of a tree, and most are not wanted.
fn is_listed(raw: &BStr, options: &Options, shown: &mut String) -> bool {
    is_ignore_file(raw)
        || !(name::is_shown_as_it_is(raw) && (options.is_nobodys)(raw))
            && (options.governed)(name::shown_in(raw, shown)) != Wanted::No
}

fn is_ignore_file(raw: &BStr) -> bool {
    if !raw.ends_with(b"ignore") {
        return false;
    }
    let name = raw.rfind_byte(b'/').map_or(0, |at| at + 1);
    let name = raw.get(name..).unwrap_or_default();
    name == ignores::GIT.as_bytes() || name == ignores::OWN.as_bytes()
}

impl Objects {
    fn opened(self, rules: Rules, options: &Options) -> Opened {
        let entry = |(path, _): &(Str, ObjectId)| Entry {
            path: Str::clone(path),
            tracked: true,
            ignored: false,
        };
        let entries = self.blobs.iter().map(entry).collect();
        Opened {
            focus: Focus::everything(),
            root: self.repo.worktree(),
            root_name: self.repo.name(),
            unreadable: Vec::new(),
            snapshot: Snapshot::new(
                entries,
                rules,
                Store::Objects(Box::new(self)),
                options.max_file_size,
            ),
        }
    }

    fn blob_of(&self, file: Listed) -> Option<(Str, ObjectId)> {
        let id = match file.kind {
            Kind::File => file.id,
            Kind::Link => self
                .repo
                .with(|handle| self.follow(handle, file.raw.as_bstr(), file.id))?,
        };
        Some((file.shown, id))
    }

    /// The blob a link leads to, if that is in the same tree.
    fn follow(&self, handle: &Handle, raw: &BStr, id: ObjectId) -> Option<ObjectId> {
        let (mut raw, mut id) = (raw.to_owned(), id);
        for _ in 0..MOST_LINKS {
            let target = read_blob(handle, id, 4096).ok()?;
            raw = name::relative(raw.as_bstr(), &target)?;
            let (next, kind) = self.tree.find(handle, raw.as_bstr())?;
            if kind == Kind::File {
                return Some(next);
            }
            id = next;
        }
        None
    }

    /// The blob of a listed file.
    pub fn listed(&self, path: &str) -> Option<ObjectId> {
        let at = self
            .blobs
            .binary_search_by(|(listed, _)| listed.as_ref().cmp(path));
        self.blobs.get(at.ok()?).map(|(_, id)| *id)
    }

    /// A file that is not listed, because its name says nothing, is there for those whose name says of it.
    fn unlisted(&self, raw: &BStr) -> Option<ObjectId> {
        self.repo.with(|handle| match self.tree.find(handle, raw)? {
            (id, Kind::File) => Some(id),
            (id, Kind::Link) => self.follow(handle, raw, id),
        })
    }

    /// The blob of a file, listed or not.
    pub fn content(&self, path: &str) -> Option<ObjectId> {
        let listed = self.listed(path);
        listed.or_else(|| self.unlisted(name::raw(path).as_bstr()))
    }

    pub fn has_unlisted(&self, raw: &BStr, rules: &Rules) -> bool {
        self.unlisted(raw).is_some() && !rules.excludes(raw)
    }

    pub fn read(&self, path: &str, max_size: u64) -> Result<Str, ReadError> {
        let id = self.content(path).ok_or(ReadError::Missing)?;
        let read = || text::decode(self.repo.with(|handle| read_blob(handle, id, max_size))?);
        self.repo.text(id, max_size, read)
    }
}

pub(super) fn read_blob(
    handle: &Handle,
    id: ObjectId,
    max_size: u64,
) -> Result<Vec<u8>, ReadError> {
    let short = id.to_hex_with_len(10);
    let failed = |error: gix::Error| {
        let reason = reason(&error);
        ReadError::Failed(if reason.contains("could not be found") {
            format!("git does not have its object {short} here: a partial or a damaged clone")
        } else {
            format!("git cannot read its object {short}: {reason}")
        })
    };
    let size = handle.size(id).map_err(failed)?;
    if size > max_size {
        return Err(ReadError::TooLarge(size));
    }
    handle.data(id).map_err(failed)
}

fn loader(repo: Arc<Repo>, files: IgnoreFiles) -> Loader {
    Box::new(move |raw| {
        let id = *files.get(raw)?;
        repo.with(|handle| handle.data(id).ok())
    })
}
