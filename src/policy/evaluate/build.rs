//! From what a rule noticed to findings: one for each policy, subject and primary place, its environments a set.

use std::collections::BTreeMap;

use super::Input;
use super::index::Index;
use super::subject::Subjects;
use crate::model::finding::Edit;
use crate::model::{EnvSet, Fact, Finding, Place, Severity, Span, Str, Type, Val};
use crate::policy::message::{Word, Words, few};
use crate::policy::policy::{Group, Policy, Rule};

/// How many places a message names.
const PLACES: usize = 3;
/// How many places a finding shows; the rest is in its count.
const RELATED: usize = 20;

/// Something a rule noticed.
pub(super) struct Raw<'p> {
    pub(super) policy: &'p Policy,
    pub(super) rule: &'p Rule,
    pub(super) primary: u32,
    /// Facts it is about, the primary one first.
    pub(super) members: Vec<u32>,
    /// Facts that stand on the other side.
    pub(super) partners: Vec<u32>,
    pub(super) envs: EnvSet,
    pub(super) severity: Severity,
    pub(super) each: Option<&'p str>,
    pub(super) group: Option<&'p Group>,
    /// What a part of `parity` lacks or adds.
    pub(super) apart: Vec<String>,
    pub(super) words: Words,
}

impl<'p> Raw<'p> {
    pub(super) fn about(
        policy: &'p Policy,
        rule: &'p Rule,
        at: u32,
        severity: Severity,
        fact: &Fact,
    ) -> Self {
        Self {
            policy,
            rule,
            primary: at,
            members: vec![at],
            partners: Vec::new(),
            envs: EnvSet::of(fact.env).union(fact.others),
            severity,
            each: None,
            group: None,
            apart: Vec::new(),
            words: Words::default(),
        }
    }
}

/// Identity inside one run: policy, row, subject, place.
type Identity<'a> = (Str, Option<Str>, Vec<Str>, &'a str, Span);

pub(super) fn findings(raws: Vec<Raw<'_>>, input: &Input<'_>, index: &Index) -> Vec<Finding> {
    let mut subjects = Subjects::new(input.facts, index, input.environments);
    let mut merged: BTreeMap<Identity<'_>, Raw<'_>> = BTreeMap::new();
    for raw in raws {
        let fact = &input.facts[raw.primary as usize];
        let identity = (
            Str::clone(&raw.policy.id),
            raw.rule.row.clone(),
            subjects.of(&raw),
            &*fact.file.path,
            fact.span,
        );
        match merged.remove(&identity) {
            Some(seen) => {
                let both = merge(seen, raw, input);
                merged.insert(identity, both);
            }
            None => {
                merged.insert(identity, raw);
            }
        }
    }
    let mut findings: Vec<Finding> = one_for_each_place(merged, input)
        .into_iter()
        .map(|(subject, raw)| finding(raw, subject, input))
        .collect();
    // Stable: equal places keep the order of policy, row and subject.
    findings.sort_by(|a, b| {
        let place = |one: &Finding| (Str::clone(&one.primary.file.path), one.primary.span);
        place(a).cmp(&place(b))
    });
    number_equals(&mut findings);
    findings
}

/// Two groups of one name at different places: the subject of the second says so, as that of a second equal fact does.
fn number_equals(findings: &mut [Finding]) {
    let mut seen: BTreeMap<(Str, Option<Str>, Vec<Str>), usize> = BTreeMap::new();
    for finding in findings {
        let subject = (
            Str::clone(&finding.policy),
            finding.row.clone(),
            finding.subject.clone(),
        );
        let count = seen.entry(subject).or_default();
        *count += 1;
        if *count > 1 {
            finding.subject.push(Str::from(format!("#{count}")));
        }
    }
}

/// Bytes that several services take through an anchor, or that fill several variables, are mended once and told once.
fn one_for_each_place<'p>(
    merged: BTreeMap<Identity<'_>, Raw<'p>>,
    input: &Input<'_>,
) -> Vec<(Vec<Str>, Raw<'p>)> {
    let mut told: Vec<(Vec<Str>, Raw<'p>)> = Vec::new();
    let mut by_place: BTreeMap<(Str, Option<Str>, String, Span), usize> = BTreeMap::new();
    for ((policy, row, subject, path, span), raw) in merged {
        let known = by_place
            .entry((policy, row, path.to_owned(), span))
            .or_insert(told.len());
        // A finding about a whole file has no bytes of its own; two of them are two.
        if *known == told.len() || span.is_empty() {
            told.push((subject, raw));
            continue;
        }
        let (first, seen) = told.swap_remove(*known);
        told.push((first, merge(seen, raw, input)));
        let last = told.len() - 1;
        told.swap(*known, last);
    }
    told
}

/// The same thing in another environment. The more exposed one speaks.
fn merge<'p>(a: Raw<'p>, b: Raw<'p>, input: &Input<'_>) -> Raw<'p> {
    let exposure = |raw: &Raw<'_>| {
        let env = input.facts[raw.primary as usize].env;
        env.map_or(-1, |env| i32::from(input.environments.exposure(env)))
    };
    let (mut first, second) = if exposure(&b) > exposure(&a) {
        (b, a)
    } else {
        (a, b)
    };
    first.envs = first.envs.union(second.envs);
    first.severity = first.severity.max(second.severity);
    for (list, more) in [
        (&mut first.members, second.members),
        (&mut first.partners, second.partners),
    ] {
        for at in more {
            if !list.contains(&at) {
                list.push(at);
            }
        }
    }
    first
}

