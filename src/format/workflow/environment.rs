//! `environment:` of a job: a name, an object with a name, or an expression that chooses one: by the matrix, by an input,
//! by a condition.

use crate::format::ci::reach::{Case, Set};
use crate::format::ci::{Target, reach, texts};
use crate::format::written::bounded;
use crate::syntax::Node;
use crate::syntax::expression::{self, Expr};

use super::{condition, trigger};

/// More environments than this are not told apart.
const MOST: usize = 20;

pub(super) fn targets(job: &Node, on: Option<&Node>) -> Vec<Target> {
    let Some(text) = written(job) else {
        return Vec::new();
    };
    let mut found = named(text.trim(), job, on);
    found.truncate(MOST);
    let mut single: Vec<Target> = Vec::new();
    for target in found {
        if !single
            .iter()
            .any(|known| known.name == target.name && known.when == target.when)
        {
            single.push(target);
        }
    }
    single
}

fn written(job: &Node) -> Option<&str> {
    let node = job.get("environment")?;
    node.text().or_else(|| node.get("name")?.text())
}

/// The name for callers that do not hand over the input in it: with that input's default.
pub(super) fn otherwise(job: &Node, on: Option<&Node>) -> Option<String> {
    let text = written(job)?.trim();
    let [(start, end)] = expression::embedded(text)[..] else {
        return None;
    };
    let Expr::Path(path) = expression::parse(text.get(start..end)?) else {
        return None;
    };
    let [context, input] = &path[..] else {
        return None;
    };
    let inputs = on?.get("workflow_call")?.get("inputs")?;
    let input = inputs.entries().iter().find(|entry| {
        let name = entry.key.text();
        context == "inputs" && name.is_some_and(|name| name.eq_ignore_ascii_case(input))
    })?;
    let default = input.value.get("default")?.text()?.trim();
    let (before, behind) = (text.get(..start.checked_sub(3)?)?, text.get(end + 2..)?);
    let known = !default.is_empty() && !default.contains("${{");
    known.then(|| format!("{before}{default}{behind}"))
}

/// What a text can be, each with the case in which it is that.
pub(super) fn named(text: &str, job: &Node, on: Option<&Node>) -> Vec<Target> {
    let target = |name: &str, sure: bool| Target {
        name: bounded(name).to_owned(),
        sure,
        when: None,
    };
    if text.is_empty() {
        return Vec::new();
    }
    let [(start, end)] = expression::embedded(text)[..] else {
        return vec![target(text, !text.contains("${{"))];
    };
    let (before, behind) = (text.get(..start - 3), text.get(end + 2..));
    let chosen = chosen(
        &expression::parse(text.get(start..end).unwrap_or_default()),
        job,
        on,
    );
    if chosen.is_empty() {
        return vec![target(text, false)];
    }
    let around = |name: &str| {
        format!(
            "{}{name}{}",
            before.unwrap_or_default(),
            behind.unwrap_or_default()
        )
    };
    chosen
        .into_iter()
        .map(|mut target| {
            target.name = around(&target.name);
            target
        })
        .collect()
}

/// The names an expression can give; none where that is not known.
fn chosen(expr: &Expr, job: &Node, on: Option<&Node>) -> Vec<Target> {
    let plain = |names: Vec<&str>| -> Vec<Target> {
        let target = |name: &str| Target {
            name: bounded(name).to_owned(),
            sure: true,
            when: None,
        };
        names.into_iter().map(target).collect()
    };
    match expr {
        Expr::Text(text) => plain(vec![text.as_str()]),
        Expr::Path(path) => {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            match path.as_slice() {
                ["matrix", rest @ ..] => plain(of_matrix(job, rest)),
                ["inputs", input] | ["github", "event", "inputs", input] => {
                    plain(on.map(|on| trigger::choices(on, input)).unwrap_or_default())
                }
                ["github", "ref_name"] => by_branch(on),
                _ => Vec::new(),
            }
        }
        Expr::Or(left, right) => either(left, right, job, on),
        _ => Vec::new(),
    }
}

/// `${{ github.ref_name }}`: each branch of the trigger is an environment.
fn by_branch(on: Option<&Node>) -> Vec<Target> {
    let branches = on
        .and_then(|on| on.get("push"))
        .and_then(|push| push.get("branches"));
    let branches = branches.map(texts).unwrap_or_default();
    if branches
        .iter()
        .any(|branch| branch.contains(['*', '!', '[']))
    {
        return Vec::new();
    }
    let target = |branch: &str| Target {
        name: bounded(branch).to_owned(),
        sure: true,
        when: Some(vec![Case {
            refs: Set::only(format!("refs/heads/{branch}")),
            ..Case::default()
        }]),
    };
    branches.into_iter().map(target).collect()
}

/// `condition && 'a' || 'b'`
fn either(left: &Expr, right: &Expr, job: &Node, on: Option<&Node>) -> Vec<Target> {
    let (mut first, not) = match left {
        Expr::And(when, name) => (
            limited(chosen(name, job, on), &condition::cases(when)),
            condition::weigh(when, true),
        ),
        _ => (chosen(left, job, on), reach::always()),
    };
    let second = limited(chosen(right, job, on), &not);
    if first.is_empty() || second.is_empty() {
        return Vec::new();
    }
    first.extend(second);
    first
}

fn limited(mut targets: Vec<Target>, cases: &reach::Cases) -> Vec<Target> {
    for target in &mut targets {
        target.when = Some(match &target.when {
            Some(when) => reach::both(when, cases),
            None => cases.clone(),
        });
    }
    targets
}

/// The values of a matrix variable: those of its list and those that `include` adds.
fn of_matrix<'a>(job: &'a Node, path: &[&str]) -> Vec<&'a str> {
    let Some(matrix) = job
        .get("strategy")
        .and_then(|strategy| strategy.get("matrix"))
    else {
        return Vec::new();
    };
    let Some((name, inner)) = path.split_first() else {
        return Vec::new();
    };
    let value = |node: &'a Node| {
        let mut node = Some(node);
        for key in inner {
            node = node.and_then(|node| node.get(key));
        }
        node.and_then(Node::text)
    };
    let listed = matrix
        .get(name)
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(value);
    let included = matrix.get("include").map_or(&[][..], Node::items).iter();
    let included = included.filter_map(|item| item.get(name)).filter_map(value);
    let mut found: Vec<&str> = Vec::new();
    for text in listed.chain(included) {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}
