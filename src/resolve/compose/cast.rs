//! Keys whose text becomes a number or a truth value right after interpolation.

use super::origin::{Origin, UNKNOWN};
use super::project::IssueKind;
use super::run::Run;
use super::value::{Path, Value, Words};

#[derive(Clone, Copy)]
enum Type {
    Int,
    Float,
    Bool,
}

/// The value that a text has at its place; a text that does not fit stays text.
pub(super) fn cast(run: &mut Run, words: Words, origin: &Origin, path: Path) -> Value {
    let Some(wanted) = wanted(path.parts()) else {
        return Value::Text(words);
    };
    let text = words.text.expose();
    if text.contains(UNKNOWN) {
        return Value::Text(words);
    }
    let value = match wanted {
        Type::Int => text
            .parse::<i64>()
            .ok()
            .map(|value| Value::Int(value.into())),
        Type::Float => text.parse::<f64>().ok().map(Value::Float),
        Type::Bool => truth(text).map(Value::Bool),
    };
    match value {
        // As text it keeps the variables in it, and the schema takes either.
        Some(Value::Int(_)) if !words.uses.is_empty() => Value::Text(words),
        Some(value) => value,
        None => {
            let message = match wanted {
                Type::Int => "a whole number is needed here",
                Type::Float => "a number is needed here",
                Type::Bool => "true or false is needed here",
            };
            run.issue(IssueKind::Cast, origin, message);
            Value::Text(words)
        }
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "y" | "yes" | "on" => Some(true),
        "false" | "n" | "no" | "off" => Some(false),
        _ => None,
    }
}

fn wanted(path: &[&str]) -> Option<Type> {
    match path {
        ["services", _, rest @ ..] => in_service(rest),
        [
            "networks",
            _,
            "external" | "internal" | "attachable" | "enable_ipv4" | "enable_ipv6",
        ]
        | ["volumes" | "secrets" | "configs", _, "external"] => Some(Type::Bool),
        _ => None,
    }
}

fn in_service(path: &[&str]) -> Option<Type> {
    let wanted = match path {
        [
            "cpu_count" | "cpu_period" | "cpu_quota" | "cpu_rt_period" | "cpu_rt_runtime"
            | "cpu_shares" | "oom_score_adj" | "pids_limit" | "scale",
        ]
        | ["deploy", "replicas"]
        | ["deploy", "update_config" | "rollback_config", "parallelism"]
        | ["deploy", "restart_policy", "max_attempts"]
        | ["deploy", "placement", "max_replicas_per_node"]
        | ["healthcheck", "retries"]
        | ["ports", "[]", "target"]
        | ["ulimits", _]
        | ["ulimits", _, "hard" | "soft"] => Type::Int,
        ["cpu_percent" | "cpus"]
        | [
            "deploy",
            "update_config" | "rollback_config",
            "max_failure_ratio",
        ] => Type::Float,
        ["init" | "oom_kill_disable" | "privileged" | "read_only" | "stdin_open" | "tty"]
        | ["depends_on", _, "required" | "restart"]
        | ["healthcheck", "disable"]
        | ["volumes", "[]", "read_only"]
        | ["volumes", "[]", "volume", "nocopy"] => Type::Bool,
        _ => return None,
    };
    Some(wanted)
}
