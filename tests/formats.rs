//! Small texts and the facts they give, as pictures: `tests/formats/*.txt`. Lines that start with `|` are input, the
//! rest is written by `BLESS=1`: under a line `k` marks a key's bytes, `v` a value's,
//! `f` a fallback's inside of it, `!` a problem's.
//! The same texts, cut, mutated and with other line endings, show that parsing never panics and never leaks.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use envguard::format::{self, Format, Input, Output};
use envguard::model::schema::var;
use envguard::model::wants::Nobody;
use envguard::model::{Environments, Fact, File, Kind, Problem, Span, Val};
use envguard::value::Lexicon;

struct Case {
    title: String,
    path: String,
    text: String,
}

/// The files of pictures, and how many each has to hold at least.
const PICTURES: &[(&str, usize)] = &[
    ("dotenv", 100),
    ("compose", 100),
    ("dockerfile", 30),
    ("code-javascript", 20),
    ("code-python", 10),
    ("code-go", 4),
    ("code-ruby", 2),
    ("code-php", 2),
    ("code-jvm", 3),
    ("code-csharp", 1),
    ("code-rust", 2),
    ("code-elixir", 1),
    ("code-shell", 3),
    ("code-flags", 3),
    ("markdown", 3),
    ("workflow", 30),
    ("kubernetes", 30),
    ("settings", 15),
    ("platform", 25),
    ("gitlab", 12),
    ("other-pipelines", 6),
];

/// Signs that stand for bytes an editor would spoil.
const SIGNS: [(&str, &str); 5] = [
    ("␍", "\r"),
    ("␉", "\t"),
    ("⍽", "\u{feff}"),
    ("␀", "\0"),
    ("␛", "\u{1b}"),
];

#[test]
fn every_picture_is_what_the_format_reads() {
    for (name, least) in PICTURES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/formats/{name}.txt"));
        let written = std::fs::read_to_string(&path).unwrap();
        let cases = cases(&written);
        assert!(cases.len() >= *least, "{name}: only {} cases", cases.len());
        let drawn: String = cases.iter().map(draw).collect();
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, drawn).unwrap();
        } else {
            let expected = cases_text(&written);
            let got = cases_text(&drawn);
            for (expected, got) in expected.iter().zip(&got) {
                assert!(
                    expected == got,
                    "{name}, expected:\n{expected}\ngot:\n{got}"
                );
            }
        }
    }
}

#[test]
fn line_endings_change_no_fact() {
    let lexicon = Lexicon::new(Environments::default());
    for case in all_cases() {
        let unix = case.text.replace("\r\n", "\n");
        if unix.contains('\r') {
            continue;
        }
        let windows = unix.replace('\n', "\r\n");
        let (one, other) = (
            read(&case.path, &unix, &lexicon),
            read(&case.path, &windows, &lexicon),
        );
        let plain = |output: &Output, text: &str| -> Vec<String> {
            let facts = output
                .facts
                .iter()
                .map(|fact| fields(fact) + fact.key.of(text).trim_end());
            let problems = output
                .problems
                .iter()
                .map(|problem| problem.code.to_owned());
            facts
                .chain(problems)
                .map(|line| line.replace("\\r\\n", "\\n"))
                .collect()
        };
        assert_eq!(
            plain(&one, &unix),
            plain(&other, &windows),
            "{}",
            case.title
        );
    }
}

#[test]
fn cut_and_mutated_texts_never_panic() {
    let lexicon = Lexicon::new(Environments::default());
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for case in all_cases() {
        for (at, _) in case.text.char_indices() {
            read(&case.path, &case.text[..at], &lexicon);
        }
        for _ in 0..40 {
            let text = dice.mutate(&case.text);
            let output = read(&case.path, &text, &lexicon);
            let spans = output.facts.iter().flat_map(|fact| [fact.key, fact.span]);
            for span in spans.chain(output.problems.iter().map(|problem| problem.span)) {
                let range = span.start as usize..span.end as usize;
                assert!(text.get(range).is_some(), "{span:?} does not fit {text:?}");
            }
        }
    }
}

