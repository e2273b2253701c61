//! Two trees of one repository and what lies between them: the index and HEAD, or two revisions.
//!
//! The differences come first, and where none of them matters nothing else is read. The older tree is listed from the
//! newer one by taking the differences back, so that comparing costs no second walk.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use gix::bstr::ByteSlice;

use super::changes::{self, Change, Difference};
use super::error::SourceError;
use super::git::Repo;
use super::objects::{self, Listing};
use super::range::Range;
use super::stored::{Kind, Stored};
use super::{Focus, Opened, Options, Wanted, name, text};
use crate::model::Str;

pub struct Pair {
    repo: Arc<Repo>,
    new: Arc<Stored>,
    /// The same as it is walked through.
    walked: OnceLock<Arc<Stored>>,
    old: Option<ObjectId>,
    differences: Vec<Difference>,
    changes: Vec<Change>,
    listing: OnceLock<Listing>,
    /// The same with whatever is wanted beside the changes.
    whole: OnceLock<Listing>,
}

/// How much is listed of what has not changed.
#[derive(Clone, Copy)]
pub enum Beside {
    /// What this asks for; of the changes everything that is wanted.
    Only(fn(&str) -> Wanted),
    Everything,
}

/// What would be committed now, against HEAD. `dir` as in [`super::index()`].
pub fn staged(dir: Option<&Path>, governed: fn(&str) -> Wanted) -> Result<Pair, SourceError> {
    let repo = Repo::open(dir)?;
    let new = Stored::Index(repo.index()?);
    let old = repo.head_tree()?;
    Pair::of(repo, old, new, governed)
}

/// What a range of commits has changed.
pub fn range(
    dir: Option<&Path>,
    range: &Range,
    governed: fn(&str) -> Wanted,
) -> Result<Pair, SourceError> {
    let repo = Repo::open(dir)?;
    let new = Stored::Tree(repo.tree_of(&range.head)?);
    let old = range.base_tree(&repo)?;
    Pair::of(repo, old, new, governed)
}

impl Pair {
    fn of(
        repo: Repo,
        old: Option<ObjectId>,
        new: Stored,
        governed: fn(&str) -> Wanted,
    ) -> Result<Self, SourceError> {
        let differences = changes::compare(&repo, old, &new)?;
        Ok(Self {
            changes: changes::told(&repo, &differences, governed),
            differences,
            repo: Arc::new(repo),
            new: Arc::new(new),
            old,
            walked: OnceLock::new(),
            listing: OnceLock::new(),
            whole: OnceLock::new(),
        })
    }

    /// Sorted by path.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The newer tree; its focus is what has changed.
    pub fn now(&self, options: &Options, beside: Beside) -> Result<Opened, SourceError> {
        let listing = self.listing(options, beside)?.clone();
        let mut opened = listing.opened(&self.repo, self.walked(), options);
        opened.focus = Focus::of(self.changes.iter().map(|change| Str::clone(&change.path)));
        Ok(opened)
    }

    /// The newer tree without a list of its files: who knows a path can read it.
    pub fn unlisted(&self, options: &Options) -> Opened {
        Listing::default().opened(&self.repo, &self.new, options)
    }

    /// The older tree; `None` where there is none, so that everything is new.
    pub fn before(&self, options: &Options, beside: Beside) -> Result<Option<Opened>, SourceError> {
        let Some(old) = self.old else {
            return Ok(None);
        };
        let listing = self.listing(options, beside)?;
        let listing = listing.before(&self.differences, options.governed);
        let sides = self.differences.iter();
        let sides = sides.map(|one| (one.raw.clone(), one.old));
        let new = Arc::clone(self.walked());
        let tree = Arc::new(Stored::Before(old, new, Arc::new(sides.collect())));
        Ok(Some(listing.opened(&self.repo, &tree, options)))
    }

    /// Whether the newer tree holds a file of that path; nothing is listed for it.
    pub fn has(&self, path: &str) -> bool {
        self.repo
            .with(|handle| self.new.find(handle, name::raw(path).as_bstr()))
            .is_some()
    }

    /// The texts a changed file had and has, as far as they can be read.
    pub fn texts(&self, path: &str, max_size: u64) -> impl Iterator<Item = Str> {
        let raw = name::raw(path);
        let found = self.differences.iter().find(|one| one.raw == raw);
        let sides = found.map(|one| [one.old, one.new]).unwrap_or_default();
        sides
            .into_iter()
            .flatten()
            .filter(|(_, kind)| *kind == Kind::File)
            .filter_map(move |(id, _)| {
                let bytes = self
                    .repo
                    .with(|handle| objects::read_blob(handle, id, max_size));
                text::decode(bytes.ok()?).ok()
            })
    }

    /// The newer tree, beside the index: only now, because most runs end before anything is listed.
    fn walked(&self) -> &Arc<Stored> {
        self.walked.get_or_init(|| match *self.new {
            Stored::Tree(id) => Arc::new(self.repo.stored(id)),
            _ => Arc::clone(&self.new),
        })
    }

    fn listing(&self, options: &Options, beside: Beside) -> Result<&Listing, SourceError> {
        let (kept, governed) = match beside {
            Beside::Everything => (&self.whole, options.governed),
            Beside::Only(governed) => (&self.listing, governed),
        };
        if let Some(listing) = kept.get() {
            return Ok(listing);
        }
        let asked = Options {
            governed,
            ..options.clone()
        };
        let mut listing = Listing::of(&self.repo, self.walked(), &asked)?;
        if let Beside::Only(_) = beside {
            listing.add_changes(&self.differences, options.governed);
        }
        Ok(kept.get_or_init(|| listing))
    }
}
