//! GitHub workflows and composite actions, and those of Gitea and Forgejo: jobs with their environments, conditions,
//! secrets, variables, services and commands.

mod call;
mod condition;
mod environment;
mod job;
mod trigger;

use crate::model::file::Nature;
use crate::syntax::{Node, yaml};

use super::ci::{self, Job, Pipeline, Script, Use};
use super::{Claim, Format, Input, Output};

pub static WORKFLOW: Format = Format {
    name: "workflow",
    doc: "GitHub workflows in `.github/workflows/` (and those of Gitea and Forgejo), and composite actions (`action.yml`)",
    nature: Nature::Pipeline,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, "yml" | "yaml")) = name.rsplit_once('.') else {
        return Claim::No;
    };
    let in_workflows = [
        ".github/workflows",
        ".gitea/workflows",
        ".forgejo/workflows",
    ]
    .iter()
    .any(|known| {
        folder
            .strip_suffix(known)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    });
    if in_workflows {
        Claim::Yes
    } else if stem == "action" {
        Claim::IfText(|text| text.contains("runs:"))
    } else {
        Claim::No
    }
}

fn parse(input: &Input) -> Output {
    let tree = yaml::parse(input.text);
    let root = ci::first(&tree.documents);
    ci::read(input, root, tree.problems.clone(), |root| {
        if root.get("jobs").is_none() && root.get("runs").is_some() {
            action(input, root)
        } else {
            workflow(input, root)
        }
    })
}

fn workflow<'a>(input: &Input, document: &'a Node) -> Pipeline<'a> {
    let on = document.get("on").or_else(|| document.get("true"));
    let triggers = on.map(trigger::read).unwrap_or_default();
    let called = triggers.is_empty() || trigger::is_called(&triggers);
    let env = document.get("env");
    let jobs = document.get("jobs").map_or(&[][..], Node::entries);
    Pipeline {
        vars: env.map(|env| ci::vars(input.text, env)).unwrap_or_default(),
        uses: env.map(|env| uses_below(input, env)).unwrap_or_default(),
        jobs: jobs
            .iter()
            .filter_map(|entry| job::read(input, on, entry))
            .collect(),
        triggers,
        called,
        ..Pipeline::default()
    }
}

/// A composite action is one job without a trigger.
fn action<'a>(input: &Input, document: &'a Node) -> Pipeline<'a> {
    let Some(entry) = document.entry("runs") else {
        return Pipeline::default();
    };
    let steps = job::steps(input, &entry.value);
    Pipeline {
        partial: true,
        called: true,
        jobs: vec![Job {
            id: "action",
            key: entry.key.span,
            local: call::all(input, &entry.value, None),
            steps,
            ..Job::default()
        }],
        ..Pipeline::default()
    }
}

/// Secrets and settings used in any text below a node.
pub(super) fn uses_below(input: &Input, node: &Node) -> Vec<Use> {
    let mut found = Vec::new();
    gather(input, node, &mut found);
    found
}

fn gather(input: &Input, node: &Node, found: &mut Vec<Use>) {
    if node.text().is_some_and(|text| text.contains("${{"))
        && let Some(script) = Script::of(input.text, node)
    {
        found.extend(ci::uses(&script));
    }
    for item in node.items() {
        gather(input, item, found);
    }
    for entry in node.entries() {
        gather(input, &entry.value, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workflows_are_known_by_their_folder() {
        for path in [
            ".github/workflows/ci.yml",
            "sub/.github/workflows/a.yaml",
            ".gitea/workflows/x.yml",
        ] {
            assert!(matches!(claims(path), Claim::Yes), "{path}");
        }
        assert!(matches!(
            claims(".github/actions/setup/action.yml"),
            Claim::IfText(_)
        ));
        for path in [
            ".github/dependabot.yml",
            "workflows/ci.yml",
            ".github/workflows/a/b.txt",
            "ci.yml",
        ] {
            assert!(matches!(claims(path), Claim::No), "{path}");
        }
    }
}
