//! Hand-made facts, documents and findings for the tests of this stage and of the reports.

use std::sync::Arc;

use crate::model::schema::{compose_port, var};
use crate::model::{
    Document, Env, EnvSet, Fact, File, Finding, Kind, Lines, Place, Secret, Severity, Span, Str,
};

/// A var fact in a file of its own, all of whose text is the value.
pub fn var_of(name: &str, value: &str, kind: &'static str, sensitive: bool) -> Fact {
    let file = Arc::new(File::at(".env"));
    fill(
        Fact::new(Kind::var, &file, Span::new(0, 0), Span::new(0, value.len())),
        name,
        value,
        kind,
        sensitive,
    )
}

pub fn secret_var(name: &str, value: &str) -> Fact {
    var_of(name, value, "secret", true)
}

fn fill(fact: Fact, name: &str, value: &str, kind: &'static str, sensitive: bool) -> Fact {
    let words = crate::model::schema::VALUE_KINDS;
    let kind = words.iter().find(|word| **word == kind).copied();
    fact.with(var::NAME, name)
        .with(var::VALUE, Secret::new(value))
        .with(var::SENSITIVE, sensitive)
        .with_word(var::VALUE_KIND, kind.unwrap_or("text"))
        .with_word(var::STRENGTH, if sensitive { "fair" } else { "none" })
}

trait WithWord {
    fn with_word(self, field: crate::model::Field, word: &'static str) -> Self;
}

impl WithWord for Fact {
    fn with_word(mut self, field: crate::model::Field, word: &'static str) -> Self {
        self.set(field, crate::model::Value::Word(word));
        self
    }
}

/// A dotenv document: every `NAME=value` line is a var fact; names with KEY, SECRET or PASSWORD are sensitive.
pub fn dotenv(path: &str, env: Env, text: &str) -> Document {
    let mut file = File::at(path);
    file.claim = Some(crate::model::file::Claim {
        env,
        reason: Str::from("the name says so"),
    });
    let file = Arc::new(file);
    let mut facts = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        if let Some(equals) = bare.find('=').filter(|_| !bare.starts_with('#')) {
            let (name, value) = (&bare[..equals], &bare[equals + 1..]);
            let value = value.split(" #").next().unwrap_or_default();
            let sensitive = ["KEY", "SECRET", "PASSWORD"]
                .iter()
                .any(|word| name.contains(word));
            let kind = if value.starts_with("${") {
                "reference"
            } else if sensitive {
                "secret"
            } else {
                "text"
            };
            let key = Span::new(start, start + equals);
            let at = start + equals + 1;
            let fact = Fact::new(Kind::var, &file, key, Span::new(at, at + value.len()));
            facts.push(fill(fact, name, value, kind, sensitive));
        }
        start += line.len();
    }
    document(&file, text, facts)
}

/// A Compose document with a port fact on every line that holds `- "`.
pub fn compose(path: &str, text: &str) -> Document {
    let file = Arc::new(File::at(path));
    let mut facts = Vec::new();
    for (at, _) in text.match_indices("- \"") {
        let end = text[at + 3..]
            .find('"')
            .map_or(text.len(), |len| at + 4 + len);
        let span = Span::new(at + 2, end);
        facts.push(
            Fact::new(Kind::compose_port, &file, span, span).with(compose_port::SERVICE, "web"),
        );
    }
    document(&file, text, facts)
}

pub fn document(file: &Arc<File>, text: &str, facts: Vec<Fact>) -> Document {
    Document {
        file: Arc::clone(file),
        text: Str::from(text),
        lines: Arc::new(Lines::of(text)),
        facts,
        problems: Vec::new(),
    }
}

/// A place on the first occurrence of some text.
pub fn place(document: &Document, at: &str, label: &str) -> Place {
    let start = document.text.find(at).unwrap_or_default();
    Place {
        file: Arc::clone(&document.file),
        span: Span::new(start, start + at.len()),
        label: label.to_owned(),
    }
}

pub fn finding(policy: &str, severity: Severity, primary: Place, related: Vec<Place>) -> Finding {
    Finding {
        policy: Str::from(policy),
        row: None,
        severity,
        message: "m".to_owned(),
        why: Str::from("It matters."),
        fix: None,
        edits: Vec::new(),
        subject: vec![Str::from("var"), Str::from("STRIPE_KEY")],
        value_kind: None,
        envs: EnvSet::of([Env::PRODUCTION]),
        primary,
        related,
        via: Vec::new(),
        facts: Vec::new(),
    }
}
