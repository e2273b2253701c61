//! `--history`: what older commits carried, whatever stands in the tree today, and how old the rest is. Never a value.

use std::path::Path;

use crate::support::{ENVGUARD, Lab, Told, fake};

fn secret(name: &str, value: &str) -> String {
    format!("{name}={}\n", fake(value))
}

fn commit_on(lab: &Lab, day: &str) {
    lab.git(&["add", "-A"]);
    let date = format!("{day}T12:00:00Z");
    let told = Told::by(
        lab.command("git", &lab.root())
            .args(["commit", "-q", "--allow-empty", "-m", day])
            .env("GIT_COMMITTER_DATE", &date)
            .env("GIT_AUTHOR_DATE", &date),
    );
    assert_eq!(told.code, 0, "{told}");
}

fn asked(lab: &Lab, dir: &Path, policy: &str, more: &[&str]) -> Told {
    let args = [
        "check",
        "--history",
        "--now",
        "2025-06-01",
        "--policy",
        policy,
    ];
    let told = Told::by(
        lab.command(ENVGUARD, dir)
            .args(args)
            .args(if more.contains(&"--format") {
                &[][..]
            } else {
                &["--format", "short"]
            })
            .args(more),
    );
    for value in ["one", "two", "three"] {
        assert!(!told.to_string().contains(&fake(value)), "{told}");
    }
    told
}

/// A secret that came, moved, was rotated and went, over four commits.
fn story() -> Lab {
    let lab = Lab::new();
    lab.write("prod.env", secret("API_TOKEN", "one"));
    commit_on(&lab, "2025-01-01");
    lab.git(&["mv", "prod.env", ".env.production"]);
    commit_on(&lab, "2025-02-01");
    lab.write(".env.production", secret("API_TOKEN", "two"))
        .write(
            "docker-compose.prod.yml",
            format!(
                "services:\n  web:\n    environment:\n      {}",
                secret("DB_PASSWORD", "three").replace('=', ": ")
            ),
        );
    commit_on(&lab, "2025-03-01");
    lab.write(".env.production", "API_TOKEN=\n");
    commit_on(&lab, "2025-04-01");
    lab
}

#[test]
fn what_is_gone_is_told_with_its_first_commit() {
    let lab = story();
    let told = asked(&lab, &lab.root(), "production-env-in-history", &[]);
    assert_eq!(told.code, 1, "{told}");
    let short = |rev: &str| lab.git(&["rev-parse", "--short=12", rev]).trim().to_owned();
    for words in [
        format!(
            "prod.env:1:1: high: API_TOKEN stood here since 2025-01-01, first in {}",
            short("HEAD~3")
        ),
        format!(
            ".env.production:1:1: high: API_TOKEN stood here since 2025-02-01, first in {}",
            short("HEAD~2")
        ),
    ] {
        assert!(told.out.contains(&words), "{words}\n{told}");
    }
    assert!(
        !told.out.contains("DB_PASSWORD"),
        "that one still stands: {told}"
    );
    let facts = lab.envguard(&["facts", "--history", "--format", "json"]);
    let both = format!("\"{}\",\n", short("HEAD~2"));
    assert!(
        facts.out.contains(&both) && facts.out.contains(&short("HEAD~1")),
        "every commit that wrote it: {facts}"
    );
    let told = lab.envguard(&["check", "--policy", "production-env-in-history"]);
    assert_eq!(told.code, 0, "nobody asked for the history: {told}");
    let told = asked(
        &lab,
        &lab.home(),
        "production-env-in-history",
        &["--rev", "HEAD", "--repo", lab.root().to_str().unwrap()],
    );
    assert_eq!(told.code, 1, "{told}");
}

#[test]
fn the_age_is_that_of_the_value() {
    let lab = story();
    let told = asked(&lab, &lab.root(), "secret-age", &[]);
    assert!(
        told.code == 1 && told.out.contains("DB_PASSWORD is 92 days old"),
        "{told}"
    );
    lab.git(&[
        "mv",
        "docker-compose.prod.yml",
        "docker-compose.production.yml",
    ]);
    commit_on(&lab, "2025-05-30");
    let told = asked(&lab, &lab.root(), "secret-age", &[]);
    assert!(
        told.out.contains("DB_PASSWORD is 92 days old"),
        "moving makes it no younger: {told}"
    );
    lab.write(
        "docker-compose.production.yml",
        "services:\n  web:\n    environment:\n      DB_PASSWORD: ".to_owned()
            + &fake("rotated")
            + "\n",
    );
    let told = asked(&lab, &lab.root(), "secret-age", &[]);
    assert_eq!(told.code, 0, "not committed yet: {told}");
    commit_on(&lab, "2025-05-31");
    assert_eq!(asked(&lab, &lab.root(), "secret-age", &[]).code, 0);
}

#[test]
fn merges_bring_in_what_no_parent_has() {
    let lab = Lab::new();
    lab.write("a.txt", "1\n");
    commit_on(&lab, "2025-01-01");
    lab.git(&["checkout", "-q", "-b", "side"]);
    lab.write(".env.production", secret("API_TOKEN", "one"));
    commit_on(&lab, "2025-02-01");
    lab.git(&["rm", "-q", ".env.production"]);
    commit_on(&lab, "2025-02-02");
    lab.git(&["checkout", "-q", "main"]);
    lab.write("b.txt", "1\n");
    commit_on(&lab, "2025-03-01");
    lab.git(&["merge", "-q", "--no-edit", "side"]);
    let told = asked(&lab, &lab.root(), "production-env-in-history", &[]);
    assert!(
        told.out.contains("since 2025-02-01"),
        "on a branch that was merged: {told}"
    );
    lab.git(&["branch", "-q", "other", "HEAD~1"]);
    lab.git(&["checkout", "-q", "other"]);
    assert_eq!(
        asked(&lab, &lab.root(), "production-env-in-history", &[]).code,
        0,
        "not reachable from here"
    );
}

#[test]
fn clones_that_lack_something_say_so() {
    let lab = story();
    lab.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", lab.root().display());
    let folder = lab.root().parent().unwrap().to_owned();
    lab.git(&["clone", "-q", "--depth=1", &url, "../shallow"]);
    let told = asked(
        &lab,
        &folder.join("shallow"),
        "secret-age",
        &["--format", "human"],
    );
    assert!(told.to_string().contains("shallow clone"), "{told}");
    let told = asked(
        &lab,
        &folder.join("shallow"),
        "production-env-in-history",
        &[],
    );
    assert_eq!(told.code, 0, "{told}");
    lab.git(&["clone", "-q", "--filter=blob:none", &url, "../partial"]);
    let told = asked(
        &lab,
        &folder.join("partial"),
        "secret-age",
        &["--format", "human"],
    );
    assert!(told.to_string().contains("partial clone"), "{told}");
    let nowhere = Lab::bare_ground();
    let told = nowhere.envguard(&["check", "--history"]);
    assert!(
        told.code == 2 && told.err.contains("no git repository"),
        "{told}"
    );
    let unborn = Lab::new();
    assert_eq!(unborn.envguard(&["check", "--history"]).code, 0);
    for other in ["--staged", "--since=HEAD", "--hook"] {
        let told = lab.envguard(&["check", "--history", other]);
        assert!(told.code == 2 && told.err.contains("--history"), "{told}");
    }
}
