//! The stage as a whole: order, focus, status, ids, letters, and that no secret survives it.

use super::samples::{dotenv, finding, place};
use super::*;
use crate::model::Env;

fn run<'a>(
    documents: &'a [Document],
    facts: &'a [Fact],
    environments: &'a Environments,
) -> Run<'a> {
    Run {
        documents,
        facts,
        environments,
        policies: 3,
        idle: 1,
        cards: &[],
        problems: Vec::new(),
        skipped: Vec::new(),
    }
}

const EVERYWHERE: Options<'_> = Options {
    root: ".",
    focus: &|_| true,
    new_anywhere: false,
    fail_on: Some(Severity::Medium),
    all: false,
    shown_only: false,
    allowances: &[],
    void: &[],
    known: &|_| false,
};

fn two() -> [Document; 2] {
    let text = "DEBUG=True\nSTRIPE_KEY=same-secret-9\nOTHER_KEY=other-secret-9\n";
    [
        dotenv(".env.production", Env::PRODUCTION, text),
        dotenv(".env.staging", Env::STAGING, text),
    ]
}

#[test]
fn the_worst_comes_first_and_lines_decide_among_equals() {
    let docs = two();
    let environments = Environments::default();
    let at = |severity, text| finding("p", severity, place(&docs[0], text, ""), Vec::new());
    let findings = vec![
        at(Severity::Low, "DEBUG"),
        at(Severity::High, "OTHER_KEY"),
        at(Severity::High, "STRIPE_KEY"),
    ];
    let settled = settle(findings, &run(&docs, &[], &environments), &EVERYWHERE);
    let order: Vec<_> = settled
        .findings
        .iter()
        .map(|finding| (finding.severity.name(), finding.places[0].at.line))
        .collect();
    assert_eq!(order, [("high", 2), ("high", 3), ("low", 1)]);
    assert_eq!(settled.outcome, Outcome::Failed);
    assert_eq!(settled.findings[1].id, "p:var:STRIPE_KEY@production#2");
    assert_eq!(settled.summary.new[&Severity::High], 2);
}

#[test]
fn a_finding_is_told_when_any_of_its_places_is_in_focus() {
    let docs = two();
    let environments = Environments::default();
    let findings = vec![
        finding(
            "both",
            Severity::High,
            place(&docs[0], "True", ""),
            vec![place(&docs[1], "True", "")],
        ),
        finding(
            "one",
            Severity::High,
            place(&docs[0], "True", ""),
            Vec::new(),
        ),
    ];
    let options = Options {
        focus: &|path| path == ".env.staging",
        ..EVERYWHERE
    };
    let settled = settle(findings, &run(&docs, &[], &environments), &options);
    let told: Vec<_> = settled
        .findings
        .iter()
        .map(|finding| finding.policy.as_ref())
        .collect();
    assert_eq!(told, ["both"]);
}

