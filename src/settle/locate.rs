//! From spans to what people read: lines, columns, masked excerpts, scrubbed text.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Run;
use super::excerpt::{Sheet, sheets};
use super::groups::Groups;
use super::identity::Identities;
use super::scrub::Scrubber;
use crate::model::finding::{Edit, Via};
use crate::model::settled::{
    Grant, LocatedEdit, LocatedPlace, Location, SettledFinding, Status, Step, Unread,
};
use crate::model::{Document, Finding, Place, Severity, Span, Str};

/// Orders findings for people: the worst first, then by where they stand.
pub type Rank = (Reverse<Severity>, Str, Span, Str, Option<Str>, Vec<Str>);

/// Everything needed to say where findings stand.
pub struct Locator<'a> {
    run: &'a Run<'a>,
    sheets: BTreeMap<&'a str, Sheet<'a>>,
    pub scrubber: Scrubber,
}

impl<'a> Locator<'a> {
    /// `quiet` where nothing but findings, problems and names of files will be told.
    pub fn of(judged: &[(Finding, Status)], run: &'a Run<'a>, quiet: bool) -> Self {
        let wanted: BTreeSet<&str> = judged
            .iter()
            .flat_map(|(finding, _)| paths(finding))
            .collect();
        // Nothing to print but names of files: no secret of theirs could be in it.
        let idle = quiet && judged.is_empty() && run.problems.is_empty();
        let facts = run.documents.iter().flat_map(|document| &document.facts);
        Self {
            run,
            sheets: sheets(run.documents, run.facts, &wanted),
            scrubber: if idle {
                Scrubber::default()
            } else {
                Scrubber::of(facts.chain(run.facts))
            },
        }
    }

    pub fn rank(finding: &Finding) -> Rank {
        (
            Reverse(finding.severity),
            Str::clone(&finding.primary.file.path),
            finding.primary.span,
            Str::clone(&finding.policy),
            finding.row.clone(),
            finding.subject.clone(),
        )
    }

    /// The findings in the order given, which decides letters and numbers.
    pub fn all(&self, judged: &[(Finding, Status)], all: bool) -> Vec<SettledFinding> {
        let mut groups = Groups::default();
        let mut ids = Identities::default();
        judged
            .iter()
            .map(|(finding, status)| {
                let letters = groups.of(finding, self.run.facts);
                let environments = self.environments(finding);
                let subject: Vec<_> = finding
                    .subject
                    .iter()
                    .map(|part| self.scrubber.name(part))
                    .collect();
                let subject = subject.iter().map(String::as_str);
                let id = ids.id(
                    &finding.policy,
                    finding.row.as_deref(),
                    subject,
                    &environments,
                );
                SettledFinding {
                    id,
                    policy: Str::clone(&finding.policy),
                    row: finding.row.clone(),
                    severity: finding.severity,
                    message: self.scrubber.text(&finding.message),
                    why: self.scrubber.lines(&finding.why),
                    fix: finding.fix.as_deref().map(|fix| self.scrubber.lines(fix)),
                    edits: finding.edits.iter().map(|edit| self.edit(edit)).collect(),
                    status: self.status(status),
                    shown: all || *status == Status::New,
                    environments,
                    places: self.places(finding, letters),
                    via: finding.via.iter().map(|via| self.step(via)).collect(),
                    docs: format!("envguard explain {}", finding.policy),
                }
            })
            .collect()
    }

    pub fn unread(&self, list: &[Unread]) -> Vec<Unread> {
        list.iter()
            .map(|unread| Unread {
                path: self.scrubber.name(&unread.path),
                reason: self.scrubber.text(&unread.reason),
            })
            .collect()
    }

    fn environments(&self, finding: &Finding) -> Vec<String> {
        let names = self.run.environments.names(finding.envs);
        names
            .into_iter()
            .map(|name| self.scrubber.name(name))
            .collect()
    }

    /// The places of a finding. One place that counts for several environments is one place with several labels.
    fn places(&self, finding: &Finding, letters: Vec<Option<String>>) -> Vec<LocatedPlace> {
        let all = std::iter::once(&finding.primary).chain(&finding.related);
        let mut places: Vec<LocatedPlace> = Vec::new();
        for (place, letter) in all.zip(letters) {
            let place = self.place(place, letter);
            match places.iter_mut().find(|earlier| earlier.at == place.at) {
                Some(earlier) => join_labels(&mut earlier.label, &place.label),
                None => places.push(place),
            }
        }
        for place in &mut places {
            if let Some(letter) = &place.group {
                let gap = if place.label.is_empty() { "" } else { " " };
                place.label = format!("{}{gap}(={letter})", place.label);
            }
        }
        places
    }

    fn place(&self, place: &Place, letter: Option<String>) -> LocatedPlace {
        let sheet = self.sheets.get(place.file.path.as_ref());
        LocatedPlace {
            at: self.locate(&place.file.path, place.span),
            label: self.scrubber.text(&place.label),
            group: letter,
            excerpt: sheet.and_then(|sheet| sheet.excerpt(place.span, &self.scrubber)),
        }
    }

    fn step(&self, via: &Via) -> Step {
        Step {
            at: self.locate(&via.file.path, via.span),
            text: self.scrubber.text(&via.text),
        }
    }

    fn edit(&self, edit: &Edit) -> LocatedEdit {
        LocatedEdit {
            at: edit.span.map(|span| self.locate(&edit.path, span)),
            path: self.scrubber.name(&edit.path),
            text: self.scrubber.lines(&edit.text),
        }
    }

    fn status(&self, status: &Status) -> Status {
        match status {
            Status::Allowed(grant) => Status::Allowed(Grant {
                because: self.scrubber.text(&grant.because),
                until: grant
                    .until
                    .as_deref()
                    .map(|until| self.scrubber.text(until)),
                written: self.scrubber.name(&grant.written),
            }),
            other => other.clone(),
        }
    }

    /// A file that was not read, such as a missing one, is named at its start.
    fn locate(&self, path: &str, span: Span) -> Location {
        let document = self.sheets.get(path).map(Sheet::document);
        located(document, &self.scrubber.name(path), span)
    }
}

/// The lines and columns of a span.
pub fn located(document: Option<&Document>, path: &str, span: Span) -> Location {
    let locate = |offset| {
        document.map_or((1, 1), |document| {
            let at = document.lines.locate(&document.text, offset);
            (at.line, at.column)
        })
    };
    let (line, column) = locate(span.start);
    let (end_line, end_column) = locate(span.end);
    Location {
        path: path.to_owned(),
        line,
        column,
        end_line,
        end_column,
    }
}

fn join_labels(label: &mut String, other: &str) {
    if label.is_empty() {
        other.clone_into(label);
    } else if !label.split(", ").any(|part| part == other) && !other.is_empty() {
        label.push_str(", ");
        label.push_str(other);
    }
}

fn paths(finding: &Finding) -> impl Iterator<Item = &str> {
    let places = std::iter::once(&finding.primary).chain(&finding.related);
    let vias = finding.via.iter().map(|via| &via.file);
    let edits = finding.edits.iter().map(|edit| edit.path.as_ref());
    places
        .map(|place| &place.file)
        .chain(vias)
        .map(|file| file.path.as_ref())
        .chain(edits)
}
