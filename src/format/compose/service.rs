//! One service: its own fact, its image, env files and commands, and everything below it.

use crate::format::bindings::Binding;
use crate::format::written::bounded;
use crate::model::schema::{Kind, command, compose_env_file, compose_service, image};
use crate::model::{Fact, Span, Value};
use crate::syntax::{Entry, Node};
use crate::value::{self, engine};

use super::scalar::Scalar;
use super::{Reader, child, is_reset, kept};

pub(super) struct Service<'a> {
    pub(super) name: &'a str,
    pub(super) key: Span,
    node: &'a Node,
    /// The engine its image runs.
    pub(super) image_engine: Option<&'static str>,
    /// The same, or the one whose port it listens on.
    pub(super) engine: Option<&'static str>,
    /// Folder of `build:`.
    pub(super) context: Option<&'a str>,
    built: bool,
}

impl<'a> Service<'a> {
    pub(super) fn new(name: &'a str, entry: &'a Entry) -> Self {
        let node = &entry.value;
        let build = child(node, "build").filter(|build| !build.value.is_null());
        let context = build.map(|build| {
            let inner = build
                .value
                .text()
                .or_else(|| child(&build.value, "context").and_then(|entry| entry.value.text()));
            inner.unwrap_or(".")
        });
        Self {
            name: bounded(name),
            key: entry.key.span,
            node,
            image_engine: None,
            engine: None,
            context,
            built: build.is_some(),
        }
    }

    pub(super) fn read(mut self, reader: &mut Reader<'a>) {
        self.image_engine = self.engine_of_image(reader);
        self.engine = self.image_engine.or_else(|| self.engine_of_ports());
        reader.service(&self);
        for entry in kept(self.node) {
            match entry.key.text().unwrap_or_default() {
                "image" => reader.image(&self, entry),
                "environment" => reader.environment(self.name, entry),
                "env_file" => reader.env_files(&self, entry),
                "ports" => reader.ports(&self, entry),
                "expose" => reader.expose(&self, entry),
                "volumes" => reader.volumes(&self, entry),
                "tmpfs" => reader.tmpfs(&self, entry),
                "command" | "entrypoint" => reader.command(&self, entry),
                _ => {}
            }
            reader.references(
                &self,
                entry.key.span,
                &entry.value,
                entry.key.text() == Some("environment"),
            );
        }
    }

    /// The services that have to end well before this one starts.
    pub(super) fn awaits_end_of(&self) -> Vec<&'a str> {
        let needs = child(self.node, "depends_on").map_or(&[][..], |entry| entry.value.entries());
        let ends = |entry: &&Entry| {
            let condition = entry.value.get("condition").and_then(Node::text);
            condition == Some("service_completed_successfully")
        };
        let names = needs.iter().filter(ends);
        names.filter_map(|entry| entry.key.text()).collect()
    }

    /// Changes owners or rights and ends, before the server of that data starts.
    pub(super) fn prepares(&self) -> bool {
        let lines = ["command", "entrypoint"]
            .iter()
            .filter_map(|key| child(self.node, key));
        lines.flat_map(|entry| words(&entry.value)).any(|text| {
            text.split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| matches!(word, "chown" | "chmod"))
        })
    }

    fn engine_of_image(&self, reader: &Reader) -> Option<&'static str> {
        let scalar = Scalar::of(reader.input, &child(self.node, "image")?.value)?;
        let text = scalar.filled().unwrap_or_else(|| scalar.text.to_owned());
        engine::by_image(value::image::parse(&text).repository)
    }

    fn engine_of_ports(&self) -> Option<&'static str> {
        let lists = ["ports", "expose"]
            .iter()
            .filter_map(|key| child(self.node, key));
        lists
            .flat_map(|entry| entry.value.items())
            .find_map(|item| {
                let text = item
                    .text()
                    .or_else(|| child(item, "target").and_then(|target| target.value.text()))?;
                let (port, _) = value::port::short(text).ok()?.container?;
                engine::by_port(i64::from(port))
            })
    }
}

/// The texts of a line, written as one or as a list.
fn words(node: &Node) -> impl Iterator<Item = &str> {
    let items = node.items().iter().filter_map(Node::text);
    node.text().into_iter().chain(items)
}

