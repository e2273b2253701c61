//! Joins the stages: source → classify → format → resolve → policy → settle.

mod again;
mod allow;
mod attest;
mod audit;
mod baseline;
mod comment;
mod compare;
mod context;
mod dumps;
pub mod examples;
mod history;
mod inventory;
mod judge;
mod matrix;
mod names;
mod open;
mod reading;
mod request;
mod rules;
mod settings;
mod unchanged;

pub use allow::granted;
pub use audit::{Audited, Verdict, audit};
pub use baseline::{Change, Changed, baseline};
pub use context::{Around, context};
pub use dumps::{Dump, Told};
pub use inventory::{Listed, inventory};
pub use judge::{Ask, check, evaluate};
pub use matrix::{By, Judged, Line, lines, matrix};
pub use request::{ConfigFrom, Error, From, Request};
pub use rules::{Book, is_listed, policies, unlisted};

use std::time::Instant;

use crate::config::date::Date;
use crate::config::show::{self, Effective};
use crate::config::{Config, StackSetting};
use crate::model::Document;
use crate::model::settled::Unread;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::{Demands, Policy};
use crate::resolve::stacks::Declared;
use crate::resolve::{self, Elsewhere, Resolved};
use crate::source::{Opened, Past, Snapshot};
use crate::value::Lexicon;
use again::{AsRead, Other};
use dumps::{Dumps, Stacks, WithStacks};
use settings::{BaselineFile, Settings};

/// Everything that is known before anything is judged.
pub struct Understood {
    pub opened: Opened,
    pub config: Config,
    /// Where the configuration and what it names come from, if that is not the tree that is checked.
    pub settings_tree: Option<Snapshot>,
    pub baseline: BaselineFile,
    pub lexicon: Lexicon,
    /// Those that judge, or every mistake in them.
    pub policies: Result<Vec<Policy>, Vec<Diagnostic>>,
    pub resolved: Resolved,
    /// What files said, where another tree may hold the same ones.
    as_read: AsRead,
    /// What had to be read and could not be.
    pub problems: Vec<Unread>,
    /// Left out on purpose.
    pub skipped: Vec<Unread>,
    /// Nothing was left out by hand, so what is not found is not there.
    pub is_whole: bool,
    pub today: Date,
    pub started: Instant,
}

impl Understood {
    /// The tree in which paths of the configuration are looked up.
    pub fn settings_tree(&self) -> &Snapshot {
        self.settings_tree.as_ref().unwrap_or(&self.opened.snapshot)
    }
}

/// A tree with its configuration, nothing else of it read yet.
pub struct Grounds {
    pub opened: Opened,
    pub config: Config,
    settings_tree: Option<Snapshot>,
    baseline: BaselineFile,
    /// What older commits carried, where somebody asked.
    past: Option<Past>,
    dumps: Option<Dumps>,
}

impl Grounds {
    /// An older tree under the configuration of now: what is gone was mended, and not merely asked differently.
    fn older(mut opened: Opened, request: &Request, now: &Understood) -> Self {
        narrow(
            &mut opened,
            request,
            &now.config,
            now.settings_tree.as_ref(),
        );
        Self {
            opened,
            config: now.config.clone(),
            settings_tree: None,
            baseline: BaselineFile {
                path: String::new(),
                text: None,
            },
            past: None,
            dumps: None,
        }
    }

    /// The tree in which paths of the configuration are looked up.
    pub fn settings_tree(&self) -> &Snapshot {
        self.settings_tree.as_ref().unwrap_or(&self.opened.snapshot)
    }
}

/// Opens what was asked for; of two trees the newer one.
pub fn ground(request: &Request) -> Result<Grounds, Error> {
    grounds(request, open::opened(request)?)
}

fn grounds(request: &Request, mut opened: Opened) -> Result<Grounds, Error> {
    let settings = Settings::read(request, &mut opened)?;
    let config = settings.config;
    narrow(&mut opened, request, &config, settings.tree.as_ref());
    let dumps = match &request.from {
        From::Dumps { dumps, told, .. } => Some(dumps::read(dumps, *told, &lexicon(&config))?),
        _ => None,
    };
    Ok(Grounds {
        past: history::past(request, &opened, &config)?,
        opened,
        config,
        settings_tree: settings.tree,
        baseline: settings.baseline,
        dumps,
    })
}

fn narrow(opened: &mut Opened, request: &Request, config: &Config, trusted: Option<&Snapshot>) {
    if let Some(tree) = trusted {
        opened.snapshot.exclude_as(tree);
    }
    opened.snapshot.exclude(&request.exclude);
    opened.snapshot.exclude(&config.exclude);
    opened.snapshot.limit(config.max_file_size);
}

