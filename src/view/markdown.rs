//! A view as GitHub shows Markdown: a heading, paragraphs, tables, and the legend below each.

use std::io::{self, Write};

use super::{Column, Kind, Row, Style, Table, View};
use crate::markup::markdown::{code, text};

pub fn render(view: &View, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n", text(&view.title))?;
    for paragraph in &view.lead {
        writeln!(out, "{}\n", text(paragraph))?;
    }
    for one in &view.tables {
        table(one, out)?;
    }
    Ok(())
}

/// One table with its title and legend.
pub fn table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    if !table.title.is_empty() {
        writeln!(out, "### {}\n", text(&table.title))?;
    }
    for paragraph in &table.text {
        writeln!(out, "{}\n", text(paragraph))?;
    }
    if table.rows.is_empty() {
        return writeln!(out, "{}\n", text(&table.none));
    }
    let titles: Vec<String> = table.columns.iter().map(|one| text(&one.title)).collect();
    writeln!(out, "| {} |", titles.join(" | "))?;
    writeln!(out, "|{}", "---|".repeat(titles.len()))?;
    for cells in &table.rows {
        writeln!(out, "| {} |", row(&table.columns, cells).join(" | "))?;
    }
    writeln!(out)?;
    let legend: Vec<String> = table
        .legend()
        .iter()
        .map(|(label, doc)| format!("**{}** {}", text(label), text(doc)))
        .collect();
    if legend.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}\n", legend.join(" · "))
}

fn row(columns: &[Column], cells: &Row) -> Vec<String> {
    let one = |(column, cell): (&Column, &super::Cell)| {
        let bold = matches!(cell.tone(), super::Tone::Bad);
        match column.kind {
            Kind::Name => code(&cell.brief()),
            _ if bold && !cell.brief().is_empty() => format!("**{}**", text(&cell.full())),
            _ => text(&cell.full()),
        }
    };
    columns.iter().zip(cells).map(one).collect()
}
