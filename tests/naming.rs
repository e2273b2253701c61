//! How files are named in the wild, and what envguard makes of every name: the environment it claims and its role.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::fmt::Write as _;

use envguard::classify::Classifier;
use envguard::model::file::Nature;
use envguard::model::tree::Entry;
use envguard::model::{Env, File, Str};
use envguard::value::Lexicon;

/// `path environment role`; the format is told from the name, or written in front as `k8s:`.
const NAMES: &str = include_str!("naming.txt");

#[test]
fn every_name_says_what_it_says() {
    let lexicon = Lexicon::default();
    let mut wrong = String::new();
    let mut rows = 0;
    for row in NAMES
        .lines()
        .filter(|row| !row.is_empty() && !row.starts_with('#'))
    {
        let mut columns = row.split_whitespace();
        let (path, env, role) = (
            columns.next().unwrap(),
            columns.next().unwrap(),
            columns.next().unwrap(),
        );
        let (format, path) = path.split_once(':').unwrap_or((format_of(path), path));
        let file = classified(&lexicon, path, leaked(format));
        let said = file
            .claim
            .as_ref()
            .map_or("-".to_owned(), |claim| format!("{:?}", claim.env));
        if said != env || file.role.name() != role {
            writeln!(
                wrong,
                "{format}:{path}: {said} {}, expected {env} {role}",
                file.role.name()
            )
            .unwrap();
        }
        rows += 1;
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(rows >= 150, "only {rows} names");
}

#[test]
fn the_configuration_wins_and_says_so() {
    let mut lexicon = Lexicon::default();
    for (env, globs) in [
        (Env::DEVELOPMENT, &[".env", "/docker-compose.yml"][..]),
        (Env::DEMO, &["deploy/eu/**"]),
    ] {
        let globs = globs.iter().map(|glob| (*glob).to_owned()).collect();
        lexicon.environments.info_mut(env).unwrap().files = globs;
    }
    let claim = |path| classified(&lexicon, path, "dotenv").claim;
    let said = claim("api/.env").unwrap();
    assert_eq!(said.env, Env::DEVELOPMENT);
    assert_eq!(
        &*said.reason,
        "configuration: environments.development.files"
    );
    assert_eq!(claim("docker-compose.yml").unwrap().env, Env::DEVELOPMENT);
    assert_eq!(claim("api/docker-compose.yml"), None);
    assert_eq!(claim("deploy/eu/.env.production").unwrap().env, Env::DEMO);
}

#[test]
fn a_project_is_the_nearest_folder_with_a_manifest() {
    let lexicon = Lexicon::default();
    let entries = entries(&[
        "apps/api/.env",
        "apps/api/docker/prod/.env",
        "apps/api/package.json",
        "apps/api0/.env",
        "apps/web/.env",
        "apps/web/a/b/c.txt",
        "apps/web/web.csproj",
        "docker/prod/.env",
        "package.json",
    ]);
    let classifier = Classifier::new(&lexicon, &entries, &[]);
    let project = |at: usize| {
        classifier
            .classify(&entries[at], "dotenv", Nature::Settings)
            .project
            .to_string()
    };
    assert_eq!(
        [project(0), project(1), project(3), project(4), project(7)],
        ["apps/api", "apps/api", ".", "apps/web", "."]
    );

    let globs = ["apps/*".to_owned()];
    let classifier = Classifier::new(&lexicon, &entries, &globs);
    let project = |at: usize| {
        classifier
            .classify(&entries[at], "dotenv", Nature::Settings)
            .project
            .to_string()
    };
    assert_eq!(
        [project(1), project(3), project(7)],
        ["apps/api", "apps/api0", "."]
    );
}

#[test]
fn who_points_at_an_example_means_it() {
    let lexicon = Lexicon::default();
    let entries = entries(&["examples/shop/.env", "examples/shopping/.env"]);
    let role = |focus: &str, at: usize| {
        let classifier = Classifier::new(&lexicon, &entries, &[]).with_focus(focus);
        classifier
            .classify(&entries[at], "dotenv", Nature::Settings)
            .role
            .name()
    };
    assert_eq!(role(".", 0), "example");
    assert_eq!(role("examples/shop", 0), "real");
    assert_eq!(role("examples/shop", 1), "example");
}

fn classified(lexicon: &Lexicon, path: &str, format: &'static str) -> File {
    let entries = entries(&[path]);
    Classifier::new(lexicon, &entries, &[]).classify(&entries[0], format, nature(format))
}

fn nature(format: &str) -> Nature {
    match format {
        "dotenv" | "compose" | "properties" => Nature::Settings,
        "workflow" | "gitlab" => Nature::Pipeline,
        "script" => Nature::Script,
        "code" => Nature::Program,
        "markdown" => Nature::Prose,
        _ => Nature::Other,
    }
}

fn entries(paths: &[&str]) -> Vec<Entry> {
    let entry = |path: &&str| Entry {
        path: Str::from(*path),
        tracked: true,
        ignored: false,
    };
    paths.iter().map(entry).collect()
}

fn format_of(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap();
    if path.starts_with(".github/workflows/") {
        "workflow"
    } else if name.contains("Dockerfile") {
        "dockerfile"
    } else if name.ends_with(".md") {
        "markdown"
    } else if name.contains("compose") || path.ends_with("production.yml") {
        "compose"
    } else if [".ts", ".py", ".js"].iter().any(|ext| name.ends_with(ext)) {
        "code"
    } else if name.ends_with(".sh") {
        "script"
    } else if name.ends_with(".yml") || name.ends_with(".yaml") {
        "k8s"
    } else {
        "dotenv"
    }
}

fn leaked(format: &str) -> &'static str {
    String::leak(format.to_owned())
}
