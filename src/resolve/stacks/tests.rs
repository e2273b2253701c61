//! Stacks of small repositories, drawn as one line each: environment, files, and the reason for the environment.

use std::sync::Arc;

use super::*;
use crate::model::schema::{compose_run, compose_service, var};
use crate::model::tree::{Entry, ReadError};
use crate::model::{Fact, File, Lines, Span, Value};
use crate::value::compose_run::find;

/// A tree of names: discovery asks only whether a path exists.
struct Names(Vec<Entry>);

impl Tree for Names {
    fn entries(&self) -> &[Entry] {
        &self.0
    }
    fn read(&self, _: &str) -> Result<Str, ReadError> {
        Err(ReadError::Missing)
    }
    fn ignore_covers(&self, _: &str) -> bool {
        false
    }
}

fn document(path: &str, format: &'static str, claim: Option<Env>) -> Document {
    let claim = claim.map(|env| Claim {
        env,
        reason: "its name".into(),
    });
    let file = Arc::new(File {
        format,
        claim,
        ..File::at(path)
    });
    Document {
        file,
        text: "".into(),
        lines: Arc::new(Lines::of("")),
        facts: Vec::new(),
        problems: Vec::new(),
    }
}

/// A Compose file with one service that has an image or needs a base, and may be told its environment.
fn compose(path: &str, claim: Option<Env>, complete: bool, told: Option<(&str, Env)>) -> Document {
    let mut document = document(path, "compose", claim);
    let service = Fact::new(
        compose_service::KIND,
        &document.file,
        Span::default(),
        Span::default(),
    )
    .with(compose_service::NAME, "web")
    .with(compose_service::HAS_IMAGE, complete)
    .with(compose_service::HAS_BUILD, false)
    .with(compose_service::EXTENDS, false);
    document.facts.push(service);
    if let Some((name, env)) = told {
        let var = Fact::new(var::KIND, &document.file, Span::default(), Span::default())
            .with(var::NAME, name)
            .with(var::ORIGIN, Value::Word("value"))
            .with(var::VALUE_ENV, env);
        document.facts.push(var);
    }
    document
}

fn script(path: &str, claim: Option<Env>, text: &str) -> Document {
    let mut document = document(path, "script", claim);
    let list =
        |words: &[String]| Value::List(words.iter().map(|word| Str::from(word.as_str())).collect());
    for run in find(text) {
        let source = if path.ends_with(".md") {
            "prose"
        } else {
            "script"
        };
        let fact = Fact::new(compose_run::KIND, &document.file, run.span, run.span)
            .with(compose_run::SOURCE, Value::Word(source))
            .with(compose_run::FILES, list(&run.files))
            .with(compose_run::ENV_FILES, list(&run.env_files))
            .with(compose_run::PROFILES, list(&run.profiles))
            .with(compose_run::PROJECT_NAME, run.project_name.clone())
            .with(compose_run::CWD, run.cwd.clone())
            .with(compose_run::SUBCOMMAND, run.subcommand.clone());
        document.facts.push(fact);
    }
    document
}

fn drawn(documents: &[Document]) -> Vec<String> {
    let environments = Environments::default();
    let entry = |document: &Document| Entry {
        path: Str::clone(&document.file.path),
        tracked: true,
        ignored: false,
    };
    let mut entries: Vec<Entry> = documents.iter().map(entry).collect();
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    let stacks = discover(documents, &[], &environments, &Names(entries));
    let line = |stack: &Stack| {
        let env = environments.name(stack.claim.env);
        format!(
            "{env}: {}",
            stack
                .files
                .iter()
                .map(AsRef::as_ref)
                .chain(stack.env_files.iter().map(AsRef::as_ref))
                .collect::<Vec<_>>()
                .join(" + ")
        )
    };
    stacks.iter().map(line).collect()
}

const PROD: Option<Env> = Some(Env::PRODUCTION);
const DEV: Option<Env> = Some(Env::DEVELOPMENT);

#[test]
fn complete_siblings_stand_alone() {
    let drawn = drawn(&[
        compose("docker-compose.yml", None, true, None),
        compose("docker-compose.prod.yml", PROD, true, None),
    ]);
    assert_eq!(
        drawn,
        [
            "production: docker-compose.prod.yml",
            "unassigned: docker-compose.yml"
        ]
    );
}

