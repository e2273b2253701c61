//! Which database a text leads to: URLs of every dialect, `host=… password=…`, ADO.NET, Go's `user:pw@tcp(host)/db`.

use crate::model::Secret;

use super::host::{self, HostClass};
use super::url::{self, Url};
use super::{engine, kind};

/// A database as far as a text names it. Absent parts may come from other variables of the same group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Database {
    /// One of `schema::ENGINES`; empty where nothing tells.
    pub engine: &'static str,
    /// Lower case. `None` for files.
    pub host: Option<String>,
    /// Further hosts of a cluster, with ports, lower case.
    pub others: Vec<String>,
    pub port: Option<u16>,
    pub db: Option<String>,
    pub user: Option<String>,
    /// As written, percent signs decoded.
    pub password: Secret,
    pub tls: bool,
}

/// Reads a whole value as a database; `None` where it is none.
pub fn parse(text: &str) -> Option<Database> {
    let text = text.trim();
    // One of these signs stands in all of them.
    let has_sign = text.bytes().any(|b| matches!(b, b':' | b'=' | b'@'));
    if text.len() > 8192 || !has_sign {
        return None;
    }
    by_any_dialect(text)
}

fn by_any_dialect(text: &str) -> Option<Database> {
    url::parse(text)
        .and_then(|url| from_url(&url))
        .or_else(|| from_go(text))
        .or_else(|| from_pairs(text))
        .or_else(|| from_sqlite(text))
}

/// A database URL; web addresses are none, but Supabase projects are.
pub fn from_url(url: &Url) -> Option<Database> {
    if let Some(database) = supabase(url) {
        return Some(database);
    }
    let engine = engine::by_scheme(url.scheme)?;
    if engine == "sqlite" {
        let path = format!("{}{}", url.host, url.path);
        return sqlite(path.strip_prefix('/').unwrap_or(&path));
    }
    let mut hosts = url.hosts.split(',').map(str::to_ascii_lowercase);
    hosts.next();
    let path = url.path.trim_start_matches('/');
    let db = first_of(path.split('/').next().unwrap_or_default())
        .or_else(|| url.parameter("database").and_then(first_of))
        .or_else(|| url.parameter("databasename").and_then(first_of))
        .or_else(|| url.parameter("dbname").and_then(first_of))
        .or_else(|| {
            url.parameter("db")
                .filter(|_| engine == "redis")
                .and_then(first_of)
        });
    let host = first_of(url.host).or_else(|| url.parameter("host").and_then(first_of));
    Some(Database {
        engine,
        host: host.map(|host| host.to_ascii_lowercase()),
        others: hosts.filter(|host| !host.is_empty()).collect(),
        port: url.port,
        db: db.map(|db| decode(&db)),
        user: url.user().map(decode),
        password: Secret::new(url.password().map(decode).unwrap_or_default()),
        tls: url.tls(),
    })
}

