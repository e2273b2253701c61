//! Files of the `config` package of Node: `config/default.json` beneath `config/production.json`. What a
//! `custom-environment-variables` file maps is no value.

use super::{Reader, is_worth_it, no_references, root};
use crate::format::{Claim, Format, Input, Output, values};
use crate::model::file::Nature;
use crate::syntax::leaves::leaves;

pub static NODE_CONFIG: Format = Format {
    name: "node-config",
    doc: "`config/default.json`, `config/production.yaml` of Node's `config` package, and files laid out like them",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

const NAMES: &[&str] = &[
    "default",
    "development",
    "dev",
    "production",
    "prod",
    "staging",
    "stage",
    "test",
    "testing",
    "qa",
    "uat",
    "preprod",
    "demo",
    "local",
];

fn claims(path: &str) -> Claim {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = folders.rsplit('/').next().unwrap_or_default();
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return Claim::No;
    };
    let stem = stem.strip_prefix("local-").unwrap_or(stem);
    let named = NAMES.iter().any(|one| one.eq_ignore_ascii_case(stem));
    let is_here = matches!(folder, "config" | "conf" | "configs") && named;
    match extension {
        "json" | "json5" | "toml" if is_here => Claim::Yes,
        "yml" | "yaml" if is_here => Claim::IfText(is_settings),
        _ => Claim::No,
    }
}

/// Not a manifest, a Compose file or a template of another trade.
fn is_settings(text: &str) -> bool {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    ![
        "apiVersion:",
        "services:",
        "kind:",
        "- hosts:",
        "resources:",
        "{{",
    ]
    .iter()
    .any(|key| has(key))
}

fn parse(input: &Input) -> Output {
    let tree = values::tree(input.file.ext(), input.text);
    let mut reader = Reader::new(input, no_references);
    for leaf in root(&tree.documents).map(leaves).unwrap_or_default() {
        if is_worth_it(&leaf) {
            reader.leaf(&leaf.path, &leaf, None);
        }
    }
    reader.output.problems = tree.problems;
    reader.output
}
