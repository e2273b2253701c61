//! `envguard compare`: values that live in a platform, judged like files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use super::args::{SettingsArgs, SourceArgs};
use super::verdict_args::{Judge, Tell};
use super::{Failure, Screen, output};
use crate::format::dump::{self, SHAPES};
use crate::model::Secret;
use crate::pipeline::{self, Dump, From};
use crate::source;

pub const EXAMPLES: &str = "\
Examples:
  envguard compare staging=staging.env production=production.json
                                    two dumps, whatever printed them
  envguard compare development=<(railway variables -e dev --json) \\
                   production=<(railway variables -e production --json)
                                    straight from the platform: nothing is written to disk
  kubectl get secret,configmap -n prod -o json | envguard compare production=-
                                    one environment by itself, from a pipe
  envguard compare production=prod.env --with-files
                                    against the files of this repository
  envguard compare staging=a.txt production=b.txt --from printenv
                                    where the shape is not told rightly

What a dump is, is seen by its text: dotenv, printenv, JSON, YAML, docker compose config, Kubernetes, ECS, SSM.
Variables that a platform sets itself are counted and not judged. No value is ever printed or kept.

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not run.";

#[derive(Debug, Args)]
pub struct Compare {
    /// An environment and the dump of its variables: a file, `-` for standard input, or <(command)
    #[arg(required = true, value_name = "ENV=SOURCE", value_parser = dumped)]
    pub dumps: Vec<Named>,

    /// Judge them together with the files of the repository around this path
    #[arg(long, value_name = "PATH", num_args = 0..=1, require_equals = true, default_missing_value = ".")]
    pub with_files: Option<PathBuf>,

    /// What the dumps are, or one of them: SHAPE or ENV=SHAPE (may be repeated)
    #[arg(long, value_name = "SHAPE", value_parser = shaped, long_help = shapes())]
    pub from: Vec<Named>,

    #[command(flatten)]
    pub settings: SettingsArgs,

    #[command(flatten)]
    pub judge: Judge,

    #[command(flatten)]
    pub tell: Tell,
}

/// `NAME=VALUE`; the name may be left out of a shape.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: Option<String>,
    pub value: String,
}

pub fn run(compare: &Compare, screen: &Screen) -> Result<u8, Failure> {
    let mut request = super::request(&SourceArgs::here(), &compare.settings)?;
    request.from = From::Dumps {
        dumps: dumps(compare)?,
        files: compare.with_files.clone(),
    };
    let ask = compare.judge.ask_and_tell(&compare.tell);
    let settled = pipeline::check(&request, &ask)?;
    output::write(&settled, &compare.tell, screen)?;
    Ok(settled.outcome.exit_code())
}

/// Reads every dump; standard input and pipes can be read only once.
fn dumps(compare: &Compare) -> Result<Vec<Dump>, Failure> {
    let mut taken = BTreeSet::new();
    let mut dumps = Vec::new();
    for named in &compare.dumps {
        let env = named.name.clone().unwrap_or_default();
        let path = PathBuf::from(&named.value);
        let shown = shown(&named.value, dumps.len() + 1);
        if named.value == "-" && !taken.insert("-") {
            let message = "error: standard input can be read only once; use files, or <(command)";
            return Err(Failure::Told(message.to_owned()));
        }
        let text = source::dump(&path).map_err(pipeline::Error::from)?;
        dumps.push(Dump {
            source: shown,
            shape: shape_of(&env, &compare.from),
            env,
            text: Secret::new(text),
        });
    }
    Ok(dumps)
}

/// The number of a pipe says nothing and is another one each time.
fn shown(path: &str, place: usize) -> String {
    match path {
        "-" => "stdin".to_owned(),
        _ if path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/") => {
            format!("pipe-{place}")
        }
        _ => path.to_owned(),
    }
}

/// What was said of this environment's dump, else of all.
fn shape_of(env: &str, said: &[Named]) -> Option<String> {
    let own = said.iter().find(|said| said.name.as_deref() == Some(env));
    let all = || said.iter().find(|said| said.name.is_none());
    own.or_else(all).map(|said| said.value.clone())
}

fn dumped(text: &str) -> Result<Named, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok(Named {
            name: Some(name.to_owned()),
            value: value.to_owned(),
        }),
        _ => Err("expected an environment and its dump, such as production=dump.json".to_owned()),
    }
}

fn shaped(text: &str) -> Result<Named, String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (Some(name.to_owned()), value),
        None => (None, text),
    };
    if dump::shape(value).is_none() {
        let names: Vec<&str> = SHAPES.iter().map(|shape| shape.name).collect();
        return Err(format!(
            "there is no shape `{value}`; there are {}",
            names.join(", ")
        ));
    }
    Ok(Named {
        name,
        value: value.to_owned(),
    })
}

fn shapes() -> String {
    let shapes = SHAPES
        .iter()
        .map(|shape| format!("- {}: {}", shape.name, shape.doc));
    let shapes: Vec<String> = shapes.collect();
    format!(
        "What the dumps are, or one of them: SHAPE or ENV=SHAPE (may be repeated)\n\n{}",
        shapes.join("\n")
    )
}
