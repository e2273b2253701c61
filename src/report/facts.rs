//! The facts of a run as YAML whose `where` can be pasted into a policy, or as JSON.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::model::fact::Layer;
use crate::model::settled::{FactRow, Shown};

/// One output format of `facts`.
pub struct FactsReport {
    pub name: &'static str,
    pub render: fn(&[FactRow], &mut dyn Write) -> io::Result<()>,
}

/// Every format; the first is the default.
pub static FACTS_FORMATS: &[FactsReport] = &[
    FactsReport {
        name: "yaml",
        render: yaml,
    },
    FactsReport {
        name: "json",
        render: json,
    },
];

const MASK: &str = "***";

fn yaml(rows: &[FactRow], out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return writeln!(
            out,
            "[] # no facts: no file here is one that envguard reads"
        );
    }
    for row in rows {
        writeln!(out, "- at: {}", scalar(&position(row)))?;
        writeln!(out, "  for: {}{}", scalar(row.kind), holds(row))?;
        if row.env.is_none() && row.fields.is_empty() {
            writeln!(out, "  where: {{}}")?;
            continue;
        }
        writeln!(out, "  where:")?;
        if let Some(env) = &row.env {
            write!(out, "    env: {}", scalar(env))?;
            if row.reason.is_empty() {
                writeln!(out)?;
            } else {
                writeln!(out, " # {}", row.reason)?;
            }
        }
        for (name, value) in &row.fields {
            writeln!(out, "    {name}: {}", shown(value))?;
        }
    }
    Ok(())
}

fn json(rows: &[FactRow], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut fields = Map::new();
            fields.extend(row.env.as_ref().map(|env| ("env".to_owned(), json!(env))));
            for (name, value) in &row.fields {
                fields.insert((*name).to_owned(), plain(value));
            }
            json!({
                "path": row.at.path, "line": row.at.line, "column": row.at.column,
                "for": row.kind, "layers": layers(row), "where": fields, "env_reason": row.reason,
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &json!({"version": 1, "facts": rows}))
        .map_err(io::Error::from)?;
    writeln!(out)
}

/// Where the same bytes are told twice: which is what the file says, and which is what holds.
fn holds(row: &FactRow) -> String {
    match (row.layer, &row.stack) {
        (Layer::Written, _) => " # as written".to_owned(),
        (Layer::Effective, Some(stack)) => format!(" # as it holds in {stack}"),
        (Layer::Effective, None) => " # as it holds".to_owned(),
        (Layer::Both, _) => String::new(),
    }
}

fn layers(row: &FactRow) -> Vec<&'static str> {
    let all = ["written", "effective"].into_iter();
    all.filter(|word| row.layer.is(word)).collect()
}

fn position(row: &FactRow) -> String {
    format!("{}:{}", row.at.path, row.at.line)
}

fn plain(value: &Shown) -> Value {
    match value {
        Shown::Text(text) => json!(text),
        Shown::Masked => json!(MASK),
        Shown::Int(number) => json!(number),
        Shown::Bool(flag) => json!(flag),
        Shown::List(items) => json!(items),
    }
}

fn shown(value: &Shown) -> String {
    match value {
        Shown::Text(text) => scalar(text),
        Shown::Masked => format!("{MASK:?}"),
        Shown::Int(number) => number.to_string(),
        Shown::Bool(flag) => flag.to_string(),
        Shown::List(items) => {
            let items: Vec<_> = items.iter().map(|item| scalar(item)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// A string as a YAML scalar: plain where no reader of any YAML version could take it for something else, else double
/// quoted, for which JSON's escapes are YAML's.
fn scalar(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '_'));
    let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.');
    let word = |word: &&str| word.eq_ignore_ascii_case(text);
    let reserved = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    if first && chars.all(rest) && !reserved.iter().any(word) {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::settled::Location;

    fn row(env: Option<&str>, fields: Vec<(&'static str, Shown)>) -> FactRow {
        FactRow {
            kind: "var",
            at: Location {
                path: "dir with space/.env: #1".to_owned(),
                line: 3,
                ..Location::default()
            },
            env: env.map(str::to_owned),
            reason: "the name says `.production`".to_owned(),
            layer: Layer::Effective,
            stack: Some("a.yml+b.yml".to_owned()),
            fields,
        }
    }

    fn rows() -> Vec<FactRow> {
        let tricky = [
            "",
            "off",
            "007",
            "1.10",
            "~",
            "a: b",
            "- x",
            "é\"\\",
            "#no",
            "{a}",
            "*x",
            "\\u{1b}",
            "null",
            "=",
            "2024-01-01",
        ];
        let tricky = tricky.iter().map(|text| (*text).to_owned()).collect();
        vec![
            row(
                Some("production"),
                vec![
                    ("name", Shown::Text("off".to_owned())),
                    ("value", Shown::Masked),
                    ("length", Shown::Int(12)),
                    ("sensitive", Shown::Bool(true)),
                    ("needs", Shown::List(tricky)),
                ],
            ),
            row(None, Vec::new()),
        ]
    }

    fn written(
        render: fn(&[FactRow], &mut dyn Write) -> io::Result<()>,
        rows: &[FactRow],
    ) -> String {
        let mut out = Vec::new();
        render(rows, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn yaml_reads_back_as_what_was_written() {
        let text = written(yaml, &rows());
        let back: Value = serde_saphyr::from_str(&text).unwrap();
        assert_eq!(back[0]["at"], "dir with space/.env: #1:3");
        assert_eq!(back[0]["where"]["name"], "off");
        assert_eq!(back[0]["where"]["value"], "***");
        assert_eq!(back[0]["where"]["needs"], plain(&rows()[0].fields[4].1));
        assert_eq!(back[1]["where"], json!({}));
        assert!(
            text.contains("  for: var # as it holds in a.yml+b.yml\n"),
            "{text}"
        );
        assert!(
            text.contains("    env: production # the name says `.production`\n"),
            "{text}"
        );
    }

    #[test]
    fn no_facts_are_an_empty_list() {
        let back: Value = serde_saphyr::from_str(&written(yaml, &[])).unwrap();
        assert_eq!(back, json!([]));
        let back: Value = serde_json::from_str(&written(json, &[])).unwrap();
        assert_eq!(back["facts"], json!([]));
    }

    #[test]
    fn json_says_the_same() {
        let back: Value = serde_json::from_str(&written(json, &rows())).unwrap();
        assert_eq!(back["facts"][0]["where"]["env"], "production");
        assert_eq!(back["facts"][0]["where"]["length"], 12);
        assert_eq!(back["facts"][0]["layers"], json!(["effective"]));
    }
}
