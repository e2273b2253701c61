//! `vercel.json`: variables for all deployments, and the command of `vercel dev`.

use crate::format::writer::{Belongs, Scope, Writer};
use crate::format::{Claim, Format, Input, Output};
use crate::model::file::Nature;
use crate::model::{Env, Str, base_name};
use crate::syntax::Node;

use super::{commands, yes_if};

pub static VERCEL: Format = Format {
    name: "vercel",
    doc: "Vercel: `vercel.json`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    yes_if(matches!(base_name(path), "vercel.json" | "now.json"))
}

fn parse(input: &Input) -> Output {
    super::read(input, |writer, document| {
        let scope = Scope::default();
        variables(writer, &scope, document.get("env"));
        variables(
            writer,
            &scope,
            document.get("build").and_then(|build| build.get("env")),
        );
        let reason = Str::from("the command of `vercel dev`");
        let dev = Scope::of("dev").at(Belongs::To(Env::DEVELOPMENT, reason));
        commands(writer, &dev, Some(document), &["devCommand"]);
    })
}

/// `@name` stands for a secret of the platform.
fn variables(writer: &mut Writer, scope: &Scope, map: Option<&Node>) {
    for entry in map.map(Node::entries).unwrap_or_default() {
        let is_reference = entry.value.text().is_some_and(|text| text.starts_with('@'));
        match entry.key.text() {
            Some(name) if is_reference => {
                writer.inherited(scope, name, writer.content(&entry.key));
            }
            _ => writer.entry(scope, entry),
        }
    }
}
