//! Kubernetes manifests: workloads with their images, variables and commands, ConfigMaps, Secrets, hosts, namespaces. A
//! manifest belongs where its path says; where that says nothing, its namespace and then its labels are asked. Templates
//! are left unread: what they become is decided by values.

mod object;
mod pods;

use crate::model::base_name;
use crate::model::file::Nature;
use crate::syntax::{Node, yaml};

use super::writer::Writer;
use super::{Claim, Format, Input, Output};

pub(super) use object::{Reader, variable};

pub static KUBERNETES: Format = Format {
    name: "kubernetes",
    doc: "Kubernetes manifests: YAML files whose documents have an `apiVersion` and a `kind`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

/// Said of files that something else fills in first.
pub(super) const TEMPLATE: &str = "a template: what it becomes is decided by values";

fn parse(input: &Input) -> Output {
    let tree = yaml::parse(input.text);
    if is_template(input.text, !tree.problems.is_empty()) {
        return Output {
            unread: Some(TEMPLATE),
            ..Output::default()
        };
    }
    let mut reader = Reader::new(Writer::new(input, "k8s"));
    for document in &tree.documents {
        reader.document(document);
    }
    Output {
        facts: reader.writer.facts,
        problems: tree.problems,
        ..Output::default()
    }
}

/// What cannot be read because of the actions in it. Actions in texts, such as the messages of an alert, do no harm.
pub(super) fn is_template(text: &str, broken: bool) -> bool {
    broken && ["{{", "{%", "<%"].iter().any(|sign| text.contains(sign))
}

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let is_yaml = matches!(name.rsplit_once('.'), Some((_, "yml" | "yaml")));
    if is_yaml && !path.contains(".github/") {
        Claim::IfText(is_manifest)
    } else {
        Claim::No
    }
}

/// Both words at the left edge of some document.
fn is_manifest(text: &str) -> bool {
    let has = |word: &str| {
        text.match_indices(word).any(|(at, _)| {
            text.get(..at)
                .is_some_and(|head| head.is_empty() || head.ends_with(['\n', '\u{feff}']))
        })
    };
    has("apiVersion:") && has("kind:")
}

/// The node under a chain of keys.
pub(super) fn at<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(node, |node, key| node.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_known_by_two_words() {
        assert!(is_manifest("apiVersion: v1\nkind: Pod\n"));
        assert!(is_manifest("# x\n---\nkind: Pod\napiVersion: v1\n"));
        assert!(!is_manifest("kind: Pod\n") && !is_manifest("a:\n  apiVersion: 1\n  kind: 2\n"));
        assert!(is_template(
            "{{- if .Values.x }}\nkind: Pod\n{{- end }}\n",
            true
        ));
        assert!(!is_template("image: \"{{ image }}\"\n", false));
    }
}
