//! Message templates: text with the fields of a fact and a few words of the finding in braces, all checked at load.

use super::diagnostic::{At, Diagnostic};
use super::suggest::did_you_mean;
use crate::model::harmless::is_harmless;
use crate::model::{Environments, Fact, Field, Kind, Val};

/// A checked message.
#[derive(Clone, Debug, Default)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// With what stands there where the fact lacks the field.
    Field(Field, Option<String>),
    /// With what stands there where the word says nothing.
    Word(Word, Option<String>),
}

/// What a finding knows beside the fields of its fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Its environments, most exposed first.
    Envs,
    /// Where else it is.
    Places,
    /// The different values of `agree`.
    Values,
    /// The values of `agree`, each with where it holds.
    Sides,
    /// The shared value of `differ`.
    Value,
    /// The partition of `parity`.
    Here,
    Missing,
    Extra,
    Count,
    Each,
    Note,
}

impl Word {
    const ALL: [(&'static str, Self); 11] = [
        ("envs", Self::Envs),
        ("places", Self::Places),
        ("values", Self::Values),
        ("sides", Self::Sides),
        ("value", Self::Value),
        ("here", Self::Here),
        ("missing", Self::Missing),
        ("extra", Self::Extra),
        ("count", Self::Count),
        ("each", Self::Each),
        ("note", Self::Note),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, word)| *word == self)
            .map_or("", |(name, _)| name)
    }
}

/// What the words stand for in one finding; a word that its assertion does not offer is empty.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub envs: String,
    pub places: String,
    pub values: String,
    pub sides: String,
    pub value: String,
    pub here: String,
    pub missing: String,
    pub extra: String,
    pub count: usize,
    pub each: String,
    pub note: String,
}

impl Template {
    /// Checks a message for facts of one kind; `words` are those the assertion offers and win over fields.
    pub fn compile(text: &str, at: &At, kind: Kind, words: &[Word]) -> Result<Self, Diagnostic> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((open, before)) = next_brace(rest) {
            push_text(&mut parts, before);
            rest = rest.get(before.len() + open.len()..).unwrap_or_default();
            if open != "{" {
                // `{{` and `}}` are braces, and a lone `}` is itself.
                push_text(&mut parts, &open[..1]);
                continue;
            }
            let Some((name, after)) = rest.split_once('}') else {
                let title = "message has a `{` without `}`";
                let problem = Diagnostic::error("P012", at.clone(), title);
                return Err(problem.label("for a brace write {{"));
            };
            parts.push(part(name, kind, words, at)?);
            rest = after;
        }
        push_text(&mut parts, rest);
        Ok(Self { parts })
    }

    /// True when the message says this word itself.
    pub fn says(&self, word: Word) -> bool {
        self.parts
            .iter()
            .any(|part| matches!(part, Part::Word(said, _) if *said == word))
    }

    pub fn render(&self, fact: &Fact, environments: &Environments, words: &Words) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Field(field, other) => match (fact.get(*field), other) {
                    (Val::Absent, Some(other)) => out.push_str(other),
                    (value, _) => out.push_str(&shown(value, environments)),
                },
                Part::Word(word, other) => match (words.get(*word), other) {
                    (text, Some(other)) if text.is_empty() => out.push_str(other),
                    (text, _) => out.push_str(&text),
                },
            }
        }
        out
    }
}

impl Words {
    fn get(&self, word: Word) -> std::borrow::Cow<'_, str> {
        let text = match word {
            Word::Envs => &self.envs,
            Word::Places => &self.places,
            Word::Values => &self.values,
            Word::Sides => &self.sides,
            Word::Value => &self.value,
            Word::Here => &self.here,
            Word::Missing => &self.missing,
            Word::Extra => &self.extra,
            Word::Each => &self.each,
            Word::Note => &self.note,
            Word::Count => return self.count.to_string().into(),
        };
        text.as_str().into()
    }
}

/// A value as messages show it: secrets only where nothing about them is secret.
pub fn shown(value: Val<'_>, environments: &Environments) -> String {
    match value {
        Val::Absent => "(none)".to_owned(),
        Val::Str(text) | Val::Word(text) => text.to_owned(),
        Val::Secret(secret) if is_harmless(secret.expose()) => secret.expose().to_owned(),
        Val::Secret(_) => "***".to_owned(),
        Val::Int(number) => number.to_string(),
        Val::Bool(flag) => flag.to_string(),
        Val::Env(env) => environments.name(env).to_owned(),
        Val::List(items) => items.join(", "),
    }
}

