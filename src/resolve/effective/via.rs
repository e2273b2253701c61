//! The chain that carried a value into an environment, in words.

use super::Evaluated;
use super::holds::Written;
use crate::model::finding::Via;
use crate::model::{Env, Span, Str};
use crate::resolve::compose::{Origin, Step, StepKind};

/// The steps from the place that wrote a value to the environment it holds in; empty where the file itself belongs to it.
pub fn chain(one: &Evaluated, env: Env, origin: &Origin, written: &Written) -> Vec<Via> {
    let home = &origin.place.file;
    let own = written
        .file(home)
        .and_then(|file| file.claim.as_ref())
        .map(|claim| claim.env);
    if own == Some(env) {
        return Vec::new();
    }
    let mut steps: Vec<&Step> = origin.steps().collect();
    steps.reverse();
    let mut chain: Vec<Via> = steps
        .iter()
        .filter_map(|step| carried(step, written))
        .collect();
    let carrier = steps.last().map_or(home, |step| &step.place.file);
    chain.extend(merged(one, carrier, written));
    if let Some(place) = one
        .stack
        .evidence
        .iter()
        .find_map(|evidence| evidence.place.as_ref())
    {
        chain.push(Via {
            file: place.file.clone(),
            span: place.span,
            text: Str::from("this command starts it"),
        });
    }
    chain
}

fn carried(step: &Step, written: &Written) -> Option<Via> {
    let text = match step.kind {
        StepKind::Include => "included here",
        StepKind::Extends => "extended here",
        StepKind::EnvFile => "loaded by this `env_file`",
        StepKind::LabelFile => "loaded by this `label_file`",
    };
    let span = if step.place.value.is_empty() {
        step.place.key
    } else {
        step.place.value
    };
    Some(Via {
        file: written.file(&step.place.file)?.clone(),
        span,
        text: Str::from(text),
    })
}

/// The file after the carrier in the merge, which had the chance to override the value and did not.
fn merged(one: &Evaluated, carrier: &Str, written: &Written) -> Option<Via> {
    let files = &one.stack.files;
    let last = files.last().filter(|last| *last != carrier)?;
    let is_part = files.iter().any(|file| file == carrier);
    let text = if is_part {
        format!("{last} is merged over it and does not override it")
    } else {
        format!("{last} runs with it")
    };
    Some(Via {
        file: written.file(last)?.clone(),
        span: Span::default(),
        text: Str::from(text),
    })
}
