//! Source code: which environment variables a program reads, and what it does without them.
//!
//! Nothing here parses a language. A prefilter looks for the words without which there is no read; a lexer then tells
//! code from comments and texts; a table of paths per language (`process.env`, `os.environ`) finds the reads, and a few
//! steps behind each find its default. What is not written as a literal is not guessed.

mod class;
mod constant;
pub(super) mod facts;
pub(super) mod find;
mod language;
mod lex;
mod module;
mod quotes;
mod rules;
mod schema;
mod settings;
mod skips;
mod symbols;
mod table;
mod tags;
mod tail;
mod taken;
pub(super) mod tokens;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Claim, Format, Input, Output};
use crate::model::file::Nature;
use crate::model::{Lines, Str};
use crate::value::wordlist;
use language::Language;
pub use symbols::SYMBOLS;
use tokens::Tokens;

pub static CODE: Format = Format {
    name: "code",
    doc: "source code in JavaScript, TypeScript, Python, Go, Ruby, PHP, Java, Kotlin, Scala, C#, Rust and Elixir, for \
          the environment variables it reads",
    nature: Nature::Program,
    beside: false,
    claims,
    parse,
};

/// A line of this many bytes was written by a machine.
const LONGEST_LINE: usize = 5000;

/// Whether a path is that of a source file of one's own, in a language that is read.
pub fn is_source(path: &str) -> bool {
    language_of(path).is_some()
}

/// The lines (from 1) that hold more than a comment; `None` in a language that is not read.
pub(super) fn lines_of_code(extension: &str, text: &str, lines: &Lines) -> Option<BTreeSet<u32>> {
    let tokens = Tokens::of(text, Language::of(extension)?);
    let spans = (0..tokens.len()).map(|at| tokens.span(at));
    let each = spans.flat_map(|span| lines.line(span.start)..=lines.line(span.end));
    Some(each.collect())
}

fn claims(path: &str) -> Claim {
    match language_of(path) {
        Some(_) => Claim::IfText(mentions_environment),
        None => Claim::No,
    }
}

fn language_of(path: &str) -> Option<Language> {
    let (_, extension) = path.rsplit_once('.')?;
    Language::of(extension).filter(|_| !is_foreign(path))
}

/// Folders of packages, bundles and generated sources, between blanks.
const FOREIGN: &str = "\
    node_modules vendor vendors third_party third-party bower_components site-packages dist .next .nuxt .output \
    .svelte-kit .venv venv __pycache__ target deps Pods .yarn generated __generated__ gen";
const MADE: &str = "\
    .min.js .bundle.js .d.ts .pb.go _pb2.py _pb2_grpc.py .generated.ts .gen.ts .gen.go .Designer.cs .g.cs \
    _generated.go .chunk.js";

/// Written by others or by a machine: installed packages, bundles, generated sources.
fn is_foreign(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let foreign = |folder: &str| FOREIGN.split_ascii_whitespace().any(|one| one == folder);
    wordlist::ends(MADE, name) || folders.split('/').any(foreign)
}

/// One of these stands in every text that reads a variable of the environment.
static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::new([
        ".env",
        "environ",
        "getenv",
        "Getenv",
        "ENV[",
        "ENV.",
        "env(",
        "Env(",
        "env.",
        "GetEnvironmentVariable",
        "LookupEnv",
        "_env",
        "env::",
        "env!",
        "decouple",
        "BaseSettings",
        "@Value",
        "envconfig",
        "env:\"",
        "createEnv",
        "cleanEnv",
        "onfigService",
        "viper.",
        "sys.env",
        "EnvOr",
        "Env<",
        "env_",
    ])
    .ok()
});

fn mentions_environment(text: &str) -> bool {
    WORDS.as_ref().is_some_and(|words| words.is_match(text)) || mentions_flags(text)
}

/// A table of feature flags for each environment may stand here.
fn mentions_flags(text: &str) -> bool {
    text.contains("production") && (text.contains("eature") || text.contains("lag"))
}

fn parse(input: &Input) -> Output {
    let mut output = Output::default();
    let Some(language) = Language::of(input.file.ext()) else {
        return output;
    };
    if is_generated(input.text) {
        return output;
    }
    let tokens = Tokens::of(input.text, language);
    let mut reads = find::reads(&tokens);
    match language {
        Language::JavaScript | Language::TypeScript => reads.extend(schema::reads(&tokens)),
        Language::Python => reads.extend(settings::reads(&tokens)),
        Language::Go | Language::Java | Language::Kotlin | Language::Rust => {
            reads.extend(tags::reads(&tokens));
        }
        _ => {}
    }
    reads.sort_by_key(|read| read.key);
    for read in &reads {
        facts::push(input, language.name(), read, &mut output.facts);
    }
    if mentions_flags(input.text) {
        output.facts.extend(table::flags(input, &tokens));
    }
    let module = module::env(&input.file.path, input.lexicon);
    let classes = match language {
        Language::Python => class::environments(input.text, input.lexicon),
        _ => Vec::new(),
    };
    for fact in &mut output.facts {
        let class = classes.iter().find(|class| class.holds(fact.span));
        let class = class.map(|class| (class.env, "a class of settings of that name"));
        if let Some((env, reason)) = class.or(module) {
            fact.env = Some(env);
            fact.env_reason = Str::from(reason);
        }
    }
    output
}

/// Bundled or generated: nobody mends a default in there.
pub(super) fn is_generated(text: &str) -> bool {
    let head = text.get(..text.len().min(600)).unwrap_or_default();
    let says = [
        "@generated",
        "DO NOT EDIT",
        "Code generated by",
        "<auto-generated",
    ];
    says.iter().any(|word| head.contains(word))
        || text.split('\n').any(|line| line.len() > LONGEST_LINE)
}
