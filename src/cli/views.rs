//! `envguard matrix`, `inventory` and `context`: what environments have and share, what the code reads, and where somebody
//! stands.

use std::io::{self, Write};

use super::args::{SettingsArgs, SourceArgs};
use super::view_args::{Context, Inventory, Matrix, TreeArgs};
use super::{FAILED, Failure, Screen, progress, request};
use crate::model::Secret;
use crate::pipeline::{self, Understood};
use crate::report::unless_closed;
use crate::view::context::{banner, json, tables};
use crate::view::{Format, View};

pub fn matrix(matrix: &Matrix, screen: &Screen) -> Result<u8, Failure> {
    let understood = understood(&matrix.tree, &matrix.settings)?;
    let view = pipeline::matrix(&understood, matrix.by.into())?;
    print(&view, &matrix.format, screen)?;
    Ok(code(&understood))
}

pub fn inventory(inventory: &Inventory, screen: &Screen) -> Result<u8, Failure> {
    let understood = understood(&inventory.tree, &inventory.settings)?;
    let view = pipeline::inventory(&understood, inventory.by.into());
    print(&view, &inventory.format, screen)?;
    Ok(code(&understood))
}

/// What a view is made of. A mistake in policies is told, since a view says what they demand.
fn understood(tree: &TreeArgs, settings: &SettingsArgs) -> Result<Understood, Failure> {
    let request = request(&tree.source(), settings)?;
    let waiting = progress::start("reading");
    let understood = pipeline::understand(&request)?;
    drop(waiting);
    pipeline::policies(&understood)?;
    Ok(understood)
}

pub fn context(context: &Context, screen: &Screen) -> Result<u8, Failure> {
    let source = SourceArgs {
        no_ignored: context.no_ignored,
        ..SourceArgs::here()
    };
    let request = request(&source, &context.settings)?;
    let around = pipeline::Around {
        named: context.env.clone(),
        variables: variables(),
    };
    let waiting = progress::start("reading");
    let found = pipeline::context(&request, &around)?;
    drop(waiting);
    let mut out = io::BufWriter::new(io::stdout().lock());
    match context.format.as_str() {
        format if context.json || format == "json" => written(&json(&found), &mut out)?,
        "human" => banner(&found, &screen.view_style(), &mut out)?,
        other => print_to(&tables(&found), other, screen, &mut out)?,
    }
    out.flush()?;
    Ok(0)
}

/// Variables of this process; what is no text names no environment and equals no value.
fn variables() -> Vec<(String, Secret)> {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, Secret::new(value.to_str()?)))
    };
    std::env::vars_os().filter_map(text).collect()
}

fn written(json: &serde_json::Value, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, json).map_err(io::Error::from)?;
    writeln!(out)
}

/// Prints a view in one of its formats.
pub fn print(view: &View, format: &str, screen: &Screen) -> Result<(), Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let printed = print_to(view, format, screen, &mut out).and_then(|()| out.flush());
    // A reader that goes away early does not make a half-read tree a whole one.
    Ok(unless_closed(printed)?)
}

fn print_to(view: &View, format: &str, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
    match Format::named(format) {
        Some(format) => (format.render)(view, &screen.view_style(), out),
        None => Ok(()),
    }
}

/// A table of which a part could not be read is not the whole truth.
pub fn code(understood: &Understood) -> u8 {
    for problem in &understood.problems {
        let _ = writeln!(
            io::stderr(),
            "could not be read: {}: {}",
            problem.path,
            problem.reason
        );
    }
    if understood.problems.is_empty() {
        0
    } else {
        FAILED
    }
}
