//! Something in a file that could not be understood: it stands beside the facts and never replaces them.

use super::Span;

/// A located problem. The message never quotes a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A stable word such as `yaml-syntax` or `port-syntax`.
    pub code: &'static str,
    pub span: Span,
    pub message: String,
}

impl Problem {
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            span,
            message: message.into(),
        }
    }
}
