//! The shop in which commands of the documentation are typed: a clone of a repository with three environments.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Scratch(tempfile::TempDir);

impl Scratch {
    pub fn new() -> Self {
        let scratch = Self(tempfile::tempdir().unwrap());
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/leaky-shop");
        copy(&example, &scratch.shop());
        let script = "git init -q --bare -b main ../origin.git; git init -q -b main; git add -A -f; \
                      git commit -q -m first; git remote add origin ../origin.git; git push -q -u origin main";
        scratch.expect(script, |code| code == 0).unwrap();
        scratch
    }

    fn shop(&self) -> PathBuf {
        self.0.path().join("shop")
    }

    /// Runs a script as it stands there; tells what it says where the code is another.
    pub fn expect(&self, script: &str, right: impl Fn(i32) -> bool) -> Result<(), String> {
        let (code, said) = self.bash(script);
        match code {
            Some(code) if right(code) => Ok(()),
            code => Err(format!("exit {code:?} of\n{script}\n{said}")),
        }
    }

    pub fn output(&self, command: &str) -> String {
        self.bash(command).1
    }

    fn bash(&self, script: &str) -> (Option<i32>, String) {
        let built = Path::new(env!("CARGO_BIN_EXE_envguard")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let home = self.0.path().join("home");
        fs::create_dir_all(&home).unwrap();
        let ran = Command::new("bash")
            .args([
                "--noprofile",
                "--norc",
                "-e",
                "-o",
                "pipefail",
                "-c",
                script,
            ])
            .current_dir(self.shop())
            .env_clear()
            .env("PATH", format!("{}:{path}", built.display()))
            .env("HOME", home)
            .env("COLUMNS", "100")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "t")
            .env("GIT_AUTHOR_EMAIL", "t@example.org")
            .env("GIT_COMMITTER_NAME", "t")
            .env("GIT_COMMITTER_EMAIL", "t@example.org")
            // For `--since auto`, and for the variables that CI systems set.
            .env("GITHUB_ACTIONS", "true")
            .env("BITBUCKET_PR_DESTINATION_BRANCH", "main")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = [ran.stdout, ran.stderr].concat();
        (
            ran.status.code(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
