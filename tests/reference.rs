//! The reference pages are made from what the program itself reads: the fact schema, the policies with their examples, the
//! keys of the configuration, the table of codes. `BLESS=1 cargo test --test reference` writes them; the test fails while
//! one of them is stale.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

#[path = "reference/codes.rs"]
mod codes;
#[path = "reference/coverage.rs"]
mod coverage;
#[path = "reference/facts.rs"]
mod facts;
#[path = "reference/language.rs"]
mod language;
#[path = "reference/policies.rs"]
mod policies;
#[path = "reference/settings.rs"]
mod settings;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use envguard::policy::Catalogue;

/// Pages by path below `docs/reference/`.
type Pages = BTreeMap<String, String>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_reference_pages_are_current() {
    let catalogue = Catalogue::shipped();
    assert!(catalogue.found.is_empty());
    let mut pages = Pages::new();
    pages.insert("facts.md".into(), facts::page());
    pages.insert("policy-language.md".into(), language::page());
    pages.insert("configuration.md".into(), settings::page());
    pages.insert("errors.md".into(), codes::page());
    pages.insert("coverage.md".into(), coverage::page(&catalogue.specs));
    pages.insert("README.md".into(), INDEX.to_owned());
    policies::pages(&catalogue.specs, &mut pages);
    let folder = root().join("docs/reference");
    let bless = std::env::var_os("BLESS").is_some();
    let mut stale = Vec::new();
    for path in written(&folder) {
        let name = path.strip_prefix(&folder).unwrap();
        let name = name.to_str().unwrap().replace('\\', "/");
        if !pages.contains_key(&name) {
            stale.push(format!("{name} belongs to nothing any more"));
            if bless {
                std::fs::remove_file(path).unwrap();
            }
        }
    }
    for (name, text) in &pages {
        let path = folder.join(name);
        if std::fs::read_to_string(&path).unwrap_or_default() == *text {
            continue;
        }
        stale.push(name.clone());
        if bless {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    assert!(
        bless || stale.is_empty(),
        "stale, run it again with BLESS=1: {stale:#?}"
    );
}

/// Every page that is there.
fn written(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(written(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// What stands at the head of a page.
const GENERATED: &str = "<!-- Generated: BLESS=1 cargo test --test reference -->\n";

const INDEX: &str = "<!-- Generated: BLESS=1 cargo test --test reference -->
# Reference

These pages are made from what the program reads; a test keeps them current.

| page | what |
|---|---|
| [Policies](policies/README.md) | every policy that ships: why, fix, examples with their findings, how to switch it off or allow one case |
| [Facts](facts.md) | what policies can ask about: every kind of fact with its fields |
| [Policy language](policy-language.md) | every key and every test |
| [Configuration](configuration.md) | every key of `.envguard.yml` |
| [Error codes](errors.md) | what the messages about policies and the configuration mean |
| [Coverage](coverage.md) | what teams asked for, and the policies that serve it |

How to write a policy of your own: [Writing policies](../writing-policies.md).
";

/// Text for a cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

/// A fence that no line of the text closes.
fn fenced(language: &str, text: &str) -> String {
    let fence = if text.contains("```") { "````" } else { "```" };
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    format!("{fence}{language}\n{}\n{fence}\n", lines.join("\n"))
}