fn allow(policy: &'static str) -> Allowance<'static> {
    Allowance {
        policy,
        grant: Grant {
            because: format!("{policy} is fine"),
            until: None,
            written: ".envguard.yml:3".to_owned(),
        },
        covers: Box::new(move |finding: &Finding, _: &[Fact]| finding.policy.as_ref() == policy),
        void: None,
        expected: true,
    }
}

#[test]
fn an_allowance_that_has_ended_allows_nothing_and_the_finding_says_so() {
    let docs = two();
    let environments = Environments::default();
    let mut ended = allow("a");
    ended.void = Some("ended on 2026-01-01".to_owned());
    let told = Void {
        written: ".env:1".to_owned(),
        reason: "gives no reason".to_owned(),
    };
    let options = Options {
        allowances: &[ended],
        void: std::slice::from_ref(&told),
        ..EVERYWHERE
    };
    let at = place(&docs[0], "True", "");
    let findings = vec![finding("a", Severity::High, at, Vec::new())];
    let settled = settle(findings, &run(&docs, &[], &environments), &options);
    assert_eq!(settled.outcome, Outcome::Failed);
    let message = &settled.findings[0].message;
    assert!(
        message.ends_with("; the allowance in .envguard.yml:3 ended on 2026-01-01"),
        "{message}"
    );
    assert_eq!(settled.void.len(), 2);
    assert_eq!(settled.void[0], told);
    assert!(settled.unmatched.is_empty());
}

#[test]
fn allowances_and_the_baseline_change_the_status_and_stale_ones_are_told() {
    let docs = two();
    let environments = Environments::default();
    let at = |policy| {
        finding(
            policy,
            Severity::High,
            place(&docs[0], "True", ""),
            Vec::new(),
        )
    };
    let options = Options {
        allowances: &[allow("a"), allow("gone")],
        known: &|finding| finding.policy.as_ref() != "c",
        ..EVERYWHERE
    };
    let mut settled = settle(
        vec![at("a"), at("b")],
        &run(&docs, &[], &environments),
        &options,
    );
    let status: Vec<_> = settled
        .findings
        .iter()
        .map(|finding| (finding.status.name(), finding.shown))
        .collect();
    assert_eq!(status, [("allowed", false), ("known", false)]);
    assert_eq!((settled.summary.known, settled.summary.allowed), (1, 1));
    assert_eq!(settled.outcome, Outcome::Passed);
    assert_eq!(settled.unmatched.pop().unwrap().because, "gone is fine");
    let new = settle(vec![at("c")], &run(&docs, &[], &environments), &options);
    assert_eq!(new.outcome, Outcome::Failed);
}

#[test]
fn the_outcome_knows_the_threshold_and_the_problems() {
    let docs = two();
    let environments = Environments::default();
    let low = || {
        vec![finding(
            "p",
            Severity::Low,
            place(&docs[0], "True", ""),
            Vec::new(),
        )]
    };
    let run_of = |problems| Run {
        problems,
        ..run(&docs, &[], &environments)
    };
    assert_eq!(
        settle(low(), &run_of(Vec::new()), &EVERYWHERE).outcome,
        Outcome::Passed
    );
    let unread = Unread {
        path: "a\u{1b}b".to_owned(),
        reason: "permission denied".to_owned(),
    };
    let settled = settle(low(), &run_of(vec![unread]), &EVERYWHERE);
    assert_eq!(settled.outcome, Outcome::Incomplete);
    assert_eq!(settled.problems[0].path, "a\\u{1b}b");
}

#[test]
fn equal_secrets_share_a_letter() {
    let docs = two();
    let environments = Environments::default();
    let facts: Vec<Fact> = docs
        .iter()
        .flat_map(|document| document.facts.clone())
        .collect();
    let shared = |text: &str, at: [usize; 2]| {
        let mut finding = finding(
            "shared",
            Severity::High,
            place(&docs[0], text, "here"),
            vec![place(&docs[1], text, "")],
        );
        finding.facts = at.to_vec();
        finding
    };
    let findings = vec![
        shared("other-secret-9", [2, 5]),
        shared("same-secret-9", [1, 4]),
        shared("True", [0, 3]),
    ];
    let settled = settle(findings, &run(&docs, &facts, &environments), &EVERYWHERE);
    let labels: Vec<_> = settled
        .findings
        .iter()
        .flat_map(|finding| finding.places.iter().map(|place| place.label.as_str()))
        .collect();
    assert_eq!(
        labels,
        ["here", "", "here (=A)", "(=A)", "here (=B)", "(=B)"]
    );
}

#[test]
fn one_place_of_several_environments_is_told_once() {
    let docs = two();
    let environments = Environments::default();
    let related = ["staging", "demo", "staging", ""].map(|label| place(&docs[0], "True", label));
    let one = finding(
        "p",
        Severity::High,
        place(&docs[0], "True", "production"),
        related.into(),
    );
    let settled = settle(vec![one], &run(&docs, &[], &environments), &EVERYWHERE);
    let places = &settled.findings[0].places;
    assert_eq!(
        (places.len(), places[0].label.as_str()),
        (1, "production, staging, demo")
    );
}
