//! The JSON Schema of `.envguard.yml`, for editors: made from the declared keys, with the ids, tags and parameters of the
//! policies that ship as words to choose from.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::keys::{self, Holds, Key};
use crate::model::{Environments, Severity};
use crate::policy::Spec;

/// The schema of the configuration; `specs` are the policies that ship.
pub fn schema(specs: &[Spec]) -> Value {
    let mut schema = object("");
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("envguard configuration");
    schema["definitions"] = json!({
        "environment": environment(),
        "policy": {"anyOf": [{"enum": ids(specs)}, {"type": "string"}]},
        "tag": {"anyOf": [{"enum": tags(specs)}, {"type": "string"}]},
        "severity": {"enum": severities("never")},
        "level": level(),
        "setting": setting(&json!({"type": "object"})),
        "settings": settings(specs),
        "levels": {"type": "object", "additionalProperties": refer("level")},
    });
    schema
}

/// The map whose keys are declared below `path`; `""` is the whole file.
fn object(path: &str) -> Value {
    let mut properties = Map::new();
    for name in keys::below(path) {
        let path = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        if let Some(key) = keys::find(&path) {
            properties.insert(name.to_owned(), described(key));
        }
    }
    let mut object =
        json!({"type": "object", "additionalProperties": false, "properties": properties});
    if path == "allow[]" {
        object["required"] = json!(["policy", "because"]);
    }
    object
}

fn described(key: &Key) -> Value {
    let mut value = match key.path {
        "policies.packs" => one_or_more(&refer("tag")),
        "policies.enable" | "policies.disable" => one_or_more(&refer("policy")),
        "policies.set" => refer("settings"),
        "paths[].set" => refer("levels"),
        "allow[].policy" => refer("policy"),
        _ => value(key),
    };
    let default = if key.default.is_empty() {
        String::new()
    } else {
        format!(" (default: {})", key.default)
    };
    value["description"] = json!(format!("{}{default}", key.doc));
    value
}

fn value(key: &Key) -> Value {
    let text = json!({"type": ["string", "number", "boolean"]});
    match key.holds {
        Holds::Text => text,
        Holds::Bool => json!({"type": "boolean"}),
        Holds::Count => json!({"type": "integer", "minimum": 0}),
        Holds::Size => {
            json!({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]+(B|K|KB|KiB|M|MB|MiB)?$"}]})
        }
        Holds::Date => json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
        Holds::Span => json!({"type": "string", "pattern": "^[0-9]+[dwmy]$"}),
        Holds::Severity => refer("severity"),
        Holds::Environment => refer("environment"),
        Holds::Texts | Holds::Globs => one_or_more(&text),
        Holds::Environments => one_or_more(&refer("environment")),
        Holds::Map => object(key.path),
        Holds::Named => named(key.path),
        Holds::Entries => json!({"type": "array", "items": object(&format!("{}[]", key.path))}),
        Holds::Setting => refer("setting"),
        Holds::Condition => json!({"type": "object"}),
    }
}

/// A map with free names.
fn named(path: &str) -> Value {
    let below = format!("{path}.*");
    let value = match keys::find(&below) {
        Some(key) => described(key),
        // Nothing to say of an environment but that it exists.
        None => json!({"anyOf": [object(&below), {"type": "null"}]}),
    };
    json!({"type": "object", "additionalProperties": value})
}

/// What may be said of each policy that ships, with its parameters; of a team's own anything.
fn settings(specs: &[Spec]) -> Value {
    let mut properties = Map::new();
    for spec in specs {
        let mut params = Map::new();
        for param in &spec.params {
            let doc = param.doc.as_deref().unwrap_or_default();
            let described = format!("{doc} ({})", param.ty.text);
            params.insert(
                param.name.text.to_string(),
                json!({"description": described.trim_start()}),
            );
        }
        let params = json!({"type": "object", "additionalProperties": false, "properties": params});
        let mut setting = setting(&params);
        setting["description"] = json!(spec.title.as_ref());
        properties.insert(spec.id.text.to_string(), setting);
    }
    json!({"type": "object", "properties": properties, "additionalProperties": refer("setting")})
}

fn setting(params: &Value) -> Value {
    json!({"anyOf": [refer("level"), {
        "type": "object",
        "additionalProperties": false,
        "properties": {"severity": refer("level"), "params": params},
    }]})
}

/// `off` is false to some YAML readers.
fn level() -> Value {
    json!({"anyOf": [{"enum": severities("off")}, {"const": false}]})
}

fn severities(extra: &'static str) -> Vec<&'static str> {
    Severity::ALL
        .map(Severity::name)
        .into_iter()
        .chain([extra])
        .collect()
}

/// The known words are offered; a team's own are as good.
fn environment() -> Value {
    let environments = Environments::default();
    let names = environments.all().map(|(_, info)| info.name.as_str());
    let groups = environments.groups().iter().map(|(name, _)| name.as_str());
    json!({"anyOf": [{"enum": names.chain(groups).collect::<Vec<_>>()}, {"type": "string"}]})
}

fn ids(specs: &[Spec]) -> Vec<&str> {
    specs.iter().map(|spec| spec.id.text.as_ref()).collect()
}

fn tags(specs: &[Spec]) -> BTreeSet<&str> {
    specs
        .iter()
        .flat_map(|spec| spec.tags.iter().map(AsRef::as_ref))
        .collect()
}

fn refer(name: &str) -> Value {
    json!({"$ref": format!("#/definitions/{name}")})
}

fn one_or_more(item: &Value) -> Value {
    json!({"anyOf": [item, {"type": "array", "items": item}]})
}
