//! Hostile projects: everything ends soon, with a located issue, and nothing outside of the tree is asked for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::*;
use crate::model::tree::{Entry, ReadError};

struct Files {
    entries: Vec<Entry>,
    texts: BTreeMap<String, Str>,
}

impl Files {
    fn new(files: Vec<(&str, String)>) -> Self {
        let texts: BTreeMap<String, Str> = files
            .into_iter()
            .map(|(path, text)| (path.to_owned(), Str::from(text)))
            .collect();
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
}

impl Tree for Files {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, path: &str) -> Result<Str, ReadError> {
        assert!(!path.starts_with('/') && !path.starts_with(".."), "{path}");
        self.texts.get(path).cloned().ok_or(ReadError::Missing)
    }

    fn ignore_covers(&self, _path: &str) -> bool {
        false
    }
}

/// Evaluates within a time that even a slow, busy machine keeps (nothing here takes more than a few seconds), and gives the kinds of issues.
fn soon(files: Vec<(&str, String)>) -> (Project, Vec<IssueKind>) {
    let tree = Files::new(files);
    let start = Instant::now();
    let project = evaluate(&tree, &Invocation::default());
    let took = start.elapsed();
    assert!(took < Duration::from_mins(2), "{took:?}");
    for issue in &project.issues {
        let text = tree.texts.get(issue.file.as_ref());
        let span = issue.problem.span;
        let fits =
            text.is_some_and(|text| text.get(span.start as usize..span.end as usize).is_some());
        assert!(fits, "{issue:?}");
    }
    let mut kinds: Vec<IssueKind> = project.issues.iter().map(|issue| issue.kind).collect();
    kinds.dedup();
    (project, kinds)
}

fn lines(start: &str, count: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = start.to_owned();
    for at in 0..count {
        writeln!(text, "{}", line(at)).unwrap();
    }
    text
}

#[test]
fn ten_thousand_services_that_extend_one() {
    let text = lines(
        "services:\n  base: {image: x, environment: {A: 1}}\n",
        10_000,
        |at| {
            format!(
                "  s{at}: {{extends: base, ports: ['{}:80'], depends_on: [base]}}",
                at + 1000
            )
        },
    );
    let (project, kinds) = soon(vec![("compose.yaml", text)]);
    assert_eq!(project.services.len(), 10_001);
    assert!(kinds.is_empty(), "{kinds:?}");
}

#[test]
fn services_that_extend_another_file_each() {
    let text = lines("services:\n", 3_000, |at| {
        format!("  s{at}: {{extends: {{file: base.yaml, service: s{at}}}}}")
    });
    let base = lines("services:\n", 3_000, |at| format!("  s{at}: {{image: x}}"));
    let (project, kinds) = soon(vec![("compose.yaml", text), ("base.yaml", base)]);
    assert_eq!(project.services.len(), 3_000);
    assert!(kinds.is_empty(), "{kinds:?}");
}

#[test]
fn a_long_chain_of_services() {
    let extends = lines("services:\n  s0: {image: x}\n", 3_000, |at| {
        format!("  s{}: {{extends: s{at}}}", at + 1)
    });
    let (_, kinds) = soon(vec![("compose.yaml", extends)]);
    assert!(kinds.contains(&IssueKind::Extends));
    let depends = lines("services:\n  s0: {image: x}\n", 3_000, |at| {
        format!("  s{}: {{image: x, depends_on: [s{at}]}}", at + 1)
    });
    let (_, kinds) = soon(vec![("compose.yaml", depends)]);
    assert!(kinds.is_empty(), "{kinds:?}");
}

#[test]
fn an_environment_that_grows_along_a_chain() {
    let text = lines("services:\n  s0: {image: x}\n", 2_000, |at| {
        format!(
            "  s{}: {{extends: s{at}, environment: {{A{at}: 1, B{at}: 1}}}}",
            at + 1
        )
    });
    soon(vec![("compose.yaml", text)]);
}

