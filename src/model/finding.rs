//! What a policy has to say about facts, before anybody decides whether it still matters.

use std::sync::Arc;

use super::{EnvSet, File, Severity, Span, Str};

/// A labelled range in one file.
#[derive(Clone, Debug)]
pub struct Place {
    pub file: Arc<File>,
    pub span: Span,
    pub label: String,
}

/// A change that would mend a finding: data for `fix` and for editors, never applied by `check`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub path: Str,
    /// `None` appends to the file, creating it where needed.
    pub span: Option<Span>,
    pub text: String,
}

/// One step of the chain that carried a value into an environment.
#[derive(Clone, Debug)]
pub struct Via {
    pub file: Arc<File>,
    pub span: Span,
    /// For people: "docker-compose.prod.yml merges it and does not override it".
    pub text: Str,
}

#[derive(Clone, Debug)]
pub struct Finding {
    pub policy: Str,
    /// The matrix row, where the policy is a matrix.
    pub row: Option<Str>,
    pub severity: Severity,
    pub message: String,
    pub why: Str,
    pub fix: Option<Str>,
    pub edits: Vec<Edit>,
    /// Kind and natural keys of the facts involved: what the finding is about, without line or value.
    pub subject: Vec<Str>,
    /// What kind of value it is about (`secret`, `default_value` …): a real key in place of a placeholder is a new finding.
    pub value_kind: Option<&'static str>,
    pub envs: EnvSet,
    pub primary: Place,
    pub related: Vec<Place>,
    pub via: Vec<Via>,
    /// Indices of the facts involved, primary first, into the facts that were judged.
    pub facts: Vec<usize>,
}
