//! Dumps: the variables of one environment as a platform, a cluster or a shell prints them. A shape is one file here and
//! one line in `SHAPES`; the text decides which it is, unless the user says so.
//!
//! A dump is no file of the repository: it comes from a pipe, holds live secrets, and may be anything at all when the
//! command before the pipe has failed. So, other than a file, it is read completely or refused at the place that is
//! wrong, and what is handed on of its text are the names and values of variables, everything else made unreadable.

mod blank;
mod compose;
mod ecs;
mod kube;
mod lines;
mod list;
mod map;
mod ssm;

use std::collections::BTreeMap;

use crate::model::file::Nature;
use crate::model::{Env, Environments, Fact, Problem, Secret, Span, Str};
use crate::syntax::{Node, json, yaml};
use crate::value::{secretish, vendor};

use super::writer::{Scope, Writer};
use super::{Claim, Format, Input, Output};

/// Claims no path: a dump is read because the user says that it is one.
pub static DUMP: Format = Format {
    name: "dump",
    doc: "what a platform, a cluster or a shell prints of its variables; read by `envguard compare`, not from the repository",
    nature: Nature::Settings,
    beside: false,
    claims: |_| Claim::No,
    parse: |_| Output::default(),
};

/// One way to print variables.
pub struct Shape {
    /// The word for `--from`.
    pub name: &'static str,
    pub doc: &'static str,
    reads: Reads,
}

enum Reads {
    Lines {
        holds: fn(&str) -> bool,
        read: fn(&str) -> Pairs,
    },
    /// The documents of a JSON or YAML text.
    Trees {
        holds: fn(&[Node]) -> bool,
        read: fn(&[Node], &Asked) -> Pairs,
    },
}

/// Every shape, the most particular first.
pub static SHAPES: &[&Shape] = &[
    &kube::KUBERNETES,
    &compose::COMPOSE,
    &ecs::ECS,
    &ssm::SSM,
    &list::LIST,
    &map::MAP,
    &lines::HEROKU,
    &lines::PRINTENV,
    &lines::DOTENV,
];

/// The environment a dump is said to be of.
pub struct Asked<'a> {
    pub env: Env,
    pub environments: &'a Environments,
}

/// What was read from a dump.
pub struct Dump {
    pub facts: Vec<Fact>,
    pub shape: &'static str,
    /// How many variables each platform has set itself; they are not among the facts.
    pub left_out: BTreeMap<&'static str, usize>,
    /// The text with everything made unreadable that is neither the name nor the value of a variable.
    pub text: String,
}

/// One variable of a dump.
struct Pair {
    /// Variables of one group may not contradict each other: a container, an object.
    group: usize,
    service: Option<Str>,
    name: Str,
    key: Span,
    /// `None` where the dump names the variable and keeps its value.
    value: Option<(Secret, Span)>,
}

type Pairs = Result<Vec<Pair>, Problem>;

/// More than any platform holds for one environment.
const MOST: usize = 20_000;
/// What Kubernetes holds in one object; nothing else holds as much.
const LONGEST: usize = 1 << 20;

/// Reads a dump as one shape, or as the one it has.
pub fn read(input: &Input, asked: &Asked, shape: Option<&Shape>) -> Result<Dump, Problem> {
    let start = content_start(input.text);
    let content = input.text.get(start..).unwrap_or_default();
    if content.trim().is_empty() {
        let message = "it is empty; did the command that should have printed it fail?";
        return Err(refused(Span::default(), message));
    }
    let (shape, pairs) = pairs(content, asked, shape).map_err(|problem| Problem {
        span: problem.span.shifted(u32::try_from(start).unwrap_or(0)),
        ..problem
    })?;
    let mut pairs = pairs;
    for pair in &mut pairs {
        pair.move_by(u32::try_from(start).unwrap_or(0));
    }
    check(&pairs, shape)?;
    Ok(told(input, &pairs, shape))
}

