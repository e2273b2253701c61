//! The context as tables: for a page, a wiki or a spreadsheet.

use super::super::{Cell, Column, Kind, Table, Tone, View};
use super::Context;
use super::banner::{address, told};

pub fn tables(context: &Context) -> View {
    View {
        name: "context",
        title: "Context".to_owned(),
        lead: Vec::new(),
        tables: vec![standing(context), flags(context), warnings(context)],
    }
}

fn standing(context: &Context) -> Table {
    let name = context.environment.as_deref().unwrap_or("unknown");
    let tone = match (&context.environment, context.deployed) {
        (Some(_), true) => Tone::Bad,
        (Some(_), false) => Tone::Good,
        (None, _) => Tone::Warn,
    };
    let row = |what: &str, cell: Cell| vec![Cell::text(what), cell];
    let mut rows = vec![row(
        "environment",
        Cell {
            note: context.because.clone(),
            ..Cell::text(name).toned(tone)
        },
    )];
    rows.extend(
        context
            .git
            .iter()
            .map(|git| row("git", Cell::text(told(git)))),
    );
    let databases = context.databases.iter();
    rows.extend(databases.map(|one| row("database", Cell::text(address(one)))));
    for (what, list) in [
        ("services", &context.services),
        ("third party", &context.vendors),
    ] {
        if !list.is_empty() {
            rows.push(row(what, Cell::list(list.clone())));
        }
    }
    Table {
        name: "standing",
        columns: vec![
            Column::new("what", "what", Kind::Name),
            Column::new("says", "says", Kind::Text),
        ],
        rows,
        ..Table::default()
    }
}

fn flags(context: &Context) -> Table {
    let rows = context.flags.iter().map(|flag| {
        vec![
            Cell::text(flag.name.as_str()),
            Cell::text(if flag.enabled { "on" } else { "off" }),
            Cell::text(flag.at.as_str()),
        ]
    });
    Table {
        name: "flags",
        title: "Flags".to_owned(),
        columns: vec![
            Column::new("flag", "flag", Kind::Name),
            Column::new("state", "state", Kind::Text),
            Column::new("at", "where", Kind::Text),
        ],
        rows: rows.collect(),
        none: "No flag is known.".to_owned(),
        ..Table::default()
    }
}

fn warnings(context: &Context) -> Table {
    let rows = context.warnings.iter().map(|warning| {
        vec![
            Cell::text(warning.code),
            Cell::text(warning.text.as_str()).toned(Tone::Bad),
        ]
    });
    Table {
        name: "warnings",
        title: "Warnings".to_owned(),
        columns: vec![
            Column::new("code", "code", Kind::Name),
            Column::new("warning", "warning", Kind::Text),
        ],
        rows: rows.collect(),
        none: "Nothing to be careful about.".to_owned(),
        ..Table::default()
    }
}
