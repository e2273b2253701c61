//! Which files take part, which variables they see, and what the project is called, in the order of the command line.

use super::env_file;
use super::load;
use super::origin::{Origin, Text};
use super::paths;
use super::project::{Invocation, IssueKind, NameSource, ProjectName};
use super::run::{self, Run};
use super::variables::Variables;
use crate::model::Str;

/// Everything that is known before a file is merged.
pub(super) struct Setup {
    pub files: Vec<(String, Origin)>,
    /// The env files that were read.
    pub env_files: Vec<Str>,
    /// The project folder.
    pub directory: String,
    pub profiles: Vec<String>,
    pub variables: Variables,
    pub name: ProjectName,
}

const NAMES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];
const OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

pub(super) fn setup(run: &mut Run, invocation: &Invocation) -> Setup {
    let mut variables = Variables::process(&invocation.env);
    let cwd = paths::clean(&invocation.cwd);
    let mut files: Vec<String> = invocation
        .files
        .iter()
        .map(|file| paths::clean(file))
        .collect();
    // `.env` may name the files, and the files decide where `.env` is: it is looked for before and after.
    let before = folder(invocation, &files, &cwd);
    let mut env_files = read_env_files(run, invocation, &before, &mut variables);
    if files.is_empty() {
        files = from_variable(run, &cwd, &variables);
    }
    if files.is_empty() {
        files = defaults(run, &folder(invocation, &files, &cwd));
    }
    let directory = folder(invocation, &files, &cwd);
    if directory != before && invocation.env_files.is_empty() {
        let more = read_env_files(run, invocation, &directory, &mut variables);
        env_files.extend(more);
    }
    let files: Vec<(String, Origin)> = files.iter().map(|file| load::file(file)).collect();
    if files.is_empty() {
        let message = "no compose file in this folder or above it";
        run.issue(IssueKind::MissingFile, &Origin::default(), message);
    }
    let name = name(run, invocation, &files, &directory, &variables);
    variables.set("COMPOSE_PROJECT_NAME", &name.name);
    Setup {
        files,
        env_files,
        profiles: profiles(invocation, &variables),
        directory,
        variables,
        name,
    }
}

fn folder(invocation: &Invocation, files: &[String], cwd: &str) -> String {
    match (&invocation.project_directory, files.first()) {
        (Some(directory), _) => paths::clean(directory),
        (None, Some(first)) => paths::folder(first),
        (None, None) => cwd.to_owned(),
    }
}

fn read_env_files(
    run: &mut Run,
    invocation: &Invocation,
    folder: &str,
    variables: &mut Variables,
) -> Vec<Str> {
    let mut files = Vec::new();
    for file in &invocation.env_files {
        files.push(load::file(&paths::clean(file)));
    }
    let disabled = invocation
        .env
        .iter()
        .any(|(name, value)| name == "COMPOSE_DISABLE_ENV_FILE" && is_true(value.expose()));
    if files.is_empty() && !disabled {
        let default = paths::join(folder, ".env");
        if run.has(&default) {
            files.push(load::file(&default));
        }
    }
    let layer = env_file::layer(run, &files, variables);
    variables.fill(layer);
    let known = files.iter().filter(|(path, _)| run.has(path));
    known.map(|(path, _)| Str::from(path.as_str())).collect()
}

fn is_true(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "true" | "True" | "TRUE")
}

fn from_variable(run: &mut Run, cwd: &str, variables: &Variables) -> Vec<String> {
    let Some(named) = variables.get("COMPOSE_FILE") else {
        return Vec::new();
    };
    let separator = variables
        .setting("COMPOSE_PATH_SEPARATOR")
        .unwrap_or_else(|| ":".to_owned());
    let place = variables
        .variable("COMPOSE_FILE")
        .and_then(|variable| variable.place.clone());
    let origin = Origin {
        place: place.unwrap_or_default(),
        via: None,
    };
    let mut files = Vec::new();
    for file in named.expose().split(separator.as_str()) {
        let file = paths::join(cwd, file);
        if run.has(&file) {
            files.push(file);
        } else {
            let message = "COMPOSE_FILE names a file that does not exist";
            run.issue(IssueKind::MissingFile, &origin, message);
        }
    }
    files
}

/// The default file of a folder or the nearest one above, with its override.
fn defaults(run: &Run, folder: &str) -> Vec<String> {
    let mut folder = folder.to_owned();
    loop {
        let find = |names: &[&str]| {
            names
                .iter()
                .map(|name| paths::join(&folder, name))
                .find(|path| run.has(path))
        };
        if let Some(file) = find(&NAMES) {
            return [Some(file), find(&OVERRIDES)]
                .into_iter()
                .flatten()
                .collect();
        }
        if folder == "." || !paths::is_inside(&folder) {
            return Vec::new();
        }
        folder = paths::folder(&folder);
    }
}

fn profiles(invocation: &Invocation, variables: &Variables) -> Vec<String> {
    if !invocation.profiles.is_empty() {
        return invocation.profiles.clone();
    }
    variables
        .setting("COMPOSE_PROFILES")
        .unwrap_or_default()
        .split(',')
        .map(|profile| profile.trim().to_owned())
        .collect()
}

fn name(
    run: &mut Run,
    invocation: &Invocation,
    files: &[(String, Origin)],
    directory: &str,
    variables: &Variables,
) -> ProjectName {
    let given = |name: &str, source: NameSource| ProjectName {
        name: name.to_owned(),
        source,
        written: None,
    };
    let argument = invocation
        .project_name
        .as_deref()
        .filter(|name| !name.is_empty());
    let imposed = argument
        .map(|name| given(name, NameSource::Argument))
        .or_else(|| {
            let name = variables.setting("COMPOSE_PROJECT_NAME")?;
            Some(given(&name, NameSource::Variable))
        });
    if let Some(imposed) = imposed {
        if normalized(&imposed.name) != imposed.name {
            let message =
                "a project name holds lower-case letters, digits, hyphens and underscores only";
            let origin = files
                .first()
                .map_or_else(Origin::default, |(_, origin)| origin.clone());
            run.issue(IssueKind::ProjectName, &origin, message);
        }
        return imposed;
    }
    if let Some(text) = written(run, files, variables) {
        ProjectName {
            name: normalized(text.expose()),
            source: NameSource::File,
            written: Some(text),
        }
    } else {
        let folder = paths::base_name(directory).unwrap_or(&invocation.root_name);
        given(&normalized(folder), NameSource::Folder)
    }
}

/// The last `name:` of the files that is not empty.
fn written(run: &mut Run, files: &[(String, Origin)], variables: &Variables) -> Option<Text> {
    let mut found = None;
    for (path, asked) in files {
        let Some(source) = run.parse(path, asked) else {
            continue;
        };
        for document in &source.yaml.documents {
            let entry = document.entry("name");
            let text = entry.and_then(|entry| Some((entry, entry.value.text()?)));
            if let Some((entry, text)) = text.filter(|(_, text)| !text.is_empty()) {
                let words = run.interpolate(
                    text,
                    &source.path,
                    &source.text,
                    entry.value.span,
                    variables,
                );
                found =
                    Some(words.at(&run::origin(&source.path, entry.key.span, entry.value.span)));
            }
        }
    }
    found
}

/// Lower case, without what a project name cannot hold.
pub(super) fn normalized(name: &str) -> String {
    let allowed: String = name
        .to_lowercase()
        .chars()
        .filter(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-'))
        .collect();
    allowed.trim_start_matches(['_', '-']).to_owned()
}
