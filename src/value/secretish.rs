//! Whether a name or a value is that of a credential. Names decide mostly; values only where their shape is certain.

use super::vendor::{self, Identity};
use super::wordlist::{self, Marked, has};
use super::words::tokens;

/// Words of a variable name in its own letter case: `API_KEY`, `spring.apiKey` are `API`/`KEY`, `spring`/`api`/`Key`.
pub fn name_words(name: &str) -> Vec<&str> {
    tokens(name).map(|token| token.text).collect()
}

fn ends(word: &str, tail: &str) -> bool {
    word.len() >= tail.len()
        && word
            .get(word.len() - tail.len()..)
            .is_some_and(|end| end.eq_ignore_ascii_case(tail))
}

/// Words that make a name a credential's, wherever they stand.
static SECRET_WORDS: Marked = Marked::of(
    "\
    PASSWORD PASSWORDS PASSWD PASSPHRASE PASSCODE SECRET SECRETS TOKEN TOKENS CREDENTIAL CREDENTIALS APIKEY \
    APIKEYS SENHA PASSWORT",
);

/// Glued names: `PGPASSWORD`, `AUTHTOKEN`, `SECRETKEY`.
const GLUED: &str = "PASSWORD PASSWD SECRET APIKEY SECRETKEY PRIVATEKEY ACCESSKEY TOKEN";

/// In one word: `publickey`.
static GLUED_PUBLIC: Marked = Marked::of("PUBKEY PUBLICKEY PUBLISHABLEKEY SITEKEY ANONKEY");

/// Words before `AUTH` where it holds a password, not a switch or a method: `REDIS_AUTH`, `NEO4J_AUTH=user/password`.
static AUTH_OWNERS: Marked =
    Marked::of("BASIC DIGEST HTTP MONGO NEO4J NGROK PROXY REDIS TRAEFIK VALKEY");

/// Last words that speak about a credential without being one: `PASSWORD_MIN_LENGTH`, `TOKEN_URL`, `SECRET_NAME`.
static ABOUT: Marked = Marked::of(
    "\
    AGE ALG ALGO ALGORITHM ALIAS ATTEMPTS ATTRIBUTE AUDIENCE AUTHENTICATION BACKEND BITS BROKER BUCKET CLAIM CLASS \
    COLUMN COOKIE COST COUNT DAY DAYS DIR DIRECTORY DISABLE DISABLED DOMAIN DRIVER DURATION EMAIL ENABLE \
    ENABLED ENCODER ENDPOINT EXP EXPIRATION EXPIRE EXPIRED EXPIRES EXPIRY EXTENSION FIELD FILE FILENAME \
    FORMAT GRANT GRANTS HASHER HASHERS HEAD HEADER HINT HOST HOUR HOURS ID IDS IN INTERVAL ISSUER ITERATIONS LABEL \
    LEN LENGTH LIFETIME LIMIT LOCATION LOGIN MANAGER MAX METHOD MIN MINUTE MINUTES MODE MS NAME NAMES \
    NAMESPACE NUM NUMBER PARAM PARAMS PATH PATTERN POLICY PORT PREFIX PROFILE PROVIDER REALM REGEX REGION \
    REQUIRED RESET ROLE ROTATE ROTATION ROUNDS SAMESITE SCHEME SCOPE SCOPES SECONDS SECS SECURE SERVICE SIZE \
    SLUG STORAGE STORE STRATEGY STRENGTH SUBJECT SUFFIX TABLE TEMPLATE TIME TIMEOUT TTL TYPE URI URL URLS \
    USAGE USER USERNAME VALIDATION VALIDATORS VALIDITY VERSION WINDOW",
);

/// Words before `KEY` that make it a key of another trade.
static OTHER_KEYS: Marked = Marked::of(
    "\
    ANON ATTRIBUTE BAGGAGE CACHE COLUMN COMPOSITE CONFIG DEDUP DIST FEATURE FIELD FOREIGN GROUP HOST HOT ID INDEX JSON \
    LABEL LOOKUP MAP METRIC NAME NATURAL OBJECT PARTITION PRIMARY PUB PUBLIC PUBLISHABLE REDIS ROUTING ROW SETTINGS SHARD SHORTCUT SITE \
    SORT STATE TRANSLATION UNIQUE VALUE",
);

