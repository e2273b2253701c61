//! One job of a GitLab pipeline.

use crate::format::Input;
use crate::format::ci::{
    self, Artifact, Container, Job, Script, Step, Target, Template, Var, reach,
};
use crate::format::written::bounded;
use crate::syntax::{Entry, Node};

use super::{File, condition, include};

pub(super) fn read<'a>(
    input: &Input,
    file: &File<'a>,
    entry: &'a Entry,
    staged: &[(&'a str, usize)],
) -> Option<Job<'a>> {
    let id = bounded(entry.key.text()?);
    let node = &entry.value;
    let vars = vars(input, file, node);
    let needs = file
        .get(node, "needs")
        .or_else(|| file.get(node, "dependencies"));
    let environment = file.get(node, "environment");
    let action = environment.and_then(|environment| environment.get("action")?.text());
    let mut containers = containers(input, node);
    for key in ["image", "services"] {
        if node.get(key).is_none() {
            containers.extend(
                file.extended(node, key, 0)
                    .map(|shared| of_key(input, key, shared))
                    .unwrap_or_default(),
            );
        }
    }
    Some(Job {
        id,
        key: entry.key.span,
        guard: guard(node),
        cases: cases(file, node),
        needs: needs.map(needed).unwrap_or_default(),
        behind: if file.get(node, "needs").is_some() {
            Vec::new()
        } else {
            earlier(file, node, staged)
        },
        targets: targets(file, node, &vars),
        extends: file.elsewhere(node, 0),
        stops: action == Some("stop"),
        deploys: environment.is_some() && matches!(action, None | Some("start")),
        calls: node.get("trigger").and_then(called),
        local: include::local(input, node.get("trigger").and_then(include::of)),
        steps: vec![step(input, file, node)],
        vars,
        containers,
        ..Job::default()
    })
}

/// Keys with a dot, which run only as part of jobs.
pub(super) fn templates<'a>(file: &File<'a>) -> Vec<Template<'a>> {
    let entries = file.root.entries().iter().take(400);
    entries
        .filter(|entry| entry.value.is_map())
        .filter_map(|entry| {
            let environment = file.get(&entry.value, "environment");
            let name = || environment?.get("name")?.text();
            Some(Template {
                id: bounded(entry.key.text().filter(|id| id.starts_with('.'))?),
                key: entry.key.span,
                environment: environment
                    .and_then(|node| node.text().or_else(name))
                    .map(str::to_owned),
                extends: file.elsewhere(&entry.value, 0),
            })
        })
        .collect()
}

fn guard(node: &Node) -> Option<&str> {
    let rules = node.get("rules")?.items();
    rules.iter().find_map(|rule| rule.get("if")?.text())
}

fn cases(file: &File, node: &Node) -> reach::Cases {
    if let Some(rules) = file.get(node, "rules") {
        return condition::rules(rules);
    }
    let (only, except) = (file.get(node, "only"), file.get(node, "except"));
    let open = only.is_none() && except.is_none();
    let mut cases = if open && !file.elsewhere(node, 0).is_empty() {
        // What it extends in another file may narrow it.
        reach::unsure()
    } else {
        condition::only_except(only, except)
    };
    if file.get(node, "when").and_then(Node::text) == Some("manual") {
        for case in &mut cases {
            case.manual = true;
        }
    }
    cases
}

/// Names, or mappings with `job`.
fn needed(needs: &Node) -> Vec<String> {
    let one = |item: &Node| {
        item.text()
            .or_else(|| item.get("job").and_then(Node::text))
            .map(str::to_owned)
    };
    needs.items().iter().filter_map(one).collect()
}

/// Jobs of earlier stages; where there are very many, none.
fn earlier(file: &File, node: &Node, staged: &[(&str, usize)]) -> Vec<String> {
    if staged.len() > 400 {
        return Vec::new();
    }
    let own = file.stage(node);
    let before = staged.iter().filter(|(_, stage)| *stage < own);
    before.map(|(name, _)| (*name).to_owned()).collect()
}

fn vars<'a>(input: &Input, file: &File<'a>, node: &'a Node) -> Vec<Var<'a>> {
    let mut found: Vec<Var> = Vec::new();
    for layer in file.merged(node, "variables") {
        for var in ci::vars(input.text, layer) {
            found.retain(|known| known.name != var.name);
            found.push(var);
        }
    }
    found
}

/// `environment:` with the variables of the job filled in; `review/$CI_COMMIT_REF_SLUG` is a review environment.
fn targets<'a>(file: &File<'a>, node: &'a Node, vars: &[Var]) -> Vec<Target> {
    let Some(environment) = file.get(node, "environment") else {
        return Vec::new();
    };
    let name = || environment.get("name").and_then(Node::text);
    let Some(text) = environment.text().or_else(name) else {
        return Vec::new();
    };
    let kind = text.split_once("/$").map(|(kind, _)| kind);
    if let Some(kind) = kind.filter(|kind| !kind.contains('$')) {
        return vec![target(kind)];
    }
    if text.contains('$') {
        return by_variable(file, node, vars, text);
    }
    vec![target(text)]
}

