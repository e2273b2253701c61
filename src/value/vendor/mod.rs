//! The vendor catalogue: which third-party service a variable belongs to, and what sharing it between environments
//! means. The data is `policies/vendors.yml`; `table.rs` is generated from it, so that a run parses nothing.

pub mod fake;
pub mod shape;
#[rustfmt::skip]
mod table;

pub use shape::Shape;

use std::borrow::Cow;

use super::words::tokens;
use crate::model::Severity;
use table::{HOSTS, MARKS, NAMES, PLATFORMS, RISKS, VENDORS};

/// What a variable is to its service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    Credential,
    Instance,
    Public,
    None,
}

impl Identity {
    /// The words of `schema::IDENTITIES`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Instance => "instance",
            Self::Public => "public",
            Self::None => "none",
        }
    }
}

/// One step that takes environments apart, and a guess of its length for planning.
#[derive(Clone, Copy, Debug)]
pub struct Remedy {
    pub text: &'static str,
    pub minutes: u16,
}

/// A third-party service.
#[derive(Debug)]
pub struct Vendor {
    /// The word policies use: `telegram`.
    pub id: &'static str,
    pub title: &'static str,
    pub category: &'static str,
    /// How bad it is when two environments share a credential of it.
    pub severity: Severity,
    pub impact: &'static str,
    pub remedies: &'static [Remedy],
    /// Names whose identity the last word does not tell.
    identities: &'static [(Identity, &'static str)],
}

/// What goes wrong, in the words of those who decide about a deployment.
#[derive(Debug)]
pub struct Risk {
    pub id: &'static str,
    pub title: &'static str,
    pub impact: &'static str,
    /// Categories of services whose shares belong here.
    categories: &'static [&'static str],
    /// Tags of policies whose findings belong here.
    tags: &'static [&'static str],
    /// A guess for a finding that no service has a remedy for.
    pub minutes: u16,
}

/// What the catalogue says about one variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<'a> {
    pub vendor: &'a str,
    pub category: &'a str,
    pub severity: Severity,
    /// Only where the catalogue knows better than the name's last word.
    pub identity: Option<Identity>,
    pub key_mode: Option<&'static str>,
}

/// The catalogue with what the configuration adds to it.
#[derive(Clone, Debug, Default)]
pub struct Vendors {
    own: Vec<Own>,
}

#[derive(Clone, Debug)]
struct Own {
    id: String,
    names: Vec<String>,
    category: String,
    severity: Severity,
}

impl Vendors {
    /// Adds name globs to a vendor, a new one or one of the catalogue. Own globs win over the catalogue's.
    pub fn add(&mut self, id: &str, names: &[String]) {
        let known = get(id);
        self.own.push(Own {
            id: id.to_owned(),
            names: names.iter().map(|name| name.to_ascii_uppercase()).collect(),
            category: known.map_or("other", |vendor| vendor.category).to_owned(),
            severity: known.map_or(Severity::High, |vendor| vendor.severity),
        });
    }

    /// Another severity, or another category, for a vendor that was added before or is of the catalogue.
    pub fn regrade(&mut self, id: &str, severity: Option<Severity>, category: Option<&str>) {
        if !self.own.iter().any(|own| own.id == id) {
            self.add(id, &[]);
        }
        for own in self.own.iter_mut().filter(|own| own.id == id) {
            own.severity = severity.unwrap_or(own.severity);
            if let Some(category) = category {
                category.clone_into(&mut own.category);
            }
        }
    }

    /// The service a variable belongs to: by its name, else by the form of its value, else by the host in it.
    pub fn of(&self, name: &str, value: &str) -> Option<Match<'_>> {
        let value = value.trim();
        let shape = shape::of(value);
        let snake = snake_case(name);
        if let Some(own) = self.own_by_name(&snake) {
            return Some(own.matched(get(&own.id), &snake, shape));
        }
        let vendor = by_name(&snake)
            .or_else(|| shape.map(|shape| shape.vendor))
            .or_else(|| by_host(host_of(value)?))?;
        Some(self.matched(vendor, &snake, shape))
    }

    /// The severity of sharing a vendor's credential, for a table `by: vendor`.
    pub fn severity(&self, id: &str) -> Option<Severity> {
        let own = self.own.iter().find(|own| own.id == id);
        own.map(|own| own.severity)
            .or_else(|| get(id).map(|vendor| vendor.severity))
    }

    /// Every id a policy may name.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let own = self.own.iter().map(|own| own.id.as_str());
        VENDORS.iter().map(|vendor| vendor.id).chain(own)
    }

    fn own_by_name(&self, snake: &str) -> Option<&Own> {
        self.own.iter().find(|own| {
            own.names
                .iter()
                .any(|glob| word_starts(snake).any(|name| glob_matches(glob, name)))
        })
    }

    fn matched(&self, vendor: &'static Vendor, snake: &str, shape: Option<&Shape>) -> Match<'_> {
        let own = self.own.iter().find(|own| own.id == vendor.id);
        Match {
            vendor: vendor.id,
            category: own.map_or(vendor.category, |own| &own.category),
            severity: own.map_or(vendor.severity, |own| own.severity),
            identity: vendor.identity(snake).or(shape.map(|shape| shape.identity)),
            key_mode: shape.and_then(|shape| shape.mode),
        }
    }
}

