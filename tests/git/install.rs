//! `envguard install`: a hook that git really calls, beside whatever stood there before.

use std::fs;
use std::path::Path;

use crate::support::{Lab, Told, fake};

fn leak(lab: &Lab, path: &str) {
    lab.write(path, format!("API_TOKEN={}\n", fake(path)));
    lab.git(&["add", "-A"]);
}

fn commit(lab: &Lab, dir: &Path, args: &[&str]) -> Told {
    Told::by(
        lab.command("git", dir)
            .args([&["commit", "-q", "-m", "try"], args].concat()),
    )
}

fn executable(lab: &Lab, path: &str, text: &str) {
    lab.write(path, text);
    lab.command("chmod", &lab.root())
        .args(["+x", path])
        .status()
        .unwrap();
}

#[test]
fn commits_are_stopped_and_passed() {
    let lab = Lab::new();
    let told = lab.envguard(&["install"]);
    assert!(
        told.code == 0 && told.out.contains("hooks/pre-commit"),
        "{told}"
    );
    assert_eq!(lab.envguard(&["install"]).code, 0, "twice is once");
    lab.write("a.txt", "1\n");
    lab.git(&["add", "-A"]);
    assert_eq!(commit(&lab, &lab.root(), &[]).code, 0);
    leak(&lab, ".env.production");
    let told = commit(&lab, &lab.root(), &[]);
    assert!(told.code == 1, "{told}");
    assert!(
        format!("{}{}", told.out, told.err).contains("API_TOKEN is committed"),
        "{told}"
    );
    assert_eq!(commit(&lab, &lab.root(), &["--no-verify"]).code, 0);
    lab.write("b.txt", "1\n");
    lab.git(&["add", "-A"]);
    assert_eq!(
        commit(&lab, &lab.root(), &[]).code,
        0,
        "the old one is known"
    );
    assert_eq!(lab.envguard(&["install", "--uninstall"]).code, 0);
    assert!(!lab.at(".git/hooks/pre-commit").exists());
    leak(&lab, "z/.env.production");
    assert_eq!(commit(&lab, &lab.root(), &[]).code, 0);
}

#[test]
fn every_way_to_commit() {
    let lab = Lab::new();
    lab.write("sub/.env.production", "A=\n")
        .write("b.txt", "1\n")
        .commit_all();
    lab.envguard(&["install"]);
    let (root, sub) = (lab.root(), lab.at("sub"));
    let bad = format!("A={}\nDB_PASSWORD={}\n", fake("a"), fake("b"));
    lab.write("sub/.env.production", &bad).write("b.txt", "2\n");
    assert_eq!(commit(&lab, &root, &["-a"]).code, 1, "commit -a");
    assert_eq!(
        commit(&lab, &sub, &["--", ".env.production"]).code,
        1,
        "a path from a subfolder"
    );
    assert_eq!(
        commit(&lab, &root, &["--", "b.txt"]).code,
        0,
        "another path only"
    );
    lab.git(&["add", "-A"]);
    assert_eq!(commit(&lab, &root, &["--amend"]).code, 1, "amend");
    lab.write("c.txt", "1\n");
    assert_eq!(
        commit(&lab, &root, &["-o", "c.txt"]).code,
        1,
        "c.txt is not tracked: git itself refuses"
    );
    lab.git(&["reset", "-q", "--hard"]);
    lab.write("c.txt", "1\n");
    lab.git(&["add", "-A"]);
    assert_eq!(commit(&lab, &root, &["--amend"]).code, 0);
    let side = root.parent().unwrap().join("side");
    lab.git(&["worktree", "add", "-q", "-b", "side", "../side"]);
    fs::write(side.join("sub/.env.production"), &bad).unwrap();
    assert_eq!(commit(&lab, &side, &["-a"]).code, 1, "a linked worktree");
}

#[test]
fn a_hook_that_was_there_runs_first_and_comes_back() {
    let lab = Lab::new();
    let own = "#!/bin/sh\necho ran >>ran\n[ ! -e stop ]\n";
    executable(&lab, ".git/hooks/pre-commit", own);
    let told = lab.envguard(&["install"]);
    assert!(told.out.contains("runs first"), "{told}");
    leak(&lab, ".env.production");
    assert_eq!(commit(&lab, &lab.root(), &[]).code, 1);
    assert_eq!(fs::read_to_string(lab.at("ran")).unwrap(), "ran\n");
    lab.git(&["reset", "-q"]);
    lab.write("a.txt", "1\n").write("stop", "");
    lab.git(&["add", "a.txt"]);
    assert_eq!(
        commit(&lab, &lab.root(), &[]).code,
        1,
        "the other hook says no"
    );
    fs::remove_file(lab.at("stop")).unwrap();
    assert_eq!(commit(&lab, &lab.root(), &[]).code, 0);
    lab.envguard(&["install"]);
    let told = lab.envguard(&["install", "--uninstall"]);
    assert!(told.out.contains("Put back"), "{told}");
    assert_eq!(
        fs::read_to_string(lab.at(".git/hooks/pre-commit")).unwrap(),
        own
    );
    assert!(!lab.at(".git/hooks/pre-commit.before-envguard").exists());
    let told = lab.envguard(&["install", "--uninstall"]);
    assert!(
        told.code == 0 && told.out.contains("Nothing to take out"),
        "{told}"
    );
}

