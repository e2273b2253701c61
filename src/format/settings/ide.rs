//! Database connections that editors keep in a repository: VS Code's settings of SQLTools, Database Client, the Redis and
//! mssql extensions. A connection belongs to the environment its name speaks of.

use crate::format::{Claim, Format, Input, Output};
use crate::model::file::Nature;
use crate::model::schema::{Kind, database as db};
use crate::model::{Env, Fact, Secret, Str, Value};
use crate::syntax::{Node, json, node};
use crate::value::database::Database;
use crate::value::{HostClass, engine, strength};

pub static IDE: Format = Format {
    name: "ide",
    doc: "database connections in `.vscode/settings.json`, `.vscode/database-connections.json` and `*.code-workspace`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let in_folder = path.starts_with(".vscode/") || path.contains("/.vscode/");
    let is_settings = in_folder && path.ends_with(".json");
    if is_settings || path.ends_with(".code-workspace") {
        Claim::IfText(|text| {
            text.contains("\"database\"")
                || text.contains("\"host\"")
                || text.contains("\"server\"")
        })
    } else {
        Claim::No
    }
}

/// Deeper than any list of connections.
const DEEPEST: usize = 12;

fn parse(input: &Input) -> Output {
    let tree = json::parse(input.text);
    let mut output = Output::default();
    for document in &tree.documents {
        search(input, document, "", 0, &mut output.facts);
    }
    output.problems = tree.problems;
    output
}

/// Connections below a node; `above` is the last key on the way, which may name the engine.
fn search(input: &Input, node: &Node, above: &str, depth: usize, facts: &mut Vec<Fact>) {
    if depth > DEEPEST {
        return;
    }
    if let Some(fact) = connection(input, node, above) {
        facts.push(fact);
        return;
    }
    match &node.value {
        node::Value::Map(entries) => {
            for entry in entries {
                let key = entry.key.text().unwrap_or_default();
                search(input, &entry.value, key, depth + 1, facts);
            }
        }
        node::Value::Seq(items) => {
            for item in items {
                search(input, item, above, depth + 1, facts);
            }
        }
        _ => {}
    }
}

const HOSTS: &[&str] = &["server", "host", "hostname", "hostName"];

/// The first of these keys with a text.
fn text<'n>(map: &'n Node, keys: &[&str]) -> Option<&'n str> {
    keys.iter().find_map(|key| map.get(key)?.text())
}

/// A map with a host, and a name or a database.
fn connection(input: &Input, map: &Node, above: &str) -> Option<Fact> {
    let host = text(map, HOSTS)?;
    let name = text(map, &["name", "connectionName", "profileName", "label"]);
    let database = text(map, &["database", "db"]);
    name.or(database)?;
    let port = text(map, &["port"]).and_then(|text| text.parse::<u16>().ok());
    let engine = engine_of(map, above, port)?;
    let found = Database {
        engine,
        host: Some(host.to_ascii_lowercase()),
        port: port.or_else(|| engine::default_port(engine)),
        db: database.map(str::to_owned),
        user: text(map, &["username", "user"]).map(str::to_owned),
        password: Secret::new(text(map, &["password"]).unwrap_or_default()),
        ..Database::default()
    }
    .settled();
    let name = name.unwrap_or_default();
    let env = input.lexicon.words.named(name);
    // The port is what a person would mend; else the host.
    let entry = map
        .entry("port")
        .or_else(|| HOSTS.iter().find_map(|key| map.entry(key)))?;
    let key = entry.key.content(input.text);
    let mut fact = Fact::new(
        Kind::database,
        input.file,
        key,
        entry.value.content(input.text),
    );
    fact.env = env;
    if env.is_some() {
        fact.env_reason = Str::from("the name of the connection");
    }
    fill(&mut fact, input, name, env, &found);
    Some(fact)
}

/// By the driver, by the setting the list stands in (`redis.database`), or by the port.
fn engine_of(map: &Node, above: &str, port: Option<u16>) -> Option<&'static str> {
    let spoken = text(map, &["driver", "dbType", "engine", "dialect", "type"]);
    spoken
        .and_then(|text| {
            engine::by_scheme(&text.to_ascii_lowercase()).or_else(|| engine::by_name(text))
        })
        .or_else(|| above.split('.').find_map(engine::by_name))
        .or_else(|| engine::by_port(i64::from(port?)))
}

fn fill(fact: &mut Fact, input: &Input, name: &str, env: Option<Env>, found: &Database) {
    let words = &input.lexicon.words;
    let machine = env.map_or("", |env| input.lexicon.environments.machine(env));
    let host = found.host.as_deref().unwrap_or_default();
    let password = found.password.expose();
    let length = i64::try_from(password.chars().count()).unwrap_or(i64::MAX);
    let named = |text: Option<&str>| text.and_then(|text| words.in_value(text));
    fact.set(db::OF, name.into());
    fact.set(db::ORIGIN, Value::Word("ide"));
    fact.set(db::ENGINE, Value::Word(found.engine));
    fact.set(db::HOST, found.host.clone().into());
    fact.set(db::PORT, found.port.map(i64::from).into());
    fact.set(db::DB, found.db.clone().into());
    fact.set(db::TARGET, found.target(machine).into());
    fact.set(db::HOST_CLASS, Value::Word(HostClass::of(host).name()));
    let db_env = named(found.db.as_deref()).or_else(|| words.in_host(host));
    fact.set(db::DB_ENV, db_env.into());
    fact.set(db::USER, found.user.clone().into());
    fact.set(db::PASSWORD, found.password.clone().into());
    fact.set(db::STRENGTH, Value::Word(strength::of(password)));
    fact.set(db::LENGTH, length.into());
    fact.set(db::TLS, false.into());
}
