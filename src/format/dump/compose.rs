//! What `docker compose config` prints: the variables of each service, everything filled in; and its ports, volumes, images
//! and names, which are read as those of any Compose file.

use super::{Asked, Pair, Pairs, Reads, Shape, inside, list, refused};
use crate::format::compose::COMPOSE as FILE;
use crate::format::{Format, Input};
use crate::model::schema::Kind;
use crate::model::{Fact, Problem, Secret};
use crate::syntax::Node;

pub(super) static COMPOSE: Shape = Shape {
    name: "compose",
    doc: "the services of docker compose config, as YAML or JSON",
    reads: Reads::Trees { holds, read },
};

/// What it is read as once its variables are found to be in order.
pub(super) fn format() -> &'static Format {
    &FILE
}

/// Everything it says but the env files it once was filled from: they are on another machine.
pub(super) fn facts(input: &Input) -> Vec<Fact> {
    let mut facts = (FILE.parse)(input).facts;
    facts.retain(|fact| fact.kind != Kind::compose_env_file);
    facts
}

fn holds(roots: &[Node]) -> bool {
    matches!(roots, [root] if services(root).is_some())
}

fn services(root: &Node) -> Option<&Node> {
    let services = root.get("services").filter(|node| node.is_map())?;
    let known = |node: &Node| node.get("image").is_some() || node.get("build").is_some();
    let any = services.entries().iter().any(|entry| known(&entry.value));
    any.then_some(services)
}

fn read(roots: &[Node], _: &Asked) -> Pairs {
    let Some(services) = roots.first().and_then(|root| root.get("services")) else {
        let at = roots.first().map(Node::place).unwrap_or_default();
        return Err(refused(at, "expected `services`"));
    };
    let mut pairs = Vec::new();
    for (group, entry) in services.entries().iter().enumerate() {
        let Some(environment) = entry.value.get("environment") else {
            continue;
        };
        let service = entry.key.text();
        for pair in bound(environment)? {
            pairs.push(pair.in_group(group, service));
        }
    }
    Ok(pairs)
}

fn bound(environment: &Node) -> Result<Vec<Pair>, Problem> {
    let listed = environment
        .items()
        .iter()
        .map(|item| Ok(list::assignment(item)));
    let mapped = environment.entries().iter().map(|entry| {
        let name = entry.key.text().unwrap_or_default();
        let key = inside(&entry.key);
        if entry.value.is_null() {
            // Whoever starts the service has it, or nobody.
            Ok(Pair::new(name, key, None))
        } else {
            Pair::of(name, key, &entry.value)
        }
    });
    let pairs: Result<Vec<Pair>, Problem> = listed.chain(mapped).collect();
    let mut pairs = pairs?;
    for pair in &mut pairs {
        if let Some((text, _)) = &mut pair.value {
            // Compose writes a dollar twice, so that it is none of its own.
            *text = Secret::new(text.expose().replace("$$", "$"));
        }
    }
    Ok(pairs)
}
