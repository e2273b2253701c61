//! Settings that a framework lays over each other by the names of their files: `application.yml` beneath
//! `application-prod.yml`, `.env` beneath `.env.production`. What the base says and an environment does not override
//! holds there too; what is overridden does not.

mod families;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::finding::Via;
use crate::model::schema::{Kind, var};
use crate::model::{Document, Env, EnvSet, Environments, Fact, File, Layer, Role, Span, Str, Tree};
use families::Family;

/// Files that make up the settings of one environment.
#[derive(Clone, Debug)]
pub struct Layers {
    pub env: Env,
    /// Paths from the root, the base first.
    pub files: Vec<Str>,
    /// Who reads them so, and why that is believed.
    pub evidence: Str,
}

/// Adds what the bases bring into the environments above them, and tells which files lie over each other.
pub fn add(
    facts: &mut Vec<Fact>,
    documents: &[Document],
    environments: &Environments,
    tree: &dyn Tree,
) -> Vec<Layers> {
    let piles = piles(documents);
    if piles.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut effective = Vec::new();
    let by_file = by_file(facts);
    let mut written = BTreeSet::new();
    for pile in piles {
        let Some(pile) = Pile::complete(pile, facts, &by_file, tree) else {
            continue;
        };
        for env in pile.envs().iter() {
            let layers = pile.layers(env);
            pile.carry(env, &layers, facts, environments, &mut effective);
            found.push(layers);
        }
        // Where some environment of developers has a file, nobody runs the base alone.
        if pile.envs().iter().any(|env| !environments.is_deployed(env)) {
            written.extend(pile.base_facts(facts));
        }
    }
    for at in written {
        if let Some(fact) = facts.get_mut(at).filter(|fact| fact.layer == Layer::Both) {
            fact.layer = Layer::Written;
        }
    }
    facts.extend(effective);
    found
}

/// Files of one folder that belong together; the flag marks those beneath the others.
type Found<'a> = (&'static Family, Vec<(&'a Document, bool)>);
/// Family, folder and stem.
type Together<'a> = (usize, &'a str, &'a str);

/// Every base with something over it.
fn piles(documents: &[Document]) -> Vec<Found<'_>> {
    let mut piles: BTreeMap<Together<'_>, Vec<_>> = BTreeMap::new();
    for document in documents.iter().filter(|one| one.file.role == Role::Real) {
        let file = &document.file;
        for (at, family) in families::ALL.iter().enumerate() {
            let is_read = family.formats.contains(&file.format) && !document.facts.is_empty();
            if !is_read {
                continue;
            }
            if let Some(part) = (family.part)(&file.name) {
                let key = (at, file.dir.as_ref(), part.stem);
                piles.entry(key).or_default().push((document, part.is_base));
            }
        }
    }
    piles.retain(|_, files| files.iter().any(|(_, is_base)| *is_base));
    piles
        .into_iter()
        .filter_map(|((family, ..), files)| Some((families::ALL.get(family)?, files)))
        .collect()
}

/// Indexes of the written variables of each file.
fn by_file(facts: &[Fact]) -> BTreeMap<Str, Vec<usize>> {
    let mut found: BTreeMap<Str, Vec<usize>> = BTreeMap::new();
    for (at, fact) in facts.iter().enumerate() {
        // A default in code is what holds where nobody sets the variable: no file of settings says that.
        let is_setting = fact.kind == Kind::var && fact.text(var::ORIGIN) != "code_default";
        if is_setting && fact.layer != Layer::Effective {
            found
                .entry(Str::clone(&fact.file.path))
                .or_default()
                .push(at);
        }
    }
    found
}

/// A base with the files over it and the names that these bind.
struct Pile<'a> {
    family: &'static Family,
    base: Vec<&'a Arc<File>>,
    /// With the environments they are for.
    over: Vec<(&'a Arc<File>, EnvSet)>,
    /// Variables of the base that no environment claims.
    open: Vec<usize>,
    /// Names that an environment binds itself.
    bound: BTreeMap<Env, BTreeSet<String>>,
    evidence: Str,
}

