//! Development containers: which Compose files an editor starts together, and from which folder.

use std::sync::Arc;

use super::{Claim, Format, Input, Output};
use crate::model::file::Nature;
use crate::model::schema::compose_run;
use crate::model::{Fact, Str, Value, base_name};
use crate::syntax::{Node, json};

pub static DEVCONTAINER: Format = Format {
    name: "devcontainer",
    doc: "`devcontainer.json`, for the Compose files an editor starts",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    if matches!(name, "devcontainer.json" | ".devcontainer.json") {
        Claim::IfText(|text| text.contains("dockerComposeFile"))
    } else {
        Claim::No
    }
}

fn parse(input: &Input) -> Output {
    let tree = json::parse(input.text);
    let named = tree
        .documents
        .first()
        .and_then(|root| root.get("dockerComposeFile"));
    Output {
        facts: named
            .into_iter()
            .filter_map(|named| fact(input, named))
            .collect(),
        problems: tree.problems,
        ..Output::default()
    }
}

/// One path, or a list of them; relative to the folder of this file.
fn fact(input: &Input, named: &Node) -> Option<Fact> {
    let paths = match named.text() {
        Some(path) => vec![Str::from(path)],
        None => named
            .items()
            .iter()
            .filter_map(|item| item.text().map(Str::from))
            .collect(),
    };
    let none = || Value::List(Arc::from([]));
    (!paths.is_empty()).then(|| {
        Fact::new(compose_run::KIND, input.file, named.span, named.span)
            .with(compose_run::SOURCE, Value::Word("ide"))
            .with(compose_run::FILES, Value::List(paths.into()))
            .with(compose_run::ENV_FILES, none())
            .with(compose_run::PROFILES, none())
            .with(compose_run::CWD, Str::clone(&input.file.dir))
            .with(compose_run::SUBCOMMAND, "up")
    })
}
