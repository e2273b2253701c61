//! URLs and hosts in the value of one variable.

use crate::model::schema::{Kind, url as address, var};
use crate::model::{Fact, Span, Value};
use crate::value::database::{self, Database};
use crate::value::host::{self, HostClass};
use crate::value::url::{self, Url};
use crate::value::wordlist::has;
use crate::value::{image, words};

use super::group::Group;
use super::{Deriver, copy, fact, is_literal};

/// The most addresses that are read from one value.
const MOST: usize = 100;

/// A host with what a value says around it.
struct Host<'a> {
    scheme: Option<&'a str>,
    name: &'a str,
    port: Option<u16>,
    credentials: bool,
    tls: bool,
}

impl Deriver<'_> {
    pub(super) fn addresses(&self, from: &Fact, group: Option<&Group>, out: &mut Vec<Fact>) {
        let value = from.text(var::VALUE).trim();
        if value.is_empty() || matches!(from.text(var::VALUE_KIND), "encrypted" | "marker") {
            return;
        }
        if let Some(whole) = database::parse(value) {
            out.extend(self.host_of_database(from, value, &whole));
            out.extend(self.database_with(from, from.span, whole, group));
        } else if value.contains("://") {
            self.urls(from, value, out);
        } else if is_literal(from) {
            self.hosts(from, value, out);
        }
    }

    /// One URL, or a list of them.
    fn urls(&self, from: &Fact, value: &str, out: &mut Vec<Fact>) {
        for part in split(value).take(MOST) {
            let Some(url) = url::parse(part) else {
                continue;
            };
            let span = if part == value {
                from.span
            } else {
                self.part(from, part)
            };
            out.extend(self.url(from, span, &url));
            if let Some(nested) = database::from_url(&url) {
                out.extend(self.database_with(from, span, nested, None));
            }
        }
    }

    /// Hosts without a scheme.
    fn hosts(&self, from: &Fact, value: &str, out: &mut Vec<Fact>) {
        for part in hosts_in(from.text(var::NAME), value).take(MOST) {
            let (name, port) = url::split_port(part);
            let span = if part == value {
                from.span
            } else {
                self.part(from, part)
            };
            let host = Host {
                scheme: None,
                name,
                port,
                credentials: false,
                tls: false,
            };
            out.push(self.host(from, span, &host));
        }
    }

    fn url(&self, from: &Fact, span: Span, url: &Url) -> Option<Fact> {
        (!url.host.is_empty()).then(|| {
            let host = Host {
                scheme: Some(url.scheme),
                name: url.host,
                port: url.port,
                credentials: url.has_credentials(),
                tls: url.tls(),
            };
            self.host(from, span, &host)
        })
    }

    /// The address in a DSN, also in one that is no URL.
    fn host_of_database(&self, from: &Fact, value: &str, database: &Database) -> Option<Fact> {
        if let Some(url) = url::parse(value) {
            return self.url(from, from.span, &url);
        }
        let host = Host {
            scheme: None,
            name: database.host.as_deref()?,
            port: database.port,
            credentials: !database.password.is_empty(),
            tls: database.tls,
        };
        Some(self.host(from, from.span, &host))
    }

    fn host(&self, from: &Fact, span: Span, host: &Host) -> Fact {
        let name = shown(host.name);
        let mut fact = fact(Kind::url, from, span)
            .with(address::OF, from.text(var::NAME))
            .with(address::SCHEME, host.scheme.map(str::to_ascii_lowercase))
            .with(address::PORT, host.port.map(i64::from))
            .with(address::HOST_ENV, self.lexicon.words.in_host(&name))
            .with(address::CREDENTIALS, host.credentials)
            .with(address::TLS, host.tls);
        fact.set(
            address::HOST_CLASS,
            Value::Word(HostClass::of(&name).name()),
        );
        fact.set(address::HOST, name.into());
        copy(&mut fact, address::SERVICE, from, var::SERVICE);
        copy(&mut fact, address::ORIGIN, from, var::ORIGIN);
        copy(&mut fact, address::SOURCE, from, var::SOURCE);
        fact
    }
}

/// A host in small letters, bounded; of `${X:-fallback}` only the name, since the fallback is a fact of its own.
fn shown(host: &str) -> String {
    let mut name = String::new();
    let mut rest = host;
    while let Some((head, tail)) = rest.split_once("${") {
        let end = tail
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(tail.len());
        name.push_str(head);
        name.push_str("${");
        name.push_str(tail.get(..end).unwrap_or_default());
        name.push('}');
        rest = tail.split_once('}').map_or("", |(_, behind)| behind);
    }
    name.push_str(rest);
    name.chars()
        .take(300)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// The pieces of a list: `https://a,https://b`, `["https://a", "https://b"]`.
fn split(value: &str) -> impl Iterator<Item = &str> {
    let list = value.matches("://").count() > 1;
    let signs = move |c: char| {
        list && (matches!(c, ',' | ';' | '|' | '"' | '\'' | '[' | ']') || c.is_whitespace())
    };
    value.split(signs).filter(|part| !part.is_empty())
}

/// Hosts without a scheme, in variables whose last word says that they hold some.
fn hosts_in<'v>(name: &str, value: &'v str) -> impl Iterator<Item = &'v str> {
    let names: Vec<&str> = words::tokens(name).map(|token| token.text).collect();
    let last = names.last().copied().unwrap_or_default();
    let alone = names.len() < 2;
    let holds_hosts = !alone
        && has(
            "HOST HOSTS HOSTNAME HOSTNAMES SERVER DOMAIN DOMAINS FQDN",
            last,
        );
    let with_port = has(
        "ADDR ADDRESS ENDPOINT BROKER BROKERS SERVERS URL URI HOST HOSTS ORIGIN ORIGINS",
        last,
    );
    let libpq = has("PGHOST REDISHOST MYSQLHOST MONGOHOST", last);
    let value = if holds_hosts || with_port || libpq {
        value
    } else {
        ""
    };
    value
        .split(|c: char| matches!(c, ',' | ';' | '[' | ']' | '"' | '\'') || c.is_whitespace())
        .filter(move |part| {
            let (host, port) = url::split_port(part);
            (holds_hosts || libpq || (with_port && port.is_some()))
                && is_host(host)
                && !host::is_bind_address(host)
        })
}

/// Letters, digits, dots and dashes, no number alone, no file.
fn is_host(text: &str) -> bool {
    let signs = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':'));
    let letters = text.bytes().any(|b| b.is_ascii_alphabetic())
        || text.matches('.').count() == 3
        || text.contains("::");
    (1..=253).contains(&text.len())
        && signs
        && letters
        && !text.starts_with('.')
        && !image::has_variable(text)
}
