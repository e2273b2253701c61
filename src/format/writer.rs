//! What formats of deployments have in common: variables, images and commands written as plain values, each with the
//! environment of the section it stands in.

use crate::model::schema::{Field, Kind, command, compose_env_file, image, url};
use crate::model::{Env, Fact, Span, Str, Value};
use crate::syntax::{Entry, Node, Template};
use crate::value::{self, HostClass, kind};

use super::Input;
use super::bindings::Binding;

/// Where a section of a file belongs.
#[derive(Clone, Debug, Default)]
pub(super) enum Belongs {
    /// Where the file belongs.
    #[default]
    File,
    /// To an environment of its own, with the reason for it.
    To(Env, Str),
    /// To none, whatever the name of the file says.
    Nowhere,
}

/// A section of a file: who binds what stands in it, and where.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope<'a> {
    pub(super) service: Option<&'a str>,
    pub(super) belongs: Belongs,
}

/// Collects the facts of one file.
pub(super) struct Writer<'a> {
    pub(super) input: &'a Input<'a>,
    /// One of `schema::SOURCES`.
    source: &'static str,
    pub(super) facts: Vec<Fact>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(service: &'a str) -> Self {
        Self {
            service: Some(service),
            belongs: Belongs::File,
        }
    }

    #[must_use]
    pub(super) fn at(mut self, belongs: Belongs) -> Self {
        self.belongs = belongs;
        self
    }
}

impl Belongs {
    /// The environment a section is called after; the file's own where its name says nothing.
    pub(super) fn named(input: &Input, what: &str, name: &str) -> Self {
        match input.lexicon.words.named(name) {
            Some(env) => Self::To(env, Str::from(format!("the {what} `{}`", short(name)))),
            None => Self::File,
        }
    }

