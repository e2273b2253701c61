//! The containers of a workload.

use crate::format::writer::Scope;
use crate::syntax::Node;

use super::at;
use super::object::{Reader, variable};

/// Where a workload keeps the specification of its pods.
const SPECS: &[&[&str]] = &[
    &["spec", "jobTemplate", "spec", "template", "spec"],
    &["spec", "template", "spec"],
    &["spec"],
];

impl Reader<'_> {
    pub(super) fn pods(&mut self, object: &Node, name: &str) {
        let specs = SPECS.iter().filter_map(|path| at(object, path));
        let Some(spec) = specs.into_iter().find(|spec| {
            ["containers", "initContainers"]
                .iter()
                .any(|key| spec.get(key).is_some_and(Node::is_seq))
        }) else {
            return;
        };
        for key in ["initContainers", "containers"] {
            for container in spec.get(key).map(Node::items).unwrap_or_default() {
                self.container(container, name);
            }
        }
    }

    fn container(&mut self, container: &Node, object: &str) {
        let name = container.get("name").and_then(Node::text);
        let scope = Scope::of(name.filter(|name| !name.is_empty()).unwrap_or(object));
        if let Some(image) = container.entry("image") {
            let text = image.value.text().unwrap_or_default();
            let span = self.writer.content(&image.value);
            self.writer.image(&scope, image.key.span, text, span);
        }
        for item in container.get("env").map(Node::items).unwrap_or_default() {
            variable(&mut self.writer, &scope, item);
        }
        self.command(&scope, container);
    }

    /// `command:` and `args:` are one line.
    fn command(&mut self, scope: &Scope, container: &Node) {
        let parts: Vec<_> = ["command", "args"]
            .iter()
            .filter_map(|key| container.entry(key))
            .filter(|entry| entry.value.is_seq())
            .collect();
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            return;
        };
        let words: Vec<&str> = parts
            .iter()
            .flat_map(|entry| entry.value.items())
            .filter_map(Node::text)
            .collect();
        // Written the other way around, or brought in by aliases.
        let span = if first.value.span.start <= last.value.span.start {
            first.value.span.to(last.value.span)
        } else {
            first.value.span
        };
        self.writer
            .line(scope, first.key.span, &words.join(" "), span);
    }
}
