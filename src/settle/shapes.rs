//! Text that looks like a credential wherever it stands: passwords in URLs, private keys, keys of well-known vendors,
//! tokens, and long random words. The net below the known secrets of a run; it may catch too much, never too little.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::harmless::is_harmless;

/// Where credentials stand in a text that people wrote or a file holds. Ranges may overlap.
pub fn shaped(text: &str) -> Vec<Range<usize>> {
    let mut found = distinctive(text);
    let Some(labelled) = LABELLED.as_ref() else {
        return found;
    };
    for hit in labelled.captures_iter(text) {
        let value = hit.iter().skip(1).flatten().next();
        found.extend(
            value
                .filter(|value| !is_harmless(value.as_str()) && !is_reference(value.as_str()))
                .map(|value| value.range()),
        );
    }
    found.extend(words(text).filter(|word| is_random(text, word)));
    found
}

/// Only what cannot be anything but a credential: fit for names and paths.
pub fn distinctive(text: &str) -> Vec<Range<usize>> {
    VENDOR
        .as_ref()
        .map(|vendor| vendor.find_iter(text).map(|hit| hit.range()).collect())
        .unwrap_or_default()
}

/// Keys with a prefix of their own, JWTs, and private keys up to their end or the end of the text.
static VENDOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(&[
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
        r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?",
        r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{8,}",
        r"\bsk-[A-Za-z0-9_-]{20,}",
        r"\bwhsec_[A-Za-z0-9+/=]{16,}",
        r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
        r"\bAIza[A-Za-z0-9_-]{35}",
        r"\b(?:gh[oprsu]_|github_pat_)[A-Za-z0-9_]{20,}",
        r"\bglpat-[A-Za-z0-9_-]{16,}",
        r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
        r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
        r"\b(?:npm_|hf_|dop_v1_|shpat_|shpss_|pypi-|sntrys_|phx_)[A-Za-z0-9_-]{20,}",
        r"\b[0-9]{8,10}:[A-Za-z0-9_-]{35}\b",
    ])
});

/// Values that stand behind a word which says what they are; the first group that took part is the value.
static LABELLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(&[
        r"://[^\s/@:]*:([^\s/@]+)@",
        r"://([^\s/@:]{12,})@",
        r"(?i:\bbearer|\bbasic)\s+([A-Za-z0-9._~+/=-]{8,})",
        r#"(?i:\B--?(?:requirepass|masterauth|password|passwd|pass|token|secret|api-?key)["']?(?:=|,?\s+)["']?)([^\s"',-][^\s"',]*)"#,
        r#"(?i:\bredis-cli\b[^\n]{0,80}?\s["']?-a["']?,?\s+["']?)([^\s"',]+)"#,
        r#"(?i:\b(?:mysql|mysqladmin|mysqldump|mariadb|mariadb-admin|mariadb-dump)\b[^\n]{0,80}?\s["']?-p)([^\s"',]+)"#,
        r#"(?i:[a-z0-9_]*(?:password|passwd|secret|token|api_?key|private_?key)[a-z0-9_]*=)["']?([^\s"',;]+)"#,
    ])
});

fn pattern(alternatives: &[&str]) -> Option<Regex> {
    Regex::new(&alternatives.join("|")).ok()
}

/// `${X}` and `$(cmd)` name a value, they are none; so does a mask.
fn is_reference(value: &str) -> bool {
    value.starts_with('$') || value.starts_with("***")
}

/// Runs of the characters that tokens are made of.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    const SHORTEST: usize = 24;
    // An equals sign ends a word: before it stands a name, or the padding of a key that is long enough without.
    let part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'_' | b'-');
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            while bytes.get(at).is_some_and(|b| part(*b)) {
                at += 1;
            }
            let word = start..at;
            at += usize::from(at == start);
            if word.len() >= SHORTEST {
                return Some(word);
            }
        }
        None
    })
}

