//! The text that holds where nobody sets a variable: `${X:-v}` is `v`. References without a fallback stay as written,
//! so that the rest of the value can still be judged. Never longer than what was written, so nothing can grow.

use crate::model::{Span, Str};
use crate::syntax::template::{Op, OpKind, Part, Reference, Template};

/// One `${X:-v}` with a fallback that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The variable whose absence it mends.
    pub name: Str,
    /// Its bytes in the file; the innermost of `${A:-${B:-v}}`.
    pub span: Span,
}

/// The text with every fallback in place; `None` where the template has none, or only empty ones.
pub fn filled(template: &Template, text: &str) -> Option<String> {
    has_fallback(template).then(|| {
        let mut out = String::with_capacity(text.len());
        fill(template, text, &mut out);
        out
    })
}

/// The text as it is where nothing in it is a reference: `$$` is one dollar sign.
pub fn literal(template: &Template, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fill(template, text, &mut out);
    out
}

/// Bytes of the fallback where the whole value is one reference.
pub fn whole(template: &Template) -> Option<Span> {
    match template.parts.as_slice() {
        [Part::Reference(reference)] => {
            default_of(reference).map(|op| whole(&op.operand).unwrap_or(op.span))
        }
        _ => None,
    }
}

/// Every reference of a template with a fallback, with the text that stands in for it.
pub fn each(template: &Template, text: &str) -> Vec<(Fallback, String)> {
    template
        .references()
        .into_iter()
        .filter_map(|reference| {
            let op = default_of(reference)?;
            let value = literal(&op.operand, text);
            let span = whole(&op.operand).unwrap_or(op.span);
            (!value.is_empty()).then(|| {
                let name = Str::clone(&reference.name);
                (Fallback { name, span }, value)
            })
        })
        .collect()
}

/// The first variable a value refers to.
pub fn first_name(template: &Template) -> Option<Str> {
    template
        .references()
        .first()
        .map(|reference| Str::clone(&reference.name))
}

/// Some reference says what to take in its place, be it nothing.
pub fn is_guarded(template: &Template) -> bool {
    template
        .references()
        .into_iter()
        .any(|reference| default_of(reference).is_some())
}

fn default_of(reference: &Reference) -> Option<&Op> {
    reference
        .op
        .as_ref()
        .filter(|op| op.kind == OpKind::Default)
}

fn has_fallback(template: &Template) -> bool {
    template
        .references()
        .into_iter()
        .filter_map(default_of)
        .any(|op| !op.operand.parts.is_empty() && !op.at.is_empty())
}

fn fill(template: &Template, text: &str, out: &mut String) {
    for part in &template.parts {
        match part {
            Part::Literal { at } | Part::Invalid { at, .. } => out.push_str(at.of(text)),
            Part::Dollar { .. } => out.push('$'),
            Part::Reference(reference) => {
                if let Some(op) = default_of(reference) {
                    fill(&op.operand, text, out);
                } else {
                    out.push_str("${");
                    out.push_str(&reference.name);
                    out.push('}');
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled_text(text: &str) -> String {
        filled(&Template::parse(text), text).unwrap_or_else(|| "-".to_owned())
    }

    #[test]
    fn fallbacks_take_their_places() {
        for (text, expected) in [
            ("${X:-v}", "v"),
            ("${X-v}", "v"),
            ("${X:-}", "-"),
            ("${X}", "-"),
            ("${X:?no}", "-"),
            ("a", "-"),
            ("${A:-${B:-c}}", "c"),
            ("http://${H:-localhost}:${P}/", "http://localhost:${P}/"),
            ("é${X:-ü}$$", "éü$"),
        ] {
            assert_eq!(filled_text(text), expected, "{text}");
        }
    }

    #[test]
    fn each_fallback_has_its_bytes() {
        let text = "a${A:-${B:-c}}${D:-é}";
        let found = each(&Template::parse(text), text);
        let shown: Vec<_> = found
            .iter()
            .map(|(fallback, value)| {
                format!("{} {} {value}", fallback.name, fallback.span.of(text))
            })
            .collect();
        assert_eq!(shown, ["A c c", "B c c", "D é é"]);
        let one = "${A:-${B:-c}}";
        assert_eq!(
            whole(&Template::parse(one)).map(|span| span.of(one)),
            Some("c")
        );
    }
}
