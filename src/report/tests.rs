//! How the reports look. The findings are made by hand; only what a stage before would have written is in them.

use std::time::Duration;

use super::*;
use crate::model::Severity;
use crate::model::settled::{
    Excerpt, Grant, LocatedEdit, LocatedPlace, Location, Outcome, SettledFinding, Status, Step,
    Summary, Unmatched, Unread, Void,
};

fn at(path: &str, line: u32, column: u32, len: u32) -> Location {
    Location {
        path: path.to_owned(),
        line,
        column,
        end_line: line,
        end_column: column + len,
    }
}

/// A place whose line marks a text with `[` and `]`.
fn place(path: &str, line: u32, marked: &str, label: &str) -> LocatedPlace {
    let start = marked.find('⟦').unwrap();
    let end = marked.find('⟧').unwrap() - '⟦'.len_utf8();
    let text = marked.replace(['⟦', '⟧'], "");
    let column = u32::try_from(text[..start].chars().count() + 1).unwrap();
    let len = u32::try_from(text[start..end].chars().count()).unwrap();
    LocatedPlace {
        at: at(path, line, column, len),
        label: label.to_owned(),
        group: None,
        excerpt: Some(Excerpt {
            text,
            mark: start..end,
        }),
    }
}

fn shared() -> SettledFinding {
    SettledFinding {
        id: "shared-credential:var:STRIPE_SECRET_KEY@production+staging".to_owned(),
        policy: "shared-credential".into(),
        row: None,
        severity: Severity::Critical,
        message: "STRIPE_SECRET_KEY holds one value in production and staging".to_owned(),
        why: "Whoever has the staging key moves real money: staging is where keys are shared, logged and copied."
            .to_owned(),
        fix: Some("Create a second key in the vendor's dashboard and use it in staging.".to_owned()),
        edits: Vec::new(),
        status: Status::New,
        shown: true,
        environments: vec!["production".to_owned(), "staging".to_owned()],
        places: vec![
            place(".env.production", 3, "STRIPE_SECRET_KEY=⟦***⟧", "production (=A)"),
            place("deploy/staging/.env", 12, "STRIPE_SECRET_KEY=⟦***⟧", "staging: same value (=A)"),
        ],
        via: Vec::new(),
        docs: "envguard explain shared-credential".to_owned(),
    }
}

fn ports() -> SettledFinding {
    let mut ports = shared();
    ports.id = "port-repeated:collision:80@production".to_owned();
    ports.policy = "port-repeated-in-file".into();
    ports.severity = Severity::Medium;
    ports.message = "web and proxy both publish host port 80 of the same machine".to_owned();
    ports.why = "The second one to start fails.".to_owned();
    ports.fix = None;
    ports.environments = vec!["production".to_owned()];
    ports.places = vec![
        place(
            "docker-compose.prod.yml",
            104,
            "    ports: [⟦\"80:8080\"⟧, \"80:8081\"]",
            "first",
        ),
        place(
            "docker-compose.prod.yml",
            104,
            "    ports: [\"80:8080\", ⟦\"80:8081\"⟧]",
            "again",
        ),
        LocatedPlace {
            at: at("scripts/deploy.sh", 7, 1, 4),
            label: "starts both".to_owned(),
            ..LocatedPlace::default()
        },
    ];
    ports.via = vec![Step {
        at: at("compose.yml", 9, 3, 4),
        text: "docker-compose.prod.yml merges it and does not override it".to_owned(),
    }];
    ports.edits = vec![LocatedEdit {
        at: Some(at("docker-compose.prod.yml", 104, 24, 9)),
        path: "docker-compose.prod.yml".to_owned(),
        text: "\"81:8081\"".to_owned(),
    }];
    ports
}

fn settled(findings: Vec<SettledFinding>) -> Settled {
    let mut summary = Summary {
        files: 31,
        facts: 412,
        policies: 22,
        idle: 4,
        known: 3,
        allowed: 1,
        elapsed: Some(Duration::from_millis(12)),
        ..Summary::default()
    };
    for finding in findings
        .iter()
        .filter(|finding| finding.status == Status::New)
    {
        *summary.new.entry(finding.severity).or_default() += 1;
    }
    Settled {
        root: "shop".to_owned(),
        outcome: if findings.is_empty() {
            Outcome::Passed
        } else {
            Outcome::Failed
        },
        findings,
        skipped: vec![Unread {
            path: "dump.sql".to_owned(),
            reason: "larger than 1 MiB".to_owned(),
        }],
        summary,
        ..Settled::default()
    }
}

