//! Container image references: repository, tag, digest, and how firmly they name one image. Existing crates refuse what
//! is not valid or not resolved yet; configuration is full of `app:${TAG:-latest}`, so this reader is ours.

use crate::model::schema::image;
use crate::model::{Fact, Value};

use super::Lexicon;
use super::engine;
use super::wordlist::has;

/// An image reference as written, `${…}` included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image<'a> {
    /// Registry and name, without tag and digest.
    pub repository: &'a str,
    pub tag: Option<&'a str>,
    pub digest: Option<&'a str>,
    /// One of `schema::PINS`.
    pub pin: &'static str,
}

/// Reads a reference; anything at all gives an answer, nonsense has the pin `invalid`.
pub fn parse(text: &str) -> Image<'_> {
    let text = text.trim();
    let (name, digest) = match last_outside(text, '@') {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    };
    let slash = last_outside(name, '/').map_or(0, |at| at + 1);
    let colon = name
        .get(slash..)
        .and_then(|last| last_outside(last, ':'))
        .map(|at| slash + at);
    let (repository, tag) = match colon {
        Some(at) => (name.get(..at).unwrap_or_default(), name.get(at + 1..)),
        None => (name, None),
    };
    Image {
        repository,
        tag,
        digest,
        pin: pin(repository, tag, digest),
    }
}

impl<'a> Image<'a> {
    /// Name without registry and folders: `postgres` of `docker.io/library/postgres`.
    pub fn short_name(&self) -> &'a str {
        let repository = self.repository;
        last_outside(repository, '/')
            .and_then(|at| repository.get(at + 1..))
            .unwrap_or(repository)
    }
}

impl Image<'_> {
    /// The major version of what is inside. Extensions of a database have versions of their own and name that of the
    /// database behind them: `0.8.0-pg16`.
    fn major(&self, engine: Option<&str>) -> Option<i64> {
        let tag = self.tag.filter(|_| self.pin != "variable")?;
        let number = |text: &str| {
            let end = text
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(text.len());
            text.get(..end)?.parse().ok()
        };
        let of_postgres = || {
            let mut words = tag.split(['-', '_']);
            words.find_map(|word| number(word.strip_prefix("pg")?))
        };
        let own = || {
            let tag = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
            let rest = tag.trim_start_matches(|c: char| c.is_ascii_digit());
            // `16`, `16.4`, `16-alpine`; not a date, a build number or a commit.
            let ends = rest.is_empty() || rest.starts_with(['.', '-', '_']);
            number(tag).filter(|major| ends && *major < 10_000)
        };
        match engine {
            Some("postgres") => of_postgres().or_else(own),
            _ => own(),
        }
    }
}

/// Fills the fields of an `image` fact that follow from the reference.
pub fn describe(fact: &mut Fact, text: &str, lexicon: &Lexicon) {
    let parsed = parse(text);
    fact.set(image::REF, text.trim().into());
    fact.set(image::REPOSITORY, parsed.repository.into());
    fact.set(image::TAG, parsed.tag.into());
    fact.set(image::PIN, Value::Word(parsed.pin));
    let tag_env = parsed
        .tag
        .filter(|_| parsed.pin != "variable")
        .and_then(|tag| lexicon.words.named(tag));
    fact.set(image::TAG_ENV, tag_env.into());
    let engine = engine::by_image(parsed.repository);
    fact.set(image::ENGINE, engine.map_or(Value::Absent, Value::Word));
    fact.set(image::MAJOR, parsed.major(engine).into());
}

fn pin(repository: &str, tag: Option<&str>, digest: Option<&str>) -> &'static str {
    if !is_repository(repository)
        || tag.is_some_and(|tag| !is_tag(tag))
        || digest.is_some_and(|d| !is_digest(d))
    {
        return "invalid";
    }
    if digest.is_some_and(|digest| !has_variable(digest)) {
        return "digest";
    }
    let open = |text: Option<&str>| text.is_some_and(has_variable);
    if open(tag) || open(digest) {
        return "variable";
    }
    match tag {
        Some(tag) if is_floating(tag) => "floating",
        Some(_) => "version",
        // `${IMAGE}` may bring its own tag.
        None if last_piece_is_variable(repository) => "variable",
        None => "none",
    }
}

fn last_piece_is_variable(repository: &str) -> bool {
    let last = last_outside(repository, '/').and_then(|at| repository.get(at + 1..));
    has_variable(last.unwrap_or(repository))
}

/// Something decided elsewhere: `${X}`, `$X`, `{{ x }}`, `<x>`, `__X__`, `%X%`.
pub fn has_variable(text: &str) -> bool {
    text.contains(['$', '{', '<', '%', '#'])
        || (text.len() > 4 && text.starts_with("__") && text.ends_with("__"))
}

/// Last place of a character outside of `${…}` and `{{…}}`.
fn last_outside(text: &str, wanted: char) -> Option<usize> {
    let mut depth = 0_usize;
    let mut found = None;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if c == wanted && depth == 0 => found = Some(at),
            _ => {}
        }
    }
    found
}

fn is_repository(text: &str) -> bool {
    if has_variable(text) {
        return !text.chars().any(char::is_control);
    }
    let (registry, path) = match text.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => {
            (Some(first), rest)
        }
        _ => (None, text),
    };
    let good_registry = registry.is_none_or(|host| {
        !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'))
    });
    good_registry && path.len() <= 255 && path.split('/').all(is_component)
}