/// From bytes to facts.
pub fn understand(request: &Request) -> Result<Understood, Error> {
    understand_for(request, &[])
}

/// The same for these policies: what is read for no others is read for them, on or off.
pub fn understand_for(request: &Request, policies: &[String]) -> Result<Understood, Error> {
    let started = Instant::now();
    Ok(understood(request, ground(request)?, started, policies))
}

fn understood(
    request: &Request,
    grounds: Grounds,
    started: Instant,
    named: &[String],
) -> Understood {
    let environments = &grounds.config.environments;
    let policies = rules::compiled(&grounds.config, grounds.settings_tree(), environments);
    understood_by(
        request,
        grounds,
        started,
        policies,
        &|policies| Demands::of(policies, named),
        Other::None,
    )
}

fn understood_by(
    request: &Request,
    grounds: Grounds,
    started: Instant,
    policies: Result<Vec<Policy>, Vec<Diagnostic>>,
    demands: &dyn Fn(&[Policy]) -> Demands<'_>,
    other: Other,
) -> Understood {
    let (mut opened, config) = (grounds.opened, grounds.config);
    let lexicon = lexicon(&config);
    // Only now: the team's own policies are among its files.
    dumps::set_apart(&request.from, &mut opened);
    let policed = policies.as_deref().unwrap_or_default();
    let mut reading = reading::read(&opened, &config, &lexicon, &demands(policed), other);
    reading.join(grounds.dumps, &mut opened);
    let read = (reading.documents, reading.stacks);
    let mut resolved = resolve_all(read, &opened, &config, &lexicon, (request, other));
    if let Some(past) = grounds.past {
        let ground = history::Ground {
            opened: &opened,
            config: &config,
            lexicon: &lexicon,
            today: request.today,
        };
        history::add(&past, &ground, &mut resolved);
        reading.skipped.extend(history::left_out(&past));
    }
    Understood {
        config,
        settings_tree: grounds.settings_tree,
        baseline: grounds.baseline,
        policies,
        today: request.today,
        is_whole: is_whole(request),
        lexicon,
        resolved,
        as_read: reading.as_read,
        problems: reading.problems,
        skipped: reading.skipped,
        started,
        opened,
    }
}

/// What holds in each environment, with what the configuration attests.
fn resolve_all(
    (documents, stacks): (Vec<Document>, Stacks),
    opened: &Opened,
    config: &Config,
    lexicon: &Lexicon,
    (request, other): (&Request, Other),
) -> Resolved {
    let same = |path: &str| other.agrees(&opened.snapshot, path);
    let mut resolved = resolve::resolve(resolve::Input {
        documents,
        root_name: &opened.root_name,
        lexicon,
        tree: &WithStacks {
            tree: &opened.snapshot,
            texts: &stacks.texts,
        },
        declared: [stacks.declared, declared(config)].concat(),
        elsewhere: other.stacks().map(|stacks| Elsewhere {
            stacks,
            same: &same,
        }),
    });
    if let Some(document) = attest::document(config, request.today) {
        resolved.facts.extend(document.facts.iter().cloned());
        resolved.documents.push(document);
    }
    resolved
}

/// Nothing was left out by hand, so what is not found is not there.
fn is_whole(request: &Request) -> bool {
    request.exclude.is_empty()
        && request.include_ignored
        && !matches!(request.from, From::Dumps { .. })
}

/// The stacks of the configuration, in the words of `resolve`.
fn declared(config: &Config) -> Vec<Declared> {
    let one = |stack: &StackSetting| Declared {
        env: stack.env,
        files: stack.files.clone(),
        env_files: stack.env_files.clone(),
        profiles: stack.profiles.clone(),
        project_name: stack.project_name.clone(),
        written: format!("{}:{}", stack.at.source.name, stack.at.line_col().line),
    };
    config.stacks.iter().map(one).collect()
}

/// Every setting that is in force, with secrets of the repository masked: a condition may name one.
pub fn effective(understood: &Understood) -> Vec<Effective> {
    let scrubber = baseline::scrubber(understood);
    let mut all = show::effective(&understood.config);
    for one in &mut all {
        one.value = scrubber.text(&one.value);
    }
    all
}

/// What words mean in this repository.
fn lexicon(config: &Config) -> Lexicon {
    let mut lexicon = Lexicon::new(config.environments.clone());
    for (vendor, names) in &config.vendors {
        lexicon.vendors.add(vendor, names);
    }
    lexicon.placeholders.clone_from(&config.placeholders);
    lexicon
}
