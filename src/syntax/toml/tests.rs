//! Places are drawn under the text; values and problems are compared on one line.

use super::parse;
use crate::syntax::draw::{check, outline};

fn reads(text: &str, expected: &str) {
    assert_eq!(outline(text, &parse(text)), expected, "{text}");
}

#[test]
fn keys_and_values_stand_on_their_bytes() {
    check(
        parse,
        "
            |name = \"ü\" # comment
             kkkk   vvv
            |[env.production]
              kkk kkkkkkkkkk
            |A.\"b\" = [1, {c = 2}]
             k kkk    v   k   v
            |[[rule]]
               kkkk
            |at = 2020-01-01
             kk   vvvvvvvvvv
        ",
    );
}

#[test]
fn values() {
    reads("", "{}");
    reads("a = 1\nb = 'x'\nc = true", "{a: 1, b: \"x\", c: true}");
    reads("a.b = 1\na.c = 2", "{a: {b: 1, c: 2}}");
    reads(
        "[a]\nb = 1\n[c]\n[a.d]\ne = 1",
        "{a: {b: 1, d: {e: 1}}, c: {}}",
    );
    reads(
        "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3",
        "{a: [{b: 1}, {b: 2, c: {d: 3}}]}",
    );
    reads("a = \"\"\"\nx\ny\"\"\"", "{a: |\"x\\ny\"}");
}

#[test]
fn an_error_costs_its_value_and_nothing_else() {
    reads("a = 1\nb = \nc = 3", "{a: 1, c: 3} !toml-syntax ``");
    reads("a = \"x\nc = 3", "{c: 3} !toml-syntax ``");
    reads("[e\nf = 1", "{e: {f: 1}} !toml-syntax `[e`");
    reads("a = [1,\nb = 2\n[c]\nd = 1", "{} !toml-syntax `[`");
    reads("a = foo\nb = 1", "{b: 1} !toml-syntax `foo`");
    reads("a={b=1\nc=2\n[d]\ne=1", "{} !toml-syntax `{`");
    reads("[a.]\nb = 1\n[c]\nd = 1", "{c: {d: 1}} !toml-syntax ``");
    reads("a = 1\na = 2", "{a: 1, a: 2} !duplicate-key `a`");
    reads("[a]\n[a]\nb = 1", "{a: {b: 1}} !duplicate-key `a`");
    reads("a = 1\n[a]\nb = 1", "{a: 1, a: {b: 1}} !duplicate-key `a`");
    reads("a = 1 b = 2\nc = 3", "{c: 3} !toml-syntax `1 b`");
}

#[test]
fn every_kind_of_string_key_and_table() {
    reads("a = '''x'''\r\nb = '\\'", r#"{a: |"x", b: "\\"}"#);
    reads(r#"a = "\u00fc\t""#, r#"{a: "ü\t"}"#);
    reads("\u{feff}a=1\r\n", "{a: 1}");
    reads("'a b'.\"c\" = 1_000", r#"{"a b": {"c": 1_000}}"#);
    reads(
        "a={b.c=1,d=[{e=2},\n3,]}",
        "{a: {b: {c: 1}, d: [{e: 2}, 3]}}",
    );
    reads(
        "a = 07:32:00\nb = 1e3\nc = -inf",
        "{a: 07:32:00, b: 1e3, c: -inf}",
    );
    reads("[a.b]\nc = 1\n[a]\nd = 2", "{a: {b: {c: 1}, d: 2}}");
    reads("[[a.b]]\n[[a.b.c]]\nd = 1", "{a: {b: [{c: [{d: 1}]}]}}");
}

#[test]
fn nesting_ends_at_a_limit() {
    let deep = ["[", "{a=", "{a.b="].map(|open| format!("k = {}", open.repeat(500)));
    let path = vec!["a"; 500].join(".");
    let texts = [
        format!("{path} = 1"),
        format!("[{path}]"),
        format!("[[{path}]]"),
    ];
    for text in deep.iter().chain(&texts) {
        let problems = parse(text).problems;
        let is_told = problems.iter().any(|problem| problem.code == "nesting");
        assert!(is_told, "{problems:?} {text}");
    }
}
