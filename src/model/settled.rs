//! What is left to tell when everything is decided: findings with their status, places with line, column and a masked
//! excerpt, counts, and the outcome. Holds no file and no secret, so that reporters can only render.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use super::fact::Layer;
use super::{Severity, Str};

/// The result of one run, in the order in which it is told. Every text in it may be printed as it is.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// The folder that paths are relative to, as the user would write it.
    pub root: String,
    pub outcome: Outcome,
    /// The mildest severity that fails a run; `None` lets every run pass.
    pub fail_on: Option<Severity>,
    pub findings: Vec<SettledFinding>,
    /// The policies of these findings, by id.
    pub policies: Vec<PolicyCard>,
    /// What could not be read although it had to be.
    pub problems: Vec<Unread>,
    /// What was left out on purpose, with the reason.
    pub skipped: Vec<Unread>,
    /// Allowances that hide nothing any more.
    pub unmatched: Vec<Unmatched>,
    /// Allowances that do not count: without a reason, past their day, for a policy that does not exist.
    pub void: Vec<Void>,
    /// What the findings were compared with; `None` where all of them count.
    pub compared: Option<Compared>,
    pub summary: Summary,
}

/// What reports for other programs say of a policy beside its findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyCard {
    pub id: Str,
    pub title: String,
    pub why: String,
    pub fix: Option<String>,
    pub tags: Vec<Str>,
    /// It ships with envguard, so there is a page of it to link to.
    pub shipped: bool,
}

impl Settled {
    /// Whether a finding is one that fails the run.
    pub fn fails(&self, finding: &SettledFinding) -> bool {
        let grave = self.fail_on.is_some_and(|from| finding.severity >= from);
        grave && finding.status == Status::New
    }
}

/// The older side of a comparison, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// `HEAD`, or the revision as the user wrote it.
    pub with: String,
    /// What was looked at: `staged`, or `changed since main`.
    pub changes: String,
    /// Findings that are there no longer; `None` where the older side was not judged.
    pub resolved: Option<usize>,
}

impl Compared {
    /// What is written where there was no older side.
    pub const NOTHING: &str = "nothing";

    /// The older side as people read it: the name of a commit is cut where everybody cuts it. `None` where there was none.
    pub fn briefly(&self) -> Option<&str> {
        let is_commit = self.with.len() >= 40 && self.with.bytes().all(|b| b.is_ascii_hexdigit());
        match self.with.as_str() {
            Self::NOTHING => None,
            commit if is_commit => commit.get(..12),
            other => Some(other),
        }
    }
}

/// How a run ended; decides the exit code, whatever the output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing at or above the threshold.
    #[default]
    Passed,
    /// A new finding at or above the threshold.
    Failed,
    /// Something that had to be read could not be.
    Incomplete,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Incomplete => "incomplete",
        }
    }

    pub fn exit_code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Incomplete => 2,
        }
    }
}

/// Whether a finding still asks for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    New,
    /// In the baseline, or in the revision this run is compared with.
    Known,
    Allowed(Grant),
}

impl Status {
    pub fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Allowed(_) => "allowed",
        }
    }
}

/// Why something is allowed, until when, and where that is written (`path:line`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    pub because: String,
    pub until: Option<String>,
    pub written: String,
}

#[derive(Clone, Debug)]
pub struct SettledFinding {
    /// Stable identity: policy, subject and environments; no line and no value.
    pub id: String,
    pub policy: Str,
    pub row: Option<Str>,
    pub severity: Severity,
    pub message: String,
    pub why: String,
    pub fix: Option<String>,
    pub edits: Vec<LocatedEdit>,
    pub status: Status,
    /// Reports for people leave out what is known or allowed unless all was asked for.
    pub shown: bool,
    /// Most exposed first.
    pub environments: Vec<String>,
    /// The primary place first.
    pub places: Vec<LocatedPlace>,
    pub via: Vec<Step>,
    /// Where to read more.
    pub docs: String,
}

/// A range in a file: lines and columns from 1, columns in characters, the end column exclusive.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

#[derive(Clone, Debug, Default)]
pub struct LocatedPlace {
    pub at: Location,
    pub label: String,
    /// `=A`: places of one letter hold the same secret.
    pub group: Option<String>,
    /// `None` where the line may not be shown because nothing on it was understood.
    pub excerpt: Option<Excerpt>,
}

#[derive(Clone, Debug)]
pub struct LocatedEdit {
    /// `None` appends to the file.
    pub at: Option<Location>,
    pub path: String,
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub at: Location,
    pub text: String,
}

/// Something that was not read: a problem when it had to be, otherwise merely skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub path: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// `path:line` of the allowance.
    pub written: String,
    /// The policy it names; one comment may name several, and be needed for some of them.
    pub policy: String,
    pub because: String,
}

/// An exception that was meant to allow something and does not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Void {
    /// `path:line` of the allowance.
    pub written: String,
    /// Why it does not count; a clause whose subject is the allowance.
    pub reason: String,
}

