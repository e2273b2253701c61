//! `envguard compare`: values that live in a platform, judged like files.

use clap::Args;

use super::args::{SettingsArgs, SourceArgs};
use super::dump_args::{DumpArgs, Named, dumped};
use super::verdict_args::{Judge, Tell};
use super::{Failure, Screen, output, progress};
use crate::pipeline::{self, From, Told};

pub const EXAMPLES: &str = "\
Examples:
  envguard compare staging=staging.env production=production.json
                                    two dumps, whatever printed them
  envguard compare development=<(railway variables -e dev --json) \\
                   production=<(railway variables -e production --json)
                                    straight from the platform: nothing is written to disk
  kubectl get secret,configmap -n prod -o json | envguard compare production=-
                                    one environment by itself, from a pipe
  envguard compare production=prod.env --with-files
                                    against the files of this repository
  envguard compare staging=a.txt production=b.txt --from printenv
                                    where the shape is not told rightly

What a dump is, is seen by its text: dotenv, printenv, JSON, YAML, docker compose config, Kubernetes, ECS, SSM.
Variables that a platform sets itself are counted and not judged. No value is ever printed or kept.

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not run.";

#[derive(Debug, Args)]
pub struct Compare {
    /// An environment and the dump of its variables: a file, `-` for standard input, or <(command)
    #[arg(required = true, value_name = "ENV=SOURCE", value_parser = dumped)]
    pub dumps: Vec<Named>,

    #[command(flatten)]
    pub how: DumpArgs,

    #[command(flatten)]
    pub settings: SettingsArgs,

    #[command(flatten)]
    pub judge: Judge,

    #[command(flatten)]
    pub tell: Tell,
}

pub fn run(compare: &Compare, screen: &Screen) -> Result<u8, Failure> {
    let mut request = super::request(&SourceArgs::here(), &compare.settings)?;
    request.from = From::Dumps {
        dumps: compare.how.read(&compare.dumps)?,
        files: compare.how.with_files.clone(),
        told: Told::Dumps,
    };
    let ask = compare.judge.ask_and_tell(&compare.tell);
    let waiting = progress::start("reading");
    let settled = pipeline::check(&request, &ask)?;
    drop(waiting);
    output::write(&settled, &compare.tell, screen)?;
    Ok(settled.outcome.exit_code())
}
