//! Spanned trees of the notations that configuration is written in. Knows no environment and no policy.

pub mod node;

pub use node::{Entry, Node, Style, Tree};
