//! Where inputs start from: the texts that the project's own tests and policies are made of, so that a new format or a new
//! policy is attacked with its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use envguard::policy::Catalogue;

/// Files of small repositories.
pub type Repository = Vec<(String, String)>;

pub struct Corpus {
    /// Single files: path and text, each text once.
    pub files: Vec<(String, String)>,
    pub repositories: Vec<Repository>,
    /// Policy files.
    pub policies: Vec<String>,
}

pub fn corpus() -> Corpus {
    let mut repositories = cases();
    repositories.push(shop());
    repositories.extend(examples());
    let mut files = pictures();
    files.extend(repositories.iter().flatten().cloned());
    let mut seen = BTreeMap::new();
    for (path, text) in files {
        seen.entry((extension(&path), text)).or_insert(path);
    }
    Corpus {
        files: seen
            .into_iter()
            .map(|((_, text), path)| (path, text))
            .collect(),
        repositories,
        policies: texts_below(&root().join("policies")),
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit('.').next().unwrap_or(name).to_owned()
}

/// `tests/formats`: texts with their spans drawn.
fn pictures() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for text in texts_below(&root().join("tests/formats")) {
        for case in format!("\n{text}").split("\n=== ").skip(1) {
            let (head, body) = case.split_once('\n').unwrap_or((case, ""));
            let path = head.rsplit_once(" @ ").map_or("a", |(_, path)| path);
            let path = path.split_once(':').map_or(path, |(_, path)| path);
            let lines: Vec<&str> = body
                .lines()
                .filter_map(|line| line.strip_prefix('|'))
                .collect();
            found.push((path.to_owned(), lines.join("\n") + "\n"));
        }
    }
    found
}

/// `tests/cases`: the files of each.
fn cases() -> Vec<Repository> {
    let cases = texts_below(&root().join("tests/cases"));
    cases.iter().map(|text| repository(text)).collect()
}

/// Reads `=== file PATH` and what follows it.
pub fn repository(text: &str) -> Repository {
    let mut files: Repository = Vec::new();
    let mut open = false;
    for line in text.split_inclusive('\n') {
        if let Some(header) = line.strip_prefix("=== ") {
            let (verb, path) = header.trim_end().split_once(' ').unwrap_or((header, ""));
            open = matches!(verb, "file" | "staged") && !path.is_empty();
            if open {
                files.push((path.to_owned(), String::new()));
            }
        } else if let (true, Some((_, text))) = (open, files.last_mut()) {
            text.push_str(line);
        }
    }
    files
}

/// The other way round.
pub fn written(repository: &Repository) -> String {
    let one = |(path, text): &(String, String)| {
        let end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        format!("=== file {path}\n{text}{end}")
    };
    repository.iter().map(one).collect()
}

fn shop() -> Repository {
    let root = root().join("examples/leaky-shop");
    let relative = |path: &Path| path.strip_prefix(&root).unwrap().display().to_string();
    let mut files: Repository = paths_below(&root)
        .iter()
        .filter_map(|path| Some((relative(path), fs::read_to_string(path).ok()?)))
        .collect();
    files.sort();
    files
}

/// The examples of all policies; what they make up is written out here as it stands.
fn examples() -> Vec<Repository> {
    let catalogue = Catalogue::shipped();
    let examples = catalogue.specs.iter().flat_map(|spec| &spec.examples);
    let files = |(path, text): &(envguard::model::Str, envguard::model::Str)| {
        (path.to_string(), text.to_string())
    };
    examples
        .map(|example| example.files.iter().map(files).collect())
        .collect()
}

fn texts_below(folder: &Path) -> Vec<String> {
    let paths = paths_below(folder);
    let read = |path: &PathBuf| fs::read_to_string(path).ok();
    paths.iter().filter_map(read).collect()
}

fn paths_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
