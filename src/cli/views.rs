//! `envguard matrix`: tables of what environments have and share.

use std::io::{self, Write};

use super::view_args::Matrix;
use super::{FAILED, Failure, Screen, progress, request};
use crate::pipeline::{self, Understood};
use crate::view::{Format, View};

pub fn matrix(matrix: &Matrix, screen: &Screen) -> Result<u8, Failure> {
    let request = request(&matrix.tree.source(), &matrix.settings)?;
    let waiting = progress::start("reading");
    let understood = pipeline::understand(&request)?;
    drop(waiting);
    pipeline::policies(&understood)?;
    let view = pipeline::matrix(&understood, matrix.by.into());
    print(&view, &matrix.format, screen)?;
    Ok(code(&understood))
}

/// Prints a view in one of its formats.
pub fn print(view: &View, format: &str, screen: &Screen) -> Result<(), Failure> {
    let Some(format) = Format::named(format) else {
        return Ok(());
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    (format.render)(view, &screen.view_style(), &mut out)?;
    out.flush()?;
    Ok(())
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
