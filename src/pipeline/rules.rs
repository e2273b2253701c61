//! Which policies judge a run: those that ship and the team's own, under the configuration's settings.

use std::collections::BTreeSet;
use std::sync::Arc;

use globset::GlobSet;

use super::{Ask, Error, Understood, allow};
use crate::config::{Config, Level, Setting, Spelled};
use crate::model::{Environments, Str, Tree};
use crate::policy::diagnostic::{Diagnostic, Source, tidy};
use crate::policy::param::Piece;
use crate::policy::spec::Text;
use crate::policy::{self, Catalogue, Policy, Settings, Spec};

/// The policies of a repository as they were written, and what its configuration says of them.
pub struct Book {
    pub catalogue: Catalogue,
    pub settings: Settings,
}

impl Book {
    /// The policies that ship and the team's own. A mistake in any of them, or in what the configuration says of them,
    /// stops the run.
    pub fn open(config: &Config, tree: &dyn Tree) -> Result<Self, Error> {
        Self::on(Catalogue::shipped(), config, tree).map_err(Error::Written)
    }

    fn on(
        mut catalogue: Catalogue,
        config: &Config,
        tree: &dyn Tree,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut found = Vec::new();
        for source in own_sources(config, tree, &mut found) {
            catalogue.add(&source);
        }
        found.append(&mut catalogue.found);
        let settings = settings(config, &catalogue.specs, &mut found);
        if found.is_empty() {
            Ok(Self {
                catalogue,
                settings,
            })
        } else {
            Err(tidy(found))
        }
    }

    /// Every policy, compiled; policies that are off are among them and say so.
    pub fn compile(&self, environments: &Environments) -> Result<Vec<Policy>, Error> {
        let compiled = self.catalogue.compile(environments, &self.settings);
        compiled.map_err(Error::Written)
    }
}

/// The policies that judge what was understood.
pub fn policies(understood: &Understood) -> Result<Vec<Policy>, Error> {
    understood.policies.clone().map_err(Error::Written)
}

/// The policies of a repository, or every mistake in them.
pub(super) fn compiled(
    config: &Config,
    tree: &dyn Tree,
    environments: &Environments,
) -> Result<Vec<Policy>, Vec<Diagnostic>> {
    compiled_of(Catalogue::shipped_rules(), config, tree, environments)
}

/// The same for judging and nothing else: those that ship off are left out where neither the command nor the configuration
/// says anything of single policies, because nobody can want one of them then.
pub(super) fn asked(
    ask: &Ask,
    config: &Config,
    tree: &dyn Tree,
    environments: &Environments,
) -> Result<Vec<Policy>, Vec<Diagnostic>> {
    let says_nothing = ask.only.is_empty()
        && ask.skip.is_empty()
        && config.policies.says_nothing()
        && config.allow.is_empty()
        && config.paths.is_empty();
    let catalogue = if says_nothing {
        Catalogue::shipped_on()
    } else {
        Catalogue::shipped_rules()
    };
    compiled_of(catalogue, config, tree, environments)
}

fn compiled_of(
    catalogue: Catalogue,
    config: &Config,
    tree: &dyn Tree,
    environments: &Environments,
) -> Result<Vec<Policy>, Vec<Diagnostic>> {
    let compiled = Book::on(catalogue, config, tree)
        .and_then(|book| book.catalogue.compile(environments, &book.settings));
    compiled.map_err(|_| mistakes(config, tree))
}

/// Every mistake in policies, in what the configuration says of them and in its exceptions: one part that is wrong hides
/// no other.
pub(super) fn mistakes(config: &Config, tree: &dyn Tree) -> Vec<Diagnostic> {
    let environments = &config.environments;
    let mut found = Vec::new();
    let mut catalogue = Catalogue::shipped_rules();
    for source in own_sources(config, tree, &mut found) {
        catalogue.add(&source);
    }
    let mut about = Vec::new();
    let settings = settings(config, &catalogue.specs, &mut about);
    // A policy that could not be read is none that is missing.
    if catalogue.found.is_empty() {
        found.append(&mut about);
    }
    match catalogue.compile(environments, &settings) {
        Ok(policies) => found.extend(allow::mistakes(config, &policies)),
        Err(more) => {
            found.extend(more);
            let shipped = Catalogue::shipped_rules().compile(environments, &Settings::new());
            found.extend(allow::mistakes(config, &shipped.unwrap_or_default()));
        }
    }
    tidy(found)
}

/// The policy files of the configuration, from the same tree as everything else.
fn own_sources(config: &Config, tree: &dyn Tree, found: &mut Vec<Diagnostic>) -> Vec<Arc<Source>> {
    let mut sources = Vec::new();
    for glob in &config.policies.files {
        let Ok(set) = globset(&glob.text) else {
            continue;
        };
        let before = sources.len();
        for entry in tree
            .entries()
            .iter()
            .filter(|entry| set.is_match(entry.path.as_ref()))
        {
            match tree.read(&entry.path) {
                Ok(text) => sources.push(Source::new(&entry.path, &text)),
                Err(_) => found.push(missing(glob, &format!("`{}` cannot be read", entry.path))),
            }
        }
        if sources.len() == before {
            found.push(missing(glob, &format!("no file matches `{}`", glob.text)));
        }
    }
    sources
}

