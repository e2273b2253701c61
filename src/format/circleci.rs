//! CircleCI: the jobs of `.circleci/config.yml` as its workflows run them, with their branches, order, images, variables
//! and commands.

use crate::format::written::bounded;
use std::collections::BTreeSet;

use crate::model::Span;
use crate::model::file::Nature;
use crate::syntax::{Entry, Node, yaml};

use super::ci::reach::{Case, Cases, Set, Trigger};
use super::ci::{self, Container, Job, Pipeline, Script, Step};
use super::{Claim, Format, Input, Output};

pub static CIRCLECI: Format = Format {
    name: "circleci",
    doc: "CircleCI pipelines: `.circleci/config.yml`",
    nature: Nature::Pipeline,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let known = [
        ".circleci/config.yml",
        ".circleci/config.yaml",
        ".circleci/continue_config.yml",
    ];
    let holds = known.iter().any(|known| {
        path.strip_suffix(known)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    });
    if holds { Claim::Yes } else { Claim::No }
}

fn parse(input: &Input) -> Output {
    let tree = yaml::parse(input.text);
    let root = ci::first(&tree.documents);
    ci::read(input, root, tree.problems.clone(), |root| {
        pipeline(input, root)
    })
}

fn pipeline<'a>(input: &Input, root: &'a Node) -> Pipeline<'a> {
    Pipeline {
        triggers: vec![Trigger {
            event: "push".to_owned(),
            refs: Set::Any,
            open: true,
        }],
        called: root.get("orbs").is_some(),
        jobs: jobs(input, root),
        shell_secrets: true,
        ..Pipeline::default()
    }
}

/// Every job that a workflow runs; where there is no workflow, every job there is.
fn jobs<'a>(input: &Input, root: &'a Node) -> Vec<Job<'a>> {
    let defined = root.get("jobs");
    let workflows = root.get("workflows").map_or(&[][..], Node::entries).iter();
    let items = workflows
        .filter_map(|workflow| workflow.value.get("jobs"))
        .flat_map(Node::items);
    let mut found: Vec<Job> = items.filter_map(|item| run(input, defined, item)).collect();
    approved(&mut found);
    if found.is_empty() {
        let entries = defined.map_or(&[][..], Node::entries).iter();
        found = entries
            .filter_map(|entry| Some(job(input, entry.key.text()?, entry.key.span, &entry.value)))
            .collect();
    }
    found
}

/// What waits for somebody's approval is started by hand, and so is what waits for that.
fn approved(jobs: &mut [Job]) {
    for _ in 0..jobs.len().min(20) {
        let by_hand = |job: &Job| job.cases.iter().any(|case| case.manual);
        let held = jobs
            .iter()
            .filter(|job| by_hand(job))
            .map(|job| job.id.to_owned());
        let held: BTreeSet<String> = held.collect();
        for job in jobs.iter_mut() {
            let waits = job.needs.iter().any(|need| held.contains(need));
            for case in &mut job.cases {
                case.manual |= waits;
            }
        }
    }
}

/// `- build`, or `- deploy: {requires: [build], filters: …}`.
fn run<'a>(input: &Input, defined: Option<&'a Node>, item: &'a Node) -> Option<Job<'a>> {
    let definition = |name: &str| defined.and_then(|jobs| jobs.get(name));
    if let Some(name) = item.text() {
        let nothing = definition(name).unwrap_or(item);
        return Some(Job {
            cases: branches_only(),
            ..job(input, name, item.span, nothing)
        });
    }
    let Entry { key, value, .. } = item.entries().first()?;
    let name = key.text()?;
    let id = value.get("name").and_then(Node::text).unwrap_or(name);
    let approval = value.get("type").and_then(Node::text) == Some("approval");
    let contexts = value.get("context").map(ci::texts).unwrap_or_default();
    let mut cases = value.get("filters").map_or_else(branches_only, filters);
    for case in &mut cases {
        case.manual = approval;
    }
    Some(Job {
        name: Some(name),
        cases,
        needs: value
            .get("requires")
            .map(|needs| ci::texts(needs).into_iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        hints: contexts,
        ..job(input, id, key.span, definition(name).unwrap_or(value))
    })
}

fn branches_only() -> Cases {
    vec![Case {
        refs: Set::only("refs/heads/*"),
        ..Case::default()
    }]
}

/// Branches run unless filtered, tags only where a filter names them.
fn filters(filters: &Node) -> Cases {
    let list = |kind: &str, how: &str, prefix: &str| -> Vec<String> {
        let node = filters.get(kind).and_then(|kind| kind.get(how));
        let texts = node.map(ci::texts).unwrap_or_default();
        texts
            .into_iter()
            .map(|text| format!("{prefix}{}", plain(text)))
            .collect()
    };
    let mut refs = list("branches", "only", "refs/heads/");
    let except = list("branches", "ignore", "refs/heads/");
    if refs.is_empty() && except.is_empty() {
        refs.push("refs/heads/*".to_owned());
    }
    refs.extend(list("tags", "only", "refs/tags/"));
    let unlimited = refs.is_empty() && !except.iter().any(|branch| branch == "refs/heads/*");
    vec![Case {
        refs: if unlimited {
            Set::Except(except)
        } else {
            Set::Only(refs)
        },
        ..Case::default()
    }]
}

/// `/release-.*/` is a pattern.
fn plain(text: &str) -> String {
    match text
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'))
    {
        Some(regex) => regex
            .trim_start_matches('^')
            .trim_end_matches('$')
            .replace(".*", "*"),
        None => text.to_owned(),
    }
}

fn job<'a>(input: &Input, id: &'a str, key: Span, node: &'a Node) -> Job<'a> {
    let steps = node.get("steps").map_or(&[][..], Node::items).iter();
    Job {
        id: bounded(id),
        key,
        vars: node
            .get("environment")
            .map(|vars| ci::vars(input.text, vars))
            .unwrap_or_default(),
        containers: containers(input, node),
        steps: steps.map(|node| step(input, node)).collect(),
        ..Job::default()
    }
}

/// The first image is the job's own, the others are beside it.
fn containers<'a>(input: &Input, node: &'a Node) -> Vec<Container<'a>> {
    let images = node
        .get("docker")
        .map_or(&[][..], Node::items)
        .iter()
        .enumerate();
    let one = |(at, node): (usize, &'a Node)| {
        let entry = node.entry("image")?;
        let image = Script::of(input.text, &entry.value)?;
        Some(Container {
            name: bounded(image.text),
            vars: node
                .get("environment")
                .map(|vars| ci::vars(input.text, vars))
                .unwrap_or_default(),
            image: Some((entry.key.span, image)),
            service: at > 0,
        })
    };
    images.filter_map(one).collect()
}

fn step<'a>(input: &Input, node: &'a Node) -> Step<'a> {
    let Some(Entry { key, value, .. }) = node.entries().first() else {
        return Step {
            action: node.text(),
            ..Step::default()
        };
    };
    let name = key.text().unwrap_or_default();
    if !matches!(name, "run" | "deploy") {
        return Step {
            action: Some(name),
            ..Step::default()
        };
    }
    let command = value.get("command").unwrap_or(value);
    Step {
        scripts: Script::of(input.text, command).into_iter().collect(),
        vars: value
            .get("environment")
            .map(|vars| ci::vars(input.text, vars))
            .unwrap_or_default(),
        ..Step::default()
    }
}
