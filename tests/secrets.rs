//! No report prints a secret: random ones are put wherever a fact, a finding or a comment could carry them, and every
//! format is searched for them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::sync::Arc;

use envguard::config::date::Date;
use envguard::format::{self, Input};
use envguard::model::finding::{Edit, Via};
use envguard::model::schema::{command, var};
use envguard::model::settled::{PolicyCard, Settled, Unread};
use envguard::model::wants::Nobody;
use envguard::model::{
    Document, EnvSet, Environments, Fact, File, Finding, Kind, Lines, Place, Secret, Severity,
    Span, Str, Value,
};
use envguard::pipeline::{self, By, Listed};
use envguard::report;
use envguard::settle::{Options, Run, inventory, settle};
use envguard::value::Lexicon;
use envguard::view;

#[test]
fn no_format_prints_a_secret() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..200 {
        let secret = random.secret();
        let told = everything(&document(&secret), &secret);
        assert!(told.contains("holds ***"), "{told}");
        assert!(!told.contains(&secret), "{secret} in {told}");
    }
}

/// The baseline that is written, the configuration that is shown and the exceptions that are told: a secret stands in
/// names, comments, reasons and conditions.
#[test]
fn no_exception_and_no_setting_shows_a_secret() {
    let mut random = Random(11);
    for _ in 0..12 {
        let secret = [random.word(), random.word(), random.word(), random.word()].concat();
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in with_exceptions(&secret) {
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        let request = pipeline::Request {
            from: pipeline::From::Paths(vec![folder.path().to_owned()]),
            config: pipeline::ConfigFrom::Tree,
            exclude: Vec::new(),
            include_ignored: true,
            history: false,
            today: Date::parse("2026-02-01").unwrap(),
        };
        let settled = pipeline::check(&request, &pipeline::Ask::default()).unwrap();
        assert!(
            settled.summary.allowed > 0 && settled.void.len() > 2,
            "{settled:?}"
        );
        assert!(!settled.unmatched.is_empty(), "{settled:?}");
        let mut told = format!("{settled:?}").into_bytes();
        for format in report::ALL {
            let style = report::Style::default();
            format.write(&settled, &style, &mut told).unwrap();
        }
        let mut told = String::from_utf8(told).unwrap();
        let written = pipeline::baseline(&request, pipeline::Change::Write).unwrap();
        assert!(written.entries > 2, "{}", written.text);
        told.push_str(&written.text);
        let understood = pipeline::understand(&request).unwrap();
        for setting in pipeline::effective(&understood) {
            told.push_str(&setting.value);
        }
        told.push_str(&views(&understood));
        told.push_str(&context(&request, &secret));
        assert!(!told.contains(&secret), "{secret} in {told}");
    }
}

fn context(request: &pipeline::Request, secret: &str) -> String {
    let around = pipeline::Around {
        named: None,
        variables: vec![("API_KEY".to_owned(), Secret::new(secret))],
    };
    let context = pipeline::context(request, &around).unwrap();
    assert!(!context.warnings.is_empty(), "{context:?}");
    let mut told = format!("{context:?}{}", view::context::json(&context)).into_bytes();
    view::context::banner(&context, &view::Style::default(), &mut told).unwrap();
    let tables = view::context::tables(&context);
    for format in view::ALL {
        (format.render)(&tables, &view::Style::default(), &mut told).unwrap();
    }
    String::from_utf8(told).unwrap()
}

/// Every view in every format.
fn views(understood: &pipeline::Understood) -> String {
    let by = [By::Variable, By::Vendor, By::Resource]
        .map(|by| pipeline::matrix(understood, by).unwrap());
    let listed = [Listed::ByVariable, Listed::ByFile];
    let listed = listed.map(|by| pipeline::inventory(understood, by));
    let mut told = Vec::new();
    for one in by.iter().chain(&listed) {
        for format in view::ALL {
            (format.render)(one, &view::Style::default(), &mut told).unwrap();
        }
    }
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("DB_PASSWORD"), "{told}");
    told
}

