//! `envguard check`: findings, in the format asked for.

use super::args::Check;
use super::{Failure, Screen, hook, output, progress, request};
use crate::pipeline::{self, Ask, Request};

pub fn run(check: &Check, screen: &Screen) -> Result<u8, Failure> {
    let ask = check.judge.ask_and_tell(&check.tell);
    let mut request = request(&check.source, &check.settings)?;
    let Some(hook) = check.hook else {
        return told(&request, &ask, check, screen);
    };
    let mut worst = 0;
    for from in hook::sources(hook, &check.remote)? {
        request.from = from;
        worst = worst.max(told(&request, &ask, check, screen)?);
    }
    Ok(worst)
}

fn told(request: &Request, ask: &Ask, check: &Check, screen: &Screen) -> Result<u8, Failure> {
    let waiting = progress::start("reading");
    let settled = pipeline::check(request, ask)?;
    drop(waiting);
    output::write(&settled, &check.tell, screen)?;
    Ok(settled.outcome.exit_code())
}
