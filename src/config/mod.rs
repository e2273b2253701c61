//! `.envguard.yml`: what a repository says of its own environments, which policies judge it, and what it accepts.
//!
//! A mistake in it stops the run: half a configuration must never allow anything. It is read from a spanned tree, not
//! through serde, so that every mistake is told at once and every setting keeps the place it was written at.

mod check;
pub mod date;
mod extract;
pub mod json_schema;
pub mod keys;
pub mod show;

use std::sync::Arc;

use crate::model::{Env, EnvSet, Environments, Severity, Span};
use crate::policy::diagnostic::{At, Diagnostic, Source};
use crate::syntax::{Node, yaml};
use date::Date;

/// File names that are looked for at the root, in this order.
pub const NAMES: [&str; 2] = [".envguard.yml", ".envguard.yaml"];

/// Text with the place it was written at.
#[derive(Clone, Debug)]
pub struct Spelled {
    pub text: String,
    pub at: At,
}

/// What `policies.set` or `paths[].set` says of one policy.
#[derive(Clone, Debug)]
pub struct Setting {
    pub id: Spelled,
    pub level: Option<Level>,
    /// Parameters as written; checked against the policy's declaration.
    pub params: Vec<(Spelled, Node)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Off,
    At(Severity),
}

/// From which severity on a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    At(Severity),
    Never,
}

impl FailOn {
    /// The mildest severity that fails a run.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::At(severity) => Some(severity),
            Self::Never => None,
        }
    }
}

impl Default for FailOn {
    fn default() -> Self {
        Self::At(Severity::Medium)
    }
}

/// Where an audit draws its lines; `None` is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditLines {
    pub blocks: Option<FailOn>,
    pub condition: Option<FailOn>,
}

#[derive(Clone, Debug, Default)]
pub struct PolicySettings {
    pub files: Vec<Spelled>,
    pub packs: Vec<Spelled>,
    pub enable: Vec<Spelled>,
    pub disable: Vec<Spelled>,
    pub set: Vec<Setting>,
}

impl PolicySettings {
    /// Whether all policies are as they ship, and there are no others.
    pub fn says_nothing(&self) -> bool {
        let Self {
            files,
            packs,
            enable,
            disable,
            set,
        } = self;
        let names = [files, packs, enable, disable];
        names.into_iter().all(Vec::is_empty) && set.is_empty()
    }
}

/// Other settings for some paths.
#[derive(Clone, Debug)]
pub struct PathSettings {
    pub globs: Vec<String>,
    pub set: Vec<Setting>,
}

/// Compose files that run together, said by the team.
#[derive(Clone, Debug)]
pub struct StackSetting {
    pub env: Option<Env>,
    pub files: Vec<String>,
    pub env_files: Vec<String>,
    pub profiles: Vec<String>,
    pub project_name: Option<String>,
    pub at: At,
}

/// A finding that is accepted.
#[derive(Clone, Debug)]
pub struct Allow {
    pub at: At,
    pub policy: Spelled,
    /// Checked when the policy's kind of fact is known.
    pub condition: Option<Node>,
    pub envs: Option<EnvSet>,
    pub because: String,
    pub until: Option<Date>,
    pub owner: Option<String>,
}

/// Something done outside of the repository.
#[derive(Clone, Debug)]
pub struct Attestation {
    pub at: At,
    pub item: String,
    pub env: Option<Env>,
    pub done: Option<Date>,
    /// Last day on which it holds.
    pub until: Option<Date>,
    pub by: Option<String>,
    pub evidence: Option<String>,
}

/// One effective setting, for `config show`.
#[derive(Clone, Debug)]
pub struct Origin {
    pub key: String,
    pub value: String,
    pub at: At,
}

#[derive(Clone, Debug)]
pub struct Config {
    /// The file it was read from; `None` means defaults throughout.
    pub source: Option<Arc<Source>>,
    pub environments: Environments,
    pub fail_on: FailOn,
    pub audit: AuditLines,
    pub exclude: Vec<String>,
    pub projects: Vec<String>,
    pub stacks: Vec<StackSetting>,
    pub policies: PolicySettings,
    pub paths: Vec<PathSettings>,
    /// Vendor name → globs of variable names.
    pub vendors: Vec<(String, Vec<String>)>,
    pub placeholders: Vec<String>,
    pub max_file_size: u64,
    pub allow: Vec<Allow>,
    pub attestations: Vec<Attestation>,
    pub baseline: Option<String>,
    pub origins: Vec<Origin>,
}

pub const DEFAULT_FILE_SIZE: u64 = 1 << 20;
pub const DEFAULT_BASELINE: &str = ".envguard-baseline.jsonl";

impl Default for Config {
    fn default() -> Self {
        Self {
            source: None,
            environments: Environments::default(),
            fail_on: FailOn::default(),
            audit: AuditLines::default(),
            exclude: Vec::new(),
            projects: Vec::new(),
            stacks: Vec::new(),
            policies: PolicySettings::default(),
            paths: Vec::new(),
            vendors: Vec::new(),
            placeholders: Vec::new(),
            max_file_size: DEFAULT_FILE_SIZE,
            allow: Vec::new(),
            attestations: Vec::new(),
            baseline: None,
            origins: Vec::new(),
        }
    }
}