#[test]
fn no_secret_leaves_its_field() {
    let lexicon = Lexicon::new(Environments::default());
    // Only texts that cannot stand there by another right.
    let unusual = |text: &str| text.len() >= 6 && text.bytes().any(|b| b.is_ascii_digit());
    let mut seen = 0;
    for case in all_cases() {
        let output = read(&case.path, &case.text, &lexicon);
        let shown: String = output
            .facts
            .iter()
            .map(|fact| format!("{fact:?} {}", strings(fact)))
            .chain(output.problems.iter().map(|problem| format!("{problem:?}")))
            .collect();
        for fact in output.facts.iter().filter(|fact| fact.kind == Kind::var) {
            let literal = matches!(
                fact.get(var::VALUE_KIND),
                Val::Word("secret" | "dsn" | "default_value")
            );
            let secret = fact.text(var::VALUE);
            if literal && fact.get(var::SENSITIVE) == Val::Bool(true) && unusual(secret) {
                seen += 1;
                assert!(!shown.contains(secret), "{}: {shown}", case.title);
            }
        }
    }
    assert!(seen > 20, "{seen} secrets looked for");
}

/// A small deterministic generator: the run is the same everywhere.
struct Dice(u64);

/// What a mutation puts in, between blanks; `⏎` is a line break.
const PIECES: &str = "${ } $ : - \" ' ⏎ ␍⏎ ␉ é 漢 🔑 = # [ ] { &a *a << !reset :// @";

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap()
    }

    fn mutate(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.roll(3) {
            let at = self.roll(chars.len() + 1);
            match self.roll(3) {
                0 => {
                    let piece = PIECES.split(' ').nth(self.roll(24)).unwrap_or_default();
                    let piece = piece
                        .replace('⏎', "\n")
                        .replace('␍', "\r")
                        .replace('␉', "\t");
                    chars.splice(at..at, piece.chars());
                }
                1 => {
                    let end = (at + self.roll(6)).min(chars.len());
                    chars.drain(at..end);
                }
                _ => {
                    let end = (at + self.roll(20)).min(chars.len());
                    let copy: Vec<char> = chars[at..end].to_vec();
                    let to = self.roll(chars.len() + 1);
                    chars.splice(to..to, copy);
                }
            }
        }
        chars.into_iter().collect()
    }
}

fn all_cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    PICTURES
        .iter()
        .map(|(name, _)| folder.join(format!("{name}.txt")))
        .flat_map(|path| cases(&std::fs::read_to_string(path).unwrap()))
        .collect()
}

fn cases(written: &str) -> Vec<Case> {
    cases_text(written).iter().map(|text| case(text)).collect()
}

fn cases_text(written: &str) -> Vec<String> {
    // A line of a text may hold the sign, too.
    format!("\n{written}")
        .split("\n=== ")
        .skip(1)
        .map(|text| text.trim_end().to_owned())
        .collect()
}

fn case(text: &str) -> Case {
    let mut lines = text.lines();
    let (title, path) = lines
        .next()
        .unwrap()
        .rsplit_once(" @ ")
        .expect("title @ path");
    let input: Vec<&str> = lines.filter_map(|line| line.strip_prefix('|')).collect();
    let mut text = input.join("\n");
    for (sign, byte) in SIGNS {
        text = text.replace(sign, byte);
    }
    Case {
        title: title.to_owned(),
        path: path.to_owned(),
        text,
    }
}

fn format_of(path: &str, text: &str) -> &'static Format {
    format::readers(path, text, &Nobody)
        .first()
        .copied()
        .unwrap_or(&format::dotenv::DOTENV)
}