fn written(name: &str, settled: &Settled, style: &Style) -> String {
    let mut out = Vec::new();
    Report::named(name)
        .unwrap()
        .write(settled, style, &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn human_shows_every_place_in_its_own_file() {
    let settled = settled(vec![shared(), ports()]);
    assert_eq!(
        written("human", &settled, &Style::default()),
        include_str!("golden/human.txt")
    );
}

#[test]
fn human_without_unicode_draws_the_same() {
    let expected = "\
critical[shared-credential]: STRIPE_SECRET_KEY holds one value in production
  and staging
    ,-[.env.production:3:19]
  3 | STRIPE_SECRET_KEY=***
    :                   ^^^ production (=A)
    |-[deploy/staging/.env:12:19]
 12 | STRIPE_SECRET_KEY=***
    :                   ^^^ staging: same value (=A)
    `----
";
    let ascii = Style {
        unicode: false,
        quiet: true,
        ..Style::default()
    };
    let text = written("human", &settled(vec![shared()]), &ascii);
    assert!(text.starts_with(expected), "{text}");
    assert!(text.is_ascii() && !text.contains("skipped"), "{text}");
}

#[test]
fn colour_changes_nothing_but_colour() {
    let settled = settled(vec![shared(), ports()]);
    for name in ["human", "short"] {
        let plain = written(name, &settled, &Style::default());
        let style = Style {
            color: true,
            ..Style::default()
        };
        let coloured = written(name, &settled, &style);
        assert!(coloured.contains('\u{1b}') && !plain.contains('\u{1b}'));
        let mut stripped = String::new();
        for (at, part) in coloured.split('\u{1b}').enumerate() {
            let part = if at == 0 {
                part
            } else {
                part.split_once('m').unwrap().1
            };
            stripped.push_str(part);
        }
        assert_eq!(stripped, plain);
    }
}

#[test]
fn a_line_fits_the_terminal() {
    let mut long = shared();
    long.places = vec![
        place(
            "a.yml",
            7,
            &format!("key: {}⟦***⟧{}", "x".repeat(60), "y".repeat(60)),
            "too far to the right for a label",
        ),
        place("b.yml", 1234, &format!("⟦{}⟧", "z".repeat(150)), "wide"),
    ];
    for width in [60, 80, 119] {
        let style = Style {
            width,
            quiet: true,
            ..Style::default()
        };
        let text = written("human", &settled(vec![long.clone(), ports()]), &style);
        for line in text.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}\n{text}");
        }
    }
}

#[test]
fn any_text_can_be_drawn() {
    let text = "日本語: \"schön\" 👩‍🚀 e\u{301}x \\u{1b} ============ 日本語日本語日本語日本語日本語日本語日本語";
    let bounds: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    for (at, start) in bounds.iter().enumerate() {
        for end in bounds.iter().skip(at + 1).step_by(3) {
            let mut one = shared();
            for place in &mut one.places {
                place.excerpt = Some(Excerpt {
                    text: text.to_owned(),
                    mark: *start..*end,
                });
            }
            let style = Style {
                width: 40 + at,
                quiet: true,
                ..Style::default()
            };
            let drawn = written("human", &settled(vec![one]), &style);
            assert!(
                drawn.contains("production (=A)") || drawn.contains("╰──") || drawn.contains("╰─┤"),
                "{drawn}"
            );
        }
    }
}

#[test]
fn places_without_a_line_and_places_past_the_third_are_listed() {
    let mut many = shared();
    many.places = (1..=13)
        .map(|line| place("compose.yml", line, "  DB_PASSWORD: ⟦***⟧", "=A"))
        .collect();
    many.places[0].excerpt = None;
    let text = written("human", &settled(vec![many]), &Style::default());
    assert_eq!(text.matches("─[compose.yml").count(), 3, "{text}");
    assert!(
        text.contains("  at: compose.yml:1:16 =A\n      compose.yml:5:16 =A\n"),
        "{text}"
    );
    assert!(text.contains("      and 2 more\n"), "{text}");
}

#[test]
fn known_and_allowed_findings_show_only_when_asked_for() {
    let mut known = shared();
    known.status = Status::Known;
    known.shown = false;
    let mut allowed = ports();
    allowed.status = Status::Allowed(Grant {
        because: "one machine each".to_owned(),
        until: Some("2026-03-31".to_owned()),
        written: ".envguard.yml:12".to_owned(),
    });
    let mut both = settled(vec![known, allowed]);
    both.outcome = Outcome::Passed;
    let text = written("human", &both, &Style::default());
    assert!(
        !text.contains("STRIPE") && text.contains("No findings · 31 files"),
        "{text}"
    );
    assert!(
        text.contains("medium[port-repeated-in-file] (allowed): web"),
        "{text}"
    );
    assert!(
        text.contains("  allowed: one machine each until 2026-03-31 (.envguard.yml:12)\n"),
        "{text}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&written("json", &both, &Style::default())).unwrap();
    assert_eq!(json["findings"][0]["status"], "known");
    assert_eq!(json["findings"][1]["allowed"]["until"], "2026-03-31");
    assert_eq!(json["status"], "passed");
}

#[test]
fn what_was_not_read_is_said() {
    let mut settled = settled(Vec::new());
    settled.outcome = Outcome::Incomplete;
    settled.problems = vec![Unread {
        path: "prod/.env".to_owned(),
        reason: "permission denied".to_owned(),
    }];
    settled.unmatched = vec![Unmatched {
        written: ".envguard.yml:9".to_owned(),
        policy: "p".to_owned(),
        because: "old".to_owned(),
    }];
    settled.void = vec![Void {
        written: ".env:3".to_owned(),
        reason: "ended on 2026-01-01".to_owned(),
    }];
    let summary = &mut settled.summary;
    summary.elapsed = None;
    (summary.disabled, summary.off, summary.stale) = (1, 2, 4);
    let expected = "\
could not be read: prod/.env: permission denied
skipped: dump.sql: larger than 1 MiB
stale allowance: .envguard.yml:9 matches nothing of `p` any more; remove it
void allowance: .env:3 ended on 2026-01-01

No findings, and not everything could be read · 31 files, 412 facts, 22 policies (1 switched off) · 1 skipped, 3 known, 1 allowed, 2 off by path, 4 stale in the baseline
";
    assert_eq!(written("human", &settled, &Style::default()), expected);
    assert_eq!(
        written("short", &settled, &Style::default()),
        expected.replace("\n\n", "\n")
    );
}

#[test]
fn a_folder_with_nothing_to_check_says_so() {
    for name in ["human", "short"] {
        let text = written(name, &Settled::default(), &Style::default());
        assert_eq!(
            text,
            "Nothing to check: no file here is one that envguard reads.\n"
        );
    }
    let json: serde_json::Value =
        serde_json::from_str(&written("json", &Settled::default(), &Style::default())).unwrap();
    assert_eq!(
        (&json["status"], &json["summary"]["files"]),
        (&"passed".into(), &0.into())
    );
}

#[test]
fn short_is_one_line_each() {
    let style = Style {
        quiet: true,
        ..Style::default()
    };
    let expected = "\
.env.production:3:19: critical: STRIPE_SECRET_KEY holds one value in production and staging [shared-credential] (see deploy/staging/.env:12:19 staging: same value (=A))
docker-compose.prod.yml:104:13: medium: web and proxy both publish host port 80 of the same machine [port-repeated-in-file] (see docker-compose.prod.yml:104:24 again, scripts/deploy.sh:7:1 starts both)
";
    assert_eq!(
        written("short", &settled(vec![shared(), ports()]), &style),
        expected
    );
}

#[test]
fn json_has_the_promised_shape() {
    let mut one = shared();
    one.places.truncate(1);
    one.via = ports().via;
    one.edits = ports().edits;
    let text = written("json", &settled(vec![one]), &Style::default());
    assert_eq!(text, include_str!("golden/version1.json"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    struct Closed(io::ErrorKind);
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let settled = settled(vec![shared()]);
    for report in ALL {
        let write = |kind| report.write(&settled, &Style::default(), &mut Closed(kind));
        assert!(write(io::ErrorKind::BrokenPipe).is_ok(), "{}", report.name);
        assert!(
            write(io::ErrorKind::StorageFull).is_err(),
            "{}",
            report.name
        );
    }
}
