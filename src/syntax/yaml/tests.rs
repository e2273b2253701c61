//! Places are drawn under the text; values and problems are compared on one line.

use super::parse;
use crate::syntax::draw::{check, outline};

fn draws(picture: &str) {
    check(parse, picture);
}

fn reads(text: &str, expected: &str) {
    assert_eq!(outline(text, &parse(text)), expected, "{text}");
}

#[test]
fn keys_and_values_stand_on_their_bytes() {
    draws(
        "
            |services:
             kkkkkkkk
            |  wéb:   # comment
               kkk
            |    image: 'a:1'  # comment
                 kkkkk  vvvvv
            |    ports:
                 kkkkk
            |    - 80:80
                   vvvvv
            |    - \"ü\"
                   vvv
            |    -
                  o
            |    env: {A: 1, B: , C}
                 kkk   k  v  k o  ko
            |    empty:  # comment
                 kkkkk o
        ",
    );
}

#[test]
fn values() {
    reads("a: 1\nb: '1'\nc: ~\nd:\n", "{a: 1, b: \"1\", c: ~, d: ~}");
    reads("a: &x 1\nb: *x", "{a: 1, b: 1}");
    reads(
        "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  a: 3\n",
        "{x: {a: 1, b: 2}, y: {a: 3, <b: 2}}",
    );
    reads(
        "a: !reset null\nb: !override [1]",
        "{a: !reset ~, b: !override [1]}",
    );
    reads("a: 1\na: 2", "{a: 1, a: 2} !duplicate-key `a`");
    reads("a: 1\nb: [1, 2\nc: 3\n", "{a: 1, b: [1]} !yaml-syntax `:`");
    reads("a: {{ x }}", " !template `{{`");
}
