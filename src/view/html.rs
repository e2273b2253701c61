//! A view as one file of HTML.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Cell, Column, Kind, Row, Style, Table, View};
use crate::markup::html::{cell, close, close_table, escaped, open, open_table, prose};

pub fn render(view: &View, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    open(&view.title, out)?;
    for text in &view.lead {
        writeln!(out, "<p>{}</p>", escaped(text))?;
    }
    for one in &view.tables {
        table(one, out)?;
    }
    close(out)
}

/// One table with its title and legend.
pub fn table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section>")?;
    if !table.title.is_empty() {
        writeln!(out, "<h2>{}</h2>", escaped(&table.title))?;
    }
    for text in &table.text {
        writeln!(out, "<p>{}</p>", escaped(text))?;
    }
    if table.rows.is_empty() {
        return writeln!(out, "<p>{}</p>\n</section>", escaped(&table.none));
    }
    open_table(table.columns.iter().map(|one| one.title.as_str()), out)?;
    for cells in &table.rows {
        writeln!(out, "<tr>{}</tr>", row(&table.columns, cells))?;
    }
    close_table(out)?;
    legend(table, out)?;
    writeln!(out, "</section>")
}

fn legend(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let legend = table.legend();
    if legend.is_empty() {
        return Ok(());
    }
    let items = legend
        .iter()
        .map(|(label, doc)| format!("<dt>{}</dt><dd>{}</dd>", escaped(label), escaped(doc)));
    writeln!(out, "<dl>{}</dl>", items.collect::<String>())
}

fn row(columns: &[Column], cells: &Row) -> String {
    let one = |(column, of): (&Column, &Cell)| {
        let tone = of.tone().name();
        match column.kind {
            Kind::Name => format!(
                "<th scope=\"row\"><code>{}</code></th>",
                escaped(&of.brief())
            ),
            Kind::Text => cell(tone, &column.title, &inside(of, &prose(&of.brief()))),
            Kind::List => cell(
                &format!("{tone} list"),
                &column.title,
                &inside(of, &lines(of)),
            ),
            Kind::Status | Kind::Environment => {
                let class = format!("{tone} status");
                cell(&class, &column.title, &inside(of, &escaped(&of.brief())))
            }
        }
    };
    columns.iter().zip(cells).map(one).collect()
}

/// Each on its own line.
fn lines(cell: &Cell) -> String {
    let items: Vec<String> = cell.items.iter().map(|item| prose(item)).collect();
    items.join("<br>")
}

/// The text with what is said beside it.
fn inside(cell: &Cell, text: &str) -> String {
    let mut text = text.to_owned();
    let mut aside = Vec::new();
    if !cell.groups.is_empty() && !cell.with.is_empty() {
        aside.push(format!("with {}", cell.with.join(", ")));
    }
    if !cell.note.is_empty() {
        aside.push(cell.note.clone());
    }
    if !aside.is_empty() {
        let _ = write!(text, "<small>{}</small>", escaped(&aside.join("; ")));
    }
    text
}
