//! Templates as drawn trees, and values for one set of variables.

use super::*;

/// Literals as they are, `$$` as `§`, references as `‹name op operand›`, refused starts as `!`.
fn drawn(text: &str) -> String {
    draw(&Template::parse(text), text)
}

fn draw(template: &Template, text: &str) -> String {
    let part = |part: &Part| match part {
        Part::Literal { at } => at.of(text).to_owned(),
        Part::Dollar { .. } => "§".to_owned(),
        Part::Invalid { span, .. } => format!("!{}!", span.of(text)),
        Part::Reference(reference) => {
            assert_eq!(reference.name_span.of(text), reference.name.as_ref());
            let op = reference.op.as_ref().map(|op| {
                let mark = match op.kind {
                    OpKind::Default => "-",
                    OpKind::Required => "?",
                    OpKind::Alternative => "+",
                };
                let colon = if op.or_empty { ":" } else { "" };
                assert_eq!(op.span, op.at);
                format!("{colon}{mark}{}", draw(&op.operand, text))
            });
            format!("‹{}{}›", reference.name, op.unwrap_or_default())
        }
    };
    template.parts.iter().map(part).collect()
}

const READ: &[(&str, &str)] = &[
    ("", ""),
    ("plain é", "plain é"),
    ("$A", "‹A›"),
    ("$A_1b-c", "‹A_1b›-c"),
    ("${A}", "‹A›"),
    ("$$A", "§A"),
    ("$$$A", "§‹A›"),
    ("$", "$"),
    ("$ A $1 $(x) $-", "$ A $1 $(x) $-"),
    ("${A:-d}", "‹A:-d›"),
    ("${A-d}", "‹A-d›"),
    ("${A:?e}", "‹A:?e›"),
    ("${A?}", "‹A?›"),
    ("${A:+a}", "‹A:+a›"),
    ("${A+a}", "‹A+a›"),
    ("${A:-}", "‹A:-›"),
    ("x${A:-é}y", "x‹A:-é›y"),
    ("${A:-${B:-${C}}}", "‹A:-‹B:-‹C›››"),
    ("${A:-x}${B:-y}", "‹A:-x›‹B:-y›"),
    ("${A:-x} ${B:-y} }", "‹A:-x› ‹B:-y› }"),
    ("${A:-$B$$}", "‹A:-‹B›§›"),
    ("${A-b:-c}", "‹A-b:-c›"),
    ("${A:-{\"k\":1}}", "‹A:-{\"k\":1}›"),
    ("${A:-{}}", "‹A:-{}›"),
    ("${A:-a\n}", "!${A:-a!A:-a\n}"),
    ("${A:-a\n${B:-c}", "!${A:-a!A:-a\n‹B:-c›"),
    ("${", "!${!"),
    ("${}", "!${}!}"),
    ("${A", "!${A!A"),
    ("${A b}", "!${A b}!A b}"),
    ("${1}", "!${1}!1}"),
    ("${A:=b}", "!${A:=b}!A:=b}"),
    ("${A/b/c}", "!${A/b/c}!A/b/c}"),
    ("${A.b:-c}", "!${A.b:-c}!A.b:-c}"),
    ("${A:-${B}", "‹A:-!${B!B›"),
    ("é${ü}", "é!${ü}!ü}"),
];

#[test]
fn texts_are_read_as_drawn() {
    for (text, expected) in READ {
        // An invalid start is drawn twice: what the problem underlines, then what is kept as text.
        assert_eq!(drawn(text), *expected, "{text}");
    }
}

/// Template, value, outcomes.
const VALUES: &[(&str, &str, &str)] = &[
    ("$S-$U", "set-", "Value Unset"),
    ("${S:-d}${E:-d}${U:-d}", "setdd", "Value Fallback Fallback"),
    ("${S-d}${E-d}${U-d}", "setd", "Value Value Fallback"),
    ("${S:+a}${E:+a}${U:+a}", "a", "Alternative Nothing Nothing"),
    (
        "${S+a}${E+a}${U+a}",
        "aa",
        "Alternative Alternative Nothing",
    ),
    ("${S:?x}${S?x}${E?x}", "setset", "Value Value Value"),
    ("${E:?x}y", "y!Required", "Missing"),
    ("${U?x}y", "y!Required", "Missing"),
    ("${U:-${S}${V:-w}}", "setw", "Fallback Value Fallback"),
    ("${S:-${U:?x}}", "set", "Value"),
    ("a$$S", "a$S", ""),
    ("${ x", "${ x!Interpolation", ""),
    ("${S:-${}", "set", "Value"),
];

#[test]
fn values_follow_the_rules_and_outcomes_say_which() {
    let lookup = |name: &str| match name {
        "S" => Some(Secret::new("set")),
        "E" => Some(Secret::default()),
        _ => None,
    };
    for (text, expected, outcomes) in VALUES {
        let got = Template::parse(text).evaluate(text, &lookup);
        let refusal = got
            .refusal
            .as_ref()
            .map(|refusal| format!("!{:?}", refusal.kind));
        let used: Vec<_> = got
            .used
            .iter()
            .map(|used| format!("{:?}", used.outcome))
            .collect();
        assert_eq!(
            format!("{}{}", got.text.expose(), refusal.unwrap_or_default()),
            *expected,
            "{text}"
        );
        assert_eq!(used.join(" "), *outcomes, "{text}");
    }
}

#[test]
fn spans_follow_a_decoded_value_back_to_its_bytes() {
    let cases = [
        ("k: ${A}é$B", "${A}é$B", "${A} $B"),
        ("k: \"${A:-x}$B\"", "${A:-x}$B", "${A:-x} $B"),
        ("k: \"\\té${A:-x}\\n$B\"", "\té${A:-x}\n$B", "${A:-x} $B"),
        ("k: >-\n  a ${A}\n  b $B", "a ${A} b $B", "${A} $B"),
        ("k: 'it''s $A'", "it's $A", "$A"),
    ];
    for (source, decoded, expected) in cases {
        let span = Span::new(3, source.len());
        let offsets = Offsets::aligned(decoded, source, span);
        let template = Template::parse_in(decoded, &offsets);
        let places: Vec<_> = template
            .references()
            .iter()
            .map(|reference| reference.span.of(source))
            .collect();
        assert_eq!(places.join(" "), expected, "{source}");
    }
}

#[test]
fn hostile_texts_stay_cheap() {
    for text in [
        "${A:-".repeat(30_000) + "}",
        "${A:-".repeat(30_000) + &"}".repeat(30_000),
        "${A:-{ ".repeat(30_000) + "}",
        "${".repeat(60_000),
        "$A".repeat(60_000),
    ] {
        let template = Template::parse(&text);
        let big = Secret::new("x".repeat(30_000));
        let got = template.evaluate(&text, &|_| Some(big.clone()));
        assert!(got.text.expose().len() <= LONGEST);
        assert!(template.problems().len() <= text.len());
    }
}
