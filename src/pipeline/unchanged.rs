//! Which files that a change does not touch have to be looked at nevertheless.
//!
//! Configuration always: separation is a property of all of it. A program that is not touched says what it said before, and
//! a finding in it is no new one, unless a policy asks what other files have to do with it: whether some file sets the
//! variable it reads, whether two places hold one value. Then all programs are read, of both trees.

use crate::format;
use crate::model::file::Nature;
use crate::model::schema::{Common, var, var_read};
use crate::model::{Fact, Field, File, Kind, Span, Value};
use crate::policy::{Assertion, Cond, Policy, Rule};
use crate::source::Wanted;
use std::sync::Arc;

/// What the facts of programs can be, derived ones too.
const OF_PROGRAMS: &[Kind] = &[
    Kind::var_read,
    Kind::var,
    Kind::url,
    Kind::database,
    Kind::image,
    Kind::flag,
    Kind::code_symbol,
    Kind::command,
    Kind::file,
    Kind::problem,
];

/// What `resolve` says of a read by looking at other files.
const BY_OTHERS: &[Field] = &[var_read::DEFINED, var_read::DOCUMENTED];

/// Whether a file is looked at that the change does not touch, as long as no policy compares programs.
pub(super) fn wanted(path: &str) -> Wanted {
    if is_quiet(path) || is_program(path) {
        Wanted::No
    } else {
        super::wanted(path)
    }
}

/// Read by formats of programs alone.
fn is_program(path: &str) -> bool {
    let mut claims = format::claims(path).peekable();
    claims.peek().is_some()
        && claims.all(|(format, _)| format.nature == Nature::Program)
        && !super::is_wanted_by_name(path)
}

/// Told by the last letters alone, because it is asked for every path of a large tree: programs and media, unless a word
/// in the name says that it may be something else.
fn is_quiet(path: &str) -> bool {
    let Some((rest, ending)) = path.rsplit_once('.') else {
        return false;
    };
    if KEYS.binary_search(&key(ending.as_bytes())).is_err() {
        return false;
    }
    let name = rest.rsplit('/').next().unwrap_or(rest);
    let says_more = [
        "env", "ocker", "ompose", "vars", "ontainer", "OMPOSE", "OCKER", "ENV",
    ];
    !path.contains(".env")
        && !says_more.iter().any(|word| name.contains(word))
        && !super::is_wanted_by_name(path)
}

/// Sorted.
const ENDINGS: &[&str] = &[
    "avif", "bin", "bmp", "bz2", "c", "cc", "class", "cpp", "cs", "css", "csv", "cts", "dart",
    "eot", "ex", "exs", "gif", "go", "gz", "h", "hpp", "htm", "html", "ico", "jar", "java", "jpeg",
    "jpg", "js", "jsx", "kt", "less", "lock", "map", "mjs", "mp3", "mp4", "mts", "otf", "pdf",
    "php", "png", "po", "py", "pyc", "pyi", "rb", "rs", "sass", "scala", "scss", "snap", "so",
    "svelte", "svg", "swift", "ts", "tsx", "ttf", "vue", "wasm", "wav", "webm", "webp", "woff",
    "woff2", "xz", "zip",
];

/// The endings as numbers of the same order, which are found faster.
const KEYS: [u64; ENDINGS.len()] = {
    let mut keys = [0; ENDINGS.len()];
    let mut at = 0;
    while at < keys.len() {
        keys[at] = key(ENDINGS[at].as_bytes());
        at += 1;
    }
    keys
};

/// Of more than eight letters none, which is no ending of the list.
const fn key(ending: &[u8]) -> u64 {
    if ending.len() > 8 {
        return 0;
    }
    let mut key = 0;
    let mut at = 0;
    while at < 8 {
        let byte = if at < ending.len() { ending[at] } else { 0 };
        key = key << 8 | byte as u64;
        at += 1;
    }
    key
}

/// Whether one of these policies may find something new in a program that has not changed.
pub(super) fn programs_count(policies: &[Policy], named: &[String]) -> bool {
    let is_named = |policy: &Policy| named.iter().any(|id| **id == *policy.id);
    let asked = policies.iter().filter(|policy| {
        policy.dormant.is_empty() && (is_named(policy) || (policy.on && named.is_empty()))
    });
    asked
        .flat_map(|policy| &policy.rules)
        .any(compares_programs)
}

