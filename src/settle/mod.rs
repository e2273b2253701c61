//! What still matters: narrows findings to the focus, gives each an identity, a status and masked excerpts, counts them,
//! and decides how the run ended. Nothing after this stage sees a file or a secret.

mod copies;
mod excerpt;
mod groups;
mod identity;
mod inventory;
mod known;
mod literal;
mod locate;
mod program;
#[cfg(test)]
pub mod samples;
mod scrub;
mod shapes;
#[cfg(test)]
mod tests;
mod visible;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::settled::{
    Grant, Outcome, PolicyCard, Settled, SettledFinding, Status, Summary, Unmatched, Unread, Void,
};
use crate::model::{Document, Environments, Fact, Finding, Place, Severity};

pub use inventory::inventory;
pub use known::{Entry, Known};
use locate::Locator;
pub use scrub::{MASK, Scrubber};

/// What a run has looked at, beside its findings.
pub struct Run<'a> {
    pub documents: &'a [Document],
    /// The facts that were judged; `Finding::facts` counts in them.
    pub facts: &'a [Fact],
    pub environments: &'a Environments,
    /// How many policies were evaluated, and how many of them found nothing to look at.
    pub policies: usize,
    pub idle: usize,
    /// What there is to say about each policy that may have found something.
    pub cards: &'a [PolicyCard],
    /// What had to be read and could not be.
    pub problems: Vec<Unread>,
    pub skipped: Vec<Unread>,
}

/// What the user asked for.
pub struct Options<'a> {
    pub root: &'a str,
    /// Which paths this run may report on: a finding is told when any of its places is one of them.
    pub focus: &'a dyn Fn(&str) -> bool,
    /// New findings are told wherever they lie: what a change brings in need not lie in what it touches.
    pub new_anywhere: bool,
    /// The mildest severity that fails a run; `None` lets every run pass.
    pub fail_on: Option<Severity>,
    /// Show what is known or allowed, too.
    pub all: bool,
    /// Nobody reads what is not shown: where that is every finding, none is written out, because finding every secret
    /// that its text must not hold takes longer than all other settling.
    pub shown_only: bool,
    /// In order of precedence: comments, configuration.
    pub allowances: &'a [Allowance<'a>],
    /// Exceptions that do not count, whatever is found.
    pub void: &'a [Void],
    /// Whether a finding is in the baseline or in the revision compared with.
    pub known: &'a dyn Fn(&Finding) -> bool,
}

/// One exception, whatever it was written as. The condition is the writer's business: a comment looks at places, the
/// configuration at facts.
pub struct Allowance<'a> {
    /// The policy it is about, for telling that it is not needed.
    pub policy: &'a str,
    pub grant: Grant,
    pub covers: Box<Cover<'a>>,
    /// Why it does not count, although it covers a finding; then the finding says so.
    pub void: Option<String>,
    /// Told when it covers nothing. Not so for the pragmas of other tools, which have other uses.
    pub expected: bool,
}

impl Allowance<'_> {
    /// Whether it allows a finding over these facts.
    pub fn allows(&self, finding: &Finding, facts: &[Fact]) -> bool {
        self.void.is_none() && (self.covers)(finding, facts)
    }
}

/// Whether an allowance covers a finding over these facts.
pub type Cover<'a> = dyn Fn(&Finding, &[Fact]) -> bool + 'a;

/// Settles the findings of one run.
pub fn settle(findings: Vec<Finding>, run: &Run<'_>, options: &Options<'_>) -> Settled {
    let mut matched = vec![false; options.allowances.len()];
    let judged: Vec<(Finding, Status)> = findings
        .into_iter()
        .map(|mut finding| {
            let status = status(&mut finding, run.facts, options, &mut matched);
            (finding, status)
        })
        // Narrowed last: an allowance whose finding lies outside of the focus is still needed.
        .filter(|(finding, status)| {
            options.new_anywhere && *status == Status::New || in_focus(finding, options.focus)
        })
        .collect();
    let mut judged = copies::fold(judged, run.documents);
    let (summary, outcome) = (
        summary(&judged, run),
        outcome(&judged, run, options.fail_on),
    );
    let is_shown = |(_, status): &(_, Status)| options.all || *status == Status::New;
    if options.shown_only && !judged.iter().any(is_shown) {
        judged.clear();
    }
    let quiet = options.allowances.is_empty() && options.void.is_empty();
    let locator = Locator::of(&judged, run, quiet);
    judged.sort_by_cached_key(|(finding, _)| Locator::rank(finding));
    let findings = locator.all(&judged, options.all);
    Settled {
        root: options.root.to_owned(),
        outcome,
        fail_on: options.fail_on,
        policies: cards(run.cards, &findings, &locator.scrubber),
        findings,
        unmatched: unmatched(options, &matched, &locator.scrubber),
        void: void(options, &matched, &locator.scrubber),
        compared: None,
        summary,
        problems: locator.unread(&run.problems),
        skipped: locator.unread(&run.skipped),
    }
}

