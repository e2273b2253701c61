//! The baseline: findings a team knows and has not mended yet, one readable JSON line each, sorted, so that it merges in
//! git and a reviewer sees what was accepted. Nothing of a value goes into it, not even a hash.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::judge::{Ask, Judged, judge};
use super::settings::BaselineFile;
use super::{Error, From, Request, Understood, understand};
use crate::model::{Finding, Severity, Str};
use crate::settle::{Entry, Known, Scrubber};

/// One line of the file. Fields may be added, none may change or go away.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    policy: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    row: Option<String>,
    subject: Vec<String>,
    environments: Vec<String>,
    severity: String,
    /// Kind of the value, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

/// The baseline of a run.
pub struct Baseline {
    known: Known,
    scrubber: Scrubber,
}

impl Baseline {
    /// `None` where there is no file, or nothing in it.
    pub fn of(understood: &Understood) -> Result<Option<Self>, Error> {
        let entries = entries(&understood.baseline)?;
        Ok((!entries.is_empty()).then(|| Self {
            known: Known::of(entries),
            scrubber: scrubber(understood),
        }))
    }

    pub fn has(&self, finding: &Finding, understood: &Understood) -> bool {
        self.known.covers(&self.entry(finding, understood))
    }

    /// How many entries of the policies that were asked no finding needs any more.
    pub fn stale(
        &self,
        findings: &[Finding],
        asked: &BTreeSet<Str>,
        understood: &Understood,
    ) -> usize {
        let found: Vec<Entry> = findings
            .iter()
            .map(|finding| self.entry(finding, understood))
            .collect();
        let stale = self.known.stale(&found);
        let of_asked = |entry: &&&Entry| asked.contains(entry.policy.as_str());
        stale.iter().filter(of_asked).count()
    }

    fn entry(&self, finding: &Finding, understood: &Understood) -> Entry {
        Entry::of(finding, &understood.lexicon.environments).scrubbed(&self.scrubber)
    }
}

/// What to do with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Everything that is found now and not allowed, and nothing else.
    Write,
    /// What is there and still found.
    Prune,
}

/// A baseline as it should be written.
pub struct Changed {
    /// On disk.
    pub file: PathBuf,
    /// As people know it.
    pub name: String,
    pub text: String,
    pub entries: usize,
    pub added: usize,
    pub dropped: usize,
}

/// Works out the new text of the baseline. It is always that of the whole tree, whatever the focus.
pub fn baseline(request: &Request, change: Change) -> Result<Changed, Error> {
    let understood = understand(request)?;
    let before = before(&understood.baseline, change)?;
    let judged = judge(&understood, &Ask::default())?;
    if let Some(problem) = understood.problems.first() {
        // What could not be read would look mended.
        return Err(Error::Unreadable {
            path: problem.path.clone(),
            reason: problem.reason.clone(),
        });
    }
    let after = after(&understood, &judged, &before, change);
    Ok(Changed {
        file: file(request, &understood)?,
        name: understood.baseline.path.clone(),
        text: text(&after),
        entries: after.len(),
        added: after.difference(&before).count(),
        dropped: before.difference(&after).count(),
    })
}

fn after(
    understood: &Understood,
    judged: &Judged<'_>,
    before: &BTreeSet<Entry>,
    change: Change,
) -> BTreeSet<Entry> {
    let scrubber = scrubber(understood);
    let entry = |finding: &Finding| {
        Entry::of(finding, &understood.lexicon.environments).scrubbed(&scrubber)
    };
    let findings = judged.findings.iter();
    if change == Change::Prune {
        let found: Vec<Entry> = findings.map(entry).collect();
        let known = Known::of(before.iter().cloned());
        let stale: BTreeSet<&Entry> = known.stale(&found).into_iter().collect();
        let kept = before.iter().filter(|entry| !stale.contains(entry));
        return kept.cloned().collect();
    }
    let allowances = judged.allows.allowances(&judged.asked);
    let facts = &understood.resolved.facts;
    let allowed = |finding: &Finding| allowances.iter().any(|one| one.allows(finding, facts));
    findings
        .filter(|finding| !allowed(finding))
        .map(entry)
        .collect()
}

/// What the file holds. A new one may take the place of one that a merge left in pieces, but not of a file that is no
/// baseline at all.
fn before(file: &BaselineFile, change: Change) -> Result<BTreeSet<Entry>, Error> {
    match entries(file) {
        Ok(entries) => Ok(entries.into_iter().collect()),
        Err(error) => {
            let text = file.text.as_deref().unwrap_or_default();
            let intact: BTreeSet<Entry> = text.lines().flat_map(entry).collect();
            if change == Change::Write && !intact.is_empty() {
                Ok(intact)
            } else {
                Err(error)
            }
        }
    }
}

