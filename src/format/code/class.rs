//! Classes of a Python settings file that are each the settings of one environment: `class Development(Config):`.

use crate::model::{Env, Span};
use crate::value::Lexicon;
use crate::value::words::tokens;

/// The body of one class.
pub(super) struct Class {
    body: std::ops::Range<usize>,
    pub(super) env: Env,
}

impl Class {
    pub(super) fn holds(&self, span: Span) -> bool {
        self.body.contains(&(span.start as usize))
    }
}

/// The classes that are named after an environment, alone or with a word for settings: `Testing`, `ProdConfig`.
pub(super) fn environments(text: &str, lexicon: &Lexicon) -> Vec<Class> {
    let mut found: Vec<Class> = Vec::new();
    let mut open = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let from = start;
        start += line.len();
        // What stands at the left edge ends a class; brackets and comments there do not begin anything.
        let begins = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '@');
        if begins {
            let env = class_name(line).and_then(|name| named(name, lexicon));
            open = env.is_some();
            if let Some(env) = env {
                found.push(Class {
                    body: from..start,
                    env,
                });
            }
        } else if let Some(class) = found.last_mut().filter(|_| open) {
            class.body.end = start;
        }
    }
    found
}

fn class_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("class ")?.trim_start();
    let ends = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    rest.get(..ends)
}

fn named(name: &str, lexicon: &Lexicon) -> Option<Env> {
    const SETTINGS: &[&str] = &["config", "configuration", "settings", "base"];
    let mut words = tokens(name).map(|token| token.text).filter(|word| {
        !SETTINGS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word))
    });
    let word = words.next()?;
    let env = lexicon.words.named(&word.to_ascii_lowercase())?;
    words.next().is_none().then_some(env)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Environments;

    #[test]
    fn a_class_of_settings_belongs_to_the_environment_it_is_named_after() {
        let lexicon = Lexicon::new(Environments::default());
        let text = "class Config:\n    A = 1\n\nclass Development(Config):\n    B = 2\n# note\n    C = 3\n\nclass ProductionConfig(Config):\n    D = 4\n\nE = 5\nclass TestRunner:\n    F = 6\n";
        let classes = environments(text, &lexicon);
        let of = |letter: &str| {
            let at = text.find(letter).unwrap_or_default();
            let class = classes
                .iter()
                .find(|class| class.holds(Span::new(at, at + 1)));
            class.map(|class| class.env)
        };
        assert_eq!(of("A ="), None);
        assert_eq!(of("B ="), Some(Env::DEVELOPMENT));
        assert_eq!(of("C ="), Some(Env::DEVELOPMENT));
        assert_eq!(of("D ="), Some(Env::PRODUCTION));
        assert_eq!(of("E ="), None);
        assert_eq!(of("F ="), None);
    }
}
