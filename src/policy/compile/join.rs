//! `exists` and `not_exists`: the partner, what it has in common with the selected fact, and the list of things that
//! each need one.

use crate::model::{Field, Kind};
use crate::policy::check::{Checker, Literal, chooses_layer, comparable, never_equal};
use crate::policy::diagnostic::{At, Diagnostic};
use crate::policy::param::{ParamValue, Piece};
use crate::policy::policy::{Item, Join};
use crate::policy::reader::Shape;
use crate::policy::spec::Text;
use crate::syntax::Node;

static JOIN: Shape = Shape {
    what: "a partner",
    keys: &["a", "where", "same", "each"],
    habits: &[
        ("an", "a"),
        ("for", "a"),
        ("kind", "a"),
        ("fact", "a"),
        ("on", "same"),
        ("join", "same"),
        ("by", "same"),
        ("with", "where"),
        ("match", "where"),
        ("for_each", "each"),
    ],
};

/// A list longer than this is not something a person wrote.
const MOST_ITEMS: usize = 1_000;
/// Bytes of `where` typed for all items together.
const MOST_WORK: usize = 1 << 20;

pub(super) fn join(checker: &mut Checker<'_>, kind: Kind, node: &Node, word: &str) -> Option<Join> {
    let fields = checker.reader.fields(node, &JOIN)?;
    let hint = format!("the kind of fact that must be there: {word}: {{a: var, where: {{..}}}}");
    let other = checker
        .reader
        .need(&fields, "a", &format!("`{word}`"), &hint)
        .and_then(|node| checker.reader.text(node, "`a`"))?;
    let other = checker.kind(&other)?;
    let same = match fields.get("same") {
        Some(node) => same(checker, kind, other, node)?,
        None => Vec::new(),
    };
    let select = fields.get("where");
    let items = match fields.get("each") {
        Some(each) => each_items(checker, other, select, each)?,
        None => vec![Item {
            text: None,
            envs: None,
            select: checker.optional_cond(other, select),
        }],
    };
    Some(Join {
        kind: other,
        any_layer: items.iter().any(|item| chooses_layer(&item.select)),
        same,
        items,
    })
}

/// `[env, name]`, or `{name: item}` where the two sides call it differently.
fn same(
    checker: &mut Checker<'_>,
    kind: Kind,
    other: Kind,
    node: &Node,
) -> Option<Vec<(Field, Field)>> {
    let pairs: Vec<(Text, Text)> = if node.is_map() {
        let fields = checker.reader.any_fields(node, "`same`")?;
        let pair = |entry: &crate::syntax::Entry| {
            let left = checker.reader.text(&entry.key, "a field")?;
            Some((left, checker.reader.text(&entry.value, "a field")?))
        };
        fields.iter().filter_map(pair).collect()
    } else {
        let names = checker.reader.texts(node, "a field");
        names.into_iter().map(|name| (name.clone(), name)).collect()
    };
    let mut fields = Vec::new();
    let mut fine = true;
    for (left, right) in pairs {
        let left_field = checker.field_at(kind, &left.text, &Node::null(left.span));
        let right_field = checker.field_at(other, &right.text, &Node::null(right.span));
        let (Some(a), Some(b)) = (left_field, right_field) else {
            fine = false;
            continue;
        };
        if !comparable(a, b) {
            fine = false;
            let at = checker.reader.at(right.span);
            let title = never_equal(a, b);
            checker
                .reader
                .say(Diagnostic::error("P005", at, title).label("these can never be equal"));
        }
        fields.push((a, b));
    }
    fine.then_some(fields)
}

/// One partner condition for each item, `${each}` replaced.
fn each_items(
    checker: &mut Checker<'_>,
    other: Kind,
    select: Option<&Node>,
    each: &Node,
) -> Option<Vec<Item>> {
    let mut wanted = each_list(checker, each)?;
    let written = select.map_or(0, |select| select.span.len());
    if wanted.len() > MOST_ITEMS || wanted.len() * written > MOST_WORK {
        let title = format!("`each` has {} items, which is too many", wanted.len());
        checker
            .reader
            .error("P005", each.span, title, "nobody wrote these by hand");
        return None;
    }
    let none = wanted.is_empty();
    if none {
        // Typed once all the same, so that a policy nobody has configured yet is still known to be right.
        let at = checker.reader.at(each.span);
        wanted.push((Literal::hollow("${each}", at), None));
    }
    let mut items: Vec<Item> = Vec::new();
    for (literal, envs) in wanted {
        let text = literal.text.clone();
        if let Some(seen) = items
            .iter_mut()
            .find(|item| item.text.as_ref() == Some(&text))
        {
            seen.envs = seen.envs.zip(envs).map(|(a, b)| a.union(b));
            continue;
        }
        checker.each = Some(literal);
        let select = checker.optional_cond(other, select);
        checker.each = None;
        items.push(Item {
            text: Some(text),
            envs,
            select,
        });
    }
    if none {
        items.clear();
    }
    Some(items)
}

type Wanted = Vec<(Literal, Option<crate::model::EnvSet>)>;

/// The items with the environments they are asked of; `all` asks everywhere.
fn each_list(checker: &mut Checker<'_>, node: &Node) -> Option<Wanted> {
    if node.is_map() {
        let map = checker.pieces(node, "`each`")?;
        return by_environment(checker, &map);
    }
    if let Some(name) = checker.reference(node)
        && let ParamValue::Map(map) = checker.param_value(&name, node)?
    {
        if map.iter().all(|(_, list)| list.node.items().is_empty()) {
            checker.starving.insert(name);
        }
        return by_environment(checker, &map);
    }
    let literals = checker.literals(node)?;
    Some(
        literals
            .into_iter()
            .map(|literal| (literal, None))
            .collect(),
    )
}

fn by_environment(checker: &mut Checker<'_>, map: &[(Piece, Piece)]) -> Option<Wanted> {
    let mut wanted = Vec::new();
    for (key, list) in map {
        let word = key.node.text().unwrap_or_default();
        let envs = if word == "all" {
            None
        } else {
            Some(checker.env_set(&[Literal::new(word, key.at())])?)
        };
        for item in list.node.items() {
            if let Some(text) = item.text() {
                wanted.push((Literal::new(text, At::new(&list.source, item.span)), envs));
            }
        }
    }
    Some(wanted)
}
