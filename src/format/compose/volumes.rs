//! `volumes:` and `tmpfs:` of a service, short and long.

use crate::format::written::bounded;
use crate::model::schema::{Kind, compose_volume};
use crate::model::{Fact, Span, Value};
use crate::syntax::{Entry, Node};
use crate::value::engine;
use crate::value::volume::{self, Mount};
use crate::value::wordlist::has;

use super::scalar::Scalar;
use super::service::Service;
use super::{Reader, child, is_reset};

const CODE: &str = "volume-syntax";

impl Reader<'_> {
    pub(super) fn volumes(&mut self, service: &Service, entry: &Entry) {
        if !entry.value.is_seq() {
            if !entry.value.is_null() {
                self.problem(
                    CODE,
                    entry.value.span,
                    "`volumes` of a service must be a list",
                );
            }
            return;
        }
        for item in entry.value.items().iter().filter(|item| !is_reset(item)) {
            if item.is_map() {
                self.long_volume(service, entry.key.span, item);
            } else {
                self.short_volume(service, entry.key.span, item);
            }
        }
    }

    /// A path, or a list of paths, each with options behind a colon.
    pub(super) fn tmpfs(&mut self, service: &Service, entry: &Entry) {
        let single = std::slice::from_ref(&entry.value);
        let items = if entry.value.is_seq() {
            entry.value.items()
        } else {
            single
        };
        for scalar in items.iter().filter_map(|item| Scalar::of(self.input, item)) {
            let target = scalar.text.split(':').next().unwrap_or_default();
            let mount = Mount {
                target,
                ..Mount::default()
            };
            self.mount(service, entry.key.span, scalar.span, "tmpfs", &mount);
        }
    }

    fn short_volume(&mut self, service: &Service, key: Span, item: &Node) {
        let Some(scalar) = Scalar::of(self.input, item) else {
            return self.problem(
                CODE,
                item.span,
                "a volume must be a text or a mapping with `type` and `target`",
            );
        };
        let mount = match volume::short(scalar.text) {
            Ok(mount) => mount,
            Err(wrong) => return self.problem(CODE, scalar.span, wrong),
        };
        // What the source is shows once its fallbacks are filled in.
        let filled = scalar.filled();
        let settled = filled
            .as_deref()
            .and_then(|text| volume::short(text).ok())
            .unwrap_or(mount);
        self.mount(service, key, scalar.span, kind_of(settled.source), &mount);
    }

    fn long_volume(&mut self, service: &Service, key: Span, item: &Node) {
        let text = |name: &str| child(item, name).and_then(|entry| entry.value.text());
        let written = text("type");
        let Some(target) = text("target")
            .or_else(|| text("destination"))
            .or_else(|| text("dst"))
        else {
            return self.problem(CODE, item.span, "the long form of a volume needs `target`");
        };
        let source = text("source")
            .or_else(|| text("src"))
            .filter(|source| !source.is_empty());
        let kind = match (written, source) {
            (Some("volume"), Some(_)) => "named",
            (Some("volume"), None) => "anonymous",
            (Some("bind"), _) => "bind",
            (Some("tmpfs"), _) => "tmpfs",
            (None, _) => {
                self.problem(CODE, item.span, "the long form of a volume needs `type`");
                kind_of(source)
            }
            _ => "other",
        };
        let mount = Mount {
            source,
            target,
            read_only: child(item, "read_only")
                .is_some_and(|entry| entry.value.as_bool() == Some(true)),
        };
        let span = child(item, "source")
            .or_else(|| child(item, "src"))
            .and_then(|entry| Scalar::of(self.input, &entry.value))
            .map_or(item.span, |scalar| scalar.span);
        self.mount(service, key, span, kind, &mount);
    }

    fn mount(
        &mut self,
        service: &Service,
        key: Span,
        span: Span,
        kind: &'static str,
        mount: &Mount,
    ) {
        let name = mount.source.map(bounded);
        let engine = service
            .engine
            .filter(|_| holds_data(kind, mount.target))
            .or_else(|| engine::by_folder(mount.target).filter(|_| !service.prepares()));
        if let (Some(name), Some(engine), "named") = (name, engine, kind) {
            self.engines.insert(name.to_owned(), engine);
        }
        let external = kind == "named" && name.is_some_and(|name| self.external.contains(&name));
        let code = kind == "bind" && name.is_some_and(|name| is_source_code(service.context, name));
        let mut fact = Fact::new(Kind::compose_volume, self.input.file, key, span)
            .with(compose_volume::SERVICE, service.name)
            .with(compose_volume::NAME, name)
            .with(compose_volume::TARGET, bounded(mount.target))
            .with(compose_volume::EXTERNAL, external)
            .with(compose_volume::READ_ONLY, mount.read_only)
            .with(compose_volume::SOURCE_CODE, code);
        fact.set(compose_volume::MOUNT, Value::Word(kind));
        fact.set(
            compose_volume::ENGINE,
            engine.map_or(Value::Absent, Value::Word),
        );
        self.facts.push(fact);
    }
}

