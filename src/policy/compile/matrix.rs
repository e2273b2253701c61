//! A matrix becomes rules: one for each cell that demands something. A row that names a policy is filled in later, when
//! all policies are known (`link`).

use std::collections::BTreeSet;

use super::{Setting, demand};
use crate::model::schema::{Common, environment};
use crate::model::{EnvSet, Kind, Severity, Str};
use crate::policy::check::{Checker, Literal, chooses_layer};
use crate::policy::cond::Cond;
use crate::policy::diagnostic::{At, Diagnostic};
use crate::policy::message::{Template, Word};
use crate::policy::policy::{Assertion, Grade, Item, Join, Rule};
use crate::policy::spec::{Cell, CellSpec, MatrixSpec, RowKind, RowSpec, SeveritySpec, Spec, Text};

pub(super) fn rules(
    checker: &mut Checker<'_>,
    spec: &Spec,
    matrix: &MatrixSpec,
    setting: &Setting,
) -> Vec<Rule> {
    repeated_rows(checker, matrix);
    let severity = match &spec.severity {
        SeveritySpec::Fixed(severity) => *severity,
        SeveritySpec::By { table, .. } => {
            let at = checker.reader.at(table.span);
            let title = "the severity of a matrix cannot depend on a field";
            let label = "its rows select different facts; write `severity` into the row";
            checker
                .reader
                .say(Diagnostic::error("P005", at, title).label(label));
            Severity::Medium
        }
    };
    let mut rules = Vec::new();
    for row in &matrix.rows {
        let severity = setting.severity.or(row.severity).unwrap_or(severity);
        match &row.what {
            RowKind::Facts { kind, select } => {
                let Some(kind) = checker.kind(kind) else {
                    continue;
                };
                let select = checker.optional_cond(kind, select.as_ref());
                let row = Row {
                    spec: row,
                    kind,
                    select,
                    severity,
                };
                for cell in &row.spec.cells {
                    row.cell(checker, cell, &mut rules);
                }
            }
            RowKind::Policy(_) => {
                for cell in &row.cells {
                    env_set(checker, &cell.env);
                }
            }
        }
    }
    rules
}

fn repeated_rows(checker: &mut Checker<'_>, matrix: &MatrixSpec) {
    let mut seen = BTreeSet::new();
    for row in &matrix.rows {
        let slug = slug(&row.name.text);
        if seen.contains(&slug) && !checker.reader.is_full() {
            let at = checker.reader.at(row.name.span);
            let title = format!("two rows are called `{slug}`");
            let label = "findings are named by row and environment; give it a name of its own";
            checker
                .reader
                .say(Diagnostic::error("P013", at, title).label(label));
        }
        seen.insert(slug);
    }
}

/// A row's name as findings carry it: `Demo seed endpoints` is `demo-seed-endpoints`.
pub(in crate::policy) fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

/// The environments of a column.
pub(in crate::policy) fn env_set(checker: &mut Checker<'_>, env: &Text) -> Option<EnvSet> {
    let literal = Literal::new(&env.text, checker.reader.at(env.span));
    checker.env_set(&[literal])
}

struct Row<'s> {
    spec: &'s RowSpec,
    kind: Kind,
    select: Cond,
    severity: Severity,
}

impl Row<'_> {
    fn cell(&self, checker: &mut Checker<'_>, cell: &CellSpec, rules: &mut Vec<Rule>) {
        let Some(envs) = env_set(checker, &cell.env) else {
            return;
        };
        let mut push = |assertion: Assertion, says: &str, note: Option<&Str>| {
            rules.push(self.rule(&cell.env.text, envs, assertion, says, note));
        };
        match &cell.cell {
            Cell::Allowed => {}
            Cell::Forbidden => push(FORBIDDEN, "forbidden in {envs}", None),
            Cell::Required => push(self.required(), REQUIRED, None),
            Cell::Demand {
                required,
                must,
                must_not,
                if_absent,
                note,
            } => {
                let says = match note {
                    Some(_) => "{note} in {envs}",
                    None => "not what the matrix says for {envs}",
                };
                let note = note.as_ref();
                let pinned = [Common::Env.field()];
                let must = must.as_ref().and_then(|node| {
                    demand::must(checker, self.kind, &self.select, node, *if_absent, &pinned)
                });
                if let Some(must) = must {
                    push(must, says, note);
                }
                if let Some(node) = must_not {
                    let demand = checker.cond(self.kind, node);
                    push(Assertion::MustNot { demand }, says, note);
                }
                if *required {
                    push(self.required(), REQUIRED, note);
                }
            }
        }
    }

    /// Every such environment that the repository has needs one of the row's facts.
    fn required(&self) -> Assertion {
        let env = Common::Env.field();
        Assertion::Exists(Join {
            kind: self.kind,
            any_layer: chooses_layer(&self.select),
            same: vec![(env, env)],
            items: vec![Item {
                text: None,
                envs: None,
                select: self.select.clone(),
            }],
        })
    }

    fn rule(
        &self,
        column: &str,
        envs: EnvSet,
        assertion: Assertion,
        says: &str,
        note: Option<&Str>,
    ) -> Rule {
        let of_environment = matches!(assertion, Assertion::Exists(_));
        let (kind, select) = if of_environment {
            (environment::KIND, Cond::default())
        } else {
            (self.kind, self.select.clone())
        };
        let name = &self.spec.name.text;
        Rule {
            row: Some(Str::from(format!("{}@{column}", slug(name)))),
            kind,
            any_layer: chooses_layer(&select),
            select,
            envs: Some(envs),
            assertion,
            per_project: false,
            grade: Grade::Fixed(self.severity),
            message: sentence(name, says, kind),
            note: note.cloned(),
            edit: None,
            borrowed: None,
        }
    }
}

/// Whatever the row selects must not be.
const FORBIDDEN: Assertion = Assertion::MustNot {
    demand: Cond {
        clauses: Vec::new(),
        source: None,
    },
};

const REQUIRED: &str = "required in {envs}, and there is none";

/// "Row: what is wrong". The row's name is text, whatever braces it holds.
fn sentence(row: &str, says: &str, kind: Kind) -> Template {
    let subject = ["name", "of", "ref", "id"]
        .iter()
        .find(|name| kind != environment::KIND && kind.field(name).is_some());
    let subject = subject.map_or(String::new(), |name| format!(" ({{{name}}})"));
    let escaped = row.replace('{', "{{").replace('}', "}}");
    let text = format!("{escaped}{subject}: {says}");
    let nowhere = At::new(&std::sync::Arc::default(), crate::model::Span::default());
    // Fixed words and a field that was just looked up: there is nothing left to be wrong.
    Template::compile(&text, &nowhere, kind, &[Word::Envs, Word::Note]).unwrap_or_default()
}
