//! Env files and what follows from them, one line per derived fact.

use std::sync::Arc;

use crate::model::schema::{database as db, flag, image, url, var};
use crate::model::{Document, Env, Fact, File, Kind, Lines, Secret, Span, Val, Value};
use crate::value::{Lexicon, binding};

/// Facts of plain `NAME=value` lines, without the parser of another stage.
fn document(text: &str, service: Option<&str>, lexicon: &Lexicon) -> Document {
    let file = Arc::new(File::at(".env.staging"));
    let mut start = 0;
    let mut facts = Vec::new();
    for line in text.lines() {
        let (name, value) = line.split_once('=').unwrap();
        let key = Span::new(start, start + name.len());
        let span = Span::new(start + name.len() + 1, start + line.len());
        let mut fact = Fact::new(Kind::var, &file, key, span)
            .with(var::NAME, name)
            .with(var::VALUE, Secret::new(value))
            .with(var::SERVICE, service)
            .with(var::HAS_FALLBACK, false);
        fact.set(var::SOURCE, Value::Word("dotenv"));
        fact.set(var::ORIGIN, Value::Word("value"));
        fact.env = Some(Env::STAGING);
        binding::describe(&mut fact, lexicon);
        facts.push(fact);
        start += line.len() + 1;
    }
    Document {
        file,
        text: text.into(),
        lines: Arc::new(Lines::of(text)),
        facts,
        problems: Vec::new(),
    }
}

fn show(fact: &Fact, text: &str) -> String {
    let flag = |field, word: &str| match fact.get(field) {
        Val::Bool(true) => format!(" {word}"),
        _ => String::new(),
    };
    let number = |field| match fact.get(field) {
        Val::Int(number) => format!(":{number}"),
        _ => String::new(),
    };
    let env = |field| match fact.get(field) {
        Val::Env(env) => format!(" {env:?}"),
        _ => String::new(),
    };
    let said = match fact.kind {
        Kind::url => format!(
            "{}//{}{} {}{}{}{}",
            fact.text(url::SCHEME),
            fact.text(url::HOST),
            number(url::PORT),
            fact.text(url::HOST_CLASS),
            env(url::HOST_ENV),
            flag(url::CREDENTIALS, "credentials"),
            flag(url::TLS, "tls")
        ),
        Kind::database => format!(
            "of {} {} db={} user={} target={} {}{}{}",
            fact.text(db::OF),
            fact.text(db::ENGINE),
            fact.text(db::DB),
            fact.text(db::USER),
            fact.text(db::TARGET),
            fact.text(db::STRENGTH),
            env(db::DB_ENV),
            flag(db::TLS, "tls")
        ),
        Kind::image => format!("{} {}", fact.text(image::REF), fact.text(image::PIN)),
        _ => format!("{}{}", fact.text(flag::NAME), self::flag_state(fact)),
    };
    format!("{} `{}` {said}", fact.kind.name(), fact.span.of(text))
}

fn flag_state(fact: &Fact) -> &'static str {
    if fact.get(flag::ENABLED) == Val::Bool(true) {
        " on"
    } else {
        " off"
    }
}