/// Lower-case letters and digits, separated by single `.`, `_`, `__` or dashes.
fn is_component(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let edges = text.bytes().next().is_some_and(plain) && text.bytes().last().is_some_and(plain);
    let bytes = || {
        text.bytes()
            .all(|b| plain(b) || matches!(b, b'.' | b'_' | b'-'))
    };
    edges && bytes() && !text.contains("..") && !text.contains("___")
}

fn is_tag(text: &str) -> bool {
    if has_variable(text) {
        return true;
    }
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    let head = text
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
    head && text.len() <= 128 && text.bytes().all(inner)
}

fn is_digest(text: &str) -> bool {
    has_variable(text)
        || text.split_once(':').is_some_and(|(algorithm, hex)| {
            !algorithm.is_empty() && !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit())
        })
}

/// Words for whatever was pushed last.
const MOVING: &str = "\
    latest dev devel develop development main mainline master trunk edge nightly canary next stable lts \
    current head snapshot rolling unstable testing test staging stage stg prod production release beta alpha \
    rc preview experimental debug local qa uat demo preprod live default newest daily weekly build branch";

/// Variants of an image; alone they mean the latest of that variant.
const VARIANTS: &str = "\
    alpine slim fpm apache cli management community enterprise full minimal ubi debian ubuntu distroless gpu \
    cpu cuda amd64 arm64 bitnami otel";

/// Releases of distributions: in front they name a release (`bookworm-slim`), behind `latest` a variant.
const CODENAMES: &str = "bookworm bullseye buster stretch trixie bionic focal jammy noble xenial";

/// A tag that moves: made of moving words and variants alone, or a moving word first and no number anywhere.
pub fn is_floating(tag: &str) -> bool {
    let mut words = tag.split(['-', '_', '.']).filter(|word| !word.is_empty());
    let first = words.clone().next().unwrap_or_default();
    if tag.bytes().any(|b| b.is_ascii_digit()) {
        // `latest-py3`, `latest-amd64`: the number says nothing about the release.
        let digits = tag.bytes().filter(u8::is_ascii_digit).count();
        let platform = tag.contains("amd64") || tag.contains("arm64");
        return first.eq_ignore_ascii_case("latest") && (platform || digits <= 1);
    }
    if has(CODENAMES, first) {
        return false;
    }
    has(MOVING, first)
        || words.all(|word| has(MOVING, word) || has(VARIANTS, word) || has(CODENAMES, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn majors() {
        let major = |text: &str| {
            let image = parse(text);
            image.major(engine::by_image(image.repository))
        };
        assert_eq!(major("postgres:16.4-alpine"), Some(16));
        assert_eq!(major("postgres:16"), Some(16));
        assert_eq!(major("pgvector/pgvector:0.8.0-pg17"), Some(17));
        assert_eq!(major("timescale/timescaledb:latest-pg16"), Some(16));
        assert_eq!(major("traefik:v3.1"), Some(3));
        for none in [
            "postgres",
            "postgres:alpine",
            "postgres:${TAG:-16}",
            "app:20240131",
            "app:3fa9b1c",
            "app@sha256:1",
        ] {
            assert_eq!(major(none), None, "{none}");
        }
    }

    #[test]
    #[allow(clippy::too_many_lines, reason = "a table")]
    fn references_fall_into_their_parts() {
        for (text, repository, tag, pin) in [
            ("nginx", "nginx", None, "none"),
            ("nginx:1.27.2", "nginx", Some("1.27.2"), "version"),
            ("node:17", "node", Some("17"), "version"),
            ("alpine:latest", "alpine", Some("latest"), "floating"),
            ("node:alpine", "node", Some("alpine"), "floating"),
            ("node:lts-alpine", "node", Some("lts-alpine"), "floating"),
            ("app:main-3f2a1bc", "app", Some("main-3f2a1bc"), "version"),
            ("debian:bookworm", "debian", Some("bookworm"), "version"),
            (
                "debian:bookworm-slim",
                "debian",
                Some("bookworm-slim"),
                "version",
            ),
            (
                "mysql:latest-amd64",
                "mysql",
                Some("latest-amd64"),
                "floating",
            ),
            ("acme/api:v2-dev", "acme/api", Some("v2-dev"), "version"),
            ("localhost:5000/a/b", "localhost:5000/a/b", None, "none"),
            (
                "localhost:5000/a/b:1",
                "localhost:5000/a/b",
                Some("1"),
                "version",
            ),
            ("redis@sha256:0000", "redis", None, "digest"),
            ("redis:7@sha256:0abc", "redis", Some("7"), "digest"),
            ("app:${TAG}", "app", Some("${TAG}"), "variable"),
            (
                "app:${TAG:-latest}",
                "app",
                Some("${TAG:-latest}"),
                "variable",
            ),
            (
                "${REG:-a.b:5000/x}/app:1",
                "${REG:-a.b:5000/x}/app",
                Some("1"),
                "version",
            ),
            ("${REG}/app", "${REG}/app", None, "none"),
            ("${IMAGE}", "${IMAGE}", None, "variable"),
            (
                "{{ registry }}/app:{{ tag }}",
                "{{ registry }}/app",
                Some("{{ tag }}"),
                "variable",
            ),
            ("a:1:2", "a:1", Some("2"), "invalid"),
            ("MyApp:1", "MyApp", Some("1"), "invalid"),
            ("app:", "app", Some(""), "invalid"),
            ("app name", "app name", None, "invalid"),
            ("", "", None, "invalid"),
            ("app@latest", "app", None, "invalid"),
        ] {
            let image = parse(text);
            assert_eq!(
                (image.repository, image.tag, image.pin),
                (repository, tag, pin),
                "{text}"
            );
        }
        assert_eq!(
            parse("docker.io/library/postgres:16").short_name(),
            "postgres"
        );
    }
}
