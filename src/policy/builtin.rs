//! The policies that ship: `policies/<subject>/<id>.yml`, embedded. The build script lists the folder and packs what a run
//! needs of each file.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Source};
use super::load::load_tree;
use super::packed::unpack;
use super::spec::Spec;
use crate::model::Str;

/// One policy file.
pub struct File {
    pub path: &'static str,
    pub text: &'static str,
    /// Where its packed tree lies; empty where the build script could not read it.
    packed: (usize, usize),
}

/// Every file, sorted by path.
pub static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/policies.rs"));

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policies.bin"));

/// Every policy that ships, and the mistakes in them (a test holds that there are none).
pub fn specs() -> (Vec<Spec>, Vec<Diagnostic>) {
    gathered(|_, source| super::load(source))
}

/// As `specs`, without examples: what a run needs, and no YAML is read for it.
pub fn rules() -> (Vec<Spec>, Vec<Diagnostic>) {
    gathered(|file, source| match unpack(file.packed(), file.text) {
        Some(root) => load_tree(source, &root),
        None => super::load(source),
    })
}

impl File {
    fn packed(&self) -> &'static [u8] {
        let (start, end) = self.packed;
        PACKED.get(start..end).unwrap_or_default()
    }
}

type Loaded = (Vec<Spec>, Vec<Diagnostic>);

fn gathered(load: impl Fn(&File, &Arc<Source>) -> Loaded) -> Loaded {
    let mut specs = Vec::with_capacity(FILES.len());
    let mut found = Vec::new();
    for file in FILES {
        let source = Source {
            name: Str::from(file.path),
            text: Str::from(file.text),
            built_in: true,
        };
        let (own, mut mistakes) = load(file, &Arc::new(source));
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
        for file in FILES {
            catalogue.add(&Source::new(file.path, file.text));
        }
        let compiled = catalogue.compile(&Environments::default(), &Settings::new());
        let found = compiled.err().unwrap_or_default();
        assert!(found.is_empty(), "{}", rendered(&found));
    }

    #[test]
    fn the_packed_trees_say_what_the_texts_say() {
        let (written, _) = specs();
        let (packed, found) = rules();
        assert!(found.is_empty(), "{}", rendered(&found));
        assert_eq!(written.len(), packed.len());
        for (mut written, packed) in written.into_iter().zip(packed) {
            written.examples.clear();
            assert_eq!(format!("{written:?}"), format!("{packed:?}"));
        }
        assert!(FILES.iter().all(|file| !file.packed().is_empty()));
    }
}
