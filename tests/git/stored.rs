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
