//! Bitbucket pipelines: the steps of every branch, tag and pull request with their deployments, images and scripts.

use crate::format::written::bounded;
use crate::model::base_name;
use crate::model::file::Nature;
use crate::syntax::{Entry, Node, yaml};

use super::ci::reach::{Case, Cases, Set, Trigger};
use super::ci::{self, Artifact, Container, Job, Pipeline, Script, Step, Target};
use super::{Claim, Format, Input, Output};

pub static BITBUCKET: Format = Format {
    name: "bitbucket",
    doc: "Bitbucket pipelines: `bitbucket-pipelines.yml`",
    nature: Nature::Pipeline,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    if matches!(name, "bitbucket-pipelines.yml" | "bitbucket-pipelines.yaml") {
        Claim::Yes
    } else {
        Claim::No
    }
}

fn parse(input: &Input) -> Output {
    let tree = yaml::parse(input.text);
    let root = ci::first(&tree.documents);
    ci::read(input, root, tree.problems.clone(), |root| {
        pipeline(input, root)
    })
}

fn pipeline<'a>(input: &Input, root: &'a Node) -> Pipeline<'a> {
    let trigger = |event: &str, refs: Set, open: bool| Trigger {
        event: event.to_owned(),
        refs,
        open,
    };
    Pipeline {
        triggers: vec![
            trigger("push", Set::Any, true),
            trigger("pull_request", Set::only("refs/pull/*"), true),
            trigger("custom", Set::Any, false),
        ],
        containers: containers(input, root),
        jobs: jobs(input, root),
        shell_secrets: true,
        ..Pipeline::default()
    }
}

/// The image of all steps, and the services that they may name.
fn containers<'a>(input: &Input, root: &'a Node) -> Vec<Container<'a>> {
    let services = root
        .get("definitions")
        .and_then(|definitions| definitions.get("services"));
    let services = services.map_or(&[][..], Node::entries).iter();
    let services = services.filter_map(|entry| {
        Some((
            entry.key.text()?,
            entry.value.entry("image")?,
            &entry.value,
            true,
        ))
    });
    let own = root
        .entry("image")
        .map(|entry| ("image", entry, root, false));
    services
        .chain(own)
        .filter_map(|(name, image, node, service)| {
            let written = image.value.get("name").unwrap_or(&image.value);
            Some(Container {
                name: bounded(name),
                image: Some((image.key.span, Script::of(input.text, written)?)),
                vars: node
                    .get("variables")
                    .or_else(|| node.get("environment"))
                    .filter(|_| service)
                    .map(|vars| ci::vars(input.text, vars))
                    .unwrap_or_default(),
                service,
            })
        })
        .collect()
}

fn jobs<'a>(input: &Input, root: &'a Node) -> Vec<Job<'a>> {
    let mut found = Vec::new();
    for section in root.get("pipelines").map_or(&[][..], Node::entries) {
        let name = section.key.text().unwrap_or_default();
        let event = |event: &str| Case {
            events: Set::only(event),
            ..Case::default()
        };
        let refs = |kind: &str, name: &str| Case {
            refs: Set::only(format!("refs/{kind}/{name}")),
            ..event("push")
        };
        match name {
            "default" => line(input, &section.value, &vec![refs("heads", "*")], &mut found),
            _ => {
                for entry in section.value.entries() {
                    let key = entry.key.text().unwrap_or_default();
                    let case = match name {
                        "branches" => refs("heads", key),
                        "tags" => refs("tags", key),
                        "pull-requests" => event("pull_request"),
                        _ => event("custom"),
                    };
                    line(input, &entry.value, &vec![case], &mut found);
                }
            }
        }
    }
    found
}

/// Steps one behind the other; those of a `parallel` or a `stage` together.
fn line<'a>(input: &Input, items: &'a Node, cases: &Cases, found: &mut Vec<Job<'a>>) {
    let first = found.len();
    for item in items.items() {
        let before: Vec<String> = found
            .iter()
            .skip(first)
            .take(100)
            .map(|job| job.id.to_owned())
            .collect();
        let Some(Entry { key, value, .. }) = item.entries().first() else {
            continue;
        };
        let steps: Vec<(&Node, Option<&str>)> = match key.text() {
            Some("step") => vec![(value, None)],
            Some("parallel" | "stage") => {
                let shared = value.get("deployment").and_then(Node::text);
                let steps = value.get("steps").unwrap_or(value).items().iter();
                steps
                    .filter_map(|step| Some((step.get("step")?, shared)))
                    .collect()
            }
            _ => continue,
        };
        for (node, shared) in steps {
            found.push(job(input, node, shared, cases, &before, key.span));
        }
    }
}

fn job<'a>(
    input: &Input,
    node: &'a Node,
    shared: Option<&'a str>,
    cases: &Cases,
    before: &[String],
    at: crate::model::Span,
) -> Job<'a> {
    let name = node.entry("name");
    let deployment = node.get("deployment").and_then(Node::text).or(shared);
    let mut cases = cases.clone();
    for case in &mut cases {
        case.manual |= node.get("trigger").and_then(Node::text) == Some("manual");
    }
    Job {
        id: bounded(name.and_then(|entry| entry.value.text()).unwrap_or("step")),
        key: name.map_or(at, |entry| entry.value.span),
        cases,
        deploys: deployment.is_some(),
        behind: before.to_vec(),
        targets: deployment
            .into_iter()
            .map(|name| Target {
                name: bounded(name).to_owned(),
                sure: true,
                when: None,
            })
            .collect(),
        steps: steps(input, node),
        ..Job::default()
    }
}

/// The script as one step, and each pipe in it as another.
fn steps<'a>(input: &Input, node: &'a Node) -> Vec<Step<'a>> {
    let lines = ["script", "after-script"]
        .iter()
        .filter_map(|key| node.get(key))
        .flat_map(Node::items);
    let step = Step {
        scripts: lines
            .filter_map(|line| Script::of(input.text, line))
            .collect(),
        artifacts: artifacts(input, node),
        ..Step::default()
    };
    let items = node.get("script").map_or(&[][..], Node::items).iter();
    let pipes = items.filter_map(|item| item.get("pipe")?.text());
    let pipes = pipes.map(|pipe| Step {
        action: Some(pipe),
        ..Step::default()
    });
    std::iter::once(step).chain(pipes).collect()
}

fn artifacts(input: &Input, node: &Node) -> Vec<Artifact> {
    let listed = node
        .get("artifacts")
        .map(|artifacts| artifacts.get("paths").unwrap_or(artifacts));
    let scripts = listed
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(|node| Script::of(input.text, node));
    scripts
        .map(|script| Artifact {
            action: "upload",
            path: script.text.to_owned(),
            span: script.whole,
            hidden: true,
        })
        .collect()
}
