//! The JSON Schema of policy files, for editors: fields and tests are those of the fact schema, offered for the kind of
//! fact that `for` names. The checker is stricter and explains more; this helps while typing.

use serde_json::{Map, Value, json};

use super::check::tests_of;
use super::language::{self as words, Words};
use super::load::shapes::ASSERTIONS;
use super::param::ParamType;
use crate::model::schema::{COMMON, FieldSchema, SEVERITIES};
use crate::model::{Environments, Kind, Type};

/// The schema of a policy file: one policy, or `policies: [..]`.
pub fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "envguard policies",
        "type": "object",
        "if": {"required": ["policies"]},
        "then": closed(words::FILE, &["policies"], |key| match key {
            "version" => json!({"const": 1}),
            "policies" => json!({"type": "array", "items": refer("policy")}),
            _ => refer("text"),
        }),
        "else": refer("policy"),
        "definitions": definitions(),
    })
}

fn definitions() -> Value {
    let mut all = Map::new();
    all.insert("policy".into(), policy());
    all.insert("row".into(), row());
    all.insert("example".into(), example());
    all.insert("join".into(), join());
    all.insert("param".into(), param());
    all.insert("severity".into(), severity());
    for (name, value) in [
        ("text", json!({"type": ["string", "number", "boolean"]})),
        (
            "parameter",
            json!({"type": "string", "pattern": "^\\$[A-Za-z_]"}),
        ),
        ("env", environment()),
    ] {
        all.insert(name.into(), value);
    }
    all.insert("texts".into(), one_or_more(&refer("text")));
    all.insert("envs".into(), one_or_more(&refer("env")));
    for field in COMMON {
        all.insert(format!("common.{}", field.name), field_test(field));
    }
    for kind in Kind::ALL {
        all.insert(format!("cond.{}", kind.name()), cond(*kind));
        all.insert(format!("field.{}", kind.name()), field_names(*kind));
    }
    Value::Object(all)
}

fn policy() -> Value {
    let required = ["id", "title", "why", "examples"];
    let mut policy = closed(words::POLICY, &required, policy_key);
    let one_of: Vec<Value> = ASSERTIONS
        .iter()
        .map(|word| json!({"required": [word]}))
        .collect();
    let mut rules = vec![json!({
        "if": {"required": ["matrix"]},
        "else": {"required": ["for", "message"], "oneOf": one_of},
    })];
    rules.extend(
        Kind::ALL
            .iter()
            .map(|kind| for_kind(*kind, &rule_of(*kind))),
    );
    policy["allOf"] = Value::Array(rules);
    policy
}

/// What may stand behind a key of a policy, as far as the kind of fact does not decide it.
fn policy_key(key: &str) -> Value {
    match key {
        "id" => json!({"type": "string", "pattern": "^[a-z][a-z0-9-]{0,63}$"}),
        "version" => json!({"const": 1}),
        "edit" => closed(words::EDIT, &["append", "text"], |_| refer("text")),
        "severity" => json!({"anyOf": [refer("severity"), severity_by_field()]}),
        "default" => json!({"enum": ["on", "off", true, false]}),
        "serves" | "tags" => refer("texts"),
        "scope" => json!({"enum": ["project", "repo"]}),
        "if_absent" => json!({"enum": ["pass", "fail"]}),
        "params" => map_of(&refer("param")),
        "for" => kinds(),
        "where" | "must" | "must_not" | "differ" | "agree" | "parity" => json!({"type": "object"}),
        "exists" | "not_exists" => refer("join"),
        "matrix" => matrix(),
        "examples" => json!({"type": "array", "minItems": 2, "items": refer("example")}),
        _ => refer("text"),
    }
}

fn severity_by_field() -> Value {
    let required = ["by", "table", "default"];
    closed(words::SEVERITY, &required, |key| match key {
        "by" => one_or_more(&json!({"type": "string"})),
        "table" => json!({"anyOf": [refer("parameter"), map_of(&severity_or_off())]}),
        _ => severity_or_off(),
    })
}

