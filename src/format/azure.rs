//! Azure Pipelines: jobs and deployments with their environments, branches, order, variables and scripts.

use crate::format::written::bounded;
use crate::model::Span;
use crate::model::file::Nature;
use crate::syntax::{Entry, Node, yaml};

use super::ci::reach::{Set, Trigger};
use super::ci::{self, Job, Pipeline, Script, Step, Target, Var};
use super::{Claim, Format, Input, Output};

pub static AZURE: Format = Format {
    name: "azure",
    doc: "Azure Pipelines: `azure-pipelines.yml` and `azure-pipelines-*.yml`, and files in `.azure-pipelines/`",
    nature: Nature::Pipeline,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let yaml = matches!(name.rsplit_once('.'), Some((_, "yml" | "yaml")));
    let placed = folder.ends_with(".azure-pipelines") || folder.ends_with(".azuredevops");
    match (yaml, name.starts_with("azure-pipelines"), placed) {
        (true, true, _) => Claim::Yes,
        (true, false, true) => {
            Claim::IfText(|text| text.contains("steps:") || text.contains("stages:"))
        }
        _ => Claim::No,
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
    let templates = input.text.contains("template:");
    Pipeline {
        triggers: triggers(root),
        called: templates || root.get("parameters").is_some() || root.get("resources").is_some(),
        vars: root
            .get("variables")
            .map(|vars| variables(input, vars))
            .unwrap_or_default(),
        jobs: jobs(input, root),
        ..Pipeline::default()
    }
}

/// Nothing said means every branch; `none` means by hand.
fn triggers(root: &Node) -> Vec<Trigger> {
    let read = |key: &str, event: &str, prefix: &str| {
        let node = root.get(key);
        let branches = node.and_then(|node| node.get("branches")).or(node);
        let include = branches
            .and_then(|branches| branches.get("include"))
            .or(branches);
        let names = include.map(ci::texts).unwrap_or_default();
        let refs = names
            .iter()
            .filter(|name| **name != "none")
            .map(|name| format!("{prefix}{name}"));
        let refs: Vec<String> = refs.collect();
        let off = names == ["none"];
        let trigger = Trigger {
            event: event.to_owned(),
            refs: if refs.is_empty() {
                Set::Any
            } else {
                Set::Only(refs)
            },
            open: true,
        };
        (!off).then_some(trigger)
    };
    let push = read("trigger", "push", "refs/heads/");
    let manual = Trigger {
        event: "manual".to_owned(),
        refs: Set::Any,
        open: false,
    };
    push.into_iter().chain([manual]).collect()
}

/// A mapping, or a list of `name` and `value`.
fn variables<'a>(input: &Input, node: &'a Node) -> Vec<Var<'a>> {
    if node.is_map() {
        return ci::vars(input.text, node);
    }
    let one = |item: &'a Node| {
        let name = item.get("name")?;
        Some(Var {
            name: bounded(name.text()?),
            key: name.span,
            value: Script::of(input.text, item.get("value")?)?,
        })
    };
    node.items().iter().filter_map(one).collect()
}

fn jobs<'a>(input: &Input, root: &'a Node) -> Vec<Job<'a>> {
    let mut found = staged(input, root);
    by_stage(&mut found, root);
    found.extend(in_stage(input, root));
    if found.is_empty() && root.get("steps").is_some() {
        let key = root
            .entry("steps")
            .map_or(root.span, |entry| entry.key.span);
        found.push(job(input, "steps", key, root));
    }
    for job in &mut found {
        // Conditions here are a language of their own, and variables in them are no branches.
        if job.guard.is_some() {
            job.cases = ci::reach::unsure();
        }
    }
    found
}

