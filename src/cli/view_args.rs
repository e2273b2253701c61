//! The arguments of the views: what a repository has, in tables.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use super::args::{SettingsArgs, SourceArgs};
use crate::pipeline::{By, Listed};
use crate::view::ALL;

/// Where the bytes come from: one tree, since a view compares nothing with an older one.
#[derive(Debug, Args)]
pub struct TreeArgs {
    /// Files or folders whose rows are shown; compared is the whole repository
    #[arg(value_name = "PATH", conflicts_with = "rev")]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    pub stored: StoredArgs,
}

/// The same beside arguments of another kind.
#[derive(Debug, Args)]
pub struct StoredArgs {
    /// Read a commit, tag or branch instead of the files on disk
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,

    /// The repository to read with --rev; a bare one has revisions, too
    #[arg(long, value_name = "DIR", requires = "rev")]
    pub repo: Option<PathBuf>,

    /// Leave out files that match this glob (may be repeated)
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// Do not read git-ignored env files
    #[arg(long)]
    pub no_ignored: bool,
}

impl TreeArgs {
    pub fn source(&self) -> SourceArgs {
        self.stored.source(&self.paths)
    }
}

impl StoredArgs {
    pub fn source(&self, paths: &[PathBuf]) -> SourceArgs {
        SourceArgs {
            paths: paths.to_vec(),
            rev: self.rev.clone(),
            repo: self.repo.clone(),
            exclude: self.exclude.clone(),
            no_ignored: self.no_ignored,
            ..SourceArgs::here()
        }
    }
}

/// The words for `--format` are those of the renderers.
pub fn formats() -> PossibleValuesParser {
    let words = ALL.iter();
    PossibleValuesParser::new(words.map(|one| PossibleValue::new(one.name).help(one.doc)))
}

#[derive(Debug, Args)]
#[command(before_help = MATRIX)]
pub struct Matrix {
    #[command(flatten)]
    pub tree: TreeArgs,

    #[command(flatten)]
    pub settings: SettingsArgs,

    /// What the rows are
    #[arg(long, value_name = "WHAT", default_value = "variable")]
    pub by: Rows,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    pub format: String,
}

const MATRIX: &str = "\
Examples:
  envguard matrix                       every variable in every environment
  envguard matrix --by vendor           which services are shared, and how bad that is
  envguard matrix --by resource         ports, volumes, containers, networks, databases
  envguard matrix services/api          only the variables that files in there set
  envguard matrix --rev v1.2 --format markdown > matrix.md";

/// What a matrix has rows for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rows {
    /// Every variable, with who has the same value
    Variable,
    /// Every third-party service, by the worst of its variables
    Vendor,
    /// What stacks claim of a machine, and the databases
    Resource,
}

impl From<Rows> for By {
    fn from(rows: Rows) -> Self {
        match rows {
            Rows::Variable => Self::Variable,
            Rows::Vendor => Self::Vendor,
            Rows::Resource => Self::Resource,
        }
    }
}

#[derive(Debug, Args)]
#[command(before_help = INVENTORY)]
pub struct Inventory {
    #[command(flatten)]
    pub tree: TreeArgs,

    #[command(flatten)]
    pub settings: SettingsArgs,

    /// What the rows are
    #[arg(long, value_name = "WHAT", default_value = "variable")]
    pub by: Entries,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    pub format: String,
}

const INVENTORY: &str = "\
Examples:
  envguard inventory                    every variable: read, set, documented; what production must do
  envguard inventory --by file          every place that reads one, and what it does without
  envguard inventory src/ --by file     only the places in there
  envguard inventory --format csv > variables.csv";

/// What an inventory has rows for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Entries {
    /// Every variable
    Variable,
    /// Every place that reads one
    File,
}

impl From<Entries> for Listed {
    fn from(entries: Entries) -> Self {
        match entries {
            Entries::Variable => Self::ByVariable,
            Entries::File => Self::ByFile,
        }
    }
}

#[derive(Debug, Args)]
#[command(before_help = CONTEXT)]
pub struct Context {
    /// How to print it; json is described by schemas/context.schema.json
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    pub format: String,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,

    /// The environment that is meant, whatever shell and files say
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,

    /// Do not read git-ignored env files
    #[arg(long)]
    pub no_ignored: bool,

    #[command(flatten)]
    pub settings: SettingsArgs,
}

const CONTEXT: &str = "\
Examples:
  envguard context                      a banner: environment, branch, databases, warnings
  envguard context --json               the same for assistants and scripts; no secret in it
  envguard context --format markdown    for a wiki or a job summary
  envguard context --env production     what production uses, as far as files say";