#[test]
fn includes_that_double() {
    let mut files = Vec::new();
    let names: Vec<String> = (0..40).map(|at| format!("f{at}.yaml")).collect();
    for (at, name) in names.iter().enumerate() {
        let next = format!("f{}.yaml", at + 1);
        let text = format!(
            "include: [{{path: {next}}}, {{path: ./{next}}}]\nservices: {{s{at}: {{image: x}}}}"
        );
        files.push((name.as_str(), text));
    }
    files.push(("compose.yaml", "include: [f0.yaml]\n".to_owned()));
    let (_, kinds) = soon(files);
    assert!(kinds.contains(&IssueKind::Limit), "{kinds:?}");
}

#[test]
fn an_include_of_many_files() {
    let names: Vec<String> = (0..3_000).map(|at| format!("f{at}.yaml")).collect();
    let text = lines("include:\n", names.len(), |at| format!("  - f{at}.yaml"));
    let mut files: Vec<(&str, String)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), format!("services: {{s{at}: {{image: x}}}}")))
        .collect();
    files.push(("compose.yaml", text));
    let (project, _) = soon(files);
    assert_eq!(project.services.len(), 3_000);
}

#[test]
fn an_alias_bomb() {
    let mut text = "x-a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..12 {
        let row = format!("*a{}, ", at - 1).repeat(10);
        writeln!(text, "x-a{at}: &a{at} [{row}]").unwrap();
    }
    text += "services: {web: {image: x}}\n";
    let (project, _) = soon(vec![("compose.yaml", text)]);
    assert!(project.services.len() <= 1);
}

#[test]
fn values_that_feed_on_each_other() {
    let env = lines("A0=xxxxxxxxxxxxxxxx\n", 64, |at| {
        format!("A{}=$A{at}$A{at}$A{at}$A{at}", at + 1)
    });
    let text = lines(
        "services:\n  web:\n    image: x\n    environment:\n",
        1000,
        |at| format!("      V{at}: ${{A8}}${{A8}}"),
    );
    let (_, kinds) = soon(vec![("compose.yaml", text), (".env", env)]);
    assert!(kinds.contains(&IssueKind::Limit), "{kinds:?}");
}

#[test]
fn an_env_file_for_many_services() {
    let text = lines("services:\n", 3_000, |at| {
        format!("  s{at}: {{image: x, env_file: a.env}}")
    });
    let env = lines("", 500, |at| format!("A{at}=1"));
    let (_, kinds) = soon(vec![("compose.yaml", text), ("a.env", env)]);
    assert!(kinds.contains(&IssueKind::Limit), "{kinds:?}");
}

#[test]
fn every_port_there_is() {
    let text = lines("services:\n", 20, |at| {
        format!("  s{at}: {{image: x, ports: ['1-65535:1-65535']}}")
    });
    let (_, kinds) = soon(vec![("compose.yaml", text)]);
    assert!(kinds.contains(&IssueKind::Limit), "{kinds:?}");
}

#[test]
fn broken_texts_never_panic() {
    let whole = "name: é${X:-y}\ninclude: [a.yaml]\nx-a: &a {A: 1}\nservices:\n  web:\n    image: \"ü:${T}\"\n    \
        extends: {file: a.yaml, service: b}\n    ports: ['80:80', {target: 1}]\n    environment:\n      <<: *a\n      B: \
        !reset null\n    volumes: ['./d:/d', {type: bind}]\n    env_file: [.env]\n    depends_on: [web]\n";
    for (at, _) in whole.char_indices() {
        for cut in [&whole[..at], &whole[at..]] {
            let other = cut.replace("a.yaml", "compose.yaml").replace("web", "b");
            soon(vec![
                ("compose.yaml", cut.to_owned()),
                ("a.yaml", other),
                (".env", cut.to_owned()),
            ]);
        }
    }
}
