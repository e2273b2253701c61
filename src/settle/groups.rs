//! Letters for equal secrets: `=A` at two places says that both hold one value, and nothing about the value. Letters are
//! given in order of first appearance, so equal runs print equal letters and there is no hash to try guesses on.

use std::collections::BTreeMap;

use crate::model::harmless::is_harmless;
use crate::model::schema::{var, var_read};
use crate::model::{Fact, Finding, Kind, Place, Val};

/// The letters of one run.
#[derive(Default)]
pub struct Groups<'a> {
    letters: BTreeMap<&'a str, String>,
}

impl<'a> Groups<'a> {
    /// One entry for each place, the primary first: the letter of the secret it shares with another place.
    pub fn of(&mut self, finding: &Finding, facts: &'a [Fact]) -> Vec<Option<String>> {
        let involved: Vec<&Fact> = finding
            .facts
            .iter()
            .filter_map(|at| facts.get(*at))
            .collect();
        let places: Vec<(&Place, Option<&str>)> = std::iter::once(&finding.primary)
            .chain(&finding.related)
            .map(|place| {
                (
                    place,
                    involved.iter().find_map(|fact| secret_at(fact, place)),
                )
            })
            .collect();
        places
            .iter()
            .map(|(here, secret)| {
                let secret = (*secret)?;
                let elsewhere = |(there, other): &(&Place, Option<&str>)| {
                    *other == Some(secret)
                        && (there.span, &there.file.path) != (here.span, &here.file.path)
                };
                places.iter().any(elsewhere).then(|| self.letter(secret))
            })
            .collect()
    }

    fn letter(&mut self, secret: &'a str) -> String {
        let next = self.letters.len();
        self.letters
            .entry(secret)
            .or_insert_with(|| spelled(next))
            .clone()
    }
}

fn secret_at<'a>(fact: &'a Fact, place: &Place) -> Option<&'a str> {
    let here = fact.file.path == place.file.path
        && fact.span.start <= place.span.end
        && place.span.start <= fact.span.end;
    let field = match fact.kind {
        Kind::var => var::VALUE,
        Kind::var_read => var_read::DEFAULT,
        _ => return None,
    };
    match fact.get(field) {
        Val::Secret(secret) if here && !is_harmless(secret.expose()) => Some(secret.expose()),
        _ => None,
    }
}

/// A, B … Z, AA, AB …
fn spelled(mut number: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(
            b'A' + u8::try_from(number % 26).unwrap_or_default(),
        ));
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn letters_go_on_after_z() {
        let spelled: Vec<_> = [0, 25, 26, 51, 52, 702].map(spelled).into();
        assert_eq!(spelled, ["A", "Z", "AA", "AZ", "BA", "AAA"]);
    }
}