fn compares_programs(rule: &Rule) -> bool {
    // Whether code reads a variable hangs on all code there is.
    let asks = |cond: &Cond| cond.mentions(var::READ);
    if asks(&rule.select) || rule.assertion.conds().into_iter().any(asks) {
        return true;
    }
    let selects = may_match(rule.kind, &rule.select);
    match &rule.assertion {
        Assertion::Must { demand, .. } | Assertion::MustNot { demand } => {
            let by_others = |field: &Field| rule.select.mentions(*field) || demand.mentions(*field);
            selects && BY_OTHERS.iter().any(by_others)
        }
        Assertion::Exists(join) | Assertion::NotExists(join) => {
            let file = Common::File.field();
            let inside = join.same.contains(&(file, file));
            let other = join
                .items
                .iter()
                .any(|item| may_match(join.kind, &item.select));
            !inside && (selects || other)
        }
        Assertion::Differ { .. } | Assertion::Agree(_) | Assertion::Parity(_) => selects,
    }
}

/// Whether a fact of a program may satisfy a condition.
fn may_match(kind: Kind, cond: &Cond) -> bool {
    if !OF_PROGRAMS.contains(&kind) {
        return false;
    }
    let file = Arc::new(File {
        format: "code",
        nature: Nature::Program,
        ..File::at("program")
    });
    let mut fact = Fact::new(kind, &file, Span::default(), Span::default());
    let mut known = Vec::new();
    for (name, word) in [
        ("source", "code"),
        ("origin", "code_default"),
        ("format", "code"),
    ] {
        let field = kind.field(name).filter(|field| field.kind == Some(kind));
        // Flags and commands of a program say so with words of their own.
        let says = !matches!(kind, Kind::flag | Kind::command);
        if let Some(field) = field.filter(|_| says) {
            fact.set(field, Value::Word(word));
            known.push(field);
        }
    }
    cond.by_fields(&fact, &|field| known.contains(field)) != Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOLDERS: &str =
        "src config .envs/.production .github/workflows k8s/prod deploy .circleci docker conf";
    const STEMS: &str = "main .env .env.production prod.env env Dockerfile dockerfile docker-compose compose.prod production \
        values values-prod application application-prod appsettings.Production settings manage setup mix package Package \
        Makefile devcontainer Containerfile database deploy test.env.d COMPOSE kustomization requirements Jenkinsfile \
        justfile build.gradle";
    const ENDINGS: &str = "avif bin c class cs css csv cts dart ex exs go gz html jar java js jsx kt less lock map mjs mts \
        php png py pyi rb rs scala scss snap svelte svg swift ts tsx vue xz zip";

    /// The last letters tell nothing that the formats would not.
    #[test]
    fn what_is_quiet_is_wanted_by_nobody_but_formats_of_programs() {
        let mut quiet = 0;
        for folder in FOLDERS.split_whitespace() {
            for stem in STEMS.split_whitespace() {
                for ending in ENDINGS.split_whitespace() {
                    for path in [
                        format!("{folder}/{stem}.{ending}"),
                        format!("{stem}.{ending}"),
                    ] {
                        if is_quiet(&path) {
                            let told =
                                is_program(&path) || super::super::wanted(&path) == Wanted::No;
                            assert!(told, "{path}");
                            quiet += 1;
                        }
                    }
                }
            }
        }
        assert!(quiet > 3000, "{quiet}");
    }

    #[test]
    fn endings_are_sorted_and_short() {
        assert!(super::ENDINGS.is_sorted() && KEYS.is_sorted() && KEYS[0] > 0);
        assert!(
            is_quiet("a/b.webp") && !is_quiet("a/b.yml") && !is_quiet("a.css/b") && !is_quiet("ts")
        );
    }

    #[test]
    fn configuration_is_always_wanted_and_programs_are_not() {
        for path in [
            ".env",
            "a/docker-compose.yml",
            "config/prod.yml",
            "manage.py",
            "x.toml",
            "deploy.sh",
        ] {
            assert_eq!(wanted(path), super::super::wanted(path), "{path}");
        }
        for path in [
            "src/main.rs",
            "a.ts",
            "logo.png",
            "settings/prod.py",
            "src/env.ts",
        ] {
            assert_eq!(wanted(path), Wanted::No, "{path}");
        }
    }
}
