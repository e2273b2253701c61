//! The first five minutes: `init`, `doctor`, completions, man pages and help.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Shop(tempfile::TempDir);

impl Shop {
    fn new() -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        let mut init = Command::new("git");
        init.args(["init", "-q", "-b", "main"])
            .current_dir(shop.root());
        assert!(clean(&mut init).status().unwrap().success());
        shop.write(".env.production", "DEBUG=true\n");
        shop.write("docker-compose.yml", "services: {db: {image: postgres}}\n");
        fs::create_dir(shop.at(".github")).unwrap();
        shop
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.at(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_default()
    }

    fn envguard(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_envguard"));
        command
            .args(args)
            .current_dir(self.root())
            .stdin(Stdio::null());
        clean(&mut command).output().unwrap()
    }

    fn told(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = self.envguard(args);
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    }
}

fn clean(command: &mut Command) -> &mut Command {
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
}

const WRITTEN: [&str; 4] = [
    ".envguard.yml",
    ".envguard-baseline.jsonl",
    ".git/hooks/pre-commit",
    ".github/workflows/envguard.yml",
];

#[test]
fn a_look_first_and_nothing_is_written() {
    let shop = Shop::new();
    let (code, told) = shop.told(&["init", "--dry-run"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.starts_with("2 files: 1 compose, 1 dotenv\n"), "{told}");
    assert!(
        told.contains("\n  production\n    .env.production  (the name says `production`)\n"),
        "{told}"
    );
    assert!(
        told.contains("\n  nothing says where these belong\n    docker-compose.yml\n"),
        "{told}"
    );
    assert_eq!(told.matches("Would write").count(), 4, "{told}");
    let (code, told) = shop.told(&["init"]);
    assert_eq!(code, Some(2), "nobody to ask: {told}");
    assert!(WRITTEN.iter().all(|path| !shop.at(path).exists()));
}

#[test]
fn everything_is_written_once_and_works() {
    let shop = Shop::new();
    let (code, told) = shop.told(&["init", "--yes"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(WRITTEN.iter().all(|path| shop.at(path).exists()), "{told}");
    let (code, told) = shop.told(&["check"]);
    assert_eq!(code, Some(0), "all of it is known now: {told}");
    let (code, told) = shop.told(&["doctor"]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(
        told.lines().filter(|line| line.starts_with("ok  ")).count(),
        5,
        "{told}"
    );
    let before: Vec<String> = WRITTEN.iter().map(|path| shop.read(path)).collect();
    let (code, told) = shop.told(&["init", "--yes"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("Everything is there already."), "{told}");
    let after: Vec<String> = WRITTEN.iter().map(|path| shop.read(path)).collect();
    assert_eq!(before, after);
}

#[test]
fn what_is_there_is_not_touched() {
    let shop = Shop::new();
    shop.write(".envguard.yml", "version: 1\nfail_on: high\n");
    shop.write(
        ".git/hooks/pre-commit",
        "#!/bin/sh\nenvguard check --hook\n",
    );
    fs::create_dir(shop.at(".github/workflows")).unwrap();
    shop.write(".github/workflows/envguard.yml", "mine\n");
    shop.told(&["init", "--yes"]);
    assert_eq!(shop.read(".envguard.yml"), "version: 1\nfail_on: high\n");
    assert_eq!(
        shop.read(".git/hooks/pre-commit"),
        "#!/bin/sh\nenvguard check --hook\n"
    );
    assert_eq!(shop.read(".github/workflows/envguard.yml"), "mine\n");
}

/// The comments that propose something are right: without their `# ` they are a configuration that does it.
#[test]
fn a_proposal_is_valid_when_the_comment_is_taken_away() {
    let shop = Shop::new();
    shop.write(
        "docker-compose.it's [odd].yml",
        "services: {db: {image: postgres}}\n",
    );
    shop.told(&["init", "--yes"]);
    let text = shop.read(".envguard.yml");
    let lines = text.lines().map(|line| {
        let proposal = line.strip_prefix("# ").unwrap_or(line);
        let key = proposal.trim_start();
        let is_yaml = [
            "environments:",
            "development:",
            "files:",
            "- '",
            "exclude:",
            "fail_on:",
        ]
        .iter()
        .any(|start| key.starts_with(start));
        if is_yaml && !proposal.starts_with("  development: .") {
            proposal
        } else {
            line
        }
    });
    let opened = lines.collect::<Vec<_>>().join("\n");
    shop.write(".envguard.yml", &opened);
    let (code, told) = shop.told(&["facts", "--stacks"]);
    assert_eq!(code, Some(0), "{told}\nof\n{opened}");
    assert!(
        told.contains("configuration: environments.development.files"),
        "{told}\nof\n{opened}"
    );
}

#[test]
fn other_tools_keep_their_hooks_and_are_told_what_to_add() {
    let shop = Shop::new();
    shop.write(".pre-commit-config.yaml", "repos: []\n");
    let (code, told) = shop.told(&["init", "--yes"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("Add this to `repos` in .pre-commit-config.yaml"),
        "{told}"
    );
    assert!(!shop.at(".git/hooks/pre-commit").exists());
    let (code, told) = shop.told(&["doctor"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("FIX hook          pre-commit or prek manages the hooks and does not run"),
        "{told}"
    );
}

#[test]
fn the_doctor_says_what_is_amiss() {
    let shop = Shop::new();
    shop.write(".envguard.yml", "polices: {}\n");
    let (code, told) = shop.told(&["doctor"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("FIX configuration") && told.contains("polices"),
        "{told}"
    );
    shop.write(".envguard.yml", "version: 1\n");
    shop.write(
        ".git/hooks/pre-commit",
        "#!/bin/sh\nenvguard check --hook\n",
    );
    let (code, told) = shop.told(&["doctor"]);
    if cfg!(unix) {
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains("not executable"), "{told}");
    }
}

#[test]
fn a_folder_without_git_can_begin_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".env.production"), "DEBUG=false\n").unwrap();
    let shop = Shop(folder);
    let (code, told) = shop.told(&["init", "--yes"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(shop.at(".envguard.yml").exists());
    let (_, told) = shop.told(&["doctor"]);
    assert!(
        told.contains("FIX git") && told.contains("no git repository"),
        "{told}"
    );
}

#[test]
fn every_shell_gets_completions() {
    let shop = Shop::new();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let (code, told) = shop.told(&["completions", shell]);
        assert_eq!(code, Some(0));
        for word in ["check", "doctor", "fail-on"] {
            assert!(told.contains(word), "{shell}: {word}");
        }
    }
}

#[cfg(unix)]
#[test]
fn bash_completes_with_them() {
    let shop = Shop::new();
    let script = format!(
        "source <('{0}' completions bash); COMP_WORDS=(envguard check --fail-on c); COMP_CWORD=3; \
         _envguard envguard c --fail-on; echo \"${{COMPREPLY[@]}}\"",
        env!("CARGO_BIN_EXE_envguard")
    );
    let told = Command::new("bash")
        .args(["-c", &script])
        .current_dir(shop.root())
        .output();
    assert_eq!(
        String::from_utf8(told.unwrap().stdout).unwrap(),
        "critical\n"
    );
}

#[test]
fn every_command_has_a_man_page() {
    let shop = Shop::new();
    let (code, told) = shop.told(&["man", "pages"]);
    assert_eq!(code, Some(0), "{told}");
    for page in [
        "envguard",
        "envguard-check",
        "envguard-policy-test",
        "envguard-init",
    ] {
        let text = shop.read(&format!("pages/{page}.1"));
        assert!(text.contains(&format!(".TH {page} 1")), "{page}: {text}");
    }
}

#[test]
fn help_begins_with_what_can_be_typed() {
    let shop = Shop::new();
    for command in [
        "check",
        "facts",
        "explain",
        "install",
        "init",
        "completions",
    ] {
        let (code, told) = shop.told(&[command, "--help"]);
        assert_eq!(code, Some(0));
        assert!(told.contains("Examples:\n"), "{command}: {told}");
    }
}
