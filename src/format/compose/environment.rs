//! `environment:` of a service, as a mapping or as a list of `NAME=value`.

use crate::format::bindings::Binding;
use crate::model::Span;
use crate::syntax::Offsets;
use crate::syntax::template::Template;
use crate::syntax::{Entry, Node};

use super::scalar::Scalar;
use super::{Reader, is_reset, kept};

const CODE: &str = "environment-syntax";

impl Reader<'_> {
    pub(super) fn environment(&mut self, service: &str, entry: &Entry) {
        let node = &entry.value;
        if node.is_null() {
            return;
        }
        if node.is_map() {
            for variable in kept(node) {
                self.variable(service, variable);
            }
        } else if node.is_seq() {
            for item in node.items().iter().filter(|item| !is_reset(item)) {
                self.assignment(service, item);
            }
        } else {
            self.problem(
                CODE,
                node.span,
                "`environment` must be a mapping or a list of NAME=value",
            );
        }
    }

    /// `NAME: value`, or `NAME:` for the value of whoever starts Compose.
    fn variable(&mut self, service: &str, entry: &Entry) {
        let Some(name) = entry.key.text() else {
            return self.problem(
                CODE,
                entry.key.span,
                "the name of a variable must be a plain text",
            );
        };
        if entry.value.is_null() {
            return self.bind(service, name, entry.key.span, None);
        }
        match Scalar::of(self.input, &entry.value) {
            Some(scalar) => {
                let text = scalar.value();
                self.bind(
                    service,
                    name,
                    entry.key.span,
                    Some((&text, scalar.span, &scalar.template)),
                );
            }
            None => self.problem(
                CODE,
                entry.value.span,
                "the value of a variable must be a single text",
            ),
        }
    }

    /// `NAME=value`, or `NAME` alone.
    fn assignment(&mut self, service: &str, item: &Node) {
        let Some(scalar) = Scalar::of(self.input, item) else {
            if !item.is_null() {
                self.problem(
                    CODE,
                    item.span,
                    "write the variable as NAME=value, or use a mapping without dashes",
                );
            }
            for variable in item.entries() {
                self.variable(service, variable);
            }
            return;
        };
        let Some((name, text)) = scalar.text.split_once('=') else {
            return self.bind(service, scalar.text.trim(), scalar.span, None);
        };
        let key = scalar.part(0, name.len());
        if name.trim().is_empty() {
            return self.problem(
                CODE,
                scalar.span,
                "the name of the variable is missing in front of `=`",
            );
        }
        let span = scalar.part(name.len() + 1, scalar.text.len());
        let offsets = Offsets::aligned(text, self.input.text, span);
        let template = Template::parse_in(text, &offsets);
        let value = if template.is_literal() {
            crate::value::fallback::literal(&template, text)
        } else {
            text.to_owned()
        };
        self.bind(service, name.trim(), key, Some((&value, span, &template)));
    }

    fn bind(
        &mut self,
        service: &str,
        name: &str,
        key: Span,
        value: Option<(&str, Span, &Template)>,
    ) {
        let nothing = Template::default();
        let (text, span, template) = value.unwrap_or(("", key, &nothing));
        Binding {
            name,
            key,
            text,
            span,
            template,
            source: "compose",
            service: Some(service),
            inherited: value.is_none(),
        }
        .push(self.input, &mut self.facts);
    }
}
