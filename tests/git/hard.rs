//! What git can do to a repository and to a hook: each case once, the answer always the index's.

use std::fs;

use crate::support::{Lab, listed, options, read, text};
use envguard::model::Tree;
use envguard::model::tree::ReadError;
use envguard::source::{self, SourceError};

#[test]
fn the_index_answers_whatever_lies_in_the_folder() {
    let lab = Lab::new();
    lab.write("a.yml", "committed")
        .write("b.yml", "committed")
        .commit_all();
    lab.write("a.yml", "staged");
    lab.git(&["add", "a.yml"]);
    lab.write("a.yml", "clean again")
        .write("b.yml", "dirty")
        .write("c.yml", "untracked");
    let opened = lab.index();
    assert_eq!(listed(&opened), ["a.yml", "b.yml"]);
    assert_eq!(text(&opened, "a.yml"), "staged");
    assert_eq!(text(&opened, "b.yml"), "committed");
    assert_eq!(text(&lab.worktree(), "a.yml"), "clean again");
    assert_eq!(text(&lab.revision("HEAD").unwrap(), "a.yml"), "committed");
}

#[test]
fn partly_staged_files_are_read_as_staged() {
    let lab = Lab::new();
    let lines = |a: &str, b: &str| format!("A={a}\n{}B={b}\n", "#\n".repeat(20));
    lab.write(".env", lines("1", "1"))
        .commit_all()
        .write(".env", lines("2", "2"));
    lab.add_patch("y\nn\n");
    assert_eq!(text(&lab.index(), ".env"), lines("2", "1"));
}

#[test]
fn deletion_rename_and_change_of_type() {
    let lab = Lab::new();
    lab.write("gone.yml", "1")
        .write("old.yml", "2")
        .write("file.yml", "3")
        .write("sub.yml", "4")
        .commit_all();
    lab.git(&["rm", "-q", "--cached", "gone.yml"]);
    lab.git(&["mv", "old.yml", "new.yml"]);
    fs::remove_file(lab.at("file.yml")).unwrap();
    std::os::unix::fs::symlink("new.yml", lab.at("file.yml")).unwrap();
    fs::remove_file(lab.at("sub.yml")).unwrap();
    lab.write("sub.yml/.env", "5");
    lab.git(&["add", "file.yml", "sub.yml"]);
    let opened = lab.index();
    assert_eq!(listed(&opened), ["file.yml", "new.yml", "sub.yml/.env"]);
    assert_eq!(text(&opened, "file.yml"), "2");
    assert_eq!(read(&opened, "gone.yml"), Err(ReadError::Missing));
    assert_eq!(
        listed(&lab.worktree()),
        ["file.yml", "?gone.yml", "new.yml", "sub.yml/.env"]
    );
}

#[test]
fn what_is_only_announced_has_no_content_yet() {
    let lab = Lab::new();
    lab.write("a.yml", "1").commit_all().write("b.yml", "2");
    lab.git(&["add", "--intent-to-add", "b.yml"]);
    assert_eq!(listed(&lab.index()), ["a.yml"]);
    assert_eq!(read(&lab.index(), "b.yml"), Err(ReadError::Missing));
    assert_eq!(listed(&lab.worktree()), ["a.yml", "b.yml"]);
}

#[test]
fn in_a_conflict_our_side_counts() {
    let lab = Lab::new();
    lab.write("a.yml", "base")
        .write("deleted.yml", "base")
        .commit_all();
    lab.git(&["checkout", "-q", "-b", "other"]);
    lab.write("a.yml", "theirs")
        .write("deleted.yml", "theirs")
        .commit_all();
    lab.git(&["checkout", "-q", "main"]);
    lab.write("a.yml", "ours");
    lab.git(&["rm", "-q", "deleted.yml"]);
    lab.commit_all();
    lab.command("git", &lab.root())
        .args(["merge", "-q", "other"])
        .output()
        .unwrap();
    let opened = lab.index();
    assert_eq!(listed(&opened), ["a.yml", "deleted.yml"]);
    assert_eq!(text(&opened, "a.yml"), "ours");
    assert_eq!(
        text(&opened, "deleted.yml"),
        "theirs",
        "ours has no such file"
    );
    assert_eq!(
        listed(&lab.worktree()),
        ["a.yml", "deleted.yml"],
        "each once"
    );
}

