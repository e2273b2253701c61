//! Views: tables of what a repository has, for people and for programs. A view holds letters for equal values, words for
//! what became of them, and names; no value ever gets here. A renderer is one file here and one line in `ALL`.

pub mod context;
mod csv;
pub mod html;
mod human;
mod json;
pub mod markdown;
pub mod status;
mod table;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

pub use status::{Status, Tone};
pub use table::{Cell, Column, Kind, Row, Table, View};

/// How a view for people looks. The caller decides: it knows the terminal and the user's wishes.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
        }
    }
}

/// One output format of every view.
pub struct Format {
    /// The word for `--format`.
    pub name: &'static str,
    pub doc: &'static str,
    pub render: fn(&View, &Style, &mut dyn Write) -> io::Result<()>,
}

/// Every format; the first is the default.
pub static ALL: &[Format] = &[
    Format {
        name: "human",
        doc: "for a terminal: folds to its width",
        render: human::render,
    },
    Format {
        name: "json",
        doc: "for other programs; version 1 of a stable shape",
        render: json::render,
    },
    Format {
        name: "markdown",
        doc: "for a pull request, a wiki or a job summary",
        render: markdown::render,
    },
    Format {
        name: "csv",
        doc: "for a spreadsheet; no cell is a formula",
        render: csv::render,
    },
    Format {
        name: "html",
        doc: "one file that needs nothing else, for reading and printing",
        render: html::render,
    },
];

impl Format {
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|format| format.name == name)
    }
}
