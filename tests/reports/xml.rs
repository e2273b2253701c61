//! JUnit, Checkstyle and GitLab's code quality, read back by parsers.

use roxmltree::Document;
use serde_json::Value;

use envguard::model::settled::{Outcome, Settled};

use super::samples::{HOSTILE, PATH, mixed};
use super::written;

#[test]
fn junit_counts_what_it_holds() {
    let text = written("junit", &mixed());
    let document = Document::parse(&text).unwrap();
    let suite = document.root_element().first_element_child().unwrap();
    let count = |name| {
        document
            .descendants()
            .filter(|one| one.has_tag_name(name))
            .count()
    };
    let said = |name| suite.attribute(name).unwrap().parse::<usize>().unwrap();
    assert_eq!(count("testcase"), said("tests"));
    assert_eq!(
        (count("failure"), said("failures")),
        (2, 2),
        "medium and up, new ones"
    );
    assert_eq!((count("skipped"), said("skipped")), (3, 3));
    assert_eq!((count("error"), said("errors")), (1, 1));
    let failure = document
        .descendants()
        .find(|one| one.has_tag_name("failure"))
        .unwrap();
    assert_eq!(
        failure.attribute("message").unwrap(),
        format!("{HOSTILE} 1")
    );
    let case = failure.parent_element().unwrap();
    assert_eq!(case.attribute("file"), Some(PATH));
    assert_eq!(case.attribute("classname"), Some("grave"));
    assert!(failure.text().unwrap().contains(HOSTILE));
}

#[test]
fn a_clean_run_is_one_passed_test() {
    let text = written("junit", &Settled::default());
    let document = Document::parse(&text).unwrap();
    assert!(text.contains("tests=\"1\" failures=\"0\""));
    let cases = document
        .descendants()
        .filter(|one| one.has_tag_name("testcase"));
    assert_eq!(cases.count(), 1);
}

#[test]
fn failures_and_exit_code_agree() {
    let mut settled = mixed();
    settled.fail_on = None;
    settled.outcome = Outcome::Passed;
    settled.problems.clear();
    assert!(written("junit", &settled).contains("failures=\"0\" errors=\"0\" skipped=\"5\""));
}

#[test]
fn checkstyle_has_a_file_for_each_path() {
    let text = written("checkstyle", &mixed());
    let document = Document::parse(&text).unwrap();
    let files: Vec<_> = document
        .descendants()
        .filter(|one| one.has_tag_name("file"))
        .collect();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].attribute("name"), Some(PATH));
    let errors: Vec<_> = files[0]
        .children()
        .filter(roxmltree::Node::is_element)
        .collect();
    assert_eq!(errors.len(), 6);
    assert_eq!(errors[0].attribute("severity"), Some("error"));
    assert_eq!(errors[0].attribute("source"), Some("envguard.grave"));
    assert!(errors[0].attribute("message").unwrap().starts_with(HOSTILE));
}

#[test]
fn gitlab_gets_one_issue_for_each_finding() {
    let issues: Value = serde_json::from_str(&written("gitlab", &mixed())).unwrap();
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), 5);
    for issue in issues {
        let severity = issue["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        assert_eq!(issue["location"]["path"], PATH);
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
        assert!(!issue["check_name"].as_str().unwrap().is_empty());
    }
    let prints: std::collections::BTreeSet<_> = issues
        .iter()
        .map(|one| one["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(prints.len(), issues.len());
}
