//! Workflows and composite actions that other workflows of the repository use. Each file was read alone; here both sides
//! meet: what is called gets the environments of its callers where they are certain, and a caller is judged by what it
//! calls. What is called from elsewhere, in a circle, or with something that only a run can tell stays unknown.

mod callees;
mod callers;
mod extends;
mod included;
mod jobs;
mod order;
mod places;

pub use included::included;

use std::collections::{BTreeMap, HashMap};

use crate::model::schema::{workflow_call, workflow_job};
use crate::model::{Document, Fact, Kind, Span};
use crate::syntax::shell;
use crate::value::{Lexicon, delivery};

/// Above this many calls nothing is joined: the files are generated, or hostile.
const MOST: usize = 2000;

/// One use of a workflow or an action.
#[derive(Debug)]
struct Call {
    caller: usize,
    job: String,
    callee: usize,
    /// The bytes that name it.
    span: Span,
    /// What each input can be; nothing where that is not known. Names in small letters.
    inputs: BTreeMap<String, Vec<String>>,
}

/// All calls, and the order in which a caller comes before what it calls. What calls itself is in no order.
#[derive(Debug, Default)]
struct Calls {
    calls: Vec<Call>,
    callers_first: Vec<usize>,
}

impl Calls {
    fn of_callee(&self, callee: usize) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.callee == callee)
    }

    fn of_job(&self, caller: usize, job: &str) -> impl Iterator<Item = &Call> {
        let of = move |call: &&Call| call.caller == caller && call.job == job;
        self.calls.iter().filter(of)
    }
}

pub fn join(documents: &mut [Document], lexicon: &Lexicon) {
    extends::fill(documents, lexicon);
    let calls = gather(documents);
    if calls.calls.is_empty() {
        return;
    }
    order::deploying(documents, &calls);
    places::receive(documents, &calls, lexicon);
    order::gates(documents, &calls, lexicon);
}

fn gather(documents: &[Document]) -> Calls {
    let workflows = documents
        .iter()
        .enumerate()
        .filter(|(_, document)| document.file.format == "workflow");
    let by_path: HashMap<&str, usize> = workflows
        .clone()
        .map(|(at, document)| (called_as(&document.file.path), at))
        .collect();
    let mut calls: Vec<Call> = Vec::new();
    for (at, document) in workflows {
        of_document(at, document, &by_path, &mut calls);
    }
    if calls.len() >= MOST {
        return Calls::default();
    }
    let callers_first = callers_first(&calls);
    Calls {
        calls,
        callers_first,
    }
}

/// The inputs of a call are the facts that follow it.
fn of_document(
    at: usize,
    document: &Document,
    by_path: &HashMap<&str, usize>,
    calls: &mut Vec<Call>,
) {
    let mut open = false;
    for fact in &document.facts {
        if fact.kind != Kind::workflow_call {
            continue;
        }
        if fact.get(workflow_call::INPUT).is_absent() {
            let callee = by_path.get(fact.text(workflow_call::CALLS));
            open = callee.is_some() && calls.len() < MOST;
            calls.extend(callee.filter(|_| open).map(|callee| Call {
                caller: at,
                job: fact.text(workflow_call::JOB).to_owned(),
                callee: *callee,
                span: fact.span,
                inputs: BTreeMap::new(),
            }));
        } else if let Some(call) = calls.last_mut().filter(|_| open) {
            let name = fact.text(workflow_call::INPUT).to_ascii_lowercase();
            let value = fact.get(workflow_call::VALUE).text();
            let known = call.inputs.entry(name).or_default();
            known.extend(value.map(str::to_owned));
        }
    }
}

/// A composite action is called by its folder.
fn called_as(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((folder, "action.yml" | "action.yaml")) => folder,
        _ => path,
    }
}

/// The documents that call or are called, callers before callees.
fn callers_first(calls: &[Call]) -> Vec<usize> {
    let mut callers: BTreeMap<usize, usize> = BTreeMap::new();
    let mut callees: HashMap<usize, Vec<usize>> = HashMap::new();
    for call in calls {
        callers.entry(call.caller).or_default();
        *callers.entry(call.callee).or_default() += 1;
        callees.entry(call.caller).or_default().push(call.callee);
    }
    let mut sorted: Vec<usize> = callers
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(at, _)| *at)
        .collect();
    let mut next = 0;
    while let Some(at) = sorted.get(next).copied() {
        next += 1;
        for callee in callees.get(&at).into_iter().flatten() {
            let Some(count) = callers.get_mut(callee) else {
                continue;
            };
            *count -= 1;
            if *count == 0 {
                sorted.push(*callee);
            }
        }
    }
    sorted
}

/// Every event that starts some job of a workflow.
fn events(document: &Document) -> Vec<&str> {
    let jobs = document
        .facts
        .iter()
        .filter(|fact| fact.kind == Kind::workflow_job);
    jobs.flat_map(|fact| list(fact, workflow_job::TRIGGERS))
        .collect()
}

/// Nothing but other workflows starts it.
fn only_called(document: &Document) -> bool {
    let events = events(document);
    !events.is_empty() && events.iter().all(|event| *event == "workflow_call")
}

fn list(fact: &Fact, field: crate::model::Field) -> Vec<&str> {
    match fact.get(field) {
        crate::model::Val::List(items) => items.iter().map(|item| &**item).collect(),
        _ => Vec::new(),
    }
}

/// Whether a command of an action runs tests.
fn action_tests(document: &Document) -> bool {
    let commands = document
        .facts
        .iter()
        .filter(|fact| fact.kind == Kind::command);
    commands
        .map(|fact| fact.text(crate::model::schema::command::TEXT))
        .any(|text| {
            shell::parse(text).iter().any(|command| {
                let from = command.program().unwrap_or(command.words.len());
                let words = command.words.iter().skip(from);
                let words: Vec<&str> = words.map(|word| word.text.as_str()).collect();
                delivery::tests(&words)
            })
        })
}
