//! Spec to policy: every name looked up, every value typed, or all the mistakes at once. Runs again whenever the
//! configuration changes a parameter.

mod demand;
mod join;
pub(super) mod matrix;

use std::sync::Arc;

use super::check::{Checker, Literal, chooses_layer};
use super::diagnostic::{At, Diagnostic, tidy};
use super::message::{Template, Word};
use super::param::{Params, Piece};
use super::policy::{Edit, Grade, Key, Policy, Rule};
use super::spec::{Body, RuleSpec, SeveritySpec, Spec, Text};
use crate::model::{EnvSet, Environments, Field, Kind, Severity, Str, Type};

/// What the configuration says about one policy.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    pub on: Option<bool>,
    /// Replaces the policy's own, table and all.
    pub severity: Option<Severity>,
    /// Names, with values that remember their file.
    pub params: Vec<(Text, Piece)>,
}

/// Compiles one policy. It is there only when nothing is wrong with it.
pub fn compile(
    spec: &Spec,
    environments: &Environments,
    setting: &Setting,
) -> (Option<Policy>, Vec<Diagnostic>) {
    let mut checker = Checker::new(&spec.source, environments);
    checker.params = Params::new(
        &mut checker.reader,
        &spec.params,
        &setting.params,
        environments,
    );
    let rules = match &spec.body {
        Body::Rule(rule) => simple(&mut checker, spec, rule, setting)
            .into_iter()
            .collect(),
        Body::Matrix(matrix) => matrix::rules(&mut checker, spec, matrix, setting),
    };
    if checker.reader.found.is_empty() {
        unused_params(&mut checker);
    }
    let found = tidy(checker.reader.found);
    if !found.is_empty() {
        return (None, found);
    }
    let policy = Policy {
        id: Str::clone(&spec.id.text),
        title: Str::clone(&spec.title),
        why: Str::clone(&spec.why),
        fix: spec.fix.as_ref().map(|fix| Str::clone(&fix.text)),
        serves: spec.serves.clone(),
        tags: spec.tags.clone(),
        default_on: spec.default_on,
        on: setting.on.unwrap_or(spec.default_on),
        expires: spec.expires.as_ref().map(|day| Str::clone(&day.text)),
        dormant: checker.starving.into_iter().collect(),
        rules: Arc::new(rules),
        except: EnvSet::EMPTY,
        at: spec.at(spec.id.span),
    };
    (Some(policy), found)
}

fn unused_params(checker: &mut Checker<'_>) {
    let unused: Vec<Text> = checker
        .params
        .unused()
        .map(|param| param.name.clone())
        .collect();
    for name in unused {
        let at = checker.reader.at(name.span);
        checker.reader.say(
            Diagnostic::error(
                "P011",
                at,
                format!("parameter `{}` is never used", name.text),
            )
            .label(format!(
                "write ${} where its value belongs, or delete it",
                name.text
            )),
        );
    }
}

fn simple(
    checker: &mut Checker<'_>,
    spec: &Spec,
    rule: &RuleSpec,
    setting: &Setting,
) -> Option<Rule> {
    let kind = checker.kind(&rule.kind);
    let Some(kind) = kind else {
        use_all_params(checker);
        return None;
    };
    let select = checker.optional_cond(kind, rule.select.as_ref());
    let assertion = match &rule.assertion {
        Some((word, demand)) => demand::assertion(checker, kind, &select, rule, word, demand),
        None => None,
    };
    let words = words(rule);
    let message = spec
        .message
        .as_ref()
        .and_then(|message| template(checker, message, kind, &words));
    let edit = spec.edit.as_ref().and_then(|edit| {
        Some(Edit {
            append: Str::clone(&edit.append.text),
            text: template(checker, &edit.text, kind, &words)?,
        })
    });
    let grade = grade(checker, kind, &spec.severity, setting);
    let per_project = demand::per_project(checker, rule);
    Some(Rule {
        row: None,
        kind,
        any_layer: chooses_layer(&select),
        select,
        envs: None,
        assertion: assertion?,
        per_project,
        grade: grade?,
        message: message?,
        note: None,
        edit,
        borrowed: None,
    })
}

