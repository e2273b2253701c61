//! A tree that lies nowhere: the small repositories inside of policies, on which these are tested and explained.

use std::collections::BTreeMap;
use std::sync::Arc;

use gix::bstr::{BStr, ByteSlice};

use super::ignores::{Loader, Rules, Verdict};
use super::snapshot::{Snapshot, Store};
use super::{Focus, Opened, Options, Wanted, name, text};
use crate::model::Str;
use crate::model::tree::{Entry, ReadError};

/// What the root is called: a word that names no environment and no role.
const ROOT: &str = "shop";

type Texts = Arc<BTreeMap<Str, Str>>;

/// The files of such a tree, by path.
pub struct Memory(Texts);

/// Opens files that are given with their text. All are in version control but those that are said not to be; ignore
/// files among them count, as they do on disk.
pub fn texts(files: &[(Str, Str)], untracked: &[Str], options: &Options) -> Opened {
    let files: Texts = Arc::new(files.iter().cloned().collect());
    let rules =
        Rules::new(loader(Arc::clone(&files)), Vec::new(), false).with_own(options.own_rules);
    let entries = files
        .keys()
        .filter_map(|path| entry(path, !untracked.contains(path), &rules, options))
        .collect();
    Opened {
        focus: Focus::everything(),
        root: None,
        root_name: ROOT.to_owned(),
        unreadable: Vec::new(),
        snapshot: Snapshot::new(
            entries,
            rules,
            Store::Memory(Memory(files)),
            options.max_file_size,
        ),
    }
}

/// The same choice as on disk: of what git ignores only env files are listed.
fn entry(path: &Str, tracked: bool, rules: &Rules, options: &Options) -> Option<Entry> {
    let wanted = (options.governed)(path);
    let ignored = match rules.verdict(name::raw(path).as_bstr()) {
        Verdict::Excluded => return None,
        Verdict::Ignored => !tracked,
        Verdict::Free => false,
    };
    let listed = match wanted {
        Wanted::No => false,
        Wanted::Yes => !ignored,
        Wanted::Dotenv => !ignored || options.include_ignored,
    };
    listed.then(|| Entry {
        path: Str::clone(path),
        tracked,
        ignored,
    })
}

fn loader(files: Texts) -> Loader {
    Box::new(move |raw| {
        let text = files.get(raw.to_str().ok()?)?;
        Some(text.as_bytes().to_vec())
    })
}

impl Memory {
    pub fn has_unlisted(&self, path: &str, raw: &BStr, rules: &Rules) -> bool {
        self.0.contains_key(path) && rules.verdict(raw) != Verdict::Excluded
    }

    pub fn read(&self, path: &str, max_size: u64) -> Result<Str, ReadError> {
        let text = self.0.get(path).ok_or(ReadError::Missing)?;
        if text.len() as u64 > max_size {
            return Err(ReadError::TooLarge(text.len() as u64));
        }
        text::decode(text.as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tree;

    fn wanted(path: &str) -> Wanted {
        match path {
            path if path.contains(".env") => Wanted::Dotenv,
            path if path.ends_with(".yml") => Wanted::Yes,
            _ => Wanted::No,
        }
    }

    #[test]
    fn ignore_files_count_for_what_is_not_tracked() {
        let pair = |(path, text): (&str, &str)| (Str::from(path), Str::from(text));
        let files = [
            (".gitignore", ".env*\n*.yml\n"),
            (".env", "A=1\n"),
            ("a/.env.new", "B=1\n"),
            ("a/new.yml", "x: 1\n"),
            ("kept.yml", "x: 1\n"),
            ("readme.txt", "hello"),
        ]
        .map(pair);
        let untracked = ["a/.env.new", "a/new.yml"].map(Str::from);
        let opened = texts(&files, &untracked, &Options::new(wanted));
        let listed: Vec<(&str, bool, bool)> = opened
            .snapshot
            .entries()
            .iter()
            .map(|entry| (entry.path.as_ref(), entry.tracked, entry.ignored))
            .collect();
        assert_eq!(
            listed,
            [
                (".env", true, false),
                ("a/.env.new", false, true),
                ("kept.yml", true, false)
            ]
        );
        assert!(opened.snapshot.ignore_covers("b/.env"));
        assert_eq!(
            opened.snapshot.read("readme.txt").as_deref(),
            Ok("hello"),
            "found by those who know its name"
        );
        assert_eq!(opened.snapshot.read("nothing"), Err(ReadError::Missing));
    }
}
