//! Which files that a change does not touch have to be looked at nevertheless.
//!
//! Configuration always: separation is a property of all of it. A program that is not touched says what it said before, and
//! a finding in it is no new one, unless a policy asks what other files have to do with it: whether some file sets the
//! variable it reads, whether two places hold one value. Then all programs are read, of both trees.

use super::names::{self, Told};
use super::open::{self, is_wanted_by_name};
use crate::format::{self, Format};
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
    match names::told(path) {
        Told::Nobody => Wanted::No,
        Told::Programs if !is_wanted_by_name(path) => Wanted::No,
        Told::Somebody if is_program(path) => Wanted::No,
        _ => open::wanted(path),
    }
}

/// Read by formats of programs alone.
fn is_program(path: &str) -> bool {
    let mut claims = format::claims(path).peekable();
    claims.peek().is_some()
        && claims.all(|(format, _)| is_of_programs(format))
        && !is_wanted_by_name(path)
}

/// A module of settings is configuration in the words of a program.
fn is_of_programs(format: &Format) -> bool {
    format.nature == Nature::Program && format.name != format::settings::DJANGO.name
}

/// Whether one of these policies may find something new in a program that has not changed.
pub(super) fn programs_count(policies: &[Policy], named: &[String]) -> bool {
    let is_named = |policy: &Policy| named.iter().any(|id| **id == *policy.id);
    let asked = policies.iter().filter(|policy| {
        policy.dormant.is_empty() && (is_named(policy) || (policy.on && named.is_empty()))
    });
    asked
        .flat_map(|policy| policy.rules.iter())
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
    let formats = format::ALL.iter().filter(|format| is_of_programs(format));
    let mut names = formats.map(|format| format.name);
    OF_PROGRAMS.contains(&kind)
        && !(kind == Kind::file && asks_for_other_names(cond))
        && names.any(|format| may_match_in(format, kind, cond))
}

/// Whether only files of certain names satisfy a condition, none of which is a program.
fn asks_for_other_names(cond: &Cond) -> bool {
    let names = Kind::file.field("name").and_then(|name| cond.listed(name));
    names.is_some_and(|names| names.iter().all(|name| wanted(name) != Wanted::No))
}

fn may_match_in(format: &'static str, kind: Kind, cond: &Cond) -> bool {
    let file = Arc::new(File {
        format,
        nature: Nature::Program,
        ..File::at("program")
    });
    let mut fact = Fact::new(kind, &file, Span::default(), Span::default());
    let mut known = Vec::new();
    for (name, word) in [
        ("source", "code"),
        ("origin", "code_default"),
        ("format", format),
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

    /// The rules of policies that ship on which have to see every program, by policy.
    fn comparing() -> Vec<String> {
        let environments = crate::model::Environments::default();
        let policies = crate::policy::Catalogue::shipped_rules()
            .compile(&environments, &crate::policy::Settings::new())
            .unwrap();
        policies
            .iter()
            .filter(|policy| policy.on && policy.dormant.is_empty())
            .filter(|policy| policy.rules.iter().any(compares_programs))
            .map(|policy| policy.id.to_string())
            .collect()
    }

    #[test]
    fn no_policy_that_ships_on_has_to_see_programs_that_have_not_changed() {
        assert_eq!(comparing(), Vec::<String>::new());
    }

    /// Every program of the examples, one at a time, and some that say what few examples do.
    fn programs() -> Vec<(String, crate::model::Str)> {
        let more = "import os, subprocess\nDEBUG = os.environ.get('DEBUG', 'true')\nURL = os.getenv('API_URL', 'https://api.example.org')\n\
            DB = os.environ.get('DATABASE_URL', 'postgres://db.example.org/app')\nIMAGE = os.getenv('WEB_IMAGE', 'nginx:latest')\n\
            FLAG = os.getenv('FEATURE_X', 'on')\nsubprocess.run('docker compose up', shell=True)\n";
        let web = "const url = process.env.API_URL ?? 'http://localhost:3000';\nif (process.env.NODE_ENV === 'production') {}\n\
            export const key = process.env.API_KEY || 'abc';\n";
        let mut all = vec![
            ("app/main.py".to_owned(), crate::model::Str::from(more)),
            ("app/web.ts".to_owned(), crate::model::Str::from(web)),
            ("app/web.tsx".to_owned(), crate::model::Str::from(web)),
        ];
        let (specs, _) = crate::policy::builtin::specs();
        let examples = specs.into_iter().flat_map(|spec| spec.examples);
        let files = examples.flat_map(|example| example.files);
        let programs = files.filter(|(path, _)| is_program(path));
        all.extend(programs.map(|(path, text)| (path.to_string(), text)));
        all
    }

    #[test]
    fn programs_say_nothing_that_is_not_listed() {
        let programs = programs();
        assert!(programs.len() > 20, "{}", programs.len());
        let mut seen = std::collections::BTreeSet::new();
        for (path, text) in programs {
            let request = super::super::Request {
                from: super::super::From::Texts {
                    files: vec![(crate::model::Str::from(path.as_str()), text)],
                    untracked: Vec::new(),
                    earlier: Vec::new(),
                },
                config: super::super::ConfigFrom::None,
                exclude: Vec::new(),
                include_ignored: true,
                history: false,
                today: crate::config::date::Date::parse("2026-01-01").unwrap(),
            };
            let understood = super::super::understand(&request).unwrap();
            let of_programs = |fact: &&Fact| fact.file.nature == Nature::Program;
            for fact in understood.resolved.facts.iter().filter(of_programs) {
                assert!(OF_PROGRAMS.contains(&fact.kind), "{path}: {:?}", fact.kind);
                seen.insert(fact.kind);
            }
        }
        assert!(seen.len() > 5, "{seen:?}");
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
            "settings/prod.py",
        ] {
            assert_eq!(wanted(path), super::wanted(path), "{path}");
        }
        for path in ["src/main.rs", "a.ts", "logo.png", "src/env.ts", "lib/a.bin"] {
            assert_eq!(wanted(path), Wanted::No, "{path}");
        }
    }
}
