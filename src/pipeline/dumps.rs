//! Values that live in a platform, beside the files or instead of them: each dump becomes a document of its environment,
//! and everything after that treats it like any other.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Error, From};
use crate::format;
use crate::format::dump::{self, Asked};
use crate::model::file::{Claim, Nature};
use crate::model::settled::Unread;
use crate::model::tree::{Entry, ReadError};
use crate::model::wants::Nobody;
use crate::model::{Document, Env, File, Lines, Secret, Str, Tree};
use crate::policy::suggest::did_you_mean;
use crate::resolve::stacks::Declared;
use crate::source::{self, Opened};
use crate::value::Lexicon;

/// A dump as it was given.
#[derive(Clone, Debug)]
pub struct Dump {
    /// The environment it is said to be of.
    pub env: String,
    /// Where it came from.
    pub path: PathBuf,
    /// What is shown of that.
    pub source: String,
    /// One of `format::dump::SHAPES`, where the user said so.
    pub shape: Option<String>,
    pub text: Secret,
}

/// What a run says about dumps and the files beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// What concerns a dump; what concerns files alone is for `check`.
    Dumps,
    Everything,
}

/// What dumps were read as.
pub(super) struct Dumps {
    pub(super) told: Told,
    pub(super) documents: Vec<Document>,
    pub(super) stacks: Stacks,
    /// How many variables were left out because a platform sets them itself.
    pub(super) left_out: Vec<Unread>,
}

/// The dumps that are what Compose runs.
#[derive(Default)]
pub(super) struct Stacks {
    pub(super) declared: Vec<Declared>,
    /// What `resolve` evaluates, by path.
    pub(super) texts: BTreeMap<Str, Str>,
}

/// Reads them all, or says what is wrong with each: what a run does not know of an environment, it must not pass.
pub(super) fn read(dumps: &[Dump], told: Told, lexicon: &Lexicon) -> Result<Dumps, Error> {
    let mut read = Dumps {
        told,
        documents: Vec::new(),
        stacks: Stacks::default(),
        left_out: Vec::new(),
    };
    let mut wrong = Vec::new();
    for dump in dumps {
        match one(dump, lexicon) {
            Ok((document, left_out)) => {
                if document.file.format != dump::DUMP.name {
                    read.stacks.add(&document, &dump.text);
                }
                read.left_out.extend(left_out);
                read.documents.push(document);
            }
            Err(message) => wrong.push(message),
        }
    }
    if wrong.is_empty() {
        Ok(read)
    } else {
        Err(Error::Dumps(wrong))
    }
}

/// Leaves of the tree what is judged beside the dumps.
pub(super) fn set_apart(from: &From, opened: &mut Opened) {
    let From::Dumps { dumps, files, .. } = from else {
        return;
    };
    if files.is_none() {
        opened.snapshot.unlist();
    }
    for dump in dumps {
        source::forget(opened, &dump.path);
    }
}

impl Stacks {
    /// Nothing else runs with it, as if the configuration declared it.
    fn add(&mut self, document: &Document, text: &Secret) {
        let path = &document.file.path;
        self.declared.push(Declared {
            env: document.file.claim.as_ref().map(|claim| claim.env),
            files: vec![path.to_string()],
            written: "the command line".to_owned(),
            ..Declared::default()
        });
        self.texts
            .insert(Str::clone(path), Str::from(text.expose()));
    }
}

/// A tree with the dumps in it that are stacks.
pub(super) struct WithStacks<'a> {
    pub(super) tree: &'a dyn Tree,
    pub(super) texts: &'a BTreeMap<Str, Str>,
}

impl Tree for WithStacks<'_> {
    fn entries(&self) -> &[Entry] {
        self.tree.entries()
    }

    fn read(&self, path: &str) -> Result<Str, ReadError> {
        let dump = self.texts.get(path).map(Str::clone);
        dump.map_or_else(|| self.tree.read(path), Ok)
    }

    fn ignore_covers(&self, path: &str) -> bool {
        self.tree.ignore_covers(path)
    }
}

fn one(dump: &Dump, lexicon: &Lexicon) -> Result<(Document, Option<Unread>), String> {
    let environments = &lexicon.environments;
    let env = environment(&dump.env, lexicon)?;
    let path = format!("{}={}", environments.name(env), dump.source);
    let file = Arc::new(file(&path, env));
    let text = dump.text.expose();
    let input = |file| format::Input {
        file,
        text,
        lexicon,
        wants: &Nobody,
    };
    let asked = Asked { env, environments };
    let shape = dump.shape.as_deref().and_then(dump::shape);
    let found = dump::read(&input(&file), &asked, shape).map_err(|problem| {
        let at = Lines::of(text).locate(text, problem.span.start);
        format!("{path}:{}:{}: {}", at.line, at.column, problem.message)
    })?;
    let of_format = |format: &format::Format| File {
        format: format.name,
        ..File::clone(&file)
    };
    let of_stack = dump::stack(found.shape).map(|format| Arc::new(of_format(format)));
    let (file, found) = match &of_stack {
        Some(file) => (Arc::clone(file), dump::composed(&input(file))),
        None => (Arc::clone(&file), found),
    };
    let left_out = left_out(&path, &found.left_out);
    let document = Document {
        file,
        lines: Arc::new(Lines::of(&found.text)),
        text: Str::from(found.text),
        facts: found.facts,
        problems: Vec::new(),
    };
    Ok((document, left_out))
}

fn environment(word: &str, lexicon: &Lexicon) -> Result<Env, String> {
    let environments = &lexicon.environments;
    let known = environments.word(word).filter(|env| env.is_named());
    known.ok_or_else(|| {
        let named = || {
            let all = environments.all().filter(|(env, _)| env.is_named());
            all.map(|(_, info)| info.name.as_str())
        };
        let meant = did_you_mean(word, named());
        let meant = meant.map(|meant| format!("; did you mean `{meant}`?"));
        let listed = || format!("; there are {}", named().collect::<Vec<_>>().join(", "));
        format!(
            "there is no environment `{word}`{}",
            meant.unwrap_or_else(listed)
        )
    })
}

/// No file of the repository: nothing about it is committed, ignored, or a form to fill in.
fn file(path: &str, env: Env) -> File {
    File {
        dir: Str::from("."),
        format: dump::DUMP.name,
        nature: Nature::Settings,
        claim: Some(Claim {
            env,
            reason: Str::from("the command line says so"),
        }),
        tracked: false,
        ignored: true,
        is_dump: true,
        ..File::at(path)
    }
}

fn left_out(path: &str, counts: &BTreeMap<&'static str, usize>) -> Option<Unread> {
    let all: usize = counts.values().sum();
    let platforms: Vec<&str> = counts.keys().copied().collect();
    let variables = if all == 1 { "variable" } else { "variables" };
    (all > 0).then(|| Unread {
        path: path.to_owned(),
        reason: format!(
            "{all} {variables} that the platform sets itself ({})",
            platforms.join(", ")
        ),
    })
}
