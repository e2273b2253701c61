//! How long the hook keeps people waiting, against git itself: `cargo bench --bench git`, or with names of cases after
//! `--`. Repositories are generated below `target/bench-git` and kept; whole processes are timed in turn, A B A B, so
//! that a busy machine slows both down.

#![allow(
    clippy::unwrap_used,
    reason = "a bench that cannot set up its repository has nothing to tell"
)]

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ENVGUARD: &str = env!("CARGO_BIN_EXE_envguard");
const ROUNDS: usize = 21;

/// What a generated repository holds.
struct Shape {
    name: &'static str,
    files: usize,
    config: usize,
    sources: usize,
}

const SHAPES: &[Shape] = &[
    Shape {
        name: "100k",
        files: 100_000,
        config: 250,
        sources: 0,
    },
    Shape {
        name: "10k",
        files: 10_000,
        config: 100,
        sources: 0,
    },
    Shape {
        name: "100",
        files: 100,
        config: 10,
        sources: 20,
    },
    Shape {
        name: "100k-2k-sources",
        files: 100_000,
        config: 250,
        sources: 2_000,
    },
    Shape {
        name: "100k-all-sources",
        files: 100_000,
        config: 250,
        sources: 99_750,
    },
];

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| arg != "--bench")
        .collect();
    for shape in SHAPES {
        if !wanted.is_empty() && !wanted.iter().any(|name| name == shape.name) {
            continue;
        }
        let repo = Repo::made(shape);
        println!(
            "\n{}: {} files, {} config, {} sources",
            shape.name, shape.files, shape.config, shape.sources
        );
        repo.stage(&["config"]);
        repo.compare(
            "5 config staged",
            &["check", "--staged"],
            &["diff", "--cached", "--quiet"],
        );
        repo.stage(&["asset"]);
        repo.compare(
            "5 others staged",
            &["check", "--staged"],
            &["diff", "--cached", "--quiet"],
        );
        if shape.sources > 0 {
            repo.stage(&["source"]);
            repo.compare(
                "5 sources staged",
                &["check", "--staged"],
                &["diff", "--cached", "--quiet"],
            );
        }
        repo.stage(&[]);
        repo.compare(
            "5 config since",
            &["check", "--since", "HEAD~1"],
            &["diff", "--name-only", "HEAD~1", "HEAD"],
        );
    }
}

struct Repo {
    dir: PathBuf,
}

impl Repo {
    fn made(shape: &Shape) -> Self {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench-git");
        let repo = Self {
            dir: target.join(shape.name),
        };
        if !repo.dir.join(".git/complete").exists() {
            let _ = fs::remove_dir_all(&repo.dir);
            fs::create_dir_all(&repo.dir).unwrap();
            repo.git(&["init", "-q", "-b", "main"]);
            repo.import(shape);
            repo.git(&["reset", "-q"]);
            fs::write(repo.dir.join(".git/complete"), "").unwrap();
        }
        repo
    }