/// Counts over the findings in focus. New ones are counted by severity; known and allowed ones are not among them.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub files: usize,
    pub facts: usize,
    pub policies: usize,
    /// Policies that found nothing to look at.
    pub idle: usize,
    pub new: BTreeMap<Severity, usize>,
    pub known: usize,
    pub allowed: usize,
    /// Findings that the settings of their path switch off.
    pub off: usize,
    /// Policies that ship on and that the configuration switches off.
    pub disabled: usize,
    /// Entries of the baseline that nothing matches any more.
    pub stale: usize,
    pub elapsed: Option<Duration>,
}

impl Summary {
    pub fn new_findings(&self) -> usize {
        self.new.values().sum()
    }
}

/// One line of a file, masked, without control characters, cut around the marked bytes where it is long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    pub text: String,
    /// Bytes of `text` to underline; always on character boundaries.
    pub mark: Range<usize>,
}

impl Excerpt {
    /// The same excerpt in at most `width` characters, with `reserve` of them free behind the mark where that is
    /// possible. The mark stays in sight, `…` stands for what was cut.
    pub fn fitted(&self, width: usize, reserve: usize) -> Self {
        let width = width.max(8);
        let total = self.text.chars().count();
        let before = chars(&self.text, 0..self.mark.start);
        let marked = chars(&self.text, self.mark.clone());
        // What follows the mark may end in a `…` of its own.
        let reserve = reserve.max(usize::from(before + marked < total));
        let wide = marked + reserve + 2 > width;
        let from = if wide && before + marked > width {
            before.saturating_sub(width / 4)
        } else if wide {
            0
        } else {
            // As little as possible is cut on the left: the key that stands there says what the mark is.
            (before + marked + reserve + 1).saturating_sub(width)
        };
        // A cut of one character would be as long as what it cuts.
        let from = if from == 1 { 2 } else { from };
        self.cut(from, width, total)
    }

    fn cut(&self, from: usize, width: usize, total: usize) -> Self {
        let head = if from > 0 { "…" } else { "" };
        let room = width - head.chars().count();
        let tail = if from + room < total { "…" } else { "" };
        let room = room - tail.chars().count();
        let kept: String = self.text.chars().skip(from).take(room).collect();
        let end = head.len() + kept.len();
        let moved = |byte: usize| {
            let at = chars(&self.text, 0..byte).saturating_sub(from);
            (head.len() + byte_of(&kept, at)).min(end)
        };
        Self {
            mark: moved(self.mark.start)..moved(self.mark.end),
            text: format!("{head}{kept}{tail}"),
        }
    }
}

/// One fact as `envguard facts` shows it: masked, with the place it stands at.
#[derive(Clone, Debug)]
pub struct FactRow {
    pub kind: &'static str,
    pub at: Location,
    pub env: Option<String>,
    /// Why the fact belongs to that environment.
    pub reason: String,
    /// Whether a file says it, it holds, or both.
    pub layer: Layer,
    /// The files that run together, where it holds in such.
    pub stack: Option<String>,
    /// Absent fields are left out.
    pub fields: Vec<(&'static str, Shown)>,
}

/// A field value that may be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    Text(String),
    /// A secret: printed as `***`.
    Masked,
    Int(i64),
    Bool(bool),
    List(Vec<String>),
}

fn chars(text: &str, range: Range<usize>) -> usize {
    text.get(range).unwrap_or_default().chars().count()
}

fn byte_of(text: &str, char_at: usize) -> usize {
    text.char_indices()
        .nth(char_at)
        .map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, mark: &str) -> Excerpt {
        let start = text.find(mark).unwrap();
        Excerpt {
            text: text.to_owned(),
            mark: start..start + mark.len(),
        }
    }

    #[test]
    fn a_short_line_stays_as_it_is() {
        let short = excerpt("DEBUG=True", "True");
        assert_eq!(short.fitted(40, 20), short);
    }

    #[test]
    fn a_long_line_is_cut_around_its_mark() {
        for at in [0, 1, 2, 5, 40, 77, 80] {
            let mut text = "é".repeat(80);
            text.insert_str(at * 2, "XYZ");
            for (width, reserve) in [
                (8, 0),
                (10, 9),
                (33, 10),
                (60, 30),
                (82, 0),
                (83, 0),
                (90, 20),
            ] {
                let cut = excerpt(&text, "XYZ").fitted(width, reserve);
                let end = chars(&cut.text, 0..cut.mark.end);
                assert_eq!(&cut.text[cut.mark.clone()], "XYZ", "{at} {width} {cut:?}");
                assert!(cut.text.chars().count() <= width, "{at} {width} {cut:?}");
                assert!(
                    end + reserve <= width.max(end + 9),
                    "{at} {width} {reserve} {cut:?}"
                );
                assert!(
                    cut.text.contains('…') || width >= 83,
                    "{at} {width} {cut:?}"
                );
            }
        }
    }

    #[test]
    fn room_is_kept_behind_the_mark() {
        let cut = excerpt("some.very.long.key: value", "value").fitted(26, 10);
        assert_eq!(cut.text, "…long.key: value");
        assert_eq!(&cut.text[cut.mark], "value");
    }

    #[test]
    fn a_mark_wider_than_the_room_is_clipped() {
        let cut = excerpt(&format!("key: {}", "x".repeat(90)), &"x".repeat(90)).fitted(20, 6);
        assert_eq!(cut.text, "key: xxxxxxxxxxxxxx…");
        assert_eq!(&cut.text[cut.mark], "xxxxxxxxxxxxxx");
    }
}