impl<'a> Pile<'a> {
    /// `None` where nothing lies over the base, or nobody is known to read the files so.
    fn complete(
        (family, files): Found<'a>,
        facts: &[Fact],
        by_file: &BTreeMap<Str, Vec<usize>>,
        tree: &dyn Tree,
    ) -> Option<Self> {
        let mut pile = Self {
            family,
            base: Vec::new(),
            over: Vec::new(),
            open: Vec::new(),
            bound: BTreeMap::new(),
            evidence: Str::from(""),
        };
        let bases: Vec<&Document> = files.iter().filter(|one| one.1).map(|one| one.0).collect();
        let builds_on = |over: &Document| {
            let mut names = bases.iter().map(|base| &base.file.name);
            names.any(|name| (family.builds_on)(&over.text, name))
        };
        for (document, is_base) in files {
            if is_base || (!is_personal(&document.file) && builds_on(document)) {
                pile.take(&document.file, is_base, facts, by_file);
            }
        }
        let first = pile.base.first().filter(|_| !pile.bound.is_empty())?;
        let evidence = family.evidence.found([&first.dir, &first.project], tree)?;
        pile.evidence = Str::from(format!("{}: {evidence}", family.name));
        Some(pile)
    }

    fn take(
        &mut self,
        file: &'a Arc<File>,
        is_base: bool,
        facts: &[Fact],
        by_file: &BTreeMap<Str, Vec<usize>>,
    ) {
        let claim = file.claim.as_ref().map(|claim| claim.env);
        if let Some(env) = claim.filter(|env| env.is_named()) {
            self.bound.entry(env).or_default();
        }
        let mut own = EnvSet::of(claim);
        for at in by_file.get(&file.path).into_iter().flatten() {
            let Some(fact) = facts.get(*at) else { continue };
            match fact.env.filter(|env| env.is_named()) {
                Some(env) => {
                    own = EnvSet::of(own.iter().chain([env]));
                    let names = self.bound.entry(env).or_default();
                    names.insert(relaxed(fact.text(var::NAME)));
                }
                None if is_base => self.open.push(*at),
                None => {}
            }
        }
        if is_base {
            self.base.push(file);
        } else {
            self.over.push((file, own));
        }
    }

    fn envs(&self) -> EnvSet {
        EnvSet::of(self.bound.keys().copied())
    }

    fn layers(&self, env: Env) -> Layers {
        let over = self.over.iter().filter(|(_, envs)| envs.has(env));
        let files = self.base.iter().chain(over.map(|(file, _)| file));
        Layers {
            env,
            files: files.map(|file| Str::clone(&file.path)).collect(),
            evidence: Str::clone(&self.evidence),
        }
    }

    /// What holds in the environment because the base says so.
    fn carry(
        &self,
        env: Env,
        layers: &Layers,
        facts: &[Fact],
        environments: &Environments,
        effective: &mut Vec<Fact>,
    ) {
        let owners = owners(&self.open, facts);
        let bound = self.bound.get(&env);
        let over = self.over.iter().find(|(_, envs)| envs.has(env));
        let deployed = environments.is_deployed(env);
        for fact in self.open.iter().filter_map(|at| facts.get(*at)) {
            let owner = owners.get(&(Str::clone(&fact.file.path), fact.key));
            let own = relaxed(fact.text(var::NAME));
            let is_bound = bound.is_some_and(|names| names.contains(owner.unwrap_or(&own)));
            if is_bound || (deployed && !(self.family.reaches_deployed)(fact)) {
                continue;
            }
            let mut fact = fact.clone();
            fact.env = Some(env);
            fact.env_reason = Str::from(format!("the base beneath it ({})", self.family.name));
            fact.layer = Layer::Effective;
            fact.stack = Some(Str::from(layers.files.join("+")));
            fact.via = over.map(|(file, _)| via(file)).into_iter().collect();
            effective.push(fact);
        }
    }

    fn base_facts(&self, facts: &[Fact]) -> Vec<usize> {
        let is_there = |at: &usize| facts.get(*at).is_some();
        self.open.iter().copied().filter(is_there).collect()
    }
}

/// The name each key binds: a fallback inside of a value speaks of another variable.
fn owners(open: &[usize], facts: &[Fact]) -> BTreeMap<(Str, Span), String> {
    let facts = open.iter().filter_map(|at| facts.get(*at));
    facts
        .filter(|fact| fact.text(var::ORIGIN) == "value")
        .map(|fact| {
            let name = relaxed(fact.text(var::NAME));
            ((Str::clone(&fact.file.path), fact.key), name)
        })
        .collect()
}

/// `.env.production.local` of one machine says nothing about the others, unless it is committed.
fn is_personal(file: &File) -> bool {
    file.name.ends_with(".local") && !file.tracked
}

fn via(over: &Arc<File>) -> Via {
    Via {
        file: Arc::clone(over),
        span: Span::default(),
        text: Str::from(format!(
            "{} lies over it and does not override it",
            over.path
        )),
    }
}

/// Frameworks take `max-size`, `maxSize` and `MAX_SIZE` for one name, and a list for one value.
fn relaxed(name: &str) -> String {
    let whole = name.split('[').next().unwrap_or(name);
    whole
        .chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}