    /// Two commits: all files, then five configuration files that differ.
    fn import(&self, shape: &Shape) {
        let mut stream = String::new();
        let files = files(shape);
        for (round, message) in ["first", "second"].iter().enumerate() {
            let _ = write!(
                stream,
                "commit refs/heads/main\ncommitter A <a@example.org> 17000000{round}0 +0000\ndata {}\n{message}\n",
                message.len()
            );
            let changed = files
                .iter()
                .filter(|(path, _)| round == 0 || path.ends_with("/.env.staging"));
            for (path, text) in changed.take(if round == 0 { usize::MAX } else { 5 }) {
                let text = format!("{text}{}", "# changed\n".repeat(round));
                let _ = write!(
                    stream,
                    "M 100644 inline {path}\ndata {}\n{text}\n",
                    text.len()
                );
            }
        }
        let mut child = self
            .command("git", &["fast-import", "--quiet"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(stream.as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Five files of each kind staged, and nothing else.
    fn stage(&self, kinds: &[&str]) {
        self.git(&["read-tree", "HEAD"]);
        let all = self.output("git", &["ls-files"]);
        for kind in kinds {
            let of_kind = |path: &&str| match *kind {
                "config" => path.ends_with("/.env.production"),
                "source" => path.ends_with(".ts"),
                _ => path.ends_with(".bin"),
            };
            let paths: Vec<&str> = all.lines().filter(of_kind).collect();
            for path in paths.iter().step_by((paths.len() / 5).max(1)).take(5) {
                fs::write(
                    self.dir.join(".git/blob"),
                    format!("LOG_LEVEL=info\n# {path}\n"),
                )
                .unwrap();
                let id = self.output("git", &["hash-object", "-w", ".git/blob"]);
                let entry = format!("100644,{},{path}", id.trim());
                self.git(&["update-index", "--cacheinfo", &entry]);
            }
        }
    }

    fn command(&self, program: impl AsRef<OsStr>, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.dir).args(args);
        command
    }

    fn git(&self, args: &[&str]) {
        assert!(
            self.command("git", args).status().unwrap().success(),
            "git {args:?}"
        );
    }

    fn output(&self, program: &str, args: &[&str]) -> String {
        String::from_utf8(self.command(program, args).output().unwrap().stdout).unwrap()
    }

    /// Times both in turn and prints medians, the ratio pair by pair, and peak memory where the system can tell.
    fn compare(&self, what: &str, ours: &[&str], gits: &[&str]) {
        let mut times: Vec<(Duration, Duration)> = Vec::new();
        for round in 0..=ROUNDS {
            let pair = (self.time(ENVGUARD, ours), self.time("git", gits));
            if round > 0 {
                times.push(pair);
            }
        }
        let ratio = median(times.iter().map(|(a, b)| a.as_secs_f64() / b.as_secs_f64()));
        let ms = |side: fn(&(Duration, Duration)) -> Duration| {
            median(times.iter().map(|pair| side(pair).as_secs_f64() * 1e3))
        };
        println!(
            "  {what}: {ratio:.2}x  envguard {:.1} ms {}, git {} {:.1} ms {}",
            ms(|pair| pair.0),
            self.memory(ENVGUARD, ours),
            gits.join(" "),
            ms(|pair| pair.1),
            self.memory("git", gits),
        );
    }

    fn time(&self, program: &str, args: &[&str]) -> Duration {
        let start = Instant::now();
        let output = self.command(program, args).output().unwrap();
        let time = start.elapsed();
        assert_ne!(
            output.status.code(),
            Some(2),
            "{program} {args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        time
    }

    /// Peak memory of one run, by GNU time.
    fn memory(&self, program: &str, args: &[&str]) -> String {
        let args = [&["-f", "%M", program][..], args].concat();
        let output = self.command("/usr/bin/time", &args).output();
        let told = output.map(|output| String::from_utf8_lossy(&output.stderr).into_owned());
        let kilobytes = told
            .ok()
            .and_then(|told| told.lines().last()?.trim().parse::<f64>().ok());
        kilobytes.map_or_else(String::new, |kilobytes| {
            format!("({:.1} MB)", kilobytes / 1024.0)
        })
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Every path with its text: configuration in folders of services, all others below `lib/`.
fn files(shape: &Shape) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for number in 0..shape.config {
        let service = number / 5;
        let path = match number % 5 {
            0 => format!("services/s{service:03}/docker-compose.yml"),
            1 => format!("services/s{service:03}/.env.production"),
            2 => format!("services/s{service:03}/.env.staging"),
            3 => format!("services/s{service:03}/.env.development"),
            _ => format!("services/s{service:03}/docker-compose.prod.yml"),
        };
        files.push((path.clone(), config(&path, service)));
    }
    for number in 0..shape.files - shape.config {
        let (extension, text) = if number < shape.sources {
            (
                "ts",
                format!("export const region{number} = process.env.REGION ?? 'eu';\n"),
            )
        } else {
            ("bin", format!("{number}\n"))
        };
        let (a, b) = (number / 1000, number / 20 % 50);
        files.push((
            format!("lib/part{a:03}/group{b:02}/some-file-{number:06}.{extension}"),
            text,
        ));
    }
    files
}

fn config(path: &str, service: usize) -> String {
    let env = path.rsplit('.').next().unwrap_or_default();
    if path.ends_with(".prod.yml") {
        return "services:\n  web:\n    environment:\n      DEBUG: 'false'\n    restart: always\n"
            .to_owned();
    }
    if path.ends_with(".yml") {
        return format!(
            "services:\n  web:\n    image: registry.example.com/web:1.{service}\n    env_file: .env.production\n    ports:\n      \
             - \"{}:80\"\n    environment:\n      LOG_LEVEL: info\n",
            20_000 + service
        );
    }
    format!(
        "LOG_LEVEL=info\nREGION=eu\nAPI_URL=https://api.{env}.s{service}.example.org\nDATABASE_URL=postgres://db.{env}.s{service}.example.org/app\n\
         CACHE_TTL=300\nMAX_UPLOAD=10\nFEATURE_SEARCH_ENABLED=true\n"
    )
}
