//! From facts to settled findings.

use std::collections::BTreeMap;

use globset::{GlobSet, GlobSetBuilder};

use super::{Error, Request, Understood, rules, understand};
use crate::config::date::Date;
use crate::config::{Allow, FailOn, Level};
use crate::model::settled::{Grant, Settled};
use crate::model::{Document, EnvSet, Fact, File, Finding, Span};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::{self, Cond, Evaluation, Policy, State};
use crate::settle::{self, Allowance};

/// How to judge.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Only these policies; all that are on, if empty.
    pub only: Vec<String>,
    pub skip: Vec<String>,
    /// Over the configuration's own.
    pub fail_on: Option<FailOn>,
    /// Show what is known or allowed, too.
    pub all: bool,
    pub today: Date,
}

/// Everything one run has to say.
pub fn check(request: &Request, ask: &Ask) -> Result<Settled, Error> {
    let understood = understand(request)?;
    let policies = chosen(rules::policies(&understood)?, ask)?;
    let allows = Allows::compile(&understood, &policies, ask.today)?;
    let evaluation = evaluate(&understood, &policies, ask.today);
    let asked = || {
        evaluation
            .stats
            .iter()
            .filter(|stat| stat.state == State::On)
    };
    let run = settle::Run {
        documents: &understood.resolved.documents,
        facts: &understood.resolved.facts,
        environments: &understood.lexicon.environments,
        policies: asked().count(),
        idle: asked().filter(|stat| stat.selected == 0).count(),
        problems: understood.problems.clone(),
        skipped: understood.skipped.clone(),
    };
    let options = settle::Options {
        root: &understood.opened.root_name,
        focus: &|path| understood.opened.focus.has(path),
        fail_on: match ask.fail_on.unwrap_or(understood.config.fail_on) {
            FailOn::At(severity) => Some(severity),
            FailOn::Never => None,
        },
        all: ask.all,
        allowances: &allows.allowances(),
        known: &|_| false,
    };
    let mut settled = settle::settle(by_path(evaluation.findings, &understood), &run, &options);
    settled.summary.elapsed = Some(understood.started.elapsed());
    Ok(settled)
}

fn evaluate(understood: &Understood, policies: &[Policy], today: Date) -> Evaluation {
    let lines = LineIndex::of(&understood.resolved.documents);
    let line_of = |file: &File, span: Span| lines.line(file, span);
    let today = today.to_string();
    let input = policy::Input {
        line_of: Some(&line_of),
        today: Some(&today),
        ..policy::Input::new(&understood.resolved.facts, &understood.lexicon.environments)
    };
    policy::evaluate(policies, &input)
}

/// Narrows the policies to those that were asked for; a name that does not exist is a mistake, not an empty run.
fn chosen(policies: Vec<Policy>, ask: &Ask) -> Result<Vec<Policy>, Error> {
    for id in ask.only.iter().chain(&ask.skip) {
        if !policies.iter().any(|policy| policy.id.as_ref() == id) {
            let ids = policies.iter().map(|policy| policy.id.as_ref());
            let meant = policy::suggest::did_you_mean(id, ids).map(str::to_owned);
            return Err(Error::NoSuchPolicy {
                id: id.clone(),
                meant,
            });
        }
    }
    let named =
        |list: &[String], policy: &Policy| list.iter().any(|id| id.as_str() == policy.id.as_ref());
    let mut kept = policies;
    kept.retain(|policy| {
        (ask.only.is_empty() || named(&ask.only, policy)) && !named(&ask.skip, policy)
    });
    for policy in &mut kept {
        // Who asks for a policy by name wants it, even one that ships off.
        policy.on |= !ask.only.is_empty();
    }
    Ok(kept)
}

/// Line numbers for messages that name places.
struct LineIndex<'a>(BTreeMap<&'a str, &'a Document>);

impl<'a> LineIndex<'a> {
    fn of(documents: &'a [Document]) -> Self {
        Self(
            documents
                .iter()
                .map(|document| (document.file.path.as_ref(), document))
                .collect(),
        )
    }

