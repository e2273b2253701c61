//! `serverless.yml`: variables of the provider and of functions, and parameters of stages.

use crate::format::writer::{Belongs, Scope, Writer};
use crate::format::{Claim, Format, Input, Output};
use crate::model::base_name;
use crate::model::file::Nature;
use crate::syntax::Node;

use super::{variables, yes_if};

pub static SERVERLESS: Format = Format {
    name: "serverless",
    doc: "Serverless Framework: `serverless.yml` with the parameters of its stages",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let named = name
        .strip_prefix("serverless")
        .is_some_and(|rest| rest.starts_with(['.', '-']));
    yes_if(named && (name.ends_with(".yml") || name.ends_with(".yaml")))
}

fn parse(input: &Input) -> Output {
    super::read(input, |writer, document| {
        let scope = Scope::of("provider");
        variables(writer, &scope, document.get("provider"), "environment");
        for (name, function) in entries(document.get("functions")) {
            let scope = Scope::of(name);
            variables(writer, &scope, Some(function), "environment");
            if let Some(image) = function.entry("image") {
                let text = image.value.text().unwrap_or_default();
                let span = writer.content(&image.value);
                writer.image(&scope, image.key.span, text, span);
            }
        }
        for (stage, params) in entries(document.get("params")) {
            stage_values(writer, stage, Some(params));
        }
        for (stage, section) in entries(document.get("stages")) {
            stage_values(writer, stage, section.get("params"));
        }
        // `custom: {prod: {…}}`, `custom: {environment: {prod: {…}}}`.
        for (name, section) in entries(document.get("custom")) {
            stage_values(writer, name, Some(section));
            for (name, section) in entries(Some(section)).filter(|(_, node)| node.is_map()) {
                stage_values(writer, name, Some(section));
            }
        }
    })
}

fn entries(node: Option<&Node>) -> impl Iterator<Item = (&str, &Node)> {
    let entries = node.map(Node::entries).unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| Some((entry.key.text()?, &entry.value)))
}

/// Values of a stage; a section that is called otherwise is the business of a plugin.
fn stage_values(writer: &mut Writer, stage: &str, values: Option<&Node>) {
    let is_stage = stage.split(['-', '_', '.']).count() == 1;
    let belongs = Belongs::named(writer.input, "stage", stage);
    if let (true, Belongs::To(..), Some(values)) = (is_stage, &belongs, values) {
        writer.entries(&Scope::default().at(belongs), values);
    }
}
