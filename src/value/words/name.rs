//! The environment a variable's name speaks of: `STRIPE_KEY_DEV`, `PROD_API_URL`. Names of switches and of test data
//! (`LIVE_RELOAD`, `TEST_MODE`, `IS_PRODUCTION`) speak of none.

use super::{Hit, Weight, Words, tokens};
use crate::model::Env;

/// What an environment can own: after or before one of these, an environment's word is meant as such.
const NOUNS: &[&str] = &[
    "account",
    "address",
    "api",
    "app",
    "auth",
    "base",
    "bot",
    "branch",
    "bucket",
    "cert",
    "certificate",
    "client",
    "cluster",
    "config",
    "connection",
    "cookie",
    "creds",
    "credential",
    "credentials",
    "database",
    "db",
    "deploy",
    "domain",
    "dsn",
    "email",
    "endpoint",
    "endpoints",
    "env",
    "fqdn",
    "hook",
    "host",
    "hostname",
    "id",
    "image",
    "instance",
    "ip",
    "jwt",
    "key",
    "keys",
    "kubeconfig",
    "login",
    "name",
    "namespace",
    "origin",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "path",
    "pat",
    "port",
    "prefix",
    "private",
    "profile",
    "project",
    "proxy",
    "public",
    "publishable",
    "pwd",
    "queue",
    "region",
    "registry",
    "repo",
    "role",
    "root",
    "salt",
    "schema",
    "secret",
    "secrets",
    "server",
    "service",
    "sid",
    "site",
    "ssh",
    "subdomain",
    "table",
    "tenant",
    "token",
    "topic",
    "uri",
    "url",
    "urls",
    "user",
    "username",
    "volume",
    "webhook",
    "website",
    "workspace",
    "zone",
];

/// Stores of data: the one thing that even an everyday word in front makes another environment's (`DEMO_DATABASE_URL`).
const STORES: &[&str] = &[
    "database",
    "db",
    "mongo",
    "mongodb",
    "mysql",
    "pg",
    "postgres",
    "postgresql",
    "rds",
    "redis",
    "sqlite",
    "supabase",
];

/// First words of switches, and last ones.
const SWITCH_FIRST: &[&str] = &[
    "allow", "debug", "disable", "enable", "enabled", "force", "has", "is", "no", "not", "only",
    "require", "run", "show", "skip", "use", "with", "without",
];
const SWITCH_LAST: &[&str] = &[
    "allowed", "build", "debug", "disabled", "enabled", "flag", "mode", "only", "required",
    "timeout",
];

/// Words after `dev`, `test` and `qa` that make a tool, a person or a piece of test data of them.
const NO_ENVIRONMENT: &[&str] = &[
    "account", "email", "id", "login", "mode", "phone", "runner", "suite", "team", "to", "tool",
    "tools", "user", "username", "users",
];

impl Words {
    /// The environment named by a variable's name. Careful: a wrong guess accuses a production file of holding a
    /// development secret.
    pub fn in_name(&self, name: &str) -> Option<Env> {
        let is_switch = |first: &str, last: &str| {
            let listed =
                |list: &[&str], word: &str| list.iter().any(|l| l.eq_ignore_ascii_case(word));
            listed(SWITCH_FIRST, first) || listed(SWITCH_LAST, last)
        };
        let first = tokens(name).next()?;
        let last = tokens(name).last()?;
        if is_switch(first.text, last.text) {
            return None;
        }
        self.find(name, |hit| {
            !hit.is_whole()
                && match hit.word.weight {
                    Weight::Strong => true,
                    Weight::Medium => is_owner(hit),
                    Weight::Weak => is_careful_owner(hit),
                }
        })
        .env()
    }
}

/// `DEV_DEPLOY_HOOK`, `STRIPE_TEST_KEY`, `DATABASE_URL_QA`; not `DEV_TOOLS`, `TEST_USER_EMAIL`, `SPEED_TEST`.
fn is_owner(hit: &Hit) -> bool {
    if hit
        .after()
        .is_some_and(|next| next.is_one_of(NO_ENVIRONMENT))
        || is_dev_server(hit)
    {
        return false;
    }
    let last_is_noun = hit
        .tokens
        .last()
        .is_some_and(|token| token.is_one_of(NOUNS));
    match (hit.is_first(), hit.is_last()) {
        (true, _) => last_is_noun,
        (_, true) => hit.before().is_some_and(|token| token.is_one_of(NOUNS)),
        _ => hit.after().is_some_and(|token| token.is_one_of(NOUNS)),
    }
}

/// The server that bundlers start, not a server of the development environment.
fn is_dev_server(hit: &Hit) -> bool {
    let after = |by: usize, words: &[&str]| {
        let token = hit.tokens.get(hit.at + hit.len + by);
        token.is_some_and(|token| token.is_one_of(words))
    };
    hit.word.env == Env::DEVELOPMENT
        && after(0, &["server"])
        && (hit.tokens.len() == hit.at + hit.len + 1 || after(1, &["port", "url", "https"]))
}

/// `live` beside a credential, `stage` before a noun, anything before a store of data or behind a noun at the end.
fn is_careful_owner(hit: &Hit) -> bool {
    if hit.is("ci") || hit.is("tests") {
        // `CI_JOB_TOKEN` is of the CI system, `CI` a switch that it sets.
        return false;
    }
    let before = |words: &[&str]| hit.before().is_some_and(|token| token.is_one_of(words));
    let after = |words: &[&str]| hit.after().is_some_and(|token| token.is_one_of(words));
    let stands_behind = hit.is_last() && before(NOUNS) && !before(&["api", "deploy", "app"]);
    let of_a_vendor = (hit.is("live") || hit.is("e2e"))
        && after(&[
            "api",
            "key",
            "keys",
            "private",
            "public",
            "publishable",
            "secret",
            "token",
            "url",
            "webhook",
            "database",
            "db",
        ]);
    let of_a_stage = hit.is("stage")
        && after(NOUNS)
        && !after(&["name", "env", "id", "path", "prefix", "config", "branch"]);
    stands_behind || of_a_vendor || of_a_stage || after(STORES)
}
