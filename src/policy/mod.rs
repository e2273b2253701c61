//! What is allowed: policies in YAML, typed against the fact schema, and the findings they come to.
//!
//! `load` reads text into spanned specs, `compile` types them, `evaluate` runs them over facts. Every mistake in a policy
//! is a located diagnostic, and nothing is evaluated while there is one.

pub mod builtin;
pub mod check;
pub mod codes;
pub mod compile;
pub mod cond;
pub mod diagnostic;
pub mod evaluate;
pub mod example;
pub mod funnel;
pub mod json_schema;
pub mod language;
pub mod load;
pub mod message;
pub mod packed;
pub mod page;
pub mod param;
pub mod pattern;
#[allow(clippy::module_inception, reason = "the noun of the stage")]
pub mod policy;
pub mod reader;
pub mod set;
pub mod spec;
pub mod suggest;
#[cfg(test)]
mod testing;
pub mod wants;

pub use compile::{Setting, condition, unknown_policy};
pub use cond::Cond;
pub use diagnostic::{At, Diagnostic, Level, Source};
pub use evaluate::{Evaluation, Input, Stat, State, evaluate};
pub use load::load;
pub use page::Page;
pub use policy::{Assertion, Policy, Rule};
pub use set::{Catalogue, Settings, compile_all};
pub use spec::Spec;
pub use wants::Demands;
