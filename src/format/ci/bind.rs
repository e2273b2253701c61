//! Variables and secrets of a pipeline as facts. `${{ secrets.X || 'v' }}` is a reference with a fallback, like `${X:-v}`
//! in a Compose file.

use crate::format::bindings::Binding;
use crate::format::written::bounded;
use crate::model::schema::{Kind, var, workflow_secret};
use crate::model::{Fact, Span, Value};
use crate::syntax::Template;
use crate::syntax::expression::{self, Expr};
use crate::value::secretish::{self, Name};

use super::place::Place;
use super::{Emitter, Script, Use, Var};

impl Emitter<'_> {
    pub(super) fn bind(&mut self, var: &Var, job: Option<&str>, place: &Place) {
        let script = &var.value;
        self.bind_text(var.name, var.key, script.text, script.whole, job, place);
        if let Some((text, start, end)) = fallback(script.text) {
            let span = script.span(start, end);
            self.push(var.name, var.key, &text, span, job, place, "fallback");
        }
    }

    /// A name bound to a text, which may hold `${{ … }}` or `$NAME`.
    pub(super) fn bind_text(
        &mut self,
        name: &str,
        key: Span,
        text: &str,
        span: Span,
        job: Option<&str>,
        place: &Place,
    ) {
        self.push(name, key, text, span, job, place, "value");
    }

    #[allow(clippy::too_many_arguments, reason = "a binding has that many parts")]
    fn push(
        &mut self,
        name: &str,
        key: Span,
        text: &str,
        span: Span,
        job: Option<&str>,
        place: &Place,
        origin: &'static str,
    ) {
        let from = self.facts.len();
        let template = Template::literal(text);
        Binding {
            name,
            key,
            text,
            span,
            template: &template,
            source: "workflow",
            service: job,
            inherited: false,
        }
        .push(self.input, &mut self.facts);
        let reference = first_name(text).or_else(|| {
            shell_names(text)
                .first()
                .map(|(name, ..)| (*name).to_owned())
        });
        for fact in self.facts.iter_mut().skip(from) {
            place.stamp(fact);
            if origin == "fallback" {
                fact.set(var::ORIGIN, Value::Word("fallback"));
            }
            if let Some(name) = reference
                .as_ref()
                .filter(|_| fact.text(var::VALUE_KIND) == "reference")
            {
                fact.set(var::REF, bounded(name).into());
            }
            fact.set(var::HAS_FALLBACK, Value::Bool(text.contains("||")));
        }
    }

    pub(super) fn used(&mut self, used: &Use, job: Option<&str>, place: &Place) {
        let name = bounded(&used.name);
        let mut fact = Fact::new(Kind::workflow_secret, self.input.file, used.span, used.span)
            .with(workflow_secret::NAME, name)
            .with(workflow_secret::JOB, job)
            .with(
                workflow_secret::NAME_ENV,
                self.input.lexicon.words.in_name(name),
            )
            .with(workflow_secret::PRINTED, used.printed)
            .with(workflow_secret::WHOLE, used.name == Use::ALL);
        if let Some(place) = used.inherited {
            fact.set(workflow_secret::INHERITED, Value::Word(place));
        }
        fact.set(workflow_secret::CONTEXT, Value::Word(used.context));
        place.stamp(&mut fact);
        self.facts.push(fact);
    }
}

/// The secrets and settings in a text: name, context, and where the name stands.
pub(in crate::format) fn names(text: &str) -> Vec<(&str, &'static str, usize, usize)> {
    let mut found = Vec::new();
    for (start, end) in expression::embedded(text) {
        names_between(text, start, end, &mut found);
    }
    found
}

/// The same in an expression without `${{`.
pub(in crate::format) fn names_in_condition(text: &str) -> Vec<(&str, &'static str, usize, usize)> {
    let mut found = Vec::new();
    names_between(text, 0, text.len(), &mut found);
    found
}

fn names_between<'t>(
    text: &'t str,
    start: usize,
    end: usize,
    found: &mut Vec<(&'t str, &'static str, usize, usize)>,
) {
    let inner = text.get(start..end).unwrap_or_default();
    for context in ["secrets", "vars"] {
        for (at, _) in inner.match_indices(context) {
            let before = inner.get(..at).unwrap_or_default();
            let quoted = before.matches('\'').count() % 2 == 1;
            if quoted
                || before
                    .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
            {
                continue;
            }
            let behind = at + context.len();
            let rest = inner.get(behind..).unwrap_or_default();
            let lead = ["['", "."]
                .iter()
                .find(|lead| rest.starts_with(**lead))
                .map_or(0, |lead| lead.len());
            let name = rest.get(lead..).unwrap_or_default();
            let length = name
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(name.len());
            if lead > 0 && length > 0 {
                let from = start + behind + lead;
                let name = name.get(..length).unwrap_or_default();
                found.push((name, context, from, from + length));
            } else if before.trim_end().ends_with('(') && rest.trim_start().starts_with(')') {
                found.push((Use::ALL, context, start + at, start + behind));
            }
        }
    }
}

