//! The hooks as pre-commit and prek really run them. Skipped where they are not installed; `.ci/run` installs them and
//! makes these tests mandatory with `ENVGUARD_TEST_FRAMEWORKS`. They are looked for in `target/frameworks/bin` and on the
//! `PATH`.

use std::path::{Path, PathBuf};

use crate::support::{ENVGUARD, Lab, Told, fake};

/// A framework and the repository it is tried on.
struct Trial {
    lab: Lab,
    program: PathBuf,
}

impl Trial {
    /// Both frameworks, as far as they are there.
    fn all() -> Vec<Self> {
        let found: Vec<Self> = ["pre-commit", "prek"]
            .into_iter()
            .filter_map(|name| {
                Some(Self {
                    lab: Lab::new(),
                    program: find(name)?,
                })
            })
            .collect();
        let mandatory = std::env::var_os("ENVGUARD_TEST_FRAMEWORKS").is_some();
        assert!(
            !mandatory || found.len() == 2,
            "pre-commit and prek are not installed"
        );
        found
    }

    fn run(&self, args: &[&str]) -> Told {
        Told::by(self.command(self.program.to_str().unwrap()).args(args))
    }

    fn git(&self, args: &[&str]) -> Told {
        Told::by(self.command("git").args(args))
    }

    /// With the tested envguard in front of any other.
    fn command(&self, program: &str) -> std::process::Command {
        let mut command = self.lab.command(program, &self.lab.root());
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders = vec![Path::new(ENVGUARD).parent().unwrap().to_owned()];
        folders.extend(std::env::split_paths(&path));
        command
            .env("PATH", std::env::join_paths(folders).unwrap())
            .env("PREK_HOME", self.lab.home().join("prek"))
            .env("PRE_COMMIT_HOME", self.lab.home().join("pre-commit"));
        command
    }

    /// A repository of the hooks, as they stand in this project.
    fn hooks(&self) -> PathBuf {
        let hooks = self.lab.home().join("hooks");
        std::fs::create_dir_all(&hooks).unwrap();
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
        std::fs::copy(own, hooks.join(".pre-commit-hooks.yaml")).unwrap();
        self.lab.git_in(&hooks, &["init", "-q"]);
        self.lab.git_in(&hooks, &["add", "-A"]);
        self.lab.git_in(&hooks, &["commit", "-q", "-m", "hooks"]);
        self.lab.git_in(&hooks, &["tag", "v1"]);
        hooks
    }

    fn configure(&self) {
        let config = format!(
            "repos:\n  - repo: {}\n    rev: v1\n    hooks:\n      - id: envguard-system\n        args: [--format, short]\n",
            self.hooks().display()
        );
        self.lab.write(".pre-commit-config.yaml", config);
    }

    fn leak(&self, path: &str) {
        self.lab.write(path, format!("API_TOKEN={}\n", fake(path)));
    }
}

fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/frameworks/bin");
    std::iter::once(own)
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

#[test]
fn a_commit_is_blocked_and_another_passes() {
    for trial in Trial::all() {
        let name = trial.program.display();
        trial.configure();
        trial.lab.write("a.txt", "1\n").commit_all();
        let told = trial.run(&["install"]);
        assert_eq!(told.code, 0, "{name}: {told}");
        trial.leak(".env.production");
        trial.lab.git(&["add", "-A"]);
        trial
            .lab
            .write(".env.production", "clean in the folder only\n");
        let told = trial.git(&["commit", "-m", "leak"]);
        assert_eq!(told.code, 1, "{name}: {told}");
        let said = told.to_string();
        assert!(
            said.contains(".env.production:1:11: critical: API_TOKEN is committed"),
            "{name}: {said}"
        );
        assert!(!said.contains(&fake(".env.production")), "{name}: {said}");
        trial.lab.write(".env.production", "API_TOKEN=\n");
        trial.lab.git(&["add", "-A"]);
        let told = trial.git(&["commit", "-m", "clean"]);
        assert_eq!(told.code, 0, "{name}: {told}");
        assert!(told.to_string().contains("Passed"), "{name}: {told}");
        trial.leak("old/.env.production");
        trial.lab.commit_all_unchecked();
        let told = trial.git(&["commit", "-m", "same again", "--amend", "--no-edit"]);
        assert_eq!(
            told.code, 0,
            "an amended commit that stages nothing: {name}: {told}"
        );
        trial.lab.write("b.txt", "1\n");
        trial.lab.git(&["add", "-A"]);
        let told = trial.git(&["commit", "-m", "beside an old finding"]);
        assert_eq!(told.code, 0, "{name}: {told}");
    }
}

