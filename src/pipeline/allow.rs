//! What a team accepts: comments beside the finding and `allow:` in the configuration, made ready to be asked of
//! findings. An exception that cannot count (no reason, past its day, no such policy) is kept, so that it can be told.

use std::collections::BTreeSet;

use super::comment::{self, Comment, Says};
use super::{Error, Understood};
use crate::config::date::Date;
use crate::config::{Allow, Config};
use crate::model::settled::{Grant, Void};
use crate::model::{Document, EnvSet, Environments, Fact, Finding, Kind, Str};
use crate::policy::builtin;
use crate::policy::diagnostic::{Diagnostic, tidy};
use crate::policy::policy::Assertion;
use crate::policy::suggest::did_you_mean;
use crate::policy::{self, Cond, Policy};
use crate::settle::Allowance;

/// Policies with this tag are about secrets: the pragmas of secret scanners count for them.
const SECRETS: &str = "secrets";

/// Every exception of a run.
pub struct Allows<'a> {
    understood: &'a Understood,
    configured: Vec<Configured<'a>>,
    comments: Vec<(&'a Document, Comment)>,
    secret_policies: BTreeSet<Str>,
    ids: BTreeSet<Str>,
}

/// An entry of `allow:` with its condition typed for the kinds of facts its policy looks at.
struct Configured<'a> {
    allow: &'a Allow,
    conditions: Vec<(Kind, Cond)>,
    /// The first fact of such a finding only says where; the others are what is missing there.
    parity: bool,
}

impl<'a> Allows<'a> {
    /// `policies` are all there are, also those that are not asked in this run.
    pub fn compile(understood: &'a Understood, policies: &[Policy]) -> Result<Self, Error> {
        let mut configured = Vec::new();
        let mut found = Vec::new();
        for allow in &understood.config.allow {
            let of_policy = policies
                .iter()
                .find(|policy| *policy.id == *allow.policy.text);
            match conditions(&understood.lexicon.environments, allow, of_policy) {
                Ok(conditions) => configured.push(Configured {
                    allow,
                    conditions,
                    parity: of_policy.is_some_and(is_parity),
                }),
                Err(mut mistakes) => found.append(&mut mistakes),
            }
        }
        if !found.is_empty() {
            return Err(Error::Written(tidy(found)));
        }
        let documents = &understood.resolved.documents;
        let about_secrets = |policy: &&Policy| policy.tags.iter().any(|tag| **tag == *SECRETS);
        let ids = |policy: &Policy| Str::clone(&policy.id);
        let comments: Vec<(&Document, Comment)> = documents
            .iter()
            .flat_map(|document| {
                let comments = comment::read(document).into_iter();
                comments.map(move |comment| (document, comment))
            })
            .collect();
        let mut known: BTreeSet<Str> = policies.iter().map(ids).collect();
        if !comments.is_empty() {
            // A run may do without policies that ship off, and a comment may name them nevertheless.
            known.extend(builtin::FILES.iter().map(|file| Str::from(file.id())));
        }
        Ok(Self {
            understood,
            configured,
            comments,
            secret_policies: policies.iter().filter(about_secrets).map(ids).collect(),
            ids: known,
        })
    }

