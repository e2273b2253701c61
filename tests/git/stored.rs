//! Revisions and the index.

use std::path::Path;

use crate::support::{Lab, listed, options, read, text};
use envguard::model::Tree;
use envguard::model::tree::ReadError;
use envguard::source::{self, SourceError};

#[test]
fn any_revision_is_a_tree_also_in_a_bare_repository() {
    let lab = Lab::new();
    lab.write("old/.env", "A=1\n")
        .write(".gitignore", ".env.local\n")
        .commit_all();
    lab.git(&["tag", "-a", "v1", "-m", "first"]);
    std::fs::remove_dir_all(lab.at("old")).unwrap();
    lab.write("new/.env", "A=2\n")
        .commit_all()
        .write(".env.local", "A=3\n");
    lab.git(&["clone", "-q", "--bare", ".", "../copy.git"]);
    let bare = lab.root().parent().unwrap().join("copy.git");
    for dir in [lab.root(), bare.clone()] {
        let at = |rev: &str| source::revision(Some(&dir), rev, &options()).unwrap();
        assert_eq!(listed(&at("HEAD")), ["new/.env"]);
        for rev in ["v1", "HEAD~1", "v1^{tree}", "main^"] {
            let opened = at(rev);
            assert_eq!(listed(&opened), ["old/.env"], "{rev}");
            assert_eq!(text(&opened, "old/.env"), "A=1\n");
            assert_eq!(
                text(&opened, ".gitignore"),
                ".env.local\n",
                "unlisted, yet there"
            );
            assert_eq!(read(&opened, "new/.env"), Err(ReadError::Missing));
            assert!(opened.snapshot.ignore_covers("x/.env.local"));
            assert!(opened.focus.is_everything());
        }
        let error = source::revision(Some(&dir), "nope", &options())
            .err()
            .unwrap();
        assert!(matches!(error, SourceError::Revision { .. }), "{error}");
    }
    let opened = source::revision(Some(&bare), "HEAD", &options()).unwrap();
    assert_eq!((opened.root, opened.root_name.as_str()), (None, "copy"));
    let error = source::paths(&[bare], &options()).err().unwrap();
    assert!(matches!(error, SourceError::Bare(_)), "{error}");
}

#[test]
fn no_repository_and_no_commit_are_told_apart() {
    let nowhere = Lab::bare_ground();
    let error = nowhere.revision("HEAD").err().unwrap();
    assert!(matches!(error, SourceError::NoRepository(_)), "{error}");
    let unborn = Lab::new();
    let error = unborn.revision("HEAD").err().unwrap();
    assert!(matches!(error, SourceError::Unborn { .. }), "{error}");
    let missing = source::revision(Some(Path::new("/no/such/folder")), "HEAD", &options())
        .err()
        .unwrap();
    assert!(!missing.to_string().is_empty());
}

/// Some sort differently with a `/` behind them.
const FOLDERS: [&str; 8] = ["", "a/", "a/b/", "a-b/", "a.b/c/", "a0/", "b/c/d/", "ab/"];

/// A tree beside an index that remembers its folders lists what the tree alone lists, which is how a bare copy is read.
#[test]
fn what_the_index_remembers_of_a_tree_is_what_the_tree_says() {
    let lab = Lab::new();
    for (number, folder) in FOLDERS.iter().enumerate() {
        for name in [".env", "x.yml", "b", "readme"] {
            lab.write(&format!("{folder}{name}x"), "1\n")
                .write(&format!("{folder}{number}{name}"), "1\n");
        }
    }
    lab.write(".gitignore", "b/c/d/.envx\n").commit_all();
    lab.write("a/b/.envx", "2\n").write("new/.env", "2\n");
    std::fs::remove_dir_all(lab.at("a-b")).unwrap();
    lab.git(&["add", "-f", "."]);
    lab.git(&["commit", "-q", "-m", "second"]);
    lab.git(&["clone", "-q", "--bare", ".", "../copy.git"]);
    let bare = lab.root().parent().unwrap().join("copy.git");
    let compare = |state: &str| {
        for rev in ["HEAD", "HEAD~1"] {
            let open = |dir: &Path| source::revision(Some(dir), rev, &options()).unwrap();
            let (here, there) = (open(&lab.root()), open(&bare));
            assert!(listed(&there).len() > 15);
            assert_eq!(listed(&here), listed(&there), "{rev} {state}");
            let names = [".envx", "b", "bx", "readmex"];
            let in_folder = |folder: &&str| names.map(|name| format!("{folder}{name}"));
            for path in FOLDERS.iter().flat_map(in_folder) {
                assert_eq!(read(&here, &path), read(&there, &path), "{path} {state}");
            }
        }
    };
    compare("as it was committed");
    lab.write("a.b/c/y.yml", "3\n").write("c/.env", "3\n");
    lab.git(&["add", "a.b"]);
    compare("with a staged file");
    lab.git(&["add", "-N", "c/.env"]);
    lab.git(&["rm", "-q", "--cached", "a/b/.envx"]);
    compare("with a file announced and one taken out");
    lab.git(&["read-tree", "HEAD~1"]);
    compare("with the index of another commit");
    lab.git(&["read-tree", "--empty"]);
    compare("with an empty index");
}

/// Texts are kept by what they hold. Whoever asks again gets what git has, and no more than the limit of the tree allows.
#[test]
fn a_text_that_was_read_before_is_what_git_has() {
    let lab = Lab::new();
    let texts = ["A=1\n", "A=2\n", "", "B=é\n", "A=1\n"];
    for (number, text) in texts.iter().enumerate() {
        lab.write(&format!("{number}/.env"), text);
    }
    lab.commit_all();
    let mut opened = lab.index();
    for _ in 0..3 {
        for (number, text) in texts.iter().enumerate() {
            let path = format!("{number}/.env");
            assert_eq!(read(&opened, &path).as_deref(), Ok(*text), "{path}");
            assert_eq!(lab.git(&["show", &format!(":{path}")]), *text);
        }
    }
    opened.snapshot.limit(4);
    assert_eq!(read(&opened, "3/.env"), Err(ReadError::TooLarge(5)));
    assert_eq!(text(&opened, "0/.env"), "A=1\n");
}
