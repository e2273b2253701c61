//! Which paths a run may report on. The snapshot is always the whole tree; this narrows what is said about it.

use std::collections::BTreeSet;

use crate::model::Str;

/// A set of files and folders, by shown path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// With a `/` at the end; the root is the empty text.
    folders: BTreeSet<Str>,
    files: BTreeSet<Str>,
}

impl Focus {
    pub fn everything() -> Self {
        let mut focus = Self::default();
        focus.add_folder("");
        focus
    }

    pub fn of(files: impl IntoIterator<Item = Str>) -> Self {
        Self {
            folders: BTreeSet::new(),
            files: files.into_iter().collect(),
        }
    }

    pub fn add_file(&mut self, path: &str) {
        self.files.insert(Str::from(path));
    }

    /// A folder with everything below it; the root is the empty path.
    pub fn add_folder(&mut self, path: &str) {
        let path = path.trim_end_matches('/');
        self.folders.insert(if path.is_empty() {
            Str::from("")
        } else {
            Str::from(format!("{path}/"))
        });
    }

    pub fn has(&self, path: &str) -> bool {
        self.files.contains(path)
            || self.folders.contains("")
            || path.match_indices('/').any(|(at, _)| {
                path.get(..=at)
                    .is_some_and(|folder| self.folders.contains(folder))
            })
    }

    /// The one folder that was asked for, without a `/` at its end; empty for the root, or where several paths were.
    pub fn folder(&self) -> &str {
        match self.folders.first() {
            Some(folder) if self.folders.len() == 1 && self.files.is_empty() => {
                folder.trim_end_matches('/')
            }
            _ => "",
        }
    }

    pub fn is_everything(&self) -> bool {
        self.folders.contains("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_what_is_below_it_and_nothing_beside_it() {
        let mut focus = Focus::default();
        focus.add_folder("config");
        focus.add_file("a/.env");
        for (path, has) in [
            ("config/.env", true),
            ("config/prod/.env", true),
            ("configs/.env", false),
            ("config", false),
            ("a/.env", true),
            ("a/.env.local", false),
        ] {
            assert_eq!(focus.has(path), has, "{path}");
        }
        assert!(Focus::everything().has("any/thing") && !Focus::of([]).has("any/thing"));
    }
}