/// A name with a variable in it: each value that the variable can have.
fn by_variable<'a>(file: &File<'a>, node: &'a Node, vars: &[Var], text: &str) -> Vec<Target> {
    let start = text.find('$').unwrap_or(0);
    let end = variable_end(text, start);
    let name = text.get(start..end).unwrap_or_default();
    let name = name.trim_matches(['$', '{', '}']);
    let around = |value: &str| {
        let before = text.get(..start).unwrap_or_default();
        target(&format!(
            "{before}{value}{}",
            text.get(end..).unwrap_or_default()
        ))
    };
    let listed = matrix(file, node, name);
    if !listed.is_empty() {
        return listed.into_iter().take(20).map(around).collect();
    }
    match vars.iter().find(|var| var.name == name) {
        Some(var) => vec![around(var.value.text)],
        None => vec![target(text)],
    }
}

fn target(name: &str) -> Target {
    Target {
        name: bounded(name).to_owned(),
        sure: !name.contains('$'),
        when: None,
    }
}

fn variable_end(text: &str, start: usize) -> usize {
    let rest = text.get(start + 1..).unwrap_or_default();
    let length = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '{' | '}')))
        .unwrap_or(rest.len());
    start + 1 + length
}

/// What `parallel: matrix:` gives a variable.
fn matrix<'a>(file: &File<'a>, node: &'a Node, name: &str) -> Vec<&'a str> {
    let rows = file
        .get(node, "parallel")
        .and_then(|parallel| parallel.get("matrix"));
    let rows = rows.map_or(&[][..], Node::items).iter();
    rows.filter_map(|row| row.get(name))
        .flat_map(ci::texts)
        .collect()
}

/// The pipeline of another file or project.
fn called(trigger: &Node) -> Option<&str> {
    let include = trigger.get("include");
    trigger
        .text()
        .or_else(|| trigger.get("project").and_then(Node::text))
        .or_else(|| include.and_then(Node::text))
        .or_else(|| {
            include
                .and_then(|include| include.items().first())
                .and_then(|item| item.get("local"))
                .and_then(Node::text)
        })
}

/// `image:` and `services:` of a job, or of all jobs.
pub(super) fn containers<'a>(input: &Input, node: &'a Node) -> Vec<Container<'a>> {
    let places = [Some(node), node.get("default")];
    places
        .into_iter()
        .flatten()
        .flat_map(|node| ["image", "services"].map(|key| (key, node.get(key))))
        .filter_map(|(key, value)| value.map(|value| of_key(input, key, value)))
        .flatten()
        .collect()
}

fn of_key<'a>(input: &Input, key: &str, value: &'a Node) -> Vec<Container<'a>> {
    let service = key == "services";
    let nodes: Vec<&Node> = if service {
        value.items().iter().collect()
    } else {
        vec![value]
    };
    let one = |node: &'a Node| {
        let entry = node.entry("name");
        let image = match entry {
            Some(entry) => {
                Script::of(input.text, &entry.value).map(|image| (entry.key.span, image))
            }
            None => Script::of(input.text, node).map(|image| (image.whole, image)),
        };
        let alias = node.get("alias").and_then(Node::text);
        let name = alias
            .or_else(|| image.as_ref().map(|(_, image)| image.text))
            .unwrap_or("image");
        Container {
            name: bounded(name),
            image,
            vars: node
                .get("variables")
                .map(|vars| ci::vars(input.text, vars))
                .unwrap_or_default(),
            service,
        }
    };
    nodes.into_iter().map(one).collect()
}

fn step<'a>(input: &Input, file: &File<'a>, node: &'a Node) -> Step<'a> {
    let mut lines = Vec::new();
    for key in ["before_script", "script", "after_script"] {
        if let Some(script) = file.get(node, key) {
            file.lines(script, 0, &mut lines);
        }
    }
    Step {
        scripts: lines
            .into_iter()
            .filter_map(|line| Script::of(input.text, line))
            .collect(),
        artifacts: artifacts(input, file, node),
        ..Step::default()
    }
}

fn artifacts(input: &Input, file: &File, node: &Node) -> Vec<Artifact> {
    let Some(artifacts) = node.get("artifacts") else {
        return Vec::new();
    };
    let dotenv = artifacts
        .get("reports")
        .and_then(|reports| reports.get("dotenv"));
    let mut nodes = Vec::new();
    for listed in [artifacts.get("paths"), dotenv].into_iter().flatten() {
        file.lines(listed, 0, &mut nodes);
    }
    let scripts = nodes
        .into_iter()
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
