//! Dumps on the command line: which environment each is of, where it comes from, and what it is.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use super::Failure;
use crate::format::dump::{self, SHAPES};
use crate::model::Secret;
use crate::pipeline::{self, Dump};
use crate::source;

#[derive(Debug, Args)]
pub struct DumpArgs {
    /// Judge dumps together with the files of the repository around this path
    #[arg(long, value_name = "PATH", num_args = 0..=1, require_equals = true, default_missing_value = ".")]
    pub with_files: Option<PathBuf>,

    /// What the dumps are, or one of them: SHAPE or ENV=SHAPE (may be repeated)
    #[arg(long, value_name = "SHAPE", value_parser = shaped, long_help = shapes())]
    pub from: Vec<Named>,
}

/// `NAME=VALUE`; the name may be left out of a shape.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: Option<String>,
    pub value: String,
}

impl DumpArgs {
    /// Reads every dump; standard input and pipes can be read only once.
    pub fn read(&self, named: &[Named]) -> Result<Vec<Dump>, Failure> {
        let mut taken = BTreeSet::new();
        let mut dumps = Vec::new();
        for named in named {
            let env = named.name.clone().unwrap_or_default();
            let path = PathBuf::from(&named.value);
            let shown = shown(&named.value, dumps.len() + 1);
            if named.value == "-" && !taken.insert("-") {
                let message =
                    "error: standard input can be read only once; use files, or <(command)";
                return Err(Failure::Told(message.to_owned()));
            }
            let text = source::dump(&path).map_err(pipeline::Error::from)?;
            dumps.push(Dump {
                source: shown,
                shape: shape_of(&env, &self.from),
                path,
                env,
                text: Secret::new(text),
            });
        }
        Ok(dumps)
    }
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

/// `ENV=SOURCE`.
pub fn dumped(text: &str) -> Result<Named, String> {
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
