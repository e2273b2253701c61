//! From facts to settled findings.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobSet, GlobSetBuilder};

use super::allow::Allows;
use super::baseline::Baseline;
use super::{Error, From, Request, Understood, compare, rules, understand_for};
use crate::config::{FailOn, Level};
use crate::model::settled::{Compared, PolicyCard, Settled};
use crate::model::{Document, File, Finding, Span, Str, Tree};
use crate::policy::{self, Evaluation, Policy, Stat, State};
use crate::settle::{self, Known};

/// How to judge.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Only these policies; all that are on, if empty.
    pub only: Vec<String>,
    pub skip: Vec<String>,
    /// Over the configuration's own.
    pub fail_on: Option<FailOn>,
    /// Show what is known or allowed, too.
    pub all: bool,
    /// Nobody reads what is not shown: where that is every finding, none is written out.
    pub shown_only: bool,
    /// The process ends after this: what it knows is left to the system and not taken apart piece by piece.
    pub is_last: bool,
}

/// What the policies say, before anybody asks whether it still matters.
pub struct Judged<'a> {
    pub findings: Vec<Finding>,
    /// Findings in focus that the settings of their path switch off.
    pub off: usize,
    /// Policies that ship on and that the configuration switches off.
    pub disabled: usize,
    pub stats: Vec<Stat>,
    /// Policies that were asked.
    pub asked: BTreeSet<Str>,
    /// What there is to say about them.
    pub cards: Vec<PolicyCard>,
    pub allows: Allows<'a>,
}

/// Everything one run has to say.
pub fn check(request: &Request, ask: &Ask) -> Result<Settled, Error> {
    if let From::Staged { .. } | From::Range { .. } = request.from {
        return compare::check(request, ask);
    }
    let understood = understand_for(request, &ask.only)?;
    let judged = judge(&understood, ask)?;
    let settled = settled(&understood, judged, ask, None)?;
    compare::ended(understood, ask);
    Ok(settled)
}

/// What another tree had already.
pub(super) struct Before {
    pub known: Known,
    pub compared: Compared,
}

/// Settles what was judged; `before` is what does not count as new beside the baseline.
pub(super) fn settled(
    understood: &Understood,
    judged: Judged<'_>,
    ask: &Ask,
    before: Option<Before>,
) -> Result<Settled, Error> {
    let baseline = Baseline::of(understood)?;
    let environments = &understood.lexicon.environments;
    let earlier = before.as_ref().map(|before| &before.known);
    let on = |stat: &&Stat| stat.state == State::On;
    let idle = |stat: &&Stat| on(stat) && stat.selected == 0;
    let run = settle::Run {
        documents: &understood.resolved.documents,
        facts: &understood.resolved.facts,
        environments,
        policies: judged.asked.len(),
        idle: judged.stats.iter().filter(idle).count(),
        cards: &judged.cards,
        problems: understood.problems.clone(),
        skipped: understood.skipped.clone(),
    };
    let options = settle::Options {
        root: &understood.opened.root_name,
        focus: &|path| understood.opened.focus.has(path),
        new_anywhere: before.is_some(),
        fail_on: ask.fail_on.unwrap_or(understood.config.fail_on).severity(),
        all: ask.all,
        shown_only: ask.shown_only,
        allowances: &judged.allows.allowances(&judged.asked),
        void: &judged.allows.void(&judged.findings),
        known: &|finding| {
            earlier.is_some_and(|one| one.has(finding, environments))
                || (baseline.as_ref()).is_some_and(|one| one.has(finding, understood))
        },
    };
    let whole = baseline.as_ref().filter(|_| understood.is_whole);
    let stale = whole.map(|one| one.stale(&judged.findings, &judged.asked, understood));
    let mut settled = settle::settle(judged.findings, &run, &options);
    settled.compared = before.map(|one| one.compared);
    let summary = &mut settled.summary;
    summary.off = judged.off;
    summary.disabled = judged.disabled;
    summary.stale = stale.unwrap_or_default();
    summary.elapsed = Some(understood.started.elapsed());
    Ok(settled)
}

/// Asks the policies. Every mistake in the configuration and in policies is told before any of them is asked.
pub fn judge<'a>(understood: &'a Understood, ask: &Ask) -> Result<Judged<'a>, Error> {
    judge_those(understood, ask, &|_| true)
}

/// The same, asking only these of the policies that are asked for.
pub(super) fn judge_those<'a>(
    understood: &'a Understood,
    ask: &Ask,
    those: &dyn Fn(&Policy) -> bool,
) -> Result<Judged<'a>, Error> {
    judge_by(rules::policies(understood)?, understood, ask, those)
}

/// Asks these of all policies that are asked for.
fn judge_by<'a>(
    all: Vec<Policy>,
    understood: &'a Understood,
    ask: &Ask,
    those: &dyn Fn(&Policy) -> bool,
) -> Result<Judged<'a>, Error> {
    let allows = Allows::compile(understood, &all)?;
    let mut policies = chosen(all, ask, understood.settings_tree())?;
    policies.retain(those);
    let evaluation = evaluate(understood, &policies);
    let on = |stat: &&Stat| stat.state == State::On;
    let asked = evaluation.stats.iter().filter(on);
    let asked = asked.map(|stat| Str::clone(&stat.policy)).collect();
    let disabled = |policy: &&Policy| policy.default_on && !policy.on;
    let (findings, off) = by_path(evaluation.findings, understood);
    Ok(Judged {
        findings,
        off,
        disabled: policies.iter().filter(disabled).count(),
        cards: policies.iter().map(card).collect(),
        stats: evaluation.stats,
        asked,
        allows,
    })
}

fn card(policy: &Policy) -> PolicyCard {
    PolicyCard {
        id: Str::clone(&policy.id),
        title: policy.title.to_string(),
        why: policy.why.to_string(),
        fix: policy.fix.as_deref().map(str::to_owned),
        tags: policy.tags.clone(),
        shipped: policy.at.source.built_in,
    }
}

/// Asks policies about what was understood.
pub fn evaluate(understood: &Understood, policies: &[Policy]) -> Evaluation {
    let lines = LineIndex::of(&understood.resolved.documents);
    let line_of = |file: &File, span: Span| lines.line(file, span);
    let today = understood.today.to_string();
    let input = policy::Input {
        line_of: Some(&line_of),
        today: Some(&today),
        ..policy::Input::new(&understood.resolved.facts, &understood.lexicon.environments)
    };
    policy::evaluate(policies, &input)
}

/// Narrows the policies to those that were asked for; a name that does not exist is a mistake, not an empty run.
fn chosen(policies: Vec<Policy>, ask: &Ask, tree: &dyn Tree) -> Result<Vec<Policy>, Error> {
    for id in ask.only.iter().chain(&ask.skip) {
        if !policies.iter().any(|policy| policy.id.as_ref() == id) {
            if let Some(file) = rules::unlisted(id, tree) {
                return Err(Error::UnlistedPolicy {
                    id: id.clone(),
                    file,
                });
            }
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

/// Applies `paths[].set`: off or another severity for findings whose primary place lies there. What is off is counted.
fn by_path(findings: Vec<Finding>, understood: &Understood) -> (Vec<Finding>, usize) {
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
    let mut kept = Vec::with_capacity(findings.len());
    let mut off = 0;
    for mut finding in findings {
        match level(&finding) {
            Some(Level::Off) => {
                off += usize::from(understood.opened.focus.has(&finding.primary.file.path));
            }
            Some(Level::At(severity)) => {
                finding.severity = severity;
                kept.push(finding);
            }
            None => kept.push(finding),
        }
    }
    (kept, off)
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