#[test]
fn before_the_first_commit() {
    let lab = Lab::new();
    assert_eq!(listed(&lab.index()), Vec::<String>::new());
    lab.write("a.yml", "1");
    lab.git(&["add", "a.yml"]);
    assert_eq!(text(&lab.index(), "a.yml"), "1");
}

#[test]
fn linked_worktrees_and_submodules_are_worktrees_of_their_own() {
    let inner = Lab::new();
    inner.write("inner.yml", "1").commit_all();
    let lab = Lab::new();
    lab.write("a.yml", "1")
        .write(".gitmodules", "")
        .commit_all();
    let url = inner.root();
    lab.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "-q",
        "-f",
        url.to_str().unwrap(),
        "mod",
    ]);
    lab.commit_all();
    for opened in [lab.worktree(), lab.index(), lab.revision("HEAD").unwrap()] {
        assert_eq!(listed(&opened), ["a.yml"]);
    }
    let opened = lab.paths(&["mod"]).unwrap();
    assert_eq!(listed(&opened), ["inner.yml"]);
    assert_eq!(opened.root.unwrap(), lab.at("mod").canonicalize().unwrap());
    let opened = source::index(Some(&lab.at("mod")), &options()).unwrap();
    assert_eq!(text(&opened, "inner.yml"), "1");
}

#[test]
fn a_linked_worktree_has_its_own_index_and_shares_the_rules() {
    let lab = Lab::new();
    lab.write("a.yml", "1").commit_all();
    lab.write(".git/info/exclude", "x.yml\n");
    lab.git(&["worktree", "add", "-q", "-b", "side", "../side"]);
    let side = lab.root().parent().unwrap().join("side");
    fs::write(side.join("a.yml"), "2").unwrap();
    fs::write(side.join("x.yml"), "excluded for every worktree").unwrap();
    lab.git_in(&side, &["add", "a.yml"]);
    assert_eq!(
        text(&source::index(Some(&side), &options()).unwrap(), "a.yml"),
        "2"
    );
    assert_eq!(text(&lab.index(), "a.yml"), "1");
    assert_eq!(
        listed(&source::paths(std::slice::from_ref(&side), &options()).unwrap()),
        ["a.yml"]
    );
}

#[test]
fn sparse_checkouts_keep_their_whole_index() {
    let lab = Lab::new();
    lab.write("top.yml", "1")
        .write("in/a.yml", "2")
        .write("out/deep/b.yml", "3")
        .write("out/.gitignore", "*.tmp.yml\n")
        .commit_all();
    for sparse_index in ["--no-sparse-index", "--sparse-index"] {
        lab.git(&["sparse-checkout", "set", "--cone", sparse_index, "in"]);
        let opened = lab.index();
        assert_eq!(
            listed(&opened),
            ["in/a.yml", "out/deep/b.yml", "top.yml"],
            "{sparse_index}"
        );
        assert_eq!(text(&opened, "out/deep/b.yml"), "3");
        assert_eq!(text(&opened, "out/.gitignore"), "*.tmp.yml\n");
        assert!(opened.snapshot.ignore_covers("out/x.tmp.yml"));
        assert_eq!(
            listed(&lab.worktree()),
            ["in/a.yml", "top.yml"],
            "the worktree is what lies there"
        );
    }
}

#[test]
fn every_kind_of_index_is_read() {
    for setup in [
        &["update-index", "--index-version", "4"][..],
        &["update-index", "--split-index"],
        &["update-index", "--untracked-cache"],
    ] {
        let lab = Lab::new();
        lab.write("a/one.yml", "1")
            .write("a/two.yml", "1")
            .commit_all();
        lab.git(setup);
        lab.write("a/two.yml", "2").write("b.yml", "3");
        lab.git(&["add", "-A"]);
        lab.git(&["rm", "-q", "--cached", "a/one.yml"]);
        let opened = lab.index();
        assert_eq!(listed(&opened), ["a/two.yml", "b.yml"], "{setup:?}");
        assert_eq!(text(&opened, "a/two.yml"), "2");
    }
}

#[test]
fn repositories_of_other_formats_are_read() {
    for init in [
        &["--object-format=sha256"][..],
        &["--ref-format=reftable"],
        &["--ref-format=reftable", "--object-format=sha256"],
    ] {
        let lab = Lab::with_init(init);
        let error = lab.revision("HEAD").err().unwrap();
        assert!(
            matches!(error, SourceError::Unborn { .. }),
            "{init:?}: {error}"
        );
        lab.write("a.yml", "1").commit_all().write("a.yml", "2");
        lab.git(&["add", "-A"]);
        assert_eq!(text(&lab.index(), "a.yml"), "2", "{init:?}");
        assert_eq!(listed(&lab.worktree()), ["a.yml"], "{init:?}");
        assert_eq!(
            text(&lab.revision("HEAD").unwrap(), "a.yml"),
            "1",
            "{init:?}"
        );
    }
}

