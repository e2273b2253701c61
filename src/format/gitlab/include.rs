//! Files of the same repository that a pipeline takes in, or starts as a pipeline of its own. What comes from other
//! projects, from addresses and templates is not in the tree.

use crate::format::Input;
use crate::format::ci::Call;
use crate::format::written::{bounded, unquoted};
use crate::syntax::Node;

/// More files than this are not followed.
const MOST: usize = 100;

/// Those of an `include:`, in any of its forms.
pub(super) fn local<'a>(input: &Input, include: Option<&'a Node>) -> Vec<Call<'a>> {
    let Some(include) = include else {
        return Vec::new();
    };
    let items = include.items().iter().take(MOST);
    let mut nodes: Vec<&Node> = items.collect();
    nodes.push(include);
    nodes
        .into_iter()
        .filter_map(|node| {
            let path = match node.get("local") {
                Some(local) => local,
                None => node,
            };
            let to = from_root(input, path.text()?.trim())?;
            Some(Call {
                to,
                key: unquoted(input.text, path.span),
                handed: Vec::new(),
            })
        })
        .collect()
}

/// The files of a pipeline that a job starts.
pub(super) fn of(trigger: &Node) -> Option<&Node> {
    trigger.get("include")
}

/// Paths start at the root of the repository, which for a copy of one below the tree is where its pipeline lies.
fn from_root(input: &Input, written: &str) -> Option<String> {
    let inside = written.trim_start_matches('/');
    let is_path = !inside.is_empty()
        && !inside.contains("://")
        && !inside.contains('$')
        && !inside.split('/').any(|part| matches!(part, "." | ".."));
    let file = &input.file;
    let is_root = file.name.starts_with(".gitlab-ci.y") && &*file.dir != ".";
    let root = if is_root {
        format!("{}/", file.dir)
    } else {
        String::new()
    };
    is_path.then(|| bounded(&format!("{root}{inside}")).to_owned())
}
