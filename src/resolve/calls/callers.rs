//! What a caller learns from what it calls: a job that calls a deployment deploys, and where it says nowhere to what, it
//! goes where all that it calls goes.

use crate::model::schema::{workflow_branch, workflow_call, workflow_job, workflow_secret};
use crate::model::{Document, Env, Fact, Kind, Str};
use crate::value::Lexicon;

use super::jobs::Job;
use super::places::{Ways, envs_of, name};
use super::{Call, list};

/// Tells the callers of one workflow.
pub(super) fn tell(
    documents: &mut [Document],
    jobs: &[Job],
    ways: &[Ways],
    callers: &[(usize, &Call)],
    lexicon: &Lexicon,
) {
    for (via, call) in callers {
        let (deploys, envs) = envs_of(documents, call);
        if !deploys || envs != [None] {
            continue;
        }
        let Some(callee) = documents.get(call.callee) else {
            continue;
        };
        let deploying = jobs.iter().zip(ways).filter(|(job, _)| job.deploys);
        let found: Vec<Option<Env>> = deploying
            .flat_map(|(job, ways)| deployed(callee, job, ways, *via))
            .collect();
        let first = found.first().copied().flatten();
        if let Some(env) = first.filter(|env| found.iter().all(|other| *other == Some(*env))) {
            let path = &callee.file.path;
            let reason = format!(
                "it calls {path}, which deploys {}",
                name(Some(env), lexicon)
            );
            settle(documents, call, env, &reason);
        }
    }
}

/// The environments that a called job deploys for one caller.
fn deployed(callee: &Document, job: &Job, ways: &Ways, via: usize) -> Vec<Option<Env>> {
    if ways.are_its_own() {
        let facts = job.facts.iter().filter_map(|at| callee.facts.get(*at));
        return facts.map(|fact| fact.env).collect();
    }
    ways.of(via)
}

fn settle(documents: &mut [Document], call: &Call, env: Env, reason: &str) {
    let Some(document) = documents.get_mut(call.caller) else {
        return;
    };
    for fact in &mut document.facts {
        let same = match fact.kind {
            Kind::workflow_job => fact.text(workflow_job::ID) == call.job,
            Kind::workflow_branch => fact.text(workflow_branch::JOB) == call.job,
            Kind::workflow_secret => fact.text(workflow_secret::JOB) == call.job,
            Kind::workflow_call => fact.text(workflow_call::JOB) == call.job,
            _ => false,
        };
        if same {
            fact.env = Some(env);
            fact.env_reason = Str::from(reason);
        }
    }
}

/// The branches and tags from which a job deploys that was not known to.
pub(super) fn branches(fact: &Fact, lexicon: &Lexicon) -> Vec<Fact> {
    let branch = |name: &&str, tag: bool| {
        let named = lexicon.words.named(name);
        let mut made = Fact::new(Kind::workflow_branch, &fact.file, fact.key, fact.span)
            .with(workflow_branch::JOB, fact.text(workflow_job::ID))
            .with(workflow_branch::REF, *name)
            .with(workflow_branch::TAG, tag)
            .with(workflow_branch::BRANCH_ENV, named);
        made.env = fact.env;
        made.env_reason = Str::clone(&fact.env_reason);
        made
    };
    let branches = list(fact, workflow_job::BRANCHES);
    let tags = list(fact, workflow_job::TAGS);
    let branches = branches.iter().map(|name| branch(name, false));
    branches
        .chain(tags.iter().map(|name| branch(name, true)))
        .collect()
}
