//! `app.json` of Heroku: variables of the app, of review apps and of tests.

use crate::format::writer::{Belongs, Scope, Writer};
use crate::format::{Claim, Format, Input, Output};
use crate::model::file::Nature;
use crate::model::{Env, Str, base_name};
use crate::syntax::Node;

pub static HEROKU: Format = Format {
    name: "heroku",
    doc: "Heroku: `app.json`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    if base_name(path) == "app.json" {
        Claim::IfText(is_heroku)
    } else {
        Claim::No
    }
}

/// Apps of Expo and of mini programs have a file of this name, too.
fn is_heroku(text: &str) -> bool {
    let has = |key: &str| text.contains(key);
    let heroku = [
        "\"env\"",
        "\"environments\"",
        "\"formation\"",
        "\"addons\"",
        "\"buildpacks\"",
    ];
    heroku.into_iter().any(has) && !has("\"expo\"") && !has("\"pages\"")
}

fn parse(input: &Input) -> Output {
    super::read(input, |writer, document| {
        variables(writer, &Scope::default(), document.get("env"));
        let environments = document.get("environments").map(Node::entries);
        for entry in environments.unwrap_or_default() {
            let name = entry.key.text().unwrap_or_default();
            let scope = Scope::of(name).at(belongs(name));
            variables(writer, &scope, entry.value.get("env"));
        }
    })
}

fn belongs(name: &str) -> Belongs {
    let to = |env| Belongs::To(env, Str::from(format!("the section environments.{name}")));
    match name {
        "test" => to(Env::TEST),
        "review" => to(Env::PREVIEW),
        _ => Belongs::File,
    }
}

/// `NAME: value`, or `NAME: {value, required, generator}`.
fn variables(writer: &mut Writer, scope: &Scope, map: Option<&Node>) {
    for entry in map.map(Node::entries).unwrap_or_default() {
        let Some(name) = entry.key.text() else {
            continue;
        };
        let key = writer.content(&entry.key);
        match entry.value.get("value") {
            Some(value) if value.text().is_some() => {
                writer.variable(scope, name, key, value);
            }
            _ if entry.value.is_map() => writer.inherited(scope, name, key),
            _ => writer.entry(scope, entry),
        }
    }
}
