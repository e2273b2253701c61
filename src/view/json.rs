//! A view for other programs: version 1 of a stable shape. Words and names only; a key that is missing says nothing.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{Cell, Kind, Row, Style, Table, View};

pub fn render(view: &View, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let tables: Vec<Value> = view.tables.iter().map(table).collect();
    let whole = json!({
        "version": 1,
        "view": view.name,
        "title": view.title,
        "lead": view.lead,
        "tables": tables,
    });
    serde_json::to_writer_pretty(&mut *out, &whole).map_err(io::Error::from)?;
    writeln!(out)
}

fn table(table: &Table) -> Value {
    let columns = table.columns.iter().map(
        |column| json!({"name": column.name, "title": column.title, "type": word(column.kind)}),
    );
    let rows = table.rows.iter().map(|cells| row(table, cells));
    json!({
        "name": table.name,
        "title": table.title,
        "text": table.text,
        "columns": columns.collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Name => "name",
        Kind::Text => "text",
        Kind::List => "list",
        Kind::Status => "status",
        Kind::Environment => "environment",
    }
}

/// Environments stand apart: a team may call one of them `name`.
fn row(table: &Table, cells: &Row) -> Value {
    let mut row = Map::new();
    let mut environments = Map::new();
    for (column, cell) in table.columns.iter().zip(cells) {
        let name = column.name.clone();
        match column.kind {
            Kind::Name | Kind::Text => row.insert(name, json!(cell.items.join(", "))),
            Kind::List => row.insert(name, json!(cell.items)),
            Kind::Status => row.insert(name, status(cell)),
            Kind::Environment => environments.insert(name, status(cell)),
        };
    }
    if table
        .columns
        .iter()
        .any(|column| column.kind == Kind::Environment)
    {
        row.insert("environments".to_owned(), Value::Object(environments));
    }
    Value::Object(row)
}

fn status(cell: &Cell) -> Value {
    let mut says = Map::new();
    let mut say = |key: &str, value: Value| says.insert(key.to_owned(), value);
    say("status", json!(cell.status.map(|status| status.word)));
    if !cell.items.is_empty() {
        say("items", json!(cell.items));
    }
    if !cell.groups.is_empty() {
        say("groups", json!(cell.groups));
    }
    if !cell.with.is_empty() {
        say("with", json!(cell.with));
    }
    if cell.required {
        say("required", json!(true));
    }
    if let Some(severity) = cell.severity {
        say("severity", json!(severity.name()));
    }
    if !cell.note.is_empty() {
        say("note", json!(cell.note));
    }
    Value::Object(says)
}
