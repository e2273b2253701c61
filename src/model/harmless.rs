//! Which values may be shown: booleans, numbers, environment words, and words of settings. All else is masked.

/// Words that settings take and credentials do not: log levels, modes, drivers, engines.
const WORDS: &[&str] = &[
    "all",
    "apache",
    "async",
    "auto",
    "cluster",
    "console",
    "cookie",
    "critical",
    "daemon",
    "database",
    "debug",
    "default",
    "dev",
    "disabled",
    "empty",
    "enabled",
    "error",
    "fatal",
    "file",
    "gunicorn",
    "http",
    "https",
    "info",
    "inherit",
    "json",
    "lax",
    "local",
    "localhost",
    "log",
    "mariadb",
    "memory",
    "mongodb",
    "mysql",
    "never",
    "none",
    "notice",
    "null",
    "off",
    "on",
    "pgsql",
    "postgresql",
    "prod",
    "production",
    "redis",
    "release",
    "silly",
    "single",
    "smtp",
    "sqlite",
    "stack",
    "stderr",
    "stdout",
    "strict",
    "sync",
    "text",
    "trace",
    "undefined",
    "utc",
    "verbose",
    "warn",
    "warning",
    "*",
    "true",
    "false",
    "yes",
    "no",
];

/// Names of environments and their aliases.
const ENVIRONMENTS: &[&str] = &[
    "ci",
    "demo",
    "dev",
    "development",
    "e2e",
    "live",
    "local",
    "prd",
    "preprod",
    "preview",
    "prod",
    "production",
    "qa",
    "review",
    "stage",
    "staging",
    "stg",
    "test",
    "testing",
    "uat",
];

/// True for a value that says nothing worth hiding. Digits count only up to ten: longer ones may be a PIN or a key.
pub fn is_harmless(value: &str) -> bool {
    let value = value.trim();
    let number = |text: &str| {
        !text.is_empty()
            && text.len() <= 10
            && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    let plain = |text: &str| {
        text.is_empty()
            || number(text)
            || WORDS
                .iter()
                .chain(ENVIRONMENTS)
                .any(|word| word.eq_ignore_ascii_case(text))
    };
    // `http://localhost:8000`: an address of which every part is harmless. An `@` makes no part of it so.
    plain(value) || (value.contains("://") && value.split([':', '/']).all(plain))
}

#[cfg(test)]
mod tests {
    use super::is_harmless;

    #[test]
    fn settings_are_shown_and_passwords_are_not() {
        for shown in [
            "true",
            "8080",
            "WARNING",
            "Production",
            "",
            "1.5",
            "http://localhost:8000/",
            "redis://127.0.0.1:6379/0",
        ] {
            assert!(is_harmless(shown), "{shown}");
        }
        for hidden in [
            "hunter2",
            "12345678901",
            "postgres://a:b@c/d",
            "admin",
            "http://:1234@localhost",
            "http://localhost/hunter2",
            "1234:5678",
        ] {
            assert!(!is_harmless(hidden), "{hidden}");
        }
    }
}
