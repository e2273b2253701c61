//! What a repository, a disk or an impatient user may do to a run: it ends, with a code that says how, and it neither
//! reads outside nor obeys what it reads. Everything here runs the program.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

#[path = "hostile/configuration.rs"]
mod configuration;
#[path = "hostile/faults.rs"]
mod faults;
#[path = "hostile/limits.rs"]
mod limits;
#[path = "hostile/paths.rs"]
mod paths;
#[path = "hostile/texts.rs"]
mod texts;

use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Whatever takes longer hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// A folder with a repository in it, and room beside that.
struct Ground(TempDir);

/// What a run said.
struct Told {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ground {
    fn new() -> Self {
        let ground = Self(tempfile::tempdir().unwrap());
        fs::create_dir(ground.root()).unwrap();
        ground
    }

    fn with_git() -> Self {
        let ground = Self::new();
        ground.git(&["init", "-q", "-b", "main"]);
        ground
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("project")
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.root())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.0.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "a")
            .env("GIT_AUTHOR_EMAIL", "a@example.org")
            .env("GIT_COMMITTER_NAME", "a")
            .env("GIT_COMMITTER_EMAIL", "a@example.org");
        command
    }

    fn git(&self, args: &[&str]) -> String {
        let output = self.command("git").args(args).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {err}");
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    }

    fn commit_all(&self) -> &Self {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "one"]);
        self
    }

    fn envguard(&self, args: &str) -> Told {
        let mut command = self.command(env!("CARGO_BIN_EXE_envguard"));
        command.args(args.split(' '));
        ended(&mut command)
    }
}

/// Runs to the end, or fails where there is none.
fn ended(command: &mut Command) -> Told {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let told = waited(child);
    assert!(!told.err.contains("panicked"), "{}", told.err);
    assert!(
        told.code.is_some_and(|code| (0..3).contains(&code)),
        "{:?} {}",
        told.code,
        told.err
    );
    told
}

fn waited(mut child: Child) -> Told {
    fn all(from: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            if let Some(mut from) = from {
                from.read_to_end(&mut bytes).unwrap();
            }
            String::from_utf8_lossy(&bytes).into_owned()
        })
    }
    let (out, err) = (all(child.stdout.take()), all(child.stderr.take()));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    Told {
        code: status.code().or(status.signal().map(|signal| 128 + signal)),
        out: out.join().unwrap(),
        err: err.join().unwrap(),
    }
}

impl Told {
    fn everything(&self) -> String {
        format!("{}\n{}", self.out, self.err)
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