fn derived(text: &str, service: Option<&str>) -> Vec<String> {
    let lexicon = Lexicon::new(crate::model::Environments::default());
    let document = document(text, service, &lexicon);
    let facts = document.facts.clone();
    super::facts(&facts, &[document], &lexicon)
        .iter()
        .map(|fact| show(fact, text))
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(derived(text, None), expected, "{text}");
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn urls_and_hosts_stand_on_their_bytes() {
    check(
        "A=https://api-dev.example.org/x",
        &["url `https://api-dev.example.org/x` https//api-dev.example.org example development tls"],
    );
    check("A=plain text", &[]);
    check(
        "CORS_ORIGINS=http://localhost:3000,https://acme.io",
        &[
            "url `http://localhost:3000` http//localhost:3000 loopback",
            "url `https://acme.io` https//acme.io public tls",
        ],
    );
    check(
        "ORIGINS=[\"http://a.io\", \"http://b.io\"]",
        &[
            "url `http://a.io` http//a.io public",
            "url `http://b.io` http//b.io public",
        ],
    );
    check(
        "GRPC_HOST=localhost",
        &["url `localhost` //localhost loopback"],
    );
    check(
        "ALLOWED_HOSTS=localhost 127.0.0.1 *",
        &[
            "url `localhost` //localhost loopback",
            "url `127.0.0.1` //127.0.0.1 loopback",
        ],
    );
    check(
        "KAFKA_BROKERS=kafka:9092,b.acme.io:9093",
        &[
            "url `kafka:9092` //kafka:9092 service",
            "url `b.acme.io:9093` //b.acme.io:9093 public",
        ],
    );
    check("HOST=localhost", &[]);
    check("BIND_HOST=0.0.0.0", &[]);
    check("EMAIL_ADDRESS=somebody@acme.io", &[]);
    check(
        "A=https://${HOST}:80/x",
        &["url `https://${HOST}:80/x` https//${host}:80 unknown tls"],
    );
    check(
        "PROXY=http://u:hunter2@proxy:3128",
        &["url `http://u:hunter2@proxy:3128` http//proxy:3128 service credentials"],
    );
}

#[test]
fn databases_come_from_urls() {
    check(
        "DATABASE_URL=postgres://app:hunter2@db.acme.io/shop_prod?sslmode=require",
        &[
            "url `postgres://app:hunter2@db.acme.io/shop_prod?sslmode=require` postgres//db.acme.io public credentials tls",
            "database `postgres://app:hunter2@db.acme.io/shop_prod?sslmode=require` of DATABASE_URL postgres db=shop_prod user=app target=postgres://db.acme.io:5432/shop_prod weak production tls",
        ],
    );
    check(
        "REDIS_URL=redis://localhost:6379",
        &[
            "url `redis://localhost:6379` redis//localhost:6379 loopback",
            "database `redis://localhost:6379` of REDIS_URL redis db= user= target=redis://localhost@nonproduction:6379/0 none",
        ],
    );
    check(
        "A=sqlite:///:memory:",
        &["database `sqlite:///:memory:` of A sqlite db=:memory: user= target= none"],
    );
    check(
        "PG_DSN=host=localhost port=5432 dbname=a user=b password=hunter2",
        &[
            "url `host=localhost port=5432 dbname=a user=b password=hunter2` //localhost:5432 loopback credentials",
            "database `host=localhost port=5432 dbname=a user=b password=hunter2` of PG_DSN postgres db=a user=b target=postgres://localhost@nonproduction:5432/a weak",
        ],
    );
}

#[test]
fn databases_come_from_groups() {
    check(
        "POSTGRES_HOST=db.acme.io\nPOSTGRES_PORT=5433\nPOSTGRES_DB=shop\nPOSTGRES_USER=app\nPOSTGRES_PASSWORD=hunter2",
        &[
            "url `db.acme.io` //db.acme.io public",
            "database `db.acme.io` of POSTGRES_* postgres db=shop user=app target=postgres://db.acme.io:5433/shop weak",
        ],
    );
    check(
        "PGHOST=db.acme.io\nPGDATABASE=shop\nPGSSLMODE=require",
        &[
            "url `db.acme.io` //db.acme.io public",
            "database `db.acme.io` of PG* postgres db=shop user= target=postgres://db.acme.io:5432/shop none tls",
        ],
    );
    check(
        "DB_CONNECTION=mysql\nDB_HOST=db.acme.io\nDB_DATABASE=shop",
        &[
            "url `db.acme.io` //db.acme.io public",
            "database `db.acme.io` of DB_* mysql db=shop user= target=mysql://db.acme.io:3306/shop none",
        ],
    );
    check(
        "REDIS_HOST=localhost\nREDIS_DB=2",
        &[
            "url `localhost` //localhost loopback",
            "database `localhost` of REDIS_* redis db=2 user= target=redis://localhost@nonproduction:6379/2 none",
        ],
    );
    check(
        "NEO4J_URI=bolt://localhost:7687\nNEO4J_DATABASE=shop_dev",
        &[
            "url `bolt://localhost:7687` bolt//localhost:7687 loopback",
            "database `bolt://localhost:7687` of NEO4J_URI neo4j db=shop_dev user= target=neo4j://localhost@nonproduction:7687/shop_dev none development",
        ],
    );
    check("POSTGRES_DB=shop\nPOSTGRES_USER=app", &[]);
    check("DB_HOST=${HOST}\nDB_NAME=shop", &[]);
}

#[test]
fn inside_of_a_container_localhost_is_the_container() {
    assert_eq!(
        derived("REDIS_URL=redis://localhost:6379", Some("web"))[1],
        "database `redis://localhost:6379` of REDIS_URL redis db= user= target= none"
    );
}

#[test]
fn images_and_flags_come_from_variables() {
    check(
        "APP_IMAGE=acme/api:dev",
        &["image `acme/api:dev` acme/api:dev floating"],
    );
    check("HERO_IMAGE=/img/a.png", &[]);
    check("HERO_IMAGE=cat.png", &[]);
    check(
        "FEATURE_NEW_CART=true",
        &["flag `true` FEATURE_NEW_CART on"],
    );
    check("SEARCH_ENABLED=0", &["flag `0` SEARCH_ENABLED off"]);
    check("lograge.enabled=true", &[]);
    check(
        "app.features.cart.enabled=true",
        &["flag `true` app.features.cart.enabled on"],
    );
    check("ENABLE_X=maybe", &[]);
}
