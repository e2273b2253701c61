//! Places are drawn under the text; values and problems are compared on one line.

mod errors;
mod values;

use super::parse;
use crate::syntax::Node;
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
fn absent_values_stand_behind_their_mark() {
    draws(
        "
            |a:   # comment
             k o
            |b :
             k  o
            |c: &anchor  # comment
             k         o
            |d: !reset  # comment
             k        o
            |? e
               ko
            |? f  # comment
               k
            |: # comment
              o
            |g: [h: , i]
             k   k o  v
        ",
    );
}

#[test]
fn absent_items_stand_behind_their_dash() {
    draws(
        "
            |j:
             k
            |  -  # comment - with a dash
                o
            |  # comment
            |  - x
                 v
            |  -
                o
            |k:
             k
            |-
              o
            |- y
               v
            |l: &l # comment
             k
            |- # comment
              o
            |- z
               v
        ",
    );
}

#[test]
fn block_scalars_run_from_their_first_to_their_last_word() {
    draws(
        "
            |a: |
             k
            |   one
                vvv
            |     two # no comment
             vvvvvvvvvvvvvvvvvvvvv
            |
            |b: >2-  # comment
             k
            |    three
               vvvvvvv
            |c: |
             k o
            |d: !vault |+
             k
            |  four
               vvvv
            |
            |
            |e: |
             k o
        ",
    );
}

#[test]
fn scalars_over_several_lines() {
    draws(
        "
            |a: one
             k  vvv
            |  two  # comment
             vvvvv
            |b: \"three \\
             k  vvvvvvvv
            |  four\"  # comment
             vvvvvvv
            |c: 'five
             k  vvvvv
            |
            |  six'
             vvvvvv
        ",
    );
}

#[test]
fn anchors_and_tags_are_not_part_of_the_value() {
    draws(
        "
            |x-base: &base !t {a: 1}
             kkkkkk            k  v
            |&k key: &v value
                kkk     vvvvv
            |b: *base
             k  *****
            |*k : [*v, *nope]
             !!    **  !!!!!
            |c:
             k
            |  <<: *base
            |  d: 1
               k  v
        ",
    );
}

#[test]
fn tabs_multibyte_text_and_flow_over_lines() {
    draws(
        "
            |ключ:\t\"знач\"\t# комментарий
             kkkk  vvvvvv
            |日本: [語,
             kk   v
            |  '🎉', {é: ü}]  # ß
               vvv   k  v
        ",
    );
}

#[test]
fn a_problem_stands_where_to_mend() {
    draws(
        "
            |a: 1
             k  v
            |b: \"open
                !
            |c: 2
        ",
    );
    draws(
        "
            |a: [1, 2
             k  !v
            |
        ",
    );
}

/// Collections: `(text, path, the bytes of what the path leads to)`.
#[test]
fn collections_run_from_their_first_key_to_their_last_value() {
    let at = |text: &str, path: &[&str]| -> String {
        let tree = parse(text);
        let step = |node: &Node, key: &&str| match key.parse::<usize>() {
            Ok(index) => node.items()[index].clone(),
            Err(_) => node.get(key).unwrap().clone(),
        };
        let node = path
            .iter()
            .fold(tree.documents[0].clone(), |node, key| step(&node, key));
        node.span.of(text).to_owned()
    };
    let text =
        "a:\n  b: 1\n  c:\n  - 2 # c\n  - 3 # c\n\nd: {e: 4} # c\nf: &x !t\n  g: 5\nh: [\n]\n";
    assert_eq!(at(text, &[]), text.trim_end());
    assert_eq!(at(text, &["a"]), "b: 1\n  c:\n  - 2 # c\n  - 3");
    assert_eq!(at(text, &["a", "c"]), "- 2 # c\n  - 3");
    assert_eq!(at(text, &["d"]), "{e: 4}");
    assert_eq!(at(text, &["f"]), "g: 5");
    assert_eq!(at(text, &["h"]), "[\n]");
    assert_eq!(at("[a, b: c]", &["1"]), "b: c");
    assert_eq!(at("- - a\n  - b\n- c", &["0"]), "- a\n  - b");
    assert_eq!(at("a:\n  b:\n  c:  # c\n", &["a"]), "b:\n  c:");
    assert_eq!(at("a: &a\n  x: 1\nb:\n  c: *a\n", &["b"]), "c: *a");
}

#[test]
fn merged_entries_know_the_alias_that_brought_them() {
    let text = "x: &x {a: 1}\ny: &y {<<: *x}\nz: {<<: *y, b: 2}\n";
    let tree = parse(text);
    let merged = tree.documents[0].get("z").unwrap().entry("a").unwrap();
    assert!(merged.merged);
    assert_eq!(merged.value.span.of(text), "1");
    assert_eq!(merged.value.place().of(text), "*y");
    assert_eq!(merged.key.place().of(text), "*y");
}
