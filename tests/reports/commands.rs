//! Workflow commands, parsed as the runner parses them.

use envguard::model::Severity;

use super::samples::{HOSTILE, PATH, finding, mixed, settled};
use super::written;

struct Annotation {
    level: String,
    properties: Vec<(String, String)>,
    message: String,
}

impl Annotation {
    fn get(&self, name: &str) -> &str {
        let found = self.properties.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }
}

/// What the runner takes for a command: `::name key=value,…::data`, anything else of that look, or the older form
/// anywhere in a line.
fn commands(log: &str) -> Vec<Annotation> {
    let mut found = Vec::new();
    for line in log.lines() {
        let Some(command) = line.trim_start().strip_prefix("::") else {
            assert!(!line.contains("##["), "an older command in {line}");
            continue;
        };
        let (head, data) = command.split_once("::").unwrap();
        let (level, properties) = head.split_once(' ').unwrap_or((head, ""));
        let properties = properties.split(',').filter(|one| !one.is_empty());
        found.push(Annotation {
            level: level.to_owned(),
            properties: properties
                .map(|one| one.split_once('=').unwrap())
                .map(|(key, value)| (key.to_owned(), unescaped(value)))
                .collect(),
            message: unescaped(data),
        });
    }
    found
}

fn unescaped(text: &str) -> String {
    text.replace("%2C", ",")
        .replace("%3A", ":")
        .replace("%0A", "\n")
        .replace("%0D", "\r")
        .replace("%25", "%")
}

#[test]
fn every_text_arrives_as_it_was() {
    let found = commands(&written("github", &mixed()));
    let levels: Vec<&str> = found.iter().map(|one| one.level.as_str()).collect();
    assert_eq!(
        levels,
        ["error", "error", "warning", "notice", "error", "error"],
        "what could not be read comes first"
    );
    let first = &found[1];
    assert_eq!(first.get("file"), PATH);
    assert_eq!(first.get("title"), "grave (critical)");
    let position = ["line", "endLine", "col", "endColumn"].map(|key| first.get(key));
    assert_eq!(position, ["1", "1", "5", "8"]);
    assert!(first.message.starts_with(HOSTILE), "{}", first.message);
    assert!(first.message.contains("\nsee b/.env:2:5 "));
}

#[test]
fn a_range_of_lines_has_no_columns() {
    let mut one = finding("grave", Severity::High, 3);
    one.places[0].at.end_line = 5;
    let found = commands(&written("github", &settled(vec![one])));
    assert_eq!((found[1].get("line"), found[1].get("endLine")), ("3", "5"));
    assert_eq!(found[1].get("col"), "");
}

#[test]
fn ten_of_each_level_and_the_rest_in_the_log() {
    let of = |severity| (1..=14).map(move |at| finding("p", severity, at));
    let all = of(Severity::Critical).chain(of(Severity::Medium));
    let mut settled = settled(all.collect());
    settled.problems.clear();
    let log = written("github", &settled);
    let found = commands(&log);
    let count = |level: &str| found.iter().filter(|one| one.level == level).count();
    assert_eq!((count("error"), count("warning")), (10, 10));
    assert_eq!((count("group"), count("endgroup")), (1, 1));
    let listed = log.lines().filter(|line| line.starts_with("- ")).count();
    assert_eq!(listed, 8, "{log}");
}

#[test]
fn known_findings_are_no_annotations_unless_asked_for() {
    let mut settled = mixed();
    for one in &mut settled.findings {
        one.shown = one.status.name() == "new";
    }
    let found = commands(&written("github", &settled));
    assert_eq!(found.len(), 4);
}
