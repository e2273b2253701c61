//! Images of manifests whose tag a kustomization puts in: what the manifest says is then no longer what runs.

use std::collections::BTreeSet;

use crate::model::schema::image;
use crate::model::{Document, Value};

/// Takes the word of a manifest's tag back where some kustomization of the tree names the image.
pub fn settle(documents: &mut [Document]) {
    let named: BTreeSet<String> = documents
        .iter()
        .filter(|document| document.file.format == "kustomize")
        .flat_map(|document| &document.facts)
        .filter(|fact| fact.kind == image::KIND)
        .map(|fact| fact.text(image::SERVICE).to_owned())
        .collect();
    if named.is_empty() {
        return;
    }
    let manifests = documents
        .iter_mut()
        .filter(|document| document.file.format == "kubernetes");
    for fact in manifests.flat_map(|document| &mut document.facts) {
        if fact.kind == image::KIND && named.contains(fact.text(image::REPOSITORY)) {
            fact.set(image::PIN, Value::Word("variable"));
        }
    }
}
