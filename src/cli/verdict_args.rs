//! Which policies judge, what fails, and how it is told: the same words in every command that ends in findings.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use super::Screen;
use super::begin_args::{Output, output};
use crate::config::FailOn;
use crate::model::Severity;
use crate::pipeline::Ask;
use crate::report::{ALL, Report, Style};

/// Which policies judge, and from where on it fails.
#[derive(Debug, Args)]
pub struct Judge {
    /// Exit with 1 from this severity on
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<Fail>,

    /// Judge by this policy only (may be repeated)
    #[arg(long, value_name = "ID")]
    pub policy: Vec<String>,

    /// Leave this policy out (may be repeated)
    #[arg(long, value_name = "ID")]
    pub skip: Vec<String>,
}

/// How findings are told, and where.
#[derive(Debug, Args)]
pub struct Tell {
    /// How to print the findings
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    pub format: String,

    /// Write a report beside the one that is printed; without a file, print this one instead (may be repeated)
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = output)]
    pub output: Vec<Output>,

    /// Show allowed and known findings too
    #[arg(long, visible_alias = "all")]
    pub show_allowed: bool,

    /// Print findings only, no summary
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fail {
    Low,
    Medium,
    High,
    Critical,
    Never,
}

impl Judge {
    pub fn ask(&self) -> Ask {
        Ask {
            only: self.policy.clone(),
            skip: self.skip.clone(),
            fail_on: self.fail_on.map(fail_on),
            ..Ask::default()
        }
    }

    pub fn ask_and_tell(&self, tell: &Tell) -> Ask {
        Ask {
            all: tell.show_allowed,
            shown_only: !tell.tells_hidden(),
            is_last: true,
            ..self.ask()
        }
    }
}

impl Tell {
    /// Whether some report of this run says anything of findings that are not shown.
    fn tells_hidden(&self) -> bool {
        let formats = self.output.iter().map(|output| output.format.as_str());
        formats
            .chain([self.format.as_str()])
            .filter_map(Report::named)
            .any(Report::tells_hidden)
    }

    pub fn style(&self, screen: &Screen) -> Style {
        Style {
            quiet: self.quiet,
            ..screen.style()
        }
    }
}

/// The words for `--format` are those of the reports.
fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(
        ALL.iter()
            .map(|report| PossibleValue::new(report.name).help(report.doc)),
    )
}

fn fail_on(fail: Fail) -> FailOn {
    match fail {
        Fail::Low => FailOn::At(Severity::Low),
        Fail::Medium => FailOn::At(Severity::Medium),
        Fail::High => FailOn::At(Severity::High),
        Fail::Critical => FailOn::At(Severity::Critical),
        Fail::Never => FailOn::Never,
    }
}
