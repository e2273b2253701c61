//! Hand-built facts for the tests of this stage.

use std::sync::Arc;

use super::{Evaluation, Input, Policy, Settings, Source};
use crate::model::file::Claim;
use crate::model::schema::{environment, image, repo, var};
use crate::model::{Env, Environments, Fact, File, Finding, Role, Secret, Span, Str};

/// A dotenv file as facts: `NAME=value` per line.
pub(super) fn dotenv(path: &str, env: Option<Env>, text: &str) -> Vec<Fact> {
    let file = file(path, env);
    let mut at = 0;
    let mut facts = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some((name, value)) = line.trim_end().split_once('=') {
            let key = Span::new(at, at + name.len());
            let span = Span::new(at + name.len() + 1, at + line.trim_end().len());
            facts.push(binding(&file, key, span, name, value));
        }
        at += line.len();
    }
    facts
}

pub(super) fn file(path: &str, env: Option<Env>) -> Arc<File> {
    let claim = env.map(|env| Claim {
        env,
        reason: Str::from("test"),
    });
    let role = if path.ends_with(".example") {
        Role::Example
    } else {
        Role::Real
    };
    Arc::new(File {
        claim,
        role,
        format: "dotenv",
        ..File::at(path)
    })
}

fn binding(file: &Arc<File>, key: Span, span: Span, name: &str, value: &str) -> Fact {
    let truthy = match value {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    };
    let kind = match value {
        "" => "empty",
        _ if truthy.is_some() => "bool",
        _ if value.starts_with("${") => "reference",
        _ => "text",
    };
    Fact::new(var::KIND, file, key, span)
        .with(var::NAME, name)
        .with(var::VALUE, Secret::new(value))
        .with(var::SOURCE, crate::model::Value::Word("dotenv"))
        .with(var::ORIGIN, crate::model::Value::Word("value"))
        .with(var::VALUE_KIND, crate::model::Value::Word(kind))
        .with(var::SENSITIVE, name.contains("KEY"))
        .with(var::LENGTH, i64::try_from(value.len()).unwrap_or(0))
        .with(var::TRUTHY, truthy)
}

pub(super) fn environment_of(path: &str, env: Env) -> Fact {
    Fact::new(
        environment::KIND,
        &file(path, Some(env)),
        Span::new(0, 1),
        Span::new(0, 1),
    )
    .with(
        environment::DEPLOYED,
        Environments::default().is_deployed(env),
    )
    .with(environment::HAS_DOTENV, true)
}

pub(super) fn image_of(path: &str, env: Env, tag: Option<&str>) -> Fact {
    Fact::new(
        image::KIND,
        &file(path, Some(env)),
        Span::new(0, 1),
        Span::new(3, 8),
    )
    .with(image::REF, "app")
    .with(image::TAG, tag.map(crate::model::Value::from))
}

pub(super) fn the_repo() -> Fact {
    Fact::new(
        repo::KIND,
        &file(".", None),
        Span::new(0, 0),
        Span::new(0, 0),
    )
    .with(repo::NAME, "demo")
}

/// Text of a policy with the parts every policy needs.
pub(super) fn wrapped(body: &str) -> String {
    let body = body.trim_matches('\n');
    let message = if body.contains("message:") || body.contains("matrix:") {
        ""
    } else {
        "message: \"{envs}\"\n"
    };
    format!(
        "id: demo\ntitle: t\nwhy: w\n{body}\n{message}examples:\n  - {{bad: b, files: {{a: b}}}}\n  - {{good: g, files: {{a: b}}}}\n"
    )
}

pub(super) fn policy(body: &str) -> Policy {
    policies(&[&wrapped(body)], &Settings::new()).remove(0)
}

pub(super) fn policies(texts: &[&str], settings: &Settings) -> Vec<Policy> {
    let mut specs = Vec::new();
    for text in texts {
        let (mut loaded, found) = super::load(&Source::new("p.yml", text));
        assert!(found.is_empty(), "{}", rendered(&found));
        specs.append(&mut loaded);
    }
    super::compile_all(&specs, &Environments::default(), settings)
        .unwrap_or_else(|found| panic!("{}", rendered(&found)))
}

/// What is wrong with a policy, as `CODE:line:column` and title.
pub(super) fn mistakes(body: &str) -> Vec<String> {
    let text = wrapped(body);
    let (specs, mut found) = super::load(&Source::new("p.yml", &text));
    if let Err(problems) = super::compile_all(&specs, &Environments::default(), &Settings::new()) {
        found.extend(problems);
    }
    let found = super::diagnostic::tidy(found);
    let line = |one: &super::Diagnostic| format!("{} {}", one.code, one.title);
    found.iter().map(line).collect()
}

pub(super) fn rendered(found: &[super::Diagnostic]) -> String {
    found
        .iter()
        .map(super::Diagnostic::render)
        .collect::<Vec<_>>()
        .join("\n")
}

pub(super) fn run(policies: &[Policy], facts: &[Fact]) -> Evaluation {
    super::evaluate(policies, &Input::new(facts, &Environments::default()))
}

/// `path@start severity message` for each finding.
pub(super) fn told(policy: &Policy, facts: &[Fact]) -> Vec<String> {
    let line = |one: &Finding| {
        format!(
            "{}@{} {} {}",
            one.primary.file.path, one.primary.span.start, one.severity, one.message
        )
    };
    run(std::slice::from_ref(policy), facts)
        .findings
        .iter()
        .map(line)
        .collect()
}

/// Reads dotenv files, in the environment their name ends with.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the shape that the bench asks for"
)]
pub(super) fn read(
    repo: &super::example::Repo<'_>,
) -> Result<super::example::Judged, Vec<super::Diagnostic>> {
    let environments = Environments::default();
    let mut facts = vec![the_repo()];
    for (path, text) in repo.files {
        let env = path
            .rsplit('.')
            .next()
            .and_then(|word| environments.word(word));
        facts.extend(dotenv(path, env, text));
    }
    Ok(super::example::Judged {
        facts,
        environments,
    })
}

/// Tries a whole policy text.
pub(super) fn tried(text: &str) -> super::example::Tested {
    let (specs, found) = super::load(&Source::new("p.yml", text));
    assert!(found.is_empty(), "{}", rendered(&found));
    let bench = super::example::Bench {
        read: &read,
        fake: &|name| (name == "stripe_live").then(|| "sk".to_owned() + "_live_x"),
    };
    super::example::test(&specs[0], &specs, &bench)
}
