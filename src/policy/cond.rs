//! Conditions as they are evaluated: typed tests on the fields of one fact. Logic is two-valued; a test on an absent
//! field is false, except `present: false` and where a policy says `if_absent`.

use std::sync::Arc;

use super::diagnostic::Source;
use super::pattern::{Glob, Pattern};
use crate::model::schema::Common;
use crate::model::{Env, EnvSet, Fact, Field, Span, Str, Val};

/// A map of tests, all of which must hold.
#[derive(Clone, Debug, Default)]
pub struct Cond {
    pub clauses: Vec<Clause>,
    /// Where the text of the clauses stands.
    pub source: Option<Arc<Source>>,
}

/// One entry of a condition.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The field or the word `any`, `all`, `not`; names the clause in the mutation check.
    pub key: Span,
    /// Key and value.
    pub span: Span,
    pub body: Body,
}

#[derive(Clone, Debug)]
pub enum Body {
    Test { field: Field, preds: Vec<Pred> },
    Any(Vec<Cond>),
    All(Vec<Cond>),
    Not(Cond),
}

/// One typed test of one field.
#[derive(Clone, Debug)]
pub enum Pred {
    Present(bool),
    /// One of these texts, sorted; for words of the schema too.
    Text(Vec<Str>),
    Glob(Vec<Glob>),
    Regex(Vec<Pattern>),
    Empty(bool),
    Int(Vec<i64>),
    Compare(Order, i64),
    Bool(bool),
    Env(EnvSet),
    /// A fact whose layer is both is written and effective.
    Layer(Vec<Str>),
    Same(Field),
    Includes(Vec<Str>),
    IncludesAll(Vec<Str>),
    IncludesGlob(Vec<Glob>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Gt,
    Ge,
    Lt,
    Le,
}

impl Cond {
    /// Whether the fact satisfies it.
    pub fn matches(&self, fact: &Fact) -> bool {
        self.clauses.iter().all(|clause| clause.matches(fact))
    }

    /// As `matches`, but a test on an absent field counts as `absent` says, whatever stands around it.
    pub fn holds(&self, fact: &Fact, absent: bool) -> bool {
        self.clauses.iter().all(|clause| clause.holds(fact, absent))
    }

    /// Whether a fact may satisfy it of which only the place is known: its file and folder. `None` where the rest decides.
    pub fn by_place(&self, place: &Fact) -> Option<bool> {
        let known = |field: &Field| *field == Common::File.field() || *field == Common::Dir.field();
        self.by_fields(place, &known)
    }

    /// The same where certain fields are known.
    pub fn by_fields(&self, fact: &Fact, known: &dyn Fn(&Field) -> bool) -> Option<bool> {
        all(self
            .clauses
            .iter()
            .map(|clause| clause.by_fields(fact, known)))
    }

    /// Every test, nested ones too.
    pub fn tests(&self, each: &mut impl FnMut(Field, &[Pred])) {
        for clause in &self.clauses {
            match &clause.body {
                Body::Test { field, preds } => each(*field, preds),
                Body::Any(conds) | Body::All(conds) => {
                    for cond in conds {
                        cond.tests(each);
                    }
                }
                Body::Not(cond) => cond.tests(each),
            }
        }
    }

    /// True when some test, nested ones too, asks about this field.
    pub fn mentions(&self, field: Field) -> bool {
        let mut found = false;
        self.tests(&mut |tested, _| found |= tested == field);
        found
    }

    /// The texts of which it wants one in a field; `None` where other texts may satisfy it.
    pub fn listed(&self, field: Field) -> Option<Vec<&str>> {
        self.clauses.iter().find_map(|clause| match &clause.body {
            Body::Test { field: of, preds } if *of == field => preds.iter().find_map(|pred| {
                let Pred::Text(texts) = pred else {
                    return None;
                };
                Some(texts.iter().map(AsRef::as_ref).collect())
            }),
            Body::Any(conds) => {
                let each = conds.iter().map(|cond| cond.listed(field));
                each.collect::<Option<Vec<_>>>().map(|all| all.concat())
            }
            Body::All(conds) => conds.iter().find_map(|cond| cond.listed(field)),
            Body::Test { .. } | Body::Not(_) => None,
        })
    }

