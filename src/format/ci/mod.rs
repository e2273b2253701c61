//! What all CI systems have in common: a pipeline of jobs with triggers, conditions, variables, services and commands.
//! Each system has a reader that makes a `Pipeline` of a file; the facts are made of it here, so that a policy never has
//! to know the system.

mod bind;
mod call;
mod order;
mod place;
pub(in crate::format) mod reach;
mod script;
mod steps;
mod template;
mod writes;

use crate::format::written::bounded;
use crate::model::schema::{Kind, image, workflow_branch, workflow_job};
use crate::model::{Fact, Problem, Span, Value};
use crate::syntax::Node;
use crate::value;

use super::{Input, Output};
pub(in crate::format) use bind::{names_in_condition, uses};
pub(in crate::format) use call::{Call, Handed};
use order::Graph;
use place::Place;
use reach::{Cases, Trigger};
pub(in crate::format) use script::Script;
pub(in crate::format) use template::Template;

/// A variable bound in a pipeline.
#[derive(Clone, Debug)]
pub(in crate::format) struct Var<'a> {
    pub(in crate::format) name: &'a str,
    pub(in crate::format) key: Span,
    pub(in crate::format) value: Script<'a>,
}

/// A secret or a setting of the platform that is used.
#[derive(Clone, Debug)]
pub(in crate::format) struct Use {
    pub(in crate::format) name: String,
    /// `secrets` or `vars`.
    pub(in crate::format) context: &'static str,
    pub(in crate::format) span: Span,
    pub(in crate::format) printed: bool,
    /// A workflow that is called gets it, with all others: one of the repository (`here`), or `elsewhere`.
    pub(in crate::format) inherited: Option<&'static str>,
}

impl Use {
    /// All secrets at once.
    pub(in crate::format) const ALL: &'static str = "*";
}

/// Something a step hands over.
#[derive(Clone, Debug)]
pub(in crate::format) struct Artifact {
    pub(in crate::format) action: &'static str,
    pub(in crate::format) path: String,
    pub(in crate::format) span: Span,
    /// Hidden files come along where a folder is named.
    pub(in crate::format) hidden: bool,
}

#[derive(Clone, Debug, Default)]
pub(in crate::format) struct Step<'a> {
    pub(in crate::format) scripts: Vec<Script<'a>>,
    /// Action, orb, template or task.
    pub(in crate::format) action: Option<&'a str>,
    pub(in crate::format) vars: Vec<Var<'a>>,
    pub(in crate::format) uses: Vec<Use>,
    pub(in crate::format) artifacts: Vec<Artifact>,
}

/// A protected environment that a job can run for, and when.
#[derive(Clone, Debug)]
pub(in crate::format) struct Target {
    pub(in crate::format) name: String,
    /// Its name is known to the last letter.
    pub(in crate::format) sure: bool,
    /// In which cases; `None` says nothing beyond the job's own condition.
    pub(in crate::format) when: Option<Cases>,
}

/// A container beside a job, or the one it runs in.
#[derive(Clone, Debug)]
pub(in crate::format) struct Container<'a> {
    pub(in crate::format) name: &'a str,
    pub(in crate::format) image: Option<(Span, Script<'a>)>,
    pub(in crate::format) vars: Vec<Var<'a>>,
    /// A service; else the job itself runs in it.
    pub(in crate::format) service: bool,
}

#[derive(Clone, Debug, Default)]
pub(in crate::format) struct Job<'a> {
    pub(in crate::format) id: &'a str,
    pub(in crate::format) key: Span,
    pub(in crate::format) name: Option<&'a str>,
    pub(in crate::format) guard: Option<&'a str>,
    /// When it runs; empty for always.
    pub(in crate::format) cases: Cases,
    pub(in crate::format) needs: Vec<String>,
    /// Jobs of earlier stages, which it waits for without saying so.
    pub(in crate::format) behind: Vec<String>,
    pub(in crate::format) targets: Vec<Target>,
    /// Name of its environment where a caller hands nothing over.
    pub(in crate::format) otherwise: Option<String>,
    /// What it extends and is not in the file, the strongest first.
    pub(in crate::format) extends: Vec<String>,
    /// The platform counts it as a deployment.
    pub(in crate::format) deploys: bool,
    /// Stops or deletes what another job made.
    pub(in crate::format) stops: bool,
    pub(in crate::format) calls: Option<&'a str>,
    /// Texts that name the environment of a job that deploys: inputs of what it calls.
    pub(in crate::format) hints: Vec<&'a str>,
    /// What it and its steps use of the same repository.
    pub(in crate::format) local: Vec<Call<'a>>,
    pub(in crate::format) vars: Vec<Var<'a>>,
    pub(in crate::format) uses: Vec<Use>,
    pub(in crate::format) containers: Vec<Container<'a>>,
    pub(in crate::format) steps: Vec<Step<'a>>,
}

