//! What a single value or name means: the environment it speaks of, its kind, its strength, the URL, database or image
//! in it, the vendor it belongs to. Pure functions over text; knows no file.

pub mod compose_run;

use crate::model::Environments;

/// Everything a run knows about words: the environment model, the vendor catalogue, the placeholders.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    pub environments: Environments,
}
