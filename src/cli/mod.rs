//! The command line: arguments in, bytes out, and an exit code that no output format changes: 0 clean, 1 findings at or
//! above the threshold, 2 could not run or could not read what it must.

mod alone;
mod args;
mod audit;
mod baseline;
mod begin_args;
mod check;
mod ci;
mod compare;
mod config;
mod doctor;
mod dump_args;
mod explain;
mod facts;
mod hook;
mod init;
mod install;
mod look;
mod manual;
mod output;
mod policy;
mod progress;
mod report;
mod stacks;
mod verdict_args;
mod view_args;
mod views;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;

use crate::config::date::Date;
use crate::pipeline::{self, ConfigFrom, From, Request};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::suggest::did_you_mean;
use crate::report::Style;
use crate::source::Range;
use crate::view;
use args::{Cli, Command, SettingsArgs, SourceArgs, When};

/// Could not run.
const FAILED: u8 = 2;

/// Runs the command of this process.
pub fn run() -> u8 {
    let args: Vec<OsString> = std::env::args_os().collect();
    let cli = match alone::parse(&args).map_or_else(|| Cli::try_parse_from(&args), Ok) {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` arrive here too; a closed pipe must not turn them into a crash.
            let _ = error.print();
            return if error.use_stderr() { FAILED } else { 0 };
        }
    };
    let screen = Screen::new(cli.color);
    let result = match &cli.command {
        Command::Check(check) => check::run(check, &screen),
        Command::Audit(audit) => audit::run(audit, &screen),
        Command::Compare(compare) => compare::run(compare, &screen),
        Command::Facts(facts) => facts::run(facts),
        Command::Matrix(matrix) => views::matrix(matrix, &screen),
        Command::Inventory(inventory) => views::inventory(inventory, &screen),
        Command::Context(context) => views::context(context, &screen),
        Command::Baseline(command) => baseline::run(command),
        Command::Config(command) => config::run(command),
        Command::Explain(explain) => explain::run(explain, &screen),
        Command::Policy(policy) => policy::run(&policy.command, &screen),
        Command::Report(command) => report::run(command),
        Command::Install(install) => install::run(install),
        Command::Init(init) => init::run(init),
        Command::Doctor(doctor) => doctor::run(doctor),
        Command::Completions(completions) => manual::completions(completions.shell),
        Command::Man(man) => manual::pages(&man.dir),
    };
    match result {
        Ok(code) => code,
        Err(Failure::Pipe) => 0,
        Err(Failure::Told(message)) => {
            let _ = writeln!(io::stderr(), "{message}");
            FAILED
        }
    }
}

/// Why a command ended early.
pub enum Failure {
    /// Nobody reads the output any more: no reason to say anything.
    Pipe,
    /// The whole message, ready to print.
    Told(String),
}

impl std::convert::From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Pipe,
            _ => Self::Told(format!("error: cannot write the output: {error}")),
        }
    }
}

impl std::convert::From<pipeline::Error> for Failure {
    fn from(error: pipeline::Error) -> Self {
        Self::Told(match error {
            pipeline::Error::Written(diagnostics) => told(&diagnostics, "nothing was checked"),
            other => format!("error: {other}"),
        })
    }
}

impl Failure {
    /// There is no policy of that name, but perhaps one that is meant.
    fn no_policy<'a>(
        id: &str,
        ids: impl Iterator<Item = &'a str>,
        tree: &dyn crate::model::Tree,
    ) -> Self {
        if let Some(file) = pipeline::unlisted(id, tree) {
            let id = id.to_owned();
            return pipeline::Error::UnlistedPolicy { id, file }.into();
        }
        let meant = did_you_mean(id, ids).map(|id| format!("; did you mean `{id}`?"));
        let meant = meant.unwrap_or_default();
        Self::Told(format!(
            "error: there is no policy `{id}`{meant}\n`envguard policy list` lists them"
        ))
    }
}

/// Nobody mends more mistakes at once.
const MOST_TOLD: usize = 100;

/// All mistakes of the configuration and of policies, and what they mean for the run.
fn told(diagnostics: &[Diagnostic], what_now: &str) -> String {
    let shown = diagnostics.iter().take(MOST_TOLD);
    let mut rendered: Vec<String> = shown.map(Diagnostic::render).collect();
    if diagnostics.len() > MOST_TOLD {
        rendered.push(format!("… and {} more", diagnostics.len() - MOST_TOLD));
    }
    let many = match diagnostics.len() {
        1 => "one mistake".to_owned(),
        many => format!("{many} mistakes"),
    };
    format!(
        "{}\nerror: {what_now}, because of {many} in the configuration or in policies",
        rendered.join("\n")
    )
}

/// What the output is written for.
pub struct Screen {
    pub color: bool,
    pub unicode: bool,
    pub width: usize,
}

impl Screen {
    fn new(when: When) -> Self {
        let terminal = io::stdout().is_terminal();
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = match when {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && !set("NO_COLOR") && !dumb,
        };
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        let measured = terminal.then(terminal_width).flatten();
        let width = columns.or(measured).unwrap_or(100);
        Self {
            color,
            unicode: !dumb,
            width: width.clamp(40, 160),
        }
    }

    fn style(&self) -> Style {
        Style {
            color: self.color,
            unicode: self.unicode,
            width: self.width,
            ..Style::default()
        }
    }

    fn view_style(&self) -> view::Style {
        view::Style {
            color: self.color,
            width: self.width,
        }
    }
}

/// The day on which this runs.
fn today() -> Date {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Date::of_unix(i64::try_from(since.as_secs()).unwrap_or_default())
}

fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// The folder the command is run in, for commands that only want its configuration.
fn here() -> Result<Request, Failure> {
    request(&SourceArgs::here(), &SettingsArgs::default())
}

/// The request that the shared options describe.
fn request(source: &SourceArgs, settings: &SettingsArgs) -> Result<Request, Failure> {
    if source.jobs > 0 {
        // Fails only where a pool exists already, which then is as good.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(source.jobs)
            .build_global();
    }
    Ok(Request {
        from: from(source)?,
        config: config_from(settings)?,
        today: settings.now.unwrap_or_else(today),
        exclude: source.exclude.clone(),
        include_ignored: !source.no_ignored,
        history: source.history,
    })
}

fn config_from(settings: &SettingsArgs) -> Result<ConfigFrom, Failure> {
    if settings.no_config {
        return Ok(ConfigFrom::None);
    }
    if let Some(rev) = &settings.config_from {
        return Ok(ConfigFrom::Revision(rev.clone()));
    }
    let Some(path) = &settings.config else {
        return Ok(ConfigFrom::Tree);
    };
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(ConfigFrom::File { name, text }),
        Err(error) => Err(Failure::Told(format!(
            "error: cannot read `{name}`: {error}"
        ))),
    }
}

fn from(source: &SourceArgs) -> Result<From, Failure> {
    let stdin = source.paths.iter().any(|path| path.as_os_str() == "-");
    let fault = |message: &str| Err(Failure::Told(format!("error: {message}")));
    if source.staged {
        return Ok(From::staged(source.repo.clone()));
    }
    if let Some(since) = &source.since {
        return Ok(From::Range {
            repo: source.repo.clone(),
            range: range(since, source)?,
        });
    }
    match (&source.rev, &source.stdin_name) {
        (Some(_), _) if stdin => fault("standard input has no revision: leave out `-` or `--rev`"),
        (Some(_), _) if !source.paths.is_empty() => {
            fault("a revision is judged as a whole: leave out the paths")
        }
        (Some(rev), _) => Ok(From::Revision {
            repo: source.repo.clone(),
            rev: rev.clone(),
        }),
        (None, _) if !stdin => Ok(From::Paths(source.paths.clone())),
        (None, _) if source.paths.len() > 1 => {
            fault("`-` stands alone: name no other paths beside it")
        }
        (None, None) => {
            fault("`-` needs to know what it reads: add `--stdin-name .env.production`, say")
        }
        (None, Some(name)) => {
            let mut bytes = Vec::new();
            match io::Read::read_to_end(&mut io::stdin().lock(), &mut bytes) {
                Ok(_) => Ok(From::Stdin {
                    name: name.into(),
                    bytes,
                }),
                Err(error) => fault(&format!("cannot read standard input: {error}")),
            }
        }
    }
}

/// What `--since` asks for.
fn range(since: &str, source: &SourceArgs) -> Result<Range, Failure> {
    if since == "auto" {
        let head = source.rev.as_deref().unwrap_or("HEAD");
        return ci::range(source.repo.as_deref(), head);
    }
    Range::parse(since, source.rev.as_deref()).ok_or_else(|| {
        Failure::Told(format!(
            "error: `--since {since}` names both ends already: leave out `--rev`"
        ))
    })
}
