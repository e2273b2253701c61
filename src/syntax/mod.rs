//! Spanned trees of the notations that configuration is written in. Knows no environment and no policy.

#[cfg(test)]
mod draw;
pub mod node;
pub mod yaml;

pub use node::{Entry, Node, Style, Tree, Value};