#[test]
fn an_overlay_takes_its_base_and_a_thin_base_runs_nowhere_alone() {
    let drawn = drawn(&[
        compose("a/compose.yaml", None, false, None),
        compose("a/compose.prod.yaml", PROD, false, None),
    ]);
    assert_eq!(drawn, ["production: a/compose.yaml + a/compose.prod.yaml"]);
}

#[test]
fn the_override_makes_a_developers_stack() {
    let drawn = drawn(&[
        compose("compose.yml", None, true, None),
        compose("compose.override.yml", None, false, None),
        compose("compose.deploy.yml", None, true, None),
        script(
            "deploy.sh",
            PROD,
            "docker compose -f compose.yml -f compose.deploy.yml up -d",
        ),
    ]);
    assert_eq!(
        drawn,
        [
            "production: compose.yml + compose.deploy.yml",
            "development: compose.yml + compose.override.yml"
        ]
    );
}

#[test]
fn commands_say_what_runs_together_from_any_folder() {
    let files = || {
        vec![
            compose("deploy/base.yml", None, true, None),
            compose("deploy/production.yml", PROD, true, None),
            document("deploy/.env.production", "dotenv", PROD),
        ]
    };
    let command = "docker compose -f base.yml -f production.yml --env-file .env.production up";
    for (path, text) in [
        ("deploy/run.sh", command.to_owned()),
        ("Makefile", format!("cd deploy && {command}")),
        ("deploy/README.md", format!("`{command}`")),
        (
            "scripts/run.sh",
            command
                .replace("base.yml", "deploy/base.yml")
                .replace(" production.yml", " deploy/production.yml")
                .replace(" .env", " deploy/.env"),
        ),
    ] {
        let mut documents = files();
        documents.push(script(path, None, &text));
        let expected =
            "production: deploy/base.yml + deploy/production.yml + deploy/.env.production";
        assert_eq!(drawn(&documents), [expected], "{path}");
    }
}

#[test]
fn a_variable_in_the_names_stands_for_every_environment_that_has_them() {
    let drawn = drawn(&[
        compose("docker-compose.yml", None, true, None),
        compose("docker-compose.dev.yml", DEV, true, None),
        compose("docker-compose.prod.yml", PROD, true, None),
        script(
            "run.sh",
            None,
            "docker compose -f docker-compose.yml -f docker-compose.${ENV}.yml up",
        ),
    ]);
    assert_eq!(
        drawn,
        [
            "unassigned: docker-compose.yml",
            "development: docker-compose.yml + docker-compose.dev.yml",
            "production: docker-compose.yml + docker-compose.prod.yml",
        ]
    );
}

#[test]
fn services_that_are_told_their_environment_decide_for_a_nameless_file() {
    assert_eq!(
        drawn(&[compose(
            "compose.yml",
            None,
            true,
            Some(("APP_ENV", Env::PRODUCTION))
        )]),
        ["production: compose.yml"]
    );
    let mode = Some(("NODE_ENV", Env::PRODUCTION));
    assert_eq!(
        drawn(&[compose("compose.yml", None, true, mode)]),
        ["unassigned: compose.yml"]
    );
    let sibling = compose("compose.dev.yml", DEV, true, None);
    assert_eq!(
        drawn(&[compose("compose.yml", None, true, mode), sibling]),
        ["development: compose.dev.yml", "production: compose.yml"]
    );
}

#[test]
fn a_test_job_says_nothing_about_the_stack_it_starts() {
    let documents = [
        compose("compose.yml", None, true, None),
        script(
            ".github/workflows/test.yml",
            Some(Env::TEST),
            "docker compose -f compose.yml up -d",
        ),
    ];
    assert_eq!(drawn(&documents), ["unassigned: compose.yml"]);
}

#[test]
fn paths_that_leave_the_root_join_to_nothing() {
    assert_eq!(join("a/b", "../c.yml").as_deref(), Some("a/c.yml"));
    assert_eq!(join(".", "./c.yml").as_deref(), Some("c.yml"));
    for outside in ["../../../c.yml", "/etc/c.yml", "~/c.yml"] {
        assert_eq!(join("a/b", outside), None, "{outside}");
    }
}