#[test]
fn what_somebody_wrote_is_never_lost() {
    let lab = Lab::new();
    lab.envguard(&["install"]);
    let hook = lab.at(".git/hooks/pre-commit");
    let changed = fs::read_to_string(&hook).unwrap() + "make lint\n";
    fs::write(&hook, &changed).unwrap();
    for args in [&["install"][..], &["install", "--uninstall"]] {
        let told = lab.envguard(args);
        assert!(told.code == 2 && told.err.contains("by hand"), "{told}");
        assert_eq!(fs::read_to_string(&hook).unwrap(), changed);
    }
    lab.write(".git/hooks/pre-commit", "#!/bin/sh\n")
        .write(".git/hooks/pre-commit.before-envguard", "#!/bin/sh\n");
    let told = lab.envguard(&["install"]);
    assert!(
        told.code == 2 && told.err.contains("neither may be lost"),
        "{told}"
    );
}

#[test]
fn pushes_are_stopped_and_both_hooks_read_what_git_says() {
    let lab = Lab::new();
    lab.write("a.txt", "1\n").commit_all();
    lab.git(&["init", "-q", "--bare", "../server.git"]);
    lab.git(&["remote", "add", "origin", "../server.git"]);
    executable(
        &lab,
        ".git/hooks/pre-push",
        "#!/bin/sh\necho \"$1\" >heard\ncat >>heard\n",
    );
    assert_eq!(lab.envguard(&["install", "pre-push"]).code, 0);
    let push = || {
        Told::by(
            lab.command("git", &lab.root())
                .args(["push", "origin", "main"]),
        )
    };
    assert_eq!(push().code, 0);
    let heard = fs::read_to_string(lab.at("heard")).unwrap();
    assert!(heard.starts_with("origin\nrefs/heads/main "), "{heard}");
    leak(&lab, ".env.production");
    lab.commit_all();
    let told = push();
    assert!(
        told.code == 1 && told.to_string().contains("API_TOKEN"),
        "{told}"
    );
}

#[test]
fn the_folder_git_is_told_to_use() {
    let lab = Lab::new();
    lab.git(&["config", "core.hooksPath", ".githooks"]);
    assert_eq!(
        lab.envguard_in(
            &lab.home(),
            &["install", "--repo", lab.root().to_str().unwrap()]
        )
        .code,
        0
    );
    let text = fs::read_to_string(lab.at(".githooks/pre-commit")).unwrap();
    assert!(
        !text.contains(crate::support::ENVGUARD),
        "shared with others: {text}"
    );
    let elsewhere = lab.home().join("hooks");
    lab.git(&["config", "core.hooksPath", elsewhere.to_str().unwrap()]);
    let told = lab.envguard(&["install"]);
    assert!(
        told.code == 2 && told.err.contains("other repositories"),
        "{told}"
    );
    assert!(!elsewhere.exists());
    lab.git(&["config", "--unset", "core.hooksPath"]);
    lab.commit_all();
    lab.git(&["worktree", "add", "-q", "-b", "side", "../side"]);
    let side = lab.root().parent().unwrap().join("side");
    assert_eq!(lab.envguard_in(&side, &["install"]).code, 0);
    assert!(
        lab.at(".git/hooks/pre-commit").exists(),
        "worktrees share their hooks"
    );
}

#[test]
fn other_managers_are_shown_their_line() {
    for (file, words) in [
        (".husky/pre-commit", "envguard check --hook=pre-commit"),
        ("lefthook.yml", "run: envguard check --hook=pre-commit"),
        (".pre-commit-config.yaml", "entry: envguard check --hook"),
    ] {
        let lab = Lab::new();
        lab.write(file, "");
        let told = lab.envguard(&["install"]);
        assert!(told.code == 2 && told.err.contains(words), "{file}: {told}");
        assert!(!lab.at(".git/hooks/pre-commit").exists(), "{file}");
    }
    let lab = Lab::new();
    lab.git(&["config", "core.hooksPath", ".husky/_"]);
    assert!(lab.envguard(&["install"]).err.contains("husky"));
}