/// One file.
#[derive(Clone, Debug, Default)]
pub(in crate::format) struct Pipeline<'a> {
    pub(in crate::format) triggers: Vec<Trigger>,
    /// Files of the same repository that are part of it.
    pub(in crate::format) local: Vec<Call<'a>>,
    /// Another pipeline may start this one and have the tests.
    pub(in crate::format) called: bool,
    pub(in crate::format) vars: Vec<Var<'a>>,
    pub(in crate::format) uses: Vec<Use>,
    pub(in crate::format) containers: Vec<Container<'a>>,
    pub(in crate::format) jobs: Vec<Job<'a>>,
    pub(in crate::format) templates: Vec<Template<'a>>,
    /// A part of other pipelines: it has steps, and nothing can be said about when they run.
    pub(in crate::format) partial: bool,
    /// `$NAME` in a script is a setting of the platform where nothing in the file binds it.
    pub(in crate::format) shell_secrets: bool,
}

/// The facts of a document, as its format understands it.
pub(in crate::format) fn read<'a>(
    input: &Input,
    root: Option<&'a Node>,
    mut problems: Vec<Problem>,
    pipeline: impl FnOnce(&'a Node) -> Pipeline<'a>,
) -> Output {
    let Some(root) = root else {
        return Output {
            problems,
            ..Output::default()
        };
    };
    if !root.is_map() {
        let (code, message) = match input.file.format {
            "workflow" => ("workflow-structure", "a workflow must be a mapping"),
            _ => ("pipeline-structure", "a pipeline must be a mapping"),
        };
        problems.push(Problem::new(code, root.span, message));
    }
    facts(input, &pipeline(root), problems)
}

/// The first document that says anything.
pub(in crate::format) fn first(documents: &[Node]) -> Option<&Node> {
    documents.iter().find(|document| !document.is_null())
}

fn facts(input: &Input, pipeline: &Pipeline, problems: Vec<Problem>) -> Output {
    let graph = Graph::of(pipeline);
    let places = place::all(input, pipeline, &graph);
    let mut emitter = Emitter {
        input,
        pipeline,
        graph: &graph,
        facts: Vec::new(),
    };
    emitter.shared(&places);
    for (at, job) in pipeline.jobs.iter().enumerate() {
        if let Some(place) = places.get(at) {
            emitter.job(at, job, place, &places);
        }
    }
    Output {
        facts: emitter.facts,
        problems,
        ..Output::default()
    }
}

struct Emitter<'a> {
    input: &'a Input<'a>,
    pipeline: &'a Pipeline<'a>,
    graph: &'a Graph,
    facts: Vec<Fact>,
}