/// The cards of the policies that these findings come from.
fn cards(all: &[PolicyCard], findings: &[SettledFinding], scrubber: &Scrubber) -> Vec<PolicyCard> {
    let told: BTreeSet<&str> = findings.iter().map(|one| one.policy.as_ref()).collect();
    let mut cards: Vec<PolicyCard> = all
        .iter()
        .filter(|card| told.contains(card.id.as_ref()))
        .map(|card| PolicyCard {
            title: scrubber.text(&card.title),
            why: scrubber.lines(&card.why),
            fix: card.fix.as_deref().map(|fix| scrubber.lines(fix)),
            ..card.clone()
        })
        .collect();
    cards.sort_by(|one, other| one.id.cmp(&other.id));
    cards
}

fn in_focus(finding: &Finding, focus: &dyn Fn(&str) -> bool) -> bool {
    places(finding).any(|place| focus(&place.file.path))
}

fn places(finding: &Finding) -> impl Iterator<Item = &Place> {
    std::iter::once(&finding.primary).chain(&finding.related)
}

/// Allowances win over the baseline: a reason says more than an inventory. A finding that an allowance covers in vain
/// says why.
fn status(
    finding: &mut Finding,
    facts: &[Fact],
    options: &Options<'_>,
    matched: &mut [bool],
) -> Status {
    let mut grant = None;
    let mut in_vain = Vec::new();
    for (allowance, matched) in options.allowances.iter().zip(matched) {
        if (allowance.covers)(finding, facts) {
            *matched = true;
            match &allowance.void {
                None => grant = grant.or(Some(&allowance.grant)),
                Some(reason) => in_vain.push((&allowance.grant.written, reason)),
            }
        }
    }
    match grant {
        Some(grant) => Status::Allowed(grant.clone()),
        None if (options.known)(finding) => Status::Known,
        None => {
            for (written, reason) in in_vain {
                let _ = write!(finding.message, "; the allowance in {written} {reason}");
            }
            Status::New
        }
    }
}

fn outcome(judged: &[(Finding, Status)], run: &Run<'_>, fail_on: Option<Severity>) -> Outcome {
    let fails = |(finding, status): &(Finding, Status)| {
        *status == Status::New && fail_on.is_some_and(|mildest| finding.severity >= mildest)
    };
    if !run.problems.is_empty() {
        Outcome::Incomplete
    } else if judged.iter().any(fails) {
        Outcome::Failed
    } else {
        Outcome::Passed
    }
}

fn summary(judged: &[(Finding, Status)], run: &Run<'_>) -> Summary {
    let mut summary = Summary {
        files: run.documents.len(),
        facts: run.facts.len(),
        policies: run.policies,
        idle: run.idle,
        ..Summary::default()
    };
    for (finding, status) in judged {
        match status {
            Status::New => *summary.new.entry(finding.severity).or_default() += 1,
            Status::Known => summary.known += 1,
            Status::Allowed(_) => summary.allowed += 1,
        }
    }
    summary
}

fn unmatched(options: &Options<'_>, matched: &[bool], scrubber: &Scrubber) -> Vec<Unmatched> {
    let void = options.void;
    options
        .allowances
        .iter()
        .zip(matched)
        .filter(|(allowance, matched)| allowance.expected && !**matched)
        // What does not count is not gone.
        .filter(|(allowance, _)| {
            !void
                .iter()
                .any(|void| void.written == allowance.grant.written)
        })
        .map(|(allowance, _)| Unmatched {
            written: scrubber.name(&allowance.grant.written),
            policy: scrubber.name(allowance.policy),
            because: scrubber.text(&allowance.grant.because),
        })
        .collect()
}

/// What never counted, and what has ended while there is still something to allow.
fn void(options: &Options<'_>, matched: &[bool], scrubber: &Scrubber) -> Vec<Void> {
    let ended = options
        .allowances
        .iter()
        .zip(matched)
        .filter(|(allowance, matched)| allowance.expected && **matched)
        .filter_map(|(allowance, _)| Some((&allowance.grant.written, allowance.void.as_ref()?)));
    let mut told: Vec<Void> = options
        .void
        .iter()
        .map(|void| (&void.written, &void.reason))
        .chain(ended)
        .map(|(written, reason)| Void {
            written: scrubber.name(written),
            reason: scrubber.text(reason),
        })
        .collect();
    told.dedup();
    told
}