    fn line(&self, file: &File, span: Span) -> Option<u32> {
        self.0
            .get(file.path.as_ref())
            .map(|document| document.lines.line(span.start))
    }
}

/// Applies `paths[].set`: off or another severity for findings whose primary place lies there.
fn by_path(findings: Vec<Finding>, understood: &Understood) -> Vec<Finding> {
    let rules: Vec<(GlobSet, BTreeMap<&str, Level>)> = understood
        .config
        .paths
        .iter()
        .map(|paths| {
            let levels = paths
                .set
                .iter()
                .filter_map(|setting| Some((setting.id.text.as_str(), setting.level?)));
            (globs(&paths.globs), levels.collect())
        })
        .collect();
    let level = |finding: &Finding| {
        let matching = rules
            .iter()
            .filter(|(globs, _)| globs.is_match(finding.primary.file.path.as_ref()));
        matching
            .filter_map(|(_, levels)| levels.get(finding.policy.as_ref()))
            .next_back()
            .copied()
    };
    findings
        .into_iter()
        .filter_map(|mut finding| match level(&finding) {
            Some(Level::Off) => None,
            Some(Level::At(severity)) => {
                finding.severity = severity;
                Some(finding)
            }
            None => Some(finding),
        })
        .collect()
}

/// Globs of the configuration; a bad one was refused when it was read.
fn globs(globs: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        if let Ok(glob) = globset::GlobBuilder::new(glob.trim_start_matches("./"))
            .literal_separator(true)
            .build()
        {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}

/// The configuration's allowances, with conditions typed for the facts of their policies.
struct Allows<'a> {
    live: Vec<(&'a Allow, Option<Cond>)>,
}

impl<'a> Allows<'a> {
    fn compile(
        understood: &'a Understood,
        policies: &[Policy],
        today: Date,
    ) -> Result<Self, Error> {
        let mut live = Vec::new();
        let mut found: Vec<Diagnostic> = Vec::new();
        for allow in &understood.config.allow {
            let kind = policies
                .iter()
                .find(|policy| policy.id.as_ref() == allow.policy.text)
                .and_then(|policy| policy.rules.first())
                .map(|rule| rule.kind);
            let condition = match (&allow.condition, kind) {
                (Some(node), Some(kind)) => {
                    match policy::condition(
                        &allow.at.source,
                        kind,
                        node,
                        &understood.lexicon.environments,
                    ) {
                        Ok(condition) => Some(condition),
                        Err(mut mistakes) => {
                            found.append(&mut mistakes);
                            continue;
                        }
                    }
                }
                _ => None,
            };
            if allow.until.is_none_or(|until| today <= until) {
                live.push((allow, condition));
            }
        }
        if found.is_empty() {
            Ok(Self { live })
        } else {
            Err(Error::Written(found))
        }
    }

    fn allowances(&self) -> Vec<Allowance<'_>> {
        self.live
            .iter()
            .map(|(allow, condition)| Allowance {
                grant: grant(allow),
                covers: Box::new(move |finding, facts| {
                    covers(allow, condition.as_ref(), finding, facts)
                }),
            })
            .collect()
    }
}

fn grant(allow: &Allow) -> Grant {
    Grant {
        because: allow.because.clone(),
        until: allow.until.map(|until| until.to_string()),
        written: format!("{}:{}", allow.at.source.name, allow.at.line_col().line),
    }
}

/// Every fact a finding is about has to be covered, and no environment may take part that was not named.
fn covers(allow: &Allow, condition: Option<&Cond>, finding: &Finding, facts: &[Fact]) -> bool {
    let envs = allow.envs.unwrap_or(EnvSet::EMPTY);
    allow.policy.text == finding.policy.as_ref()
        && (allow.envs.is_none() || finding.envs.is_subset(envs))
        && condition.is_none_or(|condition| {
            let mut involved = finding.facts.iter().filter_map(|at| facts.get(*at));
            involved.all(|fact| condition.matches(fact))
        })
}
