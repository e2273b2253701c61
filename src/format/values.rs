//! Any YAML, JSON or TOML file, value by value, so that a policy can speak about a file that no other format knows. Read
//! only where some policy names the file.

use crate::model::file::Nature;
use crate::model::schema::{Kind, config_value};
use crate::model::{Fact, Secret, Str, Value, base_name};
use crate::syntax::leaves::{Leaf, cut, leaves};
use crate::syntax::{Tree, json, toml, yaml};
use crate::value::binding;

use super::{Claim, Format, Input, Output};

pub static VALUES: Format = Format {
    name: "values",
    doc: "any YAML, JSON or TOML file, value by value, where a policy names it",
    nature: Nature::Other,
    beside: true,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    match name.rsplit_once('.') {
        Some((_, "yml" | "yaml" | "json" | "jsonc" | "json5" | "toml" | "code-workspace")) => {
            Claim::IfWanted(Kind::config_value)
        }
        _ => Claim::No,
    }
}

/// What cannot be read is a problem of the format that owns the file, where there is one; here it is only left out, so
/// that no file has the same problem twice.
fn parse(input: &Input) -> Output {
    let tree = tree(input.file.ext(), input.text);
    let mut problems = if input.file.format == VALUES.name {
        tree.problems
    } else {
        Vec::new()
    };
    let mut facts = Vec::new();
    for document in &tree.documents {
        let leaves = leaves(document);
        problems.extend(cut(&leaves));
        facts.extend(leaves.iter().map(|leaf| fact(input, leaf)));
    }
    Output {
        facts,
        problems,
        ..Output::default()
    }
}

/// The tree of a text, by the extension of its file; YAML where that says nothing else.
pub(super) fn tree(extension: &str, text: &str) -> Tree {
    match extension {
        "json" | "jsonc" | "json5" | "code-workspace" => json::parse(text),
        "toml" => toml::parse(text),
        _ => yaml::parse(text),
    }
}

fn fact(input: &Input, leaf: &Leaf) -> Fact {
    let text = leaf.node.text().unwrap_or_default();
    let name = leaf.path.rsplit('.').next().unwrap_or(&leaf.path);
    let meaning = binding::meaning(name.trim_end_matches(']'), text);
    let (key, span) = (leaf.key, leaf.node.content(input.text));
    let key = if key.is_empty() { span } else { key };
    let mut fact = Fact::new(config_value::KIND, input.file, key, span)
        .with(config_value::PATH, leaf.path.as_str())
        .with(config_value::NAME, Str::from(name))
        .with(config_value::VALUE, Secret::new(text))
        .with(config_value::SENSITIVE, meaning.sensitive)
        .with(config_value::TRUTHY, meaning.truthy)
        .with(config_value::NUMBER, leaf.node.as_int())
        .with(config_value::VALUE_ENV, input.lexicon.words.in_value(text));
    fact.set(config_value::VALUE_KIND, Value::Word(meaning.kind));
    fact
}
