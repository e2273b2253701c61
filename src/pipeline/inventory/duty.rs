//! What production has to do about a variable, and whether anything uses it.

use std::collections::HashSet;

use super::{Known, PRODUCTION};
use crate::model::schema::{url, var_read};
use crate::model::{Fact, Kind, Span, Val};
use crate::value::vendor;
use crate::view::{Cell, Status, Tone};

macro_rules! statuses {
    ($($name:ident $word:literal $label:literal $tone:ident $doc:literal;)*) => {
        $(pub(super) static $name: Status =
            Status { word: $word, label: $label, tone: Tone::$tone, doc: $doc };)*
    };
}

statuses! {
    SET "set" "set" Good "production has a value or a reference for it";
    MUST_SET "must-set" "must set" Bad "the code has no default, and no file of production sets it";
    REPLACE "replace-default" "replace default" Bad
        "the default is a credential, a well-known word, or means a development machine, and production sets nothing else";
    SAFE "safe-default" "safe default" Good "the default does for production";
    DECIDED "decided-in-code" "decided in code" Plain "the code works something out without it";
    INJECTED "injected" "injected" Quiet "the platform, shell or build tool sets it";
    NOTHING "nothing" "nothing" Quiet "nothing that was read asks for it";

    READ "read" "read" Plain "";
    PASSED_ON "passed-on" "passed on" Plain "a file hands it on as ${NAME}";
    PERHAPS "perhaps" "perhaps" Quiet "no code reads it plainly, yet something may: an image, or a text that names it";
    TOOLS "tools" "by tools" Quiet "tools and platforms know it by name";
    DEAD "dead" "dead" Warn "set somewhere, and nothing that was read names it";
}

/// Places of defaults that mean this very machine.
pub(super) struct Local<'a>(HashSet<(&'a str, Span)>);

impl<'a> Local<'a> {
    pub(super) fn of(facts: &'a [Fact]) -> Self {
        let here = |fact: &&Fact| {
            fact.kind == Kind::url
                && fact.text(url::ORIGIN) == "code_default"
                && matches!(fact.text(url::HOST_CLASS), "loopback" | "docker_host")
        };
        let found = facts.iter().filter(here);
        Self(
            found
                .map(|fact| (fact.file.path.as_ref(), fact.key))
                .collect(),
        )
    }

    fn has(&self, fact: &Fact) -> bool {
        self.0.contains(&(fact.file.path.as_ref(), fact.key))
    }
}

/// The cell of the column `production`.
pub(super) fn of(name: &str, one: &Known, local: &Local, using: Option<&Status>) -> Cell {
    let unfit = one.reads.iter().find_map(|fact| unfit(fact, local));
    if let Some(platform) = vendor::injected_by(name) {
        return noted(&INJECTED, format!("by {platform}"));
    }
    if one.set.has(PRODUCTION) {
        let note = unfit.map(|why| format!("without it, {why}"));
        return noted(&SET, note.unwrap_or_default());
    }
    if let Some(why) = unfit {
        return noted(&REPLACE, why.to_owned());
    }
    if one.reads.is_empty() {
        let dead = using.is_some_and(|status| status.word == DEAD.word);
        return if dead {
            Cell::status(&NOTHING)
        } else {
            Cell::default()
        };
    }
    without_value(one)
}

/// What the code does where production sets nothing and no default is unfit.
fn without_value(one: &Known) -> Cell {
    let says = |fact: &Fact, field| fact.get(field) == Val::Bool(true);
    let demanded = |fact: &&Fact| says(fact, var_read::DEMANDED);
    let asked =
        |fact: &&Fact| says(fact, var_read::REQUIRED) && fact.get(var_read::COMPARED).is_absent();
    let has_default = |fact: &&Fact| !fact.get(var_read::DEFAULT).is_absent();
    let mut reads = one.reads.iter().copied();
    if reads.clone().any(|fact| demanded(&fact)) {
        Cell {
            required: true,
            ..noted(&MUST_SET, "the code stops without it".to_owned())
        }
    } else if reads.clone().any(|fact| asked(&fact)) {
        noted(&MUST_SET, "or the code gets nothing".to_owned()).toned(Tone::Warn)
    } else if reads.any(|fact| has_default(&fact)) {
        Cell::status(&SAFE)
    } else {
        Cell::status(&DECIDED)
    }
}

fn noted(status: &'static Status, note: String) -> Cell {
    Cell {
        note,
        ..Cell::status(status)
    }
}

/// Why a default must not reach production.
fn unfit(fact: &Fact, local: &Local) -> Option<&'static str> {
    let kind = fact.text(var_read::DEFAULT_KIND);
    let other = match fact.get(var_read::DEFAULT_ENV) {
        Val::Env(env) => env != PRODUCTION,
        _ => false,
    };
    if fact.get(var_read::SENSITIVE) == Val::Bool(true) && !matches!(kind, "" | "empty" | "marker")
    {
        Some("a credential of the code is used")
    } else if kind == "default_value" {
        Some("a value everybody knows is used")
    } else if local.has(fact) {
        Some("this machine is used")
    } else if other {
        Some("another environment is used")
    } else {
        None
    }
}
