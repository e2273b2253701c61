//! What a policy selects and demands: one rule here, a matrix of them next door.

use super::{matrix, shapes};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::reader::{Fields, Reader};
use crate::policy::spec::{Body, IfAbsent, RuleSpec, Scope, Text};
use crate::syntax::{Entry, Node};

pub(super) fn body(reader: &mut Reader, fields: &Fields<'_>, id: &Text) -> Option<Body> {
    match fields.get("matrix") {
        Some(node) => matrix::matrix(reader, node).map(Body::Matrix),
        None => rule(reader, fields, id).map(|rule| Body::Rule(Box::new(rule))),
    }
}

fn rule(reader: &mut Reader, fields: &Fields<'_>, id: &Text) -> Option<RuleSpec> {
    let hint = "the kind of fact it is about: for: var";
    let kind = reader
        .need(fields, "for", "this policy", hint)
        .and_then(|node| reader.text(node, "`for`"));
    let assertion = assertion(reader, fields, id);
    let if_absent = if_absent(reader, fields);
    let scope = fields.get("scope").and_then(|node| {
        let word = reader.word(node, "`scope`", &["project", "repo"])?;
        let scope = if word == "repo" {
            Scope::Repo
        } else {
            Scope::Project
        };
        Some((scope, node.span))
    });
    Some(RuleSpec {
        kind: kind?,
        select: fields.get("where").cloned(),
        assertion,
        if_absent,
        scope,
    })
}

/// The one assertion of a policy.
fn assertion(reader: &mut Reader, fields: &Fields<'_>, id: &Text) -> Option<(Text, Node)> {
    let mut written: Vec<&Entry> = shapes::ASSERTIONS
        .iter()
        .filter_map(|word| fields.entry(word))
        .collect();
    written.sort_by_key(|entry| entry.key.span);
    let name = format!("policy `{}`", id.text);
    let all = shapes::ASSERTIONS.join(", ");
    let Some(first) = written.first() else {
        let at = reader.at(id.span);
        reader.say(
            Diagnostic::error("P009", at, format!("{name} asserts nothing"))
                .label("say what must hold for the facts it selects")
                .note(format!("exactly one of: {all}, or a matrix")),
        );
        return None;
    };
    for second in written.iter().skip(1) {
        let at = reader.at(second.key.span);
        let (one, other) = (
            first.key.text().unwrap_or_default(),
            second.key.text().unwrap_or_default(),
        );
        reader.say(
            Diagnostic::error(
                "P009",
                at,
                format!("{name} has two assertions: `{one}` and `{other}`"),
            )
            .label("keep one, and make the other a policy of its own")
            .note(format!("exactly one of: {all}"))
            .note("if one of them only narrows what is looked at, it belongs into `where`"),
        );
    }
    let word = reader.text(&first.key, "an assertion")?;
    Some((word, first.value.clone()))
}

pub(super) fn if_absent(reader: &mut Reader, fields: &Fields<'_>) -> Option<IfAbsent> {
    let node = fields.get("if_absent")?;
    let word = reader.word(node, "`if_absent`", &["pass", "fail"])?;
    Some(IfAbsent {
        pass: word == "pass",
        span: node.span,
    })
}