fn first_of(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// `https://<project>.supabase.co`: an address that names one project's data.
fn supabase(url: &Url) -> Option<Database> {
    let host = url.host.to_ascii_lowercase();
    let project = host.strip_suffix(".supabase.co")?;
    let web = url.scheme.starts_with("http") && !project.contains('.');
    web.then(|| Database {
        engine: "supabase",
        db: Some(project.to_owned()),
        port: url.port,
        tls: url.tls(),
        host: Some(host.clone()),
        ..Database::default()
    })
}

fn sqlite(path: &str) -> Option<Database> {
    first_of(path).map(|path| Database {
        engine: "sqlite",
        db: Some(path),
        ..Database::default()
    })
}

/// `sqlite:x.db`, `file:./dev.db` (Prisma).
fn from_sqlite(text: &str) -> Option<Database> {
    let path = text.strip_prefix("sqlite:").or_else(|| {
        let path = text.strip_prefix("file:")?;
        let name = path.split('?').next().unwrap_or_default();
        [".db", ".sqlite", ".sqlite3"]
            .iter()
            .any(|end| name.ends_with(end))
            .then_some(name)
    })?;
    (!path.contains(char::is_whitespace))
        .then(|| sqlite(path))
        .flatten()
}

/// Go's MySQL driver: `user:password@tcp(host:3306)/db?tls=true`.
fn from_go(text: &str) -> Option<Database> {
    let (head, tail) = text
        .split_once("@tcp(")
        .or_else(|| text.split_once("@unix("))?;
    let (address, rest) = tail.split_once(')')?;
    if head.contains(char::is_whitespace) {
        return None;
    }
    let (user, password) = head.split_once(':').unwrap_or((head, ""));
    let (host, port) = url::split_port(address);
    let path = rest.strip_prefix('/')?;
    let (db, query) = path.split_once('?').unwrap_or((path, ""));
    let parameter = |name: &str| pair_in(query, '&', name);
    Some(Database {
        engine: "mysql",
        host: first_of(host).map(|host| host.to_ascii_lowercase()),
        port,
        db: first_of(db),
        user: first_of(user),
        password: Secret::new(password),
        tls: url::tls_parameter(parameter).unwrap_or(false),
        ..Database::default()
    })
}

fn pair_in<'a>(text: &'a str, between: char, name: &str) -> Option<&'a str> {
    text.split(between)
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

/// libpq (`host=a password=b dbname=c`) and ADO.NET (`Server=a;Database=b;User Id=c;Password=d`).
fn from_pairs(text: &str) -> Option<Database> {
    let pairs = pairs(text)?;
    let get = |names: &[&str]| {
        pairs
            .iter()
            .find(|(key, _)| names.iter().any(|name| name.eq_ignore_ascii_case(key)))
            .map(|(_, value)| *value)
            .filter(|value| !value.is_empty())
    };
    let address = get(&[
        "host",
        "server",
        "data source",
        "addr",
        "address",
        "hostaddr",
    ])?;
    let db = get(&["dbname", "database", "initial catalog"]);
    let password = get(&["password", "pwd"]);
    if db.is_none() && password.is_none() {
        return None;
    }
    let ado = text.contains(';');
    let (host, port) = address_of(address);
    let port = get(&["port"]).and_then(|port| port.parse().ok()).or(port);
    let libpq = get(&["dbname"]).is_some() || !ado;
    let by_port = port.and_then(|port| engine::by_port(i64::from(port)));
    Some(Database {
        engine: if libpq {
            "postgres"
        } else {
            by_port.unwrap_or("mssql")
        },
        host: first_of(host).map(|host| host.to_ascii_lowercase()),
        port,
        db: db.and_then(first_of),
        user: get(&["user", "user id", "uid", "username"]).and_then(first_of),
        password: Secret::new(password.unwrap_or_default()),
        tls: url::tls_parameter(|name| get(&[name])).unwrap_or(false),
        ..Database::default()
    })
}

/// ADO.NET writes `tcp:host,port`.
fn address_of(address: &str) -> (&str, Option<u16>) {
    let address = address.trim_start_matches("tcp:");
    match address.split_once(',') {
        Some((host, port)) => (host, port.trim().parse().ok()),
        None => url::split_port(address),
    }
}

/// Key and value pairs between `;` or between blanks; `None` where a piece is none.
fn pairs(text: &str) -> Option<Vec<(&str, &str)>> {
    let split = |piece: &'_ str| -> Option<(usize, usize)> {
        let at = piece.find('=')?;
        (at > 0).then_some((at, at + 1))
    };
    let pieces: Vec<&str> = if text.contains(';') {
        text.split(';')
            .map(str::trim)
            .filter(|piece| !piece.is_empty())
            .collect()
    } else {
        text.split_whitespace().collect()
    };
    if !(2..=40).contains(&pieces.len()) {
        return None;
    }
    pieces
        .into_iter()
        .map(|piece| {
            let (end, start) = split(piece)?;
            let value = piece.get(start..)?.trim().trim_matches(['\'', '"']);
            Some((piece.get(..end)?.trim(), value))
        })
        .collect()
}