/// Tails that say which of several: numbers, environments, ages.
fn is_qualifier(word: &str) -> bool {
    static QUALIFIERS: Marked = Marked::of(
        "\
        B64 BACKUP BASE BASE64 CI CURRENT DEFAULT DEMO DEV DEVELOPMENT HASH HEX LIVE LOCAL NEW NEXT OLD PLAIN \
        PREPROD PREVIEW PREVIOUS PRD PROD PRODUCTION QA RO RW SANDBOX SECONDARY STAGE STAGING STG TEST \
        TESTING TEXT UAT V1 V2 V3 VALUE",
    );
    QUALIFIERS.has(word) || word.bytes().all(|b| b.is_ascii_digit())
}

/// What a variable name alone says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// A credential of any kind: a password may be short, a word, or a number.
    Password,
    /// A key or token: a short number or a word in it is a setting.
    Key,
    /// Meant to be seen: site keys, publishable keys, public keys.
    PublicKey,
    /// Says which instance: a client id, a project, a bucket.
    Instance,
    Other,
}

pub fn name(name: &str) -> Name {
    let words = name_words(name);
    let mut from_end = words
        .iter()
        .rev()
        .copied()
        .skip_while(|word| is_qualifier(word));
    let Some(last) = from_end.next() else {
        return Name::Other;
    };
    let before = from_end.next().unwrap_or_default();
    if has("KEY KEYS", last) && has("PUBLIC PUB PUBLISHABLE SITE ANON", before) {
        return Name::PublicKey;
    }
    if GLUED_PUBLIC.has(last) {
        return Name::PublicKey;
    }
    if is_instance(last, before) {
        return Name::Instance;
    }
    if ABOUT.has(last) || is_counted(own_words(name, &words)) {
        return Name::Other;
    }
    let owned = |holds: bool, class: Name| if holds { class } else { Name::Other };
    match last.to_ascii_uppercase().as_str() {
        "KEY" | "KEYS" => owned(!OTHER_KEYS.has(before), Name::Key),
        "AUTH" => owned(AUTH_OWNERS.has(before), Name::Password),
        // `PWD` alone is the shell's folder, `PAT` alone a name.
        "PWD" | "PAT" | "PW" => owned(!before.is_empty(), Name::Password),
        "PASS" | "SALT" | "PEPPER" => Name::Password,
        _ => by_any_word(own_words(name, &words)),
    }
}

/// Of a name with dots the last part says what the value is, the others where it belongs: `token.store.driver`.
fn own_words<'w, 'n>(name: &str, words: &'w [&'n str]) -> &'w [&'n str] {
    let Some((_, own)) = name.rsplit_once('.') else {
        return words;
    };
    let count = tokens(own).count();
    words
        .get(words.len().saturating_sub(count)..)
        .unwrap_or(words)
}

fn by_any_word(words: &[&str]) -> Name {
    let word = words
        .iter()
        .find(|word| SECRET_WORDS.has(word) || GLUED.split(' ').any(|tail| ends(word, tail)));
    match word {
        Some(word) if ends(word, "TOKEN") || ends(word, "TOKENS") || ends(word, "KEY") => Name::Key,
        Some(_) => Name::Password,
        None => Name::Other,
    }
}

/// `MAX_TOKENS`, `TOTAL_TOKEN_LIMIT`, `TOKEN_VALIDITY_IN_SECONDS_FOR_X`: tokens that are counted, or how long they live.
/// `PASSWORD_RESET_RATE` speaks of an act.
fn is_counted(words: &[&str]) -> bool {
    static COUNTS: Marked = Marked::of(
        "\
        MAX MIN NUM COUNT LIMIT BUDGET VALIDITY LIFETIME EXPIRATION TTL SECONDS MINUTES HOURS",
    );
    let resets = words
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if has("PASSWORD", a) && has("RESET", b)));
    resets || words.iter().any(|word| COUNTS.has(word))
}

fn is_instance(last: &str, before: &str) -> bool {
    static OWNERS: Marked = Marked::of(
        "\
        ACCOUNT APP APPLICATION BOT CHANNEL CHAT CLIENT CLUSTER CONTAINER DATABASE DISTRIBUTION GUILD \
        INSTANCE KEY MEASUREMENT MERCHANT ORG ORGANIZATION PIXEL POOL PROJECT PROPERTY SENDER SITE STORE \
        SUBSCRIPTION TEAM TENANT TRACKING WORKSPACE ZONE",
    );
    (has("ID IDS", last) && OWNERS.has(before))
        || has("BUCKET SID DSN", last)
        || (has("REF SLUG", last) && has("PROJECT ORG", before))
}

