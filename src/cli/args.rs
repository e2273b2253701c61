//! The command line: every subcommand and option, with help that teaches by examples first.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use super::begin_args::{Completions, Doctor, Hook, Init, Install, Man, Report};
use super::verdict_args::{Judge, Tell};
use super::view_args::{Context, Inventory, Matrix};
use crate::config::date::Date;
use crate::report::FACTS_FORMATS;

#[derive(Debug, Parser)]
#[command(
    name = "envguard",
    version,
    about = "Keeps development, test, staging and production apart",
    long_about = "Checks compose, env and other deployment files for what leaks from one environment into another: a secret \
                  that dev and prod share, a production file that points at localhost, a committed .env.production.",
    after_help = EXAMPLES,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// When to colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

const EXAMPLES: &str = "\
Examples:
  envguard init                     begin: look around, write a configuration, a hook, a workflow
  envguard check                    judge the repository you stand in
  envguard check deploy/ .env.prod  report only what concerns these
  envguard check --staged           report what the next commit would bring in
  envguard check --since main       report what is new since a branch, tag or commit
  envguard check --format short     one line for each finding
  envguard check --output sarif=envguard.sarif
                                    and a file for code scanning beside it
  envguard compare dev=a.env production=b.json
                                    judge what platforms print of their variables
  envguard facts .env.production    what was understood, and why
  envguard matrix --by vendor       which services environments share
  envguard explain floating-image   why a policy exists, how to fix or allow it
  envguard policy new our-rule      write a policy of your own, then: envguard policy test

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not run.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look for what leaks from one environment into another
    Check(Check),
    /// Judge values that live in a platform: dumps of environments, as they are printed there
    #[command(before_help = super::compare::EXAMPLES)]
    Compare(super::compare::Compare),
    /// Say whether a deployment should go ahead: what is shared, what is wrong, what to do first
    #[command(before_help = super::audit::EXAMPLES)]
    Audit(super::audit::Audit),
    /// Print what was understood: every fact, its environment and the reason
    Facts(Facts),
    /// Print what every environment has, and what it shares with others
    Matrix(Matrix),
    /// List every variable the code reads or files set, and what production must do about it
    Inventory(Inventory),
    /// Say where you stand: environment, branch, databases, and what to be careful about
    Context(Context),
    /// Print the page of a policy: why, fix, examples, how to allow one case
    Explain(Explain),
    /// Accept what is found today, so that only new findings fail
    #[command(subcommand)]
    Baseline(Baseline),
    /// Look at the configuration
    #[command(subcommand)]
    Config(Config),
    /// List, test and write policies
    Policy(Policy),
    /// Work with reports that were written before
    #[command(subcommand)]
    Report(Report),
    /// Write a git hook that checks every commit
    Install(Install),
    /// Begin in a repository: say what is understood, and write a configuration, a baseline, a hook and a workflow
    Init(Init),
    /// Say whether envguard works here: version, configuration, hook, and what would be checked
    Doctor(Doctor),
    /// Print the completions of a shell
    Completions(Completions),
    /// Write the man pages into a folder
    Man(Man),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    #[default]
    Auto,
    Always,
    Never,
}

/// Where the bytes come from; shared by every command that reads a repository.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("stored").args(["rev", "staged", "since"]).multiple(true)))]
pub struct SourceArgs {
    /// Files or folders; `-` reads standard input (with --stdin-name)
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// The name standard input is read as, such as .env.production
    #[arg(long, value_name = "NAME")]
    pub stdin_name: Option<String>,

    /// Read a commit, tag or branch instead of the files on disk
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,

    /// Read what is staged, and report what the commit would bring in
    #[arg(long, conflicts_with_all = ["paths", "rev", "since", "stdin_name"])]
    pub staged: bool,

    /// Report only what is new since a revision: REV, A..B, A...B (from where they parted), or `auto` in CI
    #[arg(long, value_name = "REV", conflicts_with_all = ["paths", "stdin_name"])]
    pub since: Option<String>,

    /// Look also at all older commits: what they carried, and how old each committed secret is
    #[arg(long, conflicts_with_all = ["staged", "since", "stdin_name"])]
    pub history: bool,

    /// The repository to read with --rev, --since or --staged; a bare one has revisions, too
    #[arg(long, value_name = "DIR", requires = "stored")]
    pub repo: Option<PathBuf>,

    /// Leave out files that match this glob (may be repeated)
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// Do not read git-ignored env files
    #[arg(long)]
    pub no_ignored: bool,

    /// Threads (0: as many as there are cores)
    #[arg(short = 'j', long = "jobs", value_name = "N", default_value_t = 0)]
    pub jobs: usize,
}

/// Which configuration judges; shared by every command that reads one.
#[derive(Debug, Default, Args)]
pub struct SettingsArgs {
    /// Read this configuration instead of .envguard.yml at the root
    #[arg(long, value_name = "FILE", conflicts_with_all = ["no_config", "config_from"])]
    pub config: Option<PathBuf>,

