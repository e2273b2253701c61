//! From bytes to documents: every file that some format may read, each read once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::again::{AsRead, Other, Said};
use super::dumps::{Dumps, Stacks, Told};
use crate::classify::{self, Classifier, Seal};
use crate::config::Config;
use crate::format::{self, Claim, Format};
use crate::model::file::Nature;
use crate::model::settled::Unread;
use crate::model::tree::{Entry, ReadError};
use crate::model::wants::Nobody;
use crate::model::{Document, File, Lines, Str, Tree, Wants};
use crate::resolve::effective::loaded_env_files;
use crate::resolve::included;
use crate::source::{Focus, Opened, Snapshot};
use crate::value::Lexicon;

/// What came out of reading every governed file.
#[derive(Default)]
pub(super) struct Reading {
    /// Kept where another tree may hold the same files.
    pub(super) as_read: AsRead,
    /// Sorted by path.
    pub(super) documents: Vec<Document>,
    pub(super) problems: Vec<Unread>,
    pub(super) skipped: Vec<Unread>,
    pub(super) stacks: Stacks,
}

/// Below this many files a thread pool costs more than it saves.
const WORTH_SHARING: usize = 16;

/// Pipelines that include others that include others are followed so far.
const DEEPEST: usize = 5;

/// Reads what formats govern, then what those files load by name.
pub(super) fn read(
    opened: &Opened,
    config: &Config,
    lexicon: &Lexicon,
    wants: &dyn Wants,
    other: Other,
) -> Reading {
    let entries = opened.snapshot.entries();
    let classifier =
        Classifier::new(lexicon, entries, &config.projects).with_focus(opened.focus.folder());
    let reader = Reader {
        tree: &opened.snapshot,
        classifier: &classifier,
        lexicon,
        wants,
    };
    let mut reading = Reading::default();
    reader.governed(entries, other, &mut reading);
    let loaded = loaded_env_files(&reading.documents, &opened.snapshot);
    reading.add(reader.as_format(loaded, &format::dotenv::DOTENV));
    reader.included(&mut reading);
    let unreadable = opened.unreadable.iter();
    let unreadable = unreadable.map(|(path, reason)| unread(path, reason));
    reading.problems.extend(unreadable);
    reading.skipped = by_folder(std::mem::take(&mut reading.skipped));
    reading
        .documents
        .sort_by(|a, b| a.file.path.cmp(&b.file.path));
    reading
}

/// What another text would say in the place of a file; `None` where it is left alone.
pub(super) fn document_of(
    entry: &Entry,
    text: &Str,
    tree: &Snapshot,
    classifier: &Classifier,
    lexicon: &Lexicon,
) -> Option<Document> {
    let reader = Reader {
        tree,
        classifier,
        lexicon,
        wants: &Nobody,
    };
    let readers = format::readers(&entry.path, text, &Nobody);
    match reader.text(entry, text, readers)? {
        Outcome::Read(document) => Some(*document),
        Outcome::Problem(_) | Outcome::Skipped(_) => None,
    }
}

impl Reading {
    /// Takes dumps in among the files. What concerns a dump is told, with the files it is about.
    pub(super) fn join(&mut self, dumps: Option<Dumps>, opened: &mut Opened) {
        let Some(dumps) = dumps else {
            return;
        };
        let paths = dumps.documents.iter();
        opened.focus = match dumps.told {
            Told::Dumps => Focus::of(paths.map(|document| Str::clone(&document.file.path))),
            Told::Everything => Focus::everything(),
        };
        self.documents.extend(dumps.documents);
        self.documents.sort_by(|a, b| a.file.path.cmp(&b.file.path));
        self.skipped.extend(dumps.left_out);
        self.stacks = dumps.stacks;
    }

    fn add(&mut self, outcomes: impl IntoIterator<Item = Outcome>) {
        for outcome in outcomes {
            match outcome {
                Outcome::Read(document) => self.documents.push(*document),
                Outcome::Problem(unread) => self.problems.push(unread),
                Outcome::Skipped(unread) => self.skipped.push(unread),
            }
        }
    }
}

enum Outcome {
    Read(Box<Document>),
    Problem(Unread),
    Skipped(Unread),
}

/// Turns files into documents.
struct Reader<'a> {
    tree: &'a Snapshot,
    classifier: &'a Classifier<'a>,
    lexicon: &'a Lexicon,
    wants: &'a dyn Wants,
}

