//! Findings that were there before: in the baseline, at `HEAD`, in another revision. Compared by readable parts, so that
//! moved lines and changed values keep a finding known, while a new variable, one more environment, a higher severity or
//! a real key in place of a placeholder make it new.

use std::collections::BTreeMap;

use super::Scrubber;
use crate::model::{Environments, Finding, Severity};

/// What is remembered of one finding: no line, no message, and nothing of a value but its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub policy: String,
    /// The matrix row, where the policy is a matrix.
    pub row: Option<String>,
    /// Kind and natural keys of the facts involved.
    pub subject: Vec<String>,
    /// By name, most exposed first.
    pub environments: Vec<String>,
    pub severity: Severity,
    pub value_kind: Option<String>,
}

impl Entry {
    pub fn of(finding: &Finding, environments: &Environments) -> Self {
        let owned = |text: &str| text.to_owned();
        Self {
            policy: owned(&finding.policy),
            row: finding.row.as_deref().map(owned),
            subject: finding.subject.iter().map(|part| owned(part)).collect(),
            environments: environments
                .names(finding.envs)
                .into_iter()
                .map(owned)
                .collect(),
            severity: finding.severity,
            value_kind: finding.value_kind.map(owned),
        }
    }

    /// The same entry, fit to be written to a file: a name may hold a secret, too.
    #[must_use]
    pub fn scrubbed(mut self, scrubber: &Scrubber) -> Self {
        for part in self.subject.iter_mut().chain(&mut self.environments) {
            *part = scrubber.name(part);
        }
        self
    }

    /// Whether `now` says nothing that this entry has not said.
    pub fn covers(&self, now: &Self) -> bool {
        (&self.policy, &self.row) == (&now.policy, &now.row)
            && now.severity <= self.severity
            && now.value_kind == self.value_kind
            && now
                .environments
                .iter()
                .all(|env| self.environments.contains(env))
            && is_narrowed(&self.subject, &now.subject)
    }
}

/// The same subject, or one of several members less: who takes a variable out of a share has added nothing.
fn is_narrowed(before: &[String], now: &[String]) -> bool {
    let gone = |part: &&String| !now.contains(part);
    let may_go = |part: &String| {
        let key = key(part);
        matches!(key, "missing" | "extra") || now.iter().any(|kept| self::key(kept) == key)
    };
    now.iter().all(|part| before.contains(part)) && before.iter().filter(gone).all(may_go)
}

/// `name` of `name=API_KEY`.
fn key(part: &str) -> &str {
    part.split_once('=').map_or(part, |(key, _)| key)
}

/// Everything that was there before.
#[derive(Clone, Debug, Default)]
pub struct Known {
    entries: Vec<Entry>,
    /// Positions in `entries`.
    by_policy: BTreeMap<String, Vec<usize>>,
}

impl Known {
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let entries: Vec<Entry> = entries.into_iter().collect();
        let mut by_policy: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            by_policy.entry(entry.policy.clone()).or_default().push(at);
        }
        Self { entries, by_policy }
    }

    pub fn has(&self, finding: &Finding, environments: &Environments) -> bool {
        self.covers(&Entry::of(finding, environments))
    }

    pub fn covers(&self, now: &Entry) -> bool {
        self.covering(now).next().is_some()
    }

    /// Entries that none of these findings needs any more.
    pub fn stale(&self, found: &[Entry]) -> Vec<&Entry> {
        let mut needed = vec![false; self.entries.len()];
        for now in found {
            for at in self.covering(now) {
                needed[at] = true;
            }
        }
        self.entries
            .iter()
            .zip(needed)
            .filter_map(|(entry, needed)| (!needed).then_some(entry))
            .collect()
    }

    fn covering(&self, now: &Entry) -> impl Iterator<Item = usize> {
        let candidates = self.by_policy.get(&now.policy).into_iter().flatten();
        candidates
            .copied()
            .filter(|at| self.entries.get(*at).is_some_and(|one| one.covers(now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(subject: &[&str], environments: &[&str], severity: Severity, kind: &str) -> Entry {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Entry {
            policy: "shared".to_owned(),
            row: None,
            subject: owned(subject),
            environments: owned(environments),
            severity,
            value_kind: Some(kind.to_owned()),
        }
    }

    const WIDE: &[&str] = &["production", "staging"];
    const KEYS: &[&str] = &["var", "name=A", "name=B"];

    #[test]
    fn less_of_the_same_is_known() {
        let known = Known::of([entry(KEYS, WIDE, Severity::High, "secret")]);
        for now in [
            entry(KEYS, WIDE, Severity::High, "secret"),
            entry(KEYS, &["staging"], Severity::High, "secret"),
            entry(KEYS, WIDE, Severity::Low, "secret"),
            entry(&["var", "name=B"], WIDE, Severity::High, "secret"),
        ] {
            assert!(known.covers(&now), "{now:?}");
            assert!(known.stale(&[now]).is_empty());
        }
    }

    #[test]
    fn anything_more_is_new() {
        let known = Known::of([
            entry(KEYS, WIDE, Severity::High, "default_value"),
            entry(&["var", "#2"], WIDE, Severity::High, "default_value"),
            entry(&["var", "project=a"], WIDE, Severity::High, "default_value"),
        ]);
        let more = ["var", "name=A", "name=B", "name=C"];
        let preprod = ["production", "staging", "preprod"];
        for now in [
            entry(&more, WIDE, Severity::High, "default_value"),
            entry(KEYS, &preprod, Severity::High, "default_value"),
            entry(KEYS, WIDE, Severity::Critical, "default_value"),
            entry(KEYS, WIDE, Severity::High, "secret"),
            // Another project's, and the first of two where the second was known.
            entry(&["var"], WIDE, Severity::High, "default_value"),
        ] {
            assert!(!known.covers(&now), "{now:?}");
            assert_eq!(known.stale(&[now]).len(), 3);
        }
    }

    #[test]
    fn half_of_what_was_out_of_step_is_known() {
        let before = ["var", "env=staging", "missing=A", "extra=B"];
        let known = Known::of([entry(&before, WIDE, Severity::Low, "text")]);
        let now = ["var", "env=staging", "extra=B"];
        assert!(known.covers(&entry(&now, WIDE, Severity::Low, "text")));
        let now = ["var", "env=staging", "extra=C"];
        assert!(!known.covers(&entry(&now, WIDE, Severity::Low, "text")));
    }
}
