//! How strong a value would be as a password. Errs on the side of `fair`: only clear cases are called weak or default.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::secretish::{distinct, looks_random};

/// Passwords that everybody tries first, lower case.
const WELL_KNOWN: &str = "\
    app bitnami mailhog minio mqtt salt strapi wordpress \
    1234 12345 123456 1234567 12345678 123456789 1234567890 123qwe 1q2w3e4r abc123 abcd1234 admin admin123 \
    administrator adminadmin admin@123 adminpass apassword asdf asdfasdf bar baz changeit chatwoot clickhouse \
    db dbpass dbpassword default demo dev develop development docker druid elastic example foo foobar guest \
    hello key letmein local localhost mariadb master mongo mongodb my-secret-pw mypassword mysecret \
    mysecretkey mysecretpassword mysecretpw mysql neo4j nopassword p@ssw0rd p@ssword pass pass123 passw0rd \
    passwd password password1 pg pgpass pgpassword postgres postgresql prod production pw pwd qwerty \
    qwertyuiop rabbitmq redis root rootpass rootpassword rootroot sa sample secret secretkey secretpassword \
    staging super-secret super_secret superadmin supersecret supersecretkey test test123 tester testing \
    testpass testpassword testtest toor user username userpass welcome yoursecret";

/// How keys begin that an emulator has on every machine: the one of Azurite and of the Cosmos DB emulator.
const OF_EMULATORS: &[&str] = &["Eby8vdM02xNO", "C2y6yDjf5/R+"];

/// Pieces that make any value a form to fill in or a joke, wherever they stand. Lower case, without separators.
const TELLTALE: &str = "\
    changeme changethis changeit replaceme replacethis yourpassword yoursecret yourkey yourtoken placeholder \
    insecure notsecure unsafe donotuse supersecret topsecret verysecret mysecret somesecret secretkey \
    mypassword minioadmin password123 1234567890 0123456789 devsecret testsecret developmentonly fordevelopment";

/// The same as a set: one value is looked up piece by piece.
static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| WELL_KNOWN.split(' ').collect());

/// Strength of a literal password: one of `schema::STRENGTHS`.
pub fn of(value: &str) -> &'static str {
    let value = value.trim();
    let chars = value.chars().count();
    if chars == 0 {
        return "none";
    }
    if is_well_known(value) || (chars >= 3 && distinct(value) == 1) {
        return "default";
    }
    let random = looks_random(value);
    match chars {
        0..12 => "weak",
        _ if distinct(value) < 6 || is_sequence(value) => "weak",
        32.. if random => "strong",
        _ if random || classes(value) >= 3 || chars >= 20 => "fair",
        _ => "weak",
    }
}

/// A password that everybody knows, also with digits or a `!` behind it, or one that says it is not meant to stay.
pub fn is_well_known(value: &str) -> bool {
    if value.len() > 120 {
        return false;
    }
    if OF_EMULATORS.iter().any(|key| value.starts_with(key)) {
        return true;
    }
    let lower = value.to_ascii_lowercase();
    let listed = |text: &str| KNOWN.contains(text);
    let base = lower.trim_end_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '!' | '@' | '#' | '$' | '_' | '-' | '.')
    });
    let tail = lower.len() - base.len();
    if listed(&lower) || (base.len() >= 3 && tail <= 5 && listed(base)) {
        return true;
    }
    let plain: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let halves = plain.len() >= 6 && plain.len() <= 40 && words_only(&plain);
    halves || TELLTALE.split(' ').any(|word| plain.contains(word))
}

/// Two well-known words glued together: `postgrespassword`, `test_secret`.
fn words_only(plain: &str) -> bool {
    let letters = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    let letters = ["my", "your", "some", "the"]
        .iter()
        .find_map(|word| letters.strip_prefix(word))
        .unwrap_or(letters);
    if KNOWN.contains(letters) {
        return true;
    }
    (2..letters.len().saturating_sub(1)).any(|at| {
        let known =
            |text: Option<&str>| text.is_some_and(|text| text.len() >= 3 && KNOWN.contains(text));
        known(letters.get(..at)) && known(letters.get(at..))
    })
}

/// Letter case, digits and the rest count as one class each.
fn classes(value: &str) -> usize {
    let has = |test: fn(char) -> bool| usize::from(value.chars().any(test));
    has(char::is_lowercase)
        + has(char::is_uppercase)
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_alphanumeric())
}

/// `123456789012`, `abcdefghijkl`, also run after run: nearly every step is the same.
fn is_sequence(value: &str) -> bool {
    let bytes = value.as_bytes();
    let steps = bytes.windows(2);
    let count = steps.len();
    let even = steps
        .filter(|pair| matches!(i16::from(pair[1]) - i16::from(pair[0]), -1..=1))
        .count();
    even * 5 >= count * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_graded() {
        let random = [
            "f3A9", "kQ2z", "Lm8Y", "w0Rt", "B6xv", "Jp4N", "sE1u", "Hd7c",
        ]
        .concat();
        for (value, expected) in [
            ("", "none"),
            ("admin", "default"),
            ("Password123!", "default"),
            ("postgres", "default"),
            ("postgrespassword", "default"),
            ("test_secret", "default"),
            ("changeme", "default"),
            ("django-insecure-abcdefgh", "default"),
            ("please_change_me_soon", "default"),
            ("0000000000000000000000000000000000000000", "default"),
            ("xxxxxxxx", "default"),
            ("asdf", "default"),
            ("Eby8vdM02xNOcqFlqUwJPLlmEtl", "default"),
            ("hunter2", "weak"),
            ("k3mN9q", "weak"),
            ("123456789012", "default"),
            ("abcdefghijklm", "weak"),
            ("abababababababab", "weak"),
            ("Tr0ub4dor&3xyz", "fair"),
            ("correct horse battery staple", "fair"),
            (&random[..20], "fair"),
            (&random, "strong"),
        ] {
            assert_eq!(of(value), expected, "{value}");
        }
    }
}
