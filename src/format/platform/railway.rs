//! `railway.json` and `railway.toml`: commands, for all environments and for named ones.

use crate::format::writer::{Belongs, Scope, Writer};
use crate::format::{Claim, Format, Input, Output};
use crate::model::base_name;
use crate::model::file::Nature;
use crate::syntax::Node;

use super::{commands, yes_if};

pub static RAILWAY: Format = Format {
    name: "railway",
    doc: "Railway: `railway.json`, `railway.toml`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let holds =
        name.starts_with("railway.") && (name.ends_with(".json") || name.ends_with(".toml"));
    yes_if(holds)
}

fn parse(input: &Input) -> Output {
    super::read(input, |writer, document| {
        section(writer, document, Belongs::File);
        for entry in document
            .get("environments")
            .map(Node::entries)
            .unwrap_or_default()
        {
            let name = entry.key.text().unwrap_or_default();
            let belongs = Belongs::named(writer.input, "environment", name);
            section(writer, &entry.value, belongs);
        }
    })
}

fn section(writer: &mut Writer, node: &Node, belongs: Belongs) {
    let scope = Scope::of("deploy").at(belongs);
    let keys = ["startCommand", "preDeployCommand"];
    commands(writer, &scope, node.get("deploy"), &keys);
}