/// The uses of secrets in a text.
pub(in crate::format) fn uses(script: &Script) -> Vec<Use> {
    let found = names(script.text).into_iter();
    found
        .map(|(name, context, start, end)| Use {
            name: name.to_owned(),
            context,
            span: script.span(start, end),
            printed: false,
            inherited: None,
        })
        .collect()
}

/// The secret that a variable is bound to.
pub(super) fn secret_of(text: &str) -> Option<String> {
    names(text)
        .into_iter()
        .find(|(_, context, ..)| *context == "secrets")
        .map(|(name, ..)| name.to_owned())
}

/// Names behind `$` in a shell text, each with its place: `$X`, `${X}`.
pub(super) fn shell_names(text: &str) -> Vec<(&str, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('$') {
        let rest = text.get(at + 1..).unwrap_or_default();
        let brace = usize::from(rest.starts_with('{'));
        let name = rest.get(brace..).unwrap_or_default();
        let length = name
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(name.len());
        let closed = brace == 0 || name.get(length..).is_some_and(|rest| rest.starts_with('}'));
        if length > 0
            && closed
            && !rest.starts_with("{{")
            && !name.starts_with(|c: char| c.is_ascii_digit())
        {
            let start = at + 1 + brace;
            found.push((
                name.get(..length).unwrap_or_default(),
                start,
                start + length,
            ));
        }
    }
    found
}

pub(super) fn is_credential(name: &str) -> bool {
    matches!(secretish::name(name), Name::Password | Name::Key)
}

/// What a value refers to first: a secret, a setting, a variable.
fn first_name(text: &str) -> Option<String> {
    let (start, end) = expression::embedded(text).first().copied()?;
    let inner = text.get(start..end)?;
    let named = names(text);
    if let Some((name, ..)) = named.iter().find(|(name, ..)| *name != Use::ALL) {
        return Some((*name).to_owned());
    }
    match expression::parse(inner) {
        Expr::Path(path) if path.len() > 1 => path.last().cloned(),
        _ => None,
    }
}

/// The literal of `${{ x || 'literal' }}`; `${{ a && 'b' || 'c' }}` chooses, and has none.
fn fallback(text: &str) -> Option<(String, usize, usize)> {
    let whole = text.trim();
    let lead = text.len() - text.trim_start().len();
    let inner = whole.strip_prefix("${{")?.strip_suffix("}}")?;
    let Expr::Or(left, right) = expression::parse(inner) else {
        return None;
    };
    let Expr::Text(literal) = *right else {
        return None;
    };
    let refers = matches!(*left, Expr::Path(_) | Expr::Or(..));
    let written = format!("'{literal}'");
    let at = inner.rfind(&written)? + lead + 3 + 1;
    (refers && !literal.is_empty()).then(|| {
        let end = at + literal.len();
        (literal, at, end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_outside_of_quotes() {
        let text = "a ${{ secrets.A_B }} ${{ github.event.vars.x || vars['C'] }} ${{ 'secrets.D' }} secrets.E";
        let found: Vec<_> = names(text).iter().map(|(name, ..)| *name).collect();
        assert_eq!(found, ["A_B", "C"]);
        let places: Vec<_> = names(text)
            .iter()
            .map(|(_, _, start, end)| &text[*start..*end])
            .collect();
        assert_eq!(places, ["A_B", "C"]);
    }

    #[test]
    fn all_secrets_at_once_are_told_from_one_of_them() {
        for (text, expected) in [
            ("${{ toJSON(secrets) }}", &["*"][..]),
            ("${{ toJson( secrets ) }}", &["*"]),
            ("${{ toJSON(secrets.A) }}", &["A"]),
            ("${{ secrets[inputs.name] }}", &[]),
            ("${{ contains('(secrets)', inputs.x) }}", &[]),
        ] {
            let found: Vec<_> = names(text).iter().map(|(name, ..)| *name).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn fallbacks_are_told_from_choices() {
        let text = "${{ secrets.A || 'b' }}";
        let (value, start, end) = fallback(text).unwrap();
        assert_eq!((value.as_str(), &text[start..end]), ("b", "b"));
        for text in [
            "${{ a.b && 'c' || 'd' }}",
            "${{ a.b || c.d }}",
            "x${{ a.b || 'c' }}",
            "${{ a.b || '' }}",
        ] {
            assert_eq!(fallback(text), None, "{text}");
        }
    }

    #[test]
    fn shell_names_are_whole() {
        let found: Vec<_> = shell_names("$A ${B} ${C:-d} $1 ${{ x }} $$ a$D_1.")
            .into_iter()
            .map(|(name, ..)| name)
            .collect();
        assert_eq!(found, ["A", "B", "D_1"]);
    }
}
