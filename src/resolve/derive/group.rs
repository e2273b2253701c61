//! Databases that are spread over variables: `POSTGRES_HOST`, `POSTGRES_PORT`, `POSTGRES_DB`, also where one of them is
//! a URL (`NEO4J_URI`, `NEO4J_DATABASE`). A group is one prefix in one scope: a file, a service, a stack.

use std::collections::BTreeMap;

use crate::model::schema::{Kind, var};
use crate::model::{Env, Fact, Secret};
use crate::value::database::Database;
use crate::value::wordlist::{Marked, has};
use crate::value::{engine, kind, words};

use super::{Deriver, is_literal};

/// What a variable adds to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Host,
    Port,
    Db,
    User,
    Password,
    Tls,
    Engine,
    Url,
}

/// Words that end a name, by what they hold.
const PARTS: &[(Part, &str)] = &[
    (Part::Host, "HOST HOSTNAME SERVER ADDR"),
    (Part::Port, "PORT"),
    (Part::Db, "DB DATABASE NAME DBNAME"),
    (Part::User, "USER USERNAME"),
    (Part::Password, "PASSWORD PASS PASSWD PWD"),
    (Part::Tls, "SSL TLS SSLMODE"),
    (Part::Engine, "ENGINE CONNECTION DIALECT DRIVER TYPE"),
    (Part::Url, "URL URI DSN"),
];

/// All words of `PARTS`: most names end in none of them.
static ANY_PART: Marked = Marked::of(
    "HOST HOSTNAME SERVER ADDR PORT DB DATABASE NAME DBNAME USER USERNAME PASSWORD PASS PASSWD PWD SSL TLS SSLMODE \
     ENGINE CONNECTION DIALECT DRIVER TYPE URL URI DSN",
);

/// The variables of one database, each with its text where that is written.
#[derive(Debug, Default)]
pub(super) struct Group {
    prefix: String,
    /// Index of the fact that names the host.
    host: Option<usize>,
    has_url: bool,
    values: BTreeMap<Part, Held>,
}

#[derive(Debug)]
struct Held {
    value: Secret,
    fallback: bool,
}

/// All groups, by the facts in them.
pub(super) struct Groups {
    groups: Vec<Group>,
    by_fact: BTreeMap<usize, usize>,
}

impl Groups {
    pub(super) fn of(&self, fact: usize) -> Option<&Group> {
        self.groups.get(*self.by_fact.get(&fact)?)
    }

    /// The group whose host this fact names, unless a URL of the same group says more.
    pub(super) fn led_by(&self, fact: usize) -> Option<&Group> {
        self.of(fact)
            .filter(|group| group.host == Some(fact) && !group.has_url)
    }
}

/// File, environment, layer, stack, service and prefix.
type Scope<'f> = (
    &'f str,
    Option<Env>,
    crate::model::Layer,
    Option<&'f str>,
    &'f str,
    String,
);

/// Puts variables of one prefix and scope together.
pub(super) fn collect(facts: &[Fact]) -> Groups {
    let mut groups: Vec<Group> = Vec::new();
    let mut scopes: BTreeMap<Scope, usize> = BTreeMap::new();
    let mut by_fact = BTreeMap::new();
    for (at, fact) in facts
        .iter()
        .enumerate()
        .filter(|(_, fact)| fact.kind == Kind::var)
    {
        let Some((part, prefix)) = part_of(fact.text(var::NAME)) else {
            continue;
        };
        let place = (
            fact.file.path.as_ref(),
            fact.env,
            fact.layer,
            fact.stack.as_deref(),
            fact.text(var::SERVICE),
            prefix,
        );
        let prefix = place.5.clone();
        let index = *scopes.entry(place).or_insert_with(|| {
            groups.push(Group {
                prefix,
                ..Group::default()
            });
            groups.len() - 1
        });
        by_fact.insert(at, index);
        if let Some(group) = groups.get_mut(index) {
            group.add(at, part, fact);
        }
    }
    Groups { groups, by_fact }
}

