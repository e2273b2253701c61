//! A list of objects with a name and a value, on its own or under the key that an answer keeps it under; a list of
//! `NAME=value`, as `docker inspect` prints it.

use super::{Asked, Pair, Pairs, Reads, Shape, inside, refused};
use crate::model::{Problem, Secret, Span};
use crate::syntax::Node;

pub(super) static LIST: Shape = Shape {
    name: "list",
    doc: "[{name, value}] as JSON or YAML: gh variable list --json name,value, answers of Render, Vercel, Netlify and Azure, docker inspect",
    reads: Reads::Trees { holds, read },
};

const NAMES: &[&str] = &["name", "key", "Name", "Key"];
const VALUES: &[&str] = &["value", "Value", "plaintext"];
/// Render's items carry their pair under a key.
const INNER: &[&str] = &["envVar", "environmentVariable"];
const WRAPPERS: &[&str] = &[
    "envs",
    "variables",
    "envVars",
    "environmentVariables",
    "environment",
    "secrets",
    "env",
    "Env",
    "Config",
    "data",
    "result",
    "properties",
];
const DEEPEST: usize = 3;

fn holds(roots: &[Node]) -> bool {
    matches!(roots, [root] if find(root, DEEPEST).is_some())
}

fn read(roots: &[Node], asked: &Asked) -> Pairs {
    let found = roots.first().map(|root| find(root, DEEPEST).ok_or(root));
    let items = match found {
        None => return Ok(Vec::new()),
        Some(Ok(list)) => list.items(),
        Some(Err(root)) => {
            let message = "expected a list of objects with a name and a value";
            return Err(refused(root.place(), message));
        }
    };
    let mut pairs = Vec::new();
    for item in items {
        pairs.extend(pair(item, asked)?);
    }
    if pairs.is_empty() && !items.is_empty() {
        let message = "none of its variables is set for this environment";
        return Err(refused(Span::default(), message));
    }
    Ok(pairs)
}

/// `NAME=value` in one text.
pub(super) fn assignment(item: &Node) -> Pair {
    let text = item.text().unwrap_or_default();
    let place = item.place();
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    // The quotes, and what is escaped inside of them, only where the text does not stand there as it is.
    let plain = place.len() == text.len() || place.len() == text.len() + 2;
    let start = place.start as usize + (place.len() - text.len().min(place.len())) / 2;
    let (key, span) = if plain {
        let behind = start + name.len();
        (
            Span::new(start, behind),
            Span::new(behind + 1, start + text.len()),
        )
    } else {
        (place, place)
    };
    let value = value.map(|value| (Secret::new(value), span));
    Pair::new(name, key, value)
}

/// One object as a variable; `None` where it is not for this environment.
pub(super) fn pair(item: &Node, asked: &Asked) -> Result<Option<Pair>, Problem> {
    if item.text().is_some() {
        return Ok(Some(assignment(item)));
    }
    let item = INNER.iter().find_map(|key| item.get(key)).unwrap_or(item);
    let Some(name) = NAMES.iter().find_map(|key| item.get(key)) else {
        return Err(refused(item.place(), "this has no name"));
    };
    let (text, key) = (name.text().unwrap_or_default(), inside(name));
    if !is_for(item.get("target"), asked) {
        return Ok(None);
    }
    if let Some(values) = item.get("values").filter(|values| values.is_seq()) {
        return by_context(text, key, values, asked);
    }
    // Vercel prints the cipher text of a value that it does not tell.
    let is_cipher = matches!(
        item.get("type").and_then(Node::text),
        Some("encrypted" | "sensitive" | "secret")
    ) && item.get("decrypted").and_then(Node::as_bool) == Some(false);
    let value = VALUES.iter().find_map(|key| item.get(key));
    match value.filter(|_| !is_cipher) {
        Some(value) => Pair::of(text, key, value).map(Some),
        None => Ok(Some(Pair::new(text, key, None))),
    }
}

fn find(node: &Node, depth: usize) -> Option<&Node> {
    let items = node.items();
    if !items.is_empty() && items.iter().all(is_pair) {
        return Some(node);
    }
    let below = WRAPPERS.iter().filter_map(|key| node.get(key));
    let only = <&[Node; 1]>::try_from(items).ok().map(|[only]| only);
    below
        .chain(only)
        .filter(|_| depth > 0)
        .find_map(|node| find(node, depth - 1))
}

fn is_pair(item: &Node) -> bool {
    if let Some(text) = item.text() {
        return text
            .split_once('=')
            .is_some_and(|(name, _)| super::is_name(name));
    }
    let item = INNER.iter().find_map(|key| item.get(key)).unwrap_or(item);
    let name = NAMES
        .iter()
        .find_map(|key| item.get(key))
        .and_then(Node::text);
    let told = VALUES.iter().any(|key| item.get(key).is_some())
        || item.get("values").is_some_and(Node::is_seq);
    name.is_some_and(|name| super::is_name(name) && (told || super::is_plainly_name(name)))
}

/// Whether a variable is set for the environment. Targets that mean nothing here exclude nothing.
fn is_for(targets: Option<&Node>, asked: &Asked) -> bool {
    let Some(targets) = targets else {
        return true;
    };
    let words = targets
        .items()
        .iter()
        .chain(targets.text().map(|_| targets));
    let envs: Vec<_> = words
        .filter_map(Node::text)
        .map(|word| asked.environments.word(word))
        .collect();
    envs.is_empty()
        || envs
            .iter()
            .any(|env| env.is_none_or(|env| env == asked.env))
}

/// Netlify's values by context: the one of this environment, else the one for all.
fn by_context(
    name: &str,
    key: Span,
    values: &Node,
    asked: &Asked,
) -> Result<Option<Pair>, Problem> {
    let context = |node: &&Node, is: &dyn Fn(&str) -> bool| {
        node.get("context").and_then(Node::text).is_some_and(is)
    };
    let own = |word: &str| {
        let word = match word {
            "deploy-preview" | "branch-deploy" => "preview",
            word => word,
        };
        asked.environments.word(word) == Some(asked.env)
    };
    let items = values.items();
    let found = items.iter().find(|node| context(node, &own)).or_else(|| {
        items
            .iter()
            .find(|node| context(node, &|word| word == "all"))
    });
    match found.and_then(|node| node.get("value")) {
        Some(value) => Pair::of(name, key, value).map(Some),
        None => Ok(None),
    }
}
