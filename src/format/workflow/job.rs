//! One job of a workflow with its steps.

use crate::format::ci::{self, Artifact, Container, Job, Script, Step, Use, reach};
use crate::format::written::{bounded, unquoted};
use crate::syntax::expression;
use crate::syntax::{Entry, Node};

use super::{Input, call, condition, environment, uses_below};

pub(super) fn read<'a>(input: &Input, on: Option<&Node>, entry: &'a Entry) -> Option<Job<'a>> {
    let id = bounded(entry.key.text()?);
    let node = &entry.value;
    let guard = node.get("if").and_then(Node::text);
    let env = node.get("env");
    Some(Job {
        id,
        key: entry.key.span,
        name: node.get("name").and_then(Node::text),
        guard,
        cases: guard.map_or_else(reach::always, |guard| {
            condition::cases(&expression::condition(guard))
        }),
        needs: node
            .get("needs")
            .map(|needs| ci::texts(needs).into_iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        targets: environment::targets(node, on),
        otherwise: environment::otherwise(node, on),
        extends: Vec::new(),
        behind: Vec::new(),
        deploys: false,
        stops: false,
        calls: node.get("uses").and_then(Node::text),
        hints: hints(node.get("with")),
        local: call::all(input, node, on),
        vars: env.map(|env| ci::vars(input.text, env)).unwrap_or_default(),
        uses: job_uses(input, node),
        containers: containers(input, node),
        steps: steps(input, node),
    })
}

/// Inputs that name the environment of what is called.
fn hints(with: Option<&Node>) -> Vec<&str> {
    let entries = with.map_or(&[][..], Node::entries).iter();
    let names_env = |key: &str| {
        matches!(
            key.replace('_', "-").as_str(),
            "environment"
                | "env"
                | "environment-name"
                | "env-name"
                | "deploy-env"
                | "deployment-environment"
                | "target"
                | "target-env"
                | "target-environment"
                | "stage"
                | "deploy-environment"
        )
    };
    entries
        .filter(|entry| entry.key.text().is_some_and(names_env))
        .filter_map(|entry| entry.value.text())
        .collect()
}

/// Secrets used anywhere in a job but in its steps, which tell their own.
fn job_uses(input: &Input, node: &Node) -> Vec<Use> {
    let entries = node
        .entries()
        .iter()
        .filter(|entry| entry.key.text() != Some("steps"));
    let mut found: Vec<Use> = entries
        .flat_map(|entry| uses_below(input, &entry.value))
        .collect();
    found.extend(
        node.get("if")
            .map(|guard| bare(input, guard))
            .unwrap_or_default(),
    );
    let local = |uses: &&str| uses.starts_with("./");
    let to = match node.get("uses").and_then(Node::text).filter(local) {
        Some(_) => "here",
        None => "elsewhere",
    };
    let inherit = node
        .get("secrets")
        .filter(|node| node.text() == Some("inherit"));
    found.extend(inherit.map(|node| Use {
        name: Use::ALL.to_owned(),
        context: "secrets",
        span: unquoted(input.text, node.span),
        printed: false,
        inherited: Some(to),
    }));
    found
}

/// The secrets of a condition that stands in no `${{ }}`.
fn bare(input: &Input, node: &Node) -> Vec<Use> {
    let Some(script) = Script::of(input.text, node).filter(|script| !script.text.contains("${{"))
    else {
        return Vec::new();
    };
    let found = ci::names_in_condition(script.text).into_iter();
    found
        .map(|(name, context, start, end)| Use {
            name: name.to_owned(),
            context,
            span: script.span(start, end),
            printed: false,
            inherited: None,
        })
        .collect()
}

fn containers<'a>(input: &Input, node: &'a Node) -> Vec<Container<'a>> {
    let services = node.get("services").map_or(&[][..], Node::entries).iter();
    let services = services.filter_map(|entry| Some((entry.key.text()?, &entry.value, true)));
    let own = node
        .get("container")
        .map(|container| ("container", container, false));
    services
        .chain(own)
        .map(|(name, node, service)| container(input, name, node, service))
        .collect()
}

fn container<'a>(input: &Input, name: &'a str, node: &'a Node, service: bool) -> Container<'a> {
    let image = match node.entry("image") {
        Some(entry) => Script::of(input.text, &entry.value).map(|image| (entry.key.span, image)),
        None => Script::of(input.text, node).map(|image| (image.whole, image)),
    };
    Container {
        name: bounded(name),
        image,
        vars: node
            .get("env")
            .map(|env| ci::vars(input.text, env))
            .unwrap_or_default(),
        service,
    }
}

pub(super) fn steps<'a>(input: &Input, node: &'a Node) -> Vec<Step<'a>> {
    let steps = node.get("steps").map_or(&[][..], Node::items);
    steps
        .iter()
        .filter(|step| step.is_map())
        .map(|node| step(input, node))
        .collect()
}

/// Inputs of actions that run commands elsewhere.
const SCRIPTS: &[&str] = &["script", "run", "command", "commands", "inlineScript"];

fn step<'a>(input: &Input, node: &'a Node) -> Step<'a> {
    let action = node.get("uses").and_then(Node::text);
    let with = node.get("with");
    let is_script = |key: &str| {
        SCRIPTS.contains(&key)
            && !action.is_some_and(|action| action.starts_with("actions/github-script"))
    };
    let inputs = with.map_or(&[][..], Node::entries).iter();
    let (scripts, plain): (Vec<&Entry>, Vec<&Entry>) = inputs
        .partition(|entry| entry.key.text().is_some_and(is_script) && entry.value.text().is_some());
    let scripts = node
        .get("run")
        .into_iter()
        .chain(scripts.iter().map(|entry| &entry.value));
    let env = node.get("env");
    let mut uses: Vec<Use> = plain
        .iter()
        .flat_map(|entry| uses_below(input, &entry.value))
        .collect();
    uses.extend(env.map(|env| uses_below(input, env)).unwrap_or_default());
    if let Some(guard) = node.get("if") {
        uses.extend(uses_below(input, guard));
        uses.extend(bare(input, guard));
    }
    Step {
        scripts: scripts
            .filter_map(|script| Script::of(input.text, script))
            .collect(),
        action,
        vars: env.map(|env| ci::vars(input.text, env)).unwrap_or_default(),
        uses,
        artifacts: artifacts(input, action.unwrap_or_default(), with),
    }
}

/// What actions upload or commit.
fn artifacts(input: &Input, action: &str, with: Option<&Node>) -> Vec<Artifact> {
    let name = action.split('@').next().unwrap_or_default();
    let (action, key) = match name {
        "actions/upload-artifact" | "actions/upload-pages-artifact" => ("upload", "path"),
        "softprops/action-gh-release" => ("upload", "files"),
        "stefanzweifel/git-auto-commit-action" => ("commit", "file_pattern"),
        "EndBug/add-and-commit" => ("commit", "add"),
        _ => return Vec::new(),
    };
    let Some(script) = with
        .and_then(|with| with.get(key))
        .and_then(|node| Script::of(input.text, node))
    else {
        return Vec::new();
    };
    let hidden = with
        .and_then(|with| with.get("include-hidden-files"))
        .is_some_and(|node| node.text() == Some("true"));
    let mut found = Vec::new();
    let mut at = 0;
    for line in script.text.split_inclusive('\n') {
        let path = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if !path.is_empty() && !path.starts_with('!') {
            found.push(Artifact {
                action,
                path: path.to_owned(),
                span: script.span(start, start + path.len()),
                hidden,
            });
        }
    }
    found
}
