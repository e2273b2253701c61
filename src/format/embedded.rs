//! A document inside of a text of another document, such as a patch in a kustomization: read as what it is, with the
//! bytes of the outer file.

use crate::model::Span;
use crate::syntax::{Entry, Node, Value, yaml};

/// The documents in a literal block; nothing where its lines cannot be found in the file as they are.
pub(super) fn documents(node: &Node, source: &str) -> Vec<Node> {
    let Some((text, map)) = node
        .text()
        .and_then(|text| Some((text, lines(node, text, source)?)))
    else {
        return Vec::new();
    };
    let mut documents = yaml::parse(text).documents;
    for document in &mut documents {
        move_node(document, &map);
    }
    documents
}

/// Where each line of the text starts in the text and in the file.
fn lines(node: &Node, text: &str, source: &str) -> Option<Vec<(usize, usize)>> {
    let start = node.span.start as usize;
    let line_start = source.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let indent = start - line_start;
    let mut map = Vec::new();
    let mut at = line_start;
    let mut decoded = 0;
    for line in text.split_inclusive('\n') {
        let written = source.get(at..)?.split_inclusive('\n').next()?;
        let margin = written.len() - written.trim_start_matches(' ').len();
        let from = margin.min(indent);
        let content = written.get(from..)?;
        if content.trim_end() != line.trim_end() {
            return None;
        }
        map.push((decoded, at + from));
        decoded += line.len();
        at += written.len();
    }
    Some(map)
}

fn move_node(node: &mut Node, map: &[(usize, usize)]) {
    node.span = moved(node.span, map);
    node.alias = node.alias.map(|span| moved(span, map));
    match &mut node.value {
        Value::Seq(items) => items.iter_mut().for_each(|item| move_node(item, map)),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| move_entry(entry, map)),
        Value::Null | Value::Scalar { .. } => {}
    }
}

fn move_entry(entry: &mut Entry, map: &[(usize, usize)]) {
    move_node(&mut entry.key, map);
    move_node(&mut entry.value, map);
}

fn moved(span: Span, map: &[(usize, usize)]) -> Span {
    let at = |offset: usize| {
        let before = map.partition_point(|(decoded, _)| *decoded <= offset);
        match before.checked_sub(1).and_then(|at| map.get(at)) {
            Some((decoded, written)) => written + (offset - decoded),
            None => offset,
        }
    };
    let (start, end) = (span.start as usize, span.end as usize);
    // The end of the last byte, which may be the last of its line.
    let last = if end > start {
        at(end - 1) + 1
    } else {
        at(start)
    };
    Span::new(at(start), last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_of_a_block_stand_on_the_bytes_of_the_file() {
        let source = "patches:\n  - patch: |-\n      kind: Ü\n      spec:\n        image: \"a:1\"\n    x: 1\n";
        let tree = yaml::parse(source);
        let patch = tree.documents[0].get("patches").unwrap().items()[0]
            .get("patch")
            .unwrap();
        let inner = documents(patch, source);
        let image = inner[0].get("spec").unwrap().entry("image").unwrap();
        assert_eq!(image.key.span.of(source), "image");
        assert_eq!(image.value.span.of(source), "\"a:1\"");
        assert_eq!(inner[0].get("kind").unwrap().span.of(source), "Ü");
    }
}
