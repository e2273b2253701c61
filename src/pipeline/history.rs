//! What older commits carried, as facts: credentials and env files that stand in the tree no more, and how old those are
//! that do. Only where somebody asked for it; never a value.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::reading::document_of;
use super::{From, Request};
use crate::classify::Classifier;
use crate::config::Config;
use crate::config::date::Date;
use crate::format;
use crate::model::file::Nature;
use crate::model::schema::{history, var};
use crate::model::settled::Unread;
use crate::model::tree::Entry;
use crate::model::{Document, Fact, File, Lines, Role, Secret, Span, Str, Val, Value};
use crate::policy::spec::Earlier;
use crate::resolve::Resolved;
use crate::source::{self, Moment, Opened, Past, SourceError, Version};
use crate::value::Lexicon;

/// The past of the tree a run looks at; `None` where it has none or nobody asked.
pub(super) fn past(
    request: &Request,
    opened: &Opened,
    config: &Config,
) -> Result<Option<Past>, SourceError> {
    let past = |dir, rev| source::past(dir, rev, holds_settings, config.max_file_size).map(Some);
    match &request.from {
        _ if !request.history => Ok(None),
        From::Revision { repo, rev } => past(repo.as_deref(), rev),
        From::Paths(_) => past(opened.root.as_deref(), "HEAD"),
        From::Texts { earlier, .. } => Ok(Some(written(earlier))),
        From::Stdin { .. } | From::Staged { .. } | From::Range { .. } | From::Dumps { .. } => {
            Ok(None)
        }
    }
}

/// Only files that hold values are read: what a script or a program said once is told by no finding.
fn holds_settings(path: &str) -> bool {
    format::claims(path).any(|(format, _)| format.nature == Nature::Settings)
}

/// The commits of an example: one each day that is named, each told by a number.
fn written(earlier: &[Earlier]) -> Past {
    let mut past = Past::default();
    for (number, commit) in earlier.iter().enumerate() {
        let moment = Moment {
            time: Date::parse(&commit.day).map_or(0, Date::unix),
            commit: Str::from(format!("{:012}", number + 1)),
        };
        past.versions
            .extend(commit.files.iter().map(|(path, text)| Version {
                path: Str::clone(path),
                text: Str::clone(text),
                commits: vec![moment.clone()],
            }));
    }
    past
}

/// What the facts of history stand on.
pub(super) struct Ground<'a> {
    pub opened: &'a Opened,
    pub config: &'a Config,
    pub lexicon: &'a Lexicon,
    pub today: Date,
}

/// Adds those facts to what is known, and a document for each file that is gone.
pub(super) fn add(past: &Past, ground: &Ground<'_>, resolved: &mut Resolved) {
    let facts = facts(past, ground, &resolved.facts);
    let gone = gone(&facts, &resolved.documents);
    resolved.documents.extend(gone);
    resolved.facts.extend(facts);
}

/// Those facts; `now` are those of the tree as it stands.
fn facts(past: &Past, ground: &Ground<'_>, now: &[Fact]) -> Vec<Fact> {
    let traces = Traces::of(past, ground);
    let mut told = Vec::new();
    let mut still: BTreeSet<(&str, &str)> = BTreeSet::new();
    for fact in now.iter().filter(|fact| fact.layer.is("written")) {
        if let Some((name, value)) = credential(fact).filter(|_| fact.file.tracked) {
            still.insert((&fact.file.path, name));
            // What no commit holds yet has no age.
            let first = traces.first.get(&(Str::from(name), value.clone()));
            told.extend(first.map(|first| {
                let there = traces.of_name(&fact.file.path, name);
                let commits = there.map(Trace::commits).unwrap_or_default();
                let one = standing(fact, name);
                dated(one, first, &commits, past, ground.today)
            }));
        }
    }
    for trace in traces.gone(&still, ground.opened) {
        let commits = trace.commits();
        told.extend(
            commits
                .first()
                .map(|first| dated(trace.fact(), first, &commits, past, ground.today)),
        );
    }
    told
}

