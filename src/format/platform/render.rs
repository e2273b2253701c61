//! `render.yaml`: services with their variables, commands and images; environments of projects; groups of variables.

use crate::format::writer::{Belongs, Scope, Writer};
use crate::format::{Claim, Format, Input, Output};
use crate::model::Env;
use crate::model::Str;
use crate::model::base_name;
use crate::model::file::Nature;
use crate::syntax::Node;

use super::{commands, yes_if};

pub static RENDER: Format = Format {
    name: "render",
    doc: "Render: `render.yaml`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    yes_if(matches!(base_name(path), "render.yaml" | "render.yml"))
}

fn parse(input: &Input) -> Output {
    super::read(input, |writer, document| {
        section(writer, document, &Belongs::File);
        for project in items(document, "projects") {
            for environment in items(project, "environments") {
                let name = environment
                    .get("name")
                    .and_then(Node::text)
                    .unwrap_or_default();
                let belongs = Belongs::named(writer.input, "environment", name);
                section(writer, environment, &belongs);
            }
        }
    })
}

fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.get(key).map(Node::items).unwrap_or_default()
}

/// `services:` and `envVarGroups:` of the file or of an environment.
fn section(writer: &mut Writer, node: &Node, belongs: &Belongs) {
    for service in items(node, "services") {
        let name = service.get("name").and_then(Node::text).unwrap_or_default();
        let belongs = match belongs {
            Belongs::File => Belongs::named_unless_claimed(writer.input, "service", name),
            belongs => belongs.clone(),
        };
        let scope = Scope::of(name).at(belongs);
        variables(writer, &scope, service);
        let keys = ["startCommand", "dockerCommand", "preDeployCommand"];
        commands(writer, &scope, Some(service), &keys);
        let image = service.get("image").and_then(|image| image.entry("url"));
        if let Some(entry) = image {
            let text = entry.value.text().unwrap_or_default();
            let span = writer.content(&entry.value);
            writer.image(&scope, entry.key.span, text, span);
        }
        if let Some(domains) = service.entry("domains") {
            for domain in domains.value.items() {
                writer.host_in(&scope, domains.key.span, domain);
            }
        }
    }
    for group in items(node, "envVarGroups") {
        let name = group.get("name").and_then(Node::text).unwrap_or_default();
        let belongs = match belongs {
            Belongs::File => Belongs::named_unless_claimed(writer.input, "group", name),
            belongs => belongs.clone(),
        };
        let scope = Scope::of(name).at(belongs);
        variables(writer, &scope, group);
    }
}

fn variables(writer: &mut Writer, scope: &Scope, service: &Node) {
    for item in items(service, "envVars") {
        let Some(key) = item.get("key") else {
            continue;
        };
        let name = key.text().unwrap_or_default();
        let span = writer.content(key);
        match item.get("value") {
            _ if name.is_empty() => {}
            Some(value) if value.text().is_some() => writer.variable(scope, name, span, value),
            // `sync: false`, `generateValue`, `fromDatabase`: Render has the value.
            _ => writer.inherited(scope, name, span),
        }
        if let Some(value) = item.get("previewValue").filter(|_| !name.is_empty()) {
            let reason = Str::from("the value for previews");
            let preview = scope.clone().at(Belongs::To(Env::PREVIEW, reason));
            writer.variable(&preview, name, span, value);
        }
    }
}
