//! One written binding of a variable as facts: the `var` itself, and one more for what holds where `${X:-v}` finds no X.

use crate::model::schema::{Kind, var};
use crate::model::{Fact, Secret, Span, Value};
use crate::syntax::template::Template;
use crate::value::secretish::{self, Name};
use crate::value::{binding, fallback, kind};

use super::Input;

/// A name bound to a text, wherever that is written.
pub(super) struct Binding<'a> {
    pub(super) name: &'a str,
    pub(super) key: Span,
    pub(super) text: &'a str,
    pub(super) span: Span,
    pub(super) template: &'a Template,
    /// One of `schema::SOURCES`.
    pub(super) source: &'static str,
    pub(super) service: Option<&'a str>,
    /// The name stands alone: its value is the one of whoever starts the program.
    pub(super) inherited: bool,
}

impl Binding<'_> {
    /// The facts of this binding, the assigned value first.
    pub(super) fn push(&self, input: &Input, facts: &mut Vec<Fact>) {
        let literal = self.template.is_literal();
        let mut fact = self.fact(input, self.name, self.text, self.span, "value");
        fact.set(
            var::HAS_FALLBACK,
            Value::Bool(fallback::is_guarded(self.template)),
        );
        if self.inherited {
            fact.set(var::VALUE_KIND, Value::Word("reference"));
            fact.set(var::REF, self.name.into());
        } else if kind::has_reference(self.text) {
            fact.set(var::REF, fallback::first_name(self.template).into());
        }
        facts.push(fact);
        if literal {
            return;
        }
        if let Some(text) = fallback::filled(self.template, self.text) {
            let span = fallback::whole(self.template).unwrap_or(self.span);
            facts.push(self.fact(input, self.name, &text, span, "fallback"));
        }
        if !is_credential(self.name) {
            self.push_hidden(input, facts);
        }
    }

    /// Fallbacks of credentials inside of a text that is none by its name: `URL=http://u:${PASSWORD:-x}@h`.
    pub(super) fn push_hidden(&self, input: &Input, facts: &mut Vec<Fact>) {
        for (found, value) in fallback::each(self.template, self.text) {
            if found.name.as_ref() != self.name && is_credential(&found.name) {
                facts.push(self.fact(input, &found.name, &value, found.span, "fallback"));
            }
        }
    }

    fn fact(
        &self,
        input: &Input,
        name: &str,
        value: &str,
        span: Span,
        origin: &'static str,
    ) -> Fact {
        let mut fact = Fact::new(Kind::var, input.file, self.key, span)
            .with(var::NAME, name)
            .with(var::VALUE, Secret::new(value))
            .with(var::SERVICE, self.service)
            .with(var::HAS_FALLBACK, false);
        fact.set(var::SOURCE, Value::Word(self.source));
        fact.set(var::ORIGIN, Value::Word(origin));
        binding::describe(&mut fact, input.lexicon);
        fact
    }
}

fn is_credential(name: &str) -> bool {
    matches!(secretish::name(name), Name::Password | Name::Key)
}
