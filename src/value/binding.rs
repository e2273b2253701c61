//! Everything that follows from the name and the value of one `var` fact, in one place, so that a variable means the
//! same in a dotenv file, a Compose file and an effective configuration.

use crate::model::schema::var;
use crate::model::{Env, Fact, Value};

use super::secretish::{self, Name, Shape};
use super::vendor::Identity;
use super::wordlist::has;
use super::{HostClass, Lexicon, database, kind, strength, url};

/// What a name and a value say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// One of `schema::VALUE_KINDS`.
    pub kind: &'static str,
    pub sensitive: bool,
    /// One of `schema::IDENTITIES`.
    pub identity: &'static str,
    pub public: bool,
    /// One of `schema::STRENGTHS`.
    pub strength: &'static str,
    pub truthy: Option<bool>,
    pub key_mode: Option<&'static str>,
}

/// Judges a binding of `name` to `value`.
pub fn meaning(name: &str, value: &str) -> Meaning {
    meaning_as(secretish::name(name), name, value)
}

/// The same, where something else than the name has said what the variable is.
fn meaning_as(class: Name, name: &str, value: &str) -> Meaning {
    let kind = kind::of(name, class, value);
    let shape = secretish::shape(value);
    let public = secretish::is_public_build_name(name);
    let sensitive = is_sensitive(class, kind, value, shape, public);
    Meaning {
        kind,
        sensitive,
        identity: if !sensitive && is_nowhere(kind, value) {
            "none"
        } else {
            identity(class, kind, shape, sensitive, public)
        },
        public,
        strength: if sensitive || matches!(kind, "secret" | "default_value") {
            strength_of(kind, value)
        } else {
            "none"
        },
        truthy: kind::truthy(value),
        key_mode: shape.and_then(|shape| match shape {
            Shape::Secret(mode) | Shape::Public(mode) => mode,
        }),
    }
}

/// Fills the fields of a `var` fact that follow from `NAME` and `VALUE`; both must be set.
pub fn describe(fact: &mut Fact, lexicon: &Lexicon) {
    let name = fact.text(var::NAME).to_owned();
    let value = fact.text(var::VALUE).to_owned();
    let vendor = lexicon.vendors.of(&name, &value);
    let class = vendor.and_then(|vendor| vendor.identity).map(class_of);
    let class = class.unwrap_or_else(|| secretish::name(&name));
    let meaning = meaning_as(class, &name, &value);
    let chars = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
    fact.set(var::VALUE_KIND, Value::Word(meaning.kind));
    fact.set(var::SENSITIVE, Value::Bool(meaning.sensitive));
    fact.set(var::IDENTITY, Value::Word(meaning.identity));
    fact.set(var::PUBLIC, Value::Bool(meaning.public));
    fact.set(var::LENGTH, Value::Int(chars));
    fact.set(var::STRENGTH, Value::Word(meaning.strength));
    fact.set(var::TRUTHY, meaning.truthy.into());
    fact.set(
        var::KEY_MODE,
        meaning.key_mode.map_or(Value::Absent, Value::Word),
    );
    fact.set(var::VENDOR, vendor.map(|vendor| vendor.vendor).into());
    let severity = vendor.map(|vendor| Value::Word(vendor.severity.name()));
    fact.set(var::VENDOR_SEVERITY, severity.unwrap_or(Value::Absent));
    fact.set(var::NAME_ENV, lexicon.words.in_name(&name).into());
    fact.set(
        var::VALUE_ENV,
        value_env(&meaning, &name, &value, lexicon).into(),
    );
}

/// The environment a setting or an address speaks of; a password speaks of none.
fn value_env(meaning: &Meaning, name: &str, value: &str, lexicon: &Lexicon) -> Option<Env> {
    let is_host = || {
        let last = secretish::name_words(name)
            .last()
            .copied()
            .unwrap_or_default();
        has("HOST HOSTNAME DOMAIN SERVER", last) && value.contains('.')
    };
    match meaning.kind {
        "text" | "number" if meaning.sensitive => None,
        // The last label of a host is no environment: `db.acme.test`.
        "text" if is_host() => lexicon.words.in_host(value),
        "text" | "number" | "dsn" | "url" => lexicon.words.in_value(value),
        _ => None,
    }
}

fn class_of(identity: Identity) -> Name {
    match identity {
        Identity::Credential => Name::Key,
        Identity::Instance => Name::Instance,
        Identity::Public => Name::PublicKey,
        Identity::None => Name::Other,
    }
}

fn is_sensitive(class: Name, kind: &str, value: &str, shape: Option<Shape>, public: bool) -> bool {
    if public {
        // Build values are meant to be seen; a JWT there is an anonymous key. A key that opens things is a leak.
        return matches!(shape, Some(Shape::Secret(_))) && !value.trim_start().starts_with("eyJ");
    }
    match kind {
        "secret" => true,
        "dsn" => {
            database::parse(value).is_some_and(|database| !database.password.is_empty())
                || url::parse(value.trim()).is_some_and(|url| url.has_credentials())
        }
        "url" => matches!(shape, Some(Shape::Secret(_))),
        "empty" | "marker" | "default_value" | "reference" | "encrypted" => {
            matches!(class, Name::Password | Name::Key)
        }
        _ => false,
    }
}

/// An address that means another server in every network: `redis://cache:6379`, `http://localhost:3000`.
fn is_nowhere(kind: &str, value: &str) -> bool {
    matches!(kind, "dsn" | "url")
        && url::parse(value.trim()).is_some_and(|url| {
            matches!(
                HostClass::of(url.host),
                HostClass::Service | HostClass::Loopback | HostClass::DockerHost
            )
        })
}

fn identity(
    class: Name,
    kind: &str,
    shape: Option<Shape>,
    sensitive: bool,
    public: bool,
) -> &'static str {
    if sensitive {
        return "credential";
    }
    match class {
        _ if matches!(shape, Some(Shape::Public(_))) => "public",
        Name::PublicKey => "public",
        Name::Instance => "instance",
        _ if public => "public",
        _ if kind == "dsn" => "instance",
        _ => "none",
    }
}

fn strength_of(kind: &str, value: &str) -> &'static str {
    match kind {
        "empty" | "marker" | "reference" | "encrypted" | "bool" | "url" => "none",
        "default_value" => "default",
        "dsn" => database::parse(value).map_or_else(
            || {
                let password =
                    url::parse(value.trim()).and_then(|url| url.password().map(database::decode));
                strength::of(password.as_deref().unwrap_or_default())
            },
            |database| strength::of(database.password.expose()),
        ),
        _ => strength::of(value),
    }
}
