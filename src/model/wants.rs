//! What policies ask of files that are read for nobody else: single values of any configuration file, lines of text,
//! single words of source code. `policy` answers, `format` asks, and neither knows the other.

use super::schema::{Field, Kind};

/// The demands of the policies of a run.
pub trait Wants: Sync {
    /// Some policy reads facts of this kind in a file of this path.
    fn reads(&self, kind: Kind, path: &str) -> bool;

    /// Every text that policies compare a field with; `None` where one of them asks for more than a list of words.
    fn words(&self, field: Field) -> Option<Vec<&str>>;
}

/// Nobody asks for anything.
pub struct Nobody;

impl Wants for Nobody {
    fn reads(&self, _: Kind, _: &str) -> bool {
        false
    }

    fn words(&self, _: Field) -> Option<Vec<&str>> {
        Some(Vec::new())
    }
}
