//! Formats: what one file says, as facts beside problems. A new format is one file here and one line in `ALL`.

mod bindings;
pub mod compose;
pub mod dotenv;
pub mod script;

use std::sync::Arc;

use crate::model::{Fact, File, Problem};
use crate::value::Lexicon;

/// What a path says about a format.
#[derive(Clone, Copy)]
pub enum Claim {
    No,
    /// The name alone decides.
    Yes,
    /// The name allows it, the text decides; looked at before any parser runs.
    IfText(fn(&str) -> bool),
}

/// One file to read.
pub struct Input<'a> {
    pub file: &'a Arc<File>,
    pub text: &'a str,
    pub lexicon: &'a Lexicon,
}

/// What was read.
#[derive(Default)]
pub struct Output {
    pub facts: Vec<Fact>,
    pub problems: Vec<Problem>,
}

/// A format: its name (one of `schema::FORMATS`), which paths it claims, and how it reads one.
pub struct Format {
    pub name: &'static str,
    pub doc: &'static str,
    pub claims: fn(path: &str) -> Claim,
    /// Never fails and never panics: what cannot be read is a problem, everything else still counts.
    pub parse: fn(&Input) -> Output,
}

/// Every format, first claim wins.
pub static ALL: &[&Format] = &[&dotenv::DOTENV, &compose::COMPOSE, &script::SCRIPT];

/// The formats that may read a path, in order; looked at for every path of a tree, so nothing is allocated.
pub fn claims(path: &str) -> impl Iterator<Item = (&'static Format, Claim)> {
    ALL.iter()
        .map(move |format| (*format, (format.claims)(path)))
        .filter(|(_, claim)| !matches!(claim, Claim::No))
}

/// The first format that may read a path.
pub fn claim(path: &str) -> Option<(&'static Format, Claim)> {
    claims(path).next()
}

/// The format of a file, now that its text is known.
pub fn of(path: &str, text: &str) -> Option<&'static Format> {
    claims(path)
        .find(|(_, claim)| match claim {
            Claim::No => false,
            Claim::Yes => true,
            Claim::IfText(holds) => holds(text),
        })
        .map(|(format, _)| format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_in_the_schema() {
        for format in ALL {
            assert!(
                crate::model::schema::FORMATS.contains(&format.name),
                "{}",
                format.name
            );
        }
    }
}
