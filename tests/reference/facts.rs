//! The page of facts: every kind and field, from the fact schema.

use std::fmt::Write as _;

use envguard::model::schema::{COMMON, FieldSchema};
use envguard::model::{Kind, Type};
use envguard::policy::check::tests_of;

use crate::{GENERATED, cell};

const INTRO: &str = "# Facts

Everything envguard reads becomes *facts*: flat records with a place in a file. Policies know nothing else. `for` names a
kind of fact, `where`, `must` and the other conditions test its fields.

- `envguard facts FILE` prints the facts of your own files as `for` and `where`, ready to be pasted into a policy.
- One fact per element: ten ports are ten facts. One kind per notion: `DEBUG=true` in a dotenv file and in a Compose file is
  a `var` both times, with another `source`.
- A field with a `?` may be absent. A test on an absent field does not hold, except `{present: false}`.
- *Key* is what names a fact beside its file. Exceptions and the baseline remember facts by it, not by their lines.
- A `secret` is never printed. Its text is shown only if it is empty, a boolean, a number of up to ten digits, an
  environment's name, a word that settings use (`info`, `redis`, `localhost`, …) or an address made of such parts.

## Types and their tests

| type | tests | a plain value means |
|---|---|---|
";

/// Types, and what a plain value behind a field of that type means.
const TYPES: [(Type, &str); 8] = [
    (
        Type::Str,
        "this text; `*` in it is an error that offers `{glob: …}`",
    ),
    (Type::Secret, "this text; masked in all output"),
    (
        Type::Path,
        "this path, with `/`; `*` in a glob stops at `/`",
    ),
    (Type::Int, "this number"),
    (Type::Bool, "`true` or `false`"),
    (Type::Env, "this environment, alias or group"),
    (Type::Word(&[]), "this word"),
    (Type::List, "–"),
];

pub fn page() -> String {
    let mut out = format!("{GENERATED}{INTRO}");
    for (ty, plain) in TYPES {
        let tests: Vec<String> = tests_of(ty)
            .iter()
            .map(|test| format!("`{test}`"))
            .collect();
        let _ = writeln!(out, "| {} | {} | {plain} |", ty.name(), tests.join(" "));
    }
    out += "\nWhat the tests mean stands on the page of the [policy language](policy-language.md#tests).\n";
    out += "\n## Every fact\n\nFields that all facts have.\n\n";
    fields(COMMON.iter(), &mut out);
    let links: Vec<String> = Kind::ALL
        .iter()
        .map(|kind| format!("[`{}`](#{})", kind.name(), anchor(kind.name())))
        .collect();
    let _ = write!(out, "\n## Kinds\n\n{}\n", links.join(" · "));
    for kind in Kind::ALL {
        section(*kind, &mut out);
    }
    out
}

fn section(kind: Kind, out: &mut String) {
    let schema = kind.schema();
    let key: Vec<String> = schema.key.iter().map(|key| format!("`{key}`")).collect();
    let key = if key.is_empty() {
        "–".to_owned()
    } else {
        key.join(", ")
    };
    let (name, doc) = (schema.name, schema.doc);
    let _ = write!(out, "\n### {name}\n\n{doc}. Key: {key}.\n\n");
    fields(schema.fields.iter(), out);
}

fn fields(fields: impl Iterator<Item = &'static FieldSchema>, out: &mut String) {
    *out += "| field | type | what |\n|---|---|---|\n";
    for field in fields {
        let mark = if field.optional { "?" } else { "" };
        let ty = match field.ty {
            Type::Word(words) => words.join(" \\| "),
            ty => ty.name().to_owned(),
        };
        let _ = writeln!(
            out,
            "| `{}{mark}` | {ty} | {} |",
            field.name,
            cell(field.doc)
        );
    }
}

/// As GitHub makes them from headings.
fn anchor(heading: &str) -> String {
    heading.replace('.', "").to_lowercase()
}
