//! Which database, cache or queue something is: by URL scheme, by image, by port. One of `schema::ENGINES`.

use super::wordlist::{Marked, has};
use crate::model::base_name;

/// Engine and the port it listens on; 0 where there is none.
const PORTS: &[(&str, u16)] = &[
    ("postgres", 5432),
    ("mysql", 3306),
    ("mariadb", 3306),
    ("mongodb", 27017),
    ("redis", 6379),
    ("memcached", 11211),
    ("neo4j", 7687),
    ("elasticsearch", 9200),
    ("clickhouse", 8123),
    ("cassandra", 9042),
    ("mssql", 1433),
    ("rabbitmq", 5672),
    ("kafka", 9092),
];

/// Further ports that give an engine away.
const OTHER_PORTS: &[(u16, &str)] = &[
    (7474, "neo4j"),
    (9300, "elasticsearch"),
    (15672, "rabbitmq"),
    (5671, "rabbitmq"),
    (33060, "mysql"),
    (27018, "mongodb"),
    (26379, "redis"),
];

pub fn default_port(engine: &str) -> Option<u16> {
    PORTS
        .iter()
        .find(|(name, _)| *name == engine)
        .map(|(_, port)| *port)
}

/// The engine that usually listens on a port inside of a container.
pub fn by_port(port: i64) -> Option<&'static str> {
    let port = u16::try_from(port).ok()?;
    // 8123 is everybody's.
    let first = PORTS
        .iter()
        .find(|(name, known)| *known == port && *name != "clickhouse")
        .map(|(name, _)| *name);
    first.or_else(|| {
        OTHER_PORTS
            .iter()
            .find(|(known, _)| *known == port)
            .map(|(_, name)| *name)
    })
}

/// The engine of a URL scheme, with dialect and driver: `postgresql+asyncpg`, `mongodb+srv`.
pub fn by_scheme(scheme: &str) -> Option<&'static str> {
    let scheme = scheme.to_ascii_lowercase();
    let base = scheme.split(['+', ':']).next().unwrap_or_default();
    Some(match base {
        "postgres" | "postgresql" | "postgis" | "psql" | "pgsql" | "cockroachdb"
        | "prisma-postgres" | "pg" => "postgres",
        "mysql" | "mysql2" | "mysqli" => "mysql",
        "mariadb" => "mariadb",
        "mongodb" | "mongo" => "mongodb",
        "redis" | "rediss" | "valkey" | "valkeys" => "redis",
        "memcached" | "memcache" | "pymemcache" => "memcached",
        "neo4j" | "bolt" => "neo4j",
        "elasticsearch" | "opensearch" => "elasticsearch",
        "clickhouse" | "clickhousedb" => "clickhouse",
        "cassandra" | "scylla" => "cassandra",
        "mssql" | "sqlserver" => "mssql",
        "amqp" | "amqps" | "rabbitmq" => "rabbitmq",
        "kafka" => "kafka",
        "sqlite" | "sqlite3" => "sqlite",
        "libsql" | "oracle" | "db2" | "firebird" | "couchdb" | "influxdb" | "snowflake"
        | "redshift" | "bigquery" => "other",
        _ => return None,
    })
}

/// Words of image names, by engine.
const IMAGES: &[(&str, &str)] = &[
    (
        "postgres",
        "postgres postgresql postgis timescaledb pgvector cockroach supabase paradedb",
    ),
    ("mysql", "mysql percona"),
    ("mariadb", "mariadb"),
    ("mongodb", "mongo mongodb"),
    ("redis", "redis valkey keydb dragonfly"),
    ("memcached", "memcached"),
    ("neo4j", "neo4j"),
    ("elasticsearch", "elasticsearch opensearch"),
    ("clickhouse", "clickhouse"),
    ("cassandra", "cassandra scylla"),
    ("mssql", "mssql"),
    ("rabbitmq", "rabbitmq"),
    ("kafka", "kafka redpanda"),
    (
        "other",
        "couchdb influxdb arangodb surrealdb solr qdrant weaviate milvus meilisearch typesense",
    ),
];

/// Words of image names that stand beside an engine's: consoles, exporters, clients.
const BESIDE: &str = "exporter admin commander express ui insight backup operator client proxy kibana hq manager \
    migrate migrations migration init connect bouncer pgbouncer web http dashboards";

/// The engine an image runs, by the words of its name without registry and tag; exporters and consoles are none.
pub fn by_image(repository: &str) -> Option<&'static str> {
    if repository.contains("mssql/server") || repository.ends_with("azure-sql-edge") {
        return Some("mssql");
    }
    let name = base_name(repository);
    let words = || name.split(['-', '_', '.']);
    if words().any(|word| has(BESIDE, word)) {
        return None;
    }
    words().find_map(|word| lookup(IMAGES, word))
}

