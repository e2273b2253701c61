//! Objects of Kubernetes that hold variables: ConfigMaps, Secrets with their base64, and the containers of workloads; one
//! by one, as a stream of documents, or as the lists of `kubectl get -o json` and `-o yaml`.

use super::{Asked, Pair, Pairs, Reads, Shape, ecs, inside, refused};
use crate::model::{Problem, Secret};
use crate::syntax::Node;

pub(super) static KUBERNETES: Shape = Shape {
    name: "kubernetes",
    doc: "ConfigMaps, Secrets and workloads: kubectl get configmap,secret -o json, or -o yaml",
    reads: Reads::Trees { holds, read },
};

fn holds(roots: &[Node]) -> bool {
    let is_object = |root: &Node| root.get("kind").is_some() && root.get("apiVersion").is_some();
    let mut said = roots.iter().filter(|root| !root.is_null()).peekable();
    said.peek().is_some() && said.all(is_object)
}

fn read(roots: &[Node], asked: &Asked) -> Pairs {
    let mut pairs = Vec::new();
    let mut group = 0;
    for root in roots {
        match root.get("items").filter(|items| items.is_seq()) {
            Some(items) => {
                for item in items.items() {
                    object(item, &mut group, asked, &mut pairs)?;
                }
            }
            None => object(root, &mut group, asked, &mut pairs)?,
        }
    }
    Ok(pairs)
}

fn object(
    node: &Node,
    group: &mut usize,
    asked: &Asked,
    pairs: &mut Vec<Pair>,
) -> Result<(), Problem> {
    let kind = node.get("kind").and_then(Node::text).unwrap_or_default();
    let name = node.get("metadata").and_then(|node| node.get("name"));
    let name = name.and_then(Node::text);
    *group += 1;
    match kind {
        "ConfigMap" => data(node.get("data"), false, *group, name, pairs),
        "Secret" if is_own(node) => {
            data(node.get("data"), true, *group, name, pairs)?;
            *group += 1;
            data(node.get("stringData"), false, *group, name, pairs)
        }
        _ => containers(node, group, asked, pairs),
    }
}

/// Secrets that the cluster, Helm or a registry keeps for itself hold no variables.
fn is_own(secret: &Node) -> bool {
    let kind = secret.get("type").and_then(Node::text).unwrap_or("Opaque");
    !(kind.starts_with("kubernetes.io/") && kind != "kubernetes.io/basic-auth"
        || kind.starts_with("helm.sh/")
        || kind.starts_with("bootstrap.kubernetes.io/"))
}

fn data(
    data: Option<&Node>,
    encoded: bool,
    group: usize,
    service: Option<&str>,
    pairs: &mut Vec<Pair>,
) -> Result<(), Problem> {
    for entry in data.map(Node::entries).unwrap_or_default() {
        let name = entry.key.text().unwrap_or_default();
        // `nginx.conf`, `tls.crt`: a file that is mounted, and no variable.
        if name.contains('.') || !super::is_name(name) {
            continue;
        }
        let key = inside(&entry.key);
        let mut pair = Pair::of(name, key, &entry.value)?;
        if encoded && let Some((text, span)) = &mut pair.value {
            let Some(decoded) = decoded(text.expose()) else {
                return Err(refused(
                    *span,
                    "the data of a Secret is base64, and this is not",
                ));
            };
            *text = decoded;
        }
        pairs.push(pair.in_group(group, service));
    }
    Ok(())
}

/// The containers of anything that has a pod, however deep its template lies.
fn containers(
    node: &Node,
    group: &mut usize,
    asked: &Asked,
    pairs: &mut Vec<Pair>,
) -> Result<(), Problem> {
    const WAY: &[&str] = &["spec", "jobTemplate", "template"];
    let mut here = Some(node);
    let mut depth = 0;
    while let Some(node) = here.filter(|_| depth < 8) {
        for key in ["initContainers", "containers"] {
            for container in node.get(key).map(Node::items).unwrap_or_default() {
                *group += 1;
                ecs::container(container, "", *group, asked, pairs)?;
            }
        }
        here = WAY.iter().find_map(|key| node.get(key));
        depth += 1;
    }
    Ok(())
}

/// The text behind base64; what is no text stays as it is, which compares as well.
fn decoded(text: &str) -> Option<Secret> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0u32, 0u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => continue,
            _ => return None,
        };
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
        held &= (1 << bits) - 1;
    }
    Some(match String::from_utf8(bytes) {
        Ok(decoded) => Secret::new(decoded),
        Err(_) => Secret::new(text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_and_without_its_padding() {
        let said = |text| decoded(text).map(|secret| secret.expose().to_owned());
        assert_eq!(said("aGVsbG8=").as_deref(), Some("hello"));
        assert_eq!(said("aGVsbG8").as_deref(), Some("hello"));
        assert_eq!(said("aGVs\nbG8=").as_deref(), Some("hello"));
        assert_eq!(said("").as_deref(), Some(""));
        assert_eq!(said("/w==").as_deref(), Some("/w=="), "no text");
        assert_eq!(said("a$b"), None);
    }
}
