//! The tree every later stage reads from, whatever it was opened from.

use gix::bstr::ByteSlice;

use super::folder::Folder;
use super::ignores::Rules;
use super::memory::Memory;
use super::name;
use super::objects::Objects;
use crate::model::tree::{Entry, ReadError};
use crate::model::{Str, Tree};

/// Where the bytes are.
pub enum Store {
    Folder(Box<Folder>),
    Objects(Box<Objects>),
    Memory(Memory),
}

/// Every path of a tree that somebody wants by its name, with its text on demand.
pub struct Snapshot {
    entries: Vec<Entry>,
    rules: Rules,
    store: Store,
    /// A file whose text came with the command: it hides the stored one.
    typed: Option<(Str, Result<Str, ReadError>)>,
    max_file_size: u64,
}

impl Snapshot {
    /// `entries` come sorted by path.
    pub fn new(entries: Vec<Entry>, rules: Rules, store: Store, max_file_size: u64) -> Self {
        Self {
            entries,
            rules,
            store,
            typed: None,
            max_file_size,
        }
    }

    /// Reads no file over this many bytes from now on.
    pub fn limit(&mut self, max_file_size: u64) {
        self.max_file_size = max_file_size;
    }

    /// Takes out what globs match, in the syntax of ignore files; it cannot be read any more either.
    pub fn exclude(&mut self, globs: &[String]) {
        if globs.is_empty() {
            return;
        }
        self.rules.exclude(globs);
        let rules = &self.rules;
        self.entries
            .retain(|entry| !rules.excludes(name::raw(&entry.path).as_bstr()));
    }

    /// Takes out what another tree was told to leave alone.
    pub fn exclude_as(&mut self, other: &Self) {
        self.entries.retain(|entry| !other.excludes(&entry.path));
    }

    /// Whether the globs and ignore files that apply here leave a path out.
    pub fn excludes(&self, path: &str) -> bool {
        self.rules.excludes(name::raw(path).as_bstr())
    }

    /// Whether a listed file is the same object of git in another tree.
    pub fn shares(&self, other: &Self, path: &str) -> bool {
        match (&self.store, &other.store) {
            (Store::Objects(one), Store::Objects(two)) => {
                one.listed(path).is_some() && one.listed(path) == two.listed(path)
            }
            _ => false,
        }
    }

    /// Whether a path, listed or not, holds the same object of git in another tree, or nothing in both.
    pub fn agrees(&self, other: &Self, path: &str) -> bool {
        match (&self.store, &other.store) {
            (Store::Objects(one), Store::Objects(two)) => {
                one.content(path) == two.content(path) && self.has(path) == other.has(path)
            }
            _ => false,
        }
    }

    /// Lists no file any more; who knows a path can still read it.
    pub fn unlist(&mut self) {
        self.entries.clear();
    }

    /// Does not list a file any more.
    pub fn forget(&mut self, path: &str) {
        self.entries.retain(|entry| &*entry.path != path);
    }

    /// Puts other text in the place of a listed file's.
    pub fn lay_over(&mut self, path: &str, text: Result<Str, ReadError>) {
        self.typed = Some((Str::from(path), text));
    }

    fn find(&self, path: &str) -> Result<usize, usize> {
        self.entries
            .binary_search_by(|entry| entry.path.as_ref().cmp(path))
    }

    fn typed(&self, path: &str) -> Option<&Result<Str, ReadError>> {
        self.typed
            .as_ref()
            .filter(|(name, _)| name.as_ref() == path)
            .map(|(_, text)| text)
    }
}

impl Tree for Snapshot {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, path: &str) -> Result<Str, ReadError> {
        if !self.has(path) {
            return Err(ReadError::Missing);
        }
        if let Some(text) = self.typed(path) {
            return text.clone();
        }
        match &self.store {
            Store::Folder(folder) => folder.read(name::raw(path).as_bstr(), self.max_file_size),
            Store::Objects(objects) => objects.read(path, self.max_file_size),
            Store::Memory(memory) => memory.read(path, self.max_file_size),
        }
    }

    fn ignore_covers(&self, path: &str) -> bool {
        self.rules.covers(name::raw(path).as_bstr())
    }

    /// Also true for a file that is not listed because no format wants its name.
    fn has(&self, path: &str) -> bool {
        if self.find(path).is_ok() {
            return true;
        }
        let raw = name::raw(path);
        match &self.store {
            Store::Folder(folder) => folder.has_unlisted(raw.as_bstr(), &self.rules),
            Store::Objects(objects) => objects.has_unlisted(raw.as_bstr(), &self.rules),
            Store::Memory(memory) => memory.has_unlisted(path, raw.as_bstr(), &self.rules),
        }
    }
}
