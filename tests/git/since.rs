//! `check --since`: what one revision has that another has not, also in bare, shallow and partial clones, as a CI system
//! or a pushing hook asks for it.

use crate::support::{Lab, Told, fake};

fn secret(name: &str) -> String {
    format!("{}={}\n", name.to_uppercase(), fake(name))
}

/// main: clean, then a leak; topic parts from main before the leak and adds its own.
fn two_branches() -> Lab {
    let lab = Lab::new();
    lab.write("a.txt", "1\n").commit_all();
    lab.git(&["checkout", "-q", "-b", "topic"]);
    lab.write("topic/.env.production", secret("topic_token"))
        .commit_all();
    lab.git(&["checkout", "-q", "main"]);
    lab.write("main/.env.production", secret("main_token"))
        .commit_all();
    lab
}

fn since(lab: &Lab, args: &[&str]) -> Told {
    lab.envguard(&[&["check", "--format", "short", "--since"], args].concat())
}

#[test]
fn two_trees_or_the_point_where_they_parted() {
    let lab = two_branches();
    let told = since(&lab, &["HEAD~1"]);
    assert!(told.code == 1 && told.out.contains("MAIN_TOKEN"), "{told}");
    let told = since(&lab, &["main..topic"]);
    assert!(told.code == 1 && told.out.contains("TOPIC_TOKEN"), "{told}");
    assert!(
        !told.out.contains("MAIN_TOKEN") && told.out.contains("resolved"),
        "{told}"
    );
    assert!(
        !told.out.contains(" 0 resolved"),
        "main's leak is not there: {told}"
    );
    let told = since(&lab, &["main...topic"]);
    assert!(
        told.out.contains("TOPIC_TOKEN") && told.out.contains(", 0 resolved"),
        "{told}"
    );
    let told = since(&lab, &["topic", "--rev", "main"]);
    assert!(told.code == 1 && told.out.contains("MAIN_TOKEN"), "{told}");
    assert_eq!(since(&lab, &["HEAD"]).code, 0);
    assert_eq!(since(&lab, &["main..topic", "--rev", "main"]).code, 2);
    let told = since(&lab, &["nowhere"]);
    assert!(
        told.code == 2 && told.err.contains("`nowhere` is no revision"),
        "{told}"
    );
    lab.git(&["checkout", "-q", "--orphan", "alone"]);
    lab.commit_all();
    let told = since(&lab, &["main..."]);
    assert!(told.code == 2 && told.err.contains("A..B"), "{told}");
}

#[test]
fn a_revision_by_revision_story() {
    let lab = Lab::new();
    lab.write(".env.production", secret("one")).commit_all();
    lab.write("z/.env.production", secret("two")).commit_all();
    lab.git(&["mv", "z", "y"]);
    lab.commit_all();
    let told = since(&lab, &["HEAD~1"]);
    assert!(
        told.code == 0 && told.out.contains(", 0 resolved"),
        "only moved: {told}"
    );
    lab.git(&["rm", "-q", "-r", "y"]);
    lab.commit_all();
    let told = since(&lab, &["HEAD~1"]);
    assert!(
        told.code == 0 && !told.out.contains(", 0 resolved"),
        "{told}"
    );
    let json = lab.envguard(&["check", "--since", "HEAD~1", "--format", "json"]);
    assert!(json.out.contains("\"compared_with\": \"HEAD~1\""), "{json}");
}

#[test]
fn bare_repositories_and_linked_worktrees() {
    let lab = two_branches();
    lab.git(&["clone", "-q", "--bare", ".", "../bare.git"]);
    let bare = lab.root().parent().unwrap().join("bare.git");
    let args = ["check", "--since", "main...topic", "--format", "short"];
    let told = lab.envguard_in(&bare, &args);
    assert!(told.code == 1 && told.out.contains("TOPIC_TOKEN"), "{told}");
    let repo = [&args[..], &["--repo", bare.to_str().unwrap()]].concat();
    assert_eq!(lab.envguard_in(&lab.home(), &repo).code, 1);
    lab.git(&["worktree", "add", "-q", "../side", "topic"]);
    let side = lab.root().parent().unwrap().join("side");
    let told = lab.envguard_in(&side, &["check", "--since", "main...", "--format", "short"]);
    assert!(told.code == 1 && told.out.contains("TOPIC_TOKEN"), "{told}");
}