/// The format of files that this shape is a whole one of.
pub fn stack(shape: &str) -> Option<&'static Format> {
    (shape == compose::COMPOSE.name).then(compose::format)
}

/// What a dump says that `read` has found to be such a file; `input.file` has that format.
pub fn composed(input: &Input) -> Dump {
    let facts = compose::facts(input);
    Dump {
        shape: compose::COMPOSE.name,
        left_out: BTreeMap::new(),
        text: blank::blanked(input.text, &facts),
        facts,
    }
}

/// The shape of that name.
pub fn shape(name: &str) -> Option<&'static Shape> {
    SHAPES.iter().copied().find(|shape| shape.name == name)
}

/// Behind a byte-order mark.
fn content_start(text: &str) -> usize {
    text.len() - text.trim_start_matches('\u{feff}').len()
}

fn pairs(
    text: &str,
    asked: &Asked,
    forced: Option<&Shape>,
) -> Result<(&'static str, Vec<Pair>), Problem> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    let by_line = |shape: &&&Shape| match shape.reads {
        Reads::Lines { holds, .. } => !is_json && holds(text),
        Reads::Trees { .. } => false,
    };
    let shape = forced.and_then(|forced| shape(forced.name));
    let shape = shape.or_else(|| SHAPES.iter().find(by_line).copied());
    if let Some(shape) = shape
        && let Reads::Lines { read, .. } = shape.reads
    {
        return Ok((shape.name, read(text)?));
    }
    let trees = trees(text, is_json)?;
    let by_tree = |shape: &&&Shape| match shape.reads {
        Reads::Trees { holds, .. } => holds(&trees),
        Reads::Lines { .. } => false,
    };
    let shape = shape.or_else(|| SHAPES.iter().find(by_tree).copied());
    match shape.map(|shape| (shape.name, &shape.reads)) {
        Some((name, Reads::Trees { read, .. })) => Ok((name, read(&trees, asked)?)),
        _ => Err(unknown(text, &trees)),
    }
}

/// The documents of a JSON or YAML text. A key that stands there twice is looked at later: it may say the same twice.
fn trees(text: &str, is_json: bool) -> Result<Vec<Node>, Problem> {
    let tree = if is_json {
        json::parse(text)
    } else {
        yaml::parse(text)
    };
    let mut problems = tree.problems.into_iter();
    match problems.find(|problem| problem.code != "duplicate-key") {
        // Text that is no YAML either was never meant to be.
        Some(_) if !is_json && tree.documents.iter().all(|root| !root.is_map()) => {
            Err(unknown(text, &[]))
        }
        Some(problem) => Err(problem),
        None => Ok(tree.documents),
    }
}

fn unknown(text: &str, trees: &[Node]) -> Problem {
    let line = text.lines().next().map_or(0, str::len);
    let first = text.len() - text.trim_start().len();
    if trees
        .iter()
        .any(|root| root.is_map() && !root.entries().is_empty())
    {
        let message = "its keys are no names of variables; `--from map` reads them all the same";
        return refused(Span::new(first, first + 1), message);
    }
    if trees.iter().any(|root| root.is_map() || root.is_seq()) {
        return refused(Span::new(first, first + 1), "it holds no variable");
    }
    let message = "this is no dump that envguard knows; `--from SHAPE` says what it is meant to be";
    refused(Span::new(first, first.max(line)), message)
}

fn refused(span: Span, message: impl Into<String>) -> Problem {
    Problem::new("dump", span, message)
}

