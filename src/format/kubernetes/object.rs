//! One Kubernetes object: where it belongs, and the data, the hosts and the pods in it.

use crate::format::writer::{Scope, Writer, short};
use crate::model::schema::{k8s_object, var};
use crate::model::{Env, Fact, Kind, Span, Str};
use crate::syntax::{Entry, Node};
use crate::value::base64;

use super::at;

/// Labels and annotations in which people write the environment.
const LABELS: &[&str] = &[
    "environment",
    "env",
    "app.kubernetes.io/environment",
    "tags.datadoghq.com/env",
    "deployment.environment",
];

pub(in crate::format) struct Reader<'a> {
    pub(in crate::format) writer: Writer<'a>,
}

impl<'a> Reader<'a> {
    pub(in crate::format) fn new(writer: Writer<'a>) -> Self {
        Self { writer }
    }

    /// A document: an object, or a list of objects.
    pub(in crate::format) fn document(&mut self, document: &Node) {
        match document.get("items").filter(|items| items.is_seq()) {
            Some(items) => items.items().iter().for_each(|item| self.object(item)),
            None => self.object(document),
        }
    }

    /// An object, or as much of one as a patch has.
    pub(in crate::format) fn object(&mut self, object: &Node) {
        let from = self.writer.facts.len();
        let kind = object.get("kind").and_then(Node::text).unwrap_or_default();
        let name = at(object, &["metadata", "name"])
            .and_then(Node::text)
            .unwrap_or_default();
        self.object_fact(object, kind, name);
        let data = self.writer.facts.len();
        let scope = Scope::of(name);
        match kind {
            "ConfigMap" => self.data(&scope, object.get("data"), false),
            "Secret" => {
                self.data(&scope, object.get("stringData"), false);
                self.data(&scope, object.get("data"), true);
            }
            "HelmRelease" => {
                if let Some(values) = at(object, &["spec", "values"]) {
                    self.chart(values);
                }
            }
            _ => self.pods(object, name),
        }
        self.writer.mark(data, var::OBJECT, kind);
        self.hosts(object, name);
        self.belongs(from, object, kind, name);
    }

    fn object_fact(&mut self, object: &Node, kind: &str, name: &str) {
        let Some(at_name) = at(object, &["metadata", "name"]).filter(|_| !name.is_empty()) else {
            return;
        };
        let namespace = at(object, &["metadata", "namespace"]).filter(|node| node.text().is_some());
        let text = namespace.and_then(Node::text);
        let span = self.writer.content(namespace.unwrap_or(at_name));
        let input = self.writer.input;
        let fact = Fact::new(Kind::k8s_object, input.file, at_name.span, span)
            .with(k8s_object::OBJECT, short(kind))
            .with(k8s_object::NAME, short(name))
            .with(k8s_object::NAMESPACE, text.map(short))
            .with(
                k8s_object::NAMESPACE_ENV,
                text.and_then(|text| input.lexicon.words.named(text)),
            );
        self.writer.push(&Scope::default(), fact);
    }

    /// Gives everything that was read of an object its environment, where the path of the file has none.
    fn belongs(&mut self, from: usize, object: &Node, kind: &str, name: &str) {
        if self.writer.input.file.claim.is_some() {
            return;
        }
        let named = |what: &str, text: &str| {
            let env = self.writer.input.lexicon.words.named(text)?;
            Some((env, format!("the {what} `{}`", short(text))))
        };
        let namespace = at(object, &["metadata", "namespace"])
            .and_then(Node::text)
            .or_else(|| (kind == "Namespace").then_some(name));
        let by_label = || {
            let labels = ["labels", "annotations"]
                .iter()
                .filter_map(|group| at(object, &["metadata", group]));
            labels
                .flat_map(Node::entries)
                .filter(|entry| entry.key.text().is_some_and(|key| LABELS.contains(&key)))
                .find_map(|entry| named("label", entry.value.text()?))
        };
        let found = namespace
            .and_then(|text| named("namespace", text))
            .or_else(by_label);
        if let Some((env, reason)) = found {
            self.all_to(from, env, &reason);
        }
    }

    pub(in crate::format) fn all_to(&mut self, from: usize, env: Env, reason: &str) {
        let belongs = crate::format::writer::Belongs::To(env, Str::from(reason));
        self.writer.place(from, &belongs);
    }

    /// The entries of a ConfigMap or a Secret. A text of several lines is a file.
    fn data(&mut self, scope: &Scope, data: Option<&Node>, encoded: bool) {
        for entry in data.map(Node::entries).unwrap_or_default() {
            let (Some(name), Some(text)) = (entry.key.text(), entry.value.text()) else {
                continue;
            };
            let decoded = if encoded { base64::text(text) } else { None };
            let value = decoded.as_deref().unwrap_or(text).trim_end_matches('\n');
            let is_key = value.starts_with("-----BEGIN");
            if !is_key && (value.contains('\n') || is_file_name(name)) {
                continue;
            }
            let span = self.writer.content(&entry.value);
            self.writer.bind(scope, name, entry.key.span, value, span);
        }
    }

    fn hosts(&mut self, object: &Node, name: &str) {
        let rules = at(object, &["spec", "rules"]).map(Node::items);
        for rule in rules.unwrap_or_default() {
            if let Some(host) = rule.entry("host") {
                self.writer.host(name, host.key.span, &host.value);
            }
        }
        if let Some(hosts) = object.get("spec").and_then(|spec| spec.entry("hostnames")) {
            for host in hosts.value.items() {
                self.writer.host(name, hosts.key.span, host);
            }
        }
        let route = object.get("kind").and_then(Node::text) == Some("Route");
        let host = object.get("spec").and_then(|spec| spec.entry("host"));
        if let Some(host) = host.filter(|_| route) {
            self.writer.host(name, host.key.span, &host.value);
        }
    }
}

/// `application.properties`, `nginx.conf`: a file, not a variable.
fn is_file_name(name: &str) -> bool {
    name.contains('.') && name.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// `name:` and `value:` or `valueFrom:` of one variable.
pub(in crate::format) fn variable(writer: &mut Writer, scope: &Scope, item: &Node) {
    let Some(name) = item.get("name") else {
        return;
    };
    let key = writer.content(name);
    let text = name.text().unwrap_or_default();
    match (item.get("value"), item.entry("valueFrom")) {
        _ if text.is_empty() => {}
        (Some(value), _) if value.text().is_some() => writer.variable(scope, text, key, value),
        (_, Some(from)) => reference(writer, scope, text, key, from),
        _ => writer.bind(scope, text, key, "", key),
    }
}

/// `secretKeyRef`, `configMapKeyRef`, `fieldRef`: the object and the key it is read from.
fn reference(writer: &mut Writer, scope: &Scope, name: &str, key: Span, from: &Entry) {
    let start = writer.facts.len();
    writer.inherited(scope, name, key);
    let source = from.value.entries().first().map(|entry| &entry.value);
    let part = |field: &str| {
        source
            .and_then(|source| source.get(field))
            .and_then(Node::text)
    };
    let target = [part("name"), part("key")];
    let target: Vec<&str> = target.into_iter().flatten().collect();
    if !target.is_empty() {
        writer.mark(start, var::REF, &target.join("/"));
    }
}
