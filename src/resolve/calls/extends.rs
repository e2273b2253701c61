//! Jobs of GitLab that extend a template of a file that their own takes in: each file was read alone, and only here is
//! known for which environment such a job runs. Nothing is told where a name is written in several files, in none, or
//! where only a run can tell the environment.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use globset::GlobBuilder;

use crate::model::finding::Via;
use crate::model::schema::{workflow_branch, workflow_call, workflow_job, workflow_template};
use crate::model::{Document, Env, Fact, Kind, Str};
use crate::value::Lexicon;

use super::jobs::{self, Job};
use super::{MOST, callees, list};

/// `extends` of `extends` deeper than this is not followed.
const DEEPEST: usize = 5;

/// Templates by name; `None` where several files write one.
type Templates<'d> = HashMap<&'d str, Option<&'d Fact>>;

/// What a job gets from its template.
struct Given {
    document: usize,
    job: Job,
    name: String,
    env: Option<Env>,
    reason: String,
    via: Via,
}

pub(super) fn fill(documents: &mut [Document], lexicon: &Lexicon) {
    for given in found(documents, lexicon) {
        if let Some(document) = documents.get_mut(given.document) {
            give(document, &given);
        }
    }
}

fn found(documents: &[Document], lexicon: &Lexicon) -> Vec<Given> {
    let by_path: BTreeMap<&str, usize> = documents
        .iter()
        .enumerate()
        .filter(|(_, document)| document.file.format == "gitlab")
        .map(|(at, document)| (&*document.file.path, at))
        .collect();
    let extending = by_path.values().filter(|at| {
        let facts = documents.get(**at).map(|document| &document.facts);
        let mut facts = facts.into_iter().flatten();
        facts.any(|fact| {
            fact.kind == Kind::workflow_job && !fact.get(workflow_job::EXTENDS).is_absent()
        })
    });
    extending
        .take(MOST)
        .flat_map(|at| of_document(documents, *at, &by_path, lexicon))
        .collect()
}

fn of_document(
    documents: &[Document],
    at: usize,
    by_path: &BTreeMap<&str, usize>,
    lexicon: &Lexicon,
) -> Vec<Given> {
    let Some(document) = documents.get(at) else {
        return Vec::new();
    };
    let templates = templates(documents, &taken_in(documents, at, by_path));
    let given = |job: Job| {
        let [own] = job.facts[..] else {
            return None;
        };
        let own = document.facts.get(own)?;
        let names = list(own, workflow_job::EXTENDS);
        if names.is_empty() || !own.get(workflow_job::ENVIRONMENT).is_absent() {
            return None;
        }
        let template = strongest(&names, &templates, 0).ok()??;
        let name = template.text(workflow_template::ENVIRONMENT).to_owned();
        let env = lexicon.words.named(&name);
        let agree = own.env.is_none() || own.env == env;
        (agree && !name.contains('$')).then(|| Given {
            document: at,
            job,
            env,
            reason: format!(
                "{} of {} names the environment",
                template.text(workflow_template::ID),
                template.file.path
            ),
            name,
            via: Via {
                file: template.file.clone(),
                span: template.span,
                text: Str::from("extended from here"),
            },
        })
    };
    jobs::of(document).into_iter().filter_map(given).collect()
}

/// The files that one takes in, and those that they take in.
fn taken_in(documents: &[Document], at: usize, by_path: &BTreeMap<&str, usize>) -> BTreeSet<usize> {
    let mut seen = BTreeSet::from([at]);
    let mut open = vec![at];
    while let Some(document) = open.pop().and_then(|at| documents.get(at)) {
        let calls = document.facts.iter().filter(|fact| {
            fact.kind == Kind::workflow_call && fact.text(workflow_call::JOB) == "include"
        });
        for fact in calls {
            let next = files(fact.text(workflow_call::CALLS), by_path);
            open.extend(next.into_iter().filter(|next| seen.insert(*next)));
        }
    }
    seen
}

fn files(path: &str, by_path: &BTreeMap<&str, usize>) -> Vec<usize> {
    if !path.contains('*') {
        return by_path.get(path).copied().into_iter().collect();
    }
    let glob = GlobBuilder::new(path).literal_separator(true).build();
    let Ok(glob) = glob.map(|glob| glob.compile_matcher()) else {
        return Vec::new();
    };
    let alike = by_path.iter().filter(|(path, _)| glob.is_match(path));
    alike.map(|(_, at)| *at).collect()
}

fn templates<'d>(documents: &'d [Document], files: &BTreeSet<usize>) -> Templates<'d> {
    let mut found = Templates::new();
    let documents = files.iter().filter_map(|at| documents.get(*at));
    let facts = documents.flat_map(|document| &document.facts);
    for fact in facts.filter(|fact| fact.kind == Kind::workflow_template) {
        found
            .entry(fact.text(workflow_template::ID))
            .and_modify(|known| *known = None)
            .or_insert(Some(fact));
    }
    found
}

/// A template that is not known, or not for certain.
struct Unknown;

/// The strongest of the named templates that names an environment; an unknown one before it could do so, too.
fn strongest<'d>(
    names: &[&str],
    templates: &Templates<'d>,
    depth: usize,
) -> Result<Option<&'d Fact>, Unknown> {
    if depth >= DEEPEST {
        return Err(Unknown);
    }
    for name in names.iter().take(10) {
        let template = templates.get(name).copied().flatten().ok_or(Unknown)?;
        if !template.get(workflow_template::ENVIRONMENT).is_absent() {
            return Ok(Some(template));
        }
        let own = list(template, workflow_template::EXTENDS);
        if let Some(found) = strongest(&own, templates, depth + 1)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn give(document: &mut Document, given: &Given) {
    let id = given.job.id.as_str();
    let end = given.job.end;
    let Some(start) = given.job.facts.first().copied() else {
        return;
    };
    if let Some(fact) = document.facts.get_mut(start) {
        fact.set(workflow_job::ENVIRONMENT, given.name.as_str().into());
        fact.via.push(given.via.clone());
    }
    let Some(env) = given.env else {
        return;
    };
    for fact in document.facts.iter_mut().filter(|fact| fact.env.is_none()) {
        let same = match fact.kind {
            Kind::workflow_job => fact.text(workflow_job::ID) == id,
            Kind::workflow_branch => fact.text(workflow_branch::JOB) == id,
            _ => false,
        };
        if same {
            fact.env = Some(env);
            fact.env_reason = Str::from(given.reason.as_str());
        }
    }
    callees::stamp(document, start..end, env, &given.reason);
}
