//! From files to one configuration: every document is converted, completed by `include` and `extends`, put on top of
//! what the files before say, judged, and brought into canonical form, in the order of the reference.

use std::collections::HashMap;
use std::sync::Arc;

use super::convert::Converter;
use super::origin::{Origin, Via};
use super::project::IssueKind;
use super::reset::Resets;
use super::run::{self, Run, Source};
use super::value::{Map, Path};
use super::variables::Variables;
use super::{canonical, checks, extends, include, merge, schema, settle, unique};
use crate::model::{Span, Str};

/// What the files of one project, or of one `include`, have in common.
pub(super) struct Scope {
    /// Where files are looked up, from the root.
    pub folder: String,
    /// What relative paths get in front: that folder, as the including project sees it.
    pub prefix: String,
    pub variables: Variables,
    /// How values of this scope get into the project.
    pub via: Option<Arc<Via>>,
    /// The files that include this one, the outermost first.
    pub included: Vec<String>,
    /// Files that services here extend.
    pub extended: HashMap<String, Option<Arc<Extended>>>,
}

/// A file that services extend, in canonical form.
pub(super) struct Extended {
    pub path: String,
    pub services: Map,
    pub resets: Resets,
}

/// Merges the files of a scope, in order.
pub(super) fn model(run: &mut Run, scope: &mut Scope, files: &[(String, Origin)]) -> Map {
    let mut model = Map::new();
    for (path, asked) in files {
        if let Some(source) = run.parse(path, asked) {
            for document in &source.yaml.documents {
                one_document(run, scope, &source, document, &mut model);
            }
        }
    }
    checks::check(run, &model);
    settle::paths(run, &mut model, &scope.prefix);
    settle::environment(&mut model, &scope.variables);
    model
}

fn one_document(
    run: &mut Run,
    scope: &mut Scope,
    source: &Source,
    document: &crate::syntax::Node,
    model: &mut Map,
) {
    let via = scope.via.clone();
    let converter = Converter::new(run, source, &scope.variables, via);
    let Some((mut map, resets)) = converter.document(document) else {
        return not_a_mapping(run, source, document);
    };
    include::apply(run, scope, &mut map, &resets, &source.path);
    resets.apply(model);
    extends::apply(run, scope, &mut map, &resets, &source.path);
    merge::merge_maps(run, model, map, Path::root());
    unique::enforce(run, model, Path::root());
    schema::validate(run, model);
    model.remove("version");
    canonical::canonical(run, model);
    unique::enforce(run, model, Path::root());
}

/// Loads a file for `extends`: nothing but its services, as it stands, paths seen from this scope.
pub(super) fn extended(
    run: &mut Run,
    scope: &mut Scope,
    path: &str,
    asked: &Origin,
) -> Option<Arc<Extended>> {
    if let Some(known) = scope.extended.get(path) {
        return known.clone();
    }
    let loaded = run
        .parse(path, asked)
        .map(|source| Arc::new(load_extended(run, scope, &source, path)));
    scope.extended.insert(path.to_owned(), loaded.clone());
    loaded
}

fn load_extended(run: &mut Run, scope: &Scope, source: &Source, path: &str) -> Extended {
    let mut model = Map::new();
    let mut resets = Resets::default();
    for document in &source.yaml.documents {
        let converter = Converter::new(run, source, &scope.variables, scope.via.clone());
        let Some((map, here)) = converter.document(document) else {
            not_a_mapping(run, source, document);
            continue;
        };
        here.apply(&mut model);
        resets = here;
        merge::merge_maps(run, &mut model, map, Path::root());
        unique::enforce(run, &mut model, Path::root());
        canonical::canonical(run, &mut model);
        unique::enforce(run, &mut model, Path::root());
    }
    let folder = super::paths::folder(path);
    let prefix = super::paths::relative(&scope.folder, &folder);
    settle::paths(run, &mut model, &prefix);
    Extended {
        path: path.to_owned(),
        services: settle::take_map(&mut model, "services").unwrap_or_default(),
        resets,
    }
}

fn not_a_mapping(run: &mut Run, source: &Source, document: &crate::syntax::Node) {
    let origin = run::origin(&source.path, Span::default(), document.span);
    if document.is_null() {
        let message = "a document without content";
        run.issue(IssueKind::Empty, &origin, message);
    } else {
        let message = "a compose file is a mapping";
        run.issue(IssueKind::Yaml, &origin, message);
    }
}

/// A file by its path, named by nobody in particular.
pub(super) fn file(path: &str) -> (String, Origin) {
    let asked = run::origin(&Str::from(path), Span::default(), Span::default());
    (path.to_owned(), asked)
}