/// The fact of a credential that the tree still holds, in its place.
fn standing(fact: &Fact, name: &str) -> Fact {
    let mut one = Fact::new(history::KIND, &fact.file, fact.key, fact.span)
        .with(history::WHAT, Value::Word("secret"))
        .with(history::NAME, name)
        .with(history::PRESENT, true);
    one.env = fact.env;
    one.env_reason = Str::clone(&fact.env_reason);
    one
}

/// A document without text for each file that is gone, so that its facts have a place.
fn gone(facts: &[Fact], documents: &[Document]) -> Vec<Document> {
    let there: BTreeSet<&str> = documents.iter().map(|one| &*one.file.path).collect();
    let mut files: BTreeMap<&str, (&Arc<File>, Vec<Fact>)> = BTreeMap::new();
    for fact in facts
        .iter()
        .filter(|fact| !there.contains(&*fact.file.path))
    {
        let (_, facts) = files
            .entry(&fact.file.path)
            .or_insert((&fact.file, Vec::new()));
        facts.push(fact.clone());
    }
    let documents = files.into_values().map(|(file, facts)| Document {
        file: Arc::clone(file),
        text: Str::from(""),
        lines: Arc::new(Lines::of("")),
        facts,
        problems: Vec::new(),
    });
    documents.collect()
}

/// What could not be looked at, told like a file that was not read.
pub(super) fn left_out(past: &Past) -> Vec<Unread> {
    let told = |reason: String| Unread {
        path: "older commits".to_owned(),
        reason,
    };
    let cut = past.is_cut.then(|| {
        told("not in this shallow clone; `git fetch --unshallow` brings them, ages are at least those told".to_owned())
    });
    let unread = (past.unread > 0).then(|| {
        told(format!(
            "{} contents are not here, as in a partial clone",
            past.unread
        ))
    });
    cut.into_iter().chain(unread).collect()
}

/// The fact with since when it holds, and by which commits.
fn dated(fact: Fact, first: &Moment, commits: &[Moment], past: &Past, today: Date) -> Fact {
    let day = Date::of_unix(first.time);
    let ids = commits.iter().map(|moment| Str::clone(&moment.commit));
    fact.with(history::COMMIT, Value::Str(Str::clone(&first.commit)))
        .with(history::COMMITS, Value::List(ids.collect()))
        .with(history::SINCE, Value::Str(Str::from(day.to_string())))
        .with(history::AGE_DAYS, Value::Int(today.days_since(day).max(0)))
        .with(history::CUT, Value::Bool(past.is_cut))
}

/// The name and value of a variable that holds a literal credential of a real file.
fn credential(fact: &Fact) -> Option<(&str, &Secret)> {
    const NONE: [&str; 6] = [
        "reference",
        "empty",
        "marker",
        "encrypted",
        "default_value",
        "bool",
    ];
    if fact.kind != var::KIND
        || fact.file.role != Role::Real
        || fact.get(var::SENSITIVE) != Val::Bool(true)
        || fact.get(var::ORIGIN) != Val::Word("value")
        || fact
            .get(var::VALUE_KIND)
            .text()
            .is_none_or(|kind| NONE.contains(&kind))
    {
        return None;
    }
    match (fact.get(var::NAME), fact.get(var::VALUE)) {
        (Val::Str(name), Val::Secret(value)) => Some((name, value)),
        _ => None,
    }
}

/// A variable of a path, or an env file as a whole, over all commits.
struct Trace {
    file: Arc<File>,
    name: Option<Str>,
    moments: BTreeSet<Moment>,
}

