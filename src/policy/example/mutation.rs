//! The mutation check: every condition is taken away in turn; one that no example needs is untested or useless.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Outcome, Run};
use crate::model::Span;
use crate::model::schema::code_symbol;
use crate::policy::check::chooses_layer;
use crate::policy::compile::matrix::slug;
use crate::policy::cond::{Body, Cond};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::policy::{Assertion, Policy, Rule};
use crate::policy::spec::{Body as Written, Spec};

/// Something that can be taken away, named by the place of its (first) key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cut {
    Clause(Span, Shown),
    /// One alternative of `any`.
    Branch(Span, Shown),
    /// One row of a matrix.
    Row(Span),
    /// One field that facts must have in common: the n-th of `same` or `by`.
    Common(Span, usize),
    /// What `if_absent` says, turned round.
    Absent(Span),
}

/// Which kind of example shows that a condition is needed: without it there are more findings, or fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    Good,
    Bad,
    /// Both can be: what is taken away decides what is compared.
    Either,
}

impl Shown {
    fn opposite(self) -> Self {
        match self {
            Self::Good => Self::Bad,
            Self::Bad => Self::Good,
            Self::Either => Self::Either,
        }
    }

    /// What would show that `what` is needed.
    fn advice(self, what: &str) -> String {
        match self {
            Self::Good => format!("add to a good example what only {what} keeps clean"),
            Self::Bad => format!("add to a bad example what only {what} catches"),
            Self::Either => format!("add an example that only {what} decides"),
        }
    }
}