impl Reader<'_> {
    /// Reads what formats govern.
    fn governed(&self, entries: &[Entry], other: Other, reading: &mut Reading) {
        let read_one = |entry: &&Entry| {
            if let Other::Understood(now) = other
                && let Some(read) = now.said_of(self.tree, &entry.path)
            {
                return read.document().map(Outcome::Read);
            }
            self.file(entry, |path, text| format::readers(path, text, self.wants))
        };
        let governed: Vec<&Entry> = entries
            .iter()
            .filter(|entry| format::governs(&entry.path, self.wants))
            .collect();
        let outcomes: Vec<Option<Outcome>> = if governed.len() < WORTH_SHARING {
            governed.iter().map(read_one).collect()
        } else {
            governed.par_iter().map(read_one).collect()
        };
        if let Other::Later = other {
            let read = governed.iter().zip(&outcomes);
            reading.as_read = read
                .filter_map(|(entry, outcome)| {
                    let said = match outcome {
                        None => Said::Nothing,
                        Some(Outcome::Read(document)) => Said::All(document.clone()),
                        Some(_) => return None,
                    };
                    Some((Str::clone(&entry.path), said))
                })
                .collect();
        }
        reading.add(outcomes.into_iter().flatten());
    }

    /// What pipelines include, and what that includes.
    fn included(&self, reading: &mut Reading) {
        let mut tried: BTreeSet<String> = BTreeSet::new();
        for _ in 0..DEEPEST {
            let mut paths = included(&reading.documents, self.tree);
            paths.retain(|path| tried.insert(path.clone()));
            if paths.is_empty() {
                break;
            }
            reading.add(self.as_format(paths, &format::gitlab::GITLAB));
        }
    }

    /// Files that others load by name: they are what these take them for, whatever they are called.
    fn as_format(&self, paths: BTreeSet<String>, format: &'static Format) -> Vec<Outcome> {
        let outcome = |path: String| {
            let ignored = self.tree.ignore_covers(&path);
            let entry = Entry {
                path: Str::from(path),
                tracked: !ignored,
                ignored,
            };
            self.file(&entry, |_, _| vec![format])
        };
        paths.into_iter().filter_map(outcome).collect()
    }

    /// `None` where the text shows that no format is meant.
    fn file(
        &self,
        entry: &Entry,
        readers: impl Fn(&str, &str) -> Vec<&'static Format>,
    ) -> Option<Outcome> {
        let text = match self.tree.read(&entry.path) {
            Ok(text) => text,
            Err(ReadError::Missing) => return None,
            // Of a program much is known without this file; of a configuration nothing.
            Err(ReadError::Failed(reason)) if is_program(&entry.path) => {
                return Some(Outcome::Skipped(unread(&entry.path, &reason)));
            }
            Err(ReadError::Failed(reason)) => {
                return Some(Outcome::Problem(unread(&entry.path, &reason)));
            }
            Err(_) if is_no_news(&entry.path) => return None,
            Err(error) => return Some(Outcome::Skipped(unread(&entry.path, &why_skipped(&error)))),
        };
        self.text(entry, &text, readers(&entry.path, &text))
    }

    /// What a text says under a path.
    fn text(
        &self,
        entry: &Entry,
        text: &Str,
        mut readers: Vec<&'static Format>,
    ) -> Option<Outcome> {
        let first = readers.first()?;
        let mut file = self.classifier.classify(entry, first.name, first.nature);
        if classify::look(&mut file, text) == Seal::Whole {
            readers.clear();
        }
        let (document, left_alone) = self.document(file, text, &readers);
        Some(match left_alone {
            Some(reason) => Outcome::Skipped(unread(&entry.path, reason)),
            None => Outcome::Read(Box::new(document)),
        })
    }

    /// What the readers say, and why they leave the file alone if all of them do.
    fn document(
        &self,
        file: File,
        text: &Str,
        readers: &[&Format],
    ) -> (Document, Option<&'static str>) {
        let file = Arc::new(file);
        let input = format::Input {
            file: &file,
            text,
            lexicon: self.lexicon,
            wants: self.wants,
        };
        let mut output = format::Output::default();
        for reader in readers {
            let more = (reader.parse)(&input);
            output.facts.extend(more.facts);
            output.problems.extend(more.problems);
            output.unread = output.unread.or(more.unread);
        }
        let left_alone = output.unread.filter(|_| output.facts.is_empty());
        let document = Document {
            lines: Arc::new(Lines::of(text)),
            text: Str::clone(text),
            facts: output.facts,
            problems: output.problems,
            file,
        };
        (document, left_alone)
    }
}

/// Source code that is too large or no text was written by a machine, and so was a file that only its text could have
/// made anything to read (a lock file, a description of an API): that nobody reads it is no news.
fn is_no_news(path: &str) -> bool {
    format::claim(path).is_some_and(|(format, claim)| {
        format.nature == Nature::Program || matches!(claim, Claim::IfText(_))
    })
}

fn is_program(path: &str) -> bool {
    format::claim(path).is_some_and(|(format, _)| format.nature == Nature::Program)
}

/// Files of one folder that are left alone for one reason are one line: a chart has dozens of templates.
fn by_folder(skipped: Vec<Unread>) -> Vec<Unread> {
    let mut folders: BTreeMap<(String, String), Vec<Unread>> = BTreeMap::new();
    for one in skipped {
        let folder = one.path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        let key = (folder.to_owned(), one.reason.clone());
        folders.entry(key).or_default().push(one);
    }
    let merged = |((folder, reason), files): ((String, String), Vec<Unread>)| match files.len() {
        0..4 => files,
        count => vec![unread(
            &format!("{folder}/"),
            &format!("{count} files, each {reason}"),
        )],
    };
    folders.into_iter().flat_map(merged).collect()
}

pub(super) fn why_skipped(error: &ReadError) -> String {
    match error {
        ReadError::TooLarge(bytes) => format!("too large ({} KiB)", bytes / 1024),
        ReadError::Binary => "not text".to_owned(),
        ReadError::Pointer => "kept in Git LFS".to_owned(),
        ReadError::Missing | ReadError::Failed(_) => "unreadable".to_owned(),
    }
}

fn unread(path: &str, reason: &str) -> Unread {
    Unread {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}