fn finding(mut raw: Raw<'_>, subject: Vec<Str>, input: &Input<'_>) -> Finding {
    let fact = &input.facts[raw.primary as usize];
    let places = places(&raw, input);
    words(&mut raw, &places, input);
    let rule = raw.rule;
    let message = one_line(&text(&raw, fact, input));
    let borrowed = rule.borrowed.as_ref();
    let edits = rule.edit.iter().map(|edit| Edit {
        path: Str::clone(&edit.append),
        span: None,
        text: format!(
            "{}\n",
            one_line(&edit.text.render(fact, input.environments, &raw.words))
        ),
    });
    let mut places = places.into_iter();
    let primary = places.next().unwrap_or_else(|| place(fact, String::new()));
    let mut facts = raw.members;
    facts.extend(raw.partners);
    Finding {
        policy: Str::clone(&raw.policy.id),
        row: rule.row.clone(),
        severity: raw.severity,
        message,
        why: Str::clone(borrowed.map_or(&raw.policy.why, |one| &one.why)),
        fix: borrowed.map_or(&raw.policy.fix, |one| &one.fix).clone(),
        edits: edits.collect(),
        subject,
        value_kind: value_kind(fact),
        envs: raw.envs,
        primary,
        related: places.take(RELATED).collect(),
        via: fact.via.clone(),
        facts: facts.into_iter().map(|at| at as usize).collect(),
    }
}

/// The primary place, then the others, each once and labelled with what tells them apart.
fn places(raw: &Raw<'_>, input: &Input<'_>) -> Vec<Place> {
    let mut places: Vec<(Place, EnvSet)> = Vec::new();
    let comparing = raw.group.is_some() && raw.members.len() > 1;
    for at in raw.members.iter().chain(&raw.partners) {
        let fact = &input.facts[*at as usize];
        let envs = EnvSet::of(fact.env);
        let seen = places
            .iter()
            .position(|(place, _)| place.span == fact.span && place.file.path == fact.file.path);
        match seen {
            Some(seen) => places[seen].1 = places[seen].1.union(envs),
            None if places.len() > RELATED => break,
            None => places.push((place(fact, String::new()), envs)),
        }
    }
    let mut places: Vec<Place> = places
        .into_iter()
        .map(|(mut place, envs)| {
            if comparing {
                place.label = input.environments.names(envs).join(", ");
            }
            place
        })
        .collect();
    for at in &raw.members {
        for related in &input.facts[*at as usize].related {
            let seen =
                |place: &Place| place.span == related.span && place.file.path == related.file.path;
            if places.len() <= RELATED && !places.iter().any(seen) {
                places.push(related.clone());
            }
        }
    }
    places
}

fn place(fact: &Fact, label: String) -> Place {
    Place {
        file: std::sync::Arc::clone(&fact.file),
        span: fact.span,
        label,
    }
}

fn words(raw: &mut Raw<'_>, places: &[Place], input: &Input<'_>) {
    let named = |place: &Place| {
        let line = input
            .line_of
            .and_then(|line_of| line_of(&place.file, place.span));
        line.map_or_else(
            || place.file.path.to_string(),
            |line| format!("{}:{line}", place.file.path),
        )
    };
    let others = if places.len() > 1 {
        &places[1..]
    } else {
        places
    };
    let mut texts: Vec<String> = others.iter().map(named).collect();
    texts.dedup();
    raw.words.places = few(&texts, PLACES);
    raw.words.envs = input.environments.names(raw.envs).join(", ");
    if raw.words.envs.is_empty() {
        raw.words.envs.push_str("no environment");
    }
    if raw.words.count == 0 {
        raw.words.count = places.len();
    }
    raw.words.each = raw.each.unwrap_or_default().to_owned();
    raw.words.note = raw.rule.note.as_deref().unwrap_or_default().to_owned();
}

fn text(raw: &Raw<'_>, fact: &Fact, input: &Input<'_>) -> String {
    let mut text = raw
        .rule
        .message
        .render(fact, input.environments, &raw.words);
    if !raw.words.extra.is_empty() && !raw.rule.message.says(Word::Extra) {
        text.push_str(" (and adds ");
        text.push_str(&raw.words.extra);
        text.push(')');
    }
    text
}

/// Messages are one line, whatever a file put into a name.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(char::is_control)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// The field that says what kind of value it is, where the kind of fact has one.
fn value_kind(fact: &Fact) -> Option<&'static str> {
    let field = ["kind", "default_kind"]
        .iter()
        .find_map(|name| fact.kind.field(name))?;
    match (field.schema().ty, fact.get(field)) {
        (Type::Word(_), Val::Word(word)) => Some(word),
        _ => None,
    }
}
