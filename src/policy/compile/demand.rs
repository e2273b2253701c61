//! The seven assertions, typed.

use super::join;
use crate::model::{EnvSet, Field, Kind, Span, Type};
use crate::policy::check::{Checker, Literal, unpinned};
use crate::policy::cond::Cond;
use crate::policy::diagnostic::{At, Diagnostic};
use crate::policy::param::{ParamValue, Piece};
use crate::policy::policy::{Across, Assertion, Group, Parity};
use crate::policy::reader::{Fields, Shape};
use crate::policy::spec::{IfAbsent, RuleSpec, Scope, Text};
use crate::syntax::Node;

static DIFFER: Shape = Shape {
    what: "`differ`",
    keys: &["by", "across", "value", "may_share"],
    habits: &[
        ("values", "value"),
        ("of", "value"),
        ("between", "across"),
        ("group_by", "by"),
    ],
};
static AGREE: Shape = Shape {
    what: "`agree`",
    keys: &["by", "across", "value"],
    habits: &[
        ("values", "value"),
        ("of", "value"),
        ("between", "across"),
        ("group_by", "by"),
    ],
};
static PARITY: Shape = Shape {
    what: "`parity`",
    keys: &["by", "across", "value", "base", "extra"],
    habits: &[("keys", "value"), ("reference", "base"), ("group_by", "by")],
};

pub(super) fn assertion(
    checker: &mut Checker<'_>,
    kind: Kind,
    select: &Cond,
    rule: &RuleSpec,
    word: &Text,
    node: &Node,
) -> Option<Assertion> {
    let word = &*word.text;
    if let Some(if_absent) = rule.if_absent
        && word != "must"
    {
        let at = checker.reader.at(if_absent.span);
        let title = format!("`if_absent` says nothing beside `{word}`");
        let label = "it belongs to `must`; in a condition write {FIELD: {present: false}}";
        checker
            .reader
            .say(Diagnostic::error("P002", at, title).label(label));
    }
    match word {
        "must" => must(checker, kind, select, node, rule.if_absent, &[]),
        "must_not" => {
            let demand = checker.cond(kind, node);
            Some(Assertion::MustNot { demand })
        }
        "exists" => join::join(checker, kind, node, word).map(Assertion::Exists),
        "not_exists" => join::join(checker, kind, node, word).map(Assertion::NotExists),
        "differ" => {
            let (group, fields) = group(checker, kind, node, &DIFFER)?;
            let may_share = match fields.get("may_share") {
                Some(node) => may_share(checker, node)?,
                None => Vec::new(),
            };
            Some(Assertion::Differ { group, may_share })
        }
        "agree" => group(checker, kind, node, &AGREE).map(|(group, _)| Assertion::Agree(group)),
        _ => parity(checker, kind, node),
    }
}

/// Sharing is judged repository-wide, what must keep in step per project; `scope` says otherwise.
pub(super) fn per_project(checker: &mut Checker<'_>, rule: &RuleSpec) -> bool {
    let word = rule.assertion.as_ref().map_or("", |(word, _)| &*word.text);
    match rule.scope {
        Some((_, span)) if matches!(word, "must" | "must_not") => {
            let at = checker.reader.at(span);
            let title = format!("`scope` says nothing beside `{word}`");
            let label = "it tells which facts are compared, and this judges one at a time";
            checker
                .reader
                .say(Diagnostic::error("P002", at, title).label(label));
            false
        }
        Some((scope, _)) => scope == Scope::Project,
        None => matches!(word, "agree" | "parity"),
    }
}

/// `must`, with the question about absent fields answered.
pub(super) fn must(
    checker: &mut Checker<'_>,
    kind: Kind,
    select: &Cond,
    node: &Node,
    if_absent: Option<IfAbsent>,
    pinned: &[Field],
) -> Option<Assertion> {
    let before = checker.reader.found.len();
    let demand = checker.cond(kind, node);
    if checker.reader.found.len() > before {
        return None;
    }
    let open = unpinned(select, &demand, pinned);
    match if_absent {
        None => {
            let mut seen: Vec<Span> = Vec::new();
            for (field, span) in open {
                if !seen.contains(&span) {
                    seen.push(span);
                    what_then(checker, kind, field, span);
                }
            }
        }
        Some(if_absent) if open.is_empty() => {
            let at = checker.reader.at(if_absent.span);
            let title = "`if_absent` decides nothing here";
            checker.reader.say(
                Diagnostic::error("P010", at, title)
                    .label("delete it")
                    .note("every field that `must` tests is always there, or `where` asks for it"),
            );
        }
        Some(_) => {}
    }
    Some(Assertion::Must {
        demand,
        absent: if_absent.is_some_and(|if_absent| if_absent.pass),
    })
}

fn what_then(checker: &mut Checker<'_>, kind: Kind, field: Field, span: Span) {
    let name = field.schema().name;
    let at = checker.reader.at(span);
    checker.reader.say(
        Diagnostic::error(
            "P010",
            at,
            format!("`{name}` may be absent on `{}`", kind.name()),
        )
        .label("what then?")
        .note(
            "add `if_absent: fail` (absent breaks the rule) or `if_absent: pass` (absent is fine),",
        )
        .note(format!(
            "or select only those that have it: where: {{{name}: {{present: true}}}}"
        )),
    );
}