#[test]
fn the_head_configures_both_sides() {
    let lab = Lab::new();
    lab.write(".env.production", secret("one")).commit_all();
    lab.write(".envguard.yml", "exclude: [z/]\n")
        .write("z/.env.production", secret("two"))
        .commit_all();
    assert_eq!(since(&lab, &["HEAD~1"]).code, 0);
    let told = since(&lab, &["HEAD~1", "--config-from", "HEAD~1"]);
    assert!(told.code == 1 && told.out.contains("TWO"), "{told}");
}

#[test]
fn a_shallow_clone_is_told_what_to_fetch_and_that_is_enough() {
    let lab = two_branches();
    lab.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let url = format!("file://{}", lab.root().display());
    let shallow = lab.root().parent().unwrap().join("shallow");
    lab.git(&["clone", "-q", "--depth=1", &url, "../shallow"]);
    let base = lab.git(&["rev-parse", "HEAD~1"]);
    let asked =
        |since: &str| lab.envguard_in(&shallow, &["check", "--format", "short", "--since", since]);
    for rev in [base.trim(), "origin/topic"] {
        let told = asked(rev);
        assert_eq!(told.code, 2, "{told}");
        let (_, command) = told.err.trim().split_once("fetch it first: git ").unwrap();
        let args: Vec<&str> = command.split_whitespace().collect();
        lab.git_in(&shallow, &args);
        let told = asked(rev);
        assert!(told.code == 1 && told.out.contains("MAIN_TOKEN"), "{told}");
    }
}

#[test]
fn a_shallow_clone_is_told_when_it_lacks_the_point_where_branches_parted() {
    let lab = two_branches();
    let url = format!("file://{}", lab.root().display());
    lab.git(&[
        "clone",
        "-q",
        "--depth=1",
        "--no-single-branch",
        &url,
        "../shallow",
    ]);
    let shallow = lab.root().parent().unwrap().join("shallow");
    let args = ["check", "--format", "short", "--since", "origin/topic..."];
    let told = lab.envguard_in(&shallow, &args);
    assert!(
        told.code == 2 && told.err.contains("git fetch --unshallow origin"),
        "{told}"
    );
    lab.git_in(&shallow, &["fetch", "-q", "--unshallow", "origin"]);
    let told = lab.envguard_in(&shallow, &args);
    assert!(told.code == 1 && told.out.contains("MAIN_TOKEN"), "{told}");
}

#[test]
fn a_partial_clone_reads_what_it_has() {
    let lab = two_branches();
    lab.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", lab.root().display());
    lab.git(&["clone", "-q", "--filter=blob:none", &url, "../partial"]);
    let partial = lab.root().parent().unwrap().join("partial");
    let told = lab.envguard_in(
        &partial,
        &["check", "--since", "HEAD~1", "--format", "short"],
    );
    assert!(told.code == 1 && told.out.contains("MAIN_TOKEN"), "{told}");
}

#[test]
fn other_kinds_of_repositories() {
    for init in [&["--object-format=sha256"][..], &["--ref-format=reftable"]] {
        let lab = Lab::with_init(init);
        lab.write("a.txt", "1\n").commit_all();
        lab.git(&["tag", "-a", "v1", "-m", "first"]);
        lab.write(".env.production", secret("one")).commit_all();
        for rev in ["v1", "HEAD~1", "v1...main"] {
            let told = since(&lab, &[rev]);
            assert!(
                told.code == 1 && told.out.contains("ONE"),
                "{init:?} {rev} {told}"
            );
        }
        lab.write("z/.env.production", secret("two"));
        lab.git(&["add", "-A"]);
        let told = lab.envguard(&["check", "--staged", "--format", "short"]);
        assert!(
            told.code == 1 && told.out.contains("TWO") && !told.out.contains("ONE"),
            "{told}"
        );
    }
}

