//! Markdown: no text of a repository becomes markup, a link, a cell or a mention.

use super::samples::{finding, mixed, settled};
use super::written;
use envguard::model::Severity;
use envguard::model::settled::Settled;

#[test]
fn texts_do_nothing_but_say_themselves() {
    let text = written("markdown", &mixed());
    for live in ["<b>", "@team", "#12", "[x](", "<script"] {
        let lines = text.lines().filter(|line| line.contains(live));
        assert_eq!(lines.count(), 0, "{live} in\n{text}");
    }
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("| **"))
        .collect();
    assert_eq!(rows.len(), 5);
    for row in rows {
        let cells = row.replace("\\|", "");
        assert_eq!(cells.matches('|').count(), 4, "{row}");
    }
}

#[test]
fn it_says_how_it_ended_where_and_what_changed() {
    let text = written("markdown", &mixed());
    assert!(
        text.starts_with("## envguard: 3 new findings: 1 critical, 1 medium, 1 low, and"),
        "{text}"
    );
    assert!(text.contains("| production | 2 | 1 | 1 | 1 |"), "{text}");
    assert!(
        text.contains("Compared with `main`: 3 new, 2 resolved, 0 known."),
        "{text}"
    );
    assert!(text.contains("**could not be read**"), "{text}");
    let mut other = mixed();
    let with = |with: &str, settled: &mut Settled| {
        settled.compared.as_mut().unwrap().with = with.to_owned();
        written("markdown", settled)
    };
    let text = with(&"0a1b2c3d".repeat(5), &mut other);
    assert!(
        text.contains("Compared with `0a1b2c3d0a1b`: 3 new"),
        "{text}"
    );
    let text = with("nothing", &mut other);
    assert!(
        text.contains("There was nothing to compare with: 3 new"),
        "{text}"
    );
}

#[test]
fn a_long_report_fits_a_comment() {
    let all = (1..=500).map(|at| finding("p", Severity::High, at));
    let mut all: Vec<_> = all.collect();
    for one in &mut all {
        one.message =
            "X has the same value in production, development; give each its own".to_owned();
    }
    let text = written("markdown", &settled(all));
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.contains("and 400 milder findings"));
}

#[test]
fn nothing_to_tell_is_short() {
    let text = written("markdown", &Settled::default());
    assert!(text.starts_with("## envguard: No findings\n"), "{text}");
    assert!(text.lines().count() < 5, "{text}");
}
