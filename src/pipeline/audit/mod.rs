//! The audit: everything a run has to say, told to those who decide whether a deployment goes ahead. What it says comes
//! from the same findings as `check`; this only groups, counts and recommends.

mod changes;
mod checklist;
mod item;
mod report;
mod steps;
mod verdict;

use std::time::Instant;

use super::again::Other;
use super::judge::{Judged, judge, settled};

use super::open::options;
use super::{Ask, Error, From, Grounds, Request, Understood, rules};
use super::{baseline, matrix, understand_for, understood_by};
use crate::model::settled::{Outcome, Settled};
use crate::policy::{Demands, Policy};
use crate::source;
use crate::view::{Table, View};
pub use verdict::Verdict;

/// An audit, and what it comes to.
pub struct Audited {
    pub view: View,
    pub verdict: Verdict,
    /// What had to be read and could not be: the audit is not the whole truth.
    pub incomplete: bool,
}

/// What an audit is made of.
struct Ground<'a> {
    understood: &'a Understood,
    settled: &'a Settled,
    checks: &'a [checklist::Check],
    /// The revision compared with, and what it had.
    earlier: Option<(&'a str, Settled)>,
    verdict: &'a verdict::Line,
    /// The separation matrix.
    services: Table,
}

/// Audits one tree; with `since`, also what has changed from that revision on.
pub fn audit(request: &Request, ask: &Ask, since: Option<&str>) -> Result<Audited, Error> {
    let ask = Ask {
        all: true,
        ..ask.clone()
    };
    let understood = understand_for(request, &ask.only)?;
    let line = verdict::Line::of(ask.fail_on, understood.config.audit);
    let judged = judge(&understood, &ask)?;
    let scrubber = baseline::scrubber(&understood);
    let checks = checklist::checks(&judged, &scrubber);
    let services = matrix::separation(&understood, &judged);
    let settled = settled(&understood, judged, &ask, None)?;
    let earlier = since
        .map(|rev| Ok::<_, Error>((rev, earlier(request, &ask, rev, &understood)?)))
        .transpose()?;
    let ground = Ground {
        understood: &understood,
        settled: &settled,
        checks: &checks,
        earlier,
        verdict: &line,
        services,
    };
    let (view, verdict) = report::view(&ground);
    Ok(Audited {
        view,
        verdict,
        incomplete: settled.outcome == Outcome::Incomplete,
    })
}

/// What a revision had, by the rules of now: a finding that is gone was mended, and not merely asked differently.
fn earlier(request: &Request, ask: &Ask, rev: &str, now: &Understood) -> Result<Settled, Error> {
    let own = match &request.from {
        From::Revision { repo, .. } => repo.as_deref(),
        _ => now.opened.root.as_deref(),
    };
    let mut opened = source::revision(own, rev, &options(request))?;
    opened.focus = now.opened.focus.clone();
    let grounds = Grounds::older(opened, request, now);
    let policies: Vec<Policy> = rules::policies(now)?;
    let earlier = understood_by(
        request,
        grounds,
        Instant::now(),
        Ok(policies),
        &|policies| Demands::of(policies, &ask.only),
        Other::None,
    );
    let judged: Judged = judge(&earlier, ask)?;
    settled(&earlier, judged, ask, None)
}
