//! Every key of `.envguard.yml`, declared once: the checker, the reference page, the JSON Schema and `config show` read
//! this table.

/// What a key may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Text,
    Bool,
    Count,
    /// `1048576`, `512KiB`, `2MiB`.
    Size,
    /// `2026-03-31`.
    Date,
    /// `90d`, `12w`, `6m`, `1y`.
    Span,
    Severity,
    /// One environment, alias or group.
    Environment,
    /// A list, or one item alone.
    Texts,
    Globs,
    Environments,
    /// A map whose keys are declared below this one.
    Map,
    /// A map with names of the author's own as keys.
    Named,
    /// A list of maps.
    Entries,
    /// `off`, a severity, or `{severity, params}`.
    Setting,
    /// A condition on the facts of a policy, checked when the policy is known.
    Condition,
}

impl Holds {
    pub fn doc(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Bool => "true or false",
            Self::Count => "number",
            Self::Size => "size, such as `512KiB`",
            Self::Date => "date, such as `2026-03-31`",
            Self::Span => "time span, such as `90d`, `12w`, `6m` or `1y`",
            Self::Severity => "`low`, `medium`, `high`, `critical` or `never`",
            Self::Environment => "environment, alias or group",
            Self::Texts => "list of texts",
            Self::Globs => "list of globs",
            Self::Environments => "list of environments, aliases or groups",
            Self::Map => "map",
            Self::Named => "map with your own names as keys",
            Self::Entries => "list of maps",
            Self::Setting => "`off`, a severity, or `{severity: …, params: {…}}`",
            Self::Condition => "condition, as in the `where` of a policy",
        }
    }
}

/// One key. In a path `*` stands for a name of the author's own and `[]` for an item of a list.
#[derive(Debug)]
pub struct Key {
    pub path: &'static str,
    pub holds: Holds,
    pub doc: &'static str,
    pub default: &'static str,
}

const fn key(path: &'static str, holds: Holds, default: &'static str, doc: &'static str) -> Key {
    Key {
        path,
        holds,
        doc,
        default,
    }
}