/// Folders inside of containers that hold an engine's data, wherever the image comes from.
const FOLDERS: &[(&str, &str)] = &[
    (
        "postgres",
        "/var/lib/postgresql /var/lib/postgres /bitnami/postgresql",
    ),
    ("mysql", "/var/lib/mysql /bitnami/mysql"),
    ("mariadb", "/bitnami/mariadb"),
    ("mongodb", "/data/db /bitnami/mongodb"),
    ("redis", "/var/lib/redis /bitnami/redis"),
    (
        "elasticsearch",
        "/usr/share/elasticsearch/data /usr/share/opensearch/data",
    ),
    ("clickhouse", "/var/lib/clickhouse"),
    ("cassandra", "/var/lib/cassandra"),
    ("neo4j", "/var/lib/neo4j"),
    ("rabbitmq", "/var/lib/rabbitmq"),
    ("mssql", "/var/opt/mssql"),
    ("kafka", "/var/lib/kafka /bitnami/kafka"),
];

/// The engine that keeps its data in a folder of a container.
pub fn by_folder(target: &str) -> Option<&'static str> {
    let inside = |folder: &str| {
        target
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    FOLDERS
        .iter()
        .find(|(_, folders)| folders.split(' ').any(inside))
        .map(|(engine, _)| *engine)
}

/// Words of variable names, by engine.
const NAMES: &[(&str, &str)] = &[
    (
        "postgres",
        "postgres postgresql pg pgsql pghost pgport pgdatabase pguser pgpassword",
    ),
    ("mysql", "mysql"),
    ("mariadb", "mariadb"),
    ("mongodb", "mongo mongodb"),
    ("redis", "redis valkey redishost redisport"),
    ("memcached", "memcached memcache"),
    ("neo4j", "neo4j"),
    ("elasticsearch", "elasticsearch elastic opensearch es"),
    ("clickhouse", "clickhouse"),
    ("cassandra", "cassandra"),
    ("mssql", "mssql sqlserver"),
    ("rabbitmq", "rabbitmq amqp rabbit"),
    ("kafka", "kafka"),
    ("sqlite", "sqlite"),
    ("supabase", "supabase"),
];

/// All words of `NAMES`: most words of variables are none of them.
static ANY_NAME: Marked = Marked::of(
    "postgres postgresql pg pgsql pghost pgport pgdatabase pguser pgpassword mysql mariadb mongo mongodb redis valkey \
     redishost redisport memcached memcache neo4j elasticsearch elastic opensearch es clickhouse cassandra mssql \
     sqlserver rabbitmq amqp rabbit kafka sqlite supabase",
);

/// The engine a variable's words speak of: `REDIS_HOST`, `PGHOST`, `NEO4J_URI`.
pub fn by_name(name: &str) -> Option<&'static str> {
    super::words::tokens(name)
        .filter(|token| ANY_NAME.has(token.text))
        .find_map(|token| lookup(NAMES, token.text))
}

fn lookup(table: &[(&'static str, &str)], word: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(_, words)| has(words, word))
        .map(|(engine, _)| *engine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_an_engine_is_marked() {
        for (_, words) in NAMES {
            for word in words.split(' ') {
                assert!(ANY_NAME.has(word), "{word}");
            }
        }
    }

    #[test]
    fn engines_are_recognised_and_their_helpers_are_not() {
        assert_eq!(by_scheme("postgresql+asyncpg"), Some("postgres"));
        assert_eq!(by_scheme("https"), None);
        assert_eq!(by_image("docker.io/bitnami/postgresql"), Some("postgres"));
        assert_eq!(by_image("prometheuscommunity/postgres-exporter"), None);
        assert_eq!(by_image("mcr.microsoft.com/mssql/server"), Some("mssql"));
        assert_eq!(by_image("dpage/pgadmin4"), None);
        assert_eq!(by_image("redis-stack"), Some("redis"));
        assert_eq!(by_port(7474), Some("neo4j"));
        assert_eq!(by_folder("/var/lib/postgresql/data"), Some("postgres"));
        assert_eq!(by_folder("/var/lib/mysql-files"), None);
        assert_eq!(by_name("NEO4J_URI"), Some("neo4j"));
        assert_eq!(by_name("DB_HOST"), None);
        for (name, _) in PORTS {
            assert!(crate::model::schema::ENGINES.contains(name), "{name}");
        }
    }
}