#[test]
fn a_ci_job_knows_its_base() {
    let lab = two_branches();
    let id = |rev: &str| lab.git(&["rev-parse", rev]).trim().to_owned();
    let (main, topic) = (id("main"), id("topic"));
    lab.git(&["checkout", "-q", "--detach", "main"]);
    lab.git(&["merge", "-q", "--no-edit", "topic"]);
    let event = lab.home().join("event.json");
    let old = id("main~1");
    let request =
        format!(r#"{{"pull_request":{{"base":{{"sha":"{old}"}},"head":{{"sha":"{topic}"}}}}}}"#);
    std::fs::write(&event, request).unwrap();
    let asked = |env: &[(&str, &str)]| {
        let mut command = lab.command(crate::support::ENVGUARD, &lab.root());
        command.args(["check", "--since", "auto", "--format", "short"]);
        Told::by(command.envs(env.iter().copied()))
    };
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_PATH", event.to_str().unwrap()),
    ];
    let told = asked(&github);
    assert!(told.code == 1 && told.out.contains("TOPIC_TOKEN"), "{told}");
    assert!(
        !told.out.contains("MAIN_TOKEN"),
        "the merge's own base counts: {told}"
    );
    let told = asked(&[
        ("GITLAB_CI", "true"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &main),
    ]);
    assert!(told.code == 1 && !told.out.contains("MAIN_TOKEN"), "{told}");
    let told = asked(&[]);
    assert!(
        told.code == 2 && told.err.contains("origin/main..."),
        "{told}"
    );
}

#[test]
fn pushes_are_judged_by_what_they_bring_to_the_remote() {
    let lab = two_branches();
    lab.git(&["clone", "-q", "--bare", ".", "../server.git"]);
    lab.git(&["init", "-q", "--bare", "../empty.git"]);
    lab.git(&["remote", "add", "origin", "../server.git"]);
    lab.git(&["remote", "add", "empty", "../empty.git"]);
    lab.git(&["fetch", "-q", "origin"]);
    let args = "check --hook=pre-push --remote \"$1\" --format short";
    lab.hook(&lab.at(".git/hooks/pre-push"), args);
    lab.write("b.txt", "1\n").commit_all();
    let told = lab.push(&["origin", "main"]);
    assert_eq!(
        told.code, 0,
        "the old leak is on the remote already: {told}"
    );
    lab.git(&["checkout", "-q", "-b", "fresh"]);
    lab.write("f/.env.production", secret("fresh_token"))
        .commit_all();
    lab.write("c.txt", "1\n").commit_all();
    let told = lab.push(&["origin", "fresh"]);
    assert!(
        told.code == 1 && told.to_string().contains("FRESH_TOKEN"),
        "{told}"
    );
    assert!(!told.to_string().contains("MAIN_TOKEN"), "{told}");
    assert_eq!(lab.push(&["--no-verify", "origin", "fresh"]).code, 0);
    assert_eq!(
        lab.push(&["origin", "--delete", "fresh"]).code,
        0,
        "a deletion brings nothing"
    );
    let told = lab.push(&["empty", "main~1:refs/heads/x"]);
    assert_eq!(
        told.code, 0,
        "what origin has is known, wherever it is pushed: {told}"
    );
}

#[test]
fn a_server_refuses_what_a_push_brings_in() {
    let lab = two_branches();
    lab.git(&["clone", "-q", "--bare", ".", "../server.git"]);
    let server = lab.root().parent().unwrap().join("server.git");
    lab.hook(
        &server.join("hooks/pre-receive"),
        "check --hook=pre-receive --format short",
    );
    let push = |refs: &[&str]| lab.push(&[&["../server.git"], refs].concat());
    lab.write("b.txt", "1\n").commit_all();
    let told = push(&["main"]);
    assert_eq!(told.code, 0, "{told}");
    lab.write("s/.env.production", secret("server_token"))
        .commit_all();
    for refs in [
        &["main"][..],
        &["main:refs/heads/brand-new"],
        &["main", "topic:refs/heads/t2"],
    ] {
        let told = push(refs);
        assert!(
            told.code == 1 && told.err.contains("SERVER_TOKEN"),
            "{refs:?} {told}"
        );
        assert!(!told.err.contains("MAIN_TOKEN"), "{told}");
    }
    lab.git(&["rm", "-q", "-r", "s"]);
    lab.git(&["commit", "-q", "--amend", "--allow-empty", "-m", "clean"]);
    assert_eq!(push(&["main"]).code, 0);
}
