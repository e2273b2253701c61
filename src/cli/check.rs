//! `envguard check`: findings, in the format asked for.

use std::io;

use super::args::{Check, Fail};
use super::{Failure, Screen, hook, request};
use crate::config::FailOn;
use crate::model::Severity;
use crate::pipeline::{self, Ask, Request};
use crate::report::{Report, Style};

pub fn run(check: &Check, screen: &Screen) -> Result<u8, Failure> {
    let ask = Ask {
        only: check.policy.clone(),
        skip: check.skip.clone(),
        fail_on: check.fail_on.map(fail_on),
        all: check.show_allowed,
    };
    let style = Style {
        quiet: check.quiet,
        ..screen.style()
    };
    let mut request = request(&check.source, &check.settings)?;
    let Some(hook) = check.hook else {
        return told(&request, &ask, &check.format, &style);
    };
    let mut worst = 0;
    for from in hook::sources(hook, &check.remote)? {
        request.from = from;
        worst = worst.max(told(&request, &ask, &check.format, &style)?);
    }
    Ok(worst)
}

fn told(request: &Request, ask: &Ask, format: &str, style: &Style) -> Result<u8, Failure> {
    let settled = pipeline::check(request, ask)?;
    if let Some(report) = Report::named(format) {
        report.write(&settled, style, &mut io::stdout().lock())?;
    }
    Ok(settled.outcome.exit_code())
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
