//! `wrangler.toml` and `wrangler.jsonc`: variables and stores of a Worker, at the top and in `env.NAME`. What stands at
//! the top may be for local work or for production; no one can tell.

use crate::format::writer::{Belongs, Scope, Writer, short};
use crate::format::{Claim, Format, Input, Output};
use crate::model::file::Nature;
use crate::model::schema::database;
use crate::model::{Fact, Kind, Secret, Value, base_name};
use crate::syntax::Node;
use crate::value::{form, kind};

use super::{variables, yes_if};

pub static WRANGLER: Format = Format {
    name: "wrangler",
    doc: "Cloudflare Workers: `wrangler.toml`, `wrangler.jsonc`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

/// Bindings to stores: the list, the field that says which store, the notation of the target, the engine.
const STORES: &[(&str, &str, &str, &str)] = &[
    ("d1_databases", "database_id", "d1", "sqlite"),
    ("kv_namespaces", "id", "kv", "other"),
    ("r2_buckets", "bucket_name", "r2", "other"),
    ("hyperdrive", "id", "hyperdrive", "other"),
];

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let named = name
        .strip_prefix("wrangler")
        .is_some_and(|rest| rest.starts_with(['.', '-']));
    yes_if(
        named
            && [".toml", ".json", ".jsonc"]
                .iter()
                .any(|end| name.ends_with(end)),
    )
}

fn parse(input: &Input) -> Output {
    super::read(input, |writer, document| {
        let name = document
            .get("name")
            .and_then(Node::text)
            .unwrap_or("worker");
        section(writer, &Scope::of(name), document);
        let environments = document.get("env").map(Node::entries);
        for entry in environments.unwrap_or_default() {
            let env = entry.key.text().unwrap_or_default();
            let belongs = Belongs::named(writer.input, "section env.", env);
            section(writer, &Scope::of(name).at(belongs), &entry.value);
        }
    })
}

fn section(writer: &mut Writer, scope: &Scope, node: &Node) {
    variables(writer, scope, Some(node), "vars");
    for (list, id, notation, engine) in STORES {
        for store in node.get(list).map(Node::items).unwrap_or_default() {
            let binding = store.get("binding").and_then(Node::text).unwrap_or(list);
            if let Some(id) = store.entry(id) {
                let text = id.value.text().unwrap_or_default();
                if text.is_empty() || kind::is_marker(text) || form::is_form(text) {
                    continue;
                }
                let name = store.get("database_name").and_then(Node::text);
                let words = &writer.input.lexicon.words;
                let env = name
                    .or(Some(text).filter(|_| *notation == "r2"))
                    .and_then(|name| words.named(name));
                let span = writer.content(&id.value);
                let mut fact = Fact::new(Kind::database, writer.input.file, id.key.span, span)
                    .with(database::OF, short(binding))
                    .with(database::SERVICE, scope.service.map(short))
                    .with(database::DB, name.map(short))
                    .with(database::TARGET, format!("{notation}://{}", short(text)))
                    .with(database::DB_ENV, env)
                    .with(database::PASSWORD, Secret::new(""))
                    .with(database::LENGTH, 0_i64)
                    .with(database::TLS, true);
                fact.set(database::ORIGIN, Value::Word("value"));
                fact.set(database::ENGINE, Value::Word(engine));
                fact.set(database::STRENGTH, Value::Word("none"));
                writer.push(scope, fact);
            }
        }
    }
}