/// Reads a configuration: what could be read, and every mistake. With a mistake the run must stop.
pub fn load(source: &Arc<Source>) -> (Config, Vec<Diagnostic>) {
    let tree = yaml::parse(&source.text);
    let mut diagnostics: Vec<Diagnostic> = tree
        .problems
        .iter()
        .map(|problem| {
            Diagnostic::error(
                "C007",
                At::new(source, problem.span),
                problem.message.clone(),
            )
        })
        .collect();
    let Some(root) = tree.documents.first().filter(|root| !root.is_null()) else {
        let config = Config {
            source: Some(Arc::clone(source)),
            ..Config::default()
        };
        return (config, diagnostics);
    };
    let (config, mut mistakes) = read(root, source);
    diagnostics.append(&mut mistakes);
    (config, diagnostics)
}

/// Reads a configuration that stands somewhere in a file, as in the example of a policy.
pub fn read(root: &Node, source: &Arc<Source>) -> (Config, Vec<Diagnostic>) {
    let mut config = Config {
        source: Some(Arc::clone(source)),
        ..Config::default()
    };
    extract::environments(root, &mut config.environments);
    let mut checker = check::Checker {
        source,
        environments: &config.environments,
        diagnostics: Vec::new(),
    };
    checker.map(root, "");
    let mut diagnostics = checker.diagnostics;
    extract::settings(root, source, &mut config, &mut diagnostics);
    (config, diagnostics)
}

/// Whether the environments were understood: where they were not, whatever names one would be called wrong for nothing.
pub fn knows_environments(config: &Config, found: &[Diagnostic]) -> bool {
    let Some(source) = &config.source else {
        return true;
    };
    let tree = yaml::parse(&source.text);
    let root = tree.documents.first();
    let part = |key: &str| root.and_then(|root| root.entry(key));
    let parts: Vec<Span> = ["environments", "groups"]
        .into_iter()
        .filter_map(part)
        .map(|entry| entry.key.span.to(entry.value.span))
        .collect();
    let within = |one: &Diagnostic| {
        parts
            .iter()
            .any(|part| part.start <= one.at.span.start && one.at.span.end <= part.end)
    };
    root.is_some() && !found.iter().any(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Config, Vec<String>) {
        let source = Source::new(".envguard.yml", text);
        let (config, diagnostics) = load(&source);
        let told = diagnostics
            .iter()
            .map(|one| {
                let at = one.at.line_col();
                format!(
                    "{} {}:{} {} {}",
                    one.code, at.line, at.column, one.title, one.label
                )
            })
            .collect();
        (config, told)
    }

    #[test]
    fn everything_declared_is_read() {
        let (config, told) = read(
            "version: 1\nfail_on: high\naudit: {blocks: high, condition: never}\nexclude: [legacy/**]\nenvironments:\n  canary: {aliases: [cnry], machine: edge, deployed: false}\n  staging: {hosts: ['*-dev.example.org'], files: [deploy/s/*]}\ngroups: {live: [production, canary]}\nprojects: apps/*\nstacks:\n  - {env: prod, files: [a.yml, b.yml], profiles: [web]}\npolicies:\n  files: policy/*.yml\n  packs: [strict]\n  enable: [x]\n  set:\n    a: off\n    b: high\n    c: {severity: low, params: {names: [A]}}\nvendors: {crm: 'CRM_*'}\nplaceholders: [fillme]\nlimits: {file_size: 2MiB}\nallow:\n  - {policy: a, match: {name: X}, envs: [staging], because: soon gone, until: 2026-12-31, owner: ops}\nattestations:\n  - {item: backups, env: production, done: 2026-01-01, valid_for: 90d, by: ops}\nbaseline: b.jsonl\n",
        );
        assert_eq!(told, Vec::<String>::new());
        assert_eq!(config.fail_on, FailOn::At(Severity::High));
        assert_eq!(config.audit.blocks, Some(FailOn::At(Severity::High)));
        assert_eq!(config.audit.condition, Some(FailOn::Never));
        let canary = config.environments.word("cnry").unwrap();
        assert!(!config.environments.is_deployed(canary));
        assert!(config.environments.group("live").has(canary));
        assert_eq!(config.stacks[0].env, Some(Env::PRODUCTION));
        assert_eq!(config.policies.set.len(), 3);
        assert_eq!(config.policies.set[0].level, Some(Level::Off));
        assert_eq!(config.policies.set[2].params[0].0.text, "names");
        assert_eq!(config.max_file_size, 2 << 20);
        assert_eq!(config.allow[0].until.unwrap().to_string(), "2026-12-31");
        assert_eq!(
            config.attestations[0].until.unwrap().to_string(),
            "2026-04-01"
        );
        assert!(
            config
                .origins
                .iter()
                .any(|origin| origin.key == "fail_on" && origin.at.line_col().line == 2)
        );
    }

    #[test]
    fn every_mistake_is_told_at_once_and_located() {
        let (_, told) = read(
            "fail_onn: high\nfail_on: hihg\ngroups: {a: [prodution]}\nlimits: {file_size: big}\nallow:\n  - {policy: x}\n  - {policy: y, because: z, until: soon}\npolicies: [a]\nbaseline:\n",
        );
        let codes: Vec<_> = told.iter().map(|line| &line[..8]).collect();
        assert_eq!(
            codes,
            [
                "C001 1:1", "C006 2:1", "C006 3:1", "C005 4:2", "C005 7:3", "C005 8:1", "C005 9:1",
                "C002 6:5"
            ],
            "{told:#?}"
        );
        assert!(told[0].contains("did you mean `fail_on`?"), "{}", told[0]);
        assert!(
            told[2].contains("did you mean `production`?"),
            "{}",
            told[2]
        );
    }
}