    /// The exceptions to the policies that are asked, in order of precedence: comments, configuration.
    pub fn allowances(&self, asked: &BTreeSet<Str>) -> Vec<Allowance<'_>> {
        let configured = self
            .configured
            .iter()
            .filter(|one| asked.contains(one.allow.policy.text.as_str()))
            .map(|one| self.configured(one));
        let mut all = self.by_comment(asked);
        all.extend(configured);
        all
    }

    /// The exceptions that stand beside what they allow.
    pub fn by_comment(&self, asked: &BTreeSet<Str>) -> Vec<Allowance<'_>> {
        self.comments
            .iter()
            .flat_map(|(document, comment)| self.commented(document, comment, asked))
            .collect()
    }

    /// Comments in focus that never count: mistakes, and policies that do not exist; and entries that match in part.
    pub fn void(&self, findings: &[Finding]) -> Vec<Void> {
        let in_focus = self
            .comments
            .iter()
            .filter(|(document, _)| self.understood.opened.focus.has(&document.file.path));
        in_focus
            .flat_map(|(document, comment)| {
                let written = written(document, comment);
                let void = move |reason| Void {
                    written: written.clone(),
                    reason,
                };
                self.faults(comment).into_iter().map(void)
            })
            .chain(self.partly(findings))
            .collect()
    }

    /// Entries of the configuration that match a part of a finding: their author meant it, and it is not allowed.
    fn partly(&self, findings: &[Finding]) -> Vec<Void> {
        let facts = &self.understood.resolved.facts;
        let of = |one: &Configured<'_>| {
            let own = findings
                .iter()
                .filter(|finding| *finding.policy == *one.allow.policy.text);
            let own: Vec<&Finding> = own.collect();
            if own.iter().any(|finding| one.covers(finding, facts)) {
                return None;
            }
            let mut counts = own.iter().map(|finding| one.counts(finding, facts));
            let (matching, all) = counts.find(|(matching, all)| *matching > 0 && matching < all)?;
            let at = &one.allow.at;
            Some(Void {
                written: format!("{}:{}", at.source.name, at.line_col().line),
                reason: format!(
                    "matches {matching} of {all} places of a finding of `{}`; `match` has to hold for all of them",
                    one.allow.policy.text
                ),
            })
        };
        self.configured.iter().filter_map(of).collect()
    }

    fn faults(&self, comment: &Comment) -> Vec<String> {
        let (ids, mistake) = match &comment.says {
            Says::Allow { ids, .. } => (ids.as_slice(), None),
            Says::Mistake { ids, reason } => (ids.as_slice(), Some((*reason).to_owned())),
            Says::Pragma(_) => (&[][..], None),
        };
        let unknown = ids
            .iter()
            .filter(|id| !self.ids.contains(id.as_str()))
            .map(|id| {
                let meant = did_you_mean(id, self.ids.iter().map(AsRef::as_ref));
                let meant = meant.map(|meant| format!("; did you mean `{meant}`?"));
                let meant =
                    meant.unwrap_or_else(|| "; `envguard policy list` lists them".to_owned());
                format!("names `{id}`, which is no policy{meant}")
            });
        mistake.into_iter().chain(unknown).collect()
    }

    /// What one comment allows: one exception for each policy it names.
    fn commented<'s>(
        &'s self,
        document: &'s Document,
        comment: &'s Comment,
        asked: &BTreeSet<Str>,
    ) -> Vec<Allowance<'s>> {
        let written = written(document, comment);
        let grant = |because: &str, until: Option<Date>| Grant {
            because: because.to_owned(),
            until: until.map(|until| until.to_string()),
            written: written.clone(),
        };
        let (ids, grant, void, expected) = match &comment.says {
            Says::Pragma(pragma) => return vec![self.pragma(document, comment, pragma, written)],
            Says::Allow { ids, reason, until } => {
                let void = ended(*until, self.understood.today);
                (ids, grant(reason, *until), void, true)
            }
            Says::Mistake { ids, reason } => {
                (ids, grant("", None), Some((*reason).to_owned()), false)
            }
        };
        let expected = expected && self.understood.opened.focus.has(&document.file.path);
        ids.iter()
            .filter(|id| asked.contains(id.as_str()))
            .map(|id| Allowance {
                policy: id,
                grant: grant.clone(),
                covers: Box::new(move |finding, _| {
                    *finding.policy == **id && self.stands_at(document, comment, finding)
                }),
                void: void.clone(),
                expected,
            })
            .collect()
    }

    /// What a comment of a secret scanner allows: policies about secrets, and no others.
    fn pragma<'s>(
        &'s self,
        document: &'s Document,
        comment: &'s Comment,
        pragma: &'s str,
        written: String,
    ) -> Allowance<'s> {
        let covers = move |finding: &Finding, _: &[Fact]| {
            self.secret_policies.contains(&finding.policy)
                && self.stands_at(document, comment, finding)
        };
        Allowance {
            policy: pragma,
            grant: Grant {
                because: format!("the comment `{pragma}`"),
                until: None,
                written,
            },
            covers: Box::new(covers),
            void: None,
            expected: false,
        }
    }

    /// Whether the primary place of a finding is one that a comment speaks about. Only the primary one: that is the most
    /// exposed, and who accepts a value in development has not accepted it in production.
    fn stands_at(&self, document: &Document, comment: &Comment, finding: &Finding) -> bool {
        let primary = &finding.primary;
        if primary.file.path != document.file.path {
            return false;
        }
        let facts = &self.understood.resolved.facts;
        let here = |fact: &&Fact| fact.file.path == primary.file.path && fact.span == primary.span;
        let keys = finding.facts.iter().filter_map(|at| facts.get(*at));
        let keys = keys.filter(here).map(|fact| fact.key.start);
        [primary.span.start, primary.span.end]
            .into_iter()
            .chain(keys)
            .any(|offset| comment.covers.contains(&document.lines.line(offset)))
    }

    fn configured<'s>(&self, one: &'s Configured<'_>) -> Allowance<'s> {
        let allow = one.allow;
        let source = &allow.at.source.name;
        Allowance {
            policy: &allow.policy.text,
            grant: Grant {
                because: match &allow.owner {
                    Some(owner) => format!("{} ({owner})", allow.because),
                    None => allow.because.clone(),
                },
                until: allow.until.map(|until| until.to_string()),
                written: format!("{source}:{}", allow.at.line_col().line),
            },
            covers: Box::new(|finding, facts| one.covers(finding, facts)),
            void: ended(allow.until, self.understood.today),
            expected: self.understood.is_whole && self.understood.opened.focus.has(source),
        }
    }
}

