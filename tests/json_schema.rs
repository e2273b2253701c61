//! The committed JSON Schemas are current (`BLESS=1` writes them), take every policy that ships and every configuration in
//! its examples, and refuse what an editor should underline.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

#[path = "json_schema/validate.rs"]
mod validate;

use std::path::Path;

use envguard::policy::builtin;
use envguard::syntax::{Node, node::Value as Tree, yaml};
use envguard::view::{self, context::Context};
use envguard::{config, policy};
use serde_json::Value;

fn config_schema() -> Value {
    config::json_schema::schema(&builtin::specs().0)
}

#[test]
fn the_committed_schemas_are_current() {
    for (name, schema) in [
        ("policy", policy::json_schema::schema()),
        ("config", config_schema()),
        ("context", view::context::schema()),
    ] {
        let path = format!("schemas/{name}.schema.json");
        let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("BLESS").is_some() {
            std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
            std::fs::write(&whole, &text).unwrap();
        }
        assert!(
            std::fs::read_to_string(&whole).unwrap_or_default() == text,
            "{path} is stale: run it again with BLESS=1"
        );
    }
}

#[test]
fn every_policy_that_ships_fits() {
    let schema = policy::json_schema::schema();
    let mut wrong = Vec::new();
    for (path, text) in builtin_files() {
        let found = validate::errors(&schema, &json(&parsed(&text)));
        wrong.extend(found.iter().map(|error| format!("{path} {error}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_configuration_of_an_example_fits() {
    let schema = config_schema();
    let (specs, _) = builtin::specs();
    let configs = specs
        .iter()
        .flat_map(|spec| &spec.examples)
        .filter_map(|example| example.config.as_ref());
    for config in configs {
        assert_eq!(
            validate::errors(&schema, &json(config)),
            Vec::<String>::new()
        );
    }
}

#[test]
fn a_configuration_with_everything_fits() {
    let text = "version: 1
fail_on: high
audit: {blocks: high, condition: medium}
environments:
  staging: {aliases: [stg], machine: one, hosts: [\"*-dev.example.org\"], deployed: true}
  pilot:
groups: {outside: [staging, production]}
stacks: [{env: production, files: [compose.yml]}]
policies:
  files: policy/*.yml
  packs: [strict]
  disable: [prod-log-level]
  set:
    floating-image: off
    shared-credential: {severity: high, params: {severity_by_vendor: {openai: low}}}
    our-own: {params: {anything: [1]}}
paths: [{match: legacy/**, set: {floating-image: low}}]
limits: {file_size: 2MiB}
allow:
  - {policy: shared-credential, match: {name: A}, envs: [local], because: a reason, until: 2026-03-31}
";
    assert_eq!(
        validate::errors(&config_schema(), &json(&parsed(text))),
        Vec::<String>::new()
    );
}

#[test]
fn every_context_fits() {
    let schema = view::context::schema();
    let git = view::context::Git {
        changes: Some([1, 0, 2]),
        ..view::context::Git::default()
    };
    let full = Context {
        environment: Some("production".to_owned()),
        git: Some(git),
        databases: vec![view::context::Database::default()],
        flags: vec![view::context::Flag::default()],
        warnings: vec![view::context::Warning {
            code: view::context::CODES[0].0,
            text: String::new(),
        }],
        ..Context::default()
    };
    for context in [Context::default(), full] {
        let told = view::context::json(&context);
        assert_eq!(validate::errors(&schema, &told), Vec::<String>::new());
    }
    let mut wrong = view::context::json(&Context::default());
    wrong["secret"] = Value::from("x");
    wrong["flags"] = Value::from("x");
    assert_eq!(validate::errors(&schema, &wrong).len(), 2);
}

const HEAD: &str = "id: demo\ntitle: t\nwhy: w\nmessage: m\nexamples: [{bad: b, files: {}}, {good: g, files: {}}]\n";

/// The rest of a policy, and the place that is wrong in it.
const WRONG_POLICIES: &[(&str, &str)] = &[
    (
        "for: var\nwhere: {vlaue: x}\nmust: {name: x}",
        "/where/vlaue",
    ),
    (
        "for: var\nwhere: {host_port: 1}\nmust: {name: x}",
        "/where/host_port",
    ),
    ("for: var\nmust: {kind: boolean}", "/must/kind"),
    ("for: var\nmust: {name: {present: true}}", "/must/name"),
    ("for: var\nmust: {length: {glob: x}}", "/must/length"),
    ("for: var\nmust: {truthy: maybe}", "/must/truthy"),
    (
        "for: var\nmust: {not: {any: [{nmae: x}]}}",
        "/must/not/any/0/nmae",
    ),
    ("for: vars\nmust: {name: x}", "/for"),
    ("for: var\nmust: {name: x}\nmust_not: {name: y}", ": oneOf"),
    (
        "for: var\nexists: {a: file, where: {nme: x}}",
        "/exists/where/nme",
    ),
    (
        "for: var\nexists: {a: file, same: [enviroment]}",
        "/exists/same",
    ),
    (
        "for: var\ndiffer: {across: env, value: vlue}",
        "/differ/value",
    ),
    ("for: var\nmust: {name: x}\nwere: {}", "/were"),
    (
        "matrix: {environments: [a], rows: [{behavior: b, for: var, cells: {a: {must: {x: 1}}}}]}",
        "/cells/a",
    ),
];

const WRONG_CONFIGURATIONS: &[(&str, &str)] = &[
    ("fail_on: hihg", "/fail_on"),
    ("audit: {blocks: hihg}", "/audit/blocks"),
    ("audit: {bloks: high}", "/audit"),
    (
        "policies: {set: {floating-image: hgih}}",
        "/policies/set/floating-image",
    ),
    (
        "policies: {set: {shared-credential: {params: {nope: 1}}}}",
        "/policies/set/shared-credential",
    ),
    ("allow: [{policy: floating-image}]", "/allow/0: required"),
];

#[test]
fn editors_underline_mistakes_in_policies() {
    let schema = policy::json_schema::schema();
    for (rest, place) in WRONG_POLICIES {
        let found = validate::errors(&schema, &json(&parsed(&format!("{HEAD}{rest}\n"))));
        assert!(
            found.iter().any(|error| error.contains(place)),
            "{rest}: {found:?}"
        );
    }
    let indented = HEAD.trim_end().replace('\n', "\n    ");
    for fine in [
        format!(
            "{HEAD}for: var\nwhere: {{env: pilot, name: {{in: $names}}}}\nmust: {{truthy: false}}\n"
        ),
        format!("policies:\n  - {indented}\n    for: var\n    must: {{name: x}}\n"),
    ] {
        assert_eq!(
            validate::errors(&schema, &json(&parsed(&fine))),
            Vec::<String>::new()
        );
    }
}

#[test]
fn editors_underline_mistakes_in_the_configuration() {
    let schema = config_schema();
    for (text, place) in WRONG_CONFIGURATIONS {
        let found = validate::errors(&schema, &json(&parsed(text)));
        assert!(
            found.iter().any(|error| error.contains(place)),
            "{text}: {found:?}"
        );
    }
}

fn builtin_files() -> Vec<(String, String)> {
    let (specs, _) = builtin::specs();
    let source = |spec: &policy::Spec| (spec.source.name.to_string(), spec.source.text.to_string());
    specs.iter().map(source).collect()
}

fn parsed(text: &str) -> Node {
    let mut tree = yaml::parse(text);
    assert!(tree.problems.is_empty(), "{:?}", tree.problems);
    tree.documents.remove(0)
}

/// What an editor sees: the core schema of YAML 1.2.
fn json(node: &Node) -> Value {
    match &node.value {
        Tree::Null => Value::Null,
        Tree::Seq(items) => items.iter().map(json).collect(),
        Tree::Map(entries) => entries
            .iter()
            .map(|entry| (entry.key.text().unwrap().to_owned(), json(&entry.value)))
            .collect(),
        Tree::Scalar { text, .. } if !node.is_plain() => Value::from(&**text),
        Tree::Scalar { text, .. } => match &**text {
            "true" | "True" | "TRUE" => Value::Bool(true),
            "false" | "False" | "FALSE" => Value::Bool(false),
            text => text
                .parse::<i64>()
                .map(Value::from)
                .or_else(|_| text.parse::<f64>().map(Value::from))
                .unwrap_or_else(|_| Value::from(text)),
        },
    }
}