/// A build tool copies variables of this name into what browsers download.
pub fn is_public_build_name(name: &str) -> bool {
    const PREFIXES: &str = "\
        NEXT_PUBLIC_ VITE_ VUE_APP_ REACT_APP_ NUXT_PUBLIC_ NUXT_ENV_ GATSBY_ EXPO_PUBLIC_ PUBLIC_ NG_APP_ \
        STORYBOOK_ SNOWPACK_PUBLIC_ TARO_APP_ SANITY_STUDIO_";
    wordlist::starts(PREFIXES, name)
}

/// What a key's own shape says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A key that opens something; `None` where the shape does not tell live from test.
    Secret(Option<&'static str>),
    /// Made to be seen.
    Public(Option<&'static str>),
}

/// The known shapes of keys: those of the vendor catalogue, and the ones that belong to nobody.
pub fn shape(value: &str) -> Option<Shape> {
    let value = value.trim();
    if value.contains("-----BEGIN") && value.contains("PRIVATE KEY") {
        return Some(Shape::Secret(None));
    }
    if !(16..=4096).contains(&value.len())
        || value.bytes().any(|b| b.is_ascii_whitespace())
        || is_filler(value)
    {
        return None;
    }
    if is_jwt(value) || value.starts_with("AGE-SECRET-KEY-") {
        return Some(Shape::Secret(None));
    }
    let known = vendor::shape::of(value)?;
    match known.identity {
        Identity::Credential => Some(Shape::Secret(known.mode)),
        Identity::Public => Some(Shape::Public(known.mode)),
        // An account's number is no key.
        Identity::Instance | Identity::None => None,
    }
}

/// `sk_test_xxxxxxxx`, `sk-...`, `ghp_your_token_here`: a shape that somebody left open.
fn is_filler(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    [
        "xxxx",
        "...",
        "your",
        "****",
        "example",
        "placeholder",
        "changeme",
        "dummy",
        "0000000000",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// Three base64url parts, the first a JSON object.
fn is_jwt(value: &str) -> bool {
    let mut parts = value.split('.');
    value.starts_with("eyJ")
        && parts.clone().count() == 3
        && parts.all(|part| {
            part.len() >= 10
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        })
}

/// Distinct characters, counted up to 64.
pub fn distinct(text: &str) -> usize {
    let mut seen: Vec<char> = Vec::with_capacity(64);
    for c in text.chars().take(512) {
        if seen.len() < 64 && !seen.contains(&c) {
            seen.push(c);
        }
    }
    seen.len()
}

/// Letters and digits in no order that a person would type. Linear; values under 16 characters are never called random.
pub fn looks_random(value: &str) -> bool {
    let is_body = |b: u8| {
        b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'_' | b'-' | b'.' | b'~')
    };
    let mut symbols = 0_usize;
    for byte in value.bytes().take(4096) {
        if byte.is_ascii_whitespace() || !byte.is_ascii() {
            return false;
        }
        symbols += usize::from(!is_body(byte));
    }
    if value.len() < 16 || symbols * 3 > value.len() {
        return false;
    }
    let head = value.get(..value.len().min(4096)).unwrap_or_default();
    distinct(head) >= 8 && changes(head) * 100 >= head.len() * 28 && !is_spelled(head)
}

/// How often the class of character changes from one to the next: words keep theirs, random text does not.
fn changes(text: &str) -> usize {
    let class = |b: u8| match b {
        b'a'..=b'z' => 0_u8,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let bytes = text.as_bytes();
    bytes
        .windows(2)
        .filter(|pair| class(pair[0]) != class(pair[1]))
        .count()
}

/// Words with separators: every piece between separators is a word of one case, or a number.
fn is_spelled(text: &str) -> bool {
    let mut pieces = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|piece| !piece.is_empty());
    let is_word = |piece: &str| {
        let letters = piece.bytes().filter(u8::is_ascii_alphabetic).count();
        letters == 0 || (letters == piece.len() && piece.len() <= 14 && changes(piece) <= 1)
    };
    pieces.clone().count() > 1 && pieces.all(is_word)
}
