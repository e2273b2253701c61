//! Formats: what one file says, as facts beside problems. A new format is one file here and one line in `ALL`.

mod bindings;
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
pub static ALL: &[&Format] = &[&dotenv::DOTENV, &script::SCRIPT];