#[test]
fn refs_in_tables_are_found_by_every_name() {
    let lab = Lab::with_init(&["--ref-format=reftable"]);
    lab.write("a.yml", "1").commit_all();
    lab.git(&["tag", "-a", "v1", "-m", "first"]);
    lab.write("a.yml", "2").commit_all();
    for numbers in [0..200, 200..400] {
        let refs: Vec<String> = numbers
            .map(|number| format!("refs/heads/topic/number-{number}"))
            .collect();
        lab.make_refs(&refs, "HEAD~1");
        lab.git(&["pack-refs", "--all"]);
    }
    lab.git(&["update-ref", "-d", "refs/heads/topic/number-7"]);
    lab.git(&["worktree", "add", "-q", "--detach", "../side", "v1"]);
    let id = lab.git(&["rev-parse", "HEAD"]);
    for rev in ["HEAD", "@", "main", "refs/heads/main", id.trim()] {
        assert_eq!(text(&lab.revision(rev).unwrap(), "a.yml"), "2", "{rev}");
    }
    let first = [
        "HEAD~1",
        "v1",
        "v1^{tree}",
        "topic/number-399",
        "topic/number-0",
        "heads/topic/number-200^{commit}",
    ];
    for rev in first {
        assert_eq!(text(&lab.revision(rev).unwrap(), "a.yml"), "1", "{rev}");
    }
    for rev in ["topic/number-7", "nope", "v1:a.yml"] {
        assert!(lab.revision(rev).is_err(), "{rev}");
    }
    let side = lab.root().parent().unwrap().join("side");
    let opened = source::revision(Some(&side), "HEAD", &options()).unwrap();
    assert_eq!(
        text(&opened, "a.yml"),
        "1",
        "a linked worktree has its own HEAD"
    );
}

#[test]
fn shallow_and_partial_clones_say_what_is_missing() {
    let lab = Lab::new();
    lab.write("a.yml", "1")
        .commit_all()
        .write("a.yml", "2")
        .commit_all();
    lab.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", lab.root().display());
    let clone = |name: &str, how: &str| {
        lab.git(&["clone", "-q", how, &url, &format!("../{name}")]);
        lab.root().parent().unwrap().join(name)
    };
    let shallow = clone("shallow", "--depth=1");
    let head = source::revision(Some(&shallow), "HEAD", &options()).unwrap();
    assert_eq!(text(&head, "a.yml"), "2");
    let error = source::revision(Some(&shallow), "HEAD~1", &options())
        .err()
        .unwrap();
    assert!(matches!(error, SourceError::Shallow { .. }), "{error}");
    assert!(
        error.to_string().contains("git fetch --unshallow"),
        "{error}"
    );

    let partial = clone("partial", "--filter=blob:none");
    let old = source::revision(Some(&partial), "HEAD~1", &options()).unwrap();
    assert_eq!(listed(&old), ["a.yml"]);
    let Err(ReadError::Failed(message)) = read(&old, "a.yml") else {
        panic!("the old blob is not here");
    };
    assert!(message.contains("git"), "{message}");
}

#[test]
fn line_endings_and_encodings_are_those_of_the_place_read_from() {
    let lab = Lab::new();
    lab.git(&["config", "core.autocrlf", "true"]);
    lab.write(
        ".gitattributes",
        "wide.env working-tree-encoding=UTF-16LE-BOM\n",
    )
    .write("a.yml", "a: 1\r\nb: 2\r\n")
    .write("wide.env", b"\xff\xfeA\0=\x001\0\n\0")
    .commit_all();
    assert_eq!(text(&lab.worktree(), "a.yml"), "a: 1\r\nb: 2\r\n");
    for opened in [lab.index(), lab.revision("HEAD").unwrap()] {
        assert_eq!(text(&opened, "a.yml"), "a: 1\nb: 2\n");
        assert_eq!(text(&opened, "wide.env"), "A=1\n");
    }
    assert_eq!(text(&lab.worktree(), "wide.env"), "A=1\n");
}
