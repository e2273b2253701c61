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
    let list = || argument.as_array().unwrap().iter();
    match keyword {
        "allOf" => list().for_each(|one| check(root, one, value, at, found)),
        "if" => {
            let holds = fits(root, argument, value);
            if let Some(branch) = schema.get(if holds { "then" } else { "else" }) {
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
                let name = Value::from(key.as_str());
                check(root, argument, &name, &format!("{at}/{key}"), found);
            }
        }
        "properties" | "additionalProperties" => {
            members(root, schema, (keyword, argument), value, at, found);
        }
        _ if holds(root, (keyword, argument), value) => {}
        _ => found.push(format!("{at}: {keyword} {argument}")),
    }
}

/// Keywords that simply hold or do not.
fn holds(root: &Value, (keyword, argument): (&str, &Value), value: &Value) -> bool {
    let list = || argument.as_array().unwrap().iter();
    let number = || argument.as_i64().unwrap();
    let fitting = || list().filter(|one| fits(root, one, value)).count();
    match keyword {
        "type" => match argument {
            Value::Array(types) => types.iter().any(|one| is_type(value, one)),
            one => is_type(value, one),
        },
        "const" => value == argument,
        "enum" => list().any(|one| one == value),
        "anyOf" => fitting() > 0,
        "oneOf" => fitting() == 1,
        "pattern" => value.as_str().is_none_or(|text| {
            let pattern = regex::Regex::new(argument.as_str().unwrap()).unwrap();
            pattern.is_match(text)
        }),
        "minimum" => value.as_i64().is_none_or(|value| value >= number()),
        "minItems" => value
            .as_array()
            .is_none_or(|items| items.len() >= usize::try_from(number()).unwrap()),
        "required" => value
            .as_object()
            .is_none_or(|map| list().all(|key| map.contains_key(key.as_str().unwrap()))),
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
        let schema = match (keyword, declared) {
            ("properties", Some(declared)) => declared,
            ("additionalProperties", None) => argument,
            _ => continue,
        };
        if *schema == Value::Bool(false) {
            found.push(format!("{place}: not a known key"));
        } else {
            check(root, schema, member, &place, found);
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
