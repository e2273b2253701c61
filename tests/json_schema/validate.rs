//! A validator for the part of JSON Schema (draft 7) that envguard writes. A keyword it does not know is an error, so
//! nothing passes because nobody looked. The crates that know all of it bring a URL and Unicode stack with them.

use serde_json::Value;

/// What is wrong with a value, as `/path: message`.
pub fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "", &mut found);
    found
}

/// Words that say nothing about values.
const ANNOTATIONS: [&str; 5] = ["$schema", "title", "description", "definitions", "else"];

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(target) = schema.get("$ref") {
        // Draft 7: nothing beside a `$ref` counts.
        let pointer = target.as_str().unwrap().trim_start_matches('#');
        let target = root.pointer(pointer);
        return check(root, target.expect(pointer), value, at, found);
    }
    for (keyword, argument) in schema.as_object().unwrap() {
        if !ANNOTATIONS.contains(&keyword.as_str()) && keyword != "then" {
            keyword_check(root, schema, (keyword, argument), value, at, found);
        }
    }
}

fn fits(root: &Value, schema: &Value, value: &Value) -> bool {
    let mut found = Vec::new();
    check(root, schema, value, "", &mut found);
    found.is_empty()
}

fn keyword_check(
    root: &Value,
    schema: &Value,
    (keyword, argument): (&str, &Value),
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
) {
    let mut fault = |holds: bool| {
        if !holds {
            found.push(format!("{at}: {keyword} {argument}"));
        }
    };
    let list = || argument.as_array().unwrap().iter();
    match keyword {
        "type" => fault(match argument {
            Value::Array(types) => types.iter().any(|one| is_type(value, one)),
            one => is_type(value, one),
        }),
        "const" => fault(value == argument),
        "enum" => fault(list().any(|one| one == value)),
        "pattern" => fault(value.as_str().is_none_or(|text| {
            regex::Regex::new(argument.as_str().unwrap())
                .unwrap()
                .is_match(text)
        })),
        "minimum" => fault(
            value
                .as_i64()
                .is_none_or(|number| number >= argument.as_i64().unwrap()),
        ),
        "minItems" => fault(
            value
                .as_array()
                .is_none_or(|items| items.len() as u64 >= argument.as_u64().unwrap()),
        ),
        "required" => fault(
            value
                .as_object()
                .is_none_or(|map| list().all(|key| map.contains_key(key.as_str().unwrap()))),
        ),
        "anyOf" => fault(list().any(|one| fits(root, one, value))),
        "oneOf" => fault(list().filter(|one| fits(root, one, value)).count() == 1),
        "allOf" => list().for_each(|one| check(root, one, value, at, found)),
        "if" => {
            let branch = if fits(root, argument, value) {
                "then"
            } else {
                "else"
            };
            if let Some(branch) = schema.get(branch) {
                check(root, branch, value, at, found);
            }
        }
        "items" => {
            for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                check(root, argument, item, &format!("{at}/{index}"), found);
            }
        }
        "propertyNames" => {
            for key in value.as_object().into_iter().flat_map(|map| map.keys()) {
                check(
                    root,
                    argument,
                    &Value::from(key.as_str()),
                    &format!("{at}/{key}"),
                    found,
                );
            }
        }
        "properties" | "additionalProperties" => {
            members(root, schema, (keyword, argument), value, at, found);
        }
        other => panic!("the validator does not know `{other}`"),
    }
}

fn members(
    root: &Value,
    schema: &Value,
    (keyword, argument): (&str, &Value),
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
) {
    for (key, member) in value.as_object().into_iter().flatten() {
        let declared = schema.get("properties").and_then(|all| all.get(key));
        let place = format!("{at}/{key}");
        match (keyword, declared, argument) {
            ("properties", Some(schema), _) => check(root, schema, member, &place, found),
            ("additionalProperties", None, Value::Bool(false)) => {
                found.push(format!("{place}: not a known key"));
            }
            ("additionalProperties", None, schema) => check(root, schema, member, &place, found),
            _ => {}
        }
    }
}

fn is_type(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("the validator does not know the type `{other}`"),
    }
}
