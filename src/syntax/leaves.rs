//! A tree as one list: every scalar with the path of keys that leads to it, the way settings are spoken of
//! (`spring.datasource.password`, `servers[0].port`).

use super::node::{Node, Value};
use crate::model::{Problem, Span};

/// A scalar or an absent value, and what leads to it.
pub struct Leaf<'a> {
    /// Keys from the root, joined by dots; items of lists as `[0]`.
    pub path: String,
    /// The bytes of the last key; empty for items of lists and for a text that is one scalar.
    pub key: Span,
    pub node: &'a Node,
}

/// More than any file that people write; anchors multiply.
const MOST: usize = 50_000;
const LONGEST: usize = 1_000;

/// Every leaf, in the order of the text.
pub fn leaves(root: &Node) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    descend(root, String::new(), Span::default(), &mut found);
    found
}

/// What there is to say where not all leaves were taken.
pub fn cut(leaves: &[Leaf]) -> Option<Problem> {
    let message = "holds more values than are read; those behind this one were left out";
    let last = leaves.last().filter(|_| leaves.len() >= MOST)?;
    Some(Problem::new("too-many-values", last.node.span, message))
}

/// `parent.key`.
pub fn join(parent: &str, key: &str) -> String {
    if parent.is_empty() {
        key.to_owned()
    } else {
        format!("{parent}.{key}")
    }
}

fn descend<'a>(node: &'a Node, path: String, key: Span, found: &mut Vec<Leaf<'a>>) {
    if found.len() >= MOST || path.len() > LONGEST {
        return;
    }
    match &node.value {
        Value::Map(entries) => {
            for entry in entries {
                let name = entry.key.text().unwrap_or_default();
                let key = entry.key.span;
                descend(&entry.value, join(&path, name), key, found);
            }
        }
        Value::Seq(items) => {
            for (at, item) in items.iter().enumerate() {
                descend(item, format!("{path}[{at}]"), Span::default(), found);
            }
        }
        Value::Null | Value::Scalar { .. } => found.push(Leaf { path, key, node }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml;

    #[test]
    fn every_scalar_has_its_path() {
        let text = "a:\n  b: 1\n  c: [x, {d: y}]\ne:\n";
        let tree = yaml::parse(text);
        let shown: Vec<String> = leaves(&tree.documents[0])
            .iter()
            .map(|leaf| {
                let value = leaf.node.text().unwrap_or("-");
                format!("{} {} {value}", leaf.path, leaf.key.of(text))
            })
            .collect();
        assert_eq!(shown, ["a.b b 1", "a.c[0]  x", "a.c[1].d d y", "e e -"]);
    }
}
