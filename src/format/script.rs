//! Places where people write down how a stack is started: scripts, Makefiles, justfiles, package scripts, CI jobs,
//! READMEs. Read for their `docker compose` commands, which say what is merged with what.

use std::sync::Arc;

use super::{Claim, Format, Input, Output};
use crate::model::file::Nature;
use crate::model::schema::compose_run;
use crate::model::{Fact, Str, Value, base_name};
use crate::value::compose_run::{ComposeRun, find};

pub static SCRIPT: Format = Format {
    name: "script",
    doc: "scripts, Makefiles, justfiles, package scripts, CI jobs and READMEs, for the commands in them",
    nature: Nature::Script,
    beside: true,
    claims,
    parse,
};

/// Names in lower case; the text has to hold a Compose command as well, so that most are never parsed.
fn claims(path: &str) -> Claim {
    let name = base_name(path).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let by_extension = matches!(
        extension,
        "sh" | "bash" | "zsh" | "ps1" | "bat" | "cmd" | "mk" | "just"
    );
    let by_name = matches!(
        name.as_str(),
        "makefile"
            | "gnumakefile"
            | "justfile"
            | ".justfile"
            | "package.json"
            | "composer.json"
            | "taskfile.yml"
            | "taskfile.yaml"
            | "jenkinsfile"
            | ".gitlab-ci.yml"
            | "azure-pipelines.yml"
            | "bitbucket-pipelines.yml"
    );
    let in_ci = matches!(extension, "yml" | "yaml")
        && (path.contains(".github/workflows/") || path.contains(".circleci/"));
    if by_extension || by_name || in_ci || is_prose(extension, path) {
        Claim::IfText(mentions_compose)
    } else {
        Claim::No
    }
}

/// Prose with a command in it. Commands over files that are not in the tree count for nothing, so quotations do no harm.
fn is_prose(extension: &str, path: &str) -> bool {
    matches!(extension, "md" | "rst" | "adoc") && !path.contains("vendor/")
}

fn mentions_compose(text: &str) -> bool {
    text.contains("compose") || text.contains("docker stack deploy")
}

fn parse(input: &Input) -> Output {
    let source = source_of(&input.file.name);
    let facts = find(input.text)
        .into_iter()
        .map(|run| fact(input, source, &run))
        .collect();
    Output {
        facts,
        ..Output::default()
    }
}

fn source_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "md" | "rst" | "adoc" => "prose",
        "yml" | "yaml" => "workflow",
        _ => "script",
    }
}

fn fact(input: &Input, source: &'static str, run: &ComposeRun) -> Fact {
    let list = |words: &[String]| {
        Value::List(
            words
                .iter()
                .map(|word| Str::from(word.as_str()))
                .collect::<Arc<[Str]>>(),
        )
    };
    Fact::new(compose_run::KIND, input.file, run.span, run.span)
        .with(compose_run::SOURCE, Value::Word(source))
        .with(compose_run::FILES, list(&run.files))
        .with(compose_run::ENV_FILES, list(&run.env_files))
        .with(compose_run::PROFILES, list(&run.profiles))
        .with(compose_run::PROJECT_NAME, run.project_name.clone())
        .with(
            compose_run::PROJECT_DIRECTORY,
            run.project_directory.clone(),
        )
        .with(compose_run::CWD, run.cwd.clone())
        .with(compose_run::SUBCOMMAND, run.subcommand.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_claimed_by_name_and_only_with_a_command() {
        for path in [
            "deploy.sh",
            "ops/Makefile",
            "package.json",
            ".github/workflows/ci.yml",
            "README.md",
            "docs/deployment.md",
        ] {
            let Claim::IfText(wants) = claims(path) else {
                panic!("{path} is not claimed");
            };
            assert!(wants("docker compose up") && !wants("echo"));
        }
        for path in ["vendor/a/README.md", "src/main.rs", "config.yml"] {
            assert!(matches!(claims(path), Claim::No), "{path}");
        }
    }
}
