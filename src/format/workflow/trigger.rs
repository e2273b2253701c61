//! `on:` of a workflow: its events with the branches and tags they are narrowed to, and the choices of its inputs.

use crate::format::ci::reach::{Set, Trigger};
use crate::syntax::Node;

pub(super) fn read(on: &Node) -> Vec<Trigger> {
    if let Some(event) = on.text() {
        return vec![trigger(event, None)];
    }
    let listed = on
        .items()
        .iter()
        .filter_map(Node::text)
        .map(|event| trigger(event, None));
    let mapped = on
        .entries()
        .iter()
        .filter_map(|entry| Some(trigger(entry.key.text()?, Some(&entry.value))));
    listed.chain(mapped).collect()
}

/// Another workflow, or somebody else's program, starts it: what came before is not in this file.
pub(super) fn is_called(triggers: &[Trigger]) -> bool {
    triggers.iter().any(|trigger| {
        matches!(
            trigger.event.as_str(),
            "workflow_call"
                | "workflow_run"
                | "repository_dispatch"
                | "deployment"
                | "deployment_status"
                | "check_suite"
        )
    })
}

/// What an input may be: the options of a choice.
pub(super) fn choices<'a>(on: &'a Node, input: &str) -> Vec<&'a str> {
    let options = ["workflow_dispatch", "workflow_call"]
        .iter()
        .filter_map(|event| on.get(event)?.get("inputs")?.get(input)?.get("options"));
    options
        .flat_map(Node::items)
        .filter_map(Node::text)
        .collect()
}

fn trigger(event: &str, filter: Option<&Node>) -> Trigger {
    let list = |key: &str, prefix: &str| -> Vec<String> {
        let node = filter.and_then(|filter| filter.get(key));
        let texts = node.map(crate::format::ci::texts).unwrap_or_default();
        texts
            .into_iter()
            .filter(|text| !text.starts_with('!'))
            .map(|text| format!("{prefix}{text}"))
            .collect()
    };
    let closed_only = || {
        let types = filter.and_then(|filter| filter.get("types"));
        let types = types.map(crate::format::ci::texts).unwrap_or_default();
        !types.is_empty()
            && types
                .iter()
                .all(|kind| matches!(*kind, "closed" | "labeled"))
    };
    let (refs, open) = match event {
        "push" => (pushed(&list), true),
        "pull_request" | "pull_request_target" => (Set::only("refs/pull/*"), !closed_only()),
        "release" => (Set::only("refs/tags/*"), false),
        "workflow_run" => {
            let branches = list("branches", "refs/heads/");
            let refs = if branches.is_empty() {
                Set::Any
            } else {
                Set::Only(branches)
            };
            (refs, false)
        }
        _ => (Set::Any, false),
    };
    Trigger {
        event: crate::format::written::bounded(event).to_owned(),
        refs,
        open,
    }
}

/// Branches alone leave out tags, and the reverse.
fn pushed(list: &dyn Fn(&str, &str) -> Vec<String>) -> Set {
    let mut only = list("branches", "refs/heads/");
    only.extend(list("tags", "refs/tags/"));
    if !only.is_empty() {
        return Set::Only(only);
    }
    let mut except = list("branches-ignore", "refs/heads/");
    except.extend(list("tags-ignore", "refs/tags/"));
    if except.is_empty() {
        Set::Any
    } else {
        Set::Except(except)
    }
}
