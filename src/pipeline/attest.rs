//! Statements of the configuration about the world outside of the repository, as facts that policies can ask for.

use std::sync::Arc;

use crate::config::date::Date;
use crate::config::{Attestation, Config};
use crate::model::schema::attestation;
use crate::model::{Document, Fact, File, Lines, Str, Value};

/// The configuration file as a document that holds its attestations; `None` where it has none.
pub fn document(config: &Config, today: Date) -> Option<Document> {
    let source = config.source.as_ref()?;
    if config.attestations.is_empty() {
        return None;
    }
    let file = Arc::new(File::at(&source.name));
    let facts = config.attestations.iter();
    Some(Document {
        lines: Arc::new(Lines::of(&source.text)),
        text: Str::from(&*source.text),
        facts: facts.map(|one| fact(&file, one, today)).collect(),
        problems: Vec::new(),
        file,
    })
}

fn fact(file: &Arc<File>, one: &Attestation, today: Date) -> Fact {
    let age = one.done.map(|done| today.days_since(done));
    let mut fact = Fact::new(attestation::KIND, file, one.at.span, one.at.span)
        .with(attestation::ITEM, one.item.as_str())
        .with(
            attestation::EXPIRED,
            one.until.is_some_and(|until| until < today),
        )
        .with(attestation::AGE_DAYS, age.map_or(Value::Absent, Value::Int));
    if let Some(env) = one.env {
        fact.env = Some(env);
        fact.env_reason = Str::from("configuration: attestations[].env");
    }
    fact
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::model::{Env, Val};
    use crate::policy::diagnostic::Source;

    #[test]
    fn an_attestation_ages_and_expires() {
        let text = "attestations:\n  - {item: rotation, env: prod, done: 2025-11-01, valid_for: 90d}\n  - {item: drill, until: 2026-02-01}\n";
        let (config, mistakes) = config::load(&Source::new(".envguard.yml", text));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let on = |day: &str| document(&config, Date::parse(day).unwrap()).unwrap();
        let said = |document: &Document| -> Vec<_> {
            let facts = document.facts.iter();
            facts
                .map(|fact| {
                    (
                        fact.get(attestation::EXPIRED),
                        fact.get(attestation::AGE_DAYS),
                    )
                })
                .map(|(expired, age)| (expired == Val::Bool(true), age == Val::Absent))
                .collect()
        };
        assert_eq!(said(&on("2026-01-30")), [(false, false), (false, true)]);
        assert_eq!(said(&on("2026-01-31")), [(true, false), (false, true)]);
        let document = on("2026-02-02");
        assert_eq!(said(&document), [(true, false), (true, true)]);
        let first = &document.facts[0];
        assert_eq!(first.get(attestation::AGE_DAYS), Val::Int(93));
        assert_eq!(first.env, Some(Env::PRODUCTION));
        assert!(
            first.span.of(text).starts_with("{item: rotation"),
            "{}",
            first.span.of(text)
        );
    }
}
