//! Parameters of AWS Systems Manager: `aws ssm get-parameters-by-path --with-decryption`.

use super::{Asked, Pair, Pairs, Reads, Shape, inside, refused};
use crate::model::{Problem, Span};
use crate::syntax::Node;

pub(super) static SSM: Shape = Shape {
    name: "ssm",
    doc: "parameters of AWS Systems Manager: aws ssm get-parameters-by-path --with-decryption",
    reads: Reads::Trees { holds, read },
};

fn holds(roots: &[Node]) -> bool {
    matches!(roots, [root] if parameters(root).is_some())
}

fn parameters(root: &Node) -> Option<&Node> {
    root.get("Parameters").filter(|list| list.is_seq())
}

fn read(roots: &[Node], _: &Asked) -> Pairs {
    let Some(list) = roots.first().and_then(parameters) else {
        let at = roots.first().map(Node::place).unwrap_or_default();
        return Err(refused(at, "expected `Parameters` with a list"));
    };
    let mut pairs: Vec<(String, Pair)> = Vec::new();
    for item in list.items() {
        pairs.push(parameter(item)?);
    }
    // `/shop/prod/api/KEY` and `/shop/prod/web/KEY` are two variables.
    let mut folders: Vec<String> = pairs.iter().map(|(folder, _)| folder.clone()).collect();
    folders.sort();
    folders.dedup();
    let several = folders.len() > 1;
    let grouped = pairs.into_iter().map(|(folder, pair)| {
        let group = folders.binary_search(&folder).unwrap_or_default();
        let service = folder.rsplit('/').next().filter(|name| !name.is_empty());
        pair.in_group(group, service.filter(|_| several))
    });
    Ok(grouped.collect())
}

/// A parameter with the folder of its path.
fn parameter(item: &Node) -> Result<(String, Pair), Problem> {
    let Some((name, text)) = item.get("Name").and_then(|node| Some((node, node.text()?))) else {
        return Err(refused(item.place(), "this has no name"));
    };
    let (folder, last) = text.rsplit_once('/').unwrap_or(("", text));
    let whole = inside(name);
    let key = Span::new(
        (whole.end as usize).saturating_sub(last.len()),
        whole.end as usize,
    );
    let value = item.get("Value");
    let is_cipher = item.get("Type").and_then(Node::text) == Some("SecureString")
        && value.and_then(Node::text).is_some_and(is_cipher);
    let pair = match value.filter(|_| !is_cipher) {
        Some(value) => Pair::of(last, key, value)?,
        None => Pair::new(last, key, None),
    };
    Ok((folder.to_owned(), pair))
}

/// How texts begin that the key service has encrypted: the value was not asked for.
fn is_cipher(value: &str) -> bool {
    value.len() > 100 && (value.starts_with("AQICA") || value.starts_with("AQECA"))
}
