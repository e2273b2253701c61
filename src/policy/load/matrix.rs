//! Matrices: a row for each behaviour, a cell for each environment.

use super::body::if_absent;
use super::shapes;
use crate::model::{Env, Severity, Span};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::reader::{Fields, Reader};
use crate::policy::spec::{Cell, CellSpec, MatrixSpec, RowKind, RowSpec, Text};
use crate::policy::suggest::did_you_mean;
use crate::syntax::Node;

pub(super) fn matrix(reader: &mut Reader, node: &Node) -> Option<MatrixSpec> {
    let fields = reader.fields(node, &shapes::MATRIX)?;
    let hint = "the columns: environments: [development, staging, production]";
    let environments = reader
        .need(&fields, "environments", "this matrix", hint)
        .map(|node| reader.texts(node, "a column"))?;
    if environments.len() > Env::MOST {
        let title = format!("this matrix has more than {} columns", Env::MOST);
        reader.error(
            "P001",
            fields.span,
            title,
            "there are not that many environments",
        );
        return None;
    }
    let hint = "rows: followed by a list of {behavior, for, where, cells}";
    let rows = reader.need(&fields, "rows", "this matrix", hint)?;
    if !rows.is_seq() {
        let at = reader.at(rows.span).start();
        reader.say(
            Diagnostic::error("P005", at, "`rows` is a list").label("write - before each row"),
        );
    }
    let rows = rows
        .items()
        .iter()
        .filter_map(|node| row(reader, node, &environments))
        .collect();
    Some(MatrixSpec { environments, rows })
}

fn row(reader: &mut Reader, node: &Node, environments: &[Text]) -> Option<RowSpec> {
    let fields = reader.fields(node, &shapes::ROW)?;
    let (name, what) = match fields.get("policy") {
        Some(node) => by_policy(reader, &fields, node),
        None => by_facts(reader, &fields),
    }?;
    let severity = row_severity(reader, &fields);
    let hint = "one cell for each environment: cells: {development: allowed, …}";
    let node = reader.need(&fields, "cells", &format!("row \"{}\"", name.text), hint)?;
    let cells = cells(
        reader,
        node,
        &name,
        environments,
        matches!(what, RowKind::Policy(_)),
    )?;
    Some(RowSpec {
        name,
        what,
        severity,
        cells,
    })
}

fn by_policy(reader: &mut Reader, fields: &Fields<'_>, id: &Node) -> Option<(Text, RowKind)> {
    let id = reader.text(id, "`policy`")?;
    for key in ["for", "where"] {
        if let Some(entry) = fields.entry(key) {
            let title = format!("this row names a policy and has a `{key}`");
            let label = "the policy selects its facts itself; keep one of the two";
            reader.error("P009", entry.key.span, title, label);
        }
    }
    let name = fields
        .get("behavior")
        .and_then(|node| reader.text(node, "`behavior`"))
        .unwrap_or_else(|| id.clone());
    Some((name, RowKind::Policy(id)))
}

fn by_facts(reader: &mut Reader, fields: &Fields<'_>) -> Option<(Text, RowKind)> {
    let hint = "the name of the row, or name a policy: policy: ID";
    let name = reader
        .need(fields, "behavior", "this row", hint)
        .and_then(|node| reader.text(node, "`behavior`"));
    let hint = "the kind of fact the row is about: for: var";
    let kind = reader
        .need(fields, "for", "this row", hint)
        .and_then(|node| reader.text(node, "`for`"));
    let select = fields.get("where").cloned();
    Some((
        name?,
        RowKind::Facts {
            kind: kind?,
            select,
        },
    ))
}

fn row_severity(reader: &mut Reader, fields: &Fields<'_>) -> Option<Severity> {
    let node = fields.get("severity")?;
    let severity = reader.severity(node)?;
    if severity.is_none() {
        let at = reader.at(node.span);
        reader.say(
            Diagnostic::error("P005", at, "a row with severity `off` never says anything")
                .label("delete the row, or write `allowed` into its cells"),
        );
    }
    severity
}

fn cells(
    reader: &mut Reader,
    node: &Node,
    row: &Text,
    environments: &[Text],
    by_policy: bool,
) -> Option<Vec<CellSpec>> {
    let fields = reader.any_fields(node, "`cells`")?;
    let mut cells = Vec::new();
    for entry in fields.iter() {
        let Some(env) = reader.text(&entry.key, "a column") else {
            continue;
        };
        if !environments.iter().any(|column| column.text == env.text) {
            unknown_column(reader, &env, environments);
        } else if let Some(cell) = cell(reader, &entry.value, by_policy) {
            cells.push(CellSpec { env, cell });
        }
    }
    let lacking: Vec<&str> = environments
        .iter()
        .filter(|column| fields.entry(&column.text).is_none())
        .map(|column| &*column.text)
        .collect();
    if !lacking.is_empty() {
        let title = format!(
            "row \"{}\" has no cell for {}",
            row.text,
            lacking.join(", ")
        );
        let start = node.span.start as usize;
        let label = "write `allowed` if nothing is to be checked";
        reader.error("P014", Span::new(start, start), title, label);
    }
    Some(cells)
}

fn unknown_column(reader: &mut Reader, env: &Text, environments: &[Text]) {
    let names: Vec<&str> = environments.iter().map(|env| &*env.text).collect();
    let at = reader.at(env.span);
    reader.say(
        Diagnostic::error(
            "P006",
            at,
            format!("`{}` is no column of this matrix", env.text),
        )
        .meant(did_you_mean(&env.text, names.iter().copied()))
        .note(format!("columns: {}", names.join(", "))),
    );
}

fn cell(reader: &mut Reader, node: &Node, by_policy: bool) -> Option<Cell> {
    if node.is_map() && !by_policy {
        return demand(reader, node);
    }
    match node.text() {
        Some("allowed") => return Some(Cell::Allowed),
        Some("forbidden") => return Some(Cell::Forbidden),
        Some("required") => return Some(Cell::Required),
        _ => {}
    }
    let written = node.text().unwrap_or("{…}");
    let legal = if by_policy {
        "cells of a row that names a policy: allowed (it does not apply), forbidden or required (it applies)"
    } else {
        "cells: allowed, forbidden, required, or {required: true, must: {..}, must_not: {..}, note: ..}"
    };
    let at = reader.at(node.span);
    reader.say(
        Diagnostic::error("P006", at, format!("`{written}` is not a cell"))
            .meant(did_you_mean(written, ["allowed", "forbidden", "required"]))
            .note(legal),
    );
    None
}

fn demand(reader: &mut Reader, node: &Node) -> Option<Cell> {
    let fields = reader.fields(node, &shapes::CELL)?;
    let required = fields
        .get("required")
        .and_then(|node| reader.word(node, "`required`", &["true", "false"]))
        == Some("true");
    let must = fields.get("must").cloned();
    let must_not = fields.get("must_not").cloned();
    if !required && must.is_none() && must_not.is_none() {
        let at = reader.at(node.span);
        reader.say(
            Diagnostic::error("P014", at, "this cell demands nothing")
                .label("write `allowed`, or add must, must_not or required"),
        );
    }
    let note = fields
        .get("note")
        .and_then(|node| reader.text(node, "`note`"));
    Some(Cell::Demand {
        required,
        must,
        must_not,
        if_absent: if_absent(reader, &fields),
        note: note.map(|note| note.text),
    })
}
