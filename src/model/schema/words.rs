//! The words that a field may hold, where it holds one of a few.

pub const ROLES: &[&str] = &["real", "example", "test", "doc", "encrypted"];

/// What a file can be read as. A test compares this with the list of formats.
pub const FORMATS: &[&str] = &[
    "dotenv",
    "compose",
    "devcontainer",
    "dockerfile",
    "code",
    "workflow",
    "gitlab",
    "circleci",
    "azure",
    "bitbucket",
    "kubernetes",
    "kustomize",
    "helm",
    "render",
    "railway",
    "fly",
    "vercel",
    "netlify",
    "wrangler",
    "heroku",
    "procfile",
    "kamal",
    "serverless",
    "systemd",
    "terraform",
    "markdown",
    "script",
    "text",
    "values",
    "spring",
    "appsettings",
    "sections",
    "node-config",
    "commands",
    "ide",
    "django",
    "rails",
    "dump",
    "other",
];

pub const SOURCES: &[&str] = &[
    "dotenv",
    "compose",
    "workflow",
    "dockerfile",
    "k8s",
    "platform",
    "systemd",
    "terraform",
    "properties",
    "code",
    "script",
    "prose",
    "procfile",
    "ide",
    "dump",
    "variable",
];
pub const ORIGINS: &[&str] = &["value", "fallback", "code_default", "ide"];
pub const VALUE_KINDS: &[&str] = &[
    "empty",
    "marker",
    "default_value",
    "reference",
    "encrypted",
    "dsn",
    "url",
    "bool",
    "number",
    "secret",
    "text",
];
pub const IDENTITIES: &[&str] = &["credential", "instance", "public", "none"];
pub const STRENGTHS: &[&str] = &["none", "default", "weak", "fair", "strong"];
pub const HOST_CLASSES: &[&str] = &[
    "loopback",
    "docker_host",
    "service",
    "private",
    "example",
    "public",
    "unknown",
];
pub const ENGINES: &[&str] = &[
    "postgres",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "memcached",
    "neo4j",
    "elasticsearch",
    "clickhouse",
    "cassandra",
    "mssql",
    "rabbitmq",
    "kafka",
    "sqlite",
    "supabase",
    "other",
];
pub const PINS: &[&str] = &[
    "digest", "version", "floating", "none", "variable", "invalid",
];
pub const PROTOCOLS: &[&str] = &["tcp", "udp", "sctp"];
pub const RESOURCES: &[&str] = &["port", "volume", "container_name", "network", "project"];
pub const SEVERITIES: &[&str] = &["critical", "high", "medium", "low"];
pub const CERTAINTIES: &[&str] = &["certain", "likely", "possible"];
