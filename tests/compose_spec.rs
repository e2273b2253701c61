//! The Compose specification, case by case: `tests/compose/*.txt` hold small projects and what they come to.
//!
//! A case begins with `## title`, has its files as `=== path`, may say `=== run` (command line, see `Run`), and ends with
//! `=== then`: lines `what = value` as `shown` prints them. A case without a line for `issues` must have none.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use envguard::model::tree::{Entry, ReadError};
use envguard::model::{Lines, Secret, Str, Tree};
use envguard::resolve::compose::{
    self, Invocation, Place, Project, Resource, Service, StepKind, Text, Unset, Variable,
};
use envguard::syntax::template::Outcome;

#[test]
fn every_case_comes_to_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compose");
    let mut topics: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    topics.sort();
    let (mut count, mut wrong) = (0, String::new());
    for topic in topics {
        let text = std::fs::read_to_string(&topic).unwrap();
        for case in text.split("\n## ").skip(1) {
            count += 1;
            let name = topic.file_name().unwrap().to_string_lossy();
            check(&name, case, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(count >= 150, "{count} cases");
}

fn check(topic: &str, case: &str, wrong: &mut String) {
    let (title, rest) = case.split_once('\n').unwrap();
    let mut files = BTreeMap::new();
    let (mut run, mut then) = (String::new(), String::new());
    for part in rest.split("=== ").skip(1) {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        match name.split_once(' ').unwrap_or((name, "")) {
            ("run", arguments) => arguments.clone_into(&mut run),
            ("then", _) => text.clone_into(&mut then),
            _ => {
                files.insert(name.to_owned(), Str::from(text));
            }
        }
    }
    let tree = Files::new(files);
    let got = shown(&compose::evaluate(&tree, &invocation(&run)), &tree);
    let mut expected: Vec<(&str, &str)> = then
        .lines()
        .filter_map(|line| line.split_once(" ="))
        .map(|(what, value)| (what, value.trim()))
        .collect();
    assert!(!expected.is_empty(), "{topic}: {title} expects nothing");
    if !expected.iter().any(|(what, _)| *what == "issues") {
        expected.push(("issues", ""));
    }
    for (what, value) in expected {
        let real = got.get(what).map_or("(nothing)", String::as_str);
        if real != value {
            writeln!(
                wrong,
                "{topic}: {title}\n  {what} = {real}\n  expected {value}"
            )
            .unwrap();
        }
    }
}

/// `-f FILE`, `--env-file FILE`, `--profile NAME`, `-p NAME`, `--project-directory DIR`, `--in DIR` for the working
/// directory, `--blank` for blanks in place of unknown variables, `NAME=VALUE` for the process.
fn invocation(arguments: &str) -> Invocation {
    let mut invocation = Invocation {
        root_name: "proj".to_owned(),
        ..Invocation::default()
    };
    let mut words = arguments.split_whitespace().map(str::to_owned);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-f" => invocation.files.extend(words.next()),
            "--env-file" => invocation.env_files.extend(words.next()),
            "--profile" => invocation.profiles.extend(words.next()),
            "-p" => invocation.project_name = words.next(),
            "--project-directory" => invocation.project_directory = words.next(),
            "--in" => invocation.cwd = words.next().unwrap(),
            "--blank" => invocation.unset = Unset::Blank,
            "--no-consistency" => invocation.check_consistency = false,
            _ => {
                let (name, value) = word.split_once('=').unwrap();
                let value = Secret::new(value);
                invocation.env.push((name.to_owned(), value));
            }
        }
    }
    invocation
}

struct Files {
    entries: Vec<Entry>,
    texts: BTreeMap<String, Str>,
}

impl Files {
    fn new(texts: BTreeMap<String, Str>) -> Self {
        let entries = texts.keys().map(|path| Entry {
            path: Str::from(path.as_str()),
            tracked: true,
            ignored: false,
        });
        Self {
            entries: entries.collect(),
            texts,
        }
    }

    /// `file:line`, and the bytes there.
    fn place(&self, place: &Place) -> String {
        let Some(text) = self.texts.get(place.file.as_ref()) else {
            return "nowhere".to_owned();
        };
        let line = Lines::of(text).line(place.value.start);
        format!("{}:{line} ‹{}›", place.file, place.value.of(text))
    }
}

impl Tree for Files {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, path: &str) -> Result<Str, ReadError> {
        assert!(
            !path.starts_with('/') && !path.contains(".."),
            "{path} is outside"
        );
        self.texts.get(path).cloned().ok_or(ReadError::Missing)
    }

    fn ignore_covers(&self, _path: &str) -> bool {
        false
    }
}

fn shown(project: &Project, tree: &Files) -> BTreeMap<String, String> {
    let mut shown = BTreeMap::new();
    let services = |enabled: bool| {
        let of = project.services.iter();
        let names = of.filter(|service| service.enabled == enabled);
        joined(names.map(|service| service.name.to_string()))
    };
    shown.insert("name".to_owned(), project.name.name.clone());
    shown.insert(
        "files".to_owned(),
        joined(project.files.iter().map(Str::to_string)),
    );
    shown.insert(
        "env_files".to_owned(),
        joined(project.env_files.iter().map(Str::to_string)),
    );
    shown.insert("services".to_owned(), services(true));
    shown.insert("disabled".to_owned(), services(false));
    shown.insert("volumes".to_owned(), resources(&project.volumes));
    shown.insert("networks".to_owned(), resources(&project.networks));
    shown.insert(
        "unset".to_owned(),
        joined(project.unset.iter().map(Str::to_string)),
    );
    shown.insert("issues".to_owned(), issues(project, tree));
    for service in &project.services {
        for (what, value) in of_service(service, tree) {
            shown.insert(format!("{}.{what}", service.name), value);
        }
    }
    shown
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(" ")
}

