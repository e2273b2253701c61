//! Task definitions of ECS: `aws ecs describe-task-definition`.

use super::{Asked, Pair, Pairs, Reads, Shape, inside, list, refused};
use crate::model::Problem;
use crate::syntax::Node;

pub(super) static ECS: Shape = Shape {
    name: "ecs",
    doc: "a task definition: aws ecs describe-task-definition",
    reads: Reads::Trees { holds, read },
};

fn holds(roots: &[Node]) -> bool {
    matches!(roots, [root] if containers(root).is_some())
}

fn containers(root: &Node) -> Option<&Node> {
    let task = root.get("taskDefinition").unwrap_or(root);
    task.get("containerDefinitions")
        .filter(|list| list.is_seq())
}

fn read(roots: &[Node], asked: &Asked) -> Pairs {
    let Some(list) = roots.first().and_then(containers) else {
        let at = roots.first().map(Node::place).unwrap_or_default();
        return Err(refused(at, "expected `containerDefinitions` with a list"));
    };
    let mut pairs = Vec::new();
    for (group, node) in list.items().iter().enumerate() {
        container(node, "secrets", group, asked, &mut pairs)?;
    }
    Ok(pairs)
}

/// The variables of one container, as task definitions and pods have them; what it takes from elsewhere has no value here.
pub(super) fn container(
    node: &Node,
    elsewhere: &str,
    group: usize,
    asked: &Asked,
    pairs: &mut Vec<Pair>,
) -> Result<(), Problem> {
    let service = node.get("name").and_then(Node::text);
    for key in ["environment", "env"] {
        for item in node.get(key).map(Node::items).unwrap_or_default() {
            let pair = list::pair(item, asked)?;
            pairs.extend(pair.map(|pair| pair.in_group(group, service)));
        }
    }
    for item in node.get(elsewhere).map(Node::items).unwrap_or_default() {
        if let Some((name, text)) = item.get("name").and_then(|node| Some((node, node.text()?))) {
            let key = inside(name);
            pairs.push(Pair::new(text, key, None).in_group(group, service));
        }
    }
    Ok(())
}
