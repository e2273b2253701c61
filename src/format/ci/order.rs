//! What comes before a job: the jobs it needs, theirs, and what these do.

use std::collections::HashMap;

use crate::model::Env;
use crate::value::delivery;

use super::place::{self, Place};
use super::{Input, Job, Pipeline};

/// Above this many jobs nothing is said about their order: the file is generated, or hostile.
const MOST: usize = 400;

/// Which jobs come before which.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// For each job itself and all that it waits for.
    closures: Vec<Vec<usize>>,
    /// Some needed job is not in the file.
    open: bool,
}

impl Graph {
    pub(super) fn of(pipeline: &Pipeline) -> Self {
        let jobs = &pipeline.jobs;
        if jobs.len() > MOST {
            let closures = (0..jobs.len()).map(|at| vec![at]).collect();
            return Self {
                closures,
                open: true,
            };
        }
        let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, job) in jobs.iter().enumerate() {
            by_id.entry(job.id).or_default().push(at);
        }
        // Where a name is used again, the nearest one before is meant.
        let find = |at: usize, name: &str| {
            let all = by_id.get(name)?;
            let before = all.iter().rev().find(|other| **other < at);
            before.or_else(|| all.last()).copied()
        };
        let named = |(at, job): (usize, &Job)| -> Vec<Option<usize>> {
            let needs = job.needs.iter().chain(&job.behind);
            needs.map(|need| find(at, need)).collect()
        };
        let needs: Vec<Vec<Option<usize>>> = jobs.iter().enumerate().map(named).collect();
        let open = needs.iter().flatten().any(Option::is_none);
        let closures = (0..jobs.len()).map(|at| closure(at, &needs)).collect();
        Self { closures, open }
    }

    /// The job itself and everything it waits for.
    pub(super) fn before(&self, at: usize) -> &[usize] {
        self.closures.get(at).map_or(&[], Vec::as_slice)
    }
}

fn closure(at: usize, needs: &[Vec<Option<usize>>]) -> Vec<usize> {
    let mut seen = vec![false; needs.len()];
    let mut found = vec![at];
    let mut next = 0;
    while let Some(job) = found.get(next).copied() {
        next += 1;
        for need in needs.get(job).into_iter().flatten().flatten() {
            if let Some(seen) = seen.get_mut(*need).filter(|seen| !**seen && *need != at) {
                *seen = true;
                found.push(*need);
            }
        }
    }
    found
}

/// What stands before a job.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Itself or some job before it runs tests; `None` where that may happen elsewhere.
    pub(super) gated: Option<bool>,
    /// Another job runs tests at the same time, and nobody waits for it.
    pub(super) beside: bool,
    /// Names of the environments deployed before.
    pub(super) after: Vec<String>,
}

pub(super) fn of(
    at: usize,
    pipeline: &Pipeline,
    places: &[Place],
    graph: &Graph,
    input: &Input,
) -> Order {
    let before = graph.before(at);
    let gated = gated(before, pipeline, places, graph);
    let beside = gated == Some(false)
        && pipeline.jobs.iter().enumerate().any(|(other, job)| {
            let runs = places
                .get(other)
                .is_some_and(|place| place.tests && !place.deploys);
            runs && !before.contains(&other)
                && !graph.before(other).contains(&at)
                && pipeline
                    .jobs
                    .get(at)
                    .is_some_and(|own| meet(own, job, pipeline))
        });
    let mut envs: Vec<Env> = Vec::new();
    for need in before.iter().filter(|need| **need != at) {
        let (Some(place), Some(job)) = (places.get(*need), pipeline.jobs.get(*need)) else {
            continue;
        };
        if place.deploys {
            let targets = job.targets.iter().map(Some).chain([None]);
            envs.extend(targets.filter_map(|target| place::of_target(input, place, target).env));
        }
    }
    envs.sort_unstable();
    envs.dedup();
    let name = |env: &Env| input.lexicon.environments.name(*env).to_owned();
    Order {
        gated,
        beside,
        after: envs.iter().map(name).collect(),
    }
}

fn gated(before: &[usize], pipeline: &Pipeline, places: &[Place], graph: &Graph) -> Option<bool> {
    let jobs = || before.iter().filter_map(|at| pipeline.jobs.get(*at));
    let runs = before
        .iter()
        .any(|at| places.get(*at).is_some_and(|place| place.tests));
    let named = || {
        jobs().any(|job| {
            [Some(job.id), job.name]
                .into_iter()
                .flatten()
                .any(delivery::name_tests)
        })
    };
    if runs || named() {
        return Some(true);
    }
    let local = |job: &Job| {
        let mut actions = job.steps.iter().filter_map(|step| step.action);
        job.calls.is_some() || actions.any(|action| action.starts_with("./"))
    };
    let elsewhere = pipeline.called || graph.open || jobs().any(local);
    (!elsewhere).then_some(false)
}

/// Both jobs are part of one run at times.
fn meet(one: &Job, other: &Job, pipeline: &Pipeline) -> bool {
    place::reach(one, None, pipeline).meets(&place::reach(other, None, pipeline))
}
