//! Where a job works: its purpose, and the environment that follows from it. An `environment:` decides; a job that
//! deploys may be told by its name, by what it calls, by its branch or by its file; a job that tests is a test. Everything
//! else belongs nowhere.

use crate::model::{Env, EnvSet, Fact, Str, base_name};
use crate::syntax::shell;
use crate::value::delivery;

use super::order::Graph;
use super::reach::{self, Reach};
use super::{Input, Job, Pipeline, Step, Target};

/// What a job is, and where.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) env: Option<Env>,
    pub(super) reason: Str,
    pub(super) deploys: bool,
    pub(super) tests: bool,
    /// It has services beside it, as tests do.
    pub(super) serviced: bool,
}

impl Place {
    fn at(&self, env: Env, reason: String) -> Self {
        Self {
            env: Some(env),
            reason: Str::from(reason),
            ..self.clone()
        }
    }

    pub(super) fn stamp(&self, fact: &mut Fact) {
        fact.env = self.env;
        fact.env_reason = Str::clone(&self.reason);
    }

    /// The place of a service beside the job.
    pub(super) fn beside(&self) -> Self {
        match self.env {
            Some(Env::TEST) => self.clone(),
            _ => Self::default(),
        }
    }

    /// The place of a step that runs tests in a job that does more.
    pub(super) fn of_tests(&self) -> Self {
        self.at(Env::TEST, "the step runs tests".to_owned())
    }
}

/// The places of all jobs, in their order.
pub(super) fn all(input: &Input, pipeline: &Pipeline, graph: &Graph) -> Vec<Place> {
    let purposes: Vec<Place> = pipeline
        .jobs
        .iter()
        .map(|job| purpose(job, pipeline))
        .collect();
    let mut places = Vec::with_capacity(purposes.len());
    for (at, job) in pipeline.jobs.iter().enumerate() {
        let Some(purpose) = purposes.get(at) else {
            continue;
        };
        let deploys = |at: &usize| purposes.get(*at).is_some_and(|place| place.deploys);
        let behind_deployment = || {
            graph
                .before(at)
                .iter()
                .any(|need| *need != at && deploys(need))
        };
        let before_deployment = || {
            (0..purposes.len()).any(|other| deploys(&other) && graph.before(other).contains(&at))
        };
        places.push(decide(
            input,
            job,
            purpose,
            pipeline,
            &before_deployment,
            &behind_deployment,
        ));
    }
    places
}

/// The place of what all jobs have in common: the one environment of all of them. Jobs of none do not count, unless they
/// are tests.
pub(super) fn shared(places: &[Place]) -> Place {
    let envs = EnvSet::of(places.iter().filter_map(|place| place.env));
    let mixed = places
        .iter()
        .any(|place| place.env.is_none() && (place.tests || place.serviced));
    let first = places.iter().find(|place| place.env.is_some());
    match first {
        Some(place) if envs.len() == 1 && !mixed => place.clone(),
        _ => Place::default(),
    }
}

/// What reaches a job when it runs for one environment.
pub(super) fn reach(job: &Job, target: Option<&Target>, pipeline: &Pipeline) -> Reach {
    let own = if job.cases.is_empty() {
        reach::always()
    } else {
        job.cases.clone()
    };
    let cases = match target.and_then(|target| target.when.as_ref()) {
        Some(when) => reach::both(&own, when),
        None => own,
    };
    reach::of(&cases, &pipeline.triggers)
}

/// The environment that a branch is named after; `$CI_DEFAULT_BRANCH` is no name.
pub(super) fn branch_named(input: &Input, branch: &str) -> Option<Env> {
    let named = || input.lexicon.words.named(branch);
    (!branch.contains('$')).then(named).flatten()
}

/// The one environment that branches are named after.
fn branch_env(input: &Input, branches: &[String]) -> Option<Env> {
    let mut named = branches
        .iter()
        .filter_map(|branch| branch_named(input, branch));
    let envs = EnvSet::of(named.clone());
    named.next().filter(|_| envs.len() == 1)
}

/// The place of a job when it runs for one of several environments.
pub(super) fn of_target(input: &Input, place: &Place, target: Option<&Target>) -> Place {
    let Some(target) = target.filter(|target| target.sure) else {
        return place.clone();
    };
    match input.lexicon.words.named(&target.name) {
        Some(env) => place.at(env, format!("its environment is `{}`", target.name)),
        None => place.clone(),
    }
}

fn purpose(job: &Job, pipeline: &Pipeline) -> Place {
    let names = || [Some(job.id), job.name].into_iter().flatten();
    let called = job.calls.map(base_name);
    let named_tests = names().any(delivery::name_tests);
    let named_deploys =
        names().any(delivery::name_deploys) || called.is_some_and(delivery::name_deploys);
    let local_cluster = job.steps.iter().any(starts_cluster);
    let deploys = !job.stops
        && !pipeline.partial
        && (job.deploys
            || named_deploys
            || (!named_tests && !local_cluster && job.steps.iter().any(step_deploys)));
    Place {
        deploys,
        tests: job.steps.iter().any(step_tests)
            || called.is_some_and(|name| !deploys && delivery::name_tests(name)),
        serviced: job.containers.iter().any(|container| container.service),
        ..Place::default()
    }
}

