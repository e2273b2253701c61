//! What kind of text a value is: one of `schema::VALUE_KINDS`. A form to fill in, a pointer to somewhere else, an address,
//! a setting, or something to keep secret.

use super::form::{is_angle_form, is_form};
use super::secretish::{self, Name, Shape};
use super::{database, url, wordlist};

/// The kind of a value, given what its variable's name says.
pub fn of(name: &str, class: Name, value: &str) -> &'static str {
    let value = value.trim();
    if value.is_empty() {
        return "empty";
    }
    if is_encrypted(value) {
        return "encrypted";
    }
    if is_pointer(value) {
        return "reference";
    }
    let credential = matches!(class, Name::Password | Name::Key);
    let named = class != Name::Other && is_name(name, value);
    if is_marker(value) || named || (credential && is_nothing(value)) {
        return "marker";
    }
    if let Some(kind) = address(value) {
        return kind;
    }
    if has_reference(value) {
        return "reference";
    }
    if is_form(value) || (credential && is_default(name, value)) {
        return "default_value";
    }
    plain(class, value)
}

/// Read as a switch; `None` where the value is none.
pub fn truthy(value: &str) -> Option<bool> {
    let is = |words: &[&str]| {
        words
            .iter()
            .any(|word| word.eq_ignore_ascii_case(value.trim()))
    };
    if is(&["true", "1", "yes", "on", "y", "t", "enabled", "enable"]) {
        Some(true)
    } else if is(&["false", "0", "no", "off", "n", "f", "disabled", "disable"]) {
        Some(false)
    } else {
        None
    }
}

/// A `${X}` or `$X` stands somewhere in it. A small `$x` inside of a longer text is more likely part of a password.
pub fn has_reference(value: &str) -> bool {
    value.match_indices('$').any(|(at, _)| {
        let tail = value.get(at + 1..).unwrap_or_default();
        let escaped = value.get(..at).is_some_and(|head| head.ends_with('$'));
        let head = tail.strip_prefix(['{', '(']).unwrap_or(tail);
        let name: &str = head
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .next()
            .unwrap_or_default();
        let starts = name
            .bytes()
            .next()
            .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
        if escaped || !starts {
            return tail.starts_with("{{");
        }
        let braced = head.len() < tail.len();
        let shouted = name.len() > 1 && !name.bytes().any(|b| b.is_ascii_lowercase());
        braced || shouted || (at == 0 && name.len() == tail.len())
    })
}

/// A value that says it is a path; a random text may start with a slash too.
pub fn is_path(value: &str) -> bool {
    const ENDS: &str = "\
        .pem .key .crt .cer .json .p12 .pfx .jks .pub .txt .yml .yaml .gpg .asc .env .ppk .p8 .keystore";
    let drive = value.as_bytes().get(1) == Some(&b':')
        && value
            .as_bytes()
            .get(2)
            .is_some_and(|b| matches!(b, b'\\' | b'/'));
    let rooted = drive
        || ["/", "./", "../", "~/", "file:"]
            .iter()
            .any(|start| value.starts_with(start));
    let named = wordlist::ends(ENDS, value) && !value.contains(char::is_whitespace);
    named || (rooted && !(value.contains(['+', '=']) && secretish::looks_random(value)))
}

fn is_encrypted(value: &str) -> bool {
    const STARTS: &[&str] = &[
        "encrypted:",
        "ENC[",
        "ENC(",
        "$ANSIBLE_VAULT;",
        "vault:v1:",
        "{cipher}",
        "-----BEGIN AGE ENCRYPTED FILE",
        "-----BEGIN PGP MESSAGE",
        "sops:",
    ];
    STARTS.iter().any(|start| value.starts_with(start))
}

/// Names a secret in a store: the value itself is elsewhere.
fn is_pointer(value: &str) -> bool {
    const STARTS: &str = "\
        op:// vault: vault:// ref+ arn:aws:secretsmanager: arn:aws:ssm: ssm: ssm:// secretsmanager: sm:// \
        gcp-sm:// gcpsecretmanager:// gsm:// awssm:// azkv:// doppler:// infisical:// bws:// keyvault: \
        @Microsoft.KeyVault( secret:// secretref: {{resolve: valueFrom: env: !vault";
    wordlist::starts(STARTS, value)
        || (value.starts_with("projects/") && value.contains("/secrets/"))
}

/// Says that the value comes from elsewhere: `__X__`, `<from vault>`, `{{ x }}`, `%X%`, `@X@`, `#{X}#`.
pub fn is_marker(value: &str) -> bool {
    let within = |start: &str, end: &str| {
        value.len() > start.len() + end.len()
            && value
                .strip_prefix(start)
                .and_then(|rest| rest.strip_suffix(end))
                .is_some_and(|inner| !inner.trim().is_empty())
    };
    let word = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
    };
    let wrapped = |start: &str, end: &str| {
        within(start, end)
            && value
                .strip_prefix(start)
                .and_then(|rest| rest.strip_suffix(end))
                .is_some_and(|inner| word(inner.trim()))
    };
    let angle = within("<", ">") && !is_angle_form(value);
    let braces = value
        .find("{{")
        .is_some_and(|at| value.get(at..).is_some_and(|tail| tail.contains("}}")));
    angle
        || (braces && !value.contains("${{"))
        || within("<%", "%>")
        || within("%(", ")s")
        || within("#{", "}#")
        || within("[[", "]]")
        || wrapped("__", "__")
        || wrapped("%", "%")
        || wrapped("@", "@")
        || wrapped("@@", "@@")
        || wrapped("{", "}")
}

