//! What a job uses of its own repository: the workflow that it calls, the composite actions of its steps, and what it
//! hands over to them.

use crate::format::ci::{Call, Handed};
use crate::format::written::{bounded, unquoted};
use crate::syntax::Node;

use super::{Input, environment};

/// Of more inputs than this the rest stays unknown.
const MOST: usize = 60;

/// The calls of a job, or of a composite action, in their order.
pub(super) fn all<'a>(input: &Input, job: &'a Node, on: Option<&Node>) -> Vec<Call<'a>> {
    let steps = job.get("steps").map_or(&[][..], Node::items).iter();
    [job]
        .into_iter()
        .chain(steps)
        .filter_map(|node| one(input, node, job, on))
        .collect()
}

fn one<'a>(input: &Input, node: &'a Node, job: &Node, on: Option<&Node>) -> Option<Call<'a>> {
    let uses = node.get("uses")?;
    let to = from_root(&input.file.path, uses.text()?)?;
    let handed = node.get("with").map_or(&[][..], Node::entries).iter();
    let handed = handed.take(MOST).filter_map(|entry| {
        let text = entry.value.text()?;
        let mut can_be = environment::named(text.trim(), job, on);
        // One that is not known leaves the others open.
        if can_be.iter().any(|target| !target.sure) {
            can_be.clear();
        }
        Some(Handed {
            name: bounded(entry.key.text()?),
            key: entry.key.span,
            span: unquoted(input.text, entry.value.span),
            can_be: can_be.into_iter().map(|target| target.name).collect(),
        })
    });
    Some(Call {
        to,
        key: unquoted(input.text, uses.span),
        handed: handed.collect(),
    })
}

/// `./.github/workflows/deploy.yml`, from the root of the tree: a copy of a repository may lie below it.
fn from_root(file: &str, uses: &str) -> Option<String> {
    let inside = uses.strip_prefix("./")?.trim_end_matches('/');
    let root = [".github/", ".gitea/", ".forgejo/"]
        .iter()
        .find_map(|known| file.find(known))
        .and_then(|at| file.get(..at))
        .unwrap_or_default();
    let plain = !inside.is_empty() && !inside.split('/').any(|part| matches!(part, "." | ".."));
    plain.then(|| bounded(&format!("{root}{inside}")).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_told_from_the_root() {
        let file = "apps/shop/.github/workflows/cd.yml";
        for (file, uses, expected) in [
            (
                ".github/workflows/cd.yml",
                "./.github/workflows/deploy.yml",
                Some(".github/workflows/deploy.yml"),
            ),
            (
                file,
                "./.github/actions/ship/",
                Some("apps/shop/.github/actions/ship"),
            ),
            (file, "./../x", None),
            (file, "./", None),
            (file, "actions/checkout@v4", None),
        ] {
            assert_eq!(from_root(file, uses).as_deref(), expected, "{uses}");
        }
    }
}
