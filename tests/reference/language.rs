//! The page of the policy language: every key and test with its meaning.

use std::fmt::Write as _;

use envguard::policy::language::{self, Words};
use envguard::policy::param::ParamType;

use crate::{GENERATED, cell};

const INTRO: &str = "# Policy language

A policy file holds one policy at its top level, or `policies:` with a list of them. Every key is below; a key that is not
is an error with a suggestion. [Writing policies](../writing-policies.md) explains by example; the fields of facts are on
the page of [facts](facts.md).
";

/// Heading, what stands before the table, and the table.
const SECTIONS: &[(&str, &str, Words<'static>)] = &[
    (
        "A policy",
        "Exactly one of `must`, `must_not`, `exists`, `not_exists`, `differ`, `agree`, `parity`, or a `matrix`.",
        language::POLICY,
    ),
    (
        "Conditions",
        "A map of fields and tests: all have to hold. A list of values: one has to. Beside fields a condition may have:",
        language::COND,
    ),
    (
        "Tests",
        "Behind a field stands a value, a list of values, or a map of tests.",
        language::TESTS,
    ),
    (
        "exists and not_exists",
        "The partner of a selected fact.",
        language::JOIN,
    ),
    (
        "differ, agree and parity",
        "Facts that are compared with each other.",
        language::GROUP,
    ),
    ("differ, besides", "", language::DIFFER),
    ("parity, besides", "", language::PARITY),
    (
        "A parameter",
        "Declared under `params` by its name, used as `$name` wherever a value may stand.",
        language::PARAM,
    ),
    ("Severity by a field", "", language::SEVERITY),
    ("A matrix", "", language::MATRIX),
    ("A row of a matrix", "", language::ROW),
    ("A cell that is one word", "", language::CELLS),
    ("A cell that is a map", "", language::CELL),
    ("An example", "", language::EXAMPLE),
    ("A policy file with several policies", "", language::FILE),
];

pub fn page() -> String {
    let mut out = format!("{GENERATED}{INTRO}");
    for (heading, note, words) in SECTIONS {
        section(heading, note, words, &mut out);
    }
    let types: Vec<String> = ParamType::names().map(|name| format!("`{name}`")).collect();
    let _ = write!(
        out,
        "\n## Types of parameters\n\n{}. A map that the configuration gives is merged with the default, anything else \
         replaces it.\n",
        types.join(", ")
    );
    out + MESSAGES + FAKES
}

const MESSAGES: &str = "
## Messages

`{field}` puts in a field of the fact the finding is at; secrets are masked. Beside fields:

| word | what | in |
|---|---|---|
| `{envs}` | the environments involved, the most exposed first | all |
| `{count}` | how many facts are involved | all |
| `{places}` | where else it is | `differ`, `agree`, `parity`, `not_exists` |
| `{value}` | the shared value, masked unless harmless | `differ` |
| `{values}` | the different values, sorted | `agree` |
| `{sides}` | each value with where it holds: `16 in production, 15 in staging` | `agree` |
| `{here}` | the part that lacks something | `parity` |
| `{missing}`, `{extra}` | what it lacks or has too much | `parity` |
| `{each}` | the item without a partner | `exists`, `not_exists` with `each` |
";

const FAKES: &str = "
## Made-up keys in examples

A policy file should hold no key, not even a made-up one that scanners would report. `${fake.NAME}` in the text of a file is
replaced by a value of the right form when the example runs, always the same for the same name:

| name | what |
|---|---|
| `stripe_live`, `openai`, `sentry_dsn`, … | a key of that vendor; `live`, `test`, `publishable` where its form tells them apart |
| `password` | thirty-two random characters |
| `hex32` | that many hexadecimal digits |
| `jwt` | a token of three parts |

Anything behind it makes another value of the same form: `${fake.openai.b}`, `${fake.hex32.2}`.
";

fn section(heading: &str, note: &str, words: Words<'_>, out: &mut String) {
    let _ = write!(out, "\n## {heading}\n\n");
    if !note.is_empty() {
        let _ = write!(out, "{note}\n\n");
    }
    *out += "| key | what |\n|---|---|\n";
    for (word, doc) in words {
        let _ = writeln!(out, "| `{word}` | {} |", cell(doc));
    }
}
