//! The policies that ship: `policies/<subject>/<id>.yml`, embedded. The build script lists the folder.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Source};
use super::spec::Spec;
use crate::model::Str;

/// Path and text of every file, sorted by path.
pub static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/policies.rs"));

/// Every policy that ships, and the mistakes in them (a test holds that there are none).
pub fn specs() -> (Vec<Spec>, Vec<Diagnostic>) {
    let mut specs = Vec::new();
    let mut found = Vec::new();
    for (path, text) in FILES {
        let source = Source {
            name: Str::from(*path),
            text: Str::from(*text),
            built_in: true,
        };
        let (own, mut mistakes) = super::load(&Arc::new(source));
        specs.extend(own);
        found.append(&mut mistakes);
    }
    (specs, found)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::Environments;
    use crate::policy::testing::rendered;
    use crate::policy::{Catalogue, Settings};

    #[test]
    fn every_policy_is_called_like_its_file_and_has_no_mistake() {
        let (specs, found) = specs();
        let told: Vec<String> = found.iter().map(Diagnostic::render).collect();
        assert!(told.is_empty(), "\n{}", told.join("\n"));
        assert!(!specs.is_empty());
        for spec in specs {
            let stem = Path::new(spec.source.name.as_ref()).file_stem();
            let stem = stem.and_then(|stem| stem.to_str()).unwrap_or_default();
            assert_eq!(spec.id.text.as_ref(), stem, "{}", spec.source.name);
        }
    }

    /// Read as a stranger's files, so that every regex and glob is validated.
    #[test]
    fn nothing_is_wrong_with_them() {
        let mut catalogue = Catalogue::default();
        for (path, text) in FILES {
            catalogue.add(&Source::new(path, text));
        }
        let compiled = catalogue.compile(&Environments::default(), &Settings::new());
        let found = compiled.err().unwrap_or_default();
        assert!(found.is_empty(), "{}", rendered(&found));
    }
}
