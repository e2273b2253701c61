//! The configuration as it is in force: what the file sets, with its line, and the defaults of everything else.

use super::keys::{KEYS, Key};
use super::{Config, Origin};

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// `environments.staging.aliases`.
    pub key: String,
    /// On one line, as flow YAML.
    pub value: String,
    /// `.envguard.yml:12`, or `default`.
    pub origin: String,
}

/// Every setting, in the order of the reference page.
pub fn effective(config: &Config) -> Vec<Effective> {
    let mut all = Vec::new();
    for key in KEYS.iter().filter(|key| is_top(key)) {
        let mut of_key = config
            .origins
            .iter()
            .filter(|origin| is_at(&origin.key, key.path))
            .map(set)
            .peekable();
        let is_set = of_key.peek().is_some();
        all.extend(of_key);
        match key.path {
            "environments" => all.extend(environments(config)),
            "groups" => all.extend(groups(config)),
            _ if is_set => {}
            path => all.extend(defaults(path)),
        }
    }
    all
}

fn is_top(key: &Key) -> bool {
    !key.path.contains(['.', '['])
}

/// Whether a key is the one at a path, or lies below it.
fn is_at(key: &str, path: &str) -> bool {
    key.strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn set(origin: &Origin) -> Effective {
    Effective {
        key: origin.key.clone(),
        value: origin.value.clone(),
        origin: format!("{}:{}", origin.at.source.name, origin.at.line_col().line),
    }
}

fn default(key: String, value: String) -> Effective {
    Effective {
        key,
        value,
        origin: "default".to_owned(),
    }
}

/// The defaults of a key that nobody has set, and of those below it.
fn defaults(path: &str) -> impl Iterator<Item = Effective> {
    KEYS.iter()
        .filter(move |key| is_at(key.path, path) && !key.default.is_empty())
        .map(|key| default(key.path.to_owned(), key.default.to_owned()))
}

/// What every environment is, whether the file says something of it or not.
fn environments(config: &Config) -> Vec<Effective> {
    let model = &config.environments;
    let mut all = Vec::new();
    for (env, info) in model.all() {
        for (name, value) in [
            ("aliases", list(&info.aliases)),
            ("machine", info.machine.clone()),
            ("deployed", model.is_deployed(env).to_string()),
        ] {
            let key = format!("environments.{}.{name}", info.name);
            let is_set = config.origins.iter().any(|origin| origin.key == key);
            if !is_set && value != "[]" {
                all.push(default(key, value));
            }
        }
    }
    all
}

fn groups(config: &Config) -> Vec<Effective> {
    let model = &config.environments;
    let unset = model.groups().iter().map(|(name, set)| {
        let names: Vec<String> = model.names(*set).into_iter().map(str::to_owned).collect();
        default(format!("groups.{name}"), list(&names))
    });
    unset
        .filter(|one| !config.origins.iter().any(|origin| origin.key == one.key))
        .collect()
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::diagnostic::Source;

    #[test]
    fn what_is_set_and_what_is_not() {
        let text = "fail_on: high\nenvironments:\n  demo: {machine: edge}\npolicies:\n  set:\n    a: off\nallow:\n  - policy: a\n    because: b\n  - {policy: c, because: d}\n";
        let (config, _) = super::super::load(&Source::new(".envguard.yml", text));
        let all = effective(&config);
        let said = |key: &str| -> Vec<String> {
            let of_key = all.iter().filter(|one| one.key == key);
            of_key
                .map(|one| format!("{} # {}", one.value, one.origin))
                .collect()
        };
        assert_eq!(said("fail_on"), ["high # .envguard.yml:1"]);
        assert_eq!(said("version"), ["1 # default"]);
        assert_eq!(said("limits.file_size"), ["1MiB # default"]);
        assert_eq!(
            said("environments.demo.machine"),
            ["edge # .envguard.yml:3"]
        );
        assert_eq!(said("environments.demo.deployed"), ["true # default"]);
        assert_eq!(
            said("environments.production.aliases"),
            ["[prod, prd, live] # default"]
        );
        assert_eq!(said("policies.set.a"), ["off # .envguard.yml:6"]);
        assert_eq!(
            said("allow[]"),
            [
                "{policy: a, because: b} # .envguard.yml:8",
                "{policy: c, because: d} # .envguard.yml:10"
            ]
        );
    }
}
