//! `volumes` of a service: the short syntax, and the one canonical form.

use super::origin::Origin;
use super::paths;
use super::project::IssueKind;
use super::run::Run;
use super::value::{Map, Node, Value, Words, key};

/// The parts of `[SOURCE:]TARGET[:OPTIONS]`.
#[derive(Default)]
struct Short {
    source: Option<String>,
    target: Option<String>,
    read_only: bool,
}

/// What makes two entries the same: where they are mounted.
pub(super) fn identity(run: &mut Run, entry: &Node) -> Option<String> {
    match &entry.value {
        Value::Map(map) => {
            let target = map.get("target").and_then(Node::text);
            if target.is_none() {
                let message = "a volume without a target";
                run.issue(IssueKind::Volume, &entry.origin, message);
            }
            target.map(str::to_owned)
        }
        Value::Text(words) => match parse(words.text.expose()) {
            Ok(short) => short.target,
            Err(message) => {
                run.issue(IssueKind::Volume, &entry.origin, message);
                None
            }
        },
        _ => None,
    }
}

/// An entry in canonical form; `None` for one that cannot be read.
pub(super) fn canonical(run: &mut Run, entry: Node) -> Option<Node> {
    let Value::Text(words) = &entry.value else {
        return matches!(entry.value, Value::Map(_)).then_some(entry);
    };
    match parse(words.text.expose()) {
        Ok(short) => Some(Node {
            value: Value::Map(long(&short, words, &entry.origin)),
            origin: entry.origin,
        }),
        Err(message) => {
            run.issue(IssueKind::Volume, &entry.origin, message);
            None
        }
    }
}

fn long(short: &Short, words: &Words, origin: &Origin) -> Map {
    let is_path = short.source.as_deref().is_some_and(is_path);
    let kind = if is_path { "bind" } else { "volume" };
    let mut map = Map::new();
    let mut put = |name: &str, value: Value| {
        map.insert(key(name), Node::new(value, origin));
    };
    put("type", Value::Text(Words::plain(kind)));
    if let Some(source) = &short.source {
        put("source", Value::Text(words.with(source)));
    }
    if let Some(target) = &short.target {
        put("target", Value::Text(words.with(paths::clean(target))));
    }
    if short.read_only {
        put("read_only", Value::Bool(true));
    }
    map
}

fn parse(text: &str) -> Result<Short, &'static str> {
    let mut short = Short::default();
    if text.is_empty() {
        return Err("an empty volume");
    }
    if text.len() <= 2 {
        short.target = Some(text.to_owned());
        return Ok(short);
    }
    let sections = sections(text);
    let last = sections.len() - 1;
    for (at, section) in sections.iter().enumerate() {
        if section.is_empty() {
            return Err("an empty part between the colons of a volume");
        }
        let section = (*section).to_owned();
        match (&short.source, &short.target) {
            (None, _) if at == last => short.target = Some(section),
            (None, _) => short.source = Some(section),
            (Some(_), None) => short.target = Some(section),
            _ if at < last => return Err("too many colons in a volume"),
            _ => {
                for option in section.split(',') {
                    match option {
                        "ro" => short.read_only = true,
                        "rw" => short.read_only = false,
                        _ => {}
                    }
                }
            }
        }
    }
    Ok(short)
}

/// Splits at colons; the one behind the letter of a Windows drive is part of a path.
fn sections(text: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(':') {
        let section = text.get(start..at).unwrap_or_default();
        let mut letters = section.chars();
        let is_drive = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
        if !is_drive {
            sections.push(section);
            start = at + 1;
        }
    }
    sections.push(text.get(start..).unwrap_or_default());
    sections
}

/// Tells a path from the name of a volume.
fn is_path(source: &str) -> bool {
    if source.starts_with(['.', '/', '~']) || source.starts_with("\\\\") {
        return true;
    }
    let mut letters = source.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next() == Some(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match parse(text) {
            Ok(short) => format!(
                "{}|{}|{}",
                short.source.unwrap_or_default(),
                short.target.unwrap_or_default(),
                if short.read_only { "ro" } else { "rw" }
            ),
            Err(message) => message.to_owned(),
        }
    }

    #[test]
    fn the_short_syntax_has_up_to_three_parts() {
        for (text, expected) in [
            ("/data", "|/data|rw"),
            ("data:/x", "data|/x|rw"),
            ("./d:/x:ro", "./d|/x|ro"),
            ("d:/x:rw,z", "d:/x|rw,z|rw"),
            ("data:/x:z,ro", "data|/x|ro"),
            ("C:\\d:/x", "C:\\d|/x|rw"),
            ("C:\\d:D:\\x:ro", "C:\\d|D:\\x|ro"),
            ("/x", "|/x|rw"),
            (":/x", "an empty part between the colons of a volume"),
            ("data:", "an empty part between the colons of a volume"),
            ("a1:b1:c1:d1", "too many colons in a volume"),
            ("é:/x:/y", "é:/x|/y|rw"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