fn staged<'a>(input: &Input, root: &'a Node) -> Vec<Job<'a>> {
    let mut found: Vec<Job> = Vec::new();
    let mut before: Vec<String> = Vec::new();
    for stage in root.get("stages").map_or(&[][..], Node::items) {
        let first = found.len();
        for mut job in in_stage(input, stage) {
            // A stage waits for the one before it, unless it says for which.
            job.behind = match stage.get("dependsOn") {
                Some(needs) => ci::texts(needs)
                    .into_iter()
                    .map(|need| format!("{need}/"))
                    .collect(),
                None => before.clone(),
            };
            job.guard = job
                .guard
                .or_else(|| stage.get("condition").and_then(Node::text));
            found.push(job);
        }
        let ids = found
            .iter()
            .skip(first)
            .take(200)
            .map(|job| job.id.to_owned());
        before = ids.collect();
    }
    found
}

/// Puts the jobs of a stage in the place of its name.
fn by_stage(jobs: &mut [Job], root: &Node) {
    let stages = root.get("stages").map_or(&[][..], Node::items).iter();
    let members: Vec<(String, Vec<String>)> = stages
        .filter_map(|stage| {
            let name = stage.get("stage")?.text()?;
            let jobs = stage.get("jobs")?.items().iter().take(200);
            let ids =
                jobs.filter_map(|job| job.get("job").or_else(|| job.get("deployment"))?.text());
            Some((format!("{name}/"), ids.map(str::to_owned).collect()))
        })
        .collect();
    for job in jobs {
        let behind = std::mem::take(&mut job.behind);
        for need in behind {
            match members.iter().find(|(name, _)| *name == need) {
                Some((_, ids)) => job.behind.extend(ids.iter().cloned()),
                None => job.behind.push(need),
            }
        }
    }
}

fn in_stage<'a>(input: &Input, stage: &'a Node) -> Vec<Job<'a>> {
    let one = |node: &'a Node| {
        let entry: &Entry = node.entry("deployment").or_else(|| node.entry("job"))?;
        Some(job(input, entry.value.text()?, entry.value.span, node))
    };
    stage
        .get("jobs")
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(one)
        .collect()
}

fn job<'a>(input: &Input, id: &'a str, key: Span, node: &'a Node) -> Job<'a> {
    let environment = node.get("environment");
    let name = environment.and_then(|node| {
        node.text()
            .or_else(|| node.get("name").and_then(Node::text))
    });
    let mut steps = Vec::new();
    gather(input, node.get("steps"), &mut steps);
    let strategy = node.get("strategy").map_or(&[][..], Node::entries).iter();
    for phase in strategy.flat_map(|kind| kind.value.entries()) {
        gather(input, phase.value.get("steps"), &mut steps);
    }
    Job {
        id: bounded(id),
        key,
        name: node.get("displayName").and_then(Node::text),
        deploys: node.get("deployment").is_some(),
        guard: node.get("condition").and_then(Node::text),
        needs: node
            .get("dependsOn")
            .map(|needs| ci::texts(needs).into_iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        targets: name
            .into_iter()
            .map(|name| Target {
                name: bounded(name.split('.').next().unwrap_or(name)).to_owned(),
                sure: !name.contains('$'),
                when: None,
            })
            .collect(),
        vars: node
            .get("variables")
            .map(|vars| variables(input, vars))
            .unwrap_or_default(),
        steps,
        ..Job::default()
    }
}

fn gather<'a>(input: &Input, steps: Option<&'a Node>, found: &mut Vec<Step<'a>>) {
    for node in steps.map_or(&[][..], Node::items) {
        let own = ["script", "bash", "pwsh", "powershell"]
            .iter()
            .find_map(|key| node.get(key));
        let inputs = node.get("inputs");
        let inline = inputs.and_then(|inputs| {
            ["script", "inlineScript", "inline"]
                .iter()
                .find_map(|key| inputs.get(key))
        });
        let scripts = [own, inline].into_iter().flatten();
        found.push(Step {
            scripts: scripts
                .filter_map(|script| Script::of(input.text, script))
                .collect(),
            action: node.get("task").and_then(Node::text),
            vars: node
                .get("env")
                .map(|env| ci::vars(input.text, env))
                .unwrap_or_default(),
            ..Step::default()
        });
    }
}
