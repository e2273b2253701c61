//! Runs compiled policies over facts. Facts are indexed by kind; each rule is one of three loops: judge facts one by one,
//! look for partners, or group and compare. All are linear, and the order of facts, policies and files changes nothing.

mod build;
mod group;
mod index;
mod join;
mod parity;
mod subject;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use super::policy::{Assertion, Policy, Rule};
use crate::model::{Environments, Fact, File, Finding, Severity, Span, Str};
use build::Raw;
pub use index::Index;

/// Fewer facts than this are judged before a thread has begun.
const WORTH_SHARING: usize = 1_500;

/// Line of a place, for messages that name places; facts know bytes only.
pub type LineOf<'a> = dyn Fn(&File, Span) -> Option<u32> + Sync + 'a;

/// What is judged.
pub struct Input<'a> {
    pub facts: &'a [Fact],
    pub environments: &'a Environments,
    pub line_of: Option<&'a LineOf<'a>>,
    /// `YYYY-MM-DD`, for policies that expire; there is no clock in here.
    pub today: Option<&'a str>,
}

impl<'a> Input<'a> {
    pub fn new(facts: &'a [Fact], environments: &'a Environments) -> Self {
        Self {
            facts,
            environments,
            line_of: None,
            today: None,
        }
    }
}

#[derive(Debug, Default)]
pub struct Evaluation {
    /// By path, place, policy.
    pub findings: Vec<Finding>,
    /// One for each policy, in the order they were given.
    pub stats: Vec<Stat>,
}

/// What became of one policy in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    pub policy: Str,
    pub state: State,
    /// Facts it looked at; a policy that looked at none has not passed.
    pub selected: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    On,
    Off,
    /// Waits for parameters.
    Dormant,
    Expired,
}

/// Everything the policies have to say about some facts.
pub fn evaluate(policies: &[Policy], input: &Input<'_>) -> Evaluation {
    let index = Index::new(input.facts);
    evaluate_indexed(policies, input, &index)
}

/// As `evaluate`, for facts that are judged more than once.
pub fn evaluate_indexed(policies: &[Policy], input: &Input<'_>, index: &Index) -> Evaluation {
    let one = |policy| asked(policy, input, index);
    // No policy looks at what another one found.
    let each: Vec<(Stat, Vec<Raw<'_>>)> = if input.facts.len() < WORTH_SHARING {
        policies.iter().map(one).collect()
    } else {
        policies.par_iter().map(one).collect()
    };
    let (stats, raws): (Vec<Stat>, Vec<Vec<Raw<'_>>>) = each.into_iter().unzip();
    let raws = raws.into_iter().flatten().collect();
    let findings = build::findings(raws, input, index);
    Evaluation { findings, stats }
}

/// What one policy noticed.
fn asked<'p>(policy: &'p Policy, input: &Input<'_>, index: &Index) -> (Stat, Vec<Raw<'p>>) {
    let state = state(policy, input.today);
    let (mut selected, mut raws) = (0, Vec::new());
    if state == State::On {
        let mut run = Run {
            input,
            index,
            policy,
            raws: &mut raws,
        };
        selected = policy.rules.iter().map(|rule| run.rule(rule)).sum();
    }
    let stat = Stat {
        policy: Str::clone(&policy.id),
        state,
        selected,
    };
    (stat, raws)
}

fn state(policy: &Policy, today: Option<&str>) -> State {
    let expired = policy
        .expires
        .as_deref()
        .zip(today)
        .is_some_and(|(last, today)| today > last);
    match () {
        () if !policy.on => State::Off,
        () if expired => State::Expired,
        () if !policy.dormant.is_empty() => State::Dormant,
        () => State::On,
    }
}

/// One policy at work.
struct Run<'r, 'p> {
    input: &'r Input<'r>,
    index: &'r Index,
    policy: &'p Policy,
    raws: &'r mut Vec<Raw<'p>>,
}

impl<'p> Run<'_, 'p> {
    /// Returns how many facts the rule looked at.
    fn rule(&mut self, rule: &'p Rule) -> usize {
        match &rule.assertion {
            Assertion::Must { demand, absent } => {
                self.each_fact(rule, |fact| !demand.holds(fact, *absent))
            }
            Assertion::MustNot { demand } => self.each_fact(rule, |fact| demand.matches(fact)),
            Assertion::Exists(join) => self.join(rule, join, true),
            Assertion::NotExists(join) => self.join(rule, join, false),
            Assertion::Differ { group, may_share } => self.differ(rule, group, may_share),
            Assertion::Agree(group) => self.agree(rule, group),
            Assertion::Parity(parity) => self.parity(rule, parity),
        }
    }

    fn each_fact(&mut self, rule: &'p Rule, breaks: impl Fn(&Fact) -> bool) -> usize {
        let mut selected = 0;
        for at in self.index.of(rule.kind) {
            let fact = &self.input.facts[*at as usize];
            if !self.selects(rule, fact) {
                continue;
            }
            selected += 1;
            if breaks(fact) {
                self.found(rule, *at);
            }
        }
        selected
    }

    fn selects(&self, rule: &Rule, fact: &Fact) -> bool {
        rule.selects(fact) && !fact.env.is_some_and(|env| self.policy.except.has(env))
    }

    fn selected(&self, rule: &Rule) -> Vec<u32> {
        let of_kind = self.index.of(rule.kind).iter();
        of_kind
            .copied()
            .filter(|at| self.selects(rule, self.fact(*at)))
            .collect()
    }

    fn fact(&self, at: u32) -> &Fact {
        &self.input.facts[at as usize]
    }

    /// A finding about one fact.
    fn found(&mut self, rule: &'p Rule, at: u32) -> Option<&mut Raw<'p>> {
        let severity = self.severity(rule, at)?;
        let raw = Raw::about(self.policy, rule, at, severity, self.fact(at));
        self.raws.push(raw);
        self.raws.last_mut()
    }

    /// `None` where the policy's table says `off`.
    fn severity(&self, rule: &Rule, at: u32) -> Option<Severity> {
        rule.grade.of(self.fact(at))
    }
}