impl Reader<'_> {
    fn service(&mut self, service: &Service) {
        let text = |key: &str| {
            child(service.node, key).and_then(|entry| Scalar::of(self.input, &entry.value))
        };
        let name = text("container_name");
        let span = name.as_ref().map_or(service.key, |name| name.span);
        let field = |key: &str| text(key).map(|scalar| bounded(scalar.text).to_owned());
        let has_image = child(service.node, "image").is_some_and(|entry| !entry.value.is_null());
        let mut fact = Fact::new(Kind::compose_service, self.input.file, service.key, span)
            .with(compose_service::NAME, service.name)
            .with(compose_service::CONTAINER_NAME, field("container_name"))
            .with(compose_service::HAS_BUILD, service.built)
            .with(compose_service::HAS_IMAGE, has_image)
            .with(
                compose_service::EXTENDS,
                child(service.node, "extends").is_some(),
            )
            .with(compose_service::RESTART, field("restart"))
            .with(compose_service::RESTARTS, self.restarts(service))
            .with(compose_service::NETWORK_MODE, field("network_mode"));
        fact.set(
            compose_service::ENGINE,
            service.engine.map_or(Value::Absent, Value::Word),
        );
        self.facts.push(fact);
    }

    /// Absent where a variable decides, or the service this one extends, or others wait for its end.
    fn restarts(&self, service: &Service) -> Option<bool> {
        let filled = |entry: Option<&Entry>| -> Option<String> {
            let scalar = Scalar::of(self.input, &entry?.value)?;
            Some(scalar.filled().unwrap_or_else(|| scalar.text.to_owned()))
        };
        let deploy =
            child(service.node, "deploy").and_then(|deploy| child(&deploy.value, "restart_policy"));
        let written = filled(child(service.node, "restart"));
        if deploy.is_none() && written.is_none() && child(service.node, "extends").is_some() {
            return None;
        }
        if deploy.is_none() && written.is_none() && self.awaited.contains(service.name) {
            return None;
        }
        let condition = deploy.map(|policy| filled(child(&policy.value, "condition")));
        let condition = condition.as_ref().map(|condition| condition.as_deref());
        value::command::restarts(written.as_deref(), condition)
    }

    fn image(&mut self, service: &Service, entry: &Entry) {
        let Some(scalar) = Scalar::of(self.input, &entry.value) else {
            if !entry.value.is_null() {
                self.problem(
                    "image-syntax",
                    entry.value.span,
                    "`image` must be a single text",
                );
            }
            return;
        };
        let text = scalar.value();
        self.image_fact(service, entry.key.span, scalar.span, &text, "value");
        if let Some(text) = scalar.filled() {
            self.image_fact(
                service,
                entry.key.span,
                scalar.fallback_span(),
                &text,
                "fallback",
            );
        }
    }

    fn image_fact(
        &mut self,
        service: &Service,
        key: Span,
        span: Span,
        text: &str,
        origin: &'static str,
    ) {
        let mut fact = Fact::new(Kind::image, self.input.file, key, span)
            .with(image::SERVICE, service.name)
            .with(image::BUILT, service.built);
        fact.set(image::SOURCE, Value::Word("compose"));
        fact.set(image::ORIGIN, Value::Word(origin));
        value::image::describe(&mut fact, bounded(text), self.input.lexicon);
        if fact.text(image::PIN) == "invalid" {
            let message = "not an image reference: write [registry/]name[:tag][@digest], the name in small letters";
            self.problem("image-syntax", span, message);
        }
        self.facts.push(fact);
    }

    /// A path, a list of paths, or a list of mappings with `path` and `required`.
    fn env_files(&mut self, service: &Service, entry: &Entry) {
        let single = std::slice::from_ref(&entry.value);
        let items = if entry.value.is_seq() {
            entry.value.items()
        } else {
            single
        };
        for item in items
            .iter()
            .filter(|item| !is_reset(item) && !item.is_null())
        {
            let path = child(item, "path").map_or(item, |path| &path.value);
            let Some(scalar) = Scalar::of(self.input, path) else {
                self.problem(
                    "env-file-syntax",
                    item.span,
                    "an env file must be a path, or a mapping with `path`",
                );
                continue;
            };
            let optional =
                child(item, "required").is_some_and(|entry| entry.value.as_bool() == Some(false));
            let env = self
                .input
                .lexicon
                .words
                .in_path(scalar.text)
                .map(|claim| claim.env);
            let fact = Fact::new(
                Kind::compose_env_file,
                self.input.file,
                entry.key.span,
                scalar.span,
            )
            .with(compose_env_file::SERVICE, service.name)
            .with(compose_env_file::PATH, bounded(scalar.text))
            .with(compose_env_file::PATH_ENV, env)
            .with(compose_env_file::REQUIRED, !optional);
            self.facts.push(fact);
        }
    }

    /// `command:` and `entrypoint:`, a line or a list of words.
    fn command(&mut self, service: &Service, entry: &Entry) {
        let words: Vec<&str> = entry.value.items().iter().filter_map(Node::text).collect();
        let line = entry
            .value
            .text()
            .map_or_else(|| words.join(" "), str::to_owned);
        if line.trim().is_empty() {
            return;
        }
        let span =
            Scalar::of(self.input, &entry.value).map_or(entry.value.span, |scalar| scalar.span);
        let mut fact = Fact::new(Kind::command, self.input.file, entry.key.span, span)
            .with(command::SERVICE, service.name)
            .with(command::DEV_SERVER, value::command::is_dev_server(&line));
        let masked = value::command::masked(line.trim());
        fact.set(
            command::PROGRAM,
            bounded(value::command::program(&masked)).into(),
        );
        fact.set(command::TEXT, masked.into());
        fact.set(command::SOURCE, Value::Word("compose"));
        self.facts.push(fact);
    }

    /// Looks through all texts below: references that are none, and fallbacks of credentials outside of `environment`.
    fn references(&mut self, service: &Service, key: Span, node: &Node, bound: bool) {
        if let Some(scalar) = node
            .text()
            .filter(|text| text.contains('$'))
            .and_then(|_| Scalar::of(self.input, node))
        {
            self.problems.extend(scalar.template.problems());
            if !bound {
                let holder = Binding {
                    name: "",
                    key,
                    text: scalar.text,
                    span: scalar.span,
                    template: &scalar.template,
                    source: "compose",
                    service: Some(service.name),
                    inherited: false,
                };
                holder.push_hidden(self.input, &mut self.facts);
            }
        }
        for item in node.items() {
            self.references(service, key, item, bound);
        }
        for entry in node.entries() {
            self.references(service, entry.key.span, &entry.value, bound);
        }
    }
}