impl Emitter<'_> {
    /// What is bound for all jobs belongs to an environment only where they all do.
    fn shared(&mut self, places: &[Place]) {
        for call in &self.pipeline.local {
            self.call(call, "include", &Place::default());
        }
        let templates = self.pipeline.templates.iter();
        self.facts
            .extend(templates.map(|one| one.fact(self.input.file)));
        let place = place::shared(places);
        for var in &self.pipeline.vars {
            self.bind(var, None, &place);
        }
        for used in &self.pipeline.uses {
            self.used(used, None, &place);
        }
        for container in &self.pipeline.containers {
            self.container(container, None, &Place::default());
        }
    }

    fn job(&mut self, at: usize, job: &Job, place: &Place, places: &[Place]) {
        if !self.pipeline.partial {
            self.job_facts(at, job, place, places);
        }
        for call in &job.local {
            self.call(call, job.id, place);
        }
        for var in &job.vars {
            self.bind(var, Some(job.id), place);
        }
        for used in &job.uses {
            self.used(used, Some(job.id), place);
        }
        // Services are the company of tests, whatever the job does afterwards.
        let beside = place.beside();
        for container in &job.containers {
            let from = self.facts.len();
            self.container(container, Some(job.id), &beside);
            if !container.service && place.deploys {
                self.tool(from, place);
            }
        }
        self.steps(job, place);
    }

    /// The image that a deployment runs in.
    fn tool(&mut self, from: usize, place: &Place) {
        let made = self.facts.iter_mut().skip(from);
        for fact in made.filter(|fact| fact.kind == Kind::image) {
            fact.set(image::DEPLOYS, place.env.into());
        }
    }

    /// One fact for each environment that the job can run for.
    fn job_facts(&mut self, at: usize, job: &Job, place: &Place, places: &[Place]) {
        let order = order::of(at, self.pipeline, places, self.graph, self.input);
        let none = [None];
        let targets: Vec<Option<&Target>> = job.targets.iter().map(Some).collect();
        let targets = if targets.is_empty() {
            &none[..]
        } else {
            &targets[..]
        };
        for target in targets {
            let reach = place::reach(job, *target, self.pipeline);
            // A choice that no trigger leads to is no way the job runs.
            if targets.len() > 1 && reach.events.is_empty() && !self.pipeline.called {
                continue;
            }
            let mut fact = Fact::new(Kind::workflow_job, self.input.file, job.key, job.key)
                .with(workflow_job::ID, job.id)
                .with(
                    workflow_job::ENVIRONMENT,
                    target.map(|target| bounded(&target.name)),
                )
                .with(workflow_job::NEEDS, list(&job.needs))
                .with(workflow_job::BRANCHES, list(&reach.branches))
                .with(workflow_job::TAGS, list(&reach.tags))
                .with(workflow_job::ANY_BRANCH, reach.any_branch)
                .with(workflow_job::GUARD, job.guard.map(bounded))
                .with(workflow_job::TRIGGERS, list(&reach.events))
                .with(workflow_job::CALLS, job.calls.map(bounded))
                .with(workflow_job::DEPLOYS, place.deploys)
                .with(workflow_job::RUNS_TESTS, place.tests)
                .with(workflow_job::GATED_BY_TESTS, order.gated)
                .with(workflow_job::TESTS_BESIDE, order.beside)
                .with(workflow_job::AFTER, list(&order.after));
            template::inherit(&mut fact, job);
            let place = place::of_target(self.input, place, *target);
            place.stamp(&mut fact);
            self.facts.push(fact);
            if place.deploys {
                self.branches(job, &reach, &place);
            }
        }
    }

    /// Where a deployment may come from, one by one.
    fn branches(&mut self, job: &Job, reach: &reach::Reach, place: &Place) {
        let branches = reach.branches.iter().map(|branch| (branch, false));
        let tags = reach.tags.iter().map(|tag| (tag, true));
        for (name, tag) in branches.chain(tags) {
            let env = place::branch_named(self.input, name);
            let mut fact = Fact::new(Kind::workflow_branch, self.input.file, job.key, job.key)
                .with(workflow_branch::JOB, job.id)
                .with(workflow_branch::REF, bounded(name))
                .with(workflow_branch::TAG, tag)
                .with(workflow_branch::BRANCH_ENV, env);
            place.stamp(&mut fact);
            self.facts.push(fact);
        }
    }

    fn container(&mut self, container: &Container, job: Option<&str>, place: &Place) {
        for var in &container.vars {
            self.bind(var, job, place);
        }
        let Some((key, script)) = &container.image else {
            return;
        };
        let text = bounded(script.text.trim());
        if text.is_empty() {
            return;
        }
        let mut fact = Fact::new(Kind::image, self.input.file, *key, script.whole)
            .with(image::SERVICE, container.name)
            .with(image::BUILT, false);
        fact.set(image::SOURCE, Value::Word("workflow"));
        fact.set(image::ORIGIN, Value::Word("value"));
        value::image::describe(&mut fact, text, self.input.lexicon);
        // The image a job runs in is a tool, not what an environment runs.
        let nowhere = Place::default();
        let place = if container.service { place } else { &nowhere };
        place.stamp(&mut fact);
        self.facts.push(fact);
    }
}

pub(in crate::format) fn list(words: &[String]) -> Value {
    let words = words.iter().take(200);
    Value::List(
        words
            .map(|word| crate::model::Str::from(bounded(word)))
            .collect(),
    )
}

/// The texts of a node: itself, or its items.
pub(in crate::format) fn texts(node: &Node) -> Vec<&str> {
    match node.text() {
        Some(text) => vec![text],
        None => node.items().iter().filter_map(Node::text).collect(),
    }
}

/// `NAME: value` pairs of a mapping.
pub(in crate::format) fn vars<'a>(source: &str, node: &'a Node) -> Vec<Var<'a>> {
    node.entries()
        .iter()
        .filter_map(|entry| {
            // GitLab describes a variable by a mapping.
            let value = entry.value.get("value").unwrap_or(&entry.value);
            Some(Var {
                name: bounded(entry.key.text()?),
                key: entry.key.span,
                value: Script::of(source, value)?,
            })
        })
        .collect()
}
