//! Values that Compose reads as sizes, durations, devices, hosts or command lines when it builds the project.

use std::collections::BTreeSet;

use super::checks::entries;
use super::origin::UNKNOWN;
use super::project::IssueKind;
use super::quantity;
use super::run::Run;
use super::value::{Map, Node, Value};

const SIZES: [&str; 4] = ["mem_limit", "memswap_limit", "mem_reservation", "shm_size"];
const INTERVALS: [&str; 4] = ["interval", "timeout", "start_period", "start_interval"];

/// Reports what Compose could not read, for every service, and limits that contradict each other for enabled ones.
pub(super) fn check(run: &mut Run, model: &Map, enabled: &BTreeSet<&str>) {
    for (name, service) in entries(model, "services") {
        for key in SIZES {
            size(run, service.get(key));
        }
        duration(run, service.get("stop_grace_period"));
        for key in INTERVALS {
            duration(run, below(service, &["healthcheck", key]));
        }
        for key in ["limits", "reservations"] {
            size(run, below(service, &["deploy", "resources", key, "memory"]));
        }
        for part in ["update_config", "rollback_config"] {
            for key in ["delay", "monitor"] {
                duration(run, below(service, &["deploy", part, key]));
            }
        }
        for key in ["delay", "window"] {
            duration(run, below(service, &["deploy", "restart_policy", key]));
        }
        for key in ["command", "entrypoint"] {
            command(run, service.get(key));
        }
        lists(run, service);
        if enabled.contains(name.as_ref()) {
            limits(run, service);
        }
    }
}

fn below<'n>(node: &'n Node, keys: &[&str]) -> Option<&'n Node> {
    keys.iter().try_fold(node, |node, key| node.get(key))
}

/// The text of a scalar that can be judged: not one with an unknown part.
fn judged(node: Option<&Node>) -> Option<(&Node, &str)> {
    let node = node?;
    let text = node.text().filter(|text| !text.contains(UNKNOWN))?;
    Some((node, text))
}

fn size(run: &mut Run, node: Option<&Node>) {
    if let Some((node, text)) = judged(node)
        && quantity::bytes(text).is_none()
    {
        let message = "a size is a number with a unit, such as 512m";
        run.issue(IssueKind::Schema, &node.origin, message);
    }
}

fn duration(run: &mut Run, node: Option<&Node>) {
    if let Some((node, text)) = judged(node)
        && !quantity::is_duration(text)
    {
        let message = "a duration is numbers with units, such as 1m30s";
        run.issue(IssueKind::Schema, &node.origin, message);
    }
}

fn command(run: &mut Run, node: Option<&Node>) {
    if let Some((node, text)) = judged(node)
        && !quantity::is_command_line(text)
    {
        let message = "the command line has an open quote or a bracket that Compose cannot read";
        run.issue(IssueKind::Schema, &node.origin, message);
    }
}

fn lists(run: &mut Run, service: &Node) {
    for device in service.get("devices").map(Node::items).unwrap_or_default() {
        if device
            .text()
            .is_some_and(|text| text.split(':').count() > 3)
        {
            let message = "too many colons in a device";
            run.issue(IssueKind::Schema, &device.origin, message);
        }
    }
    for host in service
        .get("extra_hosts")
        .map(Node::items)
        .unwrap_or_default()
    {
        if let Some((host, text)) = judged(Some(host))
            && !is_host(text)
        {
            let message = "an extra host is a name, `=` or `:`, and an address";
            run.issue(IssueKind::Schema, &host.origin, message);
        }
    }
}

fn is_host(text: &str) -> bool {
    let split = text.split_once('=').or_else(|| text.split_once(':'));
    split.is_some_and(|(name, _)| !name.is_empty() && !name.contains([':', '=']))
}

/// The old limits of a service and those of `deploy` have to agree, an absent one counting as zero.
fn limits(run: &mut Run, service: &Node) {
    let resources = below(service, &["deploy", "resources"]);
    for (key, part, other) in [
        ("cpus", "limits", "cpus"),
        ("mem_limit", "limits", "memory"),
        ("mem_reservation", "reservations", "memory"),
        ("pids_limit", "limits", "pids"),
    ] {
        let Some(deploy) = resources.and_then(|resources| resources.get(part)) else {
            continue;
        };
        let Some((old, new)) = amount(service.get(key)).zip(amount(deploy.get(other))) else {
            continue;
        };
        let differ = (old - new).abs() > f64::EPSILON;
        if let Some(node) = service.get(key).filter(|_| old != 0.0 && differ) {
            let message = format!("{key} and deploy.resources.{part}.{other} differ");
            run.issue(IssueKind::MutuallyExclusive, &node.origin, message);
        }
    }
}

/// An amount; zero where there is none, `None` where it cannot be told.
fn amount(node: Option<&Node>) -> Option<f64> {
    let Some(node) = node else { return Some(0.0) };
    #[expect(clippy::cast_precision_loss, reason = "limits are far from 2^53")]
    match &node.value {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        Value::Text(words) => {
            let text = words.text.expose();
            text.parse()
                .ok()
                .or_else(|| quantity::bytes(text).map(|bytes| bytes as f64))
        }
        _ => Some(0.0),
    }
}
