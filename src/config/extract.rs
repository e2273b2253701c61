//! Takes the settings out of a checked tree. Whatever the checker has complained about is simply left out here.

use std::sync::Arc;

use super::check;
use super::date::{Date, days};
use super::{
    Allow, Attestation, AuditLines, Config, FailOn, Level, Origin, PathSettings, PolicySettings,
    Setting, Spelled, StackSetting,
};
use crate::model::{EnvSet, Environments, Severity};
use crate::policy::diagnostic::{At, Diagnostic, Source};
use crate::syntax::node::Value;
use crate::syntax::{Entry, Node};

/// Declares the file's own environments and groups first: everything after may name them.
pub fn environments(root: &Node, model: &mut Environments) {
    for entry in root
        .get("environments")
        .map(Node::entries)
        .unwrap_or_default()
    {
        let Some(env) = entry
            .key
            .text()
            .and_then(|name| model.word(name).or_else(|| model.declare(name)))
        else {
            continue;
        };
        if let Some(deployed) = entry.value.get("deployed").and_then(Node::as_bool) {
            let group = model.group("deployed");
            model.set_group(
                "deployed",
                if deployed {
                    group.with(env)
                } else {
                    group.without(env)
                },
            );
        }
        if let Some(info) = model.info_mut(env) {
            info.aliases.extend(texts(entry.value.get("aliases")));
            info.files.extend(texts(entry.value.get("files")));
            info.hosts.extend(texts(entry.value.get("hosts")));
            if let Some(machine) = entry.value.get("machine").and_then(Node::text) {
                machine.clone_into(&mut info.machine);
                info.machine_declared = true;
            }
        }
    }
    for entry in root.get("groups").map(Node::entries).unwrap_or_default() {
        if let Some(name) = entry.key.text() {
            let set = env_set(Some(&entry.value), model).unwrap_or_default();
            model.set_group(name, set);
        }
    }
}

/// Everything but the environments.
pub fn settings(
    root: &Node,
    source: &Arc<Source>,
    config: &mut Config,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let reader = Reader { source };
    plain(root, config);
    config.policies = reader.policies(root.get("policies"));
    let path_settings = |item: &Node| PathSettings {
        globs: texts(item.get("match")),
        set: reader.set(item.get("set")),
    };
    config.paths = items(root.get("paths")).iter().map(path_settings).collect();
    let stack = |item| reader.stack(item, &config.environments);
    config.stacks = items(root.get("stacks")).iter().map(stack).collect();
    for item in items(root.get("attestations")) {
        let attestation = reader.attestation(item, &config.environments, diagnostics);
        config.attestations.extend(attestation);
    }
    let require_until = root.get("require_until").and_then(Node::as_bool);
    for item in items(root.get("allow")) {
        let required = require_until.unwrap_or(false);
        let allow = reader.allow(item, &config.environments, required, diagnostics);
        config.allow.extend(allow);
    }
    reader.origins(root, "", &mut config.origins);
}

/// Settings that need no place of their own.
fn plain(root: &Node, config: &mut Config) {
    let word = |key| root.get(key).and_then(Node::text);
    config.fail_on = word("fail_on").map_or_else(FailOn::default, fail_on);
    let line = |key| root.get("audit")?.get(key)?.text().map(fail_on);
    config.audit = AuditLines {
        blocks: line("blocks"),
        condition: line("condition"),
    };
    config.baseline = word("baseline").map(str::to_owned);
    config.exclude = texts(root.get("exclude"));
    config.projects = texts(root.get("projects"));
    config.placeholders = texts(root.get("placeholders"));
    let vendors = root.get("vendors").map(Node::entries).unwrap_or_default();
    let vendor = |entry: &Entry| Some((entry.key.text()?.to_owned(), texts(Some(&entry.value))));
    config.vendors = vendors.iter().filter_map(vendor).collect();
    let size = root
        .get("limits")
        .and_then(|limits| limits.get("file_size"));
    let size = size.and_then(Node::text).and_then(check::size);
    config.max_file_size = size.unwrap_or(config.max_file_size);
}

struct Reader<'a> {
    source: &'a Arc<Source>,
}

