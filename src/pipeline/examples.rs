//! The examples of policies, run on the same stages as a real tree.

use std::sync::Arc;
use std::time::Instant;

use super::again::Other;
use super::{ConfigFrom, Error, From, Request, Understood, ground, understood_by};
use crate::config::Config;
use crate::config::date::Date;
use crate::model::settled::Settled;
use crate::model::{Document, Environments, File, Span, Str};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::example::{self, Bench, Judged, Repo, Tested};
use crate::policy::param::Piece;
use crate::policy::spec::{Earlier, Example};
use crate::policy::{self, Demands, Policy, Spec};
use crate::settle::{self, Scrubber};
use crate::syntax::{node::Value, yaml};
use crate::value::vendor::fake;

/// Tries every example of one policy; `specs` are all policies, for matrix rows that name one. Examples without a
/// configuration of their own are read under `words`.
pub fn test(spec: &Spec, specs: &[Spec], words: Option<&Piece>) -> Tested {
    let read = |repo: &Repo<'_>| judged(repo, words);
    let bench = Bench {
        read: &read,
        fake: &fake::of,
    };
    let mut tested = example::test(spec, specs, &bench);
    if tested.found.iter().any(|one| !one.notes.is_empty()) {
        masked(&mut tested, spec, words);
    }
    tested
}

/// Notes show fields of facts, and a command line may hold a password.
fn masked(tested: &mut Tested, spec: &Spec, words: Option<&Piece>) {
    let mut facts = Vec::new();
    for example in &spec.examples {
        let files = example::filled(spec, example, &fake::of).unwrap_or_default();
        let earlier = example::filled_earlier(spec, example, &fake::of).unwrap_or_default();
        let own = spec.config_of(example);
        let config = own.as_ref().or(words);
        let nobody = |_: &Environments| None;
        let untracked = example.untracked.clone();
        if let Ok(understood) = read(files, untracked, earlier, config, &nobody) {
            facts.extend(understood.resolved.facts);
        }
    }
    let scrubber = Scrubber::of(&facts);
    for note in tested.found.iter_mut().flat_map(|one| &mut one.notes) {
        *note = scrubber.text(note);
    }
}

/// What a repository says of its environments, vendors and placeholders: it holds in the examples of its own policies,
/// which would not know their own words otherwise.
pub fn words(config: &Config) -> Option<Piece> {
    let source = config.source.as_ref()?;
    let mut root = yaml::parse(&source.text).documents.into_iter().next()?;
    let Value::Map(entries) = &mut root.value else {
        return None;
    };
    entries.retain(|entry| entry.key.text().is_some_and(|key| WORDS.contains(&key)));
    Some(Piece {
        source: Arc::clone(source),
        node: root,
    })
}

/// The day on which examples play: 2026-01-01. What they show must not change with the calendar.
const EXAMPLES: i64 = 1_767_225_600;

const WORDS: [&str; 4] = ["environments", "groups", "vendors", "placeholders"];

/// What one example's findings look like in a report. Its made-up keys are masked like any others.
pub fn show(
    spec: &Spec,
    specs: &[Spec],
    example: &Example,
    words: Option<&Piece>,
) -> Result<Settled, Vec<Diagnostic>> {
    let files = example::filled(spec, example, &fake::of)?;
    let own = spec.config_of(example);
    let policy =
        |environments: &Environments| example::compiled(spec, specs, example, environments).ok();
    let earlier = example::filled_earlier(spec, example, &fake::of)?;
    let config = own.as_ref().or(words);
    let understood = read(files, example.untracked.clone(), earlier, config, &policy)?;
    let environments = &understood.lexicon.environments;
    let policy = example::compiled(spec, specs, example, environments)?;
    let documents = &understood.resolved.documents;
    let line_of = |file: &File, span: Span| line(documents, file, span);
    let input = policy::Input {
        line_of: Some(&line_of),
        ..policy::Input::new(&understood.resolved.facts, environments)
    };
    let findings = policy::evaluate(&[policy], &input).findings;
    let run = settle::Run {
        documents,
        facts: &understood.resolved.facts,
        environments,
        policies: 1,
        idle: 0,
        cards: &[],
        problems: Vec::new(),
        skipped: Vec::new(),
    };
    let options = settle::Options {
        root: &understood.opened.root_name,
        focus: &|_| true,
        new_anywhere: false,
        fail_on: None,
        all: true,
        shown_only: false,
        allowances: &[],
        known: &|_| false,
        void: &[],
    };
    Ok(settle::settle(findings, &run, &options))
}

fn line(documents: &[Document], file: &File, span: Span) -> Option<u32> {
    let document = documents.iter().find(|one| one.file.path == file.path)?;
    Some(document.lines.line(span.start))
}

fn judged(repo: &Repo<'_>, words: Option<&Piece>) -> Result<Judged, Vec<Diagnostic>> {
    let config = repo.config.or(words);
    let (files, untracked) = (repo.files.to_vec(), repo.untracked.to_vec());
    let understood = read(files, untracked, repo.earlier.to_vec(), config, repo.policy)?;
    Ok(Judged {
        facts: understood.resolved.facts,
        environments: understood.lexicon.environments,
    })
}

fn read(
    files: Vec<(Str, Str)>,
    untracked: Vec<Str>,
    earlier: Vec<Earlier>,
    config: Option<&Piece>,
    policy: &dyn Fn(&Environments) -> Option<Policy>,
) -> Result<Understood, Vec<Diagnostic>> {
    let request = Request {
        history: !earlier.is_empty(),
        from: From::Texts {
            files,
            untracked,
            earlier,
        },
        config: config.map_or(ConfigFrom::Tree, |piece| ConfigFrom::Piece(piece.clone())),
        exclude: Vec::new(),
        include_ignored: true,
        today: Date::of_unix(EXAMPLES),
    };
    let started = Instant::now();
    let grounds = ground(&request).map_err(|error| match error {
        Error::Written(found) => found,
        // A tree in memory can always be opened.
        _ => Vec::new(),
    })?;
    let policies = policy(&grounds.config.environments).into_iter().collect();
    Ok(understood_by(
        &request,
        grounds,
        started,
        Ok(policies),
        &|policies| Demands::of(policies, &[]).anywhere(),
        Other::None,
    ))
}
