//! The command: everything is in the library; this hands over the arguments and the exit code.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(envguard::cli::run())
}