/// The first few of a list, and how many more there are.
pub fn few(items: &[String], most: usize) -> String {
    let shown = items.iter().take(most).cloned().collect::<Vec<_>>();
    let more = items.len().saturating_sub(most);
    if more == 0 {
        return shown.join(", ");
    }
    format!("{} and {more} more", shown.join(", "))
}

fn next_brace(text: &str) -> Option<(&str, &str)> {
    let at = text.find(['{', '}'])?;
    let (before, rest) = text.split_at(at);
    let doubled = rest.starts_with("{{") || rest.starts_with("}}");
    rest.get(..if doubled { 2 } else { 1 })
        .map(|open| (open, before))
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

/// `{name}`, or `{name|what to say where there is none}`.
fn part(inside: &str, kind: Kind, words: &[Word], at: &At) -> Result<Part, Diagnostic> {
    let (name, other) = match inside.split_once('|') {
        Some((name, other)) => (name.trim(), Some(other.to_owned())),
        None => (inside.trim(), None),
    };
    if let Some(word) = words.iter().find(|word| word.name() == name) {
        return Ok(Part::Word(*word, other));
    }
    let Some(field) = kind.field(name) else {
        return Err(unknown(name, at, kind, words));
    };
    if other.is_some() && !field.schema().optional {
        let title = format!("`{name}` is never absent on `{}`", kind.name());
        let problem = Diagnostic::error("P012", at.clone(), title);
        return Err(problem.label(format!("write {{{name}}}")));
    }
    Ok(Part::Field(field, other))
}

fn unknown(name: &str, at: &At, kind: Kind, words: &[Word]) -> Diagnostic {
    let known: Vec<&str> = kind
        .fields()
        .map(|field| field.schema().name)
        .chain(words.iter().map(|word| word.name()))
        .collect();
    let meant = did_you_mean(name, known.iter().copied()).map(|word| format!("{{{word}}}"));
    Diagnostic::error(
        "P012",
        at.clone(),
        format!("message uses `{{{name}}}`, which is not known here"),
    )
    .meant(meant.as_deref())
    .note(format!("known here: {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::schema::var;
    use crate::model::{File, Secret, Span};
    use crate::policy::diagnostic::Source;

    fn compile(text: &str) -> Result<Template, Diagnostic> {
        let at = At::new(&Source::new("p.yml", text), Span::new(0, text.len()));
        Template::compile(text, &at, var::KIND, &[Word::Envs])
    }

    #[test]
    fn fields_words_and_braces() {
        let fact = Fact::new(
            var::KIND,
            &Arc::new(File::at(".env")),
            Span::new(0, 1),
            Span::new(2, 3),
        )
        .with(var::NAME, "DEBUG")
        .with(var::VALUE, Secret::new("true"));
        let words = Words {
            envs: "production".to_owned(),
            ..Words::default()
        };
        let render = |text: &str, fact: &Fact| {
            compile(text)
                .unwrap()
                .render(fact, &Environments::default(), &words)
        };
        assert_eq!(
            render("{name}={value} in {envs}: {{x}} {service}", &fact),
            "DEBUG=true in production: {x} (none)"
        );
        assert_eq!(
            render("{service|the file} in { envs | x}", &fact),
            "the file in production"
        );
        let secret = fact.with(var::VALUE, Secret::new("hunter2"));
        assert_eq!(render("{value}", &secret), "***");
    }

    #[test]
    fn unknown_words_are_errors() {
        let problem = compile("{nmae} is on").unwrap_err();
        assert_eq!(
            (problem.code, problem.label.as_str()),
            ("P012", "did you mean `{name}`?")
        );
        assert_eq!(
            compile("{name|x}").unwrap_err().title,
            "`name` is never absent on `var`"
        );
        assert_eq!(compile("{nmae|x}").unwrap_err().code, "P012");
        assert_eq!(compile("{name").unwrap_err().code, "P012");
        assert_eq!(compile("{missing}").unwrap_err().code, "P012");
    }

    #[test]
    fn long_lists_are_cut() {
        let items: Vec<String> = (1..=5).map(|at| format!("f{at}")).collect();
        assert_eq!(few(&items, 3), "f1, f2, f3 and 2 more");
        assert_eq!(few(&items[..2], 3), "f1, f2");
    }
}
