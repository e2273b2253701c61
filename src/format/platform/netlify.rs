//! `netlify.toml`: variables and commands of all contexts and of single ones.

use crate::format::writer::{Belongs, Scope, Writer};
use crate::format::{Claim, Format, Input, Output};
use crate::model::file::Nature;
use crate::model::{Env, Str, base_name};
use crate::syntax::Node;

use super::{commands, variables, yes_if};

pub static NETLIFY: Format = Format {
    name: "netlify",
    doc: "Netlify: `netlify.toml` with its contexts",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    yes_if(base_name(path) == "netlify.toml")
}

fn parse(input: &Input) -> Output {
    super::read(input, |writer, document| {
        let all = Scope::of("build");
        variables(writer, &all, document.get("build"), "environment");
        let contexts = document.get("context").map(Node::entries);
        for context in contexts.unwrap_or_default() {
            let name = context.key.text().unwrap_or_default();
            let scope = Scope::of(name).at(belongs(writer, name));
            variables(writer, &scope, Some(&context.value), "environment");
            commands(writer, &scope, Some(&context.value), &["command"]);
        }
        let dev = Scope::of("dev").at(belongs(writer, "dev"));
        commands(writer, &dev, document.get("dev"), &["command"]);
    })
}

/// Contexts of the platform have names of their own; every other one is a branch.
fn belongs(writer: &Writer, name: &str) -> Belongs {
    let to = |env| Belongs::To(env, Str::from(format!("the context `{name}`")));
    match name {
        "production" => to(Env::PRODUCTION),
        "deploy-preview" | "branch-deploy" => to(Env::PREVIEW),
        "dev" | "dev-server" => to(Env::DEVELOPMENT),
        branch => Belongs::named(writer.input, "context", branch),
    }
}
