//! Text to spanned specs. A policy file holds `policies: [..]` or one policy at its top level.

mod body;
mod example;
mod matrix;
mod parts;
pub(super) mod shapes;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Source, tidy};
use super::reader::{Fields, Reader};
use super::spec::Spec;
use crate::model::Span;
use crate::syntax::{Node, yaml};

/// A policy file larger than this is refused unread.
pub const LARGEST: usize = 1 << 20;

const MOST_POLICIES: usize = 200;

/// Every policy of one file, and every mistake in it.
pub fn load(source: &Arc<Source>) -> (Vec<Spec>, Vec<Diagnostic>) {
    let mut reader = Reader::new(source);
    let specs = match document(&mut reader) {
        Some(root) if !root.is_null() => file(&mut reader, &root),
        _ => Vec::new(),
    };
    if specs.is_empty() && reader.found.is_empty() {
        let hint = "write one policy here, or policies: followed by a list";
        reader.error("P014", Span::new(0, 0), "this file holds no policy", hint);
    }
    (specs, tidy(reader.found))
}

/// The policies of a tree that was read before. It holds no examples, and none are missed.
pub fn load_tree(source: &Arc<Source>, root: &Node) -> (Vec<Spec>, Vec<Diagnostic>) {
    let mut reader = Reader::new(source);
    reader.without_examples = true;
    let specs = file(&mut reader, root);
    (specs, reader.found)
}

/// The one YAML document of a file; `None` where its syntax is broken, because what a broken file says is a guess.
pub(super) fn document(reader: &mut Reader) -> Option<Node> {
    let source = Arc::clone(&reader.source);
    let start = Span::new(0, 0);
    if source.text.len() > LARGEST {
        let at = reader.at(start);
        reader.say(
            Diagnostic::error("P001", at, "this file is larger than 1 MiB")
                .label("split it; nobody reads a policy that long"),
        );
        return None;
    }
    let mut tree = yaml::parse(&source.text);
    // Repeated keys are told later, in the words of the place they stand in.
    tree.problems
        .retain(|problem| problem.code != "duplicate-key");
    for problem in &tree.problems {
        let at = reader.at(problem.span);
        reader.say(
            Diagnostic::error("P001", at, "this is not valid YAML")
                .label(problem.message.clone())
                .note("keys of one policy start in the same column; lists are indented under their key"),
        );
    }
    if !tree.problems.is_empty() {
        return None;
    }
    if let Some(second) = tree.documents.get(1) {
        let at = reader.at(second.span).start();
        reader.say(
            Diagnostic::error("P001", at, "this file holds several YAML documents")
                .label("write one document with `policies: [..]`"),
        );
        return None;
    }
    tree.documents.into_iter().next()
}

fn file(reader: &mut Reader, root: &Node) -> Vec<Spec> {
    let single = root.get("policies").is_none()
        && ["id", "title", "for", "matrix"]
            .iter()
            .any(|key| root.get(key).is_some());
    if single {
        return policy(reader, root).into_iter().collect();
    }
    let Some(fields) = reader.fields(root, &shapes::FILE) else {
        return Vec::new();
    };
    header(reader, &fields);
    let hint = "write policies: followed by a list, or one policy at the top of the file";
    let Some(list) = reader.need(&fields, "policies", "this file", hint) else {
        return Vec::new();
    };
    if !list.is_seq() {
        let at = reader.at(list.span).start();
        reader.say(
            Diagnostic::error("P005", at, "`policies` is a list")
                .label("write - before each policy"),
        );
    }
    if list.items().len() > MOST_POLICIES {
        let title = format!("this file holds more than {MOST_POLICIES} policies");
        reader.error("P001", Span::new(0, 0), title, "split it");
        return Vec::new();
    }
    list.items()
        .iter()
        .filter_map(|node| policy(reader, node))
        .collect()
}

fn header(reader: &mut Reader, fields: &Fields<'_>) {
    if let Some(version) = fields.get("version")
        && version.text() != Some("1")
    {
        let at = reader.at(version.span);
        reader.say(
            Diagnostic::error(
                "P005",
                at,
                "this envguard reads version 1 of the policy language",
            )
            .label("write 1, or leave the line out"),
        );
    }
    if let Some(node) = fields.get("requires")
        && let Some(wanted) = reader.text(node, "`requires`")
        && !satisfied(&wanted.text)
    {
        let at = reader.at(wanted.span);
        let running = env!("CARGO_PKG_VERSION");
        reader.say(
            Diagnostic::error(
                "P005",
                at,
                format!("this file requires envguard {}", wanted.text),
            )
            .label(format!("this is {running}"))
            .note("write a lowest version: requires: \">=0.1\""),
        );
    }
}

/// Whether this version is at least the one written as `>=1.2`.
fn satisfied(wanted: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<u64>> {
        let parts: Result<_, _> = text.trim().split('.').map(str::parse).collect();
        parts.ok()
    };
    let running = numbers(env!("CARGO_PKG_VERSION")).unwrap_or_default();
    wanted
        .trim()
        .strip_prefix(">=")
        .and_then(numbers)
        .is_some_and(|lowest| running >= lowest)
}

/// The keys of one policy. What it lacks is told where its name stands.
fn keys<'n>(reader: &mut Reader, node: &'n Node) -> Option<Fields<'n>> {
    let shape = if node.get("matrix").is_some() {
        &shapes::MATRIX_POLICY
    } else {
        &shapes::POLICY
    };
    let mut fields = reader.fields(node, shape)?;
    if let Some(id) = fields.get("id") {
        fields.span = id.span;
    }
    Some(fields)
}

fn policy(reader: &mut Reader, node: &Node) -> Option<Spec> {
    let fields = &keys(reader, node)?;
    header(reader, fields);
    let id = parts::id(reader, fields);
    let title = parts::required(
        reader,
        fields,
        "title",
        "one sentence that names the mistake",
    );
    let hint = "say what happens otherwise; it is printed with every finding";
    let why = parts::required(reader, fields, "why", hint);
    let severity = parts::severity(reader, fields);
    let params = parts::params(reader, fields);
    let body = body::body(reader, fields, &id);
    let message = parts::message(reader, fields);
    let examples = example::examples(reader, fields, &id);
    Some(Spec {
        source: Arc::clone(&reader.source),
        // What is lacking has been told; the rest is read all the same, so that one run tells everything.
        title: title.unwrap_or_default(),
        why: why.unwrap_or_default(),
        fix: parts::optional(reader, fields, "fix"),
        message,
        serves: parts::words(reader, fields, "serves"),
        tags: parts::words(reader, fields, "tags"),
        default_on: parts::default_on(reader, fields),
        expires: parts::expires(reader, fields),
        severity,
        edit: parts::edit(reader, fields),
        params,
        body: body?,
        examples,
        id,
    })
}
