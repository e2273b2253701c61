//! `envguard init`: the first five minutes. It says what it understood, and offers a configuration, a baseline, a hook and a
//! workflow. What is there already is never changed.

mod texts;

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::args::{BaselineArgs, SettingsArgs, SourceArgs};
use super::begin_args::{GitHook, Init};
use super::look::Look;
use super::{Failure, baseline, install, request};
use crate::pipeline::Change;

/// Something that can be written.
struct Offer<'a> {
    what: String,
    why: String,
    write: Box<dyn Fn() -> Result<String, Failure> + 'a>,
}

pub fn run(init: &Init) -> Result<u8, Failure> {
    let source = SourceArgs {
        paths: vec![init.dir.clone()],
        ..SourceArgs::here()
    };
    let look = Look::at(&request(&source, &SettingsArgs::default())?, &init.dir)?;
    let mut out = io::stdout().lock();
    look.print(&mut out)?;
    writeln!(out)?;
    let offers = offers(&look);
    if offers.is_empty() {
        writeln!(
            out,
            "Everything is there already. `envguard doctor` says whether it works."
        )?;
        return Ok(0);
    }
    go(init, &offers, &mut out)
}

fn go(init: &Init, offers: &[Offer<'_>], out: &mut dyn Write) -> Result<u8, Failure> {
    let asks = io::stdin().is_terminal() && io::stdout().is_terminal();
    for offer in offers {
        if init.dry_run {
            writeln!(out, "Would write {}: {}", offer.what, offer.why)?;
        } else if init.yes || asks && agreed(offer, out)? {
            match (offer.write)() {
                Ok(done) => writeln!(out, "{done}")?,
                // One that cannot be written says why, and the others still are.
                Err(Failure::Told(message)) => writeln!(out, "{message}")?,
                Err(pipe @ Failure::Pipe) => return Err(pipe),
            }
        }
    }
    if !init.dry_run && !init.yes && !asks {
        return Err(Failure::Told(
            "error: nothing was written, since there is nobody to ask; \
             add --yes to write it, or --dry-run to see what that would be"
                .to_owned(),
        ));
    }
    if !init.dry_run {
        writeln!(
            out,
            "\nNext: `envguard check`, and `envguard explain ID` for what it finds."
        )?;
    }
    Ok(0)
}

fn agreed(offer: &Offer<'_>, out: &mut dyn Write) -> io::Result<bool> {
    write!(out, "Write {}: {}? [Y/n] ", offer.what, offer.why)?;
    out.flush()?;
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer)?;
    Ok(read > 0 && matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

/// What is not there yet, in the order in which it has to be written: the configuration decides about the baseline.
fn offers(look: &Look) -> Vec<Offer<'_>> {
    let root = look.root.as_path();
    let mut offers = Vec::new();
    if look.config.is_none() {
        offers.push(Offer {
            what: ".envguard.yml".to_owned(),
            why: "what is special here; only comments so far, since the defaults fit".to_owned(),
            write: Box::new(move || file(root, ".envguard.yml", &texts::configuration(look))),
        });
    }
    if look.findings() > 0 && look.known == 0 {
        offers.push(Offer {
            what: ".envguard-baseline.jsonl".to_owned(),
            why: "accept what is found today, so that only what is new fails".to_owned(),
            write: Box::new(move || {
                let args = BaselineArgs {
                    path: root.to_owned(),
                    settings: SettingsArgs::default(),
                };
                baseline::apply(&args, Change::Write)
            }),
        });
    }
    if install::find(GitHook::PreCommit, Some(root)).is_ok_and(|hook| !hook.calls) {
        offers.push(Offer {
            what: "a pre-commit hook".to_owned(),
            why: "check what each commit brings in".to_owned(),
            write: Box::new(move || install::write(GitHook::PreCommit, Some(root))),
        });
    }
    if root.join(".github").is_dir() && !root.join(texts::WORKFLOW).exists() {
        offers.push(Offer {
            what: texts::WORKFLOW.to_owned(),
            why: "check what each pull request brings in".to_owned(),
            write: Box::new(move || file(root, texts::WORKFLOW, &texts::workflow())),
        });
    }
    offers
}

/// Writes a file that is not there.
fn file(root: &Path, name: &str, text: &str) -> Result<String, Failure> {
    let path = root.join(name);
    let written = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| OpenOptions::new().write(true).create_new(true).open(&path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => Ok(format!("Wrote {name}.")),
        Err(error) => Err(Failure::Told(format!(
            "error: cannot write `{name}`: {error}"
        ))),
    }
}
