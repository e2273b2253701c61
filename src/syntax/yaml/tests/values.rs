//! Values as they are read, all on one line.

use super::reads;

#[test]
fn merge_keys() {
    reads("<<: 1", "{} !merge-key `1`");
    reads(
        "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc:\n  <<: [*a, *b]\n  z: 3",
        "{a: {x: 1}, b: {x: 2, y: 2}, c: {z: 3, <x: 1, <y: 2}}",
    );
    reads(
        "a: &a {x: 1, y: 1}\nc:\n  x: 0\n  <<: *a",
        "{a: {x: 1, y: 1}, c: {x: 0, <y: 1}}",
    );
    reads(
        "a: &a {x: 1}\nb: &b\n  <<: *a\n  y: 2\nc:\n  <<: *b",
        "{a: {x: 1}, b: {y: 2, <x: 1}, c: {<y: 2, <x: 1}}",
    );
    reads(
        "a: &a {x: 1}\nb: {<<: *a, <<: {y: 2}}",
        "{a: {x: 1}, b: {<x: 1, <y: 2}} !duplicate-key `<<`",
    );
    reads(
        "a: &a {x: 1, x: 2}\nb: {<<: *a}",
        "{a: {x: 1, x: 2}, b: {<x: 2}} !duplicate-key `x`",
    );
    reads("'<<': {a: 1}", "{\"<<\": {a: 1}}");
    reads("<<: {a: 1}", "{<a: 1}");
    reads(
        "b: {<<: *nope, c: 1}",
        "{b: {c: 1}} !undefined-alias `*nope`",
    );
    reads(
        "b: {<<: [*nope, {d: 1}], c: 1}",
        "{b: {c: 1, <d: 1}} !undefined-alias `*nope`",
    );
    reads("b: {<<: ~}", "{b: {}}");
    reads("b: {<<: [1, {d: 1}]}", "{b: {}} !merge-key `[1, {d: 1}]`");
    reads("b:\n  <<:\n    x: 1", "{b: {<x: 1}}");
}

#[test]
fn anchors_and_aliases() {
    reads("a: *nope\nb: 1", "{a: ~, b: 1} !undefined-alias `*nope`");
    reads(
        "a: &a [*a, 1]\nb: *a",
        "{a: [~, 1], b: [~, 1]} !alias-cycle `*a`",
    );
    reads("a: &x 1\nb: &x 2\nc: *x", "{a: 1, b: 2, c: 2}");
    reads("&k key: 1\n*k : 2", "{key: 1, key: 2} !duplicate-key `*k`");
    reads("a: &x\nb: *x", "{a: ~, b: ~}");
    reads("a: &x # c\n  - 1\nb: *x", "{a: [1], b: [1]}");
    reads("a: &x !t {b: c}\nd: *x", "{a: !t {b: c}, d: !t {b: c}}");
}

#[test]
fn documents() {
    reads("--- 1\n---\n2\n...\n---\n", "1 --- 2 --- ~");
    reads(
        "a: &x 1\n---\nb: *x",
        "{a: 1} --- {b: ~} !undefined-alias `*x`",
    );
    reads("%YAML 1.2\n---\na: 1", "{a: 1}");
    reads("# only\n", "");
    reads("", "");
    reads("\u{feff}", "");
    reads("~", "~");
    reads("null", "~");
    reads("---", "~");
    reads("text", "text");
    reads("...\na: 1", "{a: 1}");
}

#[test]
fn block_scalars() {
    reads("a: |\n  x\n  y\n", "{a: |\"x\\ny\\n\"}");
    reads("a: |-\n  x\n", "{a: |\"x\"}");
    reads("a: |+\n  x\n\n", "{a: |\"x\\n\\n\"}");
    reads("a: >\n  x\n  y\n\n  z\n", "{a: |\"x y\\nz\\n\"}");
    reads("a: |2\n    x\n", "{a: |\"  x\\n\"}");
    reads("a: >-\n  x\n", "{a: |\"x\"}");
    reads("a: |\nb: 1", "{a: |\"\", b: 1}");
    reads("- |\n x\n- >\n y", "[|\"x\\n\", |\"y\\n\"]");
}

#[test]
fn quoted_and_folded_scalars() {
    reads("a: 'it''s'", "{a: \"it's\"}");
    reads("a: \"x\\n\\u00fc\"", "{a: \"x\\nü\"}");
    reads("a: 'x\n  y'", "{a: \"x y\"}");
    reads("a: x\n  y", "{a: x y}");
    reads("a: \"x\\\n  y\"", "{a: \"xy\"}");
}

#[test]
fn tags() {
    reads(
        "a: !!str 1\nb: !!str\nc: ! 1\nd: !!int 1\ne: !vault |\n  x\nf: !<x:y> 1\ng: !!binary abc\nh: !reset\ni: !override\n  - 1",
        "{a: 1, b: , c: 1, d: 1, e: !vault |\"x\\n\", f: !<x:y> 1, g: !!binary abc, h: !reset ~, i: !override [1]}",
    );
}

#[test]
fn unusual_keys() {
    reads(
        "null: 1\n~: 2\n'': 3\n: 4",
        "{null: 1, ~: 2, \"\": 3, ~: 4}",
    );
    reads("? a\n? b\n: c", "{a: ~, b: c}");
    reads("? [a, b]\n: c", "{[a, b]: c}");
    reads("? |\n  x\n: y", "{|\"x\\n\": y}");
    reads("1: a\n'1': b", "{1: a, \"1\": b} !duplicate-key `'1'`");
    reads("a\u{feff}: 1", "{a\u{feff}: 1}");
}

#[test]
fn plain_scalars_keep_their_text() {
    reads(
        "on: push\nyes: no\na: 010\nb: 0x1f\nc: 22:22\nd: 1_000\ne: .5\nf: 2020-01-01\ng: NULL",
        "{on: push, yes: no, a: 010, b: 0x1f, c: 22:22, d: 1_000, e: .5, f: 2020-01-01, g: ~}",
    );
    reads(
        "a: ${Y:-x}/{{ y }}\nb: http://x:80/#y",
        "{a: ${Y:-x}/{{ y }}, b: http://x:80/#y}",
    );
    reads("a: \"{{ x }}\"", "{a: \"{{ x }}\"}");
    reads("cmd: echo ${{ a }} # c", "{cmd: echo ${{ a }}}");
    reads("a: b#c", "{a: b#c}");
    reads("a:b", "a:b");
    reads("a: &x 1 &y 2", "{a: 1 &y 2}");
}

#[test]
fn collections() {
    reads(
        "[a, b: c, {d: , e, \"f\":g}, ]",
        "[a, {b: c}, {d: ~, e: ~, \"f\": g}]",
    );
    reads("{a: [1, [2]], b: {}, c: []}", "{a: [1, [2]], b: {}, c: []}");
    reads("a: [\n  1, # c\n  2\n]\nb: 1", "{a: [1, 2], b: 1}");
    reads("{\"a\":1,'b':2}", "{\"a\": 1, \"b\": 2}");
    reads(
        "- - 1\n  - 2\n- a: 1\n  b: 2\n-\n  - 3",
        "[[1, 2], {a: 1, b: 2}, [3]]",
    );
}

#[test]
fn duplicate_keys() {
    reads(
        "a: 1\na: 2\na: 3",
        "{a: 1, a: 2, a: 3} !duplicate-key `a` !duplicate-key `a`",
    );
    reads("a: {b: 1, b: 2}", "{a: {b: 1, b: 2}} !duplicate-key `b`");
}