/// Percent signs decoded where that gives text; otherwise as written.
pub fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = |at: usize| tail.get(at).and_then(|b| char::from(*b).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (first, hex(0), hex(1)) {
            bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

impl Database {
    /// One name for the data it leads to: equal names are the same data. `None` where the text alone cannot tell: the
    /// host is another one in every network, or the part that names the data is missing. A database of this very
    /// machine is told apart by `machine`.
    pub fn target(&self, machine: &str) -> Option<String> {
        if self.engine == "sqlite" {
            let path = self
                .db
                .as_deref()
                .filter(|path| !path.contains(":memory:"))?;
            return Some(format!(
                "sqlite://{machine}/{}",
                path.trim_start_matches("./")
            ));
        }
        let host = self.host.as_deref().map(host::bare)?;
        if self.engine.is_empty() || self.has_variables() {
            return None;
        }
        if self.engine == "supabase" {
            return self
                .db
                .as_ref()
                .map(|project| format!("supabase://{project}"));
        }
        let place = match HostClass::of(host) {
            HostClass::Service | HostClass::Unknown => return None,
            HostClass::Loopback | HostClass::DockerHost => format!("localhost@{machine}"),
            _ => host.trim_start_matches("www.").to_owned(),
        };
        let port = self.port.or_else(|| engine::default_port(self.engine))?;
        let db = self.database_name()?;
        Some(self.without_pooler(&place, port, &db))
    }

    /// Forgets what variables decide: it is unknown here, and a fallback inside of it is another fact's business.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let open = |text: &str| kind::has_reference(text) || kind::is_marker(text);
        self.db = self.db.filter(|text| !open(text));
        self.user = self.user.filter(|text| !open(text));
        self.host = self.host.filter(|text| !open(text));
        if open(self.password.expose()) {
            self.password = Secret::default();
        }
        self
    }

    fn has_variables(&self) -> bool {
        let open = |text: &Option<String>| {
            text.as_deref()
                .is_some_and(|text| kind::has_reference(text) || kind::is_marker(text))
        };
        open(&self.host) || open(&self.db)
    }

    /// The database, or what the engine takes where none is named.
    fn database_name(&self) -> Option<String> {
        let default = match self.engine {
            "redis" => Some("0"),
            "neo4j" => Some("neo4j"),
            "clickhouse" => Some("default"),
            // One server, one set of data.
            "memcached" | "elasticsearch" | "rabbitmq" | "kafka" | "cassandra" => Some(""),
            // The user's own database.
            "postgres" => self.user.as_deref(),
            _ => None,
        };
        self.db.as_deref().or(default).map(str::to_owned)
    }

    /// Poolers stand in front of many servers: the tenant names the data, and the pooled and the direct address of one
    /// server are the same.
    fn without_pooler(&self, host: &str, port: u16, db: &str) -> String {
        let engine = self.engine;
        let tenant = self
            .user
            .as_deref()
            .and_then(|user| user.rsplit_once('.'))
            .map(|(_, tenant)| tenant);
        if let (Some(tenant), true) = (tenant, host.ends_with(".pooler.supabase.com")) {
            return format!("{engine}://db.{tenant}.supabase.co:5432/{db}");
        }
        if let Some((name, rest)) = host.split_once('.')
            && let Some(direct) = name.strip_suffix("-pooler")
        {
            return format!("{engine}://{direct}.{rest}:{port}/{db}");
        }
        let port = if host.ends_with(".supabase.co") {
            5432
        } else {
            port
        };
        let hosts = self
            .others
            .iter()
            .fold(host.to_owned(), |all, other| format!("{all},{other}"));
        format!("{engine}://{hosts}:{port}/{db}")
    }
}

#[cfg(test)]
#[path = "database_tests.rs"]
mod tests;