#[test]
fn all_files_are_all_findings_and_a_range_is_what_it_brings_in() {
    for trial in Trial::all() {
        let name = trial.program.display();
        trial.configure();
        trial.leak("old/.env.production");
        trial.lab.commit_all();
        let told = trial.run(&["run", "--all-files"]);
        assert!(
            told.code == 1 && told.out.contains("API_TOKEN"),
            "{name}: {told}"
        );
        trial.lab.write("b.txt", "1\n").commit_all();
        let range = ["run", "--from-ref", "HEAD~1", "--to-ref", "HEAD"];
        let told = trial.run(&range);
        assert_eq!(told.code, 0, "{name}: {told}");
        trial.leak("new/.env.production");
        trial.lab.commit_all();
        let told = trial.run(&range);
        assert!(
            told.code == 1 && told.out.contains("new/.env.production"),
            "{name}: {told}"
        );
        assert!(!told.out.contains("old/.env.production"), "{name}: {told}");
    }
}

#[test]
fn a_push_is_blocked_and_another_passes() {
    for trial in Trial::all() {
        let name = trial.program.display();
        trial.configure();
        trial.lab.write("a.txt", "1\n").commit_all();
        trial.lab.git(&["init", "-q", "--bare", "../server.git"]);
        trial.lab.git(&["remote", "add", "origin", "../server.git"]);
        let told = trial.run(&["install", "--hook-type", "pre-push"]);
        assert_eq!(told.code, 0, "{name}: {told}");
        let push = |branch: &str| trial.git(&["push", "origin", branch]);
        let told = push("main");
        assert_eq!(told.code, 0, "the first push of all: {name}: {told}");
        trial.leak(".env.production");
        trial.lab.commit_all();
        let told = push("main");
        assert!(
            told.code == 1 && told.to_string().contains("API_TOKEN"),
            "{name}: {told}"
        );
        let told = push("main:refs/heads/fresh");
        assert_eq!(told.code, 1, "a new branch: {name}: {told}");
        trial.lab.git(&["rm", "-q", ".env.production"]);
        trial
            .lab
            .git(&["commit", "-q", "--amend", "--allow-empty", "-m", "clean"]);
        assert_eq!(push("main").code, 0, "{name}");
    }
}

#[test]
fn the_first_push_of_a_whole_history_is_all_new() {
    for trial in Trial::all() {
        let name = trial.program.display();
        trial.configure();
        trial.leak(".env.production");
        trial.lab.commit_all();
        trial.lab.git(&["init", "-q", "--bare", "../server.git"]);
        trial.lab.git(&["remote", "add", "origin", "../server.git"]);
        trial.run(&["install", "--hook-type", "pre-push"]);
        let told = trial.git(&["push", "origin", "main"]);
        assert!(
            told.code == 1 && told.to_string().contains("API_TOKEN"),
            "{name}: {told}"
        );
    }
}

#[test]
fn a_repository_of_hooks_can_be_tried() {
    for trial in Trial::all() {
        let name = trial.program.display();
        trial.leak(".env.production");
        trial.lab.git(&["add", "-A"]);
        let hooks = trial.hooks();
        let args = [
            "try-repo",
            hooks.to_str().unwrap(),
            "envguard-system",
            "--verbose",
        ];
        let told = trial.run(&args);
        assert!(
            told.code == 1 && told.out.contains("API_TOKEN"),
            "{name}: {told}"
        );
        trial.lab.write(".env.production", "API_TOKEN=\n");
        trial.lab.git(&["add", "-A"]);
        let told = trial.run(&args);
        assert_eq!(told.code, 0, "{name}: {told}");
    }
}

/// Needs the network and some minutes, so it runs only where `.ci/run` asks for it. Built without optimisation: what is
/// tested is that the pinned dependencies and the hook's own settings give a binary that judges.
#[test]
fn the_hook_is_built_from_source_and_judges() {
    if std::env::var_os("ENVGUARD_TEST_FRAMEWORKS").is_none_or(|asked| asked != "build") {
        return;
    }
    let all = Trial::all();
    let trial = &all[0];
    trial.leak(".env.production");
    trial.lab.git(&["add", "-A"]);
    let project = env!("CARGO_MANIFEST_DIR");
    let args = ["try-repo", project, "envguard", "--verbose"];
    let built = Path::new(project).join("target/frameworks-build");
    let mut command = trial.command(trial.program.to_str().unwrap());
    command
        .args(args)
        .env("HOME", std::env::var_os("HOME").unwrap())
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*")
        .env("CARGO_TARGET_DIR", built)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64");
    let told = Told::by(&mut command);
    assert!(
        told.code == 1 && told.out.contains("API_TOKEN is committed"),
        "{told}"
    );
    assert!(!told.out.contains(&fake(".env.production")), "{told}");
}
