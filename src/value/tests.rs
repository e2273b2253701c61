//! Tables: what a name and a value say together. Keys are put together at run time, so that no scanner finds one here.

use super::binding::meaning;

fn letters(count: usize) -> String {
    "f3A9kQ2zLm8Yw0RtB6xvJp4NsE1uHd7c"
        .chars()
        .cycle()
        .take(count)
        .collect()
}

/// One row: name, value, kind, `s` for sensitive or `-`, identity, strength.
#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn names_and_values_are_judged_together() {
    let random = letters(32);
    let hex: String = "9f86d081884c7d659a2feaa0c55ad015".into();
    let tracker = format!("https://{hex}@o1.ingest.example.org/1");
    let stripe = ["sk_", "live_", &letters(24)].concat();
    let stripe_test = ["sk_", "test_", &letters(24)].concat();
    let publishable = ["pk_", "live_", &letters(24)].concat();
    let jwt = ["eyJ", &letters(20), ".", &letters(30), ".", &letters(40)].concat();
    let bot = ["123456789", ":", &letters(35)].concat();
    let rows = [
        // Nothing, markers, pointers.
        ("API_KEY", "", "empty s credential none"),
        ("API_KEY", "  ", "empty s credential none"),
        ("API_KEY", "__API_KEY__", "marker s credential none"),
        ("API_KEY", "<from vault>", "marker s credential none"),
        ("API_KEY", "{{ api_key }}", "marker s credential none"),
        ("API_KEY", "%API_KEY%", "marker s credential none"),
        ("API_KEY", "#{ApiKey}#", "marker s credential none"),
        ("API_KEY", "null", "marker s credential none"),
        ("API_KEY", "${API_KEY}", "reference s credential none"),
        ("API_KEY", "$API_KEY", "reference s credential none"),
        (
            "API_KEY",
            "${{ secrets.API_KEY }}",
            "reference s credential none",
        ),
        (
            "API_KEY",
            "op://vault/item/field",
            "reference s credential none",
        ),
        (
            "API_KEY",
            "vault:secret/data/app#key",
            "reference s credential none",
        ),
        (
            "API_KEY",
            "arn:aws:secretsmanager:eu-west-1:1:secret:x",
            "reference s credential none",
        ),
        (
            "API_KEY",
            "encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3dAt",
            "encrypted s credential none",
        ),
        (
            "API_KEY",
            "ENC[AES256_GCM,data:xyz]",
            "encrypted s credential none",
        ),
        ("URL", "https://${HOST}/x", "reference - none none"),
        // Forms and defaults.
        (
            "API_KEY",
            "your_key_here",
            "default_value s credential default",
        ),
        (
            "API_KEY",
            "your-api-key",
            "default_value s credential default",
        ),
        (
            "API_KEY",
            "<your api key>",
            "default_value s credential default",
        ),
        ("API_KEY", "changeme", "default_value s credential default"),
        ("API_KEY", "xxxxxxxx", "default_value s credential default"),
        (
            "API_KEY",
            "sk-xxxxxxxxxxxxxxxx",
            "default_value s credential default",
        ),
        ("API_KEY", "sk-...", "default_value s credential default"),
        ("API_KEY", "api_key", "default_value s credential default"),
        ("API_KEY", "API_KEY", "default_value s credential default"),
        ("stripe.apiKey", "SECRET", "marker s credential none"),
        ("API_KEY", "STRIPE_API_KEY", "marker s credential none"),
        ("API_KEYS", "{}", "marker s credential none"),
        ("IGNORED_TOKENS", "the,a,of,and", "text - none none"),
        (
            "API_KEY",
            "mockTwilioApiKey",
            "default_value s credential default",
        ),
        (
            "API_KEY",
            "mock-mailer",
            "default_value s credential default",
        ),
        ("braintree.merchantId", "SECRET", "marker - instance none"),
        (
            "DB_PASSWORD",
            "PASSWORD",
            "default_value s credential default",
        ),
        ("LDAP_DISPLAY_NAME_KEY", "displayName", "text - none none"),
        (
            "VAULT_SECRETS",
            "DD-API-KEY, K6-AUTH-USER-PASSWORD-HASH",
            "text - none none",
        ),
        ("API_KEY", "todo", "default_value s credential default"),
        ("DB_PASSWORD", "admin", "default_value s credential default"),
        (
            "DB_PASSWORD",
            "123456",
            "default_value s credential default",
        ),
        (
            "DB_PASSWORD",
            "changethis",
            "default_value s credential default",
        ),
        (
            "DB_PASSWORD",
            "replace-with-a-password",
            "default_value s credential default",
        ),
        ("POSTGRES_USER", "postgres", "text - none none"),
        ("ADMIN_USER", "changeme", "default_value - none default"),
        ("TITLE", "Your App", "text - none none"),
        (
            "SITE_URL",
            "https://your-domain.com",
            "default_value - none default",
        ),
        (
            "REDIS_AUTH",
            "myredissecret",
            "default_value s credential default",
        ),
        (
            "NEO4J_AUTH",
            "neo4j/password",
            "default_value s credential default",
        ),
        ("NEO4J_AUTH", "none", "marker s credential none"),
        ("SALT", "mysalt", "default_value s credential default"),
        ("OIDC_AUTH", "basic", "text - none none"),
        (
            "API_KEY",
            "sk-lf-1234567890",
            "default_value s credential default",
        ),
        // Secrets.
        ("DB_PASSWORD", "hunter2", "secret s credential weak"),
        ("DB_PASSWORD", "728193", "secret s credential weak"),
        (
            "SECRET_KEY_BASE",
            "asdf",
            "default_value s credential default",
        ),
        ("SECRET_KEY", &random, "secret s credential strong"),
        ("ENCRYPTION_KEY", &hex, "secret s credential strong"),
        ("apiKey", &random, "secret s credential strong"),
        (
            "spring.datasource.password",
            "druid7x",
            "secret s credential weak",
        ),
        ("PGPASSWORD", "k1ttens", "secret s credential weak"),
        ("JWTSECRET", &random, "secret s credential strong"),
        ("STRIPE_KEY_DEV", &stripe_test, "secret s credential strong"),
        ("STRIPE", &stripe, "secret s credential strong"),
        ("BOT", &bot, "secret s credential strong"),
        ("SERVICE", &jwt, "secret s credential strong"),
        ("NEXT_PUBLIC_ANON", &jwt, "secret - public strong"),
        ("NEXT_PUBLIC_STRIPE", &stripe, "secret s credential strong"),
        ("VITE_STRIPE_KEY", &publishable, "text - public none"),
        ("STRIPE_PUBLISHABLE_KEY", &publishable, "text - public none"),
        ("PASSWORD_STAGING", "k1ttens!", "secret s credential weak"),
        ("GITHUB_PAT", "abc123def", "secret s credential weak"),
        ("SOMETHING", &random, "secret s credential strong"),
        // Settings whose names sound like secrets.
        ("PASSWORD_MIN_LENGTH", "12", "number - none none"),
        ("TOKEN_EXPIRY", "3600", "number - none none"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "30", "number - none none"),
        ("MAX_TOKENS", "4096", "number - none none"),
        (
            "TOKEN_URL",
            "https://auth.example.org/token",
            "url - none none",
        ),
        ("SECRET_NAME", "prod/app", "text - none none"),
        ("SECRETS_FILE", "/run/secrets/app", "text - none none"),
        (
            "DB_PASSWORD",
            "/run/secrets/db_password",
            "text - none none",
        ),
        ("SSL_KEY", "certs/key.pem", "text - none none"),
        ("KEYCLOAK_URL", "http://keycloak:8080", "url - none none"),
        ("MONKEY", "george", "text - none none"),
        ("KEYBOARD", "us", "text - none none"),
        ("AUTHOR", "somebody", "text - none none"),
        ("PRIMARY_KEY", "id", "text - none none"),
        ("PUBLIC_KEY", &random, "text - public none"),
        ("PWD", "/app", "text - none none"),
        ("API_KEY_PREFIX", "acme_", "text - none none"),
        ("PASSWORD_LOGIN_ENABLED", "true", "bool - none none"),
        ("USE_SECRET", "true", "bool - none none"),
        ("COMMIT", &hex, "text - none none"),
        ("AWS_ACCESS_KEY_ID", "ABCDEFGHIJ", "text - instance none"),
        (
            "GOOGLE_CLIENT_ID",
            "1234-abc.apps.example.org",
            "text - instance none",
        ),
        (
            "SENTRY_DSN",
            "https://9f86d081@o1.ingest.example.org/1",
            "url - instance none",
        ),
        ("SENTRY_DSN", &tracker, "dsn - instance none"),
        // Addresses.
        (
            "DATABASE_URL",
            "postgres://app:hunter2@db.example.org/app",
            "dsn s credential weak",
        ),
        (
            "DATABASE_URL",
            "postgres://app:changeme@db/app",
            "dsn s credential default",
        ),
        (
            "DATABASE_URL",
            "postgres://app:${PW}@db/app",
            "reference - none none",
        ),
        (
            "DATABASE_URL",
            "postgres://app:hunter2@${HOST}/app",
            "dsn s credential weak",
        ),
        (
            "DATABASE_URL",
            "postgres://app:__PW__@db/app",
            "marker - none none",
        ),
        ("DATABASE_URL", "postgres://db/app", "dsn - none none"),
        ("REDIS_URL", "redis://redis:6379/0", "dsn - none none"),
        (
            "REDIS_URL",
            "redis://:hunter2@redis:6379/0",
            "dsn s credential weak",
        ),
        (
            "PG_DSN",
            "host=localhost port=5432 dbname=a user=b password=hunter2 sslmode=disable",
            "dsn s credential weak",
        ),
        (
            "MYSQL",
            "app:hunter2@tcp(db:3306)/app?tls=true",
            "dsn s credential weak",
        ),
        (
            "CONN",
            "Server=db;Database=a;User Id=b;Password=hunter2;",
            "dsn s credential weak",
        ),
        (
            "PROXY",
            "http://user:hunter2@proxy:3128",
            "dsn s credential weak",
        ),
        // Plain.
        ("DEBUG", "True", "bool - none none"),
        ("DEBUG", "1", "number - none none"),
        ("PORT", "8080", "number - none none"),
        ("TIMEOUT", "1.5", "number - none none"),
        ("ENV", "production", "text - none none"),
        ("GREETING", "héllo wörld", "text - none none"),
        ("PRICE", "$5", "text - none none"),
    ];
    let mut wrong = Vec::new();
    for (name, value, expected) in rows {
        let said = meaning(name, value);
        let sensitive = if said.sensitive { "s" } else { "-" };
        let said = format!(
            "{} {sensitive} {} {}",
            said.kind, said.identity, said.strength
        );
        if said != expected {
            wrong.push(format!(
                "{name}={value}: said `{said}`, expected `{expected}`"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn keys_tell_live_from_test() {
    let key = |prefix: &[&str]| [prefix.concat(), letters(24)].concat();
    let mode = |value: &str| meaning("STRIPE_KEY", value).key_mode;
    assert_eq!(mode(&key(&["sk_", "live_"])), Some("live"));
    assert_eq!(mode(&key(&["sk_", "test_"])), Some("test"));
    assert_eq!(mode(&key(&["pk_", "test_"])), Some("test"));
    assert_eq!(mode("hunter2"), None);
}
