//! Reads URLs the way configuration writes them: passwords with slashes, hosts made of `${X}`, `jdbc:` in front.
//! The `url` crate refuses or rewrites all three (and brings the IDNA tables), so this tolerant reader is ours.

use super::wordlist::has;

/// The parts of a URL as written; nothing is decoded.
#[derive(Clone, Copy, Default)]
pub struct Url<'a> {
    pub scheme: &'a str,
    pub user: Option<&'a str>,
    pub password: Option<&'a str>,
    /// Without brackets and port. May be empty (`sqlite:///x`) or hold `${X}`.
    pub host: &'a str,
    pub port: Option<u16>,
    /// From the first `/` on, without query and fragment.
    pub path: &'a str,
    pub query: &'a str,
    /// Everything between `//` and the path, behind the user: several hosts in a cluster.
    pub hosts: &'a str,
}

/// No password in `Debug` output either.
impl std::fmt::Debug for Url<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Url")
            .field("scheme", &self.scheme)
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// The URL a whole text is, or `None`. Text around it, such as a second URL behind a comma, makes it none.
pub fn parse(text: &str) -> Option<Url<'_>> {
    let text = text.trim();
    let text = text.strip_prefix("jdbc:").unwrap_or(text);
    let (scheme, rest) = split_scheme(text)?;
    if rest.chars().any(|c| c.is_whitespace() || c == '\0') {
        return None;
    }
    let (authority, rest) = rest.split_at(authority_end(scheme, rest));
    let (userinfo, hosts) = match find_last(authority, '@') {
        Some(at) => (authority.get(..at), authority.get(at + 1..)?),
        None => (None, authority),
    };
    let (user, password) = userinfo.map_or((None, None), split_user);
    let (host, port) = split_port(hosts.split(',').next().unwrap_or_default());
    let (path, query) = split_path(rest);
    Some(Url {
        scheme,
        user,
        password,
        host,
        port,
        path,
        query,
        hosts,
    })
}

/// Splits `scheme://rest`; the scheme must look like one.
pub fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let mut bytes = scheme.bytes();
    let head = bytes.next()?;
    let is_scheme = head.is_ascii_alphabetic()
        && scheme.len() <= 40
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b'_'));
    is_scheme.then_some((scheme, rest))
}

/// `host:port`, `[v6]:port`, or a host alone.
pub fn split_port(text: &str) -> (&str, Option<u16>) {
    if let Some(inner) = text.strip_prefix('[') {
        let (host, rest) = inner.split_once(']').unwrap_or((inner, ""));
        let port = rest.strip_prefix(':').and_then(|port| port.parse().ok());
        return (host, port);
    }
    match find(text, |c| c == ':') {
        Some(at) => (
            text.get(..at).unwrap_or_default(),
            text.get(at + 1..).and_then(|port| port.parse().ok()),
        ),
        None => (text, None),
    }
}

impl<'a> Url<'a> {
    /// Value of the first query parameter of that name, in any letter case.
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        self.query.split(['&', ';']).find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub fn scheme_is(&self, name: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(name)
    }

    /// A user or a password is written in it.
    pub fn has_credentials(&self) -> bool {
        self.password().is_some()
    }

    /// The password, from the user part or from the query, where it is not empty.
    pub fn password(&self) -> Option<&'a str> {
        let token_user = || {
            // `https://TOKEN@host`: the whole user part is a key. A plain short name is a user.
            self.user
                .filter(|user| self.password.is_none() && user.len() >= 20)
                .filter(|_| self.scheme.starts_with("http") || self.scheme.starts_with("git"))
        };
        self.password
            .filter(|password| !password.is_empty())
            .or_else(|| self.parameter("password").filter(|value| !value.is_empty()))
            .or_else(token_user)
    }

    /// The user, from the user part or from the query.
    pub fn user(&self) -> Option<&'a str> {
        self.user
            .filter(|user| !user.is_empty())
            .or_else(|| self.parameter("user"))
            .or_else(|| self.parameter("username"))
            .filter(|user| !user.is_empty())
    }

    /// The connection is encrypted: by the scheme or by a parameter that demands it.
    pub fn tls(&self) -> bool {
        tls_parameter(|name| self.parameter(name)).unwrap_or_else(|| tls_scheme(self.scheme))
    }
}

/// What the usual parameters say about encryption; `None` where none of them is given.
pub fn tls_parameter<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Option<bool> {
    const NAMES: &str = "\
        sslmode ssl-mode ssl_mode ssl tls usessl encrypt sslaccept secure";
    // `prefer` and `allow` fall back to plain text without a word.
    const OFF: &str = "\
        disable disabled allow prefer preferred false 0 no off";
    let value = NAMES.split(' ').find_map(get)?;
    Some(!has(OFF, value))
}

fn tls_scheme(scheme: &str) -> bool {
    const ENCRYPTED: &str = "\
        https wss rediss amqps bolt+s bolt+ssc neo4j+s neo4j+ssc mongodb+srv mqtts smtps ldaps ftps sftp";
    has(ENCRYPTED, scheme)
}

/// First position of a wanted character outside of `${…}`.
fn find(text: &str, wanted: impl Fn(char) -> bool) -> Option<usize> {
    positions(text).find(|(_, c)| wanted(*c)).map(|(at, _)| at)
}

