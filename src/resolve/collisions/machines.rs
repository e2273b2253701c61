//! On which machine a claim is made, as far as somebody has said so.
//!
//! The configuration declares machines, and a file that is named for CI runs on the runner, which is made for one job and
//! thrown away. What is on two machines cannot meet; what is on one does.

use std::collections::{BTreeMap, BTreeSet};

use super::Claimed;
use crate::model::{Environments, base_name};
use crate::resolve::stacks::Stack;
use crate::value::words::tokens;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Machine<'a> {
    /// Nobody has said anything: it may be any.
    Unsaid,
    Runner,
    Named(&'a str),
}

/// The name of one of its files says that a stack is for CI: `docker-compose.ci.yml`.
pub(super) fn is_for_ci(stack: &Stack) -> bool {
    let says = |file: &str| tokens(base_name(file)).any(|token| token.is_one_of(&["ci"]));
    stack.files.iter().any(|file| says(file))
}

/// The claims of each machine. Environments of whose machine nothing is said stay together: they may be on one.
pub(super) fn apart<'a>(
    claims: Vec<Claimed<'a>>,
    environments: &Environments,
) -> Vec<Vec<Claimed<'a>>> {
    let declared = |claim: &Claimed| environments.declared_machine(claim.env);
    let named: BTreeSet<&str> = claims.iter().filter_map(declared).collect();
    let mut machines: BTreeMap<Machine, Vec<Claimed<'a>>> = BTreeMap::new();
    for claim in claims {
        let usual = environments.machine(claim.env);
        let machine = match declared(&claim) {
            Some(machine) => Machine::Named(machine),
            None if claim.runner => Machine::Runner,
            None if named.contains(usual) => Machine::Named(usual),
            None => Machine::Unsaid,
        };
        machines.entry(machine).or_default().push(claim);
    }
    machines.into_values().collect()
}

/// How sure two claims meet, by what is declared of their machine: certain where both environments name it, likely where
/// one of them names the machine that is usual for the other. A variable's fallback can be set apart.
pub(super) fn met(a: &Claimed, b: &Claimed, environments: &Environments) -> Option<&'static str> {
    let one_machine = environments.machine(a.env) == environments.machine(b.env);
    let named = a.env.is_named() && b.env.is_named() && a.env != b.env;
    let declared = [a, b].map(|claim| environments.declared_machine(claim.env).is_some());
    if !named || !one_machine {
        return None;
    }
    match (declared, a.fallback || b.fallback) {
        ([true, true], false) => Some("certain"),
        ([true, true], true) | ([true, false] | [false, true], false) => Some("likely"),
        _ => None,
    }
}
