//! What a called workflow learns: one fact of a job for each environment it is called for, and the environment of what it
//! binds and runs where that is only one.

use std::collections::HashMap;
use std::mem;
use std::ops::Range;

use crate::model::finding::Via;
use crate::model::schema::workflow_job;
use crate::model::{Document, Env, Fact, Kind, Str};
use crate::value::Lexicon;

use super::jobs::Job;
use super::places::{Way, Ways, name};
use super::{Calls, only_called};

/// Where a call stands, and who it is.
struct Place {
    via: Via,
    by: Str,
}

/// What becomes of the facts of jobs, by their index.
type Copies = HashMap<usize, Vec<Fact>>;

pub(super) fn tell(
    documents: &mut [Document],
    callee: usize,
    jobs: &[Job],
    ways: &[Ways],
    calls: &Calls,
    lexicon: &Lexicon,
) {
    let places: Vec<Option<Place>> = places(documents, calls);
    let Some(document) = documents.get_mut(callee) else {
        return;
    };
    let only = only_called(document);
    let mut copies = Copies::new();
    for (job, ways) in jobs.iter().zip(ways) {
        let distinct = ways.distinct();
        let Some((at, first)) = job.facts.first().zip(distinct.first()) else {
            continue;
        };
        let sure = only && ways.are_all_known();
        if let Some(env) = ways.env().filter(|_| sure) {
            let reason = reason(first, &places, lexicon);
            stamp(document, *at..job.end, env, &reason);
        }
        if let Some(own) = document.facts.get(*at) {
            let each = distinct.iter();
            let mut all: Vec<Fact> = each.map(|way| copy(own, way, &places, lexicon)).collect();
            all.extend((!sure).then(|| own.clone()));
            copies.insert(*at, all);
        }
    }
    if only && !copies.is_empty() {
        shared(document, &copies, jobs);
    }
    let facts = mem::take(&mut document.facts).into_iter().enumerate();
    document.facts = facts
        .flat_map(|(at, fact)| copies.remove(&at).unwrap_or_else(|| vec![fact]))
        .collect();
}

fn places(documents: &[Document], calls: &Calls) -> Vec<Option<Place>> {
    let place = |call: &super::Call| {
        let file = &documents.get(call.caller)?.file;
        Some(Place {
            via: Via {
                file: file.clone(),
                span: call.span,
                text: Str::from("called here"),
            },
            by: file.path.clone(),
        })
    };
    calls.calls.iter().map(place).collect()
}

fn reason(way: &Way, places: &[Option<Place>], lexicon: &Lexicon) -> String {
    let place = places.get(way.via).and_then(Option::as_ref);
    let by = place.map_or("", |place| &place.by);
    format!("{by} calls it for {}", name(way.env, lexicon))
}

/// The fact of a job as it is called in one way.
fn copy(own: &Fact, way: &Way, places: &[Option<Place>], lexicon: &Lexicon) -> Fact {
    let mut fact = own.clone();
    fact.env = way.env;
    if way.env.is_some() {
        fact.env_reason = Str::from(reason(way, places, lexicon));
    }
    if let Some(name) = &way.name {
        fact.set(workflow_job::ENVIRONMENT, name.as_str().into());
    }
    let place = places.get(way.via).and_then(Option::as_ref);
    fact.via.extend(place.map(|place| place.via.clone()));
    fact
}

/// What is bound for all jobs of a called workflow holds in the one environment that all of them have.
fn shared(document: &mut Document, copies: &Copies, jobs: &[Job]) {
    let facts = |job: &Job| -> Vec<(Option<Env>, Str)> {
        let place = |fact: &Fact| (fact.env, fact.env_reason.clone());
        let told = job.facts.iter().filter_map(|at| copies.get(at));
        let told: Vec<_> = told.flatten().map(place).collect();
        if told.is_empty() {
            let own = job.facts.iter().filter_map(|at| document.facts.get(*at));
            return own.map(place).collect();
        }
        told
    };
    let places: Vec<(Option<Env>, Str)> = jobs.iter().flat_map(facts).collect();
    let first = jobs.first().and_then(|job| job.facts.first()).copied();
    if let Some(((Some(env), reason), end)) = places.first().cloned().zip(first)
        && places.iter().all(|(other, _)| *other == Some(env))
    {
        stamp(document, 0..end, env, &reason);
    }
}

/// Gives an environment to what has none: variables, secrets, commands and files. Where containers stand beside a job,
/// its variables may be theirs.
pub(super) fn stamp(document: &mut Document, range: Range<usize>, env: Env, reason: &str) {
    let Some(facts) = document.facts.get_mut(range) else {
        return;
    };
    let containers = facts.iter().any(|fact| fact.kind == Kind::image);
    for fact in facts.iter_mut().filter(|fact| fact.env.is_none()) {
        let holds = match fact.kind {
            Kind::var => !containers,
            Kind::command
            | Kind::workflow_secret
            | Kind::workflow_artifact
            | Kind::workflow_call
            | Kind::file_write => true,
            _ => false,
        };
        if holds {
            fact.env = Some(env);
            fact.env_reason = Str::from(reason);
        }
    }
}
