//! Source files that are the settings of one environment: `config/environments/production.rb`, `settings/dev.py`,
//! `config/test.exs`, `environment.prod.ts`. Only the whole name counts, and only where settings are kept.

use crate::model::{Env, base_name};
use crate::value::Lexicon;
use crate::value::wordlist::has;

/// The environment of a settings module, with the reason.
pub(super) fn env(path: &str, lexicon: &Lexicon) -> Option<(Env, &'static str)> {
    let (folders, name) = path.rsplit_once('/')?;
    let (stem, extension) = name.rsplit_once('.')?;
    let folder = base_name(folders);
    if has(
        "config configs conf settings environments environment env",
        folder,
    ) && let Some(env) = lexicon.words.named(stem)
    {
        return Some((env, "a settings module of that name"));
    }
    let (kind, word) = stem.split_once(['.', '_', '-'])?;
    let named = has("environment settings config", kind) && has("ts js py rb exs php", extension);
    let env = lexicon.words.named(word).filter(|_| named)?;
    Some((env, "a settings module of that name"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Environments;

    #[test]
    fn settings_modules_belong_to_the_environment_they_are_named_after() {
        let lexicon = Lexicon::new(Environments::default());
        let said = |path| env(path, &lexicon).map(|(env, _)| env);
        for (path, expected) in [
            ("config/environments/production.rb", Some(Env::PRODUCTION)),
            ("app/settings/dev.py", Some(Env::DEVELOPMENT)),
            ("config/test.exs", Some(Env::TEST)),
            (
                "src/environments/environment.prod.ts",
                Some(Env::PRODUCTION),
            ),
            ("src/settings_staging.py", Some(Env::STAGING)),
            ("src/home/demo.ts", None),
            ("src/staging/index.ts", None),
            ("config/index.ts", None),
            ("src/config.ts", None),
        ] {
            assert_eq!(said(path), expected, "{path}");
        }
    }
}