/// Random letters of both cases with digits, or a long hexadecimal number that is no digest.
fn is_random(text: &str, word: &Range<usize>) -> bool {
    let Some(token) = text.get(word.clone()) else {
        return false;
    };
    let count = |class: fn(&u8) -> bool| token.bytes().filter(class).count();
    let digits = count(u8::is_ascii_digit);
    if digits < 2 {
        return false;
    }
    if token.len() >= 32 && token.bytes().all(|b| b.is_ascii_hexdigit()) {
        let digest = text
            .get(..word.start)
            .is_some_and(|before| before.ends_with("sha256:"));
        return !digest && digits < token.len();
    }
    count(u8::is_ascii_uppercase) >= 2 && count(u8::is_ascii_lowercase) >= 2 && entropy(token) > 3.5
}

/// Bits for each byte, from the bytes' own frequencies.
fn entropy(token: &str) -> f64 {
    let mut counts = [0u32; 256];
    token.bytes().for_each(|b| counts[usize::from(b)] += 1);
    let total = f64::from(u32::try_from(token.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / total)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let mut out = text.to_owned();
        let mut ranges = shaped(text);
        ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        ranges.dedup_by(|later, earlier| later.end <= earlier.end);
        for range in ranges.into_iter().rev() {
            out.replace_range(range, "#");
        }
        out
    }

    #[test]
    fn the_patterns_compile() {
        assert!(VENDOR.is_some() && LABELLED.is_some());
    }

    #[test]
    fn shapes_of_credentials_are_found() {
        let run = "x8Kq2LmZ9vRt4WyB7nPc";
        for (text, expected) in [
            (
                format!("postgres://app:{run}@db/x"),
                "postgres://app:#@db/x",
            ),
            ("redis://:pw@cache".to_owned(), "redis://:#@cache"),
            (
                format!("key {}{run} ok", concat!("sk_", "live_")),
                "key # ok",
            ),
            (format!("{}BEGIN RSA PRIVATE KEY-----\nabc", "-----"), "#"),
            (
                "redis-server --requirepass hunter2 --save".to_owned(),
                "redis-server --requirepass # --save",
            ),
            (
                "curl -H 'Authorization: Bearer abcdefgh12'".to_owned(),
                "curl -H 'Authorization: Bearer #'",
            ),
            (
                "env DB_PASSWORD=hunter2 run".to_owned(),
                "env DB_PASSWORD=# run",
            ),
            (format!("token {run}{run}"), "token #"),
            ("0123456789abcdef0123456789abcdef".to_owned(), "#"),
        ] {
            assert_eq!(masked(&text), expected, "{text}");
        }
    }

    #[test]
    fn passwords_on_command_lines_are_found() {
        for (text, expected) in [
            (
                r#"test: ["CMD", "redis-cli", "-a", "hunter2", "ping"]"#,
                r##"test: ["CMD", "redis-cli", "-a", "#", "ping"]"##,
            ),
            (
                r#"["redis-server", "--requirepass", "hunter2"]"#,
                r##"["redis-server", "--requirepass", "#"]"##,
            ),
            (
                "mysqladmin ping -h db -uroot -phunter2",
                "mysqladmin ping -h db -uroot -p#",
            ),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_before_a_key_stays() {
        let key = ["q8Wm2xT5yB3n", "Lk0pR7sV4z9aQw"].concat();
        let text = format!("DB_PASSWORD={key}");
        assert!(
            shaped(&text)
                .iter()
                .all(|range| range.start == "DB_PASSWORD=".len())
        );
        assert!(!shaped(&text).is_empty());
    }

    #[test]
    fn names_digests_and_references_are_left_alone() {
        for text in [
            "docker-compose-production-backup-2024-01.yml",
            "NEXT_PUBLIC_ANALYTICS_WRITE_KEY_V2",
            "postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "DB_PASSWORD=${DB_PASSWORD} API_TOKEN=true SECRET_KEY=***",
            "http://localhost:8080/path",
            "pass `--token` or `--password-file /run/secrets/x`; docker compose -p shop up",
            "git@github.com:org/repo.git and user@example.org",
            "stat-view.login-password has a value, my-secret is short",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
