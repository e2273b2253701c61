//! As much of a runner as the Action can notice, and repositories with the events that start it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// A repository on a server, and a clone in which people work.
pub struct Lab {
    folder: tempfile::TempDir,
}

/// A checkout as a job finds it, and what the runner says of the event.
pub struct Job {
    folder: tempfile::TempDir,
    event: Value,
    name: &'static str,
}

impl Lab {
    pub fn new() -> Self {
        let lab = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        git(
            lab.root(),
            &["init", "-q", "--bare", "server", "-b", "main"],
        );
        git(
            &lab.server(),
            &["config", "uploadpack.allowAnySHA1InWant", "true"],
        );
        git(lab.root(), &["clone", "-q", "server", "work"]);
        git(&lab.work(), &["checkout", "-q", "-B", "main"]);
        lab.commit("first", &[("README.md", "\n")]);
        lab
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn server(&self) -> PathBuf {
        self.root().join("server")
    }

    fn work(&self) -> PathBuf {
        self.root().join("work")
    }

    /// Commits files on the branch that is checked out, and pushes it.
    pub fn commit(&self, message: &str, files: &[(&str, &str)]) -> String {
        for (path, text) in files {
            let path = self.work().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        git(&self.work(), &["add", "-A", "-f"]);
        git(&self.work(), &["commit", "-q", "-m", message]);
        git(&self.work(), &["push", "-q", "origin", "HEAD"]);
        git(&self.work(), &["rev-parse", "HEAD"])
    }

    /// A branch with these files, merged into main as GitHub does it for a check, and checked out with one commit.
    pub fn pull_request(&self, files: &[(&str, &str)]) -> Job {
        let base = git(&self.work(), &["rev-parse", "main"]);
        git(&self.work(), &["checkout", "-q", "-b", "topic"]);
        let head = self.commit("change", files);
        git(&self.work(), &["checkout", "-q", "--detach", "main"]);
        git(
            &self.work(),
            &["merge", "-q", "--no-ff", "-m", "merge", "topic"],
        );
        git(
            &self.work(),
            &["push", "-q", "origin", "HEAD:refs/pull/1/merge"],
        );
        git(&self.work(), &["checkout", "-q", "main"]);
        let event = json!({"pull_request": {"base": {"sha": base}, "head": {"sha": head}}});
        self.job("pull_request", event, "refs/pull/1/merge")
    }

    pub fn push(&self, files: &[(&str, &str)]) -> Job {
        let before = git(&self.work(), &["rev-parse", "HEAD"]);
        self.commit("between", &[("between.txt", "\n")]);
        let after = self.commit("change", files);
        let event =
            json!({"before": before, "after": after, "repository": {"default_branch": "main"}});
        self.job("push", event, "refs/heads/main")
    }

    pub fn schedule(&self) -> Job {
        self.job(
            "schedule",
            json!({"schedule": "0 6 * * 1"}),
            "refs/heads/main",
        )
    }

    fn job(&self, name: &'static str, event: Value, reference: &str) -> Job {
        let folder = tempfile::tempdir().unwrap();
        let job = Job {
            folder,
            event,
            name,
        };
        let url = format!("file://{}", self.server().display());
        fs::create_dir(job.checkout()).unwrap();
        git(&job.checkout(), &["init", "-q", "-b", "main"]);
        git(&job.checkout(), &["remote", "add", "origin", &url]);
        job.check_out(reference);
        job
    }
}

impl Job {
    pub fn checkout(&self) -> PathBuf {
        self.folder.path().join("checkout")
    }

    /// As `ref: ${{ github.event.pull_request.head.sha }}` does.
    pub fn check_out_head(&mut self) {
        let head = self.event["pull_request"]["head"]["sha"].as_str().unwrap();
        self.check_out(head);
    }

    fn check_out(&self, reference: &str) {
        let fetch = ["fetch", "-q", "--no-tags", "--depth=1", "origin", reference];
        git(&self.checkout(), &fetch);
        git(
            &self.checkout(),
            &["checkout", "-q", "--detach", "FETCH_HEAD"],
        );
    }
}

/// Runs the Action on a checkout.
pub struct Runner<'a> {
    job: &'a Job,
    inputs: BTreeMap<String, String>,
    path: String,
}

/// What is left of a run.
pub struct Told {
    pub code: Option<i32>,
    pub log: String,
    pub summary: String,
    outputs: BTreeMap<String, String>,
}

impl Told {
    pub fn output(&self, name: &str) -> &str {
        self.outputs.get(name).map_or("", String::as_str)
    }
}

impl<'a> Runner<'a> {
    /// With the envguard of this build on the `PATH`.
    pub fn on(job: &'a Job) -> Self {
        let built = Path::new(env!("CARGO_BIN_EXE_envguard")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        Self {
            job,
            inputs: BTreeMap::new(),
            path: format!("{}:{path}", built.display()),
        }
    }

    pub fn with(mut self, input: &str, value: &str) -> Self {
        self.inputs.insert(input.to_owned(), value.to_owned());
        self
    }

    pub fn path(mut self, path: String) -> Self {
        self.path = path;
        self
    }

    pub fn run(&self) -> Told {
        let action = action();
        let mut steps: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let mut told = Told {
            code: Some(0),
            log: String::new(),
            summary: String::new(),
            outputs: BTreeMap::new(),
        };
        for step in action["runs"]["steps"].as_array().unwrap() {
            let known: Vec<&str> = step
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert!(
                known
                    .iter()
                    .all(|key| ["name", "id", "shell", "run", "env"].contains(key))
            );
            assert_eq!(step["shell"], "bash");
            let id = step["id"].as_str().unwrap().to_owned();
            let (code, outputs) = self.step(step, &action, &steps, &mut told);
            steps.insert(id, outputs);
            told.code = code;
            if code != Some(0) {
                break;
            }
        }
        for (name, output) in action["outputs"].as_object().unwrap() {
            let value = self.expanded(output["value"].as_str().unwrap(), &action, &steps);
            told.outputs.insert(name.clone(), value);
        }
        told
    }

    fn step(
        &self,
        step: &Value,
        action: &Value,
        steps: &BTreeMap<String, BTreeMap<String, String>>,
        told: &mut Told,
    ) -> (Option<i32>, BTreeMap<String, String>) {
        let files = tempfile::tempdir().unwrap();
        let file = |name: &str| files.path().join(name);
        fs::write(file("event.json"), self.job.event.to_string()).unwrap();
        for name in ["output", "summary"] {
            fs::write(file(name), "").unwrap();
        }
        fs::write(file("script.sh"), step["run"].as_str().unwrap()).unwrap();
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(file("script.sh"))
            .current_dir(self.job.checkout())
            .env_clear()
            .env("PATH", &self.path)
            .env("HOME", files.path())
            .env("RUNNER_TEMP", self.job.folder.path())
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"))
            .env("GITHUB_EVENT_NAME", self.job.name)
            .env("GITHUB_EVENT_PATH", file("event.json"))
            .env("GITHUB_OUTPUT", file("output"))
            .env("GITHUB_STEP_SUMMARY", file("summary"))
            .env("GITHUB_REF_NAME", "main");
        for (name, value) in step["env"].as_object().unwrap() {
            let value = self.expanded(value.as_str().unwrap(), action, steps);
            command.env(name, value);
        }
        let ran = command.output().unwrap();
        told.log += &String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat());
        told.summary += &fs::read_to_string(file("summary")).unwrap();
        let outputs = fs::read_to_string(file("output")).unwrap();
        let outputs = outputs.lines().map(|line| line.split_once('=').unwrap());
        let outputs = outputs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        (ran.status.code(), outputs.collect())
    }