    /// The same, where the path of the file says nothing.
    pub(super) fn named_unless_claimed(input: &Input, what: &str, name: &str) -> Self {
        if input.file.claim.is_some() {
            Self::File
        } else {
            Self::named(input, what, name)
        }
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(input: &'a Input<'a>, source: &'static str) -> Self {
        Self {
            input,
            source,
            facts: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, scope: &Scope, fact: Fact) {
        let from = self.facts.len();
        self.facts.push(fact);
        self.place(from, &scope.belongs);
    }

    /// Says where all facts from that one on belong.
    pub(super) fn place(&mut self, from: usize, belongs: &Belongs) {
        for fact in self.facts.iter_mut().skip(from) {
            match belongs {
                Belongs::File => {}
                Belongs::To(env, reason) => {
                    fact.env = Some(*env);
                    fact.env_reason = Str::clone(reason);
                }
                Belongs::Nowhere => {
                    fact.env = None;
                    fact.env_reason = Str::from("");
                }
            }
        }
    }

    /// `NAME: value`; a mapping or a list in the place of the value is no variable.
    pub(super) fn entry(&mut self, scope: &Scope, entry: &Entry) {
        let Some(name) = entry.key.text() else {
            return;
        };
        if entry.value.text().is_some() {
            let key = self.content(&entry.key);
            self.variable(scope, name, key, &entry.value);
        }
    }

    /// Every `NAME: value` of a mapping.
    pub(super) fn entries(&mut self, scope: &Scope, node: &Node) {
        for entry in node.entries() {
            self.entry(scope, entry);
        }
    }

    /// A variable with the scalar it is bound to.
    pub(super) fn variable(&mut self, scope: &Scope, name: &str, key: Span, node: &Node) {
        let text = node.text().unwrap_or_default();
        self.bind(scope, name, key, text, self.content(node));
    }

    /// A variable with a text.
    pub(super) fn bind(&mut self, scope: &Scope, name: &str, key: Span, text: &str, span: Span) {
        // References of the notation itself and of whatever fills it in are told by the kind of the value.
        let template = if kind::has_reference(text) {
            Template::parse(text)
        } else {
            Template::default()
        };
        let from = self.facts.len();
        Binding {
            name: short(name),
            key,
            text,
            span,
            template: &template,
            source: self.source,
            service: scope.service.map(short),
            inherited: false,
        }
        .push(self.input, &mut self.facts);
        self.facts.truncate(from + 1);
        self.place(from, &scope.belongs);
    }

    /// A variable whose value comes from somewhere else: a secret's key, the platform.
    pub(super) fn inherited(&mut self, scope: &Scope, name: &str, key: Span) {
        let from = self.facts.len();
        Binding {
            name: short(name),
            key,
            text: "",
            span: key,
            template: &Template::default(),
            source: self.source,
            service: scope.service.map(short),
            inherited: true,
        }
        .push(self.input, &mut self.facts);
        self.place(from, &scope.belongs);
    }

    /// `NAME=value` in one text.
    pub(super) fn assignment(&mut self, scope: &Scope, node: &Node) {
        let span = self.content(node);
        let Some((name, value)) = node.text().and_then(|text| text.split_once('=')) else {
            return;
        };
        let written = span.of(self.input.text);
        let at = written
            .find('=')
            .map_or(span.start as usize, |at| span.start as usize + at + 1);
        let key = Span::new(span.start as usize, at.saturating_sub(1));
        let value_span = Span::new(at, span.end as usize);
        if !name.trim().is_empty() {
            self.bind(scope, name.trim(), key, value, value_span);
        }
    }

    /// An image reference.
    pub(super) fn image(&mut self, scope: &Scope, key: Span, text: &str, span: Span) {
        self.image_of(scope, key, text, span, "value");
    }

    pub(super) fn image_of(
        &mut self,
        scope: &Scope,
        key: Span,
        text: &str,
        span: Span,
        origin: &'static str,
    ) {
        if text.trim().is_empty() {
            return;
        }
        let mut fact = Fact::new(Kind::image, self.input.file, key, span)
            .with(image::SERVICE, scope.service.map(short))
            .with(image::BUILT, false);
        fact.set(image::SOURCE, Value::Word(self.source));
        fact.set(image::ORIGIN, Value::Word(origin));
        value::image::describe(&mut fact, short(text), self.input.lexicon);
        self.push(scope, fact);
    }

    /// A command line, or the words of one.
    pub(super) fn command(&mut self, scope: &Scope, key: Span, node: &Node) {
        let words: Vec<&str> = node.items().iter().filter_map(Node::text).collect();
        let line = node.text().map_or_else(|| words.join(" "), str::to_owned);
        self.line(scope, key, &line, self.content(node));
    }

    pub(super) fn line(&mut self, scope: &Scope, key: Span, line: &str, span: Span) {
        if line.trim().is_empty() {
            return;
        }
        let masked = value::command::masked(line.trim());
        let program = short(value::command::program(&masked)).to_owned();
        let mut fact = Fact::new(Kind::command, self.input.file, key, span)
            .with(command::SERVICE, scope.service.map(short))
            .with(command::DEV_SERVER, value::command::is_dev_server(line))
            .with(command::PROGRAM, program)
            .with(command::TEXT, masked);
        fact.set(command::SOURCE, Value::Word(self.source));
        self.push(scope, fact);
    }

    /// A host that answers for what stands in the section.
    pub(super) fn host(&mut self, of: &str, key: Span, node: &Node) {
        self.host_in(&Scope::of(of), key, node);
    }

    pub(super) fn host_in(&mut self, scope: &Scope, key: Span, node: &Node) {
        let text = node.text().unwrap_or_default().trim().to_ascii_lowercase();
        if text.is_empty() {
            return;
        }
        let of = short(scope.service.unwrap_or_default());
        let input = self.input;
        let mut fact = Fact::new(Kind::url, input.file, key, self.content(node))
            .with(url::OF, of)
            .with(url::SERVICE, of)
            .with(url::HOST, short(&text))
            .with(url::HOST_ENV, input.lexicon.words.in_host(&text))
            .with(url::CREDENTIALS, false)
            .with(url::TLS, false);
        fact.set(url::ORIGIN, Value::Word("value"));
        fact.set(url::SOURCE, Value::Word(self.source));
        fact.set(url::HOST_CLASS, Value::Word(HostClass::of(&text).name()));
        self.push(scope, fact);
    }

    /// An env file that is loaded by its path.
    pub(super) fn env_file(&mut self, scope: &Scope, path: &str, span: Span, required: bool) {
        let env = self.input.lexicon.words.in_path(path);
        let fact = Fact::new(Kind::compose_env_file, self.input.file, span, span)
            .with(
                compose_env_file::SERVICE,
                short(scope.service.unwrap_or_default()),
            )
            .with(compose_env_file::PATH, short(path))
            .with(compose_env_file::PATH_ENV, env.map(|claim| claim.env))
            .with(compose_env_file::REQUIRED, required);
        self.push(scope, fact);
    }

    /// Sets a field of every fact of its kind from that one on.
    pub(super) fn mark(&mut self, from: usize, field: Field, value: &str) {
        for fact in self.facts.iter_mut().skip(from) {
            if Some(fact.kind) == field.kind {
                fact.set(field, short(value).into());
            }
        }
    }

    /// The bytes of a value without its quotes.
    pub(super) fn content(&self, node: &Node) -> Span {
        let written = node.span.of(self.input.text);
        let quoted = |quote: char| {
            written.len() >= 2 && written.starts_with(quote) && written.ends_with(quote)
        };
        if node.text().is_some() && (quoted('"') || quoted('\'')) {
            Span::new(node.span.start as usize + 1, node.span.end as usize - 1)
        } else {
            node.span
        }
    }
}

/// The most that is kept of a text from a file in a name.
pub(super) fn short(text: &str) -> &str {
    const LONGEST: usize = 300;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}
