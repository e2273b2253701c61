//! `check --staged`, from a real index to the exit code: what this commit brings in, wherever it shows.

use std::fs;

use crate::support::{Lab, Told, fake};

/// A repository with a finding that is there already: a secret of production in version control.
fn leaky() -> Lab {
    let lab = Lab::new();
    lab.write(".env.production", format!("API_TOKEN={}\n", fake("old")))
        .write("notes.txt", "x\n")
        .commit_all();
    lab
}

fn staged(lab: &Lab) -> Told {
    lab.envguard(&["check", "--staged", "--format", "short"])
}

#[test]
fn only_what_the_commit_brings_in_fails() {
    let lab = leaky();
    let told = staged(&lab);
    assert_eq!((told.code, told.out.lines().count()), (0, 1), "{told}");
    assert!(
        told.out.contains("nothing that envguard reads is staged"),
        "{told}"
    );

    let old = fs::read_to_string(lab.at(".env.production")).unwrap();
    lab.write(".env.production", format!("# moved\n{old}"));
    lab.git(&["add", "-A"]);
    let told = staged(&lab);
    assert_eq!(told.code, 0, "moved lines are nothing new: {told}");
    assert!(
        told.out.contains("known (in HEAD; --all shows them)"),
        "{told}"
    );
    let all = lab.envguard(&["check", "--staged", "--all", "--format", "short"]);
    assert!(all.code == 0 && all.out.contains("API_TOKEN"), "{all}");

    lab.write(
        ".env.production",
        format!("{old}DB_PASSWORD={}\n", fake("new")),
    );
    lab.git(&["add", "-A"]);
    let told = staged(&lab);
    assert_eq!(told.code, 1, "{told}");
    assert!(
        told.out.contains("DB_PASSWORD") && !told.out.contains("API_TOKEN"),
        "{told}"
    );
    assert!(!told.out.contains(&fake("new")), "{told}");
}

#[test]
fn the_index_answers_not_the_folder() {
    let lab = leaky();
    let bad = format!("DB_PASSWORD={}\n", fake("bad"));
    lab.write("a/.env.production", &bad);
    lab.git(&["add", "-A"]);
    lab.write("a/.env.production", "");
    assert_eq!(staged(&lab).code, 1, "clean in the folder only");
    fs::remove_file(lab.at("a/.env.production")).unwrap();
    assert_eq!(staged(&lab).code, 1, "gone in the folder only");
    lab.git(&["reset", "-q", "--hard"]);
    lab.write("a/.env.production", &bad);
    assert_eq!(staged(&lab).code, 0, "not staged");
    lab.write("a/.env.production", "");
    lab.git(&["add", "-A"]);
    lab.write("a/.env.production", &bad);
    assert_eq!(staged(&lab).code, 0, "staged as it should be");
}

#[test]
fn partly_staged() {
    let lab = leaky();
    let lines = |first: &str, last: &str| format!("{first}\n{}{last}\n", "#\n".repeat(20));
    lab.write("b/.env.production", lines("A=", "B="));
    lab.commit_all();
    let secret = format!("B={}", fake("half"));
    lab.write("b/.env.production", lines("A=\nC=", &secret));
    lab.add_patch("y\nn\n");
    assert_eq!(
        staged(&lab).code,
        0,
        "the hunk with the secret is not staged"
    );
    lab.add_patch("y\n");
    assert_eq!(staged(&lab).code, 1);
}