impl Group {
    /// A written value wins over a fallback, a later one over an earlier one.
    fn add(&mut self, at: usize, part: Part, fact: &Fact) {
        let fallback = fact.text(var::ORIGIN) != "value";
        if !is_literal(fact)
            || self
                .values
                .get(&part)
                .is_some_and(|held| fallback && !held.fallback)
        {
            return;
        }
        match part {
            Part::Host => self.host = Some(at),
            Part::Url => self.has_url = true,
            _ => {}
        }
        let value = Secret::new(fact.text(var::VALUE).trim());
        self.values.insert(part, Held { value, fallback });
    }

    fn text(&self, part: Part) -> Option<&str> {
        self.values
            .get(&part)
            .map(|held| held.value.expose())
            .filter(|text| !text.is_empty())
    }

    fn port(&self) -> Option<u16> {
        self.text(Part::Port)?.parse().ok()
    }

    /// Fills what a URL leaves open from the variables beside it.
    pub(super) fn complete(&self, database: &mut Database) {
        let open = |text: Option<&str>| {
            text.filter(|text| !kind::has_reference(text))
                .map(str::to_owned)
        };
        if database.db.is_none() && database.engine != "sqlite" {
            database.db = open(self.text(Part::Db));
        }
        if database.user.is_none() {
            database.user = open(self.text(Part::User));
        }
        if database.password.is_empty() {
            database.password = Secret::new(self.text(Part::Password).unwrap_or_default());
        }
    }

    fn engine(&self) -> &'static str {
        let spoken = self
            .text(Part::Engine)
            .and_then(|text| engine::by_name(text).or_else(|| engine::by_scheme(text)));
        let by_port = || {
            self.port()
                .and_then(|port| engine::by_port(i64::from(port)))
        };
        spoken
            .or_else(|| engine::by_name(&self.prefix))
            .or_else(by_port)
            .unwrap_or_default()
    }
}

impl Deriver<'_> {
    /// The database a group leads to, on the bytes of its host.
    pub(super) fn group_database(&self, facts: &[Fact], group: &Group) -> Option<Fact> {
        let from = facts.get(group.host?)?;
        let (host, port) = crate::value::url::split_port(group.text(Part::Host)?);
        let mut database = Database {
            engine: group.engine(),
            host: Some(host.to_ascii_lowercase()),
            port: group.port().or(port),
            tls: group.text(Part::Tls).is_some_and(is_tls),
            ..Database::default()
        };
        group.complete(&mut database);
        self.database(from, from.span, &format!("{}*", group.prefix), database)
    }
}

fn is_tls(text: &str) -> bool {
    kind::truthy(text).unwrap_or_else(|| {
        crate::value::url::tls_parameter(|name| (name == "sslmode").then_some(text)) == Some(true)
    })
}

/// What a name holds and of which database: `POSTGRES_HOST` is the host of `POSTGRES_`, `PGHOST` of `PG`.
fn part_of(name: &str) -> Option<(Part, String)> {
    let by_word = |word: &str| {
        if !ANY_PART.has(word) {
            return None;
        }
        let found = PARTS.iter().find(|(_, words)| has(words, word));
        found.map(|(part, _)| *part)
    };
    let head = name.get(..2).unwrap_or_default();
    if head.eq_ignore_ascii_case("PG") {
        let part = by_word(name.get(2..).unwrap_or_default())?;
        return Some((part, "PG".to_owned()));
    }
    let (mut owner, mut last) = (None, None);
    for token in words::tokens(name) {
        owner = last.replace(token);
    }
    let last = last?;
    let part = by_word(last.text)?;
    let owner = owner?;
    let is_database =
        engine::by_name(owner.text).is_some() || has("DB DATABASE SQL INITDB", owner.text);
    is_database.then(|| {
        (
            part,
            name.get(..last.start)
                .unwrap_or_default()
                .to_ascii_uppercase(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_part_is_marked() {
        for (_, words) in PARTS {
            for word in words.split(' ') {
                assert!(ANY_PART.has(word), "{word}");
            }
        }
    }

    #[test]
    fn a_part_and_its_owner_are_told_in_any_case() {
        let prefix = |name: &str| part_of(name).map(|(_, prefix)| prefix);
        for (name, expected) in [
            ("pgPassword", Some("PG")),
            ("app_redis_host", Some("APP_REDIS_")),
            ("HOST", None),
            ("PG", None),
            ("é", None),
            ("CACHE_HOST", None),
        ] {
            assert_eq!(prefix(name).as_deref(), expected, "{name}");
        }
    }
}
