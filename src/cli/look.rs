//! What envguard understands of a repository, in the words in which `init` and `doctor` tell it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Failure;
use crate::model::file::{Nature, Role};
use crate::model::{Document, Env, EnvSet};
use crate::pipeline::{self, Ask, Request, Understood, understand};
use crate::report::page::counted;

/// Files of one environment that are named before the rest is counted.
const NAMED: usize = 4;

pub struct Look {
    /// The top of what is checked.
    pub root: PathBuf,
    /// How many files of each format.
    pub formats: BTreeMap<&'static str, usize>,
    /// Most exposed first, each with its files and why they belong to it.
    pub environments: Vec<(String, Vec<(String, String)>)>,
    /// Settings that nothing assigns to an environment.
    pub unassigned: Vec<String>,
    pub stacks: usize,
    pub policies: usize,
    /// The file that configures this repository.
    pub config: Option<String>,
    pub new: Vec<(&'static str, usize)>,
    pub known: usize,
    pub unread: usize,
}

impl Look {
    pub fn at(request: &Request, dir: &Path) -> Result<Self, Failure> {
        let understood = understand(request)?;
        let settled = pipeline::check(request, &Ask::default())?;
        let (environments, unassigned) = by_environment(&understood);
        let mut formats = BTreeMap::new();
        for document in &understood.resolved.documents {
            *formats.entry(document.file.format).or_default() += 1;
        }
        let new = settled.summary.new.iter().rev();
        let root = understood.opened.root.clone();
        let root = root.unwrap_or_else(|| dir.to_owned());
        let config = crate::config::NAMES.into_iter();
        Ok(Self {
            formats,
            environments,
            unassigned,
            stacks: understood.resolved.stacks.len(),
            policies: settled.summary.policies,
            config: config
                .map(str::to_owned)
                .find(|name| root.join(name).exists()),
            new: new
                .map(|(severity, count)| (severity.name(), *count))
                .collect(),
            known: settled.summary.known,
            unread: settled.problems.len(),
            root,
        })
    }

    pub fn files(&self) -> usize {
        self.formats.values().sum()
    }

    pub fn findings(&self) -> usize {
        self.new.iter().map(|(_, count)| count).sum()
    }

    /// Files, environments with their reasons, and what is found today.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.files() == 0 {
            return writeln!(out, "No file here is one that envguard reads.");
        }
        let formats = self.formats.iter();
        let formats: Vec<String> = formats
            .map(|(name, count)| format!("{count} {name}"))
            .collect();
        let files = counted(self.files(), "file", "files");
        writeln!(out, "{files}: {}", formats.join(", "))?;
        for (environment, files) in &self.environments {
            writeln!(out, "\n  {environment}")?;
            for (path, reason) in files.iter().take(NAMED) {
                writeln!(out, "    {path}  ({reason})")?;
            }
            rest(files.len(), out)?;
        }
        if !self.unassigned.is_empty() {
            writeln!(out, "\n  nothing says where these belong")?;
            for path in self.unassigned.iter().take(NAMED) {
                writeln!(out, "    {path}")?;
            }
            rest(self.unassigned.len(), out)?;
        }
        if self.stacks > 0 {
            let stacks = counted(self.stacks, "Compose stack", "Compose stacks");
            writeln!(
                out,
                "\n{stacks}; `envguard facts --stacks` says which files run together"
            )?;
        }
        writeln!(out, "\n{}", self.found())
    }

    pub fn found(&self) -> String {
        let policies = counted(self.policies, "policy", "policies");
        let known = match self.known {
            0 => String::new(),
            known => format!(", and {known} known"),
        };
        if self.new.is_empty() {
            return format!("Nothing is found today by {policies}{known}.");
        }
        let severities = self.new.iter();
        let severities: Vec<String> = severities
            .map(|(name, count)| format!("{count} {name}"))
            .collect();
        let findings = counted(self.findings(), "finding", "findings");
        format!(
            "{findings} today by {policies}: {}{known}",
            severities.join(", ")
        )
    }
}

fn rest(count: usize, out: &mut dyn Write) -> io::Result<()> {
    match count.saturating_sub(NAMED) {
        0 => Ok(()),
        more => writeln!(out, "    and {more} more"),
    }
}

type ByEnvironment = (Vec<(String, Vec<(String, String)>)>, Vec<String>);

fn by_environment(understood: &Understood) -> ByEnvironment {
    let environments = &understood.lexicon.environments;
    let mut found: BTreeMap<Env, Vec<(String, String)>> = BTreeMap::new();
    let mut unassigned = Vec::new();
    let mut envs: BTreeMap<&str, BTreeSet<Env>> = BTreeMap::new();
    for fact in &understood.resolved.facts {
        envs.entry(&fact.file.path).or_default().extend(fact.env);
    }
    let real = |document: &&Document| document.file.role == Role::Real;
    for document in understood.resolved.documents.iter().filter(real) {
        let path = document.file.path.to_string();
        match &document.file.claim {
            Some(claim) if claim.env.is_named() => {
                let reason = claim.reason.to_string();
                found.entry(claim.env).or_default().push((path, reason));
            }
            _ if document.file.nature != Nature::Settings => {}
            _ => {
                let by_use = envs.get(path.as_str()).into_iter().flatten();
                let by_use: Vec<Env> = by_use.copied().filter(|env| env.is_named()).collect();
                if by_use.is_empty() {
                    unassigned.push(path.clone());
                }
                for env in by_use {
                    let reason = "what runs it says so".to_owned();
                    found.entry(env).or_default().push((path.clone(), reason));
                }
            }
        }
    }
    let order = EnvSet::of(found.keys().copied());
    let names = environments.names(order);
    let mut by_name: BTreeMap<&str, Vec<(String, String)>> = found
        .into_iter()
        .map(|(env, files)| (environments.name(env), files))
        .collect();
    let sorted = names
        .into_iter()
        .filter_map(|name| by_name.remove(name).map(|files| (name.to_owned(), files)));
    (sorted.collect(), unassigned)
}