/// Whether parameters are used cannot be told from a policy whose facts are unknown.
fn use_all_params(checker: &Checker<'_>) {
    let names: Vec<String> = checker.params.names().map(str::to_owned).collect();
    for name in names {
        checker.params.take(&name);
    }
}

/// A checked message; the error stands under the whole text.
fn template(
    checker: &mut Checker<'_>,
    text: &Text,
    kind: Kind,
    words: &[Word],
) -> Option<Template> {
    let at = checker.reader.at(text.span);
    match Template::compile(&text.text, &at, kind, words) {
        Ok(template) => Some(template),
        Err(problem) => {
            checker.reader.say(problem);
            None
        }
    }
}

/// The words that messages of an assertion may use beside fields.
fn words(rule: &RuleSpec) -> Vec<Word> {
    let mut words = vec![Word::Envs, Word::Count];
    let Some((word, demand)) = &rule.assertion else {
        return words;
    };
    match &*word.text {
        "differ" => words.extend([Word::Places, Word::Value]),
        "agree" => words.extend([Word::Places, Word::Values, Word::Sides]),
        "parity" => words.extend([Word::Here, Word::Missing, Word::Extra, Word::Places]),
        "not_exists" => words.push(Word::Places),
        _ => {}
    }
    if demand.get("each").is_some() {
        words.push(Word::Each);
    }
    words
}

fn grade(
    checker: &mut Checker<'_>,
    kind: Kind,
    spec: &SeveritySpec,
    setting: &Setting,
) -> Option<Grade> {
    let (by, table, default) = match spec {
        SeveritySpec::Fixed(severity) => {
            return Some(Grade::Fixed(setting.severity.unwrap_or(*severity)));
        }
        SeveritySpec::By {
            fields,
            table,
            default,
        } => (fields, table, default),
    };
    let mut fields = Vec::new();
    for field in by {
        let node = crate::syntax::Node::null(field.span);
        fields.push(checker.field_at(kind, &field.text, &node)?);
    }
    let mut rows = Vec::new();
    for (literal, severity) in checker.table(table)? {
        // Beside a free text, as vendors are, every word is legal.
        let judge = fields
            .iter()
            .zip(by)
            .find(|(field, _)| field.schema().ty == Type::Str);
        let (field, by) = judge.or_else(|| fields.iter().zip(by).next())?;
        rows.push((table_key(checker, *field, &literal, by)?, severity));
    }
    // One environment wins over a group that holds it.
    rows.sort_by_key(|(key, _)| match key {
        Key::Env(set) => set.len(),
        Key::Text(_) => 0,
    });
    if let Some(severity) = setting.severity {
        return Some(Grade::Fixed(severity));
    }
    Some(Grade::By {
        fields,
        table: rows,
        default: *default,
    })
}

fn table_key(checker: &mut Checker<'_>, field: Field, literal: &Literal, by: &Text) -> Option<Key> {
    match field.schema().ty {
        Type::Env => checker.env_set(std::slice::from_ref(literal)).map(Key::Env),
        Type::Word(words) if !checker.word(field, words, literal) => None,
        Type::Word(_) | Type::Str | Type::Path => Some(Key::Text(Str::clone(&literal.text))),
        _ => {
            let title = format!("severity cannot depend on `{}`", by.text);
            let label = "a table needs a field with words in it: a string, an environment, an enum";
            checker.reader.error("P005", by.span, title, label);
            None
        }
    }
}

/// A condition written in the configuration, typed for the facts of one kind.
pub fn condition(
    source: &Arc<super::diagnostic::Source>,
    kind: Kind,
    node: &crate::syntax::Node,
    environments: &Environments,
) -> Result<super::cond::Cond, Vec<Diagnostic>> {
    let mut checker = Checker::new(source, environments);
    let cond = checker.cond(kind, node);
    if checker.reader.found.is_empty() {
        Ok(cond)
    } else {
        Err(tidy(checker.reader.found))
    }
}

/// A policy id that nobody has, with what there is.
pub fn unknown_policy<'a>(
    id: &str,
    at: At,
    code: &'static str,
    ids: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error(code, at, format!("no policy `{id}`"))
        .meant(super::suggest::did_you_mean(id, ids))
        .note("`envguard policy list` lists them")
}
