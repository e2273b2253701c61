//! What comes before a job, now that it is known what jobs call: tests in a called workflow count as the caller's, and
//! the tests of a caller for what it calls.

use std::collections::HashMap;

use crate::model::schema::workflow_job;
use crate::model::{Document, Fact, Str, Val, Value};
use crate::value::Lexicon;

use super::jobs::{self, Job};
use super::{Call, Calls, action_tests, callers, events, list, only_called};

/// A job deploys where what it calls does so without a condition of its own.
pub(super) fn deploying(documents: &mut [Document], calls: &Calls) {
    for callee in calls.callers_first.iter().rev() {
        let Some(document) = documents.get(*callee) else {
            continue;
        };
        let deploys = jobs::of(document)
            .iter()
            .any(|job| job.deploys && !job.guarded);
        for call in calls.of_callee(*callee).filter(|_| deploys) {
            for fact in job_facts(documents, call) {
                fact.set(workflow_job::DEPLOYS, Value::Bool(true));
            }
        }
    }
}

fn job_facts<'d>(
    documents: &'d mut [Document],
    call: &'d Call,
) -> impl Iterator<Item = &'d mut Fact> {
    let facts = documents
        .get_mut(call.caller)
        .into_iter()
        .flat_map(|document| &mut document.facts);
    facts.filter(move |fact| {
        fact.kind == workflow_job::KIND && fact.text(workflow_job::ID) == call.job
    })
}

/// Whether tests run, as far as that is known.
type Tests = Option<bool>;

pub(super) fn gates(documents: &mut [Document], calls: &Calls, lexicon: &Lexicon) {
    let mut inside: HashMap<usize, Tests> = HashMap::new();
    for at in calls.callers_first.iter().rev() {
        if let Some(document) = documents.get(*at) {
            let found = tests_in(document, *at, calls, &inside);
            inside.insert(*at, found);
        }
    }
    let mut ahead: HashMap<(usize, String), Tests> = HashMap::new();
    for at in &calls.callers_first {
        let Some(document) = documents.get_mut(*at) else {
            continue;
        };
        let around = around(document, *at, calls, &ahead);
        let jobs = jobs::of(document);
        let before = jobs::before(&jobs);
        let file = Sight {
            at: *at,
            jobs: &jobs,
            before: &before,
            calls,
            inside: &inside,
        };
        for (index, job) in jobs.iter().enumerate() {
            let whole = file.gate(index, true);
            let without = or(file.gate(index, false), around);
            ahead.insert((*at, job.id.clone()), without);
            let gated = or(whole, around);
            for fact in &job.facts {
                if let Some(fact) = document.facts.get_mut(*fact) {
                    file.tell(fact, index, gated);
                }
            }
        }
        after(document, &file, lexicon);
        deployed_from(document, &file, lexicon);
    }
}

/// Whether some job of a file, or what it calls, runs tests.
fn tests_in(
    document: &Document,
    at: usize,
    calls: &Calls,
    inside: &HashMap<usize, Tests>,
) -> Tests {
    let jobs = jobs::of(document);
    if jobs.is_empty() {
        // What else its steps use is not told by facts.
        return action_tests(document).then_some(true);
    }
    let before: Vec<Option<Vec<usize>>> = (0..jobs.len()).map(|at| Some(vec![at])).collect();
    let file = Sight {
        at,
        jobs: &jobs,
        before: &before,
        calls,
        inside,
    };
    let each = (0..jobs.len()).map(|index| file.gate(index, true));
    each.reduce(or).flatten()
}

/// One of both is enough, and what is not known could be it.
fn or(one: Tests, other: Tests) -> Tests {
    match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// What comes before a whole file: tests in all that call it.
fn around(
    document: &Document,
    at: usize,
    calls: &Calls,
    ahead: &HashMap<(usize, String), Tests>,
) -> Tests {
    let events = events(document);
    let called = events.iter().any(|event| {
        matches!(
            *event,
            "workflow_call"
                | "workflow_run"
                | "repository_dispatch"
                | "deployment"
                | "deployment_status"
                | "check_suite"
        )
    });
    if !called && !events.is_empty() {
        return Some(false);
    }
    if !only_called(document) {
        return None;
    }
    let callers: Vec<Tests> = calls
        .of_callee(at)
        .map(|call| {
            ahead
                .get(&(call.caller, call.job.clone()))
                .copied()
                .flatten()
        })
        .collect();
    let all = !callers.is_empty() && callers.iter().all(|tests| *tests == Some(true));
    // That a caller does not test is told where it can be mended: at the caller.
    all.then_some(true)
}

/// One file with all that is known of what it calls.
struct Sight<'a> {
    at: usize,
    jobs: &'a [Job],
    before: &'a [Option<Vec<usize>>],
    calls: &'a Calls,
    inside: &'a HashMap<usize, Tests>,
}