/// Warnings for the conditions that no example depends on.
pub(super) fn unneeded(spec: &Spec, runs: &[Run<'_>]) -> Vec<Diagnostic> {
    let before: Vec<Verdict> = runs.iter().map(|run| run.verdict(&run.policy)).collect();
    let mut cuts = BTreeSet::new();
    for run in runs {
        each_cond(&run.policy, &mut |cond, whole, shown| {
            gather(cond, whole, shown, spec, &mut cuts);
        });
    }
    cuts.extend(rows(spec));
    cuts.extend(commons(spec));
    cuts.extend(absent(spec));
    let needed = |cut: &Cut| {
        let changes = |(run, before): (&Run<'_>, &Verdict)| {
            run.verdict(&cut.applied(&run.policy, spec)) != *before
        };
        runs.iter().zip(&before).any(changes)
    };
    cuts.into_iter()
        .filter(|cut| !needed(cut))
        .map(|cut| warning(cut, spec, runs))
        .collect()
}

fn warning(cut: Cut, spec: &Spec, runs: &[Run<'_>]) -> Diagnostic {
    let text = &spec.source.text;
    let (span, what, note) = match cut {
        Cut::Clause(key, shown) => (
            key,
            format!("`{}`", whole(runs, key, text)),
            shown.advice("this condition"),
        ),
        Cut::Branch(key, shown) => (
            key,
            "this alternative".to_owned(),
            shown.advice("this alternative"),
        ),
        Cut::Row(name) => (
            name,
            "this row".to_owned(),
            Shown::Bad.advice("this row"),
        ),
        Cut::Absent(span) => return absent_warning(spec, span),
        Cut::Common(field, _) => (
            field,
            format!("`{}` being the same", field.of(text)),
            "add an example that only this field decides: facts that differ in it and in nothing else".to_owned(),
        ),
    };
    let title = format!("no example of `{}` depends on {what}", spec.id.text);
    Diagnostic::warning("P017", spec.at(span), title)
        .label("delete it and every example still passes")
        .note(note)
}

fn absent_warning(spec: &Spec, span: Span) -> Diagnostic {
    let title = format!("no example of `{}` depends on `if_absent`", spec.id.text);
    Diagnostic::warning("P017", spec.at(span), title)
        .label("say the opposite and every example still passes")
        .note("add an example with a fact that lacks the field: a bad one for `fail`, a good one for `pass`")
}

/// `if_absent`, where the policy has one.
fn absent(spec: &Spec) -> Option<Cut> {
    match &spec.body {
        Written::Rule(rule) => rule.if_absent.map(|one| Cut::Absent(one.span)),
        Written::Matrix(_) => None,
    }
}

/// The rows of a matrix, by the places of their names.
fn rows(spec: &Spec) -> Vec<Cut> {
    match &spec.body {
        Written::Rule(_) => Vec::new(),
        Written::Matrix(matrix) => {
            let rows = matrix.rows.iter();
            rows.map(|row| Cut::Row(row.name.span)).collect()
        }
    }
}

/// The fields of `same` and `by`.
fn commons(spec: &Spec) -> Vec<Cut> {
    let Written::Rule(rule) = &spec.body else {
        return Vec::new();
    };
    let Some((_, assertion)) = &rule.assertion else {
        return Vec::new();
    };
    let fields = |key: &str| match assertion.get(key) {
        Some(list) if list.is_seq() => list.items().iter().map(|item| item.span).collect(),
        Some(map) if map.is_map() => map.entries().iter().map(|pair| pair.key.span).collect(),
        Some(one) => vec![one.span],
        None => Vec::new(),
    };
    let same: Vec<Span> = fields("same");
    let all = same.into_iter().enumerate();
    all.chain(fields("by").into_iter().enumerate())
        .map(|(at, span)| Cut::Common(span, at))
        .collect()
}

impl Cut {
    fn applied(self, policy: &Policy, spec: &Spec) -> Policy {
        let mut policy = policy.clone();
        if let Self::Row(name) = self {
            let name = slug(name.of(&spec.source.text));
            Arc::make_mut(&mut policy.rules).retain(|rule| !is_of_row(rule, &name));
        }
        for rule in Arc::make_mut(&mut policy.rules) {
            let mut conds = rule.assertion.conds_mut();
            conds.push(&mut rule.select);
            for cond in conds {
                match self {
                    Self::Clause(key, _) => cond.drop_clause(key),
                    Self::Branch(key, _) => cond.drop_branch(key),
                    Self::Row(_) | Self::Common(..) | Self::Absent(_) => {}
                }
            }
            if let Self::Common(_, at) = self {
                drop_common(&mut rule.assertion, at);
            }
            if let (Self::Absent(_), Assertion::Must { absent, .. }) = (self, &mut rule.assertion) {
                *absent = !*absent;
            }
            relayer(rule);
        }
        policy
    }
}

/// Whether a rule is a cell of that row; rows are called `row@environment`.
fn is_of_row(rule: &Rule, name: &str) -> bool {
    let row = rule.row.as_deref().and_then(|row| row.rsplit_once('@'));
    row.is_some_and(|(row, _)| row == name)
}

fn drop_common(assertion: &mut Assertion, at: usize) {
    match assertion {
        Assertion::Exists(join) | Assertion::NotExists(join) => {
            remove(&mut join.same, at);
        }
        Assertion::Differ { group, .. } | Assertion::Agree(group) => {
            remove(&mut group.by, at);
        }
        Assertion::Parity(parity) => {
            remove(&mut parity.group.by, at);
        }
        Assertion::Must { .. } | Assertion::MustNot { .. } => {}
    }
}

fn remove<T>(list: &mut Vec<T>, at: usize) {
    if at < list.len() {
        list.remove(at);
    }
}

/// Who takes `layer` away gets effective facts, as an author who never wrote it does.
fn relayer(rule: &mut Rule) {
    rule.any_layer = chooses_layer(&rule.select);
    if let Assertion::Exists(join) | Assertion::NotExists(join) = &mut rule.assertion {
        join.any_layer = join.items.iter().any(|item| chooses_layer(&item.select));
    }
}

/// What counts as the result of an example: its places, or whether there are any where it does not say which.
#[derive(PartialEq, Eq)]
enum Verdict {
    Places(Vec<String>),
    Any(bool),
}

impl Run<'_> {
    fn verdict(&self, policy: &Policy) -> Verdict {
        let Outcome { places, .. } = self.outcome(policy);
        if self.example.bad && self.example.expect.is_none() {
            Verdict::Any(!places.is_empty())
        } else {
            Verdict::Places(places)
        }
    }
}

/// Every condition of a policy, with whether its last test is a question of its own (the demand is what the policy is) and
/// which example shows that a test of it is needed.
fn each_cond(policy: &Policy, each: &mut impl FnMut(&Cond, bool, Shown)) {
    for rule in policy.rules.iter() {
        each(&rule.select, true, Shown::Good);
        let demand = matches!(
            rule.assertion,
            Assertion::Must { .. } | Assertion::MustNot { .. }
        );
        for cond in rule.assertion.conds() {
            each(cond, !demand, shown(&rule.assertion));
        }
    }
}

/// What a demand that asks for less changes: `must` and `exists` then let more pass, the others less.
fn shown(assertion: &Assertion) -> Shown {
    match assertion {
        Assertion::Must { .. } | Assertion::Exists(_) => Shown::Bad,
        Assertion::MustNot { .. } | Assertion::NotExists(_) => Shown::Good,
        Assertion::Differ { .. } | Assertion::Agree(_) | Assertion::Parity(_) => Shown::Either,
    }
}

/// What can be taken from a condition; those of another file's policy are that file's business. Where `whole` is set the
/// last test of the condition can be taken too; elsewhere nothing would be left to ask about.
fn gather(cond: &Cond, whole: bool, shown: Shown, spec: &Spec, cuts: &mut BTreeSet<Cut>) {
    let own = cond
        .source
        .as_ref()
        .is_some_and(|source| Arc::ptr_eq(source, &spec.source));
    if !own {
        return;
    }
    for clause in &cond.clauses {
        // What names the identifiers decides which are read at all: without it there is nothing to compare with.
        let decides =
            matches!(&clause.body, Body::Test { field, .. } if *field == code_symbol::NAME);
        if !decides && (whole || cond.clauses.len() > 1) {
            cuts.insert(Cut::Clause(clause.key, shown));
        }
        match &clause.body {
            Body::Test { .. } => {}
            Body::Not(cond) => gather(cond, false, shown.opposite(), spec, cuts),
            Body::All(conds) => {
                for cond in conds {
                    gather(cond, true, shown, spec, cuts);
                }
            }
            Body::Any(conds) => {
                for cond in conds {
                    let first = cond.clauses.first();
                    // One alternative less asks for more.
                    cuts.extend(first.map(|first| Cut::Branch(first.key, shown.opposite())));
                    gather(cond, false, shown, spec, cuts);
                }
            }
        }
    }
}

/// A clause as it was written.
fn whole(runs: &[Run<'_>], key: Span, text: &str) -> String {
    let mut written = None;
    for run in runs {
        each_cond(&run.policy, &mut |cond, _, _| {
            if let Some(found) = cond.written(key) {
                written = Some(found);
            }
        });
    }
    written.unwrap_or_else(|| key.of(text).to_owned())
}
