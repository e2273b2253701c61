//! Lists of texts, names and `K=V` pairs, in whichever of their notations they are written.

use std::collections::BTreeMap;

use super::origin::Text;
use super::project::Variable;
use super::value::{Node, Value, Words};
use crate::model::Str;

/// A text, or every scalar of a list.
pub(super) fn texts(node: &Node) -> Vec<Text> {
    match &node.value {
        Value::Seq(items) => items.iter().filter_map(Node::to_text).collect(),
        _ => node.to_text().into_iter().collect(),
    }
}

/// The keys of a mapping, or the texts of a list, in order of their names.
pub(super) fn names(node: &Node) -> Vec<Text> {
    let mut names = match &node.value {
        Value::Map(map) => map
            .iter()
            .map(|(name, node)| Words::plain(name).at(&node.origin))
            .collect(),
        _ => texts(node),
    };
    names.sort_by(|a, b| a.text.cmp(&b.text));
    names
}

/// `K: V` or `K=V`, by name; of two with one name the later holds.
pub(super) fn pairs(node: &Node) -> Vec<Variable> {
    let mut found: BTreeMap<Str, Variable> = BTreeMap::new();
    match &node.value {
        Value::Map(map) => {
            for (name, node) in map {
                let variable = Variable {
                    name: name.clone(),
                    value: node.to_text(),
                    origin: node.origin.clone(),
                };
                found.insert(name.clone(), variable);
            }
        }
        Value::Seq(items) => {
            for item in items {
                if let Some(variable) = pair(item) {
                    found.insert(variable.name.clone(), variable);
                }
            }
        }
        _ => {}
    }
    found.into_values().collect()
}

fn pair(item: &Node) -> Option<Variable> {
    let words = item.words()?;
    let text = words.text.expose();
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    Some(Variable {
        name: Str::from(name),
        value: value.map(|value| words.with(value).at(&item.origin)),
        origin: item.origin.clone(),
    })
}
