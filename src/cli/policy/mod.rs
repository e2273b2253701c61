//! `envguard policy`: list, test and write policies, and print the schemas that help to write them.

mod junit;
mod list;
mod new;
mod schema;
mod test;

use super::args::PolicyCommand;
use super::{Failure, Screen};

pub fn run(command: &PolicyCommand, screen: &Screen) -> Result<u8, Failure> {
    match command {
        PolicyCommand::List(list) => list::run(list, screen),
        PolicyCommand::Test(test) => test::run(test, screen),
        PolicyCommand::New(new) => new::run(new),
        PolicyCommand::Schema(schema) => schema::run(schema),
    }
}
