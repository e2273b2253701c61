//! What the rest of the repository knows of a variable that code reads: whether something sets it, and whether a template
//! names it. Two passes over all facts, however many reads there are.

use std::collections::HashSet;

use crate::model::schema::{var, var_read, workflow_secret};
use crate::model::{Document, Kind, Role, Str, Value};

/// Fills `defined` and `documented` of every read, and `read` of every variable.
pub fn tell(documents: &mut [Document]) {
    let reads = |document: &Document| {
        document
            .facts
            .iter()
            .any(|fact| fact.kind == Kind::var_read)
    };
    if !documents.iter().any(reads) {
        return;
    }
    let read = read(documents);
    let defined = defined(documents);
    let documented = documented(documents);
    for fact in documents
        .iter_mut()
        .flat_map(|document| &mut document.facts)
    {
        if fact.kind == Kind::var {
            let is_read = read.contains(fact.text(var::NAME));
            fact.set(var::READ, Value::Bool(is_read));
        }
        if fact.kind != Kind::var_read {
            continue;
        }
        let name = fact.text(var_read::NAME).to_owned();
        fact.set(
            var_read::DEFINED,
            Value::Bool(defined.contains(name.as_str())),
        );
        if let Some(names) = &documented {
            fact.set(
                var_read::DOCUMENTED,
                Value::Bool(names.contains(name.as_str())),
            );
        }
    }
}

/// Names that code reads, tests left out.
fn read(documents: &[Document]) -> HashSet<Str> {
    let real = documents
        .iter()
        .filter(|document| document.file.role != Role::Test);
    real.flat_map(|document| &document.facts)
        .filter(|fact| fact.kind == Kind::var_read)
        .map(|fact| Str::from(fact.text(var_read::NAME)))
        .collect()
}

/// Names that something outside of code sets, or takes from whoever starts it.
fn defined(documents: &[Document]) -> HashSet<Str> {
    let real = documents
        .iter()
        .filter(|document| document.file.role != Role::Test);
    real.flat_map(|document| &document.facts)
        .filter_map(|fact| match fact.kind {
            // A setting of a program's own (`USE_CDN = os.getenv('USE_CDN')`) sets no variable of its environment.
            Kind::var if fact.text(var::SOURCE) == "code" => None,
            Kind::var if fact.text(var::ORIGIN) != "code_default" => Some(fact.text(var::NAME)),
            Kind::workflow_secret => Some(fact.text(workflow_secret::NAME)),
            _ => None,
        })
        .map(Str::from)
        .collect()
}

/// Every name that stands in a template, also behind a comment sign: `# SENTRY_DSN=`. `None` where there is no template.
fn documented(documents: &[Document]) -> Option<HashSet<Str>> {
    let templates: Vec<&Document> = documents
        .iter()
        .filter(|document| document.file.format == "dotenv" && document.file.role == Role::Example)
        .collect();
    let is_sign = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let words = templates
        .iter()
        .flat_map(|document| document.text.split(is_sign));
    let names: HashSet<Str> = words.filter(|word| word.len() > 1).map(Str::from).collect();
    (!templates.is_empty()).then_some(names)
}
