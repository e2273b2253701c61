//! SARIF: what the standard and GitHub's uploader demand. The official schema is asked in `.ci/run`, with the tool of those
//! who keep it.

use std::collections::BTreeSet;

use envguard::model::Severity;
use envguard::model::settled::LocatedPlace;
use serde_json::Value;

use super::samples::{HOSTILE, PATH, finding, mixed, place, settled};
use super::written;

#[test]
fn it_has_what_code_scanning_demands() {
    let log: Value = serde_json::from_str(&written("sarif", &mixed())).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "envguard");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = driver["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!((rules.len(), results.len()), (5, 5));
    let mut prints = BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        let prints_of = &result["partialFingerprints"];
        assert!(prints.insert(prints_of["primaryLocationLineHash"].as_str().unwrap()));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        assert_eq!(
            decoded(place["artifactLocation"]["uri"].as_str().unwrap()),
            PATH
        );
        assert!(place["region"]["startLine"].as_u64().unwrap() > 0);
        assert!(place["region"].get("snippet").is_none());
    }
}

#[test]
fn a_rule_says_how_grave_it_is_and_where_to_read_more() {
    let log: Value = serde_json::from_str(&written("sarif", &mixed())).unwrap();
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    assert_eq!(rules.as_array().unwrap().len(), 5);
    for rule in rules.as_array().unwrap() {
        let properties = &rule["properties"];
        let tags = properties["tags"].as_array().unwrap();
        assert!(tags.len() <= 10 && tags.contains(&"security".into()));
        let score: f64 = properties["security-severity"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!(score > 0.0 && score <= 10.0);
        assert!(
            rule["help"]["markdown"]
                .as_str()
                .unwrap()
                .contains("envguard explain")
        );
        assert!(rule["helpUri"].as_str().unwrap().starts_with("https://"));
    }
}

#[test]
fn a_uri_is_relative_whatever_the_path() {
    let log = written("sarif", &mixed());
    let log: Value = serde_json::from_str(&log).unwrap();
    let uri = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        ["uri"];
    let uri = uri.as_str().unwrap();
    assert!(
        uri.is_ascii() && !uri.contains([':', ' ', '`', '|']),
        "{uri}"
    );
    assert!(!uri.starts_with('/'));
}

#[test]
fn what_is_allowed_or_known_is_suppressed_and_says_why() {
    let log: Value = serde_json::from_str(&written("sarif", &mixed())).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let of = |id: &str| results.iter().find(|one| one["ruleId"] == id).unwrap();
    assert!(of("grave").get("suppressions").is_none());
    assert_eq!(of("known-one")["suppressions"][0]["kind"], "external");
    let allowed = &of("allowed-one")["suppressions"][0];
    assert_eq!(
        allowed["kind"], "inSource",
        "the comment stands in the file itself"
    );
    assert_eq!(allowed["status"], "accepted");
    let justification = allowed["justification"].as_str().unwrap();
    assert!(justification.starts_with(HOSTILE) && justification.contains("until 2026-12-31"));
}

#[test]
fn related_places_are_linked_from_the_message_and_nothing_else_is() {
    let mut many = finding("grave", Severity::High, 1);
    many.places
        .extend((1..30).map(|line| place("c.yml", line, "")));
    let log: Value = serde_json::from_str(&written("sarif", &settled(vec![many]))).unwrap();
    let result = &log["runs"][0]["results"][0];
    let related = result["relatedLocations"].as_array().unwrap();
    assert_eq!(related.len(), 10);
    let message = result["message"]["text"].as_str().unwrap();
    for location in related {
        let link = format!("]({})", location["id"]);
        assert_eq!(message.matches(&link).count(), 1, "{link} in {message}");
    }
    assert!(message.contains(r"\[x\](y)"), "{message}");
}

#[test]
fn a_run_that_could_not_read_everything_says_so() {
    let log: Value = serde_json::from_str(&written("sarif", &mixed())).unwrap();
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 2);
    let told = &invocation["toolExecutionNotifications"][0];
    assert_eq!(told["level"], "error");
}

#[test]
fn more_results_than_are_taken_are_left_out_and_counted() {
    let mut one = finding("grave", Severity::Low, 1);
    one.places = vec![LocatedPlace::default()];
    one.via.clear();
    let many = (0..25_003).map(|_| one.clone()).collect();
    let log: Value = serde_json::from_str(&written("sarif", &settled(many))).unwrap();
    let run = &log["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 25_000);
    let told = &run["invocations"][0]["toolExecutionNotifications"][1];
    let text = told["message"]["text"].as_str().unwrap();
    assert!(text.starts_with("3 milder findings"), "{text}");
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex: Vec<u8> = rest.by_ref().take(2).collect();
            let hex = std::str::from_utf8(&hex).unwrap().to_owned();
            bytes.push(u8::from_str_radix(&hex, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
