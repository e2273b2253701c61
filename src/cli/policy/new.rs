//! `envguard policy new`: a policy that works, to be changed into the one that is wanted.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::cli::args::PolicyNew;
use crate::cli::{Failure, here};
use crate::pipeline::{self, Book, Grounds};
use crate::policy::diagnostic::Source;
use crate::policy::{Catalogue, json_schema, load};

const SCAFFOLD: &str = include_str!("scaffold.yml");
/// Stands beside the policies, so that editors complete them by what this version reads.
const SCHEMA: &str = "policy.schema.json";

pub fn run(new: &PolicyNew) -> Result<u8, Failure> {
    let (known, listed) = known(&new.id)?;
    if let Some(written) = known {
        let id = &new.id;
        return Err(Failure::Told(format!(
            "error: there is a policy `{id}` already: {written}"
        )));
    }
    let text = SCAFFOLD.replace("@ID@", &new.id);
    let (_, mistakes) = load(&Source::new("scaffold.yml", &text));
    if let Some(mistake) = mistakes.first() {
        return Err(Failure::Told(format!(
            "error: {}; {}",
            mistake.title, mistake.label
        )));
    }
    let path = &target(new);
    let folder = path.parent().unwrap_or(Path::new(""));
    if !folder.as_os_str().is_empty() {
        fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    }
    create(path, &text)?;
    let schema = folder.join(SCHEMA);
    let mut out = io::stdout().lock();
    writeln!(out, "wrote {}", path.display())?;
    if !schema.exists() {
        let text = serde_json::to_string(&json_schema::schema()).map_err(io::Error::from)?;
        create(&schema, &(text + "\n"))?;
        writeln!(
            out,
            "wrote {}, by which editors complete it",
            schema.display()
        )?;
    }
    next_steps(path, listed, &mut out)?;
    Ok(0)
}

/// The file that is written: one of its name in a folder, where a folder is named.
fn target(new: &PolicyNew) -> PathBuf {
    let name = format!("{}.yml", new.id);
    match &new.path {
        None => Path::new("policy").join(name),
        Some(path) if path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/') => {
            path.join(name)
        }
        Some(path) => path.clone(),
    }
}

/// Where a policy of that name is, and whether the configuration lists any policies of its own.
fn known(id: &str) -> Result<(Option<String>, bool), Failure> {
    let Grounds { opened, config, .. } = pipeline::ground(&here()?)?;
    // Mistakes in other policies are no reason not to write this one.
    let catalogue = Book::open(&config, &opened.snapshot)
        .map_or_else(|_| Catalogue::shipped(), |book| book.catalogue);
    let written = catalogue.get(id).map(|spec| {
        if spec.source.built_in {
            "it ships with envguard".to_owned()
        } else {
            spec.source.name.to_string()
        }
    });
    Ok((written, !config.policies.files.is_empty()))
}

fn next_steps(path: &Path, listed: bool, out: &mut dyn Write) -> io::Result<()> {
    let shown = path.display();
    writeln!(out, "\nNow:")?;
    writeln!(
        out,
        "  envguard facts                  what your files say, as `for` and `where`"
    )?;
    let schema = path.with_file_name(SCHEMA);
    writeln!(
        out,
        "  envguard policy test {shown}\n  envguard policy schema > {}   after an update of envguard",
        schema.display()
    )?;
    if !listed {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let glob = folder.map_or("*.yml".to_owned(), |folder| {
            format!("{}/*.yml", folder.display())
        });
        writeln!(out, "and in .envguard.yml, so that every run asks it:")?;
        writeln!(out, "  policies:\n    files: [{glob}]")?;
    }
    Ok(())
}

/// Writes a file that is not there yet.
fn create(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Failure::Told(format!(
                "error: {} is there already; it is left as it is",
                path.display()
            )),
            _ => cannot_write(path, &error),
        })
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::Told(format!("error: cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::examples;
    use crate::policy::Level;

    #[test]
    fn the_scaffold_passes_as_it_stands_and_says_that_it_is_one() {
        let text = SCAFFOLD.replace("@ID@", "our-rule");
        let (specs, mistakes) = load(&Source::new("our-rule.yml", &text));
        assert!(mistakes.is_empty());
        let tested = examples::test(&specs[0], &specs, None);
        let told: Vec<&str> = tested.found.iter().map(|one| one.code).collect();
        assert_eq!(told, ["P018"]);
        assert!(tested.found.iter().all(|one| one.level == Level::Warning));
    }
}