    /// Removes top-level tests of a field.
    pub fn drop_tests_of(&mut self, field: Field) {
        self.clauses.retain(
            |clause| !matches!(&clause.body, Body::Test { field: tested, .. } if *tested == field),
        );
    }

    /// Removes the clause whose key stands at `key`, at any depth.
    pub fn drop_clause(&mut self, key: Span) {
        self.clauses.retain(|clause| clause.key != key);
        for clause in &mut self.clauses {
            match &mut clause.body {
                Body::Any(conds) | Body::All(conds) => {
                    for cond in conds {
                        cond.drop_clause(key);
                    }
                }
                Body::Not(cond) => cond.drop_clause(key),
                Body::Test { .. } => {}
            }
        }
    }

    /// Removes the alternative of an `any` whose first key stands at `key`.
    pub fn drop_branch(&mut self, key: Span) {
        for clause in &mut self.clauses {
            match &mut clause.body {
                Body::Any(conds) => {
                    conds.retain(|cond| cond.clauses.first().is_none_or(|first| first.key != key));
                    for cond in conds {
                        cond.drop_branch(key);
                    }
                }
                Body::All(conds) => {
                    for cond in conds {
                        cond.drop_branch(key);
                    }
                }
                Body::Not(cond) => cond.drop_branch(key),
                Body::Test { .. } => {}
            }
        }
    }

    /// The clause whose key stands at `key`, at any depth, as it was written.
    pub fn written(&self, key: Span) -> Option<String> {
        self.clauses.iter().find_map(|clause| {
            if clause.key == key {
                return Some(self.text(clause));
            }
            match &clause.body {
                Body::Any(conds) | Body::All(conds) => {
                    conds.iter().find_map(|cond| cond.written(key))
                }
                Body::Not(cond) => cond.written(key),
                Body::Test { .. } => None,
            }
        })
    }

    /// Text of a clause as the author wrote it, in one line.
    pub fn text(&self, clause: &Clause) -> String {
        let text = self.source.as_ref().map_or("", |source| &source.text);
        let words: Vec<&str> = clause.span.of(text).split_whitespace().collect();
        let line = words.join(" ");
        if line.chars().count() <= 100 {
            return line;
        }
        line.chars().take(99).chain(['…']).collect()
    }
}

impl Clause {
    pub fn matches(&self, fact: &Fact) -> bool {
        match &self.body {
            Body::Test { field, preds } => {
                let value = fact.get(*field);
                preds.iter().all(|pred| pred.matches(value, fact))
            }
            Body::Any(conds) => conds.iter().any(|cond| cond.matches(fact)),
            Body::All(conds) => conds.iter().all(|cond| cond.matches(fact)),
            Body::Not(cond) => !cond.matches(fact),
        }
    }

    fn by_fields(&self, place: &Fact, known: &dyn Fn(&Field) -> bool) -> Option<bool> {
        match &self.body {
            Body::Test { field, preds } => {
                let value = place.get(*field);
                all(preds.iter().map(|pred| match pred {
                    Pred::Same(other) if !known(other) => None,
                    _ if !known(field) => None,
                    _ => Some(pred.matches(value, place)),
                }))
            }
            Body::Any(conds) => {
                let of = |cond: &Cond| cond.by_fields(place, known).map(|is| !is);
                let none = all(conds.iter().map(of));
                none.map(|is| !is)
            }
            Body::All(conds) => all(conds.iter().map(|cond| cond.by_fields(place, known))),
            Body::Not(cond) => cond.by_fields(place, known).map(|is| !is),
        }
    }

