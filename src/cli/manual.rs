//! Completions and man pages, made from the same declaration as `--help`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::{generate, shells};
use clap_mangen::Man;

use super::args::Cli;
use super::begin_args::Shell;
use super::{Failure, output};

pub fn completions(shell: Shell) -> Result<u8, Failure> {
    let mut command = Cli::command();
    // Into memory first: the generator does not survive a reader that goes away.
    let mut text = Vec::new();
    match shell {
        Shell::Bash => generate(shells::Bash, &mut command, "envguard", &mut text),
        Shell::Zsh => generate(shells::Zsh, &mut command, "envguard", &mut text),
        Shell::Fish => generate(shells::Fish, &mut command, "envguard", &mut text),
        Shell::Powershell => generate(shells::PowerShell, &mut command, "envguard", &mut text),
    }
    io::stdout().lock().write_all(&text)?;
    Ok(0)
}

/// `envguard.1`, and `envguard-check.1` and so on for every subcommand.
pub fn pages(folder: &Path) -> Result<u8, Failure> {
    let failed = |path: &Path, error: &io::Error| {
        Failure::Told(format!("error: cannot write `{}`: {error}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let mut command = Cli::command();
    command.build();
    let mut pages = Vec::new();
    collect(&command, "envguard", &mut pages)?;
    for (name, text) in &pages {
        let path = folder.join(format!("{name}.1"));
        output::replace(&path, text).map_err(|error| failed(&path, &error))?;
    }
    let (count, folder) = (pages.len(), folder.display());
    writeln!(io::stdout().lock(), "{count} pages in {folder}")?;
    Ok(0)
}

fn collect(command: &Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let mut text = Vec::new();
    Man::new(command.clone()).render(&mut text)?;
    pages.push((name.to_owned(), text));
    for sub in command.get_subcommands() {
        collect(sub, &format!("{name}-{}", sub.get_name()), pages)?;
    }
    Ok(())
}