/// `format:path` asks one of several readers.
fn read(path: &str, text: &str, lexicon: &Lexicon) -> Output {
    let (format, path) = match path.split_once(':') {
        Some((name, path)) => {
            let mut all = format::ALL.iter().copied();
            (all.find(|format| format.name == name).unwrap(), path)
        }
        None => (format_of(path, text), path),
    };
    let file = Arc::new(File {
        format: format.name,
        ..File::at(path)
    });
    (format.parse)(&Input {
        file: &file,
        text,
        lexicon,
        wants: &Nobody,
    })
}

fn draw(case: &Case) -> String {
    let lexicon = Lexicon::new(Environments::default());
    let output = read(&case.path, &case.text, &lexicon);
    let mut out = format!("=== {} @ {}\n", case.title, case.path);
    let mut start = 0;
    for line in case.text.split('\n') {
        let shown = SIGNS.iter().fold(line.to_owned(), |text, (sign, byte)| {
            text.replace(byte, sign)
        });
        writeln!(out, "|{shown}").unwrap();
        let marks = marks(&output, start, line);
        if !marks.is_empty() {
            writeln!(out, " {marks}").unwrap();
        }
        start += line.len() + 1;
    }
    for fact in &output.facts {
        writeln!(out, "{}", fields(fact)).unwrap();
    }
    for problem in &output.problems {
        writeln!(out, "! {}: {}", problem.code, problem.message).unwrap();
    }
    out.push('\n');
    out
}

fn marks(output: &Output, start: usize, line: &str) -> String {
    let mut marks: Vec<char> = Vec::new();
    for (at, _) in line.char_indices() {
        let here = u32::try_from(start + at).unwrap();
        let within = |span: &Span| span.contains(here);
        let is_problem = |problem: &Problem| within(&problem.span);
        marks.push(if output.problems.iter().any(is_problem) {
            '!'
        } else if output
            .facts
            .iter()
            .any(|fact| within(&fact.span) && is_inner(&output.facts, fact))
        {
            'f'
        } else if output.facts.iter().any(|fact| within(&fact.span)) {
            'v'
        } else if output.facts.iter().any(|fact| within(&fact.key)) {
            'k'
        } else {
            ' '
        });
    }
    marks.iter().collect::<String>().trim_end().to_owned()
}

/// A fallback that stands inside of a value.
fn is_inner(facts: &[Fact], fact: &Fact) -> bool {
    facts.iter().any(|other| {
        other.span != fact.span
            && other.span.start <= fact.span.start
            && fact.span.end <= other.span.end
    })
}

/// Kind and every field that says something.
fn fields(fact: &Fact) -> String {
    let mut out = fact.kind.name().to_owned();
    for field in fact.kind.fields().filter(|field| field.kind.is_some()) {
        let name = field.schema().name;
        let value = match fact.get(field) {
            Val::Absent | Val::Bool(false) | Val::Word("none" | "value") => continue,
            Val::Str(_) | Val::Word(_) if name == "source" => continue,
            // The vendor catalogue has tests of its own.
            _ if name == "length" || name.starts_with("vendor") => continue,
            Val::Bool(true) => String::new(),
            Val::Secret(secret) if secret.is_empty() => continue,
            Val::Secret(secret) => format!("={:?}", secret.expose()),
            Val::Str(text) if text.is_empty() || text.contains(char::is_whitespace) => {
                format!("={text:?}")
            }
            Val::Str(text) | Val::Word(text) => format!("={text}"),
            Val::Int(number) => format!("={number}"),
            Val::Env(env) => format!("={env:?}"),
            Val::List(items) => format!("={items:?}"),
        };
        write!(out, " {name}{value}").unwrap();
    }
    // What the section says; the path is asked elsewhere.
    if let Some(env) = fact.env {
        write!(out, " env={env:?}").unwrap();
    }
    out
}

/// Every field that may be printed.
fn strings(fact: &Fact) -> String {
    fact.kind
        .fields()
        .filter_map(|field| match fact.get(field) {
            Val::Str(text) | Val::Word(text) => Some(text.to_owned()),
            Val::List(items) => Some(items.join(" ")),
            _ => None,
        })
        .collect::<Vec<_>>()
        .join(" ")
}