/// Whether `policies.files` names this path.
pub fn is_listed(config: &Config, path: &str) -> bool {
    let globs = config.policies.files.iter();
    let mut sets = globs.filter_map(|glob| globset(&glob.text).ok());
    sets.any(|set| set.is_match(path))
}

/// The file that holds a policy of this id and that the configuration does not name.
pub fn unlisted(id: &str, tree: &dyn Tree) -> Option<String> {
    let written = format!("id: {id}");
    let holds = |text: &str| {
        let line = |line: &str| line.trim_start_matches(['-', ' ']).trim_end() == written;
        text.contains("examples:") && text.lines().any(line)
    };
    let entries = tree.entries().iter().map(|entry| &entry.path);
    let mut yaml = entries.filter(|path| path.ends_with(".yml") || path.ends_with(".yaml"));
    yaml.find(|path| tree.read(path).is_ok_and(|text| holds(&text)))
        .map(ToString::to_string)
}

fn globset(glob: &str) -> Result<GlobSet, globset::Error> {
    let glob = globset::GlobBuilder::new(glob.trim_start_matches("./"))
        .literal_separator(true)
        .build()?;
    GlobSet::builder().add(glob).build()
}

fn missing(glob: &Spelled, title: &str) -> Diagnostic {
    Diagnostic::error("C008", glob.at.clone(), title)
        .note("paths are relative to the root; policy files end in .yml or .yaml")
}

/// What the configuration says of each policy; packs first, then single policies.
fn settings(config: &Config, specs: &[Spec], found: &mut Vec<Diagnostic>) -> Settings {
    let policies = &config.policies;
    named_policies(config, specs, found);
    let mut settings = Settings::new();
    for pack in &policies.packs {
        let mut empty = true;
        for spec in specs
            .iter()
            .filter(|spec| spec.tags.iter().any(|tag| **tag == *pack.text))
        {
            settings.entry(Str::clone(&spec.id.text)).or_default().on = Some(true);
            empty = false;
        }
        if empty {
            found.push(no_such_pack(pack, specs));
        }
    }
    for (list, on) in [(&policies.enable, true), (&policies.disable, false)] {
        for id in list {
            settings.entry(Str::from(id.text.as_str())).or_default().on = Some(on);
        }
    }
    for setting in &policies.set {
        let id = Str::from(setting.id.text.as_str());
        apply(setting, settings.entry(id).or_default());
    }
    settings
}

/// Every policy that the configuration names has to exist.
fn named_policies(config: &Config, specs: &[Spec], found: &mut Vec<Diagnostic>) {
    let policies = &config.policies;
    let lists = policies.enable.iter().chain(&policies.disable);
    let by_path = config.paths.iter().flat_map(|path| &path.set);
    let settings = policies
        .set
        .iter()
        .chain(by_path)
        .map(|setting| &setting.id);
    let allowed = config.allow.iter().map(|allow| &allow.policy);
    for id in lists.chain(settings).chain(allowed) {
        if !specs.iter().any(|spec| *spec.id.text == *id.text) {
            let ids = specs.iter().map(|spec| spec.id.text.as_ref());
            found.push(policy::unknown_policy(&id.text, id.at.clone(), "C004", ids));
        }
    }
}

fn no_such_pack(pack: &Spelled, specs: &[Spec]) -> Diagnostic {
    let tags: BTreeSet<&str> = specs
        .iter()
        .flat_map(|spec| spec.tags.iter().map(AsRef::as_ref))
        .collect();
    let title = format!("no policy is in a pack called `{}`", pack.text);
    let list: Vec<&str> = tags.iter().copied().collect();
    Diagnostic::error("C004", pack.at.clone(), title)
        .meant(policy::suggest::did_you_mean(&pack.text, tags))
        .note(format!("packs: {}", list.join(", ")))
}

/// A policy that is given its parameters is wanted, unless the same setting switches it off.
fn apply(from: &Setting, to: &mut policy::Setting) {
    match from.level {
        Some(Level::Off) => to.on = Some(false),
        Some(Level::At(severity)) => to.severity = Some(severity),
        None => {}
    }
    if !from.params.is_empty() && from.level != Some(Level::Off) {
        to.on = Some(true);
    }
    to.params.extend(from.params.iter().map(|(name, value)| {
        let text = Text {
            text: Str::from(name.text.as_str()),
            span: name.at.span,
        };
        (
            text,
            Piece {
                source: Arc::clone(&name.at.source),
                node: value.clone(),
            },
        )
    }));
}
