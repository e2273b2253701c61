//! The JSON Schema of `envguard context --json`; committed as `schemas/context.schema.json`.

use serde_json::{Value, json};

use super::CODES;

pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What `envguard context --json` prints",
        "type": "object",
        "additionalProperties": false,
        "required": ["version", "environment", "git", "databases", "services", "flags", "warnings"],
        "properties": {
            "version": {"const": 1},
            "environment": environment(),
            "git": git(),
            "databases": {"type": "array", "items": database()},
            "services": object(&json!({
                "compose": texts("Compose services of the environment"),
                "vendors": texts("third-party services whose accounts it uses"),
            })),
            "flags": {"type": "array", "items": object(&json!({
                "name": text("the variable"),
                "enabled": {"type": "boolean"},
                "at": text("path:line"),
            }))},
            "warnings": {"type": "array", "items": warning()},
        },
    })
}

fn environment() -> Value {
    object(&json!({
        "name": maybe("string", "null where nothing says which environment this is"),
        "deployed": {"type": "boolean", "description": "other people use it"},
        "because": text("how that was determined"),
    }))
}

fn git() -> Value {
    let counts = ["staged", "modified", "deleted"];
    let counts = counts.map(|name| (name.to_owned(), json!({"type": "integer", "minimum": 0})));
    let mut changes = object(&Value::Object(counts.into_iter().collect()));
    let mut git = object(&json!({
        "branch": maybe("string", "null where HEAD is a commit and no branch"),
        "commit": maybe("string", "null before the first one"),
        "dirty": maybe("boolean", "tracked files differ from the commit; null without a worktree"),
        "changes": null,
        "deploys_to": texts("environments that CI jobs deploy from this branch"),
    }));
    changes["type"] = json!(["object", "null"]);
    git["properties"]["changes"] = changes;
    git["type"] = json!(["object", "null"]);
    git["description"] = json!("null outside of any repository");
    git
}

fn database() -> Value {
    object(&json!({
        "variable": text("variable or group of variables that says so"),
        "engine": text("engine family"),
        "host": maybe("string", "host"),
        "port": maybe("integer", "explicit, or the engine's default"),
        "name": maybe("string", "name or number of the database on that server"),
        "at": text("path:line"),
    }))
}

fn warning() -> Value {
    let codes: Vec<&str> = CODES.iter().map(|(code, _)| *code).collect();
    let docs: Vec<String> = CODES
        .iter()
        .map(|(code, doc)| format!("{code}: {doc}"))
        .collect();
    object(&json!({
        "code": {"type": "string", "enum": codes, "description": docs.join("; ")},
        "text": text("the warning, for people"),
    }))
}

/// All properties are always there.
fn object(properties: &Value) -> Value {
    let names: Vec<&String> = properties
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": names,
        "properties": properties,
    })
}

fn text(doc: &str) -> Value {
    json!({"type": "string", "description": doc})
}

fn texts(doc: &str) -> Value {
    json!({"type": "array", "items": {"type": "string"}, "description": doc})
}

fn maybe(ty: &str, doc: &str) -> Value {
    json!({"type": [ty, "null"], "description": doc})
}
