//! `envguard check …`, read by the options of that one command: a hook runs it at every commit, and building the options of
//! all the others takes longer than all that a commit of nothing governed needs beside it. Whatever is no plain run of
//! it, a mistake and a question for help above all, is left to the whole command line.

use std::ffi::OsString;

use clap::Parser;

use super::args::{Check, Cli, Command, When};

#[derive(Debug, Parser)]
struct Alone {
    #[command(flatten)]
    check: Check,
    #[arg(long, default_value = "auto")]
    color: When,
}

/// `None` where the whole command line has to look at it.
pub fn parse(args: &[OsString]) -> Option<Cli> {
    let (_, own) = args.split_first()?;
    if own.first().is_none_or(|command| command != "check") {
        return None;
    }
    let Alone { check, color } = Alone::try_parse_from(own).ok()?;
    Some(Cli {
        command: Command::Check(check),
        color,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNS: &[&str] = &[
        "check",
        "check --staged",
        "check --color never --staged --all",
        "check deploy .env.prod --format short --output sarif=a.sarif",
        "check --since main --rev HEAD --repo x --color=always",
        "check --since auto --fail-on high --policy a --policy b --skip c -q",
        "check --hook pre-push origin url",
        "check --history --exclude a/** --no-ignored --jobs 2 --now 2026-01-01",
        "check --no-config -- --staged",
        "check - --stdin-name .env",
        "check --staged --staged",
        "check --staged a",
        "check --since main --staged",
        "check --color sometimes",
        "check --nonsense",
        "check --help",
        "check -h",
        "check --version",
        "check --format",
        "check check",
        "--color never check",
        "checks",
        "facts",
        "",
    ];

    #[test]
    fn it_is_read_as_the_whole_command_line_reads_it() {
        let mut taken = 0;
        for run in RUNS {
            let args = std::iter::once("envguard").chain(run.split_whitespace());
            let args: Vec<OsString> = args.map(OsString::from).collect();
            let whole = Cli::try_parse_from(&args);
            if let Some(alone) = parse(&args) {
                let whole = whole.unwrap_or_else(|error| panic!("{run}: {error}"));
                assert_eq!(format!("{alone:?}"), format!("{whole:?}"), "{run}");
                taken += 1;
            } else if run.starts_with("check") {
                assert!(whole.is_err(), "{run}");
            }
        }
        assert!(taken > 8, "{taken}");
    }
}