impl Trace {
    /// That it is in the tree no more.
    fn fact(&self) -> Fact {
        let what = self.name.as_ref().map_or("file", |_| "secret");
        let mut one = Fact::new(history::KIND, &self.file, Span::default(), Span::default())
            .with(history::WHAT, Value::Word(what))
            .with(history::PRESENT, false);
        if let Some(name) = &self.name {
            one.set(history::NAME, Value::Str(Str::clone(name)));
        }
        one
    }

    fn commits(&self) -> Vec<Moment> {
        self.moments.iter().cloned().collect()
    }
}

#[derive(Default)]
struct Traces {
    /// By path and name; of no name where it is the file itself.
    all: BTreeMap<(Str, Option<Str>), Trace>,
    /// When a value first stood anywhere under a name: moving a line makes no secret younger.
    first: HashMap<(Str, Secret), Moment>,
}

impl Traces {
    fn of(past: &Past, ground: &Ground<'_>) -> Self {
        let entries: Vec<Entry> = past.versions.iter().map(|one| entry(&one.path)).collect();
        let config = ground.config;
        let classifier = Classifier::new(ground.lexicon, &entries, &config.projects);
        let read = |(version, entry): (&Version, &Entry)| {
            let tree = &ground.opened.snapshot;
            let excluded = tree.excludes(&entry.path);
            let read = || document_of(entry, &version.text, tree, &classifier, ground.lexicon);
            (!excluded).then(read).flatten()
        };
        let read: Vec<Option<Document>> =
            past.versions.par_iter().zip(&entries).map(read).collect();
        let mut traces = Self::default();
        for (version, document) in past.versions.iter().zip(read) {
            if let Some(document) = document {
                traces.add(version, &document);
            }
        }
        traces
    }

    fn add(&mut self, version: &Version, document: &Document) {
        let file = &document.file;
        let mut holds_something = false;
        for fact in &document.facts {
            holds_something |= fact.kind == var::KIND
                && fact
                    .get(var::VALUE_KIND)
                    .text()
                    .is_some_and(|kind| kind != "empty");
            let Some((name, value)) = credential(fact) else {
                continue;
            };
            let name = Str::from(name);
            self.trace(file, Some(Str::clone(&name)), &version.commits);
            if let Some(moment) = version.commits.first() {
                let first = self.first.entry((name, value.clone()));
                let first = first.or_insert_with(|| moment.clone());
                if moment < first {
                    first.clone_from(moment);
                }
            }
        }
        if holds_something && file.format == "dotenv" && file.role == Role::Real {
            self.trace(file, None, &version.commits);
        }
    }

    fn trace(&mut self, file: &Arc<File>, name: Option<Str>, commits: &[Moment]) {
        let key = (Str::clone(&file.path), name.clone());
        let trace = self.all.entry(key).or_insert_with(|| Trace {
            file: Arc::clone(file),
            name,
            moments: BTreeSet::new(),
        });
        trace.moments.extend(commits.iter().cloned());
    }

    fn of_name(&self, path: &str, name: &str) -> Option<&Trace> {
        self.all.get(&(Str::from(path), Some(Str::from(name))))
    }

    /// What stands in the tree no more.
    fn gone<'a>(
        &'a self,
        still: &'a BTreeSet<(&str, &str)>,
        opened: &'a Opened,
    ) -> impl Iterator<Item = &'a Trace> {
        self.all.values().filter(move |trace| match &trace.name {
            Some(name) => !still.contains(&(&*trace.file.path, &**name)),
            None => !is_tracked(opened, &trace.file.path),
        })
    }
}

fn is_tracked(opened: &Opened, path: &str) -> bool {
    use crate::model::Tree;
    let entries = opened.snapshot.entries();
    let found = entries.binary_search_by(|entry| entry.path.as_ref().cmp(path));
    found.is_ok_and(|at| entries.get(at).is_some_and(|entry| entry.tracked))
}

fn entry(path: &Str) -> Entry {
    Entry {
        path: Str::clone(path),
        tracked: true,
        ignored: false,
    }
}