impl Sight<'_> {
    /// Whether a job, or one that it waits for, runs tests; with what it calls itself or without.
    fn gate(&self, index: usize, called: bool) -> Tests {
        let before = self.before.get(index)?.as_deref()?;
        let jobs = before
            .iter()
            .filter_map(|at| self.jobs.get(*at).map(|job| (*at, job)));
        let each = jobs.map(|(at, job)| {
            if job.tests {
                Some(true)
            } else if called || at != index {
                self.called(job)
            } else {
                Some(false)
            }
        });
        each.reduce(or).flatten()
    }

    /// Whether what a job calls runs tests.
    fn called(&self, job: &Job) -> Tests {
        let calls = self.calls.of_job(self.at, &job.id);
        let known: Vec<Tests> = calls
            .map(|call| self.inside.get(&call.callee).copied().flatten())
            .collect();
        let elsewhere = known.len() < job.uses.max(usize::from(job.calls));
        let start = if elsewhere { None } else { Some(false) };
        known.into_iter().fold(start, or)
    }

    /// The word of the job's own file stands; where it had none, what is known now.
    fn tell(&self, fact: &mut Fact, index: usize, gated: Tests) {
        if !fact.get(workflow_job::GATED_BY_TESTS).is_absent() {
            return;
        }
        if let Some(gated) = gated {
            fact.set(workflow_job::GATED_BY_TESTS, Value::Bool(gated));
        }
        if gated == Some(false) && self.beside(index) {
            fact.set(workflow_job::TESTS_BESIDE, Value::Bool(true));
        }
    }

    /// A job that always runs when this one does, tests, and neither waits for the other.
    fn beside(&self, index: usize) -> bool {
        let waits = |one: usize, other: usize| {
            let before = self.before.get(one).and_then(Option::as_ref);
            before.is_none_or(|before| before.contains(&other))
        };
        self.jobs.iter().enumerate().any(|(other, job)| {
            let tests = job.runs_tests || self.called(job) == Some(true);
            tests && !job.deploys && !job.guarded && !waits(index, other) && !waits(other, index)
        })
    }
}

/// The environments that are deployed before each job.
fn after(document: &mut Document, file: &Sight, lexicon: &Lexicon) {
    let deployed: Vec<Vec<&str>> = file
        .jobs
        .iter()
        .map(|job| {
            let facts = job.facts.iter().filter_map(|at| document.facts.get(*at));
            let facts = facts.filter(|fact| fact.get(workflow_job::DEPLOYS) == Val::Bool(true));
            facts
                .filter_map(|fact| fact.env)
                .map(|env| lexicon.environments.name(env))
                .collect()
        })
        .collect();
    for (index, job) in file.jobs.iter().enumerate() {
        let before = file.before.get(index).into_iter().flatten().flatten();
        let found: Vec<&str> = before
            .filter(|at| **at != index)
            .filter_map(|at| deployed.get(*at))
            .flatten()
            .copied()
            .collect();
        for at in &job.facts {
            let Some(fact) = document.facts.get_mut(*at) else {
                continue;
            };
            let mut names: Vec<Str> = list(fact, workflow_job::AFTER)
                .into_iter()
                .map(Str::from)
                .collect();
            for name in &found {
                if !names.iter().any(|known| &**known == *name) {
                    names.push(Str::from(*name));
                }
            }
            fact.set(workflow_job::AFTER, Value::List(names.into()));
        }
    }
}

/// The branches of jobs that are known to deploy only now.
fn deployed_from(document: &mut Document, file: &Sight, lexicon: &Lexicon) {
    let told = |id: &str| {
        document.facts.iter().any(|fact| {
            fact.kind == crate::model::Kind::workflow_branch
                && fact.text(crate::model::schema::workflow_branch::JOB) == id
        })
    };
    let jobs = file
        .jobs
        .iter()
        .filter(|job| job.calls && job.deploys && !told(&job.id));
    let facts = jobs.flat_map(|job| &job.facts);
    let facts = facts.filter_map(|at| document.facts.get(*at));
    let found: Vec<Fact> = facts
        .flat_map(|fact| callers::branches(fact, lexicon))
        .collect();
    document.facts.extend(found);
}