    /// Use the defaults, whatever .envguard.yml says
    #[arg(long, conflicts_with = "config_from")]
    pub no_config: bool,

    /// Judge by the configuration, policy files and baseline of this revision
    #[arg(long, value_name = "REV")]
    pub config_from: Option<String>,

    /// The day that counts as today (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = date, hide = true)]
    pub now: Option<Date>,
}

impl SourceArgs {
    /// The folder the command is run in, for commands that only want its configuration.
    pub fn here() -> Self {
        Self {
            paths: Vec::new(),
            stdin_name: None,
            rev: None,
            staged: false,
            since: None,
            history: false,
            repo: None,
            exclude: Vec::new(),
            no_ignored: false,
            jobs: 0,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  envguard check                               all of the repository you stand in
  envguard check deploy/ .env.prod             report only what concerns these
  envguard check --staged                      what the next commit brings in
  envguard check --since origin/main...        what this branch brings in
  envguard check --since auto --output github  in CI, annotated
  envguard check --output sarif=out.sarif      a file for code scanning beside the report
  envguard check --policy shared-credential    one question only
  envguard check --rev v1.2 --repo shop.git    any commit, also of a bare repository
  envguard check - --stdin-name .env.prod      text from a pipe

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not run or could not read what it must.")]
pub struct Check {
    #[command(flatten)]
    pub source: SourceArgs,

    #[command(flatten)]
    pub settings: SettingsArgs,

    #[command(flatten)]
    pub judge: Judge,

    #[command(flatten)]
    pub tell: Tell,

    /// Run as a hook of git or of a hook framework: judge what is committed or pushed now
    #[arg(long, value_name = "HOOK", num_args = 0..=1, require_equals = true, default_missing_value = "auto",
          conflicts_with_all = ["stored", "history"])]
    pub hook: Option<Hook>,

    /// The remote that is pushed to
    #[arg(long, value_name = "NAME", default_value = "origin", hide = true)]
    pub remote: String,
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "expected a day such as 2026-03-31".to_owned())
}

fn facts_formats() -> PossibleValuesParser {
    PossibleValuesParser::new(FACTS_FORMATS.iter().map(|report| report.name))
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  envguard facts .env.production    each fact of a file, its environment and the reason
  envguard facts --stacks           which Compose files run together, and why
  envguard facts --format json      for other programs")]
pub struct Facts {
    #[command(flatten)]
    pub source: SourceArgs,

    /// Print which Compose files run together, in which environment, and why
    #[arg(long)]
    pub stacks: bool,

    #[command(flatten)]
    pub settings: SettingsArgs,

    /// How to print them; yaml can be pasted into the `where` of a policy
    #[arg(long, value_name = "FORMAT", default_value = "yaml", value_parser = facts_formats())]
    pub format: String,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  envguard explain shared-credential                    why it matters, how to mend or allow it
  envguard explain shared-credential .env.production:7  what it makes of that line")]
pub struct Explain {
    /// The policy's id, as findings print it
    pub id: String,

    /// A place: say what the policy looks at there, and why it does or does not complain
    #[arg(value_name = "FILE[:LINE]")]
    pub place: Option<String>,
}

#[derive(Debug, Args)]
pub struct Policy {
    #[command(subcommand)]
    pub command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Print every policy, whether it is on, and what it is about
    List(PolicyList),
    /// Run the examples inside of policies
    Test(PolicyTest),
    /// Write a new policy to fill in, with examples that pass
    New(PolicyNew),
    /// Print the JSON Schema that editors complete policy files by
    Schema(PolicySchema),
}

#[derive(Debug, Args)]
pub struct PolicyList {
    /// Only policies with this tag (may be repeated)
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,

    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    pub format: String,
}

#[derive(Debug, Args)]
pub struct PolicyTest {
    /// Policy files, or folders of them; without any, the policies that ship and those of the configuration
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Test this policy only (may be repeated)
    #[arg(long, value_name = "ID")]
    pub policy: Vec<String>,

    /// Write the results as JUnit XML, too
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,

    /// Print only what is wrong
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub struct PolicyNew {
    /// The new policy's id, such as queue-has-limit
    pub id: String,

    /// Where to write it
    #[arg(value_name = "PATH", default_value = None)]
    pub path: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct PolicySchema {
    /// The schema of .envguard.yml instead
    #[arg(long)]
    pub config: bool,
}

#[derive(Debug, Subcommand)]
pub enum Baseline {
    /// Write down everything that is found now
    Write(BaselineArgs),
    /// Drop entries that nothing matches any more
    Prune(BaselineArgs),
}

#[derive(Debug, Args)]
pub struct BaselineArgs {
    /// A path in the repository; its baseline is always that of the whole repository
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,

    #[command(flatten)]
    pub settings: SettingsArgs,
}

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Print every effective setting and where it comes from
    Show(ConfigShow),
}

#[derive(Debug, Args)]
pub struct ConfigShow {
    #[command(flatten)]
    pub source: SourceArgs,

    #[command(flatten)]
    pub settings: SettingsArgs,
}
