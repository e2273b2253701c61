//! What git tells a hook by its environment, and whose repository it is.

use std::fs;
use std::path::Path;

use crate::support::{Lab, answers};

#[test]
fn a_hook_sees_the_index_git_made_for_it() {
    let lab = Lab::new();
    lab.write("a.yml", "1").write("sub/b.yml", "1").commit_all();
    let seen = lab.probing_hook("pre-commit");
    let hook_saw = || answers(&fs::read_to_string(&seen).unwrap());
    lab.write("a.yml", "2").write("sub/b.yml", "2");
    lab.git(&["commit", "-q", "-a", "-m", "all"]);
    assert_eq!(hook_saw(), ["a.yml=2", "sub/b.yml=2"]);
    lab.write("a.yml", "3").write("sub/b.yml", "3");
    lab.git(&["add", "a.yml"]);
    lab.git_in(
        &lab.at("sub"),
        &["commit", "-q", "-m", "only this", "--", "b.yml"],
    );
    assert_eq!(
        hook_saw(),
        ["a.yml=2", "sub/b.yml=3"],
        "the staged a.yml is not part of it"
    );
    lab.git(&["commit", "-q", "--amend", "--no-edit"]);
    assert_eq!(hook_saw(), ["a.yml=3", "sub/b.yml=3"]);
    lab.git(&["worktree", "add", "-q", "-b", "side", "../side"]);
    let side = lab.root().parent().unwrap().join("side");
    fs::write(side.join("a.yml"), "side").unwrap();
    lab.git_in(&side, &["commit", "-q", "-a", "-m", "in a linked worktree"]);
    assert_eq!(hook_saw(), ["a.yml=side", "sub/b.yml=3"]);
}

#[test]
fn another_index_by_environment_relative_and_absolute() {
    let lab = Lab::new();
    lab.write("a.yml", "1").write("sub/b.yml", "1").commit_all();
    fs::copy(lab.at(".git/index"), lab.at(".git/other")).unwrap();
    lab.write("a.yml", "2").commit_all();
    let other = ["a.yml=1", "sub/b.yml=1"];
    assert_eq!(lab.probe().ask("index"), ["a.yml=2", "sub/b.yml=1"]);
    assert_eq!(
        lab.probe().env("GIT_INDEX_FILE", ".git/other").ask("index"),
        other
    );
    assert_eq!(
        lab.probe()
            .env("GIT_INDEX_FILE", lab.at(".git/other"))
            .ask("index"),
        other
    );
}

#[test]
fn a_relative_index_counts_from_the_top_level() {
    let lab = Lab::new();
    lab.write("a.yml", "1").write("sub/b.yml", "1").commit_all();
    fs::copy(lab.at(".git/index"), lab.at(".git/other")).unwrap();
    lab.write("a.yml", "2").commit_all();
    let other = ["a.yml=1", "sub/b.yml=1"];
    let sub = lab.at("sub");
    for value in [Path::new(".git/other"), &lab.at(".git/other")] {
        let as_git = lab
            .command("git", &sub)
            .env("GIT_INDEX_FILE", value)
            .args(["ls-files", "-s", ":/a.yml"])
            .output()
            .unwrap();
        assert!(
            !as_git.stdout.is_empty(),
            "git takes {value:?} from the top level"
        );
        assert_eq!(
            lab.probe()
                .dir(&sub)
                .env("GIT_INDEX_FILE", value)
                .ask("index"),
            other
        );
        assert_eq!(
            lab.probe()
                .dir(&sub)
                .env("GIT_INDEX_FILE", value)
                .ask("paths")[0],
            "a.yml=2"
        );
    }
    assert_eq!(
        lab.probe().dir(&sub).ask("index"),
        ["a.yml=2", "sub/b.yml=1"],
        "the whole index, not the subfolder's"
    );
}

#[test]
fn the_repository_by_environment() {
    let lab = Lab::new();
    lab.write("a.yml", "1").commit_all();
    let elsewhere = || lab.probe().dir(lab.home()).env("GIT_DIR", lab.at(".git"));
    assert_eq!(elsewhere().ask("index"), ["a.yml=1"]);
    assert_eq!(elsewhere().ask("HEAD"), ["a.yml=1"]);
    assert_eq!(lab.probe().env("GIT_DIR", ".git").ask("paths"), ["a.yml=1"]);
    let apart = lab.root().parent().unwrap().join("apart");
    fs::rename(lab.at(".git"), &apart).unwrap();
    let detached = || {
        lab.probe()
            .env("GIT_DIR", &apart)
            .env("GIT_WORK_TREE", lab.root())
    };
    assert_eq!(
        detached().ask("paths"),
        ["a.yml=1"],
        "a tracked file, though nothing here says so"
    );
    assert_eq!(detached().ask("index"), ["a.yml=1"]);
}

#[test]
fn the_environment_of_one_repository_is_not_taken_for_another() {
    let lab = Lab::new();
    lab.write("a.yml", "1").commit_all();
    let other = Lab::new();
    other.write("b.yml", "1").commit_all();
    let seen = lab
        .probe()
        .dir(other.root())
        .env("GIT_INDEX_FILE", lab.at(".git/index"))
        .ask("paths");
    assert_eq!(seen.len(), 1, "{seen:?}");
}

#[test]
fn a_server_reads_what_is_being_pushed_before_it_is_taken_in() {
    for unpack_limit in ["1", "1000"] {
        let lab = Lab::new();
        lab.write("a.yml", "1").write("sub/b.yml", "1").commit_all();
        lab.git(&["clone", "-q", "--bare", ".", "../server.git"]);
        let server = lab.root().parent().unwrap().join("server.git");
        lab.git_in(&server, &["config", "receive.unpackLimit", unpack_limit]);
        let seen = lab.install_probe(
            &server.join("hooks/pre-receive"),
            "while read old new ref; do asked=$new; done",
            "$asked",
        );
        lab.write("a.yml", "2")
            .write("sub/c.yml", "pushed")
            .commit_all();
        lab.git(&["push", "-q", "../server.git", "main"]);
        let saw = answers(&fs::read_to_string(&seen).unwrap());
        assert_eq!(
            saw,
            ["a.yml=2", "sub/b.yml=1", "sub/c.yml=pushed"],
            "{unpack_limit}"
        );
    }
}

/// Only root can give a folder away; elsewhere this cannot be set up.
#[test]
fn somebody_elses_repository_is_refused_with_the_way_out() {
    let lab = Lab::new();
    lab.write("a.yml", "1").commit_all();
    let given = lab
        .command("chown", &lab.root())
        .args(["-R", "4242:4242", "."])
        .status()
        .unwrap();
    if !given.success() {
        return;
    }
    for what in ["index", "HEAD", "paths"] {
        let said = lab.probe().ask(what).join("\n");
        assert!(
            said.contains("belongs to somebody else") && said.contains("safe.directory"),
            "{what}: {said}"
        );
    }
    let top = lab.root().canonicalize().unwrap();
    fs::write(
        lab.home().join(".gitconfig"),
        format!("[safe]\n\tdirectory = {}\n", top.display()),
    )
    .unwrap();
    for what in ["index", "HEAD", "paths"] {
        assert_eq!(lab.probe().ask(what), ["a.yml=1"], "{what}");
    }
}
