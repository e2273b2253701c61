//! The policies that ship: `policies/<subject>/<id>.yml`, embedded. The build script lists the folder and packs what a run
//! needs of each file.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Source, Text};
use super::load::load_tree;
use super::packed::unpack;
use super::spec::Spec;
use crate::model::Str;
use crate::model::base_name;

/// One policy file.
pub struct File {
    pub path: &'static str,
    pub text: &'static str,
    /// Ships switched off.
    off: bool,
    /// Where its packed tree lies; empty where the build script could not read it.
    packed: (usize, usize),
}

/// Every file, sorted by path.
pub static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/policies.rs"));

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policies.bin"));

/// Every policy that ships, and the mistakes in them (a test holds that there are none).
pub fn specs() -> (Vec<Spec>, Vec<Diagnostic>) {
    gathered(FILES.iter(), |_, source| super::load(source))
}

/// As `specs`, without examples: what a run needs, and no YAML is read for it.
pub fn rules() -> (Vec<Spec>, Vec<Diagnostic>) {
    gathered(FILES.iter(), unpacked)
}

/// As `rules`, of those that ship switched on: enough where nobody says anything of single policies.
pub fn rules_on() -> (Vec<Spec>, Vec<Diagnostic>) {
    gathered(FILES.iter().filter(|file| !file.off), unpacked)
}

fn unpacked(file: &File, source: &Arc<Source>) -> Loaded {
    match unpack(file.packed(), file.text) {
        Some(root) => load_tree(source, &root),
        None => super::load(source),
    }
}

impl File {
    /// The policy in it is called like the file.
    pub fn id(&self) -> &'static str {
        let name = base_name(self.path);
        name.strip_suffix(".yml").unwrap_or(name)
    }

    fn packed(&self) -> &'static [u8] {
        let (start, end) = self.packed;
        PACKED.get(start..end).unwrap_or_default()
    }
}

type Loaded = (Vec<Spec>, Vec<Diagnostic>);

fn gathered(
    files: impl Iterator<Item = &'static File>,
    load: impl Fn(&File, &Arc<Source>) -> Loaded,
) -> Loaded {
    let mut specs = Vec::with_capacity(FILES.len());
    let mut found = Vec::new();
    for file in files {
        let source = Source {
            name: Str::from(file.path),
            text: Text::Shipped(file.text),
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
        for (spec, file) in specs.iter().zip(FILES) {
            let stem = Path::new(spec.source.name.as_ref()).file_stem();
            let stem = stem.and_then(|stem| stem.to_str()).unwrap_or_default();
            assert_eq!(spec.id.text.as_ref(), stem, "{}", spec.source.name);
            assert_eq!((file.id(), file.off), (stem, !spec.default_on));
        }
    }

    /// No policy that ships on is a matrix about one that ships off.
    #[test]
    fn those_that_are_on_are_the_same_without_those_that_are_off() {
        let compiled = |catalogue: Catalogue| {
            let policies = catalogue.compile(&Environments::default(), &Settings::new());
            let policies = policies.unwrap().into_iter().filter(|policy| policy.on);
            policies
                .map(|policy| format!("{policy:?}"))
                .collect::<Vec<_>>()
        };
        let on = compiled(Catalogue::shipped_on());
        assert!(on.len() > 50 && on.len() < FILES.len());
        assert_eq!(on, compiled(Catalogue::shipped_rules()));
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
