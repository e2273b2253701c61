//! The environments that callers hand on: through an input that names one, or because a job that deploys is called for
//! one. A job that is called for several has a fact for each; what it binds and runs belongs to one only where all agree.

use std::collections::HashMap;

use crate::model::schema::workflow_job;
use crate::model::{Document, Env, EnvSet, Fact, Val};
use crate::syntax::expression::{self, Expr};
use crate::value::Lexicon;

use super::jobs::{self, Job};
use super::{Call, Calls, callees, callers};

/// More ways than this in which a job is called are not told apart.
const MOST: usize = 20;

/// One way in which a job is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) env: Option<Env>,
    /// Its protected environment; absent where it has none.
    pub(super) name: Option<String>,
    pub(super) via: usize,
}

/// All ways, and the calls of which nothing is known. Both empty where the job's own file says it.
#[derive(Debug, Default)]
pub(super) struct Ways {
    ways: Vec<Way>,
    open: Vec<usize>,
}

impl Ways {
    /// Those that lead to different places.
    pub(super) fn distinct(&self) -> Vec<&Way> {
        let mut found: Vec<&Way> = Vec::new();
        for way in &self.ways {
            let same = |known: &&Way| known.env == way.env && known.name == way.name;
            if found.len() < MOST && !found.iter().any(same) {
                found.push(way);
            }
        }
        found
    }

    /// The one environment of all ways.
    /// Nobody has to say where it works: its own file does.
    pub(super) fn are_its_own(&self) -> bool {
        self.ways.is_empty() && self.open.is_empty()
    }

    pub(super) fn are_all_known(&self) -> bool {
        self.open.is_empty()
    }

    /// The environments for one call; `None` among them for one that is not known.
    pub(super) fn of(&self, via: usize) -> Vec<Option<Env>> {
        let known = self.ways.iter().filter(|way| way.via == via);
        let open = self.open.contains(&via).then_some(None);
        known.map(|way| way.env).chain(open).collect()
    }

    pub(super) fn env(&self) -> Option<Env> {
        let env = self.ways.first()?.env?;
        let all = self.open.is_empty() && self.ways.iter().all(|way| way.env == Some(env));
        all.then_some(env)
    }
}

pub(super) fn receive(documents: &mut [Document], calls: &Calls, lexicon: &Lexicon) {
    let mut of_actions: HashMap<usize, Option<Env>> = HashMap::new();
    for callee in &calls.callers_first {
        let called: Vec<(usize, &Call)> = calls
            .calls
            .iter()
            .enumerate()
            .filter(|(_, call)| call.callee == *callee)
            .collect();
        let Some(document) = documents.get(*callee).filter(|_| !called.is_empty()) else {
            continue;
        };
        let jobs = jobs::of(document);
        if jobs.is_empty() {
            let env = of_all(documents, &called, &of_actions);
            of_actions.insert(*callee, env);
            let reason = format!("every job that uses it is one of {}", name(env, lexicon));
            if let (Some(env), Some(document)) = (env, documents.get_mut(*callee)) {
                let end = document.facts.len();
                callees::stamp(document, 0..end, env, &reason);
            }
            continue;
        }
        let ways: Vec<Ways> = jobs
            .iter()
            .map(|job| ways(documents, *callee, job, &called, lexicon))
            .collect();
        callers::tell(documents, &jobs, &ways, &called, lexicon);
        callees::tell(documents, *callee, &jobs, &ways, calls, lexicon);
    }
}

pub(super) fn name(env: Option<Env>, lexicon: &Lexicon) -> &str {
    env.map_or("", |env| lexicon.environments.name(env))
}

/// The one environment of all jobs that use an action.
fn of_all(
    documents: &[Document],
    callers: &[(usize, &Call)],
    of_actions: &HashMap<usize, Option<Env>>,
) -> Option<Env> {
    let mut found = EnvSet::EMPTY;
    let mut first = None;
    for (_, call) in callers {
        let envs = match of_actions.get(&call.caller) {
            Some(env) => vec![*env],
            None => envs_of(documents, call).1,
        };
        for env in envs {
            first = first.or(env);
            found = found.union(EnvSet::of([env?]));
        }
    }
    first.filter(|_| found.len() == 1)
}

/// The facts of the job that calls: whether it deploys, and its environments.
pub(super) fn envs_of(documents: &[Document], call: &Call) -> (bool, Vec<Option<Env>>) {
    let facts = caller_facts(documents, call);
    let deploys = facts
        .iter()
        .any(|fact| fact.get(workflow_job::DEPLOYS) == Val::Bool(true));
    let envs: Vec<Option<Env>> = facts.iter().map(|fact| fact.env).collect();
    (deploys, if envs.is_empty() { vec![None] } else { envs })
}

fn caller_facts<'d>(documents: &'d [Document], call: &Call) -> Vec<&'d Fact> {
    let facts = documents
        .get(call.caller)
        .into_iter()
        .flat_map(|document| &document.facts);
    facts
        .filter(|fact| fact.kind == workflow_job::KIND && fact.text(workflow_job::ID) == call.job)
        .collect()
}

/// How a job of a called workflow is called; nothing where its own file says where it works.
fn ways(
    documents: &[Document],
    callee: usize,
    job: &Job,
    callers: &[(usize, &Call)],
    lexicon: &Lexicon,
) -> Ways {
    let own = documents.get(callee).and_then(|document| {
        let [at] = job.facts[..] else {
            return None;
        };
        document.facts.get(at).filter(|fact| fact.env.is_none())
    });
    let Some(own) = own else {
        return Ways::default();
    };
    let mut found = Ways::default();
    for (via, call) in callers {
        let known: Option<Vec<Way>> = match own.get(workflow_job::ENVIRONMENT).text() {
            Some(text) => handed(text, call, own).map(|names| {
                let way = |name: String| Way {
                    env: lexicon.words.named(&name),
                    name: Some(name),
                    via: *via,
                };
                names.into_iter().map(way).collect()
            }),
            None if job.deploys => of_caller(documents, call, *via),
            None => None,
        };
        match known {
            Some(ways) => found.ways.extend(ways),
            None => found.open.push(*via),
        }
    }
    found
}

/// The environments of the job that calls, where each is known.
fn of_caller(documents: &[Document], call: &Call, via: usize) -> Option<Vec<Way>> {
    let (_, envs) = envs_of(documents, call);
    let way = |env: Option<Env>| {
        Some(Way {
            env: Some(env?),
            name: None,
            via,
        })
    };
    envs.into_iter().map(way).collect()
}

/// A text with an input in it, once for each value that the caller can hand over.
fn handed(text: &str, call: &Call, own: &Fact) -> Option<Vec<String>> {
    let [(start, end)] = expression::embedded(text)[..] else {
        return None;
    };
    let Expr::Path(path) = expression::parse(text.get(start..end)?) else {
        return None;
    };
    let [context, input] = &path[..] else {
        return None;
    };
    if context != "inputs" {
        return None;
    }
    let Some(values) = call.inputs.get(&input.to_ascii_lowercase()) else {
        // Nothing is handed over: the default of the input holds.
        let name = own.get(workflow_job::ENVIRONMENT_DEFAULT).text()?;
        return Some(vec![name.to_owned()]);
    };
    let (before, behind) = (text.get(..start.checked_sub(3)?)?, text.get(end + 2..)?);
    let around = |value: &String| format!("{before}{value}{behind}");
    (!values.is_empty()).then(|| values.iter().map(around).collect())
}
