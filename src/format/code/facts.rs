//! A read as facts: the `var.read` itself, and what its default holds as a `var` of origin `code_default`, from which
//! addresses, databases and images follow as from any other value.

use crate::model::schema::{Kind, var, var_read};
use crate::model::{Fact, Field, Secret, Span, Val, Value};
use crate::value::binding;
use crate::value::vendor::injected_by;

use super::super::Input;
use super::find::Read;
use super::tokens::Instead;

/// Adds the facts of one read.
pub(in crate::format) fn push(input: &Input, lang: &str, read: &Read, facts: &mut Vec<Fact>) {
    let source = if lang == "shell" { "script" } else { "code" };
    let default = match &read.instead {
        Instead::Literal { value, span } => Some(default_of(input, read, source, (value, *span))),
        _ => None,
    };
    let span = default.as_ref().map_or(read.key, |default| default.span);
    let required = matches!(read.instead, Instead::Nothing | Instead::Failure);
    let mut fact = Fact::new(Kind::var_read, input.file, read.key, span)
        .with(var_read::NAME, read.name.as_str())
        .with(var_read::REQUIRED, required)
        .with(var_read::DEMANDED, read.instead == Instead::Failure)
        .with(var_read::DEFINED, false)
        .with(var_read::PROVIDED, injected_by(&read.name).is_some())
        .with(var_read::NAME_ENV, input.lexicon.words.in_name(&read.name))
        .with(
            var_read::ANY_TEXT_IS_TRUE,
            is_emptiness(input.text, lang, read),
        )
        .with(var_read::LANG, lang);
    let compared = read.compared.as_deref();
    fact.set(
        var_read::COMPARED,
        compared
            .and_then(|text| input.lexicon.words.named(text))
            .into(),
    );
    if let Some(default) = &default {
        describe(&mut fact, default);
    } else {
        fact.set(var_read::SENSITIVE, Value::Bool(false));
        fact.set(var_read::STRENGTH, Value::Word("none"));
    }
    facts.push(fact);
    facts.extend(default);
}

/// Python's `bool` right around a read of the environment asks only whether there is a text.
fn is_emptiness(text: &str, lang: &str, read: &Read) -> bool {
    let before = text.get(..read.key.start as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let call = [
        "os.environ.get(",
        "os.getenv(",
        "os.environ[",
        "environ.get(",
        "getenv(",
    ];
    lang == "python"
        && call.iter().any(|call| {
            let head = line.trim_end_matches(['"', '\'']).strip_suffix(call);
            head.is_some_and(|head| {
                head.strip_suffix("bool(")
                    .is_some_and(|head| !head.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            })
        })
}

fn default_of(
    input: &Input,
    read: &Read,
    source: &'static str,
    (value, span): (&str, Span),
) -> Fact {
    let mut fact = Fact::new(Kind::var, input.file, read.key, span)
        .with(var::NAME, read.name.as_str())
        .with(var::VALUE, Secret::new(value))
        .with(var::HAS_FALLBACK, false);
    fact.set(var::SOURCE, Value::Word(source));
    fact.set(var::ORIGIN, Value::Word("code_default"));
    binding::describe(&mut fact, input.lexicon);
    fact
}

/// What is said of the default is said of the read as well.
fn describe(fact: &mut Fact, default: &Fact) {
    let pairs: [(Field, Field); 5] = [
        (var_read::DEFAULT, var::VALUE),
        (var_read::DEFAULT_KIND, var::VALUE_KIND),
        (var_read::DEFAULT_ENV, var::VALUE_ENV),
        (var_read::SENSITIVE, var::SENSITIVE),
        (var_read::STRENGTH, var::STRENGTH),
    ];
    for (to, from) in pairs {
        let value = match default.get(from) {
            Val::Secret(secret) => Value::Secret(secret.clone()),
            Val::Word(word) => Value::Word(word),
            Val::Env(env) => Value::Env(env),
            Val::Bool(flag) => Value::Bool(flag),
            _ => Value::Absent,
        };
        fact.set(to, value);
    }
}
