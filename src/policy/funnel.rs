//! Why a policy looks at nothing, or at too much: how many facts each condition leaves over, and what the field that let
//! none through had in it.

use std::collections::BTreeSet;
use std::fmt;

use super::cond::{Body, Clause, Cond};
use super::evaluate::{Input, evaluate};
use super::message::{few, shown};
use super::policy::{Across, Assertion, Group, Policy, Rule};
use crate::model::{Environments, Fact, Field, Kind, Str, Val};

/// How many different values are shown.
const VALUES: usize = 5;

/// Facts of one kind on their way through the conditions of one rule.
#[derive(Clone, Debug)]
pub struct Funnel {
    pub kind: Kind,
    pub total: usize,
    pub steps: Vec<Step>,
    /// Facts that came through and are compared with nothing.
    pub aside: Option<Aside>,
    /// How `must` or `must_not` answers of those that came through.
    pub answer: Option<Answer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub word: &'static str,
    /// Facts that satisfy the condition.
    pub held: usize,
    /// The fields it tests, with the values they have.
    pub tested: Vec<(&'static str, Vec<String>)>,
}

impl Answer {
    fn of(rule: &Rule, selected: &[&Fact], environments: &Environments) -> Option<Self> {
        let (word, demand) = match &rule.assertion {
            Assertion::Must { demand, .. } => ("must", demand),
            Assertion::MustNot { demand } => ("must_not", demand),
            _ => return None,
        };
        let holds = |fact: &&&Fact| match &rule.assertion {
            Assertion::Must { absent, .. } => demand.holds(fact, *absent),
            _ => demand.matches(fact),
        };
        let mut fields: Vec<Field> = Vec::new();
        demand.tests(&mut |field, _| {
            if !fields.contains(&field) {
                fields.push(field);
            }
        });
        (!selected.is_empty() && !fields.is_empty()).then(|| Self {
            word,
            held: selected.iter().filter(holds).count(),
            tested: fields
                .into_iter()
                .map(|field| (field.schema().name, texts(field, selected, environments)))
                .collect(),
        })
    }
}

/// A comparison passes over facts that lack a field it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    pub count: usize,
    /// Names of the fields, in the order the policy has them.
    pub lacks: Vec<&'static str>,
}

impl Aside {
    fn of(rule: &Rule, selected: &[&Fact]) -> Option<Self> {
        let needed = needed(rule.assertion.group()?);
        let absent = |fact: &Fact, field: Field| matches!(fact.get(field), Val::Absent);
        let aside: Vec<&&Fact> = selected
            .iter()
            .filter(|fact| needed.iter().any(|field| absent(fact, *field)))
            .collect();
        let lacked = |field: &&Field| aside.iter().any(|fact| absent(fact, **field));
        let lacks = needed.iter().filter(lacked);
        (!aside.is_empty()).then(|| Self {
            count: aside.len(),
            lacks: lacks.map(|field| field.schema().name).collect(),
        })
    }
}

/// The fields without which a fact is not compared.
fn needed(group: &Group) -> Vec<Field> {
    let across = match group.across {
        Across::Field(field) => Some(field),
        Across::Fact => None,
    };
    let mut fields = Vec::new();
    for field in group
        .by
        .iter()
        .copied()
        .chain(across)
        .chain(group.value.iter().copied())
    {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

impl fmt::Display for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let takes = if self.count == 1 { "takes" } else { "take" };
        let lacks = self.lacks.join("`, `");
        write!(f, "{} {takes} no part: no `{lacks}`", self.count)
    }
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
            aside: None,
            answer: None,
        };
        if !rule.any_layer {
            funnel.implied(
                &mut left,
                "layer: effective (what holds after merging)",
                |fact| fact.layer.is("effective"),
            );
        }
        if let Some(envs) = rule.envs {
            let text = format!("env: {}", environments.names(envs).join(", "));
            funnel.implied(&mut left, &text, |fact| {
                fact.env.is_some_and(|env| envs.has(env))
            });
        }
        funnel.clauses(&rule.select, &mut left, environments);
        funnel.aside = Aside::of(rule, &left);
        funnel.answer = Answer::of(rule, &left, environments);
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
    Some((
        field.schema().name.to_owned(),
        texts(*field, facts, environments),
    ))
}

/// The different values of a field.
fn texts(field: Field, facts: &[&Fact], environments: &Environments) -> Vec<String> {
    let texts: BTreeSet<String> = facts
        .iter()
        .map(|fact| match fact.get(field) {
            Val::Absent => "absent".to_owned(),
            Val::Str("") => "empty".to_owned(),
            Val::List([]) => "an empty list".to_owned(),
            value => shown(value, environments),
        })
        .collect();
    texts.into_iter().collect()
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
        if let Some(aside) = &self.aside {
            write!(f, "; {aside}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Env;
    use crate::policy::testing::{dotenv, image_of, policy};

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
    fn what_a_comparison_passes_over_is_told() {
        let rule = policy(
            "for: image\nwhere: {env: [staging, production]}\nagree: {across: env, value: tag}",
        );
        let facts = [
            image_of("a.yml", Env::STAGING, Some("15")),
            image_of("b.yml", Env::PRODUCTION, None),
        ];
        let funnel = Funnel::of(&rule.rules[0], facts.iter(), &Environments::default());
        assert_eq!(
            funnel.to_string(),
            "2 image; `env: [staging, production]` leaves 2; 1 takes no part: no `tag`"
        );
    }

    #[test]
    fn what_a_demand_answers_is_told() {
        let rule = policy("for: var\nwhere: {name: DEBUG}\nmust: {truthy: false}\nif_absent: pass");
        let facts = dotenv("a.env", None, "DEBUG=true\n");
        let answer = Funnel::of(&rule.rules[0], facts.iter(), &Environments::default()).answer;
        let answer = answer.unwrap();
        assert_eq!((answer.word, answer.held), ("must", 0));
        assert_eq!(answer.tested, [("truthy", vec!["true".to_owned()])]);
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
