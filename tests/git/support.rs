//! Throw-away repositories made by the real git, cut off from this machine's configuration.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use envguard::model::Tree;
use envguard::model::tree::ReadError;
use envguard::source::{self, Opened, Options, SourceError, Wanted};
use tempfile::TempDir;

/// A folder of its own with a home folder beside it.
pub struct Lab {
    dir: TempDir,
}

/// The names the tests use: whatever has `.env` in it, and YAML.
pub fn by_name(path: &str) -> Wanted {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.contains(".env") && name != ".envguardignore" {
        Wanted::Dotenv
    } else if name.ends_with(".yml") || name.ends_with(".yaml") {
        Wanted::Yes
    } else {
        Wanted::No
    }
}

pub fn options() -> Options {
    Options::new(by_name)
}

impl Lab {
    /// An empty folder that is no repository.
    pub fn bare_ground() -> Self {
        let lab = Self {
            dir: TempDir::new().unwrap(),
        };
        fs::create_dir(lab.home()).unwrap();
        fs::create_dir(lab.root()).unwrap();
        lab
    }

    /// A fresh repository.
    pub fn new() -> Self {
        Self::with_init(&[])
    }

    pub fn with_init(args: &[&str]) -> Self {
        let lab = Self::bare_ground();
        let init = [&["init", "-q", "-b", "main"], args].concat();
        lab.git(&init);
        lab
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("project")
    }

    pub fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub fn git(&self, args: &[&str]) -> String {
        self.git_in(&self.root(), args)
    }

    pub fn git_in(&self, dir: &Path, args: &[&str]) -> String {
        let output = self.command("git", dir).args(args).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {error}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Many refs at once.
    pub fn make_refs(&self, names: &[String], to: &str) {
        let mut command = self.command("git", &self.root());
        let mut child = command
            .args(["update-ref", "--stdin"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let lines: Vec<String> = names
            .iter()
            .map(|name| format!("create {name} {to}\n"))
            .collect();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(lines.concat().as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// A command in this lab's own world.
    pub fn command(&self, program: &str, dir: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            // Also when the tests themselves run in a hook or in a CI job.
            let from_outside = ["GIT_", "GITHUB_", "GITLAB_", "CI", "PRE_COMMIT"];
            let name = name.to_string_lossy();
            if from_outside.iter().any(|prefix| name.starts_with(prefix)) {
                command.env_remove(&*name);
            }
        }
        command
            .current_dir(dir)
            .env("HOME", self.home())
            .env("XDG_CONFIG_HOME", self.home().join(".config"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "Nobody")
            .env("GIT_AUTHOR_EMAIL", "nobody@example.org")
            .env("GIT_COMMITTER_NAME", "Nobody")
            .env("GIT_COMMITTER_EMAIL", "nobody@example.org")
            .env("GIT_AUTHOR_DATE", "2024-01-01T00:00:00Z")
            .env("GIT_COMMITTER_DATE", "2024-01-01T00:00:00Z");
        command
    }

    pub fn commit_all(&self) -> &Self {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "a commit"]);
        self
    }

    /// Writes a hook that calls the tested command.
    pub fn hook(&self, file: &Path, args: &str) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let text = format!("#!/bin/sh\nexec '{ENVGUARD}' {args}\n");
        fs::write(file, text).unwrap();
        self.command("chmod", &self.root())
            .arg("+x")
            .arg(file)
            .status()
            .unwrap();
    }

    /// `git push`, as it goes.
    pub fn push(&self, args: &[&str]) -> Told {
        let mut command = self.command("git", &self.root());
        Told::by(command.args([&["push"], args].concat()))
    }

    /// A commit past every hook.
    pub fn commit_all_unchecked(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--no-verify", "-m", "a commit"]);
    }

    /// Answers `git add -p` hunk by hunk.
    pub fn add_patch(&self, answers: &str) {
        let mut command = self.command("git", &self.root());
        let command = command.args(["add", "-p"]).stdin(Stdio::piped());
        let mut add = command.stdout(Stdio::null()).spawn().unwrap();
        let mut input = add.stdin.take().unwrap();
        input.write_all(answers.as_bytes()).unwrap();
        drop(input);
        add.wait().unwrap();
    }

    /// The command as a user runs it.
    pub fn envguard(&self, args: &[&str]) -> Told {
        self.envguard_in(&self.root(), args)
    }

    pub fn envguard_in(&self, dir: &Path, args: &[&str]) -> Told {
        Told::by(self.command(ENVGUARD, dir).args(args))
    }

    /// Every file of the repository, git's own too, with its content and the time of its last change.
    pub fn everything(&self) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
        let mut all = Vec::new();
        let mut folders = vec![self.root()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let changed = path.metadata().unwrap().modified().unwrap();
                    all.push((path.clone(), fs::read(path).unwrap(), changed));
                }
            }
        }
        all.sort();
        all
    }

    pub fn paths(&self, paths: &[&str]) -> Result<Opened, SourceError> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| self.at(path)).collect();
        source::paths(&paths, &options())
    }

    pub fn worktree(&self) -> Opened {
        self.paths(&[""]).unwrap()
    }

    pub fn index(&self) -> Opened {
        source::index(Some(&self.root()), &options()).unwrap()
    }

    pub fn revision(&self, rev: &str) -> Result<Opened, SourceError> {
        source::revision(Some(&self.root()), rev, &options())
    }
}

