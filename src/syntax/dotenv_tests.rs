//! Small texts with what is read from them: every entry as `name`, separator and the bytes under its spans.

#![allow(clippy::format_push_string, reason = "a drawing reads better that way")]

use super::*;

/// `export NAME=‹raw›`, then what differs from the raw text: `→decoded`, `{references}`, `#comment`; problems as
/// `!code‹bytes›`.
fn drawn(text: &str) -> String {
    let document = parse(text);
    let entries = document.entries.iter().map(|entry| draw(text, entry));
    let problems = document
        .problems
        .iter()
        .map(|problem| format!("!{}‹{}›", problem.code, problem.span.of(text)));
    entries.chain(problems).collect::<Vec<_>>().join("; ")
}

fn draw(text: &str, entry: &Entry) -> String {
    assert_eq!(entry.key.of(text), entry.name.as_ref());
    let export = if entry.export { "export " } else { "" };
    let separator = match entry.separator {
        Separator::None => "",
        Separator::Equals => "=",
        Separator::Colon => ":",
    };
    let mut line = format!("{export}{}{separator}", entry.name);
    if !entry.is_inherited() {
        line += &format!("‹{}›", entry.raw.of(text));
    }
    let quotes = usize::from(entry.quote != Quote::None);
    assert_eq!(
        entry.raw.start as usize + quotes,
        entry.value.start as usize
    );
    if entry.text.expose() != entry.value.of(text) {
        line += &format!("→{}", entry.text.expose());
    }
    for reference in entry.references() {
        line += &format!("{{{}}}", reference.span.of(text));
        assert_eq!(reference.name_span.of(text), reference.name.as_ref());
    }
    if let Some(comment) = entry.comment {
        line += &format!(" {}", comment.of(text));
    }
    line
}

