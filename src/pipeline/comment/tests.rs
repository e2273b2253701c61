//! Which comments count, and what they are understood to say.

use std::sync::Arc;

use super::*;
use crate::format::{self, Input};
use crate::model::wants::Nobody;
use crate::model::{Environments, Lines};
use crate::value::Lexicon;

fn document(path: &str, text: &str) -> Document {
    let file = Arc::new(File::at(path));
    let lexicon = Lexicon::new(Environments::default());
    let input = Input {
        file: &file,
        text,
        lexicon: &lexicon,
        wants: &Nobody,
    };
    let output = format::readers(path, text, &Nobody)
        .first()
        .map(|format| (format.parse)(&input));
    Document {
        lines: Arc::new(Lines::of(text)),
        text: text.into(),
        facts: output.map(|output| output.facts).unwrap_or_default(),
        problems: Vec::new(),
        file: Arc::clone(&file),
    }
}

fn lines(path: &str, text: &str) -> Vec<(u32, Vec<u32>)> {
    let comments = read(&document(path, text));
    comments
        .into_iter()
        .map(|one| (one.line, one.covers))
        .collect()
}

#[test]
fn a_comment_speaks_about_its_line_or_the_next_one() {
    let text = "A=1 # envguard: allow x -- y\n# envguard: allow x -- y\n# more\nB=2\n\n# envguard: allow x -- y\n\nC=3\n";
    assert_eq!(
        lines(".env", text),
        [(1, vec![1]), (2, vec![2, 4]), (6, vec![6, 7])]
    );
}

#[test]
fn every_language_has_its_comments() {
    let own = "envguard: allow x -- y";
    for (path, text) in [
        ("a.js", format!("let a = \"b\"; // {own}")),
        ("a.ts", format!("f(); /* {own} */")),
        ("a.go", format!("/*\n * {own}\n */")),
        ("a.sql", format!("select 1; -- {own}")),
        ("a.ini", format!("a = 1 ; {own}")),
        ("README.md", format!("docker compose up <!-- {own} -->")),
        ("a.yml", format!("a: it's # {own}")),
        ("a.yml", format!("a: 'b' # {own}")),
        ("Dockerfile", format!("# gitleaks:allow # {own}")),
    ] {
        let comments = read(&document(path, &text));
        let says = comments.last().map(|one| &one.says);
        assert!(
            matches!(says, Some(Says::Allow { reason, .. }) if reason == "y"),
            "{path}: {text}: {comments:?}"
        );
    }
}

#[test]
fn no_value_is_a_comment() {
    let own = "envguard: allow x -- y";
    for (path, text) in [
        (".env", format!("A=\"b # {own}\"")),
        (".env", format!("A='b\n# {own}\n'")),
        (".env", format!("A=b#{own}")),
        (".env", format!("A={own}")),
        ("a.yml", format!("a: \"b # {own}\"")),
        ("a.yml", format!("a: 'b' # see {own}")),
        ("a.js", format!("let a = \"// {own}\"")),
        ("a.js", format!("let a = `http://{own}`")),
        ("a.md", format!("# {own}")),
    ] {
        assert_eq!(lines(path, &text), [], "{path}: {text}");
    }
}

#[test]
fn several_policies_a_reason_and_a_last_day() {
    let allow = |ids: &[&str], reason: &str, until| Says::Allow {
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        reason: reason.to_owned(),
        until: Date::parse(until),
    };
    assert_eq!(
        says(" allow a, b -- demo box until=2026-01-31"),
        allow(&["a", "b"], "demo box", "2026-01-31")
    );
    assert_eq!(
        says(" allow a,b until=2026-01-31 — demo -- box."),
        allow(&["a", "b"], "demo -- box.", "2026-01-31")
    );
    assert_eq!(says("allow a -- b"), allow(&["a"], "b", ""));
}

#[test]
fn what_is_missing_is_said() {
    for (text, ids, why) in [
        ("allow a", 1, "gives no reason"),
        ("allow a, b -- until=2026-01-31", 2, "gives no reason"),
        ("allow -- because", 0, "names no policy"),
        ("allow a -- b until=soon", 1, "ends on no day"),
        ("ignore a -- b", 0, "is not understood"),
        ("", 0, "is not understood"),
    ] {
        let said = says(text);
        assert!(
            matches!(&said, Says::Mistake { ids: named, reason } if named.len() == ids && reason.starts_with(why)),
            "{text}: {said:?}"
        );
    }
}

#[test]
fn pragmas_of_secret_scanners_are_known() {
    for (text, line) in [
        ("A=1 # pragma: allowlist secret", 1),
        ("# pragma: allowlist nextline secret\nA=1", 2),
        ("A=1 # a test key, gitleaks:allow", 1),
        ("A=1 #nosec", 1),
    ] {
        let comments = read(&document(".env", text));
        assert_eq!(comments.len(), 1, "{text}");
        assert!(
            matches!(comments[0].says, Says::Pragma(_)) && comments[0].covers == [line],
            "{text}"
        );
    }
    assert_eq!(lines(".env", "A=1 # nosecret\nB=gitleaks:allow\n"), []);
}
