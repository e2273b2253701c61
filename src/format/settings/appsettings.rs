//! .NET's `appsettings.json` and `appsettings.Production.json`. Sections become names with dots; the keys of
//! `ConnectionStrings` say nothing, so what is a connection is told by its value.

use super::{Reader, is_worth_it, no_references, root};
use crate::format::{Claim, Format, Input, Output};
use crate::model::base_name;
use crate::model::file::Nature;
use crate::syntax::json;
use crate::syntax::leaves::leaves;

pub static APPSETTINGS: Format = Format {
    name: "appsettings",
    doc: "`appsettings.json` and `appsettings.Production.json` of .NET",
    nature: Nature::Settings,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let is = |part: Option<&str>, word: &str| part.is_some_and(|it| it.eq_ignore_ascii_case(word));
    let ends = name.len().checked_sub(5);
    let named =
        is(name.get(..12), "appsettings.") && is(ends.and_then(|at| name.get(at..)), ".json");
    if named { Claim::Yes } else { Claim::No }
}

fn parse(input: &Input) -> Output {
    let tree = json::parse(input.text);
    let mut reader = Reader::new(input, no_references);
    for leaf in root(&tree.documents).map(leaves).unwrap_or_default() {
        if is_worth_it(&leaf) {
            reader.leaf(&leaf.path, &leaf, None);
        }
    }
    reader.output.problems = tree.problems;
    reader.output
}
