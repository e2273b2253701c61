//! Findings whose texts and paths would break a report that does not escape.

use envguard::model::Severity;
use envguard::model::settled::{
    Compared, Grant, LocatedPlace, Location, Outcome, PolicyCard, Settled, SettledFinding, Status,
    Step, Unread,
};

/// Every character that means something in one of the formats.
pub const HOSTILE: &str =
    "50% of [x](y) <b>&\"'|`*_ @team #12 ::error::x ##[add-mask]y ]]> é\u{202e}, a:b\nsecond";
pub const PATH: &str = "apps/über, x:1%/a b|`c`/.env.production";

pub fn at(path: &str, line: u32) -> Location {
    Location {
        path: path.to_owned(),
        line,
        column: 5,
        end_line: line,
        end_column: 9,
    }
}

pub fn place(path: &str, line: u32, label: &str) -> LocatedPlace {
    LocatedPlace {
        at: at(path, line),
        label: label.to_owned(),
        ..LocatedPlace::default()
    }
}

pub fn finding(policy: &str, severity: Severity, number: u32) -> SettledFinding {
    SettledFinding {
        id: format!("{policy}:var:name=A{number}@production"),
        policy: policy.into(),
        row: None,
        severity,
        message: format!("{HOSTILE} {number}"),
        why: HOSTILE.to_owned(),
        fix: Some(format!("run `x` and {HOSTILE}")),
        edits: Vec::new(),
        status: Status::New,
        shown: true,
        environments: vec!["production".to_owned(), "staging".to_owned()],
        places: vec![place(PATH, number, "here"), place("b/.env", 2, HOSTILE)],
        via: vec![Step {
            at: at("compose.yml", 3),
            text: HOSTILE.to_owned(),
        }],
        docs: format!("envguard explain {policy}"),
    }
}

/// One of each status and severity, and something that could not be read.
pub fn mixed() -> Settled {
    let mut known = finding("known-one", Severity::High, 4);
    known.status = Status::Known;
    let mut allowed = finding("allowed-one", Severity::Critical, 5);
    allowed.status = Status::Allowed(Grant {
        because: HOSTILE.to_owned(),
        until: Some("2026-12-31".to_owned()),
        written: format!("{PATH}:5"),
    });
    settled(vec![
        finding("grave", Severity::Critical, 1),
        finding("middling", Severity::Medium, 2),
        finding("mild", Severity::Low, 3),
        known,
        allowed,
    ])
}

pub fn settled(findings: Vec<SettledFinding>) -> Settled {
    let mut ids: Vec<_> = findings.iter().map(|one| one.policy.clone()).collect();
    ids.sort();
    ids.dedup();
    let card = |id| PolicyCard {
        id,
        title: HOSTILE.to_owned(),
        why: HOSTILE.to_owned(),
        fix: None,
        tags: (0..30).map(|tag| format!("tag{tag}").into()).collect(),
        shipped: true,
    };
    let mut settled = Settled {
        root: "shop".to_owned(),
        outcome: Outcome::Incomplete,
        fail_on: Some(Severity::Medium),
        policies: ids.into_iter().map(card).collect(),
        problems: vec![Unread {
            path: PATH.to_owned(),
            reason: HOSTILE.to_owned(),
        }],
        compared: Some(Compared {
            with: "main".to_owned(),
            changes: "changed since main".to_owned(),
            resolved: Some(2),
        }),
        ..Settled::default()
    };
    settled.summary.files = 3;
    for one in findings.iter().filter(|one| one.status == Status::New) {
        *settled.summary.new.entry(one.severity).or_default() += 1;
    }
    settled.findings = findings;
    settled
}
