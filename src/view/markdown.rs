//! A view as GitHub shows Markdown: a heading, paragraphs, tables, and the legend below each.

use std::io::{self, Write};

use super::{Column, Kind, Row, Style, Table, View};

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

/// Text that says itself and does nothing: no markup, no link, no cell, and nobody is called by name.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\r' => out.push(' '),
            // A name or a number behind these is a mention; a comment between them takes that away.
            '@' | '#' => {
                out.push(c);
                out.push_str("<!-- -->");
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.replace("://", ":<!-- -->//")
}

/// Text in a monospaced span, in which nothing has a meaning but the fence and, in a table, `|`.
pub fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = text.replace(['\n', '\r'], " ").replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let touches = text.starts_with('`') || text.ends_with('`');
    let pad = if touches { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}
