//! `ports`: the short syntax as go-connections reads it, ranges spread out, and the one canonical form.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::origin::{Origin, UNKNOWN};
use super::project::IssueKind;
use super::run::Run;
use super::value::{Map, Node, Value, Words};
use crate::model::Str;

/// What a port costs of the budget: a range may hold many.
const NODES_PER_PORT: usize = 4;

/// A port in canonical form.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    pub host_ip: Option<Words>,
    pub published: Option<Words>,
    /// Written as a number: Compose does not see that it equals the same text.
    pub published_number: bool,
    pub target: Option<u16>,
    pub protocol: Option<Words>,
    /// The entry it came from.
    pub words: Words,
}

impl Binding {
    /// What makes two entries the same: the later one holds.
    pub fn identity(&self) -> String {
        let text = |words: &Option<Words>, default: &str| {
            words.as_ref().map_or_else(
                || default.to_owned(),
                |words| words.text.expose().to_owned(),
            )
        };
        format!(
            "{}:{}{}:{}/{}",
            text(&self.host_ip, "0.0.0.0"),
            if self.published_number { "#" } else { "" },
            text(&self.published, "\u{0}"),
            self.target.map_or(-1, i32::from),
            text(&self.protocol, "tcp"),
        )
    }
}

/// The identity of an entry before it is canonical: a text is what it is.
pub(super) fn identity(entry: &Node) -> Option<String> {
    match &entry.value {
        Value::Text(words) => Some(words.text.expose().to_owned()),
        Value::Int(number) => Some(number.to_string()),
        Value::Port(binding) => Some(binding.identity()),
        Value::Map(map) => Some(long(map).identity()),
        _ => None,
    }
}

/// All entries in canonical form; what cannot be read is an issue and left out.
pub(super) fn canonical(run: &mut Run, entries: Vec<Node>) -> Vec<Node> {
    let mut ports = Vec::with_capacity(entries.len());
    for entry in entries {
        let origin = entry.origin.clone();
        match &entry.value {
            Value::Port(_) => ports.push(entry),
            Value::Text(_) | Value::Int(_) => {
                let Some(words) = entry.words() else { continue };
                match short(&words) {
                    Ok(bindings) if run.spend(bindings.len() * NODES_PER_PORT, &origin) => {
                        ports.extend(bindings.into_iter().map(|binding| node(binding, &origin)));
                    }
                    Ok(_) => {}
                    Err(message) => run.issue(IssueKind::Port, &origin, message),
                }
            }
            Value::Map(map) => ports.push(node(long(map), &origin)),
            _ => {}
        }
    }
    ports
}

fn node(binding: Binding, origin: &Origin) -> Node {
    Node::new(Value::Port(Box::new(binding)), origin)
}

/// The long syntax. Types were judged by the schema.
fn long(map: &Map) -> Binding {
    let words = |name: &str| map.get(name).and_then(Node::words);
    let target = words("target");
    let published = map.get("published");
    let uses = ["host_ip", "published", "target", "protocol"]
        .iter()
        .filter_map(|name| words(name))
        .find(|words| !words.uses.is_empty() || !words.known);
    Binding {
        host_ip: words("host_ip"),
        published: words("published").filter(|words| !words.text.is_empty()),
        published_number: matches!(published.map(|node| &node.value), Some(Value::Int(_))),
        target: target
            .as_ref()
            .and_then(|words| words.text.expose().parse().ok()),
        protocol: words("protocol"),
        words: uses.or(target).unwrap_or_else(|| Words::plain("")),
    }
}

/// `[[IP:][HOST]:]TARGET[/PROTOCOL]`, one binding for every target.
fn short(words: &Words) -> Result<Vec<Binding>, &'static str> {
    let text = words.text.expose();
    let (host_ip, host, target) = split(text);
    let (target, protocol) = target.split_once('/').unwrap_or((target, "tcp"));
    if target.is_empty() {
        return Err("no container port");
    }
    let protocol = match protocol.to_ascii_lowercase() {
        protocol if protocol.is_empty() => "tcp".to_owned(),
        protocol if matches!(protocol.as_str(), "tcp" | "udp" | "sctp") => protocol,
        protocol if protocol.contains(UNKNOWN) => protocol,
        _ => return Err("the protocol is none of tcp, udp and sctp"),
    };
    let host_ip = address(host_ip)?;
    let common = Binding {
        host_ip: Some(host_ip)
            .filter(|host_ip| !host_ip.is_empty())
            .map(|host_ip| words.with(host_ip)),
        published: None,
        published_number: false,
        target: None,
        protocol: Some(words.with(protocol)),
        words: words.clone(),
    };
    if target.contains(UNKNOWN) || host.contains(UNKNOWN) {
        return Ok(vec![Binding {
            published: Some(host)
                .filter(|host| !host.is_empty())
                .map(|host| words.with(host)),
            target: range(target).map(|(first, _)| first),
            ..common
        }]);
    }
    let targets = range(target).ok_or("the container port is no port and no range of ports")?;
    let hosts = match host {
        "" => None,
        host => Some(range(host).ok_or("the host port is no port and no range of ports")?),
    };
    spread(targets, hosts, words, &common)
}

fn spread(
    (first, last): (u16, u16),
    hosts: Option<(u16, u16)>,
    words: &Words,
    common: &Binding,
) -> Result<Vec<Binding>, &'static str> {
    let single = first == last;
    if let Some((host_first, host_last)) = hosts
        && !single
        && last - first != host_last - host_first
    {
        return Err("the ranges of host and container ports differ in length");
    }
    let published = |offset: u16| {
        let (host_first, host_last) = hosts?;
        Some(if single && host_first != host_last {
            format!("{host_first}-{host_last}")
        } else {
            host_first.saturating_add(offset).to_string()
        })
    };
    Ok((0..=last - first)
        .map(|offset| Binding {
            published: published(offset).map(|published| words.with(published)),
            target: Some(first + offset),
            ..common.clone()
        })
        .collect())
}

/// The part before the last two colons is the address, whatever it holds.
fn split(text: &str) -> (&str, &str, &str) {
    let Some((rest, target)) = text.rsplit_once(':') else {
        return ("", "", text);
    };
    match rest.rsplit_once(':') {
        Some((host_ip, host)) => (host_ip, host, target),
        None => ("", rest, target),
    }
}

fn address(text: &str) -> Result<&str, &'static str> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    if bare.is_empty() || bare.contains(UNKNOWN) || is_ip(bare) {
        Ok(bare)
    } else {
        Err("the host address is no IP address")
    }
}

/// What Go's `net.ParseIP` takes.
pub(super) fn is_ip(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok() || text.parse::<Ipv6Addr>().is_ok()
}

fn range(text: &str) -> Option<(u16, u16)> {
    let port = |text: &str| text.parse::<u16>().ok();
    match text.split_once('-') {
        None => port(text).map(|port| (port, port)),
        Some((first, last)) => {
            let (first, last) = (port(first)?, port(last)?);
            (first <= last).then_some((first, last))
        }
    }
}

/// The protocol of a binding; without one it is tcp.
pub(super) fn protocol(binding: &Binding) -> Str {
    let text = binding
        .protocol
        .as_ref()
        .map_or("tcp", |words| words.text.expose());
    Str::from(text)
}