impl Configured<'_> {
    /// Every fact of the policy's kind that takes part has to meet the condition, and no environment may take part that
    /// was not named.
    fn covers(&self, finding: &Finding, facts: &[Fact]) -> bool {
        let allow = self.allow;
        let envs = allow.envs.unwrap_or(EnvSet::EMPTY);
        *finding.policy == *allow.policy.text
            && (allow.envs.is_none() || finding.envs.is_subset(envs))
            && (allow.condition.is_none() || self.matches(finding, facts))
    }

    fn matches(&self, finding: &Finding, facts: &[Fact]) -> bool {
        let (matching, all) = self.counts(finding, facts);
        all > 0 && matching == all
    }

    /// How many of the facts involved meet the condition, and how many there are.
    fn counts(&self, finding: &Finding, facts: &[Fact]) -> (usize, usize) {
        let involved = finding.facts.iter().skip(usize::from(self.parity));
        let judged: Vec<bool> = involved
            .filter_map(|at| facts.get(*at))
            .filter_map(|fact| {
                let (_, condition) = self
                    .conditions
                    .iter()
                    .find(|(kind, _)| *kind == fact.kind)?;
                Some(condition.matches(fact))
            })
            .collect();
        (judged.iter().filter(|met| **met).count(), judged.len())
    }
}

/// What allows each of these findings, as `FILE:LINE`.
pub fn granted(
    understood: &Understood,
    policies: &[Policy],
    findings: &[&Finding],
) -> Vec<Option<String>> {
    let asked = findings.iter().map(|one| Str::clone(&one.policy)).collect();
    let Ok(allows) = Allows::compile(understood, policies) else {
        return vec![None; findings.len()];
    };
    let allowances = allows.allowances(&asked);
    let facts = &understood.resolved.facts;
    let by = |finding: &&Finding| {
        let one = allowances.iter().find(|one| one.allows(finding, facts));
        one.map(|one| one.grant.written.clone())
    };
    findings.iter().map(by).collect()
}

/// The mistakes in conditions of `allow:`, as far as their policies are among these.
pub(super) fn mistakes(config: &Config, policies: &[Policy]) -> Vec<Diagnostic> {
    let of = |allow: &Allow| {
        let named = |policy: &&Policy| *policy.id == *allow.policy.text;
        let policy = policies.iter().find(named)?;
        conditions(&config.environments, allow, Some(policy)).err()
    };
    config.allow.iter().filter_map(of).flatten().collect()
}

/// The condition of an allowance for every kind of fact its policy looks at and that has the fields it names.
fn conditions(
    environments: &Environments,
    allow: &Allow,
    policy: Option<&Policy>,
) -> Result<Vec<(Kind, Cond)>, Vec<Diagnostic>> {
    let Some(node) = &allow.condition else {
        return Ok(Vec::new());
    };
    let kinds: BTreeSet<Kind> = policy
        .iter()
        .flat_map(|policy| policy.rules.iter())
        .map(|rule| rule.kind)
        .collect();
    let mut typed = Vec::new();
    let mut mistakes = Vec::new();
    for kind in kinds {
        match policy::condition(&allow.at.source, kind, node, environments) {
            Ok(condition) => typed.push((kind, condition)),
            Err(found) => mistakes = found,
        }
    }
    if typed.is_empty() && !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(typed)
}

fn is_parity(policy: &Policy) -> bool {
    let parity = |rule: &policy::policy::Rule| matches!(rule.assertion, Assertion::Parity(_));
    policy.rules.iter().any(parity)
}

fn ended(until: Option<Date>, today: Date) -> Option<String> {
    until
        .filter(|until| *until < today)
        .map(|until| format!("ended on {until}"))
}

fn written(document: &Document, comment: &Comment) -> String {
    format!("{}:{}", document.file.path, comment.line)
}
