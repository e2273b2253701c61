//! `envguard policy schema`: what editors complete and underline by.

use std::io::{self, Write};

use crate::cli::Failure;
use crate::cli::args::PolicySchema;
use crate::policy::builtin;
use crate::{config, policy};

pub fn run(schema: &PolicySchema) -> Result<u8, Failure> {
    let schema = if schema.config {
        config::json_schema::schema(&builtin::specs().0)
    } else {
        policy::json_schema::schema()
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut out, &schema).map_err(io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(0)
}
