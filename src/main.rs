//! The command: maps what the library answers to output and an exit code.

fn main() {}
