//! Runs the engine over reference answers kept outside of the repository: `ENVGUARD_VECTORS` names their folder,
//! `ENVGUARD_ANSWERS` the folder to write answers to. Without the first there is nothing to do.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use envguard::model::Secret;
use envguard::syntax::dotenv::{self, Dialect};
use envguard::syntax::template::{RefusalKind, Template};
use serde_json::{Value, json};

#[test]
fn tables_agree_with_the_reference() {
    let Some(folder) = std::env::var_os("ENVGUARD_VECTORS").map(PathBuf::from) else {
        return;
    };
    for name in ["template", "dotenv", "dotenv-raw"] {
        let table = read(&folder.join(format!("{name}.table.json")));
        let rows = table["rows"].as_array().unwrap();
        let answers: Vec<Value> = rows.iter().map(|row| answer_row(name, row)).collect();
        for (row, answer) in rows.iter().zip(&answers) {
            assert_eq!(row.get("expected"), answer.get("expected"), "{name}: {row}");
            assert_eq!(row.get("error_kind"), answer.get("error_kind"), "{row}");
        }
        write(&format!("{name}.rows.json"), &json!({ "rows": answers }));
    }
}

fn answer_row(table: &str, row: &Value) -> Value {
    let env: BTreeMap<String, String> = serde_json::from_value(row["env"].clone()).unwrap();
    let lookup = |name: &str| env.get(name).map(Secret::new);
    if table == "template" {
        let text = row["template"].as_str().unwrap();
        let evaluated = Template::parse(text).evaluate(text, &lookup);
        return match evaluated.refusal {
            Some(refusal) => json!({ "error_kind": kind(refusal.kind) }),
            None => json!({ "expected": evaluated.text.expose() }),
        };
    }
    let dialect = match table {
        "dotenv" => Dialect::Compose,
        _ => Dialect::Raw,
    };
    let document = dotenv::parse_as(row["text"].as_str().unwrap(), dialect);
    let evaluation = dotenv::evaluate(&document, &lookup);
    if let Some(refusal) = evaluation.refusal {
        return json!({ "error_kind": kind(refusal.kind) });
    }
    let values: BTreeMap<&str, &str> = evaluation
        .values
        .iter()
        .map(|assigned| (assigned.name.as_ref(), assigned.value.expose()))
        .collect();
    json!({ "expected": values })
}

fn kind(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Interpolation | RefusalKind::TooLarge => "interpolation",
        RefusalKind::Required => "required_variable",
        RefusalKind::EnvFile => "env_file_syntax",
    }
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn write(name: &str, answers: &Value) {
    if let Some(folder) = std::env::var_os("ENVGUARD_ANSWERS") {
        std::fs::write(Path::new(&folder).join(name), answers.to_string()).unwrap();
    }
}