fn with_exceptions(secret: &str) -> [(&'static str, String); 2] {
    [
        (
            ".env.production",
            format!(
                "API_KEY={secret} # envguard: allow committed-env-secret -- it is {secret}\n\
                 # envguard: allow {secret} -- why not\n\
                 # envguard: allow committed-env-secret -- {secret} until={secret}\n\
                 OTHER_{secret}={secret}\n\
                 DB_PASSWORD={secret}\n\
                 DEBUG=true # envguard: allow prod-debug-on -- {secret} until=2026-01-31\n"
            ),
        ),
        (
            ".envguard.yml",
            format!(
                "allow:\n\
                 - {{policy: prod-debug-on, match: {{value: {secret}}}, because: {secret}, owner: {secret}}}\n\
                 attestations:\n\
                 - {{item: {secret}, done: 2026-01-01, evidence: {secret}}}\n\
                 vendors: {{acme: '{secret}_*'}}\n"
            ),
        ),
    ]
}

/// Env files as people write them, read by the real reader, with a finding on every fact.
#[test]
fn no_line_of_an_env_file_shows_a_secret() {
    let mut random = Random(7);
    for round in 0..120 {
        let secret = random.word();
        let lines = written(&secret);
        let (one, other) = (round % lines.len(), (round * 5 + 3) % lines.len());
        let text = [&lines[one], "DEBUG=1", &lines[other], ""].join("\n");
        let document = read(&text);
        let told = told(&document, on_every_fact(&document), "");
        assert!(!told.contains(&secret), "{secret} of\n{text}\nin\n{told}");
        assert!(told.contains("DEBUG=1\n"), "{told}");
    }
}

/// The ways in which people write a secret into an env file.
fn written(secret: &str) -> [String; 8] {
    [
        format!("A={secret}"),
        format!("export DB_PASSWORD='{secret}' # {secret}"),
        format!("URL=\"http://{secret}@localhost:80/{secret}\"; # {secret}"),
        format!("KEY=\"-----BEGIN\n{secret}\nlast\" #{secret}"),
        format!("DSN=postgres://u:${{DB_PASSWORD:-{secret}}}@h/${{DB:-{secret}}}"),
        format!("T=${{T:-${{U:-{secret}}}}}{secret}${{V?{secret}}}"),
        format!("  SPACED = {secret} and {secret}#{secret}"),
        format!("X=\u{1b}[31m{secret}\\n\"{secret}\""),
    ]
}

fn read(text: &str) -> Document {
    let lexicon = Lexicon::new(Environments::default());
    let dotenv = format::ALL
        .iter()
        .find(|format| format.name == "dotenv")
        .unwrap();
    let file = Arc::new(File::at(".env.production"));
    let read = (dotenv.parse)(&Input {
        file: &file,
        text,
        lexicon: &lexicon,
        wants: &Nobody,
    });
    Document {
        file,
        lines: Arc::new(Lines::of(text)),
        text: text.into(),
        facts: read.facts,
        problems: read.problems,
    }
}

fn on_every_fact(document: &Document) -> Vec<Finding> {
    let mut finding = leaky(document, "X");
    document
        .facts
        .iter()
        .flat_map(|fact| [fact.key, fact.span])
        .map(|span| {
            finding.primary.span = span;
            finding.clone()
        })
        .collect()
}

/// Every format of every report over one finding that quotes the secret in all its texts.
fn everything(document: &Document, secret: &str) -> String {
    told(document, vec![leaky(document, secret)], secret)
}

fn told(document: &Document, findings: Vec<Finding>, secret: &str) -> String {
    let environments = Environments::default();
    let documents = [document.clone()];
    let card = card(secret);
    let run = Run {
        documents: &documents,
        facts: &document.facts,
        environments: &environments,
        policies: 1,
        idle: 0,
        cards: &[card],
        problems: vec![Unread {
            path: "x".to_owned(),
            reason: format!("near {secret}"),
        }],
        skipped: Vec::new(),
    };
    let options = Options {
        root: ".",
        focus: &|_| true,
        new_anywhere: false,
        fail_on: Some(Severity::Low),
        all: true,
        shown_only: false,
        allowances: &[],
        void: &[],
        known: &|_| false,
    };
    let settled = settle(findings, &run, &options);
    let mut out = format!("{settled:?}").into_bytes();
    reported(&settled, &mut out);
    let rows = inventory(&document.facts, &documents, &environments, &|_| true);
    for format in report::FACTS_FORMATS {
        (format.render)(&rows, &mut out).unwrap();
    }
    String::from_utf8(out).unwrap()
}

fn reported(settled: &Settled, out: &mut Vec<u8>) {
    for format in report::ALL {
        for color in [false, true] {
            let style = report::Style {
                color,
                ..report::Style::default()
            };
            format.write(settled, &style, out).unwrap();
        }
    }
}

fn card(secret: &str) -> PolicyCard {
    PolicyCard {
        id: "p".into(),
        title: format!("about {secret}"),
        why: format!("why\n{secret}"),
        fix: Some(format!("write {secret}")),
        ..PolicyCard::default()
    }
}

/// A key, a quoted password, a setting with a comment, and a command that repeats the secret.
fn document(secret: &str) -> Document {
    let text = format!(
        "API_KEY={secret}\nDB_PASSWORD=\"{secret}\"\nNAME=x # {secret}\nrun --with {secret}\n"
    );
    let file = Arc::new(File::at(".env.production"));
    let spot = |at: &str, len: usize| {
        let start = text.find(at).unwrap();
        Span::new(start, start + len)
    };
    let binding = |name: &str, value: &str, quotes: usize, sensitive: bool| {
        let key = spot(name, name.len());
        let start = key.end as usize + 1;
        let written = Span::new(start, start + value.len() + quotes);
        let mut fact = Fact::new(Kind::var, &file, key, written)
            .with(var::NAME, name)
            .with(var::VALUE, Secret::new(value))
            .with(var::SENSITIVE, sensitive);
        let kind = if sensitive { "secret" } else { "text" };
        fact.set(var::VALUE_KIND, Value::Word(kind));
        fact
    };
    let line = spot("run", "run --with ".len() + secret.len());
    let facts = vec![
        binding("API_KEY", secret, 0, true),
        binding("DB_PASSWORD", secret, 2, true),
        binding("NAME", "x", 0, false),
        Fact::new(Kind::command, &file, line, line)
            .with(command::TEXT, format!("run --with {secret}")),
    ];
    Document {
        file,
        lines: Arc::new(Lines::of(&text)),
        text: text.into(),
        facts,
        problems: Vec::new(),
    }
}

fn leaky(document: &Document, secret: &str) -> Finding {
    let place = |fact: usize, label: String| Place {
        file: Arc::clone(&document.file),
        span: document.facts[fact].span,
        label,
    };
    Finding {
        policy: "p".into(),
        row: None,
        severity: Severity::High,
        message: format!("API_KEY={secret}; it is {secret}"),
        why: format!("because\nof {secret}").into(),
        fix: Some(format!("replace {secret}").into()),
        edits: vec![Edit {
            path: ".env.production".into(),
            span: None,
            text: format!("X={secret}"),
        }],
        subject: vec![Str::from("var"), Str::from("API_KEY")],
        value_kind: Some("secret"),
        envs: EnvSet::EMPTY,
        primary: place(0, format!("holds {secret}")),
        related: (1..document.facts.len())
            .map(|fact| place(fact, String::new()))
            .collect(),
        via: vec![Via {
            file: Arc::clone(&document.file),
            span: document.facts[0].key,
            text: format!("carries {secret}").into(),
        }],
        facts: vec![0, 1],
    }
}

/// A small generator of its own (SplitMix64): the same secrets in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (end as u64)).unwrap()
    }

    fn secret(&mut self) -> String {
        let alphabet: Vec<char> = "abcXYZ0189!$%&*+-/:;<>?@[]^_{|}~\"\\'éß日"
            .chars()
            .collect();
        self.of(&alphabet)
    }

    /// Letters and digits only: no quoting of any notation changes it.
    fn word(&mut self) -> String {
        self.of(&('a'..='z').chain('0'..='9').collect::<Vec<char>>())
    }

    fn of(&mut self, alphabet: &[char]) -> String {
        let length = 5 + self.below(40);
        let tail: String = (0..length)
            .map(|_| alphabet[self.below(alphabet.len())])
            .collect();
        format!("q{tail}w")
    }
}
