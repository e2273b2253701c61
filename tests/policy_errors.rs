//! Broken policies, one file each, with the message each deserves beside it. `BLESS=1` writes the messages anew; read them
//! as an author would before committing them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use envguard::model::file::Claim;
use envguard::model::schema::{file, repo, var};
use envguard::model::{Environments, Fact, File, Secret, Span, Str, Value};
use envguard::policy::example::{Bench, Judged, Repo, test};
use envguard::policy::{Diagnostic, Settings, Source, compile_all, load};

#[test]
fn every_broken_policy_is_told_what_to_type() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy_errors");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "yml"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 22);
    let mut wrong = String::new();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let told = messages(name, &std::fs::read_to_string(&path).unwrap());
        assert!(!told.is_empty(), "{name} has no mistake");
        let expected = path.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&expected, &told).unwrap();
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        if told != wanted {
            let _ = write!(wrong, "--- {name}\n{wanted}+++ told\n{told}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Everything that is said about a policy file: when it is loaded, or else when its examples run.
fn messages(name: &str, text: &str) -> String {
    let environments = Environments::default();
    let (specs, mut found) = load(&Source::new(name, text));
    if let Err(mut problems) = compile_all(&specs, &environments, &Settings::new()) {
        found.append(&mut problems);
    }
    if found.is_empty() {
        let bench = Bench {
            read: &read,
            fake: &|_| None,
        };
        for spec in &specs {
            found.extend(test(spec, &specs, &bench).found);
        }
    }
    let found = envguard::policy::diagnostic::tidy(found);
    let shown: Vec<String> = found.iter().map(Diagnostic::render).collect();
    shown.join("\n")
}

/// Just enough of a reader for the examples in here: dotenv files whose last word is an environment.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the shape that the bench asks for"
)]
fn read(given: &Repo<'_>) -> Result<Judged, Vec<Diagnostic>> {
    let environments = Environments::default();
    let root = Arc::new(File::at("."));
    let here = Span::new(0, 0);
    let mut facts = vec![Fact::new(repo::KIND, &root, here, here).with(repo::NAME, "demo")];
    for (path, text) in given.files {
        let env = environments.word(path.rsplit('.').next().unwrap());
        let claim = env.map(|env| Claim {
            env,
            reason: Str::from("its name"),
        });
        let source = Arc::new(File {
            claim,
            format: "dotenv",
            ..File::at(path)
        });
        facts.push(Fact::new(file::KIND, &source, here, here).with(file::PATH, &**path));
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            let start = text.find(name).unwrap();
            let key = Span::new(start, start + name.len());
            let at = Span::new(key.end as usize + 1, key.end as usize + 1 + value.len());
            let truthy = matches!(value, "true" | "false").then_some(value == "true");
            facts.push(
                Fact::new(var::KIND, &source, key, at)
                    .with(var::NAME, name)
                    .with(var::VALUE, Secret::new(value))
                    .with(var::VALUE_KIND, Value::Word("bool"))
                    .with(var::TRUTHY, truthy),
            );
        }
    }
    Ok(Judged {
        facts,
        environments,
    })
}