#[test]
fn every_text_is_read_as_drawn() {
    let wrong: Vec<_> = CASES
        .iter()
        .map(|(text, expected)| (text, drawn(text), expected))
        .filter(|(_, got, expected)| got != *expected)
        .map(|(text, got, expected)| {
            format!("{text:?}\n  got      {got:?}\n  expected {expected:?}")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

const CASES: &[(&str, &str)] = &[
    ("", ""),
    ("\n\n", ""),
    ("# only a comment", ""),
    ("A=1", "A=‹1›"),
    ("A=1\nB=2\n", "A=‹1›; B=‹2›"),
    ("A=", "A=‹›"),
    ("A=\n", "A=‹›"),
    ("A=\nB=2", "A=‹›; B=‹2›"),
    ("A=1\r\nB=2\r\n", "A=‹1›; B=‹2›"),
    ("A=\r\nB=\r\n", "A=‹›; B=‹›"),
    ("\u{feff}A=1", "A=‹1›"),
    ("\u{feff}# c\r\nA=1", "A=‹1›"),
    ("export A=1", "export A=‹1›"),
    ("export  A=1", "export A=‹1›"),
    ("export\tA=1", "export A=‹1›"),
    ("exported=1", "exported=‹1›"),
    ("export=1", "export=‹1›"),
    ("export", "export"),
    ("export A", "export A"),
    ("  A=1", "A=‹1›"),
    ("\tA=1", "A=‹1›"),
    ("A =1", "A=‹1›; !dotenv-name-blank‹ ›"),
    ("A= 1", "A=‹1›"),
    ("A = 1 ", "A=‹1›; !dotenv-name-blank‹ ›"),
    ("A\t=\t1\t", "A=‹1›; !dotenv-name-blank‹\t›"),
    ("A: 1", "A:‹1›"),
    ("A:1", "A:‹1›"),
    ("A: 'x: y'", "A:‹'x: y'›"),
    ("A:\nB=1", "A:‹›; B=‹1›"),
    ("A:B=1", "A:B=‹1›; !dotenv-name‹A:B›"),
    ("URL:http://h", "URL:‹http://h›"),
    ("A: \"x\" # c", "A:‹\"x\"› # c"),
    ("A", "A"),
    ("A\nB=1", "A; B=‹1›"),
    ("A # inherited\nB=1", "A; B=‹1›"),
    ("A B\nC=1", "C=‹1›; !dotenv-syntax‹A B›"),
    ("A B=1\nC=1", "A B=‹1›; C=‹1›; !dotenv-name‹A B›"),
    ("=1\nB=2", "B=‹2›; !dotenv-name‹=1›"),
    ("1A=1", "1A=‹1›"),
    ("A-B=1", "A-B=‹1›"),
    ("A.B=1", "A.B=‹1›"),
    ("A/B=1\nC=2", "A/B=‹1›; C=‹2›; !dotenv-name‹A/B›"),
    ("A@B=1", "A@B=‹1›; !dotenv-name‹A@B›"),
    ("ÄÖ=1", "ÄÖ=‹1›"),
    ("KEY[0]=1", "KEY[0]=‹1›; !dotenv-name‹KEY[0]›"),
    ("A=a b", "A=‹a b›"),
    ("A=a=b", "A=‹a=b›"),
    ("A==", "A=‹=›"),
    ("A=1;B=2", "A=‹1;B=2›"),
    ("A=a,b", "A=‹a,b›"),
    ("A=[1,2]", "A=‹[1,2]›"),
    ("A={\"k\":\"v\"}", "A=‹{\"k\":\"v\"}›"),
    (
        "A=http://u:p@h:80/?a=b&c=d#f",
        "A=‹http://u:p@h:80/?a=b&c=d#f›",
    ),
    ("A=http://h/ #f", "A=‹http://h/› #f"),
    ("A=1 #", "A=‹1› #"),
    ("A=1 # c", "A=‹1› # c"),
    ("A=1# c", "A=‹1# c›"),
    ("A=#c", "A=‹#c›"),
    ("A= #c", "A=‹› #c"),
    ("A= # c\nB=1", "A=‹› # c; B=‹1›"),
    ("A=a\t# c", "A=‹a› # c"),
    ("A=a # c # d", "A=‹a› # c # d"),
    ("A=a # c\r\nB=1", "A=‹a› # c; B=‹1›"),
    ("A=''", "A=‹''›"),
    ("A=\"\"", "A=‹\"\"›"),
    ("A=``", "A=‹``›"),
    ("A='x'", "A=‹'x'›"),
    ("A=\"x\"", "A=‹\"x\"›"),
    ("A=`x`", "A=‹`x`›"),
    ("A=\" x \"", "A=‹\" x \"›"),
    ("A='x' # c", "A=‹'x'› # c"),
    ("A=\"x\"# c", "A=‹\"x\"› # c"),
    ("A=\"x\"y\nB=1", "A=‹\"x\"›; B=‹1›; !dotenv-trailing‹y›"),
    (
        "A=\"x\" B=\"y\"\nC=1",
        "A=‹\"x\"›; C=‹1›; !dotenv-trailing‹B=\"y\"›",
    ),
    ("A=x\"y\"", "A=‹x\"y\"›"),
    ("A='it\"s'", "A=‹'it\"s'›"),
    ("A=\"it's\"", "A=‹\"it's\"›"),
    ("A=`it's \"x\"`", "A=‹`it's \"x\"`›"),
    ("A=\"a\\nb\"", "A=‹\"a\\nb\"›→a\nb"),
    ("A=\"say \\\"hi\\\"\"", "A=‹\"say \\\"hi\\\"\"›→say \"hi\""),
    ("A='it\\'s'", "A=‹'it\\'s'›→it's"),
    ("A='a\\nb'", "A=‹'a\\nb'›"),
    ("A=\"a\\tb\\\\c\"", "A=‹\"a\\tb\\\\c\"›→a\tb\\c"),
    ("A=\"\\0101\\0\\08\"", "A=‹\"\\0101\\0\\08\"›→A\\\\8"),
    ("A=\"\\u0041\\z\"", "A=‹\"\\u0041\\z\"›"),
    ("A=a\\nb", "A=‹a\\nb›"),
    ("A=\"\\$P\"", "A=‹\"\\$P\"›→$$P"),
    ("A=\"back\\\\\"", "A=‹\"back\\\\\"›→back\\"),
    (
        "A='C:\\dir\\'",
        "A=‹'C:\\dir\\'›; !dotenv-quote‹'C:\\dir\\'›",
    ),
    ("A=`a\\`\nB=1", "A=‹`a\\`›; B=‹1›"),
    ("A=\"a\nb\"\nB=1", "A=‹\"a\nb\"›; B=‹1›"),
    ("A='a\nb'\r\nB=1", "A=‹'a\nb'›; B=‹1›"),
    ("A=`a\nb`\nB=1", "A=‹`a\nb`›; B=‹1›"),
    ("A=\"a\r\nb\"", "A=‹\"a\r\nb\"›→a\nb"),
    (
        "A=\"-----BEGIN\nabc==\n-----END\" # c\nB=1",
        "A=‹\"-----BEGIN\nabc==\n-----END\"› # c; B=‹1›",
    ),
    (
        "export A=\"x\n# no comment\ny\"",
        "export A=‹\"x\n# no comment\ny\"›",
    ),
    ("A=\"x\nB=1", "A=‹\"x›; B=‹1›; !dotenv-quote‹\"x›"),
    (
        "A='x\nB='y'\nC=1",
        "A=‹'x›; B=‹'y'›; C=‹1›; !dotenv-quote‹'x›",
    ),
    (
        "A=\"x\nB=\"y\"\nC=1",
        "A=‹\"x›; B=‹\"y\"›; C=‹1›; !dotenv-quote‹\"x›",
    ),
    ("A=\"\nB=1", "A=‹\"›; B=‹1›; !dotenv-quote‹\"›"),
    ("A='", "A=‹'›; !dotenv-quote‹'›"),
    ("A=`x\nB=1", "A=‹`x›; B=‹1›; !dotenv-quote‹`x›"),
    ("A=\"x\r\nB=1", "A=‹\"x›; B=‹1›; !dotenv-quote‹\"x›"),
    ("A=\"é\nB=ü", "A=‹\"é›; B=‹ü›; !dotenv-quote‹\"é›"),
    ("A=$P", "A=‹$P›{$P}"),
    ("A=${P}", "A=‹${P}›{${P}}"),
    ("A=${P:-d}", "A=‹${P:-d}›{${P:-d}}"),
    ("A=${P:-d} # c", "A=‹${P:-d}›{${P:-d}} # c"),
    ("A=\"${P}x\"", "A=‹\"${P}x\"›{${P}}"),
    ("A='${P}'", "A=‹'${P}'›"),
    ("A=`${P}`", "A=‹`${P}`›"),
    ("A=$$P", "A=‹$$P›"),
    ("A=$", "A=‹$›"),
    ("A=$(date)", "A=‹$(date)›"),
    ("A=${", "A=‹${›"),
    ("A=${P", "A=‹${P›"),
    (
        "A=\"a\\n${P:-x\\ty}\"",
        "A=‹\"a\\n${P:-x\\ty}\"›→a\n${P:-x\ty}{${P:-x\\ty}}",
    ),
    (
        "A=\"é\\\"${P}\\\"${Q}\"",
        "A=‹\"é\\\"${P}\\\"${Q}\"›→é\"${P}\"${Q}{${P}}{${Q}}",
    ),
    (
        "A=${P:-${Q:-${R}}}",
        "A=‹${P:-${Q:-${R}}}›{${P:-${Q:-${R}}}}{${Q:-${R}}}{${R}}",
    ),
    ("A=${P:?missing}", "A=‹${P:?missing}›{${P:?missing}}"),
    ("A=${P:+x}", "A=‹${P:+x}›{${P:+x}}"),
    (
        "A=${A:-1}\nB=$A$C",
        "A=‹${A:-1}›{${A:-1}}; B=‹$A$C›{$A}{$C}",
    ),
    ("A=${U:-d # e}", "A=‹${U:-d› # e}"),
    ("A=é", "A=‹é›"),
    ("É=\"ü\" # ö", "É=‹\"ü\"› # ö"),
    ("A='日本'\nB=語", "A=‹'日本'›; B=‹語›"),
    ("A=x\u{a0}", "A=‹x›"),
    ("A=\u{2003}x", "A=‹\u{2003}x›"),
    ("A=\u{0}", "A=‹\u{0}›"),
    ("[section]\nA=1", "A=‹1›; !dotenv-syntax‹[section]›"),
    ("; ini comment\nA=1", "A=‹1›; !dotenv-syntax‹; ini comment›"),
    ("// slashes\nA=1", "A=‹1›; !dotenv-syntax‹// slashes›"),
    ("- A=1", "- A=‹1›; !dotenv-name‹- A›"),
    (
        "<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> b",
        "A=‹1›; A=‹2›; !dotenv-syntax‹<<<<<<< HEAD›; !dotenv-name‹=======›; !dotenv-syntax‹>>>>>>> b›",
    ),
    ("{\"A\": 1}", "!dotenv-syntax‹{\"A\": 1}›"),
    ("set A=1", "set A=‹1›; !dotenv-name‹set A›"),
    ("A=1\nA=2", "A=‹1›; A=‹2›"),
    ("if=1\nthen", "if=‹1›; then"),
    ("A=1\n\u{c}\nB=2", "A=‹1›; B=‹2›"),
    ("A=x \\\ny", "A=‹x \\›; y"),
    (
        "name: value\nlist:\n  - a",
        "name:‹value›; list:‹›; !dotenv-syntax‹- a›",
    ),
];

#[test]
fn spans_stand_under_their_bytes() {
    let text = "\u{feff}# ä\r\nexport DB_ÜRL = \"p\\\"ö:${HOST:-lo\\tcal}\" # ß\r\nB='ü'";
    let document = parse(text);
    let lines = ["key", "raw", "val", "ref", "com"];
    let first = &document.entries[0];
    let spans = [
        first.key,
        first.raw,
        first.value,
        first.references()[0].span,
        first.comment.unwrap(),
    ];
    let line = text.lines().nth(1).unwrap();
    let start = text.find(line).unwrap();
    let mut picture = format!("\n    {line}\n");
    for (name, span) in lines.iter().zip(spans) {
        let columns = |at: u32| text[start..at as usize].chars().count();
        let blank = " ".repeat(columns(span.start));
        let carets = "^".repeat(columns(span.end) - columns(span.start));
        picture += &format!("{name} {blank}{carets}\n");
    }
    let expected = r#"
    export DB_ÜRL = "p\"ö:${HOST:-lo\tcal}" # ß
key        ^^^^^^
raw                 ^^^^^^^^^^^^^^^^^^^^^^^
val                  ^^^^^^^^^^^^^^^^^^^^^
ref                       ^^^^^^^^^^^^^^^^
com                                         ^^^
"#;
    assert_eq!(picture, expected);
}

/// Values as Compose computes them, `!kind` where it refuses, with `P=p` and an empty `E` in the environment.
fn computed(text: &str, dialect: Dialect) -> String {
    let lookup = |name: &str| match name {
        "P" => Some(Secret::new("p")),
        "E" => Some(Secret::default()),
        _ => None,
    };
    let evaluation = evaluate(&parse_as(text, dialect), &lookup);
    let values = evaluation
        .values
        .iter()
        .map(|assigned| format!("{}={}", assigned.name, assigned.value.expose()));
    let refusal = evaluation
        .refusal
        .map(|refusal| format!("!{:?}", refusal.kind));
    values.chain(refusal).collect::<Vec<_>>().join("|")
}

#[test]
fn compose_and_raw_have_rules_of_their_own() {
    let compose = [
        ("A", "=A"),
        ("A\nP\nE\n", "P=p|E="),
        ("export P\n", "P=p"),
        ("A= # c", "A=# c"),
        ("A=a\t# c", "A=a\t# c"),
        ("A=`x`", "A=`x`"),
        ("A=\"x\"y\n", "A=x"),
        ("A=\"x\" P=2", "A=x|P=2"),
        ("A=1\nA=${A}2", "A=1|A=12"),
        ("P=q\nA=$P", "P=q|A=p"),
        ("A=${P:+1}${E:+2}${E+3}", "A=13"),
        ("A='$P'", "A=$P"),
        ("A=\"\\$P $$P\"", "A=$P $P"),
        ("A B=1\nC=1", "C=1|!EnvFile"),
        ("A=\"x\nC=1", "A=x|C=1|!EnvFile"),
        ("A/B=1\nC=${", "C=${|!EnvFile"),
        ("C=${\nA/B=1", "C=${|!Interpolation"),
        ("A=${U:?why}\nB=1", "A=|B=1|!Required"),
        ("[x]\nA=1", "A=1"),
        ("=1", "=1"),
    ];
    for (text, expected) in compose {
        assert_eq!(computed(text, Dialect::Compose), expected, "{text:?}");
    }
    let raw = [
        ("A=$P # c \r\n", "A=$P # c "),
        ("  A='x'\n# c\n\nB", "A='x'"),
        ("P", "P=p"),
        ("A =1\nB=2", "B=2|!EnvFile"),
        ("=1", "!EnvFile"),
        ("A=1=2\t", "A=1=2\t"),
    ];
    for (text, expected) in raw {
        assert_eq!(computed(text, Dialect::Raw), expected, "{text:?}");
    }
}

#[test]
fn values_that_feed_on_each_other_end() {
    let mut text = "A0=xxxxxxxxxxxxxxxx\n".to_owned();
    for at in 0..64 {
        text += &format!("A{}=$A{at}$A{at}$A{at}$A{at}\n", at + 1);
    }
    let got = evaluate(&parse_as(&text, Dialect::Compose), &|_| None);
    assert_eq!(got.refusal.unwrap().kind, RefusalKind::TooLarge);
}

#[test]
fn broken_texts_never_panic_and_spans_fit() {
    let texts: Vec<_> = CASES.iter().map(|(text, _)| *text).collect();
    let joined = texts.join("\n");
    let starts = joined.char_indices().map(|(at, _)| at);
    for at in starts.step_by(3) {
        let text = &joined[at..].chars().take(200).collect::<String>();
        for dialect in [Dialect::Common, Dialect::Compose, Dialect::Raw] {
            let document = parse_as(text, dialect);
            for entry in &document.entries {
                assert_eq!(entry.key.of(text), entry.name.as_ref());
                assert!(
                    text.get(entry.raw.start as usize..entry.raw.end as usize)
                        .is_some()
                );
            }
            let _ = evaluate(&document, &|_| None);
        }
    }
}