fn step_deploys(step: &Step) -> bool {
    step.action.is_some_and(delivery::action_deploys) || any_command(step, delivery::deploys)
}

pub(super) fn step_tests(step: &Step) -> bool {
    step.action.is_some_and(delivery::action_tests) || any_command(step, delivery::tests)
}

fn any_command(step: &Step, holds: fn(&[&str]) -> bool) -> bool {
    step.scripts.iter().any(|script| {
        shell::parse(script.text).iter().any(|command| {
            let from = command.program().unwrap_or(command.words.len());
            let words: Vec<&str> = command
                .words
                .iter()
                .skip(from)
                .map(|word| word.text.as_str())
                .collect();
            holds(&words)
        })
    })
}

/// Sets up a cluster or a cloud on the runner itself: what is deployed there is thrown away.
fn starts_cluster(step: &Step) -> bool {
    let named = |text: &str| {
        [
            "kind-action",
            "minikube",
            "k3s",
            "k3d",
            "localstack",
            "setup-kind",
            "microk8s",
        ]
        .iter()
        .any(|word| text.contains(word))
    };
    step.action.is_some_and(named)
        || any_command(step, |words| {
            words.first().is_some_and(|program| {
                matches!(
                    *program,
                    "kind" | "minikube" | "k3d" | "localstack" | "ctlptl"
                )
            })
        })
}

fn decide(
    input: &Input,
    job: &Job,
    purpose: &Place,
    pipeline: &Pipeline,
    before_deployment: &dyn Fn() -> bool,
    behind_deployment: &dyn Fn() -> bool,
) -> Place {
    if !job.targets.is_empty() {
        match by_target(input, job) {
            Told::Env(env, reason) => return purpose.at(env, reason),
            Told::Open => return purpose.clone(),
            Told::Nothing => {}
        }
    }
    if let Some(claim) = input
        .file
        .claim
        .as_ref()
        .filter(|claim| claim.reason.starts_with("configuration"))
    {
        return purpose.at(claim.env, claim.reason.to_string());
    }
    if purpose.deploys {
        return deployed(input, job, purpose, pipeline);
    }
    if purpose.tests && !pipeline.partial {
        if behind_deployment() {
            return purpose.clone();
        }
        return purpose.at(Env::TEST, "the job runs tests".to_owned());
    }
    match &input.file.claim {
        Some(claim) if !purpose.serviced && before_deployment() => {
            purpose.at(claim.env, claim.reason.to_string())
        }
        _ => purpose.clone(),
    }
}

/// What the protected environments of a job say.
enum Told {
    Env(Env, String),
    /// One of several, or one that is only known when it runs.
    Open,
    /// Their names mean no environment: `github-pages`.
    Nothing,
}

fn by_target(input: &Input, job: &Job) -> Told {
    let env = |target: &Target| {
        let named = input.lexicon.words.named(&target.name);
        named.filter(|_| target.sure)
    };
    let Some((first, rest)) = job.targets.split_first() else {
        return Told::Nothing;
    };
    match env(first) {
        Some(one) if rest.iter().all(|other| env(other) == Some(one)) => {
            let name = bounded_name(&first.name);
            Told::Env(one, format!("its environment is `{name}`"))
        }
        None if rest.is_empty() && first.sure => Told::Nothing,
        _ => Told::Open,
    }
}

/// The environment that a job deploys to, by the nearest word that names one.
fn deployed(input: &Input, job: &Job, purpose: &Place, pipeline: &Pipeline) -> Place {
    let words = &input.lexicon.words;
    let names = [Some(job.id), job.name].into_iter().flatten();
    for name in names {
        if let Some(env) = words.named(name) {
            return purpose.at(env, format!("the job `{}` deploys", bounded_name(name)));
        }
    }
    for hint in &job.hints {
        if let Some(env) = words.named(hint).filter(|_| !hint.contains("${{")) {
            return purpose.at(env, format!("it deploys with `{}`", bounded_name(hint)));
        }
    }
    if let Some(claim) = &input.file.claim {
        return purpose.at(claim.env, claim.reason.to_string());
    }
    let reach = reach(job, None, pipeline);
    let named = branch_env(input, &reach.branches)
        .filter(|_| reach.branches.len() == 1 && reach.tags.is_empty());
    match (named, reach.branches.first()) {
        (Some(env), Some(branch)) => purpose.at(
            env,
            format!("it deploys the branch `{}`", bounded_name(branch)),
        ),
        _ => purpose.clone(),
    }
}

fn bounded_name(name: &str) -> String {
    name.chars().take(60).collect()
}
