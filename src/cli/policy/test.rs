//! `envguard policy test`: runs the examples inside of policies. A policy that nobody has seen at work is not trusted, so
//! a good example has to show it something, and a condition that no example needs is told.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use super::junit;
use crate::cli::args::PolicyTest;
use crate::cli::{Failure, Screen, here, output, told};
use crate::pipeline::{self, Book, Grounds, examples};
use crate::policy::diagnostic::{Diagnostic, Level, Source};
use crate::policy::example::Tested;
use crate::policy::load::LARGEST;
use crate::policy::param::Piece;
use crate::policy::{Catalogue, Settings, Spec};
use crate::report::Style;
use crate::report::page::{Paint, counted, painted};

pub fn run(test: &PolicyTest, screen: &Screen) -> Result<u8, Failure> {
    let ran = tested(test, screen);
    // A report of an earlier run would say that all is well: it is replaced, or gone.
    if let (Err(Failure::Told(why)), Some(path)) = (&ran, &test.junit)
        && output::replace(path, junit::broken(why).as_bytes()).is_err()
    {
        let _ = std::fs::remove_file(path);
    }
    ran
}

fn tested(test: &PolicyTest, screen: &Screen) -> Result<u8, Failure> {
    let started = Instant::now();
    let grounds = pipeline::ground(&here()?)?;
    let (catalogue, mut chosen) = gathered(&test.paths, &grounds)?;
    if !test.policy.is_empty() {
        only(&test.policy, &catalogue, &grounds, &mut chosen)?;
    }
    let words = examples::words(&grounds.config);
    // The policies have to load before their examples mean anything.
    let environments = &grounds.config.environments;
    catalogue
        .compile(environments, &Settings::new())
        .map_err(|found| Failure::Told(told(&found, "nothing was tested")))?;
    let tested: Vec<(&Spec, Tested)> = chosen
        .par_iter()
        .filter_map(|at| catalogue.specs.get(*at))
        .map(|spec| (spec, tried(spec, &catalogue, words.as_ref())))
        .collect();
    if let Some(path) = &test.junit {
        output::replace(path, junit::xml(&tested).as_bytes()).map_err(|error| {
            Failure::Told(format!("error: cannot write {}: {error}", path.display()))
        })?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let strangers = unasked(&tested, &grounds);
    let failed = human(&tested, test.quiet, &screen.style(), &mut out)?;
    if !is_silent(&tested, test.quiet) {
        let dot = if screen.unicode { "·" } else { "|" };
        writeln!(out, " {dot} {} ms", started.elapsed().as_millis())?;
    }
    for path in strangers {
        writeln!(
            out,
            "{path} is not in `policies: {{files: [..]}}` of .envguard.yml, so envguard check does not ask it"
        )?;
    }
    out.flush()?;
    Ok(u8::from(failed))
}

/// The words of the repository's own configuration hold in the examples of its own policies.
fn tried(spec: &Spec, catalogue: &Catalogue, words: Option<&Piece>) -> Tested {
    let words = words.filter(|_| !spec.source.built_in);
    examples::test(spec, &catalogue.specs, words)
}

/// Files of tested policies inside of the folder that no pattern of the configuration names.
fn unasked(tested: &[(&Spec, Tested)], grounds: &Grounds) -> Vec<String> {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).ok();
    // Only there are the paths of both the same.
    if here.is_none() || here != grounds.opened.root {
        return Vec::new();
    }
    let config = &grounds.config;
    let mut paths: Vec<String> = tested
        .iter()
        .filter(|(spec, _)| !spec.source.built_in)
        .map(|(spec, _)| spec.source.name.trim_start_matches("./").to_owned())
        .filter(|path| Path::new(path).is_relative() && !path.starts_with(".."))
        .filter(|path| !pipeline::is_listed(config, path))
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// All policies that are known, and which of them are tested: those of the paths, or else all.
fn gathered(paths: &[PathBuf], grounds: &Grounds) -> Result<(Catalogue, Vec<usize>), Failure> {
    if paths.is_empty() {
        let book = Book::open(&grounds.config, grounds.settings_tree())?;
        let all = (0..book.catalogue.specs.len()).collect();
        return Ok((book.catalogue, all));
    }
    let mut catalogue = Catalogue::shipped();
    let shipped = catalogue.specs.len();
    for file in files(paths)? {
        catalogue.add(&read(&file)?);
    }
    // A file that is one of those that ship stands in for it.
    let own: Vec<String> = catalogue.specs[shipped..]
        .iter()
        .map(|spec| spec.id.text.to_string())
        .collect();
    let replaced = |spec: &Spec| spec.source.built_in && own.contains(&spec.id.text.to_string());
    catalogue.specs.retain(|spec| !replaced(spec));
    let first = catalogue.specs.len() - own.len();
    Ok(((catalogue), (first..first + own.len()).collect()))
}

fn only(
    ids: &[String],
    catalogue: &Catalogue,
    grounds: &Grounds,
    chosen: &mut Vec<usize>,
) -> Result<(), Failure> {
    for id in ids {
        if catalogue.get(id).is_none() {
            return Err(Failure::no_policy(
                id,
                catalogue.ids(),
                &grounds.opened.snapshot,
            ));
        }
    }
    let is_asked = |at: &usize| {
        let spec = catalogue.specs.get(*at);
        spec.is_some_and(|spec| ids.iter().any(|id| **id == *spec.id.text))
    };
    chosen.retain(is_asked);
    Ok(())
}

/// The policy files that the paths name; folders with everything below them.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            below(path, &mut files)?;
            if files.len() == before {
                let shown = path.display();
                return Err(Failure::Told(format!("error: no .yml file below {shown}")));
            }
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error: io::Error| {
        Failure::Told(format!("error: cannot read {}: {error}", folder.display()))
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let kind = entry.file_type().map_err(failed)?;
        // A link could lead round in a circle.
        if kind.is_dir() {
            below(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|ext| ext == "yml" || ext == "yaml")
        {
            files.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Arc<Source>, Failure> {
    let shown = path.display();
    let failed = |error: io::Error| Failure::Told(format!("error: cannot read {shown}: {error}"));
    let size = std::fs::metadata(path).map_err(failed)?.len();
    // Refused by its size before it is read; the loader says so.
    let text = if size > LARGEST as u64 {
        " ".repeat(LARGEST + 1)
    } else {
        std::fs::read_to_string(path).map_err(failed)?
    };
    Ok(Source::new(&shown.to_string(), &text))
}

/// Nothing is wrong, and nothing else was asked for.
fn is_silent(tested: &[(&Spec, Tested)], quiet: bool) -> bool {
    quiet && tested.iter().all(|(_, tested)| tested.found.is_empty())
}

/// One line for each policy and what is wrong with it; true when an example failed.
fn human(
    tested: &[(&Spec, Tested)],
    quiet: bool,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<bool> {
    let mut counts = Counts::default();
    for (spec, tested) in tested {
        let failed = tested.found.iter().any(is_error);
        counts.add(spec, tested, failed);
        if !quiet || !tested.found.is_empty() {
            head(spec, tested, failed, style, out)?;
        }
        for diagnostic in &tested.found {
            writeln!(out, "{}", diagnostic.render())?;
        }
    }
    let paint = if counts.failed > 0 {
        Paint::Red
    } else {
        Paint::Green
    };
    if !is_silent(tested, quiet) {
        write!(out, "{}", painted(&counts.to_string(), paint, style))?;
    }
    Ok(counts.failed > 0)
}

fn head(
    spec: &Spec,
    tested: &Tested,
    failed: bool,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let verdict = match (failed, tested.found.is_empty()) {
        (true, _) => painted("FAIL", Paint::Red, style),
        (false, false) => painted("warn", Paint::Yellow, style),
        (false, true) => painted("ok  ", Paint::Green, style),
    };
    let bad = spec.examples.iter().filter(|example| example.bad).count();
    let good = spec.examples.len() - bad;
    writeln!(out, "{verdict} {} ({bad} bad, {good} good)", spec.id.text)
}

#[derive(Default)]
struct Counts {
    policies: usize,
    examples: usize,
    failed: usize,
    warnings: usize,
}

impl Counts {
    fn add(&mut self, spec: &Spec, tested: &Tested, failed: bool) {
        self.policies += 1;
        self.examples += spec.examples.len();
        self.failed += usize::from(failed);
        self.warnings += tested.found.iter().filter(|one| !is_error(one)).count();
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let policies = counted(self.policies, "policy", "policies");
        let examples = counted(self.examples, "example", "examples");
        write!(f, "{policies} with {examples}: {} failed", self.failed)?;
        if self.warnings > 0 {
            write!(f, ", {}", counted(self.warnings, "warning", "warnings"))?;
        }
        Ok(())
    }
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.level == Level::Error
}