fn issues(project: &Project, tree: &Files) -> String {
    joined(project.issues.iter().map(|issue| {
        let code = issue.kind.code().trim_start_matches("compose-");
        let line = tree
            .texts
            .get(issue.file.as_ref())
            .map_or(0, |text| Lines::of(text).line(issue.problem.span.start));
        format!("{code}@{}:{line}", issue.file)
    }))
}

fn resources(resources: &[Resource]) -> String {
    joined(
        resources
            .iter()
            .filter(|resource| resource.used)
            .map(|resource| {
                let external = if resource.external { "(external)" } else { "" };
                format!("{}={}{external}", resource.key, visible(&resource.name))
            }),
    )
}

/// A text with `?` for what is unknown.
fn visible(text: &Text) -> String {
    text.expose().replace(compose::UNKNOWN, "?")
}

fn texts(texts: &[Text]) -> String {
    joined(texts.iter().map(visible))
}

fn of_service(service: &Service, tree: &Files) -> Vec<(String, String)> {
    let lists = [
        ("ports", ports(service)),
        ("mounts", mounts(service)),
        ("environment", variables(&service.environment)),
        ("labels", variables(&service.labels)),
        ("networks", texts(&service.networks)),
        ("profiles", texts(&service.profiles)),
        ("depends_on", texts(&service.depends_on)),
        ("secrets", texts(&service.secrets)),
        ("configs", texts(&service.configs)),
        ("tmpfs", texts(&service.tmpfs)),
    ];
    let mut shown: Vec<(String, String)> = lists
        .into_iter()
        .map(|(what, value)| (what.to_owned(), value))
        .collect();
    for (what, text) in scalars(service) {
        shown.push((what.to_owned(), visible(text)));
        shown.push((format!("{what} from"), from(text, tree)));
    }
    if let Some(command) = &service.command {
        let words: Vec<_> = command.words.iter().map(visible).collect();
        shown.push(("command".to_owned(), words.join("|")));
    }
    if let Some(build) = &service.build {
        shown.push(("args".to_owned(), variables(&build.args)));
    }
    for variable in &service.environment {
        let what = format!("environment.{} from", variable.name);
        let text = variable.value.as_ref();
        shown.extend(text.map(|text| (what, from(text, tree))));
    }
    for port in &service.ports {
        let what = format!("port {} from", port.target.unwrap_or(0));
        shown.push((what, from(&port.text, tree)));
    }
    for setting in &service.settings {
        shown.push((setting.path.clone(), visible(&setting.value)));
    }
    shown
}

fn scalars(service: &Service) -> impl Iterator<Item = (&'static str, &Text)> {
    let build = service.build.as_ref();
    [
        ("image", service.image.as_ref()),
        ("container_name", service.container_name.as_ref()),
        ("network_mode", service.network_mode.as_ref()),
        ("restart", service.restart.as_ref()),
        ("build", build.and_then(|build| build.context.as_ref())),
        ("target", build.and_then(|build| build.target.as_ref())),
    ]
    .into_iter()
    .filter_map(|(what, text)| Some((what, text?)))
}

fn ports(service: &Service) -> String {
    joined(service.ports.iter().map(|port| {
        let part = |text: &Option<Text>| text.as_ref().map(|text| format!("{}:", visible(text)));
        let published = part(&port.published);
        let host = part(&port.host_ip);
        let gap = if host.is_some() && published.is_none() {
            ":"
        } else {
            ""
        };
        format!(
            "{}{gap}{}{}/{}",
            host.unwrap_or_default(),
            published.unwrap_or_default(),
            port.target
                .map_or("?".to_owned(), |target| target.to_string()),
            port.protocol.replace(compose::UNKNOWN, "?")
        )
    }))
}

fn mounts(service: &Service) -> String {
    joined(service.mounts.iter().map(|mount| {
        let part = |text: &Option<Text>| text.as_ref().map(visible).unwrap_or_default();
        let access = if mount.read_only { ":ro" } else { "" };
        format!(
            "{}:{}:{}{access}",
            mount.kind,
            part(&mount.source),
            part(&mount.target)
        )
    }))
}

fn variables(variables: &[Variable]) -> String {
    joined(variables.iter().map(|variable| match &variable.value {
        Some(value) => format!("{}={}", variable.name, visible(value)),
        None => variable.name.to_string(),
    }))
}

/// The place that wrote a text, the steps that carried it, and the variables in it.
fn from(text: &Text, tree: &Files) -> String {
    let mut line = tree.place(&text.origin.place);
    for step in text.origin.steps() {
        let kind = match step.kind {
            StepKind::Include => "include",
            StepKind::Extends => "extends",
            StepKind::EnvFile => "env_file",
            StepKind::LabelFile => "label_file",
        };
        let place = tree.place(&step.place);
        let place = place.split(' ').next().unwrap_or_default();
        write!(line, " via {kind} {place}").unwrap();
    }
    for used in text.uses.iter() {
        let outcome = match used.outcome {
            Outcome::Value => "",
            Outcome::Fallback => " fallback",
            Outcome::Alternative => " alternative",
            Outcome::Nothing => " nothing",
            Outcome::Unset => " unset",
            Outcome::Missing => " missing",
        };
        write!(line, " uses {}{outcome}", used.name).unwrap();
        if let Some(source) = &used.source {
            write!(line, " {}", tree.place(source)).unwrap();
        }
    }
    line
}
