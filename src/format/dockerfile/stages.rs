//! The stages of a Dockerfile: which one the image is made from, what each builds on, and what build arguments say.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::{Span, Str};
use crate::syntax::template::{Op, OpKind, Part, Template};

use super::lines::{Instruction, Word};

/// One stage: what follows a `FROM`.
pub(super) struct Stage {
    pub(super) name: Option<String>,
    /// The image word of `FROM`.
    pub(super) image: Option<Word>,
    /// Place of the `FROM` among the instructions, and behind the last instruction of the stage.
    pub(super) from: usize,
    pub(super) to: usize,
    /// The earlier stage it builds on.
    base: Option<usize>,
}

/// A build argument with its default.
#[derive(Clone)]
pub(super) struct Default {
    pub(super) value: String,
    pub(super) span: Span,
}

pub(super) type Arguments = BTreeMap<String, Default>;

pub(super) struct Stages {
    pub(super) all: Vec<Stage>,
    /// The last stage of each name, in small letters.
    names: BTreeMap<String, usize>,
    /// For every stage: the image that is built by default holds what it does.
    shipped: Vec<bool>,
}

impl Stages {
    pub(super) fn of(instructions: &[Instruction]) -> Self {
        let mut all: Vec<Stage> = Vec::new();
        let mut names = BTreeMap::new();
        for (at, one) in instructions.iter().enumerate() {
            if one.keyword == "FROM" {
                let (image, name) = from(one);
                let base = image.as_ref().and_then(|word| position(&names, &word.text));
                if let Some(name) = &name {
                    names.insert(name.to_ascii_lowercase(), all.len());
                }
                all.push(Stage {
                    name,
                    image,
                    from: at,
                    to: at + 1,
                    base,
                });
            } else if let Some(stage) = all.last_mut() {
                stage.to = at + 1;
            }
        }
        let mut shipped = vec![false; all.len()];
        let mut next = all.len().checked_sub(1);
        while let Some(at) = next {
            if let Some(flag) = shipped.get_mut(at) {
                *flag = true;
            }
            // A base is always an earlier stage.
            next = all.get(at).and_then(|stage| stage.base);
        }
        Self {
            all,
            names,
            shipped,
        }
    }

    pub(super) fn is_shipped(&self, at: usize) -> bool {
        self.shipped.get(at).copied().unwrap_or_default()
    }

    /// An earlier stage of that name or number, looked up from outside of its own stage.
    pub(super) fn has(&self, name: &str) -> bool {
        name.bytes().all(|byte| byte.is_ascii_digit()) || position(&self.names, name).is_some()
    }

    /// Whether the stage starts from an earlier one.
    pub(super) fn builds_on_stage(&self, at: usize) -> bool {
        self.all.get(at).is_some_and(|stage| stage.base.is_some())
    }

    /// The instructions of a stage.
    pub(super) fn own(&self, at: usize) -> Range<usize> {
        self.all.get(at).map_or(0..0, |stage| stage.from..stage.to)
    }

    /// The instructions that have a say in the image that is built by default: those of all stages that it goes through.
    pub(super) fn through(&self) -> impl Iterator<Item = usize> {
        let stages = self.all.iter().zip(&self.shipped);
        let shipped = stages.filter(|(_, shipped)| **shipped);
        shipped.flat_map(|(stage, _)| stage.from..stage.to)
    }
}

/// The image word, and the name behind `AS`.
fn from(one: &Instruction) -> (Option<Word>, Option<String>) {
    let mut words = one
        .words()
        .into_iter()
        .skip_while(|word| word.text.starts_with("--"));
    let image = words.next();
    let name = words
        .next()
        .filter(|word| word.text.eq_ignore_ascii_case("as"))
        .and_then(|_| words.next())
        .map(|word| word.text);
    (image, name)
}

fn position(names: &BTreeMap<String, usize>, name: &str) -> Option<usize> {
    names.get(&name.to_ascii_lowercase()).copied()
}

/// A text with the defaults of arguments in it.
pub(super) struct Resolved {
    pub(super) text: String,
    /// The bytes of the default, where there is one and only one.
    pub(super) span: Option<Span>,
}

/// The text that holds where no argument is given; `None` where none has a say in it. What is unknown stays written.
pub(super) fn resolve(text: &str, arguments: &Arguments) -> Option<Resolved> {
    let template = Template::parse(text);
    if template.is_literal() {
        return None;
    }
    let mut found = Vec::new();
    let mut out = String::with_capacity(text.len());
    fill(&template, text, arguments, &mut out, &mut found);
    let span = match found.as_slice() {
        [] => return None,
        [only] => *only,
        _ => None,
    };
    Some(Resolved { text: out, span })
}

fn fill(
    template: &Template,
    text: &str,
    arguments: &Arguments,
    out: &mut String,
    found: &mut Vec<Option<Span>>,
) {
    for part in &template.parts {
        match part {
            Part::Literal { at } | Part::Invalid { at, .. } => out.push_str(at.of(text)),
            Part::Dollar { .. } => out.push('$'),
            Part::Reference(reference) => {
                let name: &Str = &reference.name;
                let fallback = reference.op.as_ref().filter(|op| is_default(op));
                if let Some(default) = arguments.get(name.as_ref()) {
                    found.push(Some(default.span));
                    out.push_str(&default.value);
                } else if let Some(op) = fallback {
                    found.push(None);
                    fill(&op.operand, text, arguments, out, found);
                } else {
                    out.push_str("${");
                    out.push_str(name);
                    out.push('}');
                }
            }
        }
    }
}

fn is_default(op: &Op) -> bool {
    op.kind == OpKind::Default
}
