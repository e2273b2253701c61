//! `envguard explain ID`: the page of a policy.

use std::io::{self, Write};

use super::Failure;
use super::args::Explain;
use crate::policy::builtin;
use crate::policy::suggest::did_you_mean;

pub fn run(explain: &Explain) -> Result<u8, Failure> {
    let (specs, _) = builtin::specs();
    let Some(spec) = specs.iter().find(|spec| *spec.id.text == *explain.id) else {
        let meant = did_you_mean(&explain.id, specs.iter().map(|spec| spec.id.text.as_ref()));
        let meant = meant
            .map(|id| format!("; did you mean `{id}`?"))
            .unwrap_or_default();
        return Err(Failure::Told(format!(
            "error: there is no policy `{}`{meant}",
            explain.id
        )));
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{}: {}\n\n{}", spec.id.text, spec.title, spec.why)?;
    Ok(0)
}