fn group<'n>(
    checker: &mut Checker<'_>,
    kind: Kind,
    node: &'n Node,
    shape: &Shape,
) -> Option<(Group, Fields<'n>)> {
    let fields = checker.reader.fields(node, shape)?;
    let word = shape.what;
    let by = fields.get("by").map(|node| field_list(checker, kind, node));
    let hint = "say what is compared: value: FIELD, or several: value: [FIELD, FIELD]";
    let value = checker
        .reader
        .need(&fields, "value", word, hint)
        .map(|node| field_list(checker, kind, node));
    let named = fields
        .get("value")
        .and_then(Node::text)
        .unwrap_or("value")
        .to_owned();
    let verb = match word {
        "`differ`" => format!("say what must differ in {named}"),
        "`agree`" => format!("say what must agree on {named}"),
        _ => format!("say what must have the same {named}"),
    };
    let hint = format!("{verb}: across: env | file | dir | fact");
    let across = checker
        .reader
        .need(&fields, "across", word, &hint)
        .and_then(|node| across(checker, kind, node, word == "`differ`"));
    let group = Group {
        by: by.unwrap_or_else(|| Some(Vec::new()))?,
        across: across?,
        value: value??,
    };
    Some((group, fields))
}

fn across(
    checker: &mut Checker<'_>,
    kind: Kind,
    node: &Node,
    fact_allowed: bool,
) -> Option<Across> {
    let name = checker.reader.text(node, "`across`")?;
    if &*name.text != "fact" {
        return checker.field_at(kind, &name.text, node).map(Across::Field);
    }
    if !fact_allowed {
        let at = checker.reader.at(name.span);
        let title = "`across: fact` only makes sense in `differ`";
        let label = "write the field that tells the parts apart: env, file, dir, service …";
        checker
            .reader
            .say(Diagnostic::error("P005", at, title).label(label));
        return None;
    }
    Some(Across::Fact)
}

fn field_list(checker: &mut Checker<'_>, kind: Kind, node: &Node) -> Option<Vec<Field>> {
    let names = checker.reader.texts(node, "a field");
    let mut fields = Vec::new();
    let mut fine = !names.is_empty();
    for name in &names {
        let place = Node::null(name.span);
        match checker.field_at(kind, &name.text, &place) {
            Some(field) if field.schema().ty == Type::List => {
                fine = false;
                let at = checker.reader.at(name.span);
                let title = format!("`{}` is a list and cannot be compared", name.text);
                checker.reader.say(Diagnostic::error("P005", at, title));
            }
            Some(field) => fields.push(field),
            None => fine = false,
        }
    }
    fine.then_some(fields)
}

fn parity(checker: &mut Checker<'_>, kind: Kind, node: &Node) -> Option<Assertion> {
    let (group, fields) = group(checker, kind, node, &PARITY)?;
    let base = fields.get("base").map(|node| checker.cond(kind, node));
    let extra = fields
        .get("extra")
        .and_then(|node| checker.reader.word(node, "`extra`", &["allow", "deny"]));
    if let (None, Some(entry)) = (&base, fields.entry("extra")) {
        let at = checker.reader.at(entry.key.span);
        let title = "`extra` says nothing without `base`";
        let label = "without a base every part is measured against all of them";
        checker
            .reader
            .say(Diagnostic::error("P002", at, title).label(label));
    }
    Some(Assertion::Parity(Parity {
        group,
        extra_denied: base.is_some() && extra != Some("allow"),
        base,
    }))
}

/// `[[local, development]]`, or a parameter that holds it.
fn may_share(checker: &mut Checker<'_>, node: &Node) -> Option<Vec<EnvSet>> {
    let piece = match checker.reference(node) {
        Some(name) => match checker.param_value(&name, node)? {
            ParamValue::Plain(piece) => piece,
            ParamValue::Map(_) => return wrong_sets(checker, node),
        },
        None => Piece {
            source: std::sync::Arc::clone(&checker.reader.source),
            node: node.clone(),
        },
    };
    if !piece.node.is_seq() || piece.node.items().iter().any(|item| !item.is_seq()) {
        return wrong_sets(checker, node);
    }
    let mut sets = Vec::new();
    for item in piece.node.items() {
        let words: Vec<Literal> = item
            .items()
            .iter()
            .filter_map(|word| Some((word.text()?, word.span)))
            .map(|(text, span)| Literal::new(text, At::new(&piece.source, span)))
            .collect();
        sets.push(checker.env_set(&words)?);
    }
    Some(sets)
}

fn wrong_sets(checker: &mut Checker<'_>, node: &Node) -> Option<Vec<EnvSet>> {
    let at = checker.reader.at(node.span);
    let title = "`may_share` is a list of sets of environments";
    checker
        .reader
        .say(Diagnostic::error("P005", at, title).label("write [[local, development]]"));
    None
}
