//! Every example of every policy that ships, run through the whole pipeline: exact places, good ones that select
//! something, and no condition that no example needs.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use envguard::pipeline::examples::test;
use envguard::policy::{Catalogue, Diagnostic, Level};

/// What the examples of all policies say, or those of `POLICY=ID`.
fn found() -> Vec<(String, Vec<Diagnostic>)> {
    let catalogue = Catalogue::shipped();
    let only = std::env::var("POLICY").ok();
    catalogue
        .specs
        .iter()
        .filter(|spec| only.as_deref().is_none_or(|only| *spec.id.text == *only))
        .map(|spec| {
            let tested = test(spec, &catalogue.specs, None);
            (spec.id.text.to_string(), tested.found)
        })
        .collect()
}

#[test]
fn every_example_of_every_policy() {
    let mut told = String::new();
    for (_, found) in found() {
        let errors: Vec<&Diagnostic> = found
            .iter()
            .filter(|one| one.level == Level::Error)
            .collect();
        for error in errors {
            told += &error.render();
            told.push('\n');
        }
    }
    assert!(told.is_empty(), "\n{told}\nPOLICY=ID runs one\n");
}

#[test]
fn no_condition_that_no_example_needs() {
    let found = found().into_iter().flat_map(|(_, found)| found);
    let told: Vec<String> = found
        .filter(|one| one.level == Level::Warning)
        .map(|one| one.render())
        .collect();
    assert!(
        told.is_empty(),
        "\n{}\n{} conditions\n",
        told.join("\n"),
        told.len()
    );
}