/// What depends on the kind of fact a policy is about.
fn rule_of(kind: Kind) -> Value {
    let cond = refer(&format!("cond.{}", kind.name()));
    let names = refer(&format!("field.{}", kind.name()));
    let group = |more: Words<'static>| {
        let all: Vec<(&str, &str)> = words::GROUP.iter().chain(more).copied().collect();
        closed(&all, &["across", "value"], |key| match key {
            "across" => json!({"anyOf": [names, {"const": "fact"}]}),
            "may_share" => {
                json!({"anyOf": [refer("parameter"), {"type": "array", "items": refer("envs")}]})
            }
            "base" => cond.clone(),
            "extra" => json!({"enum": ["deny", "allow"]}),
            _ => one_or_more(&names),
        })
    };
    let same = json!({"properties": {"same": {"anyOf": [
        one_or_more(&names), {"type": "object", "propertyNames": names}]}}});
    json!({
        "where": cond, "must": cond, "must_not": cond,
        "differ": group(words::DIFFER), "agree": group(&[]), "parity": group(words::PARITY),
        "exists": same, "not_exists": same,
    })
}

/// `if` the map is about this kind of fact, `then` its keys have these shapes.
fn for_kind(kind: Kind, properties: &Value) -> Value {
    json!({
        "if": {"properties": {"for": {"const": kind.name()}}, "required": ["for"]},
        "then": {"properties": properties},
    })
}

fn join() -> Value {
    let mut join = closed(words::JOIN, &["a"], |key| match key {
        "a" => kinds(),
        "where" => json!({"type": "object"}),
        "same" => json!({"type": ["string", "array", "object"]}),
        _ => json!({"anyOf": [refer("texts"), map_of(&refer("texts"))]}),
    });
    let partner = |kind: &Kind| {
        json!({
            "if": {"properties": {"a": {"const": kind.name()}}, "required": ["a"]},
            "then": {"properties": {"where": refer(&format!("cond.{}", kind.name()))}},
        })
    };
    join["allOf"] = Kind::ALL.iter().map(partner).collect();
    join
}

fn matrix() -> Value {
    closed(words::MATRIX, &["environments", "rows"], |key| match key {
        "environments" => json!({"type": "array", "items": refer("env"), "minItems": 1}),
        _ => json!({"type": "array", "items": refer("row")}),
    })
}

fn row() -> Value {
    let mut row = closed(words::ROW, &["cells"], |key| match key {
        "for" => kinds(),
        "where" => json!({"type": "object"}),
        "severity" => refer("severity"),
        "cells" => map_of(&json!({"anyOf": [words_of(words::CELLS), {"type": "object"}]})),
        _ => refer("text"),
    });
    let of_kind = |kind: &Kind| {
        let cond = refer(&format!("cond.{}", kind.name()));
        let cell = closed(words::CELL, &[], |key| match key {
            "required" => json!({"type": "boolean"}),
            "must" | "must_not" => cond.clone(),
            "if_absent" => json!({"enum": ["pass", "fail"]}),
            _ => refer("text"),
        });
        for_kind(
            *kind,
            &json!({"where": cond, "cells": map_of(&json!({"anyOf": [words_of(words::CELLS), cell]}))}),
        )
    };
    row["anyOf"] = json!([{"required": ["behavior", "for"]}, {"required": ["policy"]}]);
    row["allOf"] = Kind::ALL.iter().map(of_kind).collect();
    row
}

fn example() -> Value {
    let mut example = closed(words::EXAMPLE, &["files"], |key| match key {
        "files" => map_of(&json!({"type": ["string", "number", "boolean", "null"]})),
        "untracked" => refer("texts"),
        "earlier" => map_of(&map_of(
            &json!({"type": ["string", "number", "boolean", "null"]}),
        )),
        "expect" => one_or_more(&json!({"type": "string", "pattern": ":[1-9][0-9]*$"})),
        "config" | "params" => json!({"type": "object"}),
        _ => refer("text"),
    });
    example["oneOf"] = json!([{"required": ["bad"]}, {"required": ["good"]}]);
    example
}

fn param() -> Value {
    let types: Vec<&str> = ParamType::names().collect();
    closed(words::PARAM, &["type", "default"], |key| match key {
        "type" => json!({"enum": types}),
        "default" => json!({}),
        _ => refer("text"),
    })
}

