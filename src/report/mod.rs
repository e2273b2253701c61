//! Reports: settled findings in, bytes out. A report renders; it never sorts, judges or reads a file. A new one is one
//! file here and one line in `ALL`.

mod checkstyle;
mod csv;
mod drawing;
mod facts;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod junit;
mod markdown;
pub mod overview;
pub mod page;
mod sarif;
mod short;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use crate::model::settled::Settled;

pub use facts::{FACTS_FORMATS, FactsReport};

/// How a report for people looks. The caller decides: it knows the terminal and the user's wishes.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub color: bool,
    /// Lines and arrows of Unicode instead of ASCII.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Findings only: no summary and no lists beside them.
    pub quiet: bool,
    /// Findings without why, fix and where to read more: what stands around them says it.
    pub brief: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: false,
            unicode: true,
            width: 80,
            quiet: false,
            brief: false,
        }
    }
}

/// One output format of `check`.
pub struct Report {
    /// The word for `--format`.
    pub name: &'static str,
    pub doc: &'static str,
    pub render: fn(&Settled, &Style, &mut dyn Write) -> io::Result<()>,
}

/// Every format; the first is the default.
pub static ALL: &[Report] = &[
    Report {
        name: "human",
        doc: "for a terminal: the lines concerned, why it matters, how to mend it",
        render: human::render,
    },
    Report {
        name: "short",
        doc: "one line for each finding, which editors can jump to",
        render: short::render,
    },
    Report {
        name: "json",
        doc: "everything, for other programs; version 1 of a stable shape",
        render: json::render,
    },
    Report {
        name: "sarif",
        doc: "SARIF 2.1.0, for code scanning",
        render: sarif::render,
    },
    Report {
        name: "github",
        doc: "annotations of a GitHub Actions run",
        render: github::render,
    },
    Report {
        name: "gitlab",
        doc: "a code quality report of GitLab",
        render: gitlab::render,
    },
    Report {
        name: "junit",
        doc: "JUnit XML: a test for each finding",
        render: junit::render,
    },
    Report {
        name: "checkstyle",
        doc: "Checkstyle XML, which many CI systems read",
        render: checkstyle::render,
    },
    Report {
        name: "markdown",
        doc: "for a job summary or a comment on a pull request",
        render: markdown::render,
    },
    Report {
        name: "html",
        doc: "one page that needs nothing else, for reading and printing",
        render: html::render,
    },
    Report {
        name: "csv",
        doc: "for a spreadsheet: a record for each finding; no field is a formula",
        render: csv::render,
    },
];

impl Report {
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|report| report.name == name)
    }

    /// Whether it says anything of a finding that is not shown, beside that there is one.
    pub fn tells_hidden(&self) -> bool {
        !matches!(self.name, "human" | "short")
    }

    /// Writes the report. A reader that goes away early, such as `head`, is no error.
    pub fn write(&self, settled: &Settled, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let mut buffered = io::BufWriter::new(out);
        let written = (self.render)(settled, style, &mut buffered).and_then(|()| buffered.flush());
        unless_closed(written)
    }
}

/// Success when the only fault is that nobody reads any more.
pub fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
