//! Spanned trees of the notations that configuration is written in. Knows no environment and no policy.

pub mod dotenv;
mod dotenv_escape;
mod dotenv_name;
mod dotenv_raw;
mod dotenv_read;
#[cfg(test)]
mod draw;
pub mod erb;
pub mod expression;
pub mod json;
mod keys;
pub mod leaves;
#[cfg(test)]
mod mutations;
mod nest;
pub mod node;
pub mod placeholder;
pub mod properties;
pub mod shell;
pub mod shell_variables;
pub mod template;
mod template_offsets;
mod template_read;
pub mod toml;
pub mod yaml;

pub use node::{Entry, Node, Style, Tree, Value};
pub use template::Template;
pub use template_offsets::Offsets;
