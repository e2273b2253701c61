//! What the paths on the command line mean: which root they share, and which of its files and folders they are.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use gix::bstr::{BString, ByteSlice};

use super::error::SourceError;
use super::git::Repo;
use super::{Focus, name, walk};

/// A path of the command line.
pub struct Place {
    /// Canonical, but for a link that is the last part of it.
    pub path: PathBuf,
    /// The same, or the folder a file stands in.
    pub folder: PathBuf,
}

impl Place {
    pub fn of(given: &Path) -> Result<Self, SourceError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                SourceError::NotFound(given.to_owned())
            }
            _ => SourceError::Unreadable {
                path: given.to_owned(),
                reason: error.to_string(),
            },
        };
        let kind = fs::metadata(given).map_err(failed)?.file_type();
        if kind.is_dir() {
            let path = fs::canonicalize(given).map_err(failed)?;
            return Ok(Self {
                folder: path.clone(),
                path,
            });
        }
        let (true, Some(name)) = (kind.is_file(), given.file_name()) else {
            return Err(SourceError::NotAFile(given.to_owned()));
        };
        let folder = fs::canonicalize(parent(given)).map_err(failed)?;
        Ok(Self {
            path: folder.join(name),
            folder,
        })
    }

    /// A file that is not there: in the folder it names, or where that is missing too, somewhere below this one.
    pub fn planned(given: &Path) -> Result<Self, SourceError> {
        let missing = || SourceError::NotFound(given.to_owned());
        let name = given.file_name().ok_or_else(missing)?;
        if let Ok(folder) = fs::canonicalize(parent(given)) {
            return Ok(Self {
                path: folder.join(name),
                folder,
            });
        }
        let inside = given
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let folder = fs::canonicalize(".")
            .ok()
            .filter(|_| inside)
            .ok_or_else(missing)?;
        Ok(Self {
            path: folder.join(given),
            folder,
        })
    }

    fn is_folder(&self) -> bool {
        self.path == self.folder
    }
}

/// The folder a path names its last part in.
fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// The root of a run: the top level of the repository that holds every place, else their common parent.
pub fn ground(places: &[Place]) -> Result<(PathBuf, Option<Repo>), SourceError> {
    let holds_all = |top: &Path| places.iter().all(|place| place.path.starts_with(top));
    if Repo::is_set_by_environment()
        && let Ok(repo) = Repo::here(Path::new("."))
        && let Some(top) = repo.worktree().filter(|top| holds_all(top))
    {
        return Ok((top, Some(repo)));
    }
    let mut tops: Vec<PathBuf> = Vec::new();
    for place in places {
        if tops.iter().any(|top| place.path.starts_with(top)) {
            continue;
        }
        let Some(repo) = Repo::around(&place.folder)? else {
            continue;
        };
        let top = repo
            .worktree()
            .ok_or_else(|| SourceError::Bare(repo.path()))?;
        if holds_all(&top) {
            return Ok((top, Some(repo)));
        }
        tops.push(top);
    }
    let folders = places.iter().map(|place| place.folder.clone());
    let common = folders.reduce(|a, b| {
        a.ancestors()
            .find(|top| b.starts_with(top))
            .unwrap_or(&a)
            .to_owned()
    });
    Ok((common.unwrap_or_default(), None))
}

/// What somebody asked for, relative to the root and raw.
#[derive(Default)]
pub struct Asked {
    pub folders: BTreeSet<BString>,
    pub files: BTreeSet<BString>,
}

impl Asked {
    pub fn add(&mut self, place: &Place, root: &Path) -> Result<(), SourceError> {
        let inside = place.path.strip_prefix(root).ok().and_then(name::of_os);
        let raw = inside.ok_or_else(|| SourceError::NotFound(place.path.clone()))?;
        if place.is_folder() {
            self.folders.insert(raw);
            return Ok(());
        }
        if place.path.is_symlink() && !walk::leads_inside(root, raw.as_bstr()) {
            return Err(SourceError::LinkLeaves {
                link: place.path.clone(),
                target: fs::canonicalize(&place.path).unwrap_or_default(),
                root: root.to_owned(),
            });
        }
        self.files.insert(raw);
        Ok(())
    }

    pub fn focus(&self) -> Focus {
        let mut focus = Focus::default();
        self.folders
            .iter()
            .for_each(|folder| focus.add_folder(&name::shown(folder)));
        self.files
            .iter()
            .for_each(|file| focus.add_file(&name::shown(file)));
        focus
    }

    /// The folders the files stand in.
    pub fn parents(&self) -> BTreeSet<BString> {
        let parent = |file: &BString| {
            file.rfind_byte(b'/')
                .and_then(|at| file.get(..at))
                .unwrap_or_default()
                .into()
        };
        self.files.iter().map(parent).collect()
    }
}
