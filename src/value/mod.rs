//! What a single value or name means: the environment it speaks of, its kind, its strength, the URL, database or image
//! in it, the vendor it belongs to. Pure functions over text; knows no file.

pub mod base64;
pub mod binding;
pub mod command;
pub mod compose_run;
pub mod database;
pub mod delivery;
pub mod engine;
pub mod fallback;
pub mod form;
pub mod host;
pub mod image;
pub mod kind;
pub mod port;
pub mod secretish;
pub mod strength;
pub mod url;
pub mod vendor;
pub mod volume;
pub mod wipe;
pub mod wordlist;
pub mod words;

pub use host::HostClass;
pub use vendor::Vendors;
pub use words::Words;

#[cfg(test)]
mod tests;

use crate::model::Environments;

/// Everything a run knows about words: the environment model, the vendor catalogue, the placeholders.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    pub environments: Environments,
    pub words: Words,
    pub vendors: Vendors,
    /// Values that stand for a secret and are none, beside those everybody knows.
    pub placeholders: Vec<String>,
}

impl Lexicon {
    pub fn new(environments: Environments) -> Self {
        let words = Words::new(&environments);
        Self {
            environments,
            words,
            vendors: Vendors::default(),
            placeholders: Vec::new(),
        }
    }

    fn is_placeholder(&self, value: &str) -> bool {
        let mut placeholders = self.placeholders.iter();
        placeholders.any(|one| one.eq_ignore_ascii_case(value.trim()))
    }
}
