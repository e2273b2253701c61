//! `envguard context` in repositories in every state, without running git: branch, commit, what is not committed, and what
//! the shell says.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

const ENV: &str = "ENVIRONMENT=development\nDATABASE_URL=postgres://shop@localhost/shop_dev\n";

fn git(folder: &Path, arguments: &str) {
    let status = Command::new("git")
        .args(["-c", "user.name=x", "-c", "user.email=x@example.org"])
        .args(["-c", "core.autocrlf=false"])
        .args(arguments.split(' '))
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .status()
        .unwrap();
    assert!(status.success(), "git {arguments}");
}

/// A repository with one commit on `main`.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".gitignore", ".env\n");
    write(folder.path(), "app.py", "print('one')\nprint('two')\n");
    write(folder.path(), ".env", ENV);
    git(folder.path(), "init -q -b main");
    git(folder.path(), "add -A");
    git(folder.path(), "commit -q -m start");
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

fn context(folder: &Path, arguments: &str, shell: &[(&str, &str)]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_envguard"))
        .args(["context", "--json"])
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .envs(shell.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn codes(context: &Value) -> Vec<&str> {
    let warnings = context["warnings"].as_array().unwrap();
    warnings
        .iter()
        .map(|warning| warning["code"].as_str().unwrap())
        .collect()
}

#[test]
fn a_clean_worktree_is_clean_however_it_was_written() {
    let folder = repository();
    let told = context(folder.path(), "", &[]);
    assert_eq!(told["git"]["branch"], "main");
    assert_eq!(told["git"]["commit"].as_str().unwrap().len(), 40);
    assert_eq!(told["git"]["dirty"], false);
    assert_eq!(told["environment"]["name"], "development");
    assert_eq!(told["databases"][0]["name"], "shop_dev");
    assert_eq!(codes(&told), Vec::<&str>::new());
    // The same content again; and other line ends, which are a change unless git turns them.
    write(folder.path(), "app.py", "print('one')\nprint('two')\n");
    assert_eq!(context(folder.path(), "", &[])["git"]["dirty"], false);
    write(folder.path(), "app.py", "print('one')\r\nprint('two')\r\n");
    assert_eq!(context(folder.path(), "", &[])["git"]["dirty"], true);
    git(folder.path(), "config core.autocrlf true");
    assert_eq!(context(folder.path(), "", &[])["git"]["dirty"], false);
}

#[test]
fn every_kind_of_change_is_counted() {
    let folder = repository();
    let index = folder.path().join(".git/index");
    let before = std::fs::read(&index).unwrap();
    write(folder.path(), "app.py", "print('one')\nprint('six')\n");
    let told = context(folder.path(), "", &[]);
    assert_eq!(told["git"]["changes"]["modified"], 1);
    assert_eq!(std::fs::read(&index).unwrap(), before, "nothing is written");
    git(folder.path(), "add app.py");
    std::fs::remove_file(folder.path().join(".gitignore")).unwrap();
    write(folder.path(), "untracked.txt", "not counted");
    let told = context(folder.path(), "", &[]);
    let changes = &told["git"]["changes"];
    assert_eq!(changes["staged"], 1);
    assert_eq!(changes["modified"], 0);
    assert_eq!(changes["deleted"], 1);
    assert_eq!(told["git"]["dirty"], true);
}

#[test]
fn a_detached_head_an_unborn_branch_and_no_repository() {
    let folder = repository();
    git(folder.path(), "checkout -q --detach");
    let told = context(folder.path(), "", &[]);
    assert_eq!(told["git"]["branch"], Value::Null);
    assert!(told["git"]["commit"].is_string());

    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".env", ENV);
    assert_eq!(context(folder.path(), "", &[])["git"], Value::Null);
    git(folder.path(), "init -q -b trunk");
    let told = context(folder.path(), "", &[]);
    assert_eq!(told["git"]["branch"], "trunk");
    assert_eq!(told["git"]["commit"], Value::Null);
    assert_eq!(told["git"]["dirty"], false);
}

#[test]
fn a_linked_worktree_and_a_sparse_one() {
    let folder = repository();
    let beside = tempfile::tempdir().unwrap();
    let path = beside.path().join("linked");
    git(
        folder.path(),
        &format!("worktree add -q -b other {}", path.display()),
    );
    let told = context(&path, "", &[]);
    assert_eq!(told["git"]["branch"], "other");
    assert_eq!(told["git"]["dirty"], false);
    git(folder.path(), "update-index --skip-worktree app.py");
    std::fs::remove_file(folder.path().join("app.py")).unwrap();
    assert_eq!(context(folder.path(), "", &[])["git"]["dirty"], false);
}

#[test]
fn production_is_told_from_the_shell_and_uncommitted_changes_are_warned_of() {
    let folder = repository();
    let shell = [("APP_ENV", "production")];
    let told = context(folder.path(), "", &shell);
    assert_eq!(told["environment"]["name"], "production");
    assert_eq!(told["environment"]["because"], "APP_ENV of this shell");
    assert_eq!(codes(&told), ["environments-disagree", "production"]);
    write(folder.path(), "app.py", "changed");
    let told = context(folder.path(), "", &shell);
    assert!(codes(&told).contains(&"uncommitted-in-production"));
    let told = context(folder.path(), "--env staging", &shell);
    assert_eq!(told["environment"]["name"], "staging");
    assert_eq!(codes(&told), Vec::<&str>::new());
}

#[test]
fn what_belongs_to_production_is_recognised_elsewhere() {
    let folder = repository();
    let token = "k".repeat(9) + "3Xq7Wv5Tz1Rm9Yb4Nc8Lp2";
    let production =
        format!("DATABASE_URL=postgres://a@db.shop.internal/shop\nAPI_TOKEN={token}\n");
    write(folder.path(), ".env.production", &production);
    let local = "ENVIRONMENT=development\nDATABASE_URL=postgres://b@db.shop.internal/shop\n";
    write(folder.path(), ".env", local);
    write(folder.path(), "app.py", "changed");
    let shell = [("API_TOKEN", token.as_str())];
    let told = context(folder.path(), "", &shell);
    assert_eq!(
        codes(&told),
        [
            "production-database",
            "production-value",
            "uncommitted-in-production"
        ]
    );
    assert!(!told.to_string().contains(&token), "{told}");
}

#[test]
fn an_environment_that_does_not_exist_is_no_environment() {
    let folder = repository();
    let output = Command::new(env!("CARGO_BIN_EXE_envguard"))
        .args(["context", "--env", "producton"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains("did you mean `production`?"), "{text}");
}
