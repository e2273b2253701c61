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
