//! The short syntax of Compose ports: `[[IP:]HOST:]CONTAINER[/PROTOCOL]`, ranges, IPv6 in brackets. Pieces may be
//! `${X}`: what a variable decides is absent, never guessed. Both the written facts and the effective ones read it here.

/// One published or exposed port, or a range of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Port {
    /// As written, without brackets; `None` where none is written.
    pub host_ip: Option<String>,
    /// First and last port on the host; `None` where none is written or a variable decides it.
    pub host: Option<(u16, u16)>,
    /// First and last port inside.
    pub container: Option<(u16, u16)>,
    /// One of `schema::PROTOCOLS`.
    pub protocol: &'static str,
    /// A variable decides some part of it.
    pub open: bool,
}

/// What is wrong with a port; the text never quotes the value.
pub type Wrong = &'static str;

const BAD_HOST: Wrong = "the host port must be a number from 0 to 65535, or a range of them";
const BAD_CONTAINER: Wrong =
    "the container port must be a number from 0 to 65535, or a range of them";

/// Reads one entry of `ports:`.
pub fn short(text: &str) -> Result<Port, Wrong> {
    let text = text.trim();
    if text.is_empty() {
        return Err("a port is expected, nothing is written");
    }
    let (address, protocol) = match cut_last(text, '/') {
        Some((address, word)) => (
            address,
            protocol(word).ok_or("the protocol must be tcp, udp or sctp")?,
        ),
        None => (text, "tcp"),
    };
    let (rest, container) = cut_last(address, ':').unwrap_or(("", address));
    if container.is_empty() {
        return Err("the container port is missing behind the colon");
    }
    let (ip, host) = match cut_last(rest, ':') {
        Some((ip, host)) if !rest.ends_with(']') => (ip, host),
        _ if rest.starts_with('[') => (rest, ""),
        _ => ("", rest),
    };
    let port = Port {
        host_ip: host_ip(ip)?,
        host: piece(host, BAD_HOST)?,
        container: piece(container, BAD_CONTAINER)?,
        protocol,
        open: text.contains('$'),
    };
    if let (Some(host), Some(container)) = (port.host, port.container)
        && container.0 != container.1
        && host.1 - host.0 != container.1 - container.0
    {
        return Err("the two ranges have different lengths");
    }
    Ok(port)
}

/// A number or a range: `published` of the long syntax, `expose`.
pub fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    let (first, last): (u16, u16) = (number(first.trim())?, number(last.trim())?);
    (first <= last).then_some((first, last))
}

/// One of `schema::PROTOCOLS`.
pub fn protocol(word: &str) -> Option<&'static str> {
    crate::model::schema::PROTOCOLS
        .iter()
        .find(|name| name.eq_ignore_ascii_case(word.trim()))
        .copied()
}

/// Bound to this machine only.
pub fn is_loopback(host_ip: &str) -> bool {
    let ip = host_ip.trim_matches(['[', ']']);
    ip.starts_with("127.") || ip == "::1" || ip.eq_ignore_ascii_case("localhost")
}

/// Cuts at the last sign outside of `${…}` and brackets.
fn cut_last(text: &str, sign: char) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut found = None;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ if c == sign && depth == 0 => found = Some(at),
            _ => {}
        }
    }
    let at = found?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

fn host_ip(text: &str) -> Result<Option<String>, Wrong> {
    let wrong = "the part before the host port must be an IP address";
    if text.is_empty() {
        return Ok(None);
    }
    if text.contains('$') {
        return Ok(Some(text.to_owned()));
    }
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare.split('%').next().unwrap_or_default();
    match address.parse::<std::net::IpAddr>() {
        Ok(_) => Ok(Some(bare.to_owned())),
        Err(_) => Err(wrong),
    }
}

/// Absent where nothing is written or a variable decides.
fn piece(text: &str, wrong: Wrong) -> Result<Option<(u16, u16)>, Wrong> {
    if text.is_empty() || text.contains('$') {
        return Ok(None);
    }
    range(text).map(Some).ok_or(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        let range = |pair: Option<(u16, u16)>| match pair {
            None => "-".to_owned(),
            Some((a, b)) if a == b => a.to_string(),
            Some((a, b)) => format!("{a}-{b}"),
        };
        match short(text) {
            Err(wrong) => format!("wrong: {wrong}"),
            Ok(port) => format!(
                "{} {} {} {}",
                port.host_ip.as_deref().unwrap_or("-"),
                range(port.host),
                range(port.container),
                port.protocol
            ),
        }
    }

    #[test]
    #[allow(clippy::too_many_lines, reason = "a table")]
    fn every_short_form_is_read() {
        for (text, expected) in [
            ("3000", "- - 3000 tcp"),
            ("3000-3002", "- - 3000-3002 tcp"),
            ("8000:80", "- 8000 80 tcp"),
            ("8000-8010:80", "- 8000-8010 80 tcp"),
            ("127.0.0.1:8001:8002", "127.0.0.1 8001 8002 tcp"),
            ("127.0.0.1::80", "127.0.0.1 - 80 tcp"),
            ("6060:6061/udp", "- 6060 6061 udp"),
            ("443:443/UDP", "- 443 443 udp"),
            ("[::]:8080:80", ":: 8080 80 tcp"),
            ("[::1]::80", "::1 - 80 tcp"),
            (":80", "- - 80 tcp"),
            ("0080:0081", "- 80 81 tcp"),
            ("0:80", "- 0 80 tcp"),
            ("5000-5001:5000-5001/udp", "- 5000-5001 5000-5001 udp"),
            ("${PORT}:80", "- - 80 tcp"),
            ("${PORT:-8000}:80", "- - 80 tcp"),
            ("${X:-127.0.0.1:5501}:5501", "- - 5501 tcp"),
            (
                "${IP:-127.0.0.1}:5432:5432",
                "${IP:-127.0.0.1} 5432 5432 tcp",
            ),
            ("${PORT}", "- - - tcp"),
            ("8080:${PORT}", "- 8080 - tcp"),
        ] {
            assert_eq!(show(text), expected, "{text}");
        }
        for text in [
            "",
            "80:",
            "99999:80",
            "80:70000",
            "8005-8000:80",
            "localhost:80:80",
            "-80:80",
            "127.0.0.1:80",
            "1:2:3:4",
            "true",
            "80/xyz",
            "8000-8002:80-81",
            "é:80",
        ] {
            assert!(short(text).is_err(), "{text}");
        }
    }
}