/// What no dump of one environment holds.
fn check(pairs: &[Pair], shape: &str) -> Result<(), Problem> {
    let mut seen: BTreeMap<(usize, &str), &Pair> = BTreeMap::new();
    if pairs.is_empty() && stack(shape).is_none() {
        return Err(refused(Span::default(), "it holds no variable"));
    }
    if let Some(pair) = pairs.get(MOST) {
        let message = format!("it holds more than {MOST} variables, which no environment has");
        return Err(refused(pair.key, message));
    }
    for pair in pairs {
        if !is_name(&pair.name) {
            return Err(refused(pair.key, "this is no name of a variable"));
        }
        let text = pair.value.as_ref().map(|(text, _)| text);
        if text.is_some_and(|text| text.expose().len() > LONGEST) {
            let message = "the value of this variable is over 1 MiB, which no platform holds";
            return Err(refused(pair.key, message));
        }
        if let Some(earlier) = seen.insert((pair.group, &pair.name), pair)
            && earlier.value.as_ref().map(|(text, _)| text) != text
        {
            let message = "this variable stands here twice, with different values";
            return Err(refused(pair.key, message));
        }
    }
    Ok(())
}

/// What environments and property files can hold; other words come from a text that is no dump.
fn is_name(name: &str) -> bool {
    let first = |c: char| c.is_alphabetic() || c == '_';
    name.len() <= 200
        && name.starts_with(first)
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '(' | ')'))
}

/// A name as most environments have them: no word of a sentence or of an answer in JSON looks like it.
fn is_plainly_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

fn told(input: &Input, pairs: &[Pair], shape: &'static str) -> Dump {
    let platforms = vendor::platforms_among(pairs.iter().map(|pair| pair.name.as_ref()));
    let mut left_out: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut writer = Writer::new(input, "dump");
    for pair in pairs {
        match own_of(&pair.name, &platforms) {
            Some(platform) => *left_out.entry(platform).or_default() += 1,
            None => pair.write(&mut writer),
        }
    }
    let facts = writer.facts;
    Dump {
        shape,
        left_out,
        text: blank::blanked(input.text, &facts),
        facts,
    }
}

/// The platform that sets a variable itself. A credential is judged in any case: `RAILWAY_TOKEN` is somebody's own.
fn own_of(name: &str, platforms: &[&'static str]) -> Option<&'static str> {
    use secretish::Name::{Key, Password};
    let platform = vendor::injected_among(name, platforms)?;
    (!matches!(secretish::name(name), Password | Key)).then_some(platform)
}

impl Pair {
    fn new(name: &str, key: Span, value: Option<(Secret, Span)>) -> Self {
        Self {
            group: 0,
            service: None,
            name: Str::from(name),
            key,
            value,
        }
    }

    /// A scalar as the value of a variable; anything else is none.
    fn of(name: &str, key: Span, node: &Node) -> Result<Self, Problem> {
        if !node.is_null() && node.text().is_none() {
            return Err(refused(node.place(), "a variable holds one text"));
        }
        let text = Secret::new(node.text().unwrap_or_default());
        Ok(Self::new(name, key, Some((text, node.place()))))
    }

    fn in_group(mut self, group: usize, service: Option<&str>) -> Self {
        self.group = group;
        self.service = service.map(Str::from);
        self
    }

    fn move_by(&mut self, by: u32) {
        self.key = self.key.shifted(by);
        if let Some((_, span)) = &mut self.value {
            *span = span.shifted(by);
        }
    }

    fn write(&self, writer: &mut Writer) {
        let scope = self.service.as_deref().map(Scope::of).unwrap_or_default();
        match &self.value {
            Some((text, span)) => {
                let span = without_quotes(*span, writer.input.text);
                writer.bind(&scope, &self.name, self.key, text.expose(), span);
            }
            None => writer.inherited(&scope, &self.name, self.key),
        }
    }
}

/// The bytes of a name without its quotes.
fn inside(node: &Node) -> Span {
    let place = node.place();
    match node.text() {
        Some(text) if place.len() == text.len() + 2 => {
            Span::new(place.start as usize + 1, place.end as usize - 1)
        }
        _ => place,
    }
}

fn without_quotes(span: Span, text: &str) -> Span {
    let written = span.of(text);
    let quoted =
        |quote: char| written.len() >= 2 && written.starts_with(quote) && written.ends_with(quote);
    if quoted('"') || quoted('\'') {
        Span::new(span.start as usize + 1, span.end as usize - 1)
    } else {
        span
    }
}

#[cfg(test)]
mod tests;
