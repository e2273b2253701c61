//! Files that pipelines of GitLab include and whose names give nothing away.

use std::collections::BTreeSet;

use globset::GlobBuilder;

use crate::model::schema::workflow_call;
use crate::model::{Document, Tree};

/// Their paths; `*` and `**` as GitLab has them.
pub fn included(documents: &[Document], tree: &dyn Tree) -> BTreeSet<String> {
    let known: BTreeSet<&str> = documents
        .iter()
        .map(|document| document.file.path.as_ref())
        .collect();
    let pipelines = documents
        .iter()
        .filter(|document| document.file.format == "gitlab");
    let facts = pipelines.flat_map(|document| &document.facts);
    let named = facts.filter(|fact| fact.kind == workflow_call::KIND);
    let named: BTreeSet<&str> = named.map(|fact| fact.text(workflow_call::CALLS)).collect();
    let mut found = BTreeSet::new();
    for path in named {
        if path.contains('*') {
            found.extend(alike(path, tree));
        } else if tree.has(path) {
            found.insert(path.to_owned());
        }
    }
    found.retain(|path| !known.contains(path.as_str()));
    found
}

fn alike(pattern: &str, tree: &dyn Tree) -> Vec<String> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let Ok(glob) = glob.map(|glob| glob.compile_matcher()) else {
        return Vec::new();
    };
    let paths = tree.entries().iter().map(|entry| &*entry.path);
    paths
        .filter(|path| path.ends_with(".yml") || path.ends_with(".yaml"))
        .filter(|path| glob.is_match(path))
        .map(str::to_owned)
        .collect()
}
