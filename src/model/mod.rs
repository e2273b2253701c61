//! The nouns everything else speaks of. Imports nothing of ours.

pub mod env;
pub mod fact;
pub mod file;
pub mod finding;
pub mod harmless;
pub mod problem;
pub mod schema;
pub mod secret;
pub mod settled;
pub mod severity;
pub mod span;
pub mod tree;
pub mod wants;

pub use env::{Env, EnvSet, Environments};
pub use fact::{Fact, Layer, Val, Value};
pub use file::{Document, File, Role, base_name};
pub use finding::{Finding, Place};
pub use problem::Problem;
pub use schema::{Field, Kind, Type};
pub use secret::Secret;
pub use severity::Severity;
pub use span::{LineCol, Lines, Span};
pub use tree::Tree;
pub use wants::Wants;

/// Shared immutable text: names and paths are cloned into many facts.
pub type Str = std::sync::Arc<str>;
