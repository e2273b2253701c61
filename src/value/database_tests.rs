//! Tables: what every dialect leads to, and which of them are the same data.

use super::parse;

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn databases_are_read_from_every_dialect() {
    let rows = [
        (
            "postgresql+asyncpg://u:p@DB.example.org:5433/app?sslmode=require",
            "postgres|db.example.org|5433|app|u|p|tls",
        ),
        ("redis://localhost", "redis|localhost||||"),
        ("rediss://:p%40w@h:6380/2", "redis|h|6380|2||p@w|tls"),
        ("redis://h?db=3", "redis|h||3|||"),
        (
            "mongodb+srv://u:p@c.example.net/app",
            "mongodb|c.example.net||app|u|p|tls",
        ),
        ("mongodb://a:1,b:2/db", "mongodb|a|1|db|||"),
        (
            "jdbc:postgresql://h:5432/db?user=u&password=p",
            "postgres|h|5432|db|u|p|",
        ),
        (
            "jdbc:sqlserver://h:1433;databaseName=x;encrypt=true",
            "mssql|h|1433|x|||tls",
        ),
        ("sqlite:///./x.db", "sqlite|||./x.db|||"),
        ("sqlite:////data/x.db", "sqlite|||/data/x.db|||"),
        ("file:./dev.db", "sqlite|||./dev.db|||"),
        ("bolt+s://h:7687", "neo4j|h|7687||||tls"),
        (
            "host=h port=1 dbname=d user=u password=p",
            "postgres|h|1|d|u|p|",
        ),
        ("u:p@tcp(h:3306)/d?tls=true", "mysql|h|3306|d|u|p|tls"),
        (
            "Server=tcp:h,1433;Database=d;User Id=u;Password=p;Encrypt=True",
            "mssql|h|1433|d|u|p|tls",
        ),
        (
            "https://abc.supabase.co",
            "supabase|abc.supabase.co||abc|||tls",
        ),
        ("https://example.org", "none"),
        ("a=b c=d", "none"),
        ("plain", "none"),
    ];
    for (text, expected) in rows {
        let said = parse(text).map_or_else(
            || "none".to_owned(),
            |d| {
                let text = |part: Option<String>| part.unwrap_or_default();
                let tls = if d.tls { "tls" } else { "" };
                let port = text(d.port.map(|port| port.to_string()));
                let (host, db, user) = (text(d.host), text(d.db), text(d.user));
                format!(
                    "{}|{host}|{port}|{db}|{user}|{}|{tls}",
                    d.engine,
                    d.password.expose()
                )
            },
        );
        assert_eq!(
            said.trim_end_matches('|'),
            expected.trim_end_matches('|'),
            "{text}"
        );
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn targets_name_the_same_data_the_same_way() {
    let rows = [
        ("redis://localhost:6379", "redis://localhost@m:6379/0"),
        ("redis://127.0.0.1/0", "redis://localhost@m:6379/0"),
        (
            "redis://host.docker.internal:6379",
            "redis://localhost@m:6379/0",
        ),
        ("redis://redis:6379", "-"),
        ("redis://${HOST}:6379", "-"),
        (
            "postgres://svc:y@db.acme.io/app",
            "postgres://db.acme.io:5432/app",
        ),
        (
            "postgresql+asyncpg://app:x@DB.acme.io:5432/app",
            "postgres://db.acme.io:5432/app",
        ),
        (
            "postgres://app@db.acme.io",
            "postgres://db.acme.io:5432/app",
        ),
        ("mysql://db.acme.io", "-"),
        ("sqlite:///:memory:", "-"),
        ("sqlite:///./x.db", "sqlite://m/x.db"),
        ("https://abc.supabase.co", "supabase://abc"),
        (
            "postgres://postgres.abc:x@aws-0-eu.pooler.supabase.com:6543/postgres",
            "postgres://db.abc.supabase.co:5432/postgres",
        ),
        (
            "postgres://postgres:x@db.abc.supabase.co:5432/postgres",
            "postgres://db.abc.supabase.co:5432/postgres",
        ),
        (
            "postgres://u:x@ep-a-pooler.eu.neon.tech/db",
            "postgres://ep-a.eu.neon.tech:5432/db",
        ),
        ("amqp://u:x@mq.acme.io", "rabbitmq://mq.acme.io:5672/"),
    ];
    for (text, expected) in rows {
        let target = parse(text).and_then(|database| database.target("m"));
        assert_eq!(target.as_deref().unwrap_or("-"), expected, "{text}");
    }
}

#[test]
fn what_has_no_sign_of_a_database_is_none() {
    for text in [
        "",
        "info",
        "true",
        "db.acme.test",
        "/data/x.db",
        "host database",
        "a;b",
        "10",
    ] {
        assert_eq!(super::by_any_dialect(text), None, "{text}");
    }
}
