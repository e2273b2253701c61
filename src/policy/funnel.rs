//! Why a policy looks at nothing, or at too much: how many facts each condition leaves over, and what the field that let
//! none through had in it.

use std::collections::BTreeSet;
use std::fmt;

use super::cond::{Body, Clause, Cond};
use super::evaluate::{Input, evaluate};
use super::message::{few, shown};
use super::policy::{Policy, Rule};
use crate::model::{Environments, Fact, Kind, Str, Val};

/// How many different values are shown.
const VALUES: usize = 5;

/// Facts of one kind on their way through the conditions of one rule.
#[derive(Clone, Debug)]
pub struct Funnel {
    pub kind: Kind,
    pub total: usize,
    pub steps: Vec<Step>,
}

/// One condition.
#[derive(Clone, Debug)]
pub struct Step {
    /// As the author wrote it.
    pub text: String,
    pub left: usize,
    /// Field and values of the facts that came this far, where none went on.
    pub was: Option<(String, Vec<String>)>,
}

impl Funnel {
    pub fn of<'a>(
        rule: &Rule,
        facts: impl Iterator<Item = &'a Fact>,
        environments: &Environments,
    ) -> Self {
        let mut left: Vec<&Fact> = facts.filter(|fact| fact.kind == rule.kind).collect();
        let mut funnel = Self {
            kind: rule.kind,
            total: left.len(),
            steps: Vec::new(),
        };
        if !rule.any_layer {
            funnel.implied(&mut left, "layer: effective", |fact| {
                fact.layer.is("effective")
            });
        }
        if let Some(envs) = rule.envs {
            let text = format!("env: {}", environments.names(envs).join(", "));
            funnel.implied(&mut left, &text, |fact| {
                fact.env.is_some_and(|env| envs.has(env))
            });
        }
        funnel.clauses(&rule.select, &mut left, environments);
        funnel
    }

    /// Facts that came through everything.
    pub fn selected(&self) -> usize {
        self.steps.last().map_or(self.total, |step| step.left)
    }

    /// A condition nobody wrote is told only where it takes something away.
    fn implied(&mut self, left: &mut Vec<&Fact>, text: &str, test: impl Fn(&Fact) -> bool) {
        let before = left.len();
        left.retain(|fact| test(fact));
        if left.len() < before {
            self.steps.push(Step {
                text: text.to_owned(),
                left: left.len(),
                was: None,
            });
        }
    }

    fn clauses(&mut self, select: &Cond, left: &mut Vec<&Fact>, environments: &Environments) {
        let mut clauses: Vec<&Clause> = select.clauses.iter().collect();
        clauses.sort_by_key(|clause| clause.key);
        for clause in clauses {
            let came = left.clone();
            left.retain(|fact| clause.matches(fact));
            let was = (left.is_empty() && !came.is_empty())
                .then(|| values(clause, &came, environments))
                .flatten();
            self.steps.push(Step {
                text: select.text(clause),
                left: left.len(),
                was,
            });
            if left.is_empty() {
                break;
            }
        }
    }
}

/// What one rule of a policy makes of one fact: `envguard explain ID FILE:LINE`.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Position of the fact.
    pub fact: usize,
    /// `row@environment` of a matrix.
    pub row: Option<Str>,
    /// The conditions up to the one that lets the fact go.
    pub funnel: Funnel,
    pub selected: bool,
    /// Some finding is about it.
    pub found: bool,
}

/// How a policy sees the facts that `wanted` points at, each by itself.
pub fn verdicts(
    policy: &Policy,
    input: &Input<'_>,
    wanted: &dyn Fn(&Fact) -> bool,
) -> Vec<Verdict> {
    let findings = evaluate(std::slice::from_ref(policy), input).findings;
    let mut verdicts = Vec::new();
    for (at, fact) in input.facts.iter().enumerate() {
        if !wanted(fact) {
            continue;
        }
        for rule in policy.rules.iter().filter(|rule| rule.kind == fact.kind) {
            let funnel = Funnel::of(rule, std::iter::once(fact), input.environments);
            verdicts.push(Verdict {
                fact: at,
                row: rule.row.clone(),
                selected: funnel.selected() == 1,
                funnel,
                found: findings
                    .iter()
                    .any(|one| one.row == rule.row && one.facts.contains(&at)),
            });
        }
    }
    verdicts
}

fn values(
    clause: &Clause,
    facts: &[&Fact],
    environments: &Environments,
) -> Option<(String, Vec<String>)> {
    let Body::Test { field, .. } = &clause.body else {
        return None;
    };
    let texts: BTreeSet<String> = facts
        .iter()
        .map(|fact| match fact.get(*field) {
            Val::Absent => "absent".to_owned(),
            Val::Str("") => "empty".to_owned(),
            Val::List([]) => "an empty list".to_owned(),
            value => shown(value, environments),
        })
        .collect();
    Some((field.schema().name.to_owned(), texts.into_iter().collect()))
}

impl fmt::Display for Funnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.total, self.kind.name())?;
        if self.total == 0 {
            return Ok(());
        }
        for step in &self.steps {
            write!(f, "; `{}` leaves {}", step.text, step.left)?;
            if let Some((field, values)) = &step.was {
                write!(f, "; `{field}` was: {}", few(values, VALUES))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Env;
    use crate::policy::testing::{dotenv, policy};

    #[test]
    fn a_place_is_told_which_condition_let_it_go() {
        let rule =
            policy("for: var\nwhere: {name: DEBUG, env: production}\nmust_not: {truthy: true}");
        let facts = dotenv(".env.staging", Some(Env::STAGING), "DEBUG=true\n");
        let environments = Environments::default();
        let input = Input::new(&facts, &environments);
        let verdict = &verdicts(&rule, &input, &|_| true)[0];
        assert!(!verdict.selected && !verdict.found);
        assert_eq!(
            verdict.funnel.to_string(),
            "1 var; `name: DEBUG` leaves 1; `env: production` leaves 0; `env` was: staging"
        );
    }

    #[test]
    fn what_may_be_secret_is_not_told() {
        let rule = policy("for: var\nwhere: {value: x}\nmust_not: {truthy: true}");
        let facts = dotenv("a.env", None, "A=hunter2\nB=true\n");
        let funnel = Funnel::of(&rule.rules[0], facts.iter(), &Environments::default());
        assert_eq!(
            funnel.to_string(),
            "2 var; `value: x` leaves 0; `value` was: ***, true"
        );
    }
}
