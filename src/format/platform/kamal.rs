//! Kamal: `config/deploy.yml` and one file for each destination. The image of the app itself is built anew for every
//! deployment; those of accessories are named here.

use crate::format::writer::{Scope, Writer};
use crate::format::{Claim, Format, Input, Output};
use crate::model::Span;
use crate::model::base_name;
use crate::model::file::Nature;
use crate::syntax::{Entry, Node};

use super::commands;

pub static KAMAL: Format = Format {
    name: "kamal",
    doc: "Kamal: `config/deploy.yml`, `config/deploy.staging.yml`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let folder = path.rsplit('/').nth(1);
    let named = name.starts_with("deploy.") && (name.ends_with(".yml") || name.ends_with(".yaml"));
    if named && matches!(folder, None | Some("config")) {
        Claim::IfText(is_kamal)
    } else {
        Claim::No
    }
}

/// Keys at the left edge that only Kamal has, and none of other tools.
fn is_kamal(text: &str) -> bool {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    [
        "servers:",
        "accessories:",
        "registry:",
        "builder:",
        "proxy:",
        "traefik:",
    ]
    .into_iter()
    .any(has)
        && !["apiVersion:", "on:", "jobs:", "services:"]
            .into_iter()
            .any(has)
}

fn parse(input: &Input) -> Output {
    super::read(input, |writer, document| {
        let name = document
            .get("service")
            .and_then(Node::text)
            .unwrap_or("app");
        let scope = Scope::of(name);
        environment(writer, &scope, document.get("env"));
        for (name, role) in named(document, "servers") {
            let scope = Scope::of(name);
            environment(writer, &scope, role.get("env"));
            commands(writer, &scope, Some(role), &["cmd"]);
        }
        for (name, accessory) in named(document, "accessories") {
            let scope = Scope::of(name);
            environment(writer, &scope, accessory.get("env"));
            commands(writer, &scope, Some(accessory), &["cmd"]);
            if let Some(image) = accessory.entry("image") {
                let text = image.value.text().unwrap_or_default();
                let span = writer.content(&image.value);
                writer.image(&scope, image.key.span, text, span);
            }
        }
        registry(writer, document);
        hosts(writer, &scope, document.get("proxy"));
    })
}

fn named<'n>(node: &'n Node, key: &str) -> impl Iterator<Item = (&'n str, &'n Node)> {
    let entries = node.get(key).map(Node::entries).unwrap_or_default();
    let one = |entry: &'n Entry| Some((entry.key.text()?, &entry.value));
    entries.iter().filter_map(one)
}

/// `{clear: {…}, secret: […]}`, or variables as they are.
fn environment(writer: &mut Writer, scope: &Scope, node: Option<&Node>) {
    let Some(node) = node else {
        return;
    };
    let sections = [node.get("clear"), node.get("secret")];
    if sections.iter().all(Option::is_none) {
        return writer.entries(scope, node);
    }
    if let Some(clear) = node.get("clear") {
        writer.entries(scope, clear);
    }
    for secret in node.get("secret").map(Node::items).unwrap_or_default() {
        // `NAME:SOURCE` takes another secret under this name.
        let text = secret.text().unwrap_or_default();
        let name = text.split(':').next().unwrap_or_default();
        if !name.is_empty() {
            writer.inherited(scope, name, writer.content(secret));
        }
    }
}

/// A password that is written, not the list with the name of one.
fn registry(writer: &mut Writer, document: &Node) {
    let password = document
        .get("registry")
        .and_then(|registry| registry.entry("password"))
        .filter(|entry| entry.value.text().is_some());
    if let Some(entry) = password {
        let scope = Scope::of("registry");
        let key: Span = entry.key.span;
        writer.variable(&scope, "REGISTRY_PASSWORD", key, &entry.value);
    }
}

fn hosts(writer: &mut Writer, scope: &Scope, proxy: Option<&Node>) {
    let Some(proxy) = proxy else {
        return;
    };
    if let Some(host) = proxy.entry("host") {
        writer.host_in(scope, host.key.span, &host.value);
    }
    if let Some(hosts) = proxy.entry("hosts") {
        for host in hosts.value.items() {
            writer.host_in(scope, hosts.key.span, host);
        }
    }
}