fn find_last(text: &str, wanted: char) -> Option<usize> {
    positions(text)
        .filter(|(_, c)| *c == wanted)
        .last()
        .map(|(at, _)| at)
}

/// Characters with their places, those inside of `${…}` and `{{…}}` left out.
fn positions(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0_usize;
    let mut before = ' ';
    text.char_indices().filter(move |(_, c)| {
        let opens = *c == '{' && (depth > 0 || matches!(before, '$' | '{'));
        before = *c;
        if opens {
            depth += 1;
            return false;
        }
        if *c == '}' && depth > 0 {
            depth -= 1;
            return false;
        }
        depth == 0
    })
}

/// Where the authority ends. A slash, `?` or `#` inside of a password is tolerated where an `@` follows it.
fn authority_end(scheme: &str, rest: &str) -> usize {
    if scheme.eq_ignore_ascii_case("sqlserver") {
        // Its parameters stand behind `;`, with or without a slash.
        return find(rest, |c| matches!(c, '/' | ';')).unwrap_or(rest.len());
    }
    let by_rule = find(rest, |c| matches!(c, '/' | '?' | '#')).unwrap_or(rest.len());
    let head = rest.get(..by_rule).unwrap_or_default();
    let has_odd_port = head
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.is_empty() && !port.bytes().all(|b| b.is_ascii_digit()));
    if head.contains('@') || !has_odd_port || head.starts_with('[') || head.contains("${") {
        return by_rule;
    }
    let Some(at) = find_last(rest, '@') else {
        return by_rule;
    };
    rest.get(at..)
        .and_then(|tail| find(tail, |c| matches!(c, '/' | '?' | '#')))
        .map_or(rest.len(), |end| at + end)
}

fn split_user(userinfo: &str) -> (Option<&str>, Option<&str>) {
    match find(userinfo, |c| c == ':') {
        Some(at) => (userinfo.get(..at), userinfo.get(at + 1..)),
        None => (Some(userinfo), None),
    }
}

fn split_path(rest: &str) -> (&str, &str) {
    let end = find(rest, |c| c == '#').unwrap_or(rest.len());
    let rest = rest.get(..end).unwrap_or_default();
    match find(rest, |c| c == '?') {
        Some(at) => (
            rest.get(..at).unwrap_or_default(),
            rest.get(at + 1..).unwrap_or_default(),
        ),
        None => match rest.split_once(';') {
            // SQL Server: `//host:1433;databaseName=x`.
            Some((path, query)) => (path, query),
            None => (rest, ""),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> String {
        let Some(url) = parse(text) else {
            return "none".to_owned();
        };
        format!(
            "{}|{}|{}|{}|{}|{}|{}",
            url.scheme,
            url.user.unwrap_or("-"),
            url.password.unwrap_or("-"),
            url.host,
            url.port
                .map_or_else(|| "-".to_owned(), |port| port.to_string()),
            url.path,
            url.query
        )
    }

    #[test]
    fn urls_fall_into_their_parts() {
        for (text, expected) in [
            ("https://example.org", "https|-|-|example.org|-||"),
            ("http://h:80/a?b=c#d", "http|-|-|h|80|/a|b=c"),
            ("postgres://u:p@h:5432/db", "postgres|u|p|h|5432|/db|"),
            ("postgres://u:p/w@h/db", "postgres|u|p/w|h|-|/db|"),
            ("postgres://u:p#w?x@h/db", "postgres|u|p#w?x|h|-|/db|"),
            ("postgres://u:a@b@h/db", "postgres|u|a@b|h|-|/db|"),
            ("redis://:pw@h:6379/0", "redis||pw|h|6379|/0|"),
            ("redis://[::1]:6379/0", "redis|-|-|::1|6379|/0|"),
            (
                "amqp://${U}:${P:-a:b/c@d}@mq:5672",
                "amqp|${U}|${P:-a:b/c@d}|mq|5672||",
            ),
            (
                "http://${HOST:-localhost:80}:${PORT}/x",
                "http|-|-|${HOST:-localhost:80}|-|/x|",
            ),
            (
                "jdbc:postgresql://h/db?user=u&password=p",
                "postgresql|-|-|h|-|/db|user=u&password=p",
            ),
            ("sqlite:///./x.db", "sqlite|-|-||-|/./x.db|"),
            ("mongodb://a:1,b:2/db", "mongodb|-|-|a|1|/db|"),
            (
                "jdbc:sqlserver://h:1433;databaseName=x",
                "sqlserver|-|-|h|1433||databaseName=x",
            ),
            ("https://éxample.org/ü", "https|-|-|éxample.org|-|/ü|"),
            ("not a url", "none"),
            ("https://a b", "none"),
            ("://x", "none"),
            ("1a://x", "none"),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn encryption_is_read_from_scheme_and_parameters() {
        let tls = |text: &str| parse(text).unwrap().tls();
        assert!(
            tls("rediss://h") && tls("postgres://h/d?sslmode=require") && tls("mongodb+srv://h")
        );
        assert!(!tls("postgres://h/d?sslmode=prefer") && !tls("redis://h") && !tls("bolt://h"));
        assert!(tls("mysql://h/d?ssl-mode=REQUIRED") && !tls("mongodb+srv://h/?tls=false"));
    }

    #[test]
    fn debug_output_has_no_password() {
        let shown = format!("{:?}", parse("postgres://u:hunter2@h/d").unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
