//! `envguard config show`: every setting that is in force, and the line that set it.

use std::io::{self, Write};

use super::args::{Config, ConfigShow};
use super::{Failure, request};
use crate::pipeline::{self, understand};

/// Settings longer than this push their origin to the right instead of moving all the others there.
const WIDEST: usize = 60;

pub fn run(command: &Config) -> Result<u8, Failure> {
    match command {
        Config::Show(show) => self::show(show),
    }
}

fn show(show: &ConfigShow) -> Result<u8, Failure> {
    let understood = understand(&request(&show.source, &show.settings)?)?;
    let lines: Vec<(String, String)> = pipeline::effective(&understood)
        .into_iter()
        .map(|one| (format!("{}: {}", one.key, one.value), one.origin))
        .collect();
    let fitting = lines.iter().map(|(setting, _)| setting.chars().count());
    let width = fitting.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (setting, origin) in &lines {
        writeln!(out, "{setting:width$}  # {origin}")?;
    }
    out.flush()?;
    Ok(0)
}
