//! A view for a spreadsheet: RFC 4180, and no cell that a spreadsheet would take for a formula. Tables follow each other
//! with an empty line between them; what stands around them is left out.

use std::io::{self, Write};

use super::{Style, View};

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

fn record(fields: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let fields: Vec<String> = fields.map(|text| field(&text)).collect();
    write!(out, "{}\r\n", fields.join(","))
}

/// A text that starts like a formula gets an apostrophe in front, which spreadsheets take for "this is text".
pub(super) fn field(text: &str) -> String {
    let acts = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '|' | '%');
    let risky = text.trim_start().starts_with(acts) || text.starts_with(acts);
    let safe = if risky && text != "-" {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    let quoted = safe.contains([',', '"', '\n', '\r', ';', '\t'])
        || safe.starts_with(char::is_whitespace)
        || safe.ends_with(char::is_whitespace);
    if quoted {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}