/// What a short form mounts, by its source.
fn kind_of(source: Option<&str>) -> &'static str {
    match source {
        None => "anonymous",
        Some(source) if volume::is_path(source) => "bind",
        // `${DIR}/data` is a path, `${X}` may be anything.
        Some(source)
            if source.starts_with('$') && (source.contains('/') || is_working_folder(source)) =>
        {
            "bind"
        }
        Some(source) if source.starts_with('$') => "other",
        Some(_) => "named",
    }
}

fn is_working_folder(source: &str) -> bool {
    has("$PWD ${PWD} $PWD/ ${PWD}/", source)
}

/// Volumes of a database hold its data; of paths on the host only those that lead to where it keeps them.
fn holds_data(kind: &str, target: &str) -> bool {
    match kind {
        "named" | "anonymous" => true,
        "bind" => target.contains("data") || target.contains("/var/lib"),
        _ => false,
    }
}

/// The folder that is built, one above it, or the code inside of it. Without a build only the project's own folder.
fn is_source_code(context: Option<&str>, source: &str) -> bool {
    const CODE_FOLDERS: &str =
        "src app apps lib server client backend frontend code api web packages cmd pkg internal";
    let clean = |path: &str| {
        let path = if is_working_folder(path) { "." } else { path };
        let path = path
            .strip_prefix("${PWD}/")
            .or_else(|| path.strip_prefix("$PWD/"))
            .unwrap_or(path);
        path.trim_start_matches("./")
            .trim_end_matches('/')
            .trim_end_matches("/.")
            .trim_end_matches('.')
            .to_owned()
    };
    let up = source.starts_with("..");
    let folder = clean(source);
    let Some(context) = context else {
        return folder.is_empty() && !up;
    };
    let context = clean(context);
    let inside = |inner: &str, outer: &str| {
        outer.is_empty()
            || inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if folder == context || (!up && inside(&context, &folder)) {
        return true;
    }
    let last = folder.rsplit('/').next().unwrap_or_default();
    !source.starts_with(['/', '~']) && inside(&folder, &context) && has(CODE_FOLDERS, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_of_the_built_folder_are_source_code() {
        for (context, source, expected) in [
            (Some("."), ".", true),
            (Some("."), "./", true),
            (Some("./api"), "./api", true),
            (Some("./api"), ".", true),
            (Some("."), "./src", true),
            (Some("api"), "./api/src", true),
            (Some(".."), "..", true),
            (Some("."), "${PWD}", true),
            (None, ".", true),
            (None, "./src", false),
            (Some("."), "./nginx.conf", false),
            (Some("."), "./data", false),
            (Some("./api"), "./web", false),
            (Some("."), "/src", false),
            (None, "..", false),
        ] {
            assert_eq!(
                is_source_code(context, source),
                expected,
                "{context:?} {source}"
            );
        }
    }
}