impl Own {
    fn matched(&self, known: Option<&Vendor>, snake: &str, shape: Option<&Shape>) -> Match<'_> {
        let by_name = known.and_then(|vendor| vendor.identity(snake));
        Match {
            vendor: &self.id,
            category: &self.category,
            severity: self.severity,
            identity: by_name.or(shape.map(|shape| shape.identity)),
            key_mode: shape.and_then(|shape| shape.mode),
        }
    }
}

impl Vendor {
    fn identity(&self, snake: &str) -> Option<Identity> {
        let found = self
            .identities
            .iter()
            .find(|(_, glob)| word_starts(snake).any(|name| glob_matches(glob, name)));
        found.map(|(identity, _)| *identity)
    }
}

/// The vendor of an id.
pub fn get(id: &str) -> Option<&'static Vendor> {
    VENDORS
        .binary_search_by(|vendor| vendor.id.cmp(id))
        .ok()
        .and_then(|at| VENDORS.get(at))
}

/// Every vendor of the catalogue, by id.
pub fn all() -> &'static [Vendor] {
    VENDORS
}

/// Every risk, the order in which they are told.
pub fn risks() -> &'static [Risk] {
    RISKS
}

impl Risk {
    /// What is left where the catalogue has no risk at all.
    pub const fn none() -> Self {
        Self {
            id: "other",
            title: "Other",
            impact: "",
            categories: &[],
            tags: &[],
            minutes: 10,
        }
    }

    /// The risk of a finding: by the category of the service it is about, else by the tags of its policy.
    pub fn of(category: Option<&str>, has_tag: &dyn Fn(&str) -> bool) -> Option<&'static Self> {
        let of_category = |risk: &&Self| category.is_some_and(|one| risk.categories.contains(&one));
        let of_tag = |risk: &&Self| risk.tags.iter().any(|tag| has_tag(tag));
        RISKS
            .iter()
            .find(of_category)
            .or_else(|| RISKS.iter().find(of_tag))
            .or(RISKS.last())
    }
}

/// The vendor whose service answers on a host.
pub fn by_host(host: &str) -> Option<&'static Vendor> {
    let host = super::host::bare(host);
    let mut domain = host;
    loop {
        let found = HOSTS.binary_search_by(|(known, _)| cmp_ignoring_case(known, domain));
        if let Some((_, vendor)) = found.ok().and_then(|at| HOSTS.get(at)) {
            return VENDORS.get(usize::from(*vendor));
        }
        domain = domain.split_once('.')?.1;
    }
}

/// The platform, shell or build tool that sets a variable by itself.
pub fn injected_by(name: &str) -> Option<&'static str> {
    PLATFORMS
        .iter()
        .find(|(glob, _)| glob_matches(glob, name))
        .map(|(_, platform)| *platform)
}

/// The platforms whose own variables are among these, as what only they set tells.
pub fn platforms_among<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'static str> {
    let mut platforms = Vec::new();
    for name in names {
        let marked = MARKS.iter().filter(|(mark, _)| glob_matches(mark, name));
        for (_, platform) in marked {
            if !platforms.contains(platform) {
                platforms.push(*platform);
            }
        }
    }
    platforms
}

/// Which of these platforms sets a variable by itself.
pub fn injected_among(name: &str, platforms: &[&'static str]) -> Option<&'static str> {
    PLATFORMS
        .iter()
        .find(|(glob, platform)| platforms.contains(platform) && glob_matches(glob, name))
        .map(|(_, platform)| *platform)
}

/// The vendor with the longest glob that matches from any word on.
fn by_name(snake: &str) -> Option<&'static Vendor> {
    word_starts(snake)
        .flat_map(|rest| {
            let word = rest.split('_').next().unwrap_or_default();
            let from = NAMES.partition_point(|(first, _, _)| *first < word);
            let alike = NAMES
                .iter()
                .skip(from)
                .take_while(move |(first, _, _)| *first == word);
            alike.filter(move |(_, glob, _)| glob_matches(glob, rest))
        })
        // `max_by_key` keeps the last of equals; the first word of a name says more.
        .fold(None, |best: Option<&(_, &str, u16)>, found| match best {
            Some((_, glob, _)) if glob.len() >= found.1.len() => best,
            _ => Some(found),
        })
        .and_then(|(_, _, vendor)| VENDORS.get(usize::from(*vendor)))
}

/// `stripeSecretKey` and `stripe.secret-key` as `STRIPE_SECRET_KEY`.
fn snake_case(name: &str) -> Cow<'_, str> {
    let is_snake = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if name.bytes().all(is_snake) {
        return Cow::Borrowed(name);
    }
    let mut snake = String::with_capacity(name.len() + 4);
    for token in tokens(name) {
        if !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(token.text.chars().map(|c| c.to_ascii_uppercase()));
    }
    Cow::Owned(snake)
}

/// The name from each of its words on.
fn word_starts(snake: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(snake);
    std::iter::from_fn(move || {
        let here = rest?;
        rest = here.split_once('_').map(|(_, tail)| tail);
        Some(here)
    })
}

/// `*` stands for anything, everything else for itself. Linear in practice: globs here have at most three stars.
fn glob_matches(glob: &str, text: &str) -> bool {
    let Some((head, tail)) = glob.split_once('*') else {
        return glob == text;
    };
    let Some(mut rest) = text.strip_prefix(head) else {
        return false;
    };
    let mut parts = tail.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    true
}

fn host_of(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    authority.rsplit('@').next()
}

fn cmp_ignoring_case(known: &str, text: &str) -> std::cmp::Ordering {
    known
        .bytes()
        .cmp(text.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests;
