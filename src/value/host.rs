//! What kind of place a host is: this machine, the container's host, a service of the stack, a private network, a name
//! made up for documentation, or the internet. Decides by the text alone; nothing is resolved.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The words of `schema::HOST_CLASSES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostClass {
    Loopback,
    DockerHost,
    /// A bare name such as `redis`, or one that a cluster answers for itself: another container of the same network.
    Service,
    Private,
    Example,
    Public,
    /// Built from variables, or no host at all.
    Unknown,
}

/// Names that DNS answers with 127.0.0.1, beside `localhost` itself.
const LOOPBACK: &[&str] = &[
    "localhost",
    "localhost.localdomain",
    "localhost6",
    "ip6-localhost",
    "ip6-loopback",
    "localhost.direct",
    "localho.st",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "lacolhost.com",
    "127.0.0.1.nip.io",
    "127.0.0.1.sslip.io",
];

/// How a container calls the machine it runs on.
const DOCKER_HOST: &[&str] = &[
    "docker.internal",
    "docker.for.mac.localhost",
    "docker.for.win.localhost",
    "host.containers.internal",
    "host.lima.internal",
    "host.minikube.internal",
    "host.orb.internal",
    "host-gateway",
    "host.k3d.internal",
];

/// Endings that every cluster and every environment of a platform answers for itself: the same name is another server.
const WITHIN: &[&str] = &["svc", "cluster.local", "railway.internal"];

/// Endings that no public name server answers.
const PRIVATE: &[&str] = &[
    "internal",
    "local",
    "lan",
    "intranet",
    "corp",
    "home",
    "home.arpa",
    "private",
    "consul",
    "ts.net",
    "flycast",
];

/// Names reserved for documentation and tests, and those that everybody writes instead.
const EXAMPLE: &[&str] = &[
    "test",
    "invalid",
    "example",
    "domain.com",
    "domain.tld",
    "mydomain.com",
    "my-domain.com",
    "yourdomain.com",
    "your-domain.com",
    "yourcompany.com",
    "your-company.com",
    "yoursite.com",
    "mysite.com",
    "mycompany.com",
    "myapp.com",
    "yourapp.com",
];

impl HostClass {
    pub fn name(self) -> &'static str {
        match self {
            Self::Loopback => "loopback",
            Self::DockerHost => "docker_host",
            Self::Service => "service",
            Self::Private => "private",
            Self::Example => "example",
            Self::Public => "public",
            Self::Unknown => "unknown",
        }
    }

    /// The class of a host as it stands in a URL: brackets, a port and a final dot are allowed, letter case is not
    /// looked at.
    pub fn of(host: &str) -> Self {
        let host = bare(host);
        let address = host.split('%').next().unwrap_or_default();
        if let Ok(v6) = address.parse::<Ipv6Addr>() {
            return v6.to_ipv4_mapped().map_or_else(|| of_v6(v6), of_v4);
        }
        let in_a_name =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) || !byte.is_ascii();
        if host.is_empty() || !host.bytes().all(in_a_name) || is_marker(host) {
            return Self::Unknown;
        }
        if host
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        {
            return host.parse().map_or_else(|_| of_short_v4(host), of_v4);
        }
        of_name(host)
    }

    /// Somewhere else than this machine and its stack.
    pub fn is_remote(self) -> bool {
        matches!(self, Self::Private | Self::Public)
    }
}

/// An address to listen on, not one to reach: `HOST=0.0.0.0` says nothing about localhost.
pub fn is_bind_address(host: &str) -> bool {
    matches!(host.trim_matches(['[', ']']), "0.0.0.0" | "::" | "*")
}

/// The host without brackets, port and final dot.
pub fn bare(host: &str) -> &str {
    let host = host.trim();
    if let Some(inner) = host.strip_prefix('[') {
        return inner.split(']').next().unwrap_or_default();
    }
    let name = match host.split_once(':') {
        Some((name, port)) if !port.contains(':') => name,
        _ => host,
    };
    name.strip_suffix('.').unwrap_or(name)
}

/// `host` is `domain` or stands below it.
pub fn is_under(host: &str, domain: &str) -> bool {
    let Some(at) = host.len().checked_sub(domain.len()) else {
        return false;
    };
    let ends = host
        .get(at..)
        .is_some_and(|tail| tail.eq_ignore_ascii_case(domain));
    ends && (at == 0 || host.as_bytes().get(at - 1) == Some(&b'.'))
}

fn of_name(host: &str) -> HostClass {
    let under = |domains: &[&str]| domains.iter().any(|domain| is_under(host, domain));
    if under(DOCKER_HOST) {
        return HostClass::DockerHost;
    }
    if under(LOOPBACK) {
        return HostClass::Loopback;
    }
    // `mysql://user:pass@host/db` in a form or a comment of one.
    if matches!(host.to_ascii_lowercase().as_str(), "host" | "hostname") {
        return HostClass::Example;
    }
    if !host.contains('.') {
        return HostClass::Service;
    }
    if under(EXAMPLE) || is_example_name(host) {
        return HostClass::Example;
    }
    if under(WITHIN) {
        return HostClass::Service;
    }
    if under(PRIVATE) {
        return HostClass::Private;
    }
    HostClass::Public
}

