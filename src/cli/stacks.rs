//! `envguard facts --stacks`: which Compose files run together, in which environment, and why that is believed.

use std::io::{self, Write};

use crate::model::Environments;
use crate::resolve::effective::Evaluated;
use crate::resolve::layers::Layers;
use crate::resolve::stacks::Stack;

/// Every reason once, with how often it was found.
fn counted(stack: &Stack) -> Vec<(&str, usize)> {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for evidence in &stack.evidence {
        match counted.last_mut() {
            Some((text, times)) if *text == evidence.text.as_ref() => *times += 1,
            _ => counted.push((&evidence.text, 1)),
        }
    }
    counted
}

/// One block for each stack; paths and reasons only, so nothing in it can be a secret.
pub fn print(
    stacks: &[Evaluated],
    layers: &[Layers],
    environments: &Environments,
    out: &mut dyn Write,
) -> io::Result<()> {
    if stacks.is_empty() && layers.is_empty() {
        let nothing = "No stacks: no Compose file here, and no settings over others.";
        return writeln!(out, "{nothing}");
    }
    for one in stacks {
        stack(one, environments, out)?;
    }
    for one in layers {
        let files = one.files.join(" + ");
        writeln!(out, "{}: {files}", environments.name(one.env))?;
        writeln!(out, "  files: {}", one.evidence)?;
    }
    writeln!(out, "\nCorrect one with `stacks:` in .envguard.yml.")
}

fn stack(one: &Evaluated, environments: &Environments, out: &mut dyn Write) -> io::Result<()> {
    let stack = &one.stack;
    writeln!(
        out,
        "{}: {}",
        environments.name(stack.claim.env),
        stack.files.join(" + ")
    )?;
    writeln!(out, "  environment: {}", stack.claim.reason)?;
    for (service, env) in &one.services {
        writeln!(
            out,
            "  service {service}: {} by its name",
            environments.name(*env)
        )?;
    }
    for (reason, times) in counted(stack) {
        let more = if times > 1 {
            format!(", and {} more there", times - 1)
        } else {
            String::new()
        };
        writeln!(out, "  files: {reason}{more}")?;
    }
    if !stack.env_files.is_empty() {
        writeln!(out, "  env files: {}", stack.env_files.join(", "))?;
    }
    writeln!(out, "  project: {}", one.project.name.name)?;
    if !one.project.unset.is_empty() {
        writeln!(
            out,
            "  not set in the repository: {}",
            one.project.unset.join(", ")
        )?;
    }
    Ok(())
}
