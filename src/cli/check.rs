//! `envguard check`: findings, in the format asked for.

use super::args::{Check, Fail};
use super::{Failure, Screen, hook, output, request};
use crate::config::FailOn;
use crate::model::Severity;
use crate::pipeline::{self, Ask, Request};
use crate::report::Style;

pub fn run(check: &Check, screen: &Screen) -> Result<u8, Failure> {
    let ask = Ask {
        only: check.policy.clone(),
        skip: check.skip.clone(),
        fail_on: check.fail_on.map(fail_on),
        all: check.show_allowed,
        shown_only: !output::tells_hidden(&check.format, &check.output),
    };
    let style = Style {
        quiet: check.quiet,
        ..screen.style()
    };
    let mut request = request(&check.source, &check.settings)?;
    let Some(hook) = check.hook else {
        return told(&request, &ask, check, &style);
    };
    let mut worst = 0;
    for from in hook::sources(hook, &check.remote)? {
        request.from = from;
        worst = worst.max(told(&request, &ask, check, &style)?);
    }
    Ok(worst)
}

fn told(request: &Request, ask: &Ask, check: &Check, style: &Style) -> Result<u8, Failure> {
    let settled = pipeline::check(request, ask)?;
    output::write(&settled, &check.format, &check.output, style)?;
    Ok(settled.outcome.exit_code())
}

pub fn fail_on(fail: Fail) -> FailOn {
    match fail {
        Fail::Low => FailOn::At(Severity::Low),
        Fail::Medium => FailOn::At(Severity::Medium),
        Fail::High => FailOn::At(Severity::High),
        Fail::Critical => FailOn::At(Severity::Critical),
        Fail::Never => FailOn::Never,
    }
}