/// Words for no value at all, where a credential is expected.
fn is_nothing(value: &str) -> bool {
    [
        "none",
        "null",
        "nil",
        "undefined",
        "n/a",
        "na",
        "~",
        "-",
        "unused",
        "disabled",
        "\"\"",
        "''",
        "{}",
        "[]",
    ]
    .iter()
    .any(|word| word.eq_ignore_ascii_case(value))
}

/// The name of a credential in place of one, as a reader of settings or a store of secrets would look it up: `SECRET`,
/// `STRIPE_API_KEY`. The variable's own name is a form that somebody forgot.
fn is_name(name: &str, value: &str) -> bool {
    let last = value.rsplit(['_', '-']).next().unwrap_or_default();
    let shouted = value
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
    shouted
        && ["SECRET", "KEY", "TOKEN", "APIKEY", "CREDENTIALS"].contains(&last)
        && !is_same_word(name, value)
}

/// `db-password, api-key`: the names of several, to be looked up; `the,a,of`: words.
fn is_list_of_names(value: &str) -> bool {
    let is_word = |item: &str| {
        let letters: String = item.split(['_', '-', '.']).collect();
        !letters.is_empty()
            && !secretish::looks_random(&letters)
            && item
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
    };
    let spoken = |item: &str| item.bytes().all(|b| b.is_ascii_lowercase()) && !item.is_empty();
    (value.contains(", ") && value.split(", ").all(is_word))
        || (value.split(',').count() > 2 && value.split(',').all(spoken))
}

/// DSN or URL; a reference where variables leave no literal credential in it.
fn address(value: &str) -> Option<&'static str> {
    let open = has_reference(value);
    let parsed = url::parse(value);
    if let Some(database) = database::parse(value) {
        let password = database.password.expose();
        let literal = !password.is_empty() && !has_reference(password) && !is_marker(password);
        if literal {
            return Some("dsn");
        }
        if open {
            return Some("reference");
        }
        if !password.is_empty() {
            return Some("marker");
        }
        // A Supabase address is a web address that happens to name data.
        let web = parsed.is_some_and(|url| url.scheme.starts_with("http"));
        return Some(if web { "url" } else { "dsn" });
    }
    let url = parsed?;
    let literal = url
        .password()
        .is_some_and(|password| !has_reference(password) && !is_marker(password));
    if open && !literal {
        return Some("reference");
    }
    if literal {
        return Some("dsn");
    }
    Some(if is_form(url.host) {
        "default_value"
    } else {
        "url"
    })
}

/// Words that are no secret in a credential variable: well-known passwords, samples, the variable's own name.
fn is_default(name: &str, value: &str) -> bool {
    const SAMPLES: &str = "\
        todo tbd fixme dummy fake sample example string value something anything invalid empty x";
    let lower = value.to_ascii_lowercase();
    let spoken = ["your ", "my ", "my-", "my_", "some-", "some_", "a-"];
    let stands_in = || {
        let first = secretish::name_words(value).first().copied();
        first.is_some_and(|word| wordlist::has("mock fake dummy stub sample example", word))
    };
    let worded = (spoken.iter().any(|start| lower.starts_with(start)) || stands_in())
        && !secretish::looks_random(&lower);
    wordlist::has(SAMPLES, value)
        || worded
        || (value.len() <= 60 && is_same_word(name, value))
        || super::strength::of(value) == "default"
}

/// The same letters and digits, whatever stands between them.
fn is_same_word(a: &str, b: &str) -> bool {
    let plain = |text: &str| -> Vec<u8> {
        let bytes = text.bytes().filter(u8::is_ascii_alphanumeric);
        bytes.map(|b| b.to_ascii_lowercase()).collect()
    };
    plain(a) == plain(b)
}

fn plain(class: Name, value: &str) -> &'static str {
    match secretish::shape(value) {
        Some(Shape::Secret(_)) => return "secret",
        Some(Shape::Public(_)) => return "text",
        None => {}
    }
    let number = is_number(value);
    let switch = truthy(value).is_some();
    match class {
        _ if switch && !number => "bool",
        _ if is_path(value) || value.starts_with("-----BEGIN") => "text",
        _ if is_list_of_names(value) => "text",
        Name::Password if !switch => "secret",
        Name::Key if !switch && (!number || value.len() >= 6) => "secret",
        _ if number => "number",
        Name::Other if is_bare_secret(value) => "secret",
        _ => "text",
    }
}

/// Random in three classes of characters and long: a credential under a name that does not say so.
fn is_bare_secret(value: &str) -> bool {
    let has = |test: fn(&u8) -> bool| value.bytes().filter(test).count() >= 3;
    (24..=512).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'_' | b'-'))
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && secretish::looks_random(value)
}

fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let mut dots = 0;
    !digits.is_empty()
        && digits.bytes().any(|b| b.is_ascii_digit())
        && digits.bytes().all(|b| {
            dots += usize::from(b == b'.');
            b.is_ascii_digit() || (b == b'.' && dots <= 1)
        })
}