/// A condition on facts of one kind.
fn cond(kind: Kind) -> Value {
    let own = refer(&format!("cond.{}", kind.name()));
    let mut cond = closed(words::COND, &[], |key| match key {
        "not" => own.clone(),
        _ => json!({"type": "array", "items": own}),
    });
    for field in kind.fields() {
        let schema = field.schema();
        let test = match field.kind {
            None => refer(&format!("common.{}", schema.name)),
            Some(_) => field_test(schema),
        };
        cond["properties"][schema.name] = with_doc(test, schema.doc);
    }
    cond
}

fn field_names(kind: Kind) -> Value {
    let names: Vec<&str> = kind.fields().map(|field| field.schema().name).collect();
    json!({"enum": names})
}

/// What may stand behind the name of a field.
fn field_test(field: &FieldSchema) -> Value {
    let literal = literal(field.ty);
    let several =
        json!({"type": "array", "minItems": 1, "items": {"anyOf": [literal, refer("parameter")]}});
    let tests: Vec<(&str, &str)> = words::TESTS
        .iter()
        .filter(|(test, _)| {
            tests_of(field.ty).contains(test) && (*test != "present" || field.optional)
        })
        .copied()
        .collect();
    let tests = closed(&tests, &[], |test| match test {
        "empty" | "present" => json!({"type": "boolean"}),
        "is" => literal.clone(),
        "in" => json!({"anyOf": [refer("parameter"), several]}),
        "gt" | "ge" | "lt" | "le" => json!({"anyOf": [{"type": "integer"}, refer("parameter")]}),
        _ => refer("texts"),
    });
    if field.ty == Type::List {
        return tests;
    }
    json!({"anyOf": [literal, refer("parameter"), several, tests]})
}

fn literal(ty: Type) -> Value {
    match ty {
        Type::Str | Type::Secret | Type::Path | Type::List => refer("text"),
        Type::Int => json!({"type": "integer"}),
        Type::Bool => json!({"type": "boolean"}),
        Type::Env => refer("env"),
        Type::Word(words) => json!({"enum": words}),
    }
}

/// The known words are offered; a team's own are as good.
fn environment() -> Value {
    let environments = Environments::default();
    let groups = environments.groups().iter().map(|(name, _)| name.as_str());
    let known: Vec<&str> = environments
        .all()
        .map(|(_, info)| info.name.as_str())
        .chain(groups)
        .collect();
    json!({"anyOf": [{"enum": known}, {"type": "string"}]})
}

fn severity() -> Value {
    json!({"enum": SEVERITIES})
}

/// `off` is false to some YAML readers.
fn severity_or_off() -> Value {
    json!({"anyOf": [refer("severity"), {"enum": ["off", false]}]})
}

fn kinds() -> Value {
    let one = |kind: &Kind| json!({"const": kind.name(), "description": kind.schema().doc});
    json!({"oneOf": Kind::ALL.iter().map(one).collect::<Vec<_>>()})
}

fn words_of(words: Words<'_>) -> Value {
    let one = |(word, doc): &(&str, &str)| json!({"const": word, "description": doc});
    json!({"oneOf": words.iter().map(one).collect::<Vec<_>>()})
}

fn refer(name: &str) -> Value {
    json!({"$ref": format!("#/definitions/{name}")})
}

fn one_or_more(item: &Value) -> Value {
    json!({"anyOf": [item, {"type": "array", "items": item}]})
}

fn map_of(value: &Value) -> Value {
    json!({"type": "object", "additionalProperties": value})
}

/// An object with these keys and no others.
fn closed(words: &[(&str, &str)], required: &[&str], of: impl Fn(&str) -> Value) -> Value {
    let properties: Map<String, Value> = words
        .iter()
        .map(|(key, doc)| ((*key).to_owned(), with_doc(of(key), doc)))
        .collect();
    let mut object =
        json!({"type": "object", "additionalProperties": false, "properties": properties});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

/// Draft 7 ignores what stands beside a `$ref`, and editors show it: right for a description.
fn with_doc(mut schema: Value, doc: &str) -> Value {
    if let Value::Object(map) = &mut schema {
        map.insert("description".to_owned(), json!(doc));
    }
    schema
}
