//! A view for a spreadsheet: tables follow each other with an empty line between them; what stands around them is left out.

use std::io::{self, Write};

use super::{Style, View};
use crate::markup::csv::record;

pub fn render(view: &View, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (at, table) in view.tables.iter().enumerate() {
        if at > 0 {
            write!(out, "\r\n")?;
        }
        let titles = table.columns.iter().map(|column| column.name.clone());
        record(titles, out)?;
        for row in &table.rows {
            record(row.iter().map(super::Cell::full), out)?;
        }
    }
    Ok(())
}