    fn holds(&self, fact: &Fact, absent: bool) -> bool {
        match &self.body {
            Body::Test { field, preds } => {
                let value = fact.get(*field);
                preds.iter().all(|pred| {
                    if pred.asks_absent(value, fact) {
                        absent
                    } else {
                        pred.matches(value, fact)
                    }
                })
            }
            Body::Any(conds) => conds.iter().any(|cond| cond.holds(fact, absent)),
            Body::All(conds) => conds.iter().all(|cond| cond.holds(fact, absent)),
            Body::Not(cond) => !cond.holds(fact, !absent),
        }
    }
}

impl Pred {
    pub fn text(mut texts: Vec<Str>) -> Self {
        texts.sort();
        texts.dedup();
        Self::Text(texts)
    }

    fn matches(&self, value: Val<'_>, fact: &Fact) -> bool {
        match self {
            Self::Present(wanted) => is_present(value) == *wanted,
            Self::Text(texts) => has_text(value, |text| is_one_of(texts, text)),
            Self::Glob(globs) => {
                has_text(value, |text| globs.iter().any(|glob| glob.matches(text)))
            }
            Self::Regex(all) => has_text(value, |text| all.iter().any(|one| one.matches(text))),
            Self::Empty(wanted) => match value {
                Val::List(items) => items.is_empty() == *wanted,
                other => has_text(other, |text| text.is_empty() == *wanted),
            },
            Self::Int(numbers) => matches!(value, Val::Int(number) if numbers.contains(&number)),
            Self::Compare(order, limit) => {
                matches!(value, Val::Int(number) if order.holds(number, *limit))
            }
            Self::Bool(wanted) => value == Val::Bool(*wanted),
            Self::Env(set) => matches!(value, Val::Env(env) if set.has(env)),
            Self::Layer(words) => words.iter().any(|word| fact.layer.is(word)),
            Self::Same(field) => same(value, fact.get(*field)),
            Self::Includes(wanted) => items(value).iter().any(|item| wanted.contains(item)),
            Self::IncludesAll(wanted) => {
                let items = items(value);
                !value.is_absent() && wanted.iter().all(|one| items.contains(one))
            }
            Self::IncludesGlob(globs) => items(value)
                .iter()
                .any(|item| globs.iter().any(|glob| glob.matches(item))),
        }
    }

    /// True when the answer hangs on a value that is not there.
    fn asks_absent(&self, value: Val<'_>, fact: &Fact) -> bool {
        match self {
            Self::Present(_) | Self::Layer(_) => false,
            Self::Same(field) => !is_present(value) || !is_present(fact.get(*field)),
            Self::Env(set) if set.has(Env::UNASSIGNED) => value.is_absent(),
            _ => !is_present(value),
        }
    }
}

impl Order {
    fn holds(self, number: i64, limit: i64) -> bool {
        match self {
            Self::Gt => number > limit,
            Self::Ge => number >= limit,
            Self::Lt => number < limit,
            Self::Le => number <= limit,
        }
    }
}

/// One answer that is no decides, one that is open leaves the whole open.
fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut open = false;
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => open = true,
        }
    }
    (!open).then_some(true)
}

/// A file whose environment nothing decides has none, as far as policies ask.
pub fn is_present(value: Val<'_>) -> bool {
    !matches!(value, Val::Absent | Val::Env(Env::UNASSIGNED))
}

/// Equality of two present values of the same fact or of two facts; absent equals nothing.
pub fn same(a: Val<'_>, b: Val<'_>) -> bool {
    match (a.text(), b.text()) {
        (Some(a), Some(b)) => a == b,
        (None, None) => is_present(a) && a == b,
        _ => false,
    }
}

/// True for the field `layer`, which is asked differently from the others.
pub fn is_layer(field: Field) -> bool {
    field == Common::Layer.field()
}

/// A short list is walked: most texts differ in their length already.
fn is_one_of(sorted: &[Str], text: &str) -> bool {
    if sorted.len() <= 8 {
        return sorted.iter().any(|one| **one == *text);
    }
    sorted.binary_search_by(|one| (**one).cmp(text)).is_ok()
}

fn has_text(value: Val<'_>, test: impl FnOnce(&str) -> bool) -> bool {
    value.text().is_some_and(test)
}

fn items(value: Val<'_>) -> &[Str] {
    match value {
        Val::List(items) => items,
        _ => &[],
    }
}
