//! The files of an example, with made-up keys in place of `${fake.NAME}`: no file of the project looks like it holds a key.

use super::Fake;
use crate::model::Str;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::spec::{Earlier, Example, Spec};

/// The example's files with `${fake.NAME}` replaced.
pub fn filled(
    spec: &Spec,
    example: &Example,
    fake: &Fake<'_>,
) -> Result<Vec<(Str, Str)>, Vec<Diagnostic>> {
    filled_of(&example.files, spec, example, fake)
}

/// The same for what earlier commits held.
pub fn filled_earlier(
    spec: &Spec,
    example: &Example,
    fake: &Fake<'_>,
) -> Result<Vec<Earlier>, Vec<Diagnostic>> {
    let filled = |one: &Earlier| {
        Ok(Earlier {
            day: Str::clone(&one.day),
            files: filled_of(&one.files, spec, example, fake)?,
        })
    };
    example.earlier.iter().map(filled).collect()
}

fn filled_of(
    written: &[(Str, Str)],
    spec: &Spec,
    example: &Example,
    fake: &Fake<'_>,
) -> Result<Vec<(Str, Str)>, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let mut files = Vec::new();
    for (path, text) in written {
        match fill(text, fake) {
            Ok(text) => files.push((Str::clone(path), text)),
            Err(name) => found.push(
                Diagnostic::error(
                    "P006",
                    spec.at(example.title.span),
                    format!("`${{fake.{name}}}` in {path} is no made-up key"),
                )
                .label("in this example")
                .note("such as stripe_live, stripe_test, aws, github, openai, jwt, hex32, password; add _b for another one"),
            ),
        }
    }
    if found.is_empty() {
        Ok(files)
    } else {
        Err(found)
    }
}

fn fill(text: &Str, fake: &Fake<'_>) -> Result<Str, String> {
    const OPEN: &str = "${fake.";
    if !text.contains(OPEN) {
        return Ok(Str::clone(text));
    }
    let mut out = String::new();
    let mut rest: &str = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        out.push_str(before);
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(&fake(&name.replace('.', "_")).ok_or_else(|| name.to_owned())?);
        rest = behind;
    }
    out.push_str(rest);
    Ok(Str::from(out))
}
