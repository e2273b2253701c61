//! `envguard facts`: what was understood of every file, and why.

use std::io::{self, Write};

use super::args::Facts;
use super::{Failure, progress, request, stacks};
use crate::pipeline::understand;
use crate::report::FACTS_FORMATS;
use crate::settle;

pub fn run(facts: &Facts) -> Result<u8, Failure> {
    let request = request(&facts.source, &facts.settings)?;
    let waiting = progress::start("reading");
    let understood = understand(&request)?;
    drop(waiting);
    if facts.stacks {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let environments = &understood.lexicon.environments;
        let resolved = &understood.resolved;
        stacks::print(&resolved.stacks, &resolved.layers, environments, &mut out)?;
        out.flush()?;
        return Ok(0);
    }
    let rows = settle::inventory(
        &understood.resolved.facts,
        &understood.resolved.documents,
        &understood.lexicon.environments,
        &|path| understood.opened.focus.has(path),
    );
    let mut out = io::BufWriter::new(io::stdout().lock());
    if let Some(format) = FACTS_FORMATS
        .iter()
        .find(|format| format.name == facts.format)
    {
        (format.render)(&rows, &mut out)?;
    }
    out.flush()?;
    Ok(u8::from(!understood.problems.is_empty()) * 2)
}