impl Reader<'_> {
    fn at(&self, node: &Node) -> At {
        At::new(self.source, node.span)
    }

    fn spelled(&self, node: &Node) -> Spelled {
        Spelled {
            text: node.text().unwrap_or_default().to_owned(),
            at: self.at(node),
        }
    }

    fn spelled_list(&self, node: Option<&Node>) -> Vec<Spelled> {
        items(node)
            .iter()
            .filter(|item| item.text().is_some())
            .map(|item| self.spelled(item))
            .collect()
    }

    fn policies(&self, node: Option<&Node>) -> PolicySettings {
        let get = |key| node.and_then(|node| node.get(key));
        PolicySettings {
            files: self.spelled_list(get("files")),
            packs: self.spelled_list(get("packs")),
            enable: self.spelled_list(get("enable")),
            disable: self.spelled_list(get("disable")),
            set: self.set(get("set")),
        }
    }

    fn set(&self, node: Option<&Node>) -> Vec<Setting> {
        let entries = node.map(Node::entries).unwrap_or_default();
        entries
            .iter()
            .map(|entry| {
                let level = entry.value.get("severity").unwrap_or(&entry.value);
                let params = entry
                    .value
                    .get("params")
                    .map(Node::entries)
                    .unwrap_or_default();
                Setting {
                    id: self.spelled(&entry.key),
                    level: level.text().and_then(self::level),
                    params: params
                        .iter()
                        .map(|param| (self.spelled(&param.key), param.value.clone()))
                        .collect(),
                }
            })
            .collect()
    }

    fn stack(&self, item: &Node, environments: &Environments) -> StackSetting {
        StackSetting {
            env: item
                .get("env")
                .and_then(Node::text)
                .and_then(|word| environments.word(word)),
            files: texts(item.get("files")),
            env_files: texts(item.get("env_files")),
            profiles: texts(item.get("profiles")),
            project_name: text(item, "project_name"),
            at: self.at(item),
        }
    }

    /// An attestation that says nothing checkable is a mistake: policies would take it for one.
    fn attestation(
        &self,
        item: &Node,
        environments: &Environments,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Attestation> {
        let done = date(item, "done");
        let valid_for = item.get("valid_for").and_then(Node::text).and_then(days);
        let lapses = done.zip(valid_for).map(|(done, days)| done.plus_days(days));
        let until = [lapses, date(item, "until")].into_iter().flatten().min();
        let what = text(item, "item").filter(|what| !what.trim().is_empty());
        let lacks = match &what {
            None => Some("names no `item`"),
            Some(_) if item.get("done").or(item.get("until")).is_none() => {
                Some("has neither `done` nor `until`")
            }
            Some(_) => None,
        };
        if let Some(lacks) = lacks {
            let title = format!("this attestation {lacks}");
            let at = self.at(item).start();
            diagnostics
                .push(Diagnostic::error("C002", at, title).label("say what was done, and when"));
        }
        Some(Attestation {
            at: self.at(item),
            item: what?,
            env: item
                .get("env")
                .and_then(Node::text)
                .and_then(|word| environments.word(word)),
            done,
            until,
            by: text(item, "by"),
            evidence: text(item, "evidence"),
        })
    }

    /// An allowance without a policy or a reason is a mistake, not a wider allowance.
    fn allow(
        &self,
        item: &Node,
        environments: &Environments,
        require_until: bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Allow> {
        let start = self.at(item).start();
        let mut mistake = |title: String, label: &str| {
            diagnostics.push(Diagnostic::error("C002", start.clone(), title).label(label));
        };
        let Some(policy) = item
            .get("policy")
            .map(|policy| self.spelled(policy))
            .filter(|policy| !policy.text.is_empty())
        else {
            mistake(
                "this allowance names no `policy`".to_owned(),
                "say which policy it is about",
            );
            return None;
        };
        let until = date(item, "until");
        let because = text(item, "because").filter(|because| !because.trim().is_empty());
        if because.is_none() {
            mistake(
                format!("this allowance of `{}` has no `because`", policy.text),
                "say why, for the next reader",
            );
        }
        if require_until && until.is_none() {
            let title = format!("this allowance of `{}` has no `until`", policy.text);
            mistake(title, "`require_until` is on: say until when");
        }
        Some(Allow {
            at: start,
            policy,
            condition: item.get("match").cloned(),
            envs: env_set(item.get("envs"), environments),
            because: because?,
            until,
            owner: text(item, "owner"),
        })
    }

    /// Every scalar and list the file sets, with its place.
    fn origins(&self, node: &Node, path: &str, origins: &mut Vec<Origin>) {
        for entry in node.entries() {
            let name = entry.key.text().unwrap_or_default();
            let key = if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            };
            let origin = |key: &str, value: &Node, at: &Node| Origin {
                key: key.to_owned(),
                value: shown(value),
                at: self.at(at),
            };
            let of_maps = entry.value.items().iter().any(Node::is_map);
            if entry.value.is_map() {
                self.origins(&entry.value, &key, origins);
            } else if of_maps {
                let key = format!("{key}[]");
                origins.extend(
                    entry
                        .value
                        .items()
                        .iter()
                        .map(|item| origin(&key, item, item)),
                );
            } else {
                origins.push(origin(&key, &entry.value, &entry.key));
            }
        }
    }
}

/// A value on one line, as flow YAML.
fn shown(node: &Node) -> String {
    let list =
        |parts: Vec<String>, open: char, close: char| format!("{open}{}{close}", parts.join(", "));
    match &node.value {
        Value::Null => "~".to_owned(),
        Value::Scalar { text, .. } => text.to_string(),
        Value::Seq(items) => list(items.iter().map(shown).collect(), '[', ']'),
        Value::Map(entries) => {
            let pair = |entry: &Entry| format!("{}: {}", shown(&entry.key), shown(&entry.value));
            list(entries.iter().map(pair).collect(), '{', '}')
        }
    }
}

fn level(word: &str) -> Option<Level> {
    if word == "off" {
        Some(Level::Off)
    } else {
        Severity::from_name(word).map(Level::At)
    }
}

fn fail_on(word: &str) -> FailOn {
    if word == "never" {
        FailOn::Never
    } else {
        Severity::from_name(word).map_or_else(FailOn::default, FailOn::At)
    }
}

fn items(node: Option<&Node>) -> &[Node] {
    match node {
        Some(node) if node.is_seq() => node.items(),
        Some(node) if !node.is_null() => std::slice::from_ref(node),
        _ => &[],
    }
}

fn texts(node: Option<&Node>) -> Vec<String> {
    items(node)
        .iter()
        .filter_map(Node::text)
        .map(str::to_owned)
        .collect()
}

fn text(item: &Node, key: &str) -> Option<String> {
    item.get(key).and_then(Node::text).map(str::to_owned)
}

fn date(item: &Node, key: &str) -> Option<Date> {
    item.get(key).and_then(Node::text).and_then(Date::parse)
}

fn env_set(node: Option<&Node>, environments: &Environments) -> Option<EnvSet> {
    let words = texts(node);
    node.map(|_| {
        words
            .iter()
            .filter_map(|word| environments.resolve(word))
            .fold(EnvSet::EMPTY, EnvSet::union)
    })
}
