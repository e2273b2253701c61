//! Broken texts: what is kept, and where the problem stands.

use std::fmt::Write as _;

use super::reads;
use crate::syntax::Node;
use crate::syntax::yaml::parse;

#[test]
fn a_plain_scalar_cannot_start_like_that() {
    reads("a: @x", "{} !yaml-syntax `@`");
    reads("a: `x`", "{} !yaml-syntax ```");
    reads("a: %x", "{} !yaml-syntax `%`");
    reads("a: *", "{} !yaml-syntax `*`");
    reads("a: &", "{} !yaml-syntax `&`");
    reads("a: - b", "{} !yaml-syntax `-`");
}

#[test]
fn indentation() {
    reads("a: 1\n b: 2", "{} !yaml-syntax `:`");
    reads("a:\n  b: 1\n c: 2", "{a: {b: 1}} !yaml-syntax `c`");
    reads("a: 1\nb\nc: 2", "{a: 1} !yaml-syntax `b`");
    reads("a: b: c", "{} !yaml-syntax `:`");
    reads("a:\n\tb: c", "{} !yaml-syntax `b`");
    reads("a: |\n x\ny", "{a: |\"x\\n\"} !yaml-syntax `y`");
    reads("- a\nb: 1", "[a] !yaml-syntax `b`");
    reads("a:\n- b\n  c: 1", "{a: []} !yaml-syntax `:`");
}

#[test]
fn brackets() {
    reads("a: [1, 2\nb: 3", "{a: [1]} !yaml-syntax `:`");
    reads("a: {b: 1", "{a: {b: 1}} !yaml-syntax `{`");
    reads("a: ]", "{} !yaml-syntax `]`");
    reads("key: [a]]", "{key: [a]} !yaml-syntax `]`");
    reads(
        "os: [self, ${{ matrix.os }}]",
        "{os: [self]} !yaml-syntax `{`",
    );
}

#[test]
fn quotes() {
    reads("a: 'x\nb: 1", "{} !yaml-syntax `'`");
    reads("a: \"x\nb: \"y\"", "{} !yaml-syntax `\"`");
    reads("a: 'x' y", "{} !yaml-syntax `y`");
    reads("a: \"\\q\"", "{} !yaml-syntax `\"`");
}

#[test]
fn other_documents_are_read() {
    reads(
        "a: 1\n---\nb: [\n---\nc: 1",
        "{a: 1} --- {b: []} --- {c: 1} !yaml-syntax `[`",
    );
}

#[test]
fn what_stands_before_an_error_stays() {
    reads("a: ${X}\nb: ${Y:-a: b}\n", "{a: ${X}} !yaml-syntax `:`");
}

#[test]
fn odd_characters() {
    reads("a: !e!x 1", "{} !yaml-syntax `!`");
    reads("\u{7}", " !yaml-syntax `\u{7}`");
    reads("a: \0b", "{} !yaml-syntax `\0`");
}

#[test]
fn templates_are_not_read() {
    reads("{{- if .x }}\na: 1\n{{- end }}", " !template `{{`");
    reads(
        "a: 1\n{% for x in y %}\nb: 1\n{% endfor %}",
        " !template `{%`",
    );
    reads("a: {{ .Values.x | quote }}\nb: 1", " !template `{{`");
    reads("a: [{{ x }}]", " !template `{{`");
    reads("- {{ x }}", " !template `{{`");
    reads("{{ x }}: 1", " !template `{{`");
    reads("{# c #}\na: 1", " !template `{#`");
    reads("<% if x %>\na: 1\n<% end %>", " !template `<%`");
    reads("a: {x: {{ y }} }", " !template `{{`");
    reads("a: 1\nx: [\nb: {{ c }}", " !template `{{`");
}

#[test]
fn what_only_looks_like_a_template() {
    reads("a: x {{ y }} z\n", "{a: x {{ y }} z}");
    reads("a: <%= x %>\n", "{a: <%= x %>}");
    reads("a: {? {b: 1} : c}", "{a: {{b: 1}: c}}");
    reads("# {{ c }}\na: [", "{a: []} !yaml-syntax `[`");
    reads(
        "a: |\n  {{ x }}\nb: [",
        "{a: |\"{{ x }}\\n\", b: []} !yaml-syntax `[`",
    );
}

#[test]
fn a_problem_points_at_what_to_mend_and_quotes_nothing() {
    let say = |text: &str| parse(text).problems[0].message.clone();
    assert_eq!(say("a: 'secret\nb: 1"), "this quote is never closed");
    assert_eq!(
        say("a: @secret"),
        "a plain value cannot start with this character: quote it"
    );
    for text in [
        "a: 'hunter' hunter2",
        "hunter2\nhunter: 2",
        "a: {hunter2",
        "a: !hunter!hunter2 b",
    ] {
        assert!(!say(text).contains("hunter"), "{text}");
    }
}

#[test]
fn a_billion_laughs_end_in_a_problem() {
    let mut bomb = String::from("l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let below = format!("*l{}, ", level - 1).repeat(10);
        writeln!(bomb, "l{level}: &l{level} [{below}]").unwrap();
    }
    let tree = parse(&bomb);
    assert!(
        tree.problems
            .iter()
            .all(|problem| problem.code == "alias-budget")
    );
    assert_eq!(tree.problems[0].span.of(&bomb), "*l3");
    assert_eq!(tree.documents[0].entries().len(), 12);
}

#[test]
fn a_bomb_in_every_document_shares_one_budget() {
    let one = format!(
        "a: &a [{}]\nb: [{}]\n---\n",
        "x, ".repeat(1000),
        "*a, ".repeat(90)
    );
    let tree = parse(&one.repeat(20));
    let copied: usize = tree
        .documents
        .iter()
        .filter_map(|document| document.get("b"))
        .flat_map(Node::items)
        .map(|item| item.items().len())
        .sum();
    assert!(copied <= 100_000, "{copied}");
    assert!(
        tree.problems
            .iter()
            .any(|problem| problem.code == "alias-budget")
    );
}

#[test]
fn nesting_ends_at_a_limit() {
    let flow = "[".repeat(500);
    let block: String = (0..500).map(|depth| " ".repeat(depth) + "a:\n").collect();
    let mixed: String = (0..100)
        .map(|depth| " ".repeat(depth) + "- ")
        .collect::<String>()
        + &"[".repeat(100);
    for text in [flow, block, mixed] {
        let tree = parse(&text);
        assert_eq!(tree.problems.len(), 1, "{:?}", tree.problems);
    }
    let mut chain = String::from("l0: &l0 [x]\n");
    for link in 1..200 {
        writeln!(chain, "l{link}: &l{link} [*l{}]", link - 1).unwrap();
    }
    let tree = parse(&chain);
    assert!(
        tree.problems
            .iter()
            .any(|problem| problem.code == "alias-budget")
    );
}
