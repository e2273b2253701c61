//! What the later stages may ask of the place the bytes came from, without knowing which place it is.

use super::Str;

/// One path of a snapshot. Directories are not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the root, with `/`; the key for `Tree::read`.
    pub path: Str,
    /// In version control. Outside of git everything counts as tracked that no ignore file matches: what somebody
    /// ignores is not meant to be committed, wherever the copy at hand came from.
    pub tracked: bool,
    /// Matched by an ignore file.
    pub ignored: bool,
}

/// Why a path could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// No such file in this snapshot, or the path leaves it.
    Missing,
    /// Over the size limit, in bytes.
    TooLarge(u64),
    /// Holds NUL bytes or is not text.
    Binary,
    /// A Git LFS pointer: the content is kept elsewhere.
    Pointer,
    /// Permission, missing object, or another fault: the run cannot be called complete.
    Failed(String),
}

/// A read-only tree of files. Every file of one run comes from the same tree.
pub trait Tree: Sync {
    /// Every file, sorted by path.
    fn entries(&self) -> &[Entry];

    /// The text of a file; never follows a link out of the root.
    fn read(&self, path: &str) -> Result<Str, ReadError>;

    /// Whether the ignore files of this tree would cover a file of that path.
    fn ignore_covers(&self, path: &str) -> bool;

    /// True for a file of this tree.
    fn has(&self, path: &str) -> bool {
        self.entries()
            .binary_search_by(|entry| entry.path.as_ref().cmp(path))
            .is_ok()
    }
}
