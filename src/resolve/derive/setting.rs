//! Images and feature flags in variables.

use crate::model::schema::{Kind, flag, image, var};
use crate::model::{Fact, Val, Value};
use crate::value::wordlist::{ends, has};
use crate::value::words;

use super::{Deriver, copy, fact, is_literal};

impl Deriver<'_> {
    pub(super) fn settings(&self, from: &Fact, out: &mut Vec<Fact>) {
        let name = from.text(var::NAME);
        if is_flag(name)
            && let Val::Bool(enabled) = from.get(var::TRUTHY)
        {
            let mut fact = fact(Kind::flag, from, from.span)
                .with(flag::NAME, name)
                .with(flag::ENABLED, enabled);
            fact.set(flag::SOURCE, Value::Word("variable"));
            out.push(fact);
        }
        let value = from.text(var::VALUE).trim();
        if is_image_name(name) && is_image(value) && (is_literal(from) || value.contains(':')) {
            out.extend(self.image(from, name, value));
        }
    }

    fn image(&self, from: &Fact, name: &str, value: &str) -> Option<Fact> {
        let mut fact = fact(Kind::image, from, from.span)
            .with(image::SERVICE, name)
            .with(image::BUILT, false);
        fact.set(image::SOURCE, Value::Word("variable"));
        copy(&mut fact, image::ORIGIN, from, var::ORIGIN);
        crate::value::image::describe(&mut fact, value, self.lexicon);
        // Without a tag it is the name of an image, and the tag joins it where it is used.
        let pinned = !matches!(fact.text(image::PIN), "invalid" | "none");
        pinned.then_some(fact)
    }
}

/// `FEATURE_X`, `ENABLE_X`, `X_ENABLED`, `FF_X`, `X_FEATURE_FLAG`. Settings of frameworks (`lograge.enabled`) switch parts
/// of libraries, unless they say what they are: `app.features.cart.enabled`.
fn is_flag(name: &str) -> bool {
    let names: Vec<&str> = words::tokens(name).map(|token| token.text).collect();
    if name.contains('.')
        && !names
            .iter()
            .any(|word| has("FEATURE FEATURES FLAG FLAGS FF TOGGLE TOGGLES", word))
    {
        return false;
    }
    let first = names.first().copied().unwrap_or_default();
    let last = names.last().copied().unwrap_or_default();
    names.len() > 1 && (has("FEATURE FEATURES FF FLAG ENABLE", first) || has("ENABLED FLAG", last))
}

fn is_image_name(name: &str) -> bool {
    let last = words::tokens(name)
        .last()
        .map(|token| token.text)
        .unwrap_or_default();
    has("IMAGE", last)
}

/// No picture, disk or URL.
fn is_image(value: &str) -> bool {
    const FILES: &str = ".png .jpg .jpeg .svg .webp .gif .ico .iso .qcow2 .img .vmdk .avif";
    !value.is_empty()
        && !value.contains("://")
        && !value.starts_with(['/', '.', '~'])
        && !ends(FILES, value)
        && !value.contains(char::is_whitespace)
}