const COVERED: &str = "\
id: own-covered
title: Env files are covered by an ignore file
severity: high
why: Who adds everything adds them too.
for: file
where: {format: dotenv, role: real}
must: {ignore_covers: true}
message: \"{file} is not covered\"
examples:
  - bad: nothing covers it
    files: {.env: \"A=1\\n\"}
    expect: [\".env:1\"]
  - good: covered
    files: {.gitignore: \".env\\n\", .env: \"A=1\\n\"}
";

#[test]
fn a_deletion_can_be_what_is_wrong() {
    let lab = Lab::new();
    lab.write(".envguard.yml", "policies:\n  files: [rules/*.yml]\n")
        .write("rules/covered.yml", COVERED)
        .write("deep/.gitignore", ".env*\n")
        .write("deep/er/.env.development", "A=1\n");
    lab.git(&["add", "-f", "."]);
    lab.commit_all();
    let own = [
        "check",
        "--staged",
        "--format",
        "short",
        "--policy",
        "own-covered",
    ];
    assert_eq!(lab.envguard(&own).code, 0);
    lab.git(&["rm", "-q", "--cached", "deep/.gitignore"]);
    let told = lab.envguard(&own);
    assert_eq!(told.code, 1, "{told}");
    assert!(
        told.out.starts_with("deep/er/.env.development:"),
        "a file the commit does not touch: {told}"
    );
}

#[test]
fn a_move_brings_nothing_in_and_a_new_name_may() {
    let lab = leaky();
    lab.git(&["mv", ".env.production", "x.env.production"]);
    let told = staged(&lab);
    assert!(
        told.code == 0 && told.out.contains("known (in HEAD"),
        "{told}"
    );
    lab.write(
        "deploy/.env.staging",
        format!("API_TOKEN={}\nA=1\nB=2\n", fake("s")),
    );
    lab.commit_all();
    fs::create_dir(lab.at("prod")).unwrap();
    lab.git(&["mv", "deploy/.env.staging", "prod/.env.production"]);
    let told = staged(&lab);
    assert_eq!(told.code, 1, "now it is production's: {told}");
}

#[test]
fn a_changed_type_is_a_changed_file() {
    let lab = leaky();
    lab.write("real", format!("TOKEN={}\n", fake("link")))
        .write("c/.env.production", "")
        .commit_all();
    fs::remove_file(lab.at("c/.env.production")).unwrap();
    std::os::unix::fs::symlink("../real", lab.at("c/.env.production")).unwrap();
    lab.git(&["add", "-A"]);
    let told = staged(&lab);
    assert!(
        told.code == 1 && told.out.contains("c/.env.production"),
        "{told}"
    );
}

#[test]
fn announced_and_conflicting_content() {
    let lab = leaky();
    let bad = |name: &str| format!("DB_PASSWORD={}\n", fake(name));
    lab.write("n/.env.production", bad("n"));
    lab.git(&["add", "-N", "n/.env.production"]);
    assert_eq!(staged(&lab).code, 0, "nothing of it would be committed");
    lab.git(&["reset", "-q"]);
    fs::remove_file(lab.at("n/.env.production")).unwrap();
    lab.write("k/.env.production", "A=\n").commit_all();
    lab.git(&["checkout", "-q", "-b", "other"]);
    lab.write("k/.env.production", bad("theirs")).commit_all();
    lab.git(&["checkout", "-q", "main"]);
    lab.write("k/.env.production", "A=2\n").commit_all();
    lab.command("git", &lab.root())
        .args(["merge", "-q", "other"])
        .output()
        .unwrap();
    assert_eq!(staged(&lab).code, 0, "our side counts until it is resolved");
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let lab = Lab::new();
    assert_eq!(staged(&lab).code, 0);
    lab.write(".env.production", format!("API_TOKEN={}\n", fake("first")));
    lab.git(&["add", "-A"]);
    let told = staged(&lab);
    assert!(told.code == 1 && told.out.contains("API_TOKEN"), "{told}");
}

#[test]
fn the_whole_index_from_any_folder() {
    let lab = leaky();
    lab.write("a/b.txt", "x\n")
        .write("z/.env.production", format!("DB_PASSWORD={}\n", fake("z")));
    lab.git(&["add", "-A"]);
    let told = lab.envguard_in(&lab.at("a"), &["check", "--staged", "--format", "short"]);
    assert!(
        told.code == 1 && told.out.starts_with("z/.env.production:1:"),
        "{told}"
    );
    let told = lab.envguard_in(
        &lab.home(),
        &["check", "--staged", "--repo", lab.root().to_str().unwrap()],
    );
    assert_eq!(told.code, 1, "{told}");
}

#[test]
fn the_configuration_is_the_staged_one() {
    let lab = leaky();
    lab.write("z/.env.production", format!("DB_PASSWORD={}\n", fake("z")));
    lab.git(&["add", "-A"]);
    lab.write(
        ".envguard.yml",
        "policies:\n  disable: [committed-env-secret, committed-production-env]\n",
    );
    let only = [
        "check",
        "--staged",
        "--format",
        "short",
        "--policy",
        "committed-env-secret",
    ];
    assert_eq!(lab.envguard(&only).code, 1, "not staged");
    lab.write(".envguard.yml", "exclude: [z/]\n");
    lab.git(&["add", "-A"]);
    let told = lab.envguard(&only);
    assert_eq!(told.code, 0, "{told}");
    lab.write(".envguard.yml", "nonsense: true\n");
    lab.git(&["add", "-A"]);
    assert_eq!(lab.envguard(&only).code, 2, "a mistake in it stops the run");
    let told = lab.envguard(&[&only[..], &["--config-from", "HEAD"]].concat());
    assert_eq!(told.code, 1, "HEAD has none: {told}");
}

#[test]
fn nothing_is_written_and_no_lock_is_taken() {
    let lab = leaky();
    lab.write("z/.env.production", format!("DB_PASSWORD={}\n", fake("z")));
    lab.git(&["add", "-A"]);
    lab.write("notes.txt", "dirty\n");
    let before = lab.everything();
    lab.write(".git/index.lock", "");
    assert_eq!(staged(&lab).code, 1, "while somebody else holds the lock");
    fs::remove_file(lab.at(".git/index.lock")).unwrap();
    assert_eq!(lab.everything(), before);
}

#[test]
fn what_it_does_not_go_with_is_said() {
    let lab = leaky();
    for (args, word) in [
        (&["check", "--staged", "a"][..], "PATH"),
        (&["check", "--staged", "--rev", "HEAD"], "--rev"),
        (&["check", "--staged", "--since", "HEAD"], "--since"),
    ] {
        let told = lab.envguard(args);
        assert!(told.code == 2 && told.err.contains(word), "{told}");
    }
    let told = lab.envguard_in(&lab.home(), &["check", "--staged"]);
    assert!(
        told.code == 2 && told.err.contains("no git repository"),
        "{told}"
    );
}

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

/// A program with a finding, and variables that an env file sets.
fn with_programs() -> Lab {
    let lab = Lab::new();
    lab.write("src/old.py", "import os\nPASSWORD = os.environ.get('DB_PASSWORD', 'p4Zk9wQ7xV')\nPORT = os.environ['APP_PORT']\n")
        .write(".env.development", "APP_PORT=1\nDB_PASSWORD=\n")
        .write("docker-compose.yml", "services: {}\n")
        .commit_all();
    lab
}

#[test]
fn a_program_that_is_not_touched_is_read_only_where_a_policy_compares_it() {
    let lab = with_programs();
    let asked = |policy: &str| {
        lab.envguard(&["check", "--staged", "--format", "short", "--policy", policy])
    };
    lab.write(
        "docker-compose.yml",
        "services:\n  web: {image: 'nginx:1.27'}\n",
    );
    lab.git(&["add", "-A"]);
    let told = asked("credential-default-in-code");
    assert_eq!(told.code, 0, "{told}");
    assert!(
        told.out.contains("2 files"),
        "the program is not read at all: {told}"
    );
    lab.write(
        "src/new.py",
        "import os\nTOKEN = os.environ.get('API_TOKEN', 'q8Wm2xT5yB3n')\n",
    );
    lab.git(&["add", "-A"]);
    let told = asked("credential-default-in-code");
    assert!(
        told.out.contains("src/new.py:2") && !told.out.contains("old.py"),
        "{told}"
    );
    lab.write(".env.development", "DB_PASSWORD=\n");
    lab.git(&["add", "-A"]);
    let told = lab.envguard(&words(
        "check --staged --format short --fail-on low --policy variable-never-set",
    ));
    assert!(
        told.code == 1 && told.out.contains("src/old.py:3"),
        "a program that nobody touched reads what nobody sets any more: {told}"
    );
}

/// Every blob is taken out of the repository: what is still told was told without reading one.
#[test]
fn no_blob_is_read_where_nothing_governed_is_staged() {
    let lab = leaky();
    lab.write("src/web.ts", "export const region = process.env.REGION;\n")
        .write("docker-compose.yml", "services:\n  web:\n    image: web\n")
        .commit_all();
    lab.write("logo.png", "1")
        .write("src/main.cpp", "int main() {}\n");
    lab.git(&["add", "-A"]);
    let objects = lab.git(&["cat-file", "--batch-all-objects", "--batch-check"]);
    let mut taken = 0;
    for line in objects.lines().filter(|line| line.contains(" blob ")) {
        let id = line.split(' ').next().unwrap();
        let file = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
        fs::remove_file(lab.at(&file)).unwrap();
        taken += 1;
    }
    assert_eq!(taken, 6);
    let told = staged(&lab);
    assert!(
        told.code == 0 && told.out.contains("nothing that envguard reads is staged"),
        "{told}"
    );
    // It would be told: one file of configuration is staged, so that all of them are read.
    lab.write("a/.env.staging", "LOG_LEVEL=info\n");
    lab.git(&["add", "a"]);
    let told = staged(&lab);
    assert!(
        told.code == 2 && told.to_string().contains("does not have its object"),
        "{told}"
    );
}
