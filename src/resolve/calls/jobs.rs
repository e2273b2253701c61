//! The jobs of one workflow, as its facts tell them: one job has a fact for each environment it can run for.

use std::collections::HashMap;

use crate::model::schema::{workflow_call, workflow_job};
use crate::model::{Document, Kind, Val};
use crate::value::delivery;

use super::list;

/// A job, and where its facts stand among those of the document.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) id: String,
    /// Its own facts.
    pub(super) facts: Vec<usize>,
    /// Everything from its first fact up to the next job.
    pub(super) end: usize,
    pub(super) needs: Vec<String>,
    pub(super) guarded: bool,
    pub(super) deploys: bool,
    /// It, or its name, tests.
    pub(super) tests: bool,
    pub(super) runs_tests: bool,
    pub(super) calls: bool,
    /// How much of the repository it and its steps use, found or not.
    pub(super) uses: usize,
}

pub(super) fn of(document: &Document) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    for (at, fact) in document.facts.iter().enumerate() {
        let uses = fact.kind == Kind::workflow_call && fact.get(workflow_call::INPUT).is_absent();
        if let Some(last) = jobs.last_mut().filter(|_| uses) {
            last.uses += 1;
        }
        if fact.kind != Kind::workflow_job {
            continue;
        }
        let id = fact.text(workflow_job::ID);
        let deploys = fact.get(workflow_job::DEPLOYS) == Val::Bool(true);
        if let Some(last) = jobs.last_mut() {
            if last.id == id {
                last.facts.push(at);
                continue;
            }
            last.end = at;
        }
        let runs_tests = fact.get(workflow_job::RUNS_TESTS) == Val::Bool(true);
        let needs = list(fact, workflow_job::NEEDS);
        jobs.push(Job {
            id: id.to_owned(),
            facts: vec![at],
            end: document.facts.len(),
            needs: needs.into_iter().map(str::to_owned).collect(),
            guarded: !fact.get(workflow_job::GUARD).is_absent(),
            deploys,
            tests: runs_tests || delivery::name_tests(id),
            runs_tests,
            calls: !fact.get(workflow_job::CALLS).is_absent(),
            uses: 0,
        });
    }
    jobs
}

/// For each job itself and all that it waits for; `None` where some of them are not in the file.
pub(super) fn before(jobs: &[Job]) -> Vec<Option<Vec<usize>>> {
    let by_id: HashMap<&str, usize> = jobs
        .iter()
        .enumerate()
        .map(|(at, job)| (job.id.as_str(), at))
        .collect();
    (0..jobs.len())
        .map(|at| closure(at, jobs, &by_id))
        .collect()
}

fn closure(at: usize, jobs: &[Job], by_id: &HashMap<&str, usize>) -> Option<Vec<usize>> {
    let mut found = vec![at];
    let mut seen = vec![false; jobs.len()];
    let mut next = 0;
    while let Some(job) = found.get(next).and_then(|at| jobs.get(*at)) {
        next += 1;
        for need in &job.needs {
            let need = *by_id.get(need.as_str())?;
            if let Some(seen) = seen.get_mut(need).filter(|seen| !**seen && need != at) {
                *seen = true;
                found.push(need);
            }
        }
    }
    Some(found)
}