/// The command that is tested.
pub const ENVGUARD: &str = env!("CARGO_BIN_EXE_envguard");

/// What a command said, and how it ended.
pub struct Told {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Told {
    pub fn by(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "exit {}\n{}{}", self.code, self.out, self.err)
    }
}

/// Characters that look random and depend on the name alone: a credential that stands in no file of this project.
pub fn fake(name: &str) -> String {
    let mut state = name.bytes().fold(0x9E37_79B9_7F4A_7C15_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    let alphabet = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(alphabet[usize::try_from(state % 56).unwrap()])
    };
    (0..36).map(next).collect()
}

/// The listed paths: a `?` in front of untracked ones, a `!` in front of ignored ones.
pub fn listed(opened: &Opened) -> Vec<String> {
    let mark = |entry: &envguard::model::tree::Entry| match (entry.tracked, entry.ignored) {
        (_, true) => format!("!{}", entry.path),
        (false, false) => format!("?{}", entry.path),
        (true, false) => entry.path.to_string(),
    };
    opened.snapshot.entries().iter().map(mark).collect()
}

pub fn text(opened: &Opened, path: &str) -> String {
    opened
        .snapshot
        .read(path)
        .unwrap_or_else(|error| panic!("{path}: {error:?}"))
        .to_string()
}

pub fn read(opened: &Opened, path: &str) -> Result<String, ReadError> {
    opened.snapshot.read(path).map(|text| text.to_string())
}

/// Asks this very test binary, as a process of its own: git's environment belongs to a process, not to a thread.
/// The answer is one line per file, `path=text`, or the error.
pub struct Probe<'a> {
    lab: &'a Lab,
    dir: PathBuf,
    env: Vec<(&'static str, String)>,
}

/// What the probe is to open: `index`, `paths` or a revision.
const ASKED: &str = "ENVGUARD_PROBE";

impl Lab {
    pub fn probe(&self) -> Probe<'_> {
        Probe {
            lab: self,
            dir: self.root(),
            env: Vec::new(),
        }
    }

    /// Installs a hook that writes what it sees of the index to a file, and returns that file.
    pub fn probing_hook(&self, hook: &str) -> PathBuf {
        self.install_probe(&self.at(&format!(".git/hooks/{hook}")), "", "index")
    }

    /// Installs a hook that asks for something, after some lines of shell.
    pub fn install_probe(&self, hook: &Path, before: &str, asked: &str) -> PathBuf {
        let seen = self.home().join("seen");
        let exe = std::env::current_exe().unwrap();
        let script = format!(
            "#!/bin/sh\n{before}\n{ASKED}=\"{asked}\" '{}' support::answer --exact --ignored --nocapture >'{}'\n",
            exe.display(),
            seen.display()
        );
        fs::create_dir_all(hook.parent().unwrap()).unwrap();
        fs::write(hook, script).unwrap();
        self.command("chmod", &self.root())
            .arg("+x")
            .arg(hook)
            .status()
            .unwrap();
        seen
    }
}

impl Probe<'_> {
    pub fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = dir.into();
        self
    }

    pub fn env(mut self, name: &'static str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.env
            .push((name, value.as_ref().to_str().unwrap().to_owned()));
        self
    }

    pub fn ask(self, what: &str) -> Vec<String> {
        let mut command = self.lab.command(
            std::env::current_exe().unwrap().to_str().unwrap(),
            &self.dir,
        );
        command
            .args(["support::answer", "--exact", "--ignored", "--nocapture"])
            .env(ASKED, what)
            .envs(self.env);
        answers(&String::from_utf8(command.output().unwrap().stdout).unwrap())
    }
}

/// The answer in what a probe printed.
pub fn answers(output: &str) -> Vec<String> {
    output
        .lines()
        .filter_map(|line| line.strip_prefix("> "))
        .map(str::to_owned)
        .collect()
}

#[test]
#[ignore = "answers a probe"]
fn answer() {
    let Ok(asked) = std::env::var(ASKED) else {
        return;
    };
    let opened = match asked.as_str() {
        "index" => source::index(None, &options()),
        "paths" => source::paths(&[], &options()),
        rev => source::revision(None, rev, &options()),
    };
    println!();
    match opened {
        Err(error) => println!("> {error}"),
        Ok(opened) => {
            for (entry, mark) in opened.snapshot.entries().iter().zip(listed(&opened)) {
                println!(
                    "> {mark}={}",
                    read(&opened, &entry.path).unwrap_or_default().trim_end()
                );
            }
        }
    }
}