/// Where the file lies on disk. A path that leaves the root is refused: it comes from a file of the repository.
fn file(request: &Request, understood: &Understood) -> Result<PathBuf, Error> {
    let path = &understood.baseline.path;
    let inside = std::path::Path::new(path)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    match (&request.from, &understood.opened.root) {
        (From::Paths(_), Some(root)) if inside => Ok(root.join(path)),
        _ => Err(Error::Unreadable {
            path: path.clone(),
            reason: "it does not lie in the folder that is checked".to_owned(),
        }),
    }
}

/// Knows every secret of a run.
pub fn scrubber(understood: &Understood) -> Scrubber {
    let resolved = &understood.resolved;
    let written = resolved.documents.iter().flat_map(|one| &one.facts);
    Scrubber::of(written.chain(&resolved.facts))
}

fn text(entries: &BTreeSet<Entry>) -> String {
    let mut lines: Vec<String> = entries.iter().filter_map(line).collect();
    lines.sort();
    lines.into_iter().map(|line| line + "\n").collect()
}

fn line(entry: &Entry) -> Option<String> {
    let line = Line {
        policy: entry.policy.clone(),
        row: entry.row.clone(),
        subject: entry.subject.clone(),
        environments: entry.environments.clone(),
        severity: entry.severity.name().to_owned(),
        value: entry.value_kind.clone(),
    };
    serde_json::to_string(&line).ok()
}

/// Every entry of the file, or the first line that is none.
fn entries(file: &BaselineFile) -> Result<Vec<Entry>, Error> {
    let text = file.text.as_deref().unwrap_or_default();
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let filled = lines.filter(|(_, line)| !line.trim().is_empty());
    filled
        .map(|(at, line)| {
            entry(line).map_err(|reason| Error::Baseline {
                path: file.path.clone(),
                line: at + 1,
                reason,
            })
        })
        .collect()
}

/// The reason never quotes the line: whatever file the configuration names is read as a baseline.
fn entry(line: &str) -> Result<Entry, &'static str> {
    let conflict = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];
    if conflict.iter().any(|mark| line.starts_with(mark)) {
        return Err("a merge conflict is left here");
    }
    let read: Line = serde_json::from_str(line).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "this is no entry of a baseline",
        _ => "this is not JSON",
    })?;
    Ok(Entry {
        severity: Severity::from_name(&read.severity).ok_or("this entry has no known severity")?,
        policy: read.policy,
        row: read.row,
        subject: read.subject,
        environments: read.environments,
        value_kind: read.value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> BaselineFile {
        BaselineFile {
            path: "b.jsonl".to_owned(),
            text: Some(text.to_owned()),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let entry = Entry {
            policy: "p".to_owned(),
            row: Some("r@production".to_owned()),
            subject: vec!["var".to_owned(), "name=\"é\"\n".to_owned()],
            environments: vec!["production".to_owned()],
            severity: Severity::High,
            value_kind: None,
        };
        let entries: BTreeSet<Entry> = [entry.clone(), Entry { row: None, ..entry }].into();
        let text = text(&entries);
        assert_eq!(text.lines().count(), 2);
        let read: BTreeSet<Entry> = super::entries(&file(&text)).unwrap().into_iter().collect();
        assert_eq!(read, entries);
    }

    #[test]
    fn a_line_that_is_no_entry_is_told_with_its_place_and_without_its_text() {
        let good = r#"{"policy":"p","subject":[],"environments":[],"severity":"low"}"#;
        for (bad, reason) in [
            ("<<<<<<< HEAD", "merge conflict"),
            ("API_KEY=abc", "not JSON"),
            (r#"{"policy":"abc"}"#, "no entry"),
            (
                r#"{"policy":"p","subject":[],"environments":[],"severity":"abc"}"#,
                "severity",
            ),
            (
                r#"{"abc":1,"policy":"p","subject":[],"environments":[],"severity":"low"}"#,
                "no entry",
            ),
        ] {
            let error = super::entries(&file(&format!("{good}\n\n{bad}\n"))).unwrap_err();
            let told = error.to_string();
            assert!(
                told.starts_with("b.jsonl:3: ") && told.contains(reason),
                "{told}"
            );
            assert!(!told.contains("abc"), "{told}");
        }
    }
}
