//! A view as one file of HTML: no script, nothing loaded, legible on light and dark screens and on paper.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Cell, Column, Kind, Row, Style, Table, View};
use crate::markup::xml::escaped;

const HEAD: &str = include_str!("page.css");

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

/// Everything up to and with the heading.
pub fn open(title: &str, out: &mut dyn Write) -> io::Result<()> {
    let title = escaped(title);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{HEAD}</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>"
    )
}

pub fn close(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "</main>\n</body>\n</html>")
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
    let titles = table.columns.iter();
    let titles = titles.map(|one| format!("<th scope=\"col\">{}</th>", escaped(&one.title)));
    let titles: String = titles.collect();
    // A wide table scrolls by itself; the page does not.
    writeln!(
        out,
        "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead><tr>{titles}</tr></thead>\n<tbody>"
    )?;
    for cells in &table.rows {
        writeln!(out, "<tr>{}</tr>", row(&table.columns, cells))?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>")?;
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
    columns
        .iter()
        .zip(cells)
        .map(|(column, cell)| match column.kind {
            Kind::Name => format!(
                "<th scope=\"row\"><code>{}</code></th>",
                escaped(&cell.brief())
            ),
            _ => format!("<td class=\"{}\">{}</td>", cell.tone().name(), inside(cell)),
        })
        .collect()
}

fn inside(cell: &Cell) -> String {
    let mut text = escaped(&cell.brief());
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