/// `example.com` in any top-level domain, and labels that ask to be replaced (`your-project.supabase.co`).
fn is_example_name(host: &str) -> bool {
    let labels = host.split('.').count();
    host.split('.').enumerate().any(|(at, label)| {
        let starts = |word: &str| {
            label
                .get(..word.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(word))
        };
        let is_owner = at + 2 == labels || at + 3 == labels;
        (is_owner && at + 1 != labels && label.eq_ignore_ascii_case("example"))
            || ["your-", "your_", "yourdomain", "yourproject", "yourcompany"]
                .iter()
                .any(|word| starts(word))
            || (label.len() >= 3 && label.bytes().all(|byte| byte.eq_ignore_ascii_case(&b'x')))
    })
}

/// `__HOST__`: to be filled in by something else.
fn is_marker(host: &str) -> bool {
    host.starts_with("__") && host.ends_with("__")
}

fn of_v4(ip: Ipv4Addr) -> HostClass {
    let [a, b, ..] = ip.octets();
    if ip.is_loopback() || ip.is_unspecified() {
        HostClass::Loopback
    } else if ip == Ipv4Addr::new(172, 17, 0, 1) {
        HostClass::DockerHost
    } else if ip.is_documentation() {
        HostClass::Example
    } else if ip.is_private() || ip.is_link_local() || (a == 100 && (64..128).contains(&b)) {
        HostClass::Private
    } else {
        HostClass::Public
    }
}

fn of_v6(ip: Ipv6Addr) -> HostClass {
    let [first, second, ..] = ip.segments();
    if ip.is_loopback() || ip.is_unspecified() {
        HostClass::Loopback
    } else if (first, second) == (0x2001, 0x0db8) {
        HostClass::Example
    } else if first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80 {
        HostClass::Private
    } else {
        HostClass::Public
    }
}

/// `127.1` is a way to write an address; a bare number is none that anybody means.
fn of_short_v4(host: &str) -> HostClass {
    if host.starts_with("127.") {
        HostClass::Loopback
    } else {
        HostClass::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTS: &str = "
        localhost                   loopback
        LOCALHOST:3000              loopback
        app.localhost               loopback
        127.0.0.1                   loopback
        127.0.1.1:80                loopback
        127.1                       loopback
        0.0.0.0                     loopback
        [::1]:8080                  loopback
        ::1                         loopback
        ::ffff:127.0.0.1            loopback
        localhost.direct            loopback
        shop.lvh.me                 loopback
        a.127.0.0.1.nip.io          loopback
        host                        example
        HOSTNAME:3306               example
        host.docker.internal        docker_host
        gateway.docker.internal     docker_host
        Host.Docker.Internal:5432   docker_host
        docker.for.mac.localhost    docker_host
        172.17.0.1                  docker_host
        redis                       service
        pg_prod                     service
        my-db:5432                  service
        10.1.2.3                    private
        172.16.0.9                  private
        172.32.0.9                  public
        192.168.1.1                 private
        169.254.1.1                 private
        100.64.0.1                  private
        fd00::1                     private
        [fe80::1%eth0]:80           private
        db.internal                 private
        api.railway.internal        service
        printer.local               private
        db.default.svc              service
        db.prod.svc.cluster.local   service
        nas.lan                     private
        example.com                 example
        api.example.org             example
        example.co.uk               example
        app.test                    example
        x.invalid                   example
        your-project.supabase.co    example
        db.xxxx.eu                  example
        192.0.2.7                   example
        2001:db8::1                 example
        8.8.8.8                     public
        2606:4700::1111             public
        api.stripe.com.             public
        localhost.acme.io           public
        notlocalhost.io             public
        bücher.de                   public
        ${DB_HOST}                  unknown
        $HOST                       unknown
        <host>                      unknown
        __DB_HOST__                 unknown
        {{host}}                    unknown
        *                           unknown
        5432                        unknown
        a b                         unknown
    ";

    #[test]
    fn every_host_has_its_class() {
        for row in HOSTS.lines().map(str::trim).filter(|row| !row.is_empty()) {
            let (host, class) = row.rsplit_once(' ').unwrap();
            assert_eq!(HostClass::of(host.trim()).name(), class, "{host}");
        }
        assert_eq!(HostClass::of(""), HostClass::Unknown);
    }

    #[test]
    fn classes_are_the_words_of_the_schema() {
        use HostClass::{DockerHost, Example, Loopback, Private, Public, Service, Unknown};
        let names: Vec<_> = [
            Loopback, DockerHost, Service, Private, Example, Public, Unknown,
        ]
        .map(HostClass::name)
        .into();
        assert_eq!(names, crate::model::schema::HOST_CLASSES);
    }
}