    /// `${{ inputs.x }}`, `${{ steps.x.outputs.y }}` and `${{ github.event.a || github.event.b }}`.
    fn expanded(
        &self,
        text: &str,
        action: &Value,
        steps: &BTreeMap<String, BTreeMap<String, String>>,
    ) -> String {
        let Some(expression) = text
            .strip_prefix("${{ ")
            .and_then(|rest| rest.strip_suffix(" }}"))
        else {
            assert!(!text.contains("${{"), "{text}");
            return text.to_owned();
        };
        let mut values = expression
            .split(" || ")
            .map(|term| self.value(term, action, steps));
        values.find(|value| !value.is_empty()).unwrap_or_default()
    }

    fn value(
        &self,
        term: &str,
        action: &Value,
        steps: &BTreeMap<String, BTreeMap<String, String>>,
    ) -> String {
        let parts: Vec<&str> = term.split('.').collect();
        match parts.as_slice() {
            ["inputs", name] => {
                let input = &action["inputs"][*name];
                let default = input["default"]
                    .as_str()
                    .unwrap_or_else(|| panic!("{name}"));
                let given = self.inputs.get(*name);
                given.cloned().unwrap_or_else(|| default.to_owned())
            }
            ["steps", step, "outputs", name] => {
                let output = steps.get(*step).and_then(|outputs| outputs.get(*name));
                output.cloned().unwrap_or_default()
            }
            ["github", "event", path @ ..] => {
                let pointer = format!("/{}", path.join("/"));
                let found = self.job.event.pointer(&pointer).and_then(Value::as_str);
                found.unwrap_or_default().to_owned()
            }
            _ => panic!("`{term}` is not known"),
        }
    }
}

pub fn action() -> Value {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/action.yml")).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// The lines that the runner looks for commands in.
pub fn outside_of_stop_commands(log: &str) -> String {
    let mut end: Option<String> = None;
    let mut kept = String::new();
    for line in log.lines() {
        match &end {
            Some(token) if line == token => end = None,
            Some(_) => {}
            None => match line.strip_prefix("::stop-commands::") {
                Some(token) => end = Some(format!("::{token}::")),
                None => kept = kept + line + "\n",
            },
        }
    }
    assert!(end.is_none(), "commands stay stopped");
    kept
}

fn git(folder: &Path, args: &[&str]) -> String {
    let settings = [
        "user.name=t",
        "user.email=t@example.org",
        "commit.gpgsign=false",
    ];
    let output = Command::new("git")
        .args(settings.iter().flat_map(|one| ["-c", one]))
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {args:?}: {said}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