pub static KEYS: &[Key] = &[
    key("version", Holds::Count, "1", "version of this format"),
    key(
        "fail_on",
        Holds::Severity,
        "medium",
        "exit with 1 from this severity on",
    ),
    key(
        "audit",
        Holds::Map,
        "",
        "where `envguard audit` draws its lines",
    ),
    key(
        "audit.blocks",
        Holds::Severity,
        "critical",
        "BLOCKED, with exit code 1, from this severity on",
    ),
    key(
        "audit.condition",
        Holds::Severity,
        "",
        "CONDITIONAL from this severity on; by default one step below what blocks",
    ),
    key("exclude", Holds::Globs, "", "files that are not looked at"),
    key(
        "environments",
        Holds::Named,
        "",
        "environments of your own, or more words for the known ones",
    ),
    key(
        "environments.*.aliases",
        Holds::Texts,
        "",
        "other words for it in file names, variables and values",
    ),
    key(
        "environments.*.files",
        Holds::Globs,
        "",
        "files that belong to it, whatever their name says",
    ),
    key(
        "environments.*.hosts",
        Holds::Globs,
        "",
        "hosts that belong to it, whatever their name says",
    ),
    key(
        "environments.*.machine",
        Holds::Text,
        "",
        "environments of one machine group can collide on ports, names and volumes; by default production has its own and all others share one",
    ),
    key(
        "environments.*.deployed",
        Holds::Bool,
        "",
        "whether it counts as deployed; by default all but local, development and test",
    ),
    key(
        "groups",
        Holds::Named,
        "",
        "names for several environments at once",
    ),
    key(
        "groups.*",
        Holds::Environments,
        "",
        "the environments of the group",
    ),
    key(
        "projects",
        Holds::Globs,
        "",
        "folders that are projects of their own; by default the nearest folder with a manifest",
    ),
    key(
        "stacks",
        Holds::Entries,
        "",
        "which Compose files run together, where the guess is wrong",
    ),
    key(
        "stacks[].env",
        Holds::Environment,
        "",
        "environment the stack runs in",
    ),
    key(
        "stacks[].files",
        Holds::Texts,
        "",
        "Compose files in the order they are merged",
    ),
    key(
        "stacks[].env_files",
        Holds::Texts,
        "",
        "what `--env-file` names",
    ),
    key(
        "stacks[].profiles",
        Holds::Texts,
        "",
        "profiles that are on",
    ),
    key("stacks[].project_name", Holds::Text, "", "what `-p` names"),
    key("policies", Holds::Map, "", "which policies judge, and how"),
    key(
        "policies.files",
        Holds::Globs,
        "",
        "policy files of your own",
    ),
    key(
        "policies.packs",
        Holds::Texts,
        "",
        "switch on all policies with one of these tags",
    ),
    key(
        "policies.enable",
        Holds::Texts,
        "",
        "switch on policies that ship off",
    ),
    key(
        "policies.disable",
        Holds::Texts,
        "",
        "switch policies off; they are counted in every run",
    ),
    key("policies.set", Holds::Named, "", "settings by policy"),
    key(
        "policies.set.*",
        Holds::Setting,
        "",
        "`off`, another severity, or parameters",
    ),
    key(
        "paths",
        Holds::Entries,
        "",
        "other settings for some paths or projects",
    ),
    key("paths[].match", Holds::Globs, "", "the paths"),
    key(
        "paths[].set",
        Holds::Named,
        "",
        "settings by policy for findings in these paths",
    ),
    key(
        "paths[].set.*",
        Holds::Setting,
        "",
        "`off` or another severity",
    ),
    key(
        "vendors",
        Holds::Named,
        "",
        "third-party services of your own",
    ),
    key(
        "vendors.*",
        Holds::Globs,
        "",
        "names of the variables that belong to it",
    ),
    key(
        "placeholders",
        Holds::Texts,
        "",
        "values that stand for a secret and are none",
    ),
    key("limits", Holds::Map, "", "limits of one run"),
    key(
        "limits.file_size",
        Holds::Size,
        "1MiB",
        "larger files are skipped and counted",
    ),
    key(
        "allow",
        Holds::Entries,
        "",
        "findings that are accepted, each with a reason",
    ),
    key("allow[].policy", Holds::Text, "", "id of the policy"),
    key(
        "allow[].match",
        Holds::Condition,
        "",
        "which facts; all of the policy's if left out",
    ),
    key(
        "allow[].envs",
        Holds::Environments,
        "",
        "only these environments may be involved",
    ),
    key(
        "allow[].because",
        Holds::Text,
        "",
        "why, for the next reader; without it nothing is allowed",
    ),
    key(
        "allow[].until",
        Holds::Date,
        "",
        "last day on which it counts",
    ),
    key("allow[].owner", Holds::Text, "", "who answers for it"),
    key(
        "require_until",
        Holds::Bool,
        "false",
        "every allowance needs an `until`",
    ),
    key(
        "attestations",
        Holds::Entries,
        "",
        "things done outside of the repository",
    ),
    key("attestations[].item", Holds::Text, "", "what was done"),
    key("attestations[].env", Holds::Environment, "", "where"),
    key("attestations[].done", Holds::Date, "", "when"),
    key(
        "attestations[].valid_for",
        Holds::Span,
        "",
        "how long it holds",
    ),
    key(
        "attestations[].until",
        Holds::Date,
        "",
        "last day on which it holds",
    ),
    key("attestations[].by", Holds::Text, "", "who says so"),
    key(
        "attestations[].evidence",
        Holds::Text,
        "",
        "where that can be checked",
    ),
    key(
        "baseline",
        Holds::Text,
        ".envguard-baseline.jsonl",
        "file of the findings that are known",
    ),
];

/// The declaration of a path such as `policies.set.*`.
pub fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// Names of the keys declared right below a path (`""` for the top), without `*` and `[]` steps.
pub fn below(path: &str) -> Vec<&'static str> {
    let prefix = if path.is_empty() {
        String::new()
    } else {
        format!("{path}.")
    };
    KEYS.iter()
        .filter_map(|key| key.path.strip_prefix(prefix.as_str()))
        .filter(|rest| !rest.is_empty() && !rest.contains(['.', '[']) && *rest != "*")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_parent_and_stands_once() {
        for (at, key) in KEYS.iter().enumerate() {
            assert!(
                KEYS[..at].iter().all(|other| other.path != key.path),
                "{} twice",
                key.path
            );
            if let Some((parent, _)) = key.path.rsplit_once('.') {
                let parent = parent.trim_end_matches("[]").trim_end_matches(".*");
                assert!(
                    find(parent).is_some(),
                    "{} has no parent {parent}",
                    key.path
                );
            }
        }
        assert!(below("policies").contains(&"set") && below("allow[]").contains(&"because"));
        assert!(below("").contains(&"version") && !below("").contains(&"stacks[].env"));
    }
}
