//! Reports for other programs are read back as those programs read them: the shape they demand, their escaping, their
//! limits; and a file that is written is whole or as it was before.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

#[path = "reports/commands.rs"]
mod commands;
#[path = "reports/faults.rs"]
mod faults;
#[path = "reports/files.rs"]
mod files;
#[path = "reports/markdown.rs"]
mod markdown;
#[path = "reports/overview.rs"]
mod overview;
#[path = "reports/pages.rs"]
mod pages;
#[path = "reports/samples.rs"]
mod samples;
#[path = "reports/sarif.rs"]
mod sarif;
#[cfg(target_os = "linux")]
#[path = "reports/terminal.rs"]
mod terminal;
#[path = "reports/xml.rs"]
mod xml;

use envguard::model::settled::Settled;
use envguard::report::{Report, Style};

fn written(format: &str, settled: &Settled) -> String {
    let mut out = Vec::new();
    let report = Report::named(format).unwrap();
    report.write(settled, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
