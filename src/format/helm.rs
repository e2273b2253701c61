//! Helm values files: images, variables, hosts and what looks like a credential. Which key means what is up to the chart,
//! so only keys that nearly all charts use alike are understood. Templates themselves stay unread. The values of a
//! `HelmRelease` of Flux are read alike.

use crate::model::file::Nature;
use crate::syntax::{Entry, Node, yaml};
use crate::value::kind;
use crate::value::secretish::{self, Name};
use crate::value::wordlist::has;

use super::kubernetes::{Reader, TEMPLATE, is_template, variable};
use super::writer::{Scope, Writer};
use super::{Claim, Format, Input, Output};

pub static HELM: Format = Format {
    name: "helm",
    doc: "Helm values files: `values.yaml`, `values-prod.yaml`, `values/staging.yaml`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

/// Keys under which charts take variables, as a map or as a list.
const VARIABLES: &str = "env envs envVars env_vars extraEnv extraEnvs extraEnvVars extraEnvironment environment \
    environmentVariables envVariables secretEnv secretEnvs envSecrets secretEnvVars configEnv appEnv";

/// How deep values are looked through.
const DEEPEST: usize = 16;

fn claims(path: &str) -> Claim {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, "yaml" | "yml")) = name.rsplit_once('.') else {
        return Claim::No;
    };
    let joined = |rest: &str| rest.is_empty() || rest.starts_with(['.', '-', '_']);
    let named = stem.strip_prefix("values").is_some_and(joined)
        || stem
            .strip_suffix("values")
            .is_some_and(|head| head.ends_with(['.', '-', '_']));
    let folder = folders.rsplit('/').next().unwrap_or_default();
    let other = [".github/", "src/main/res/"]
        .iter()
        .any(|part| path.contains(part));
    if (named || folder == "values" || folder == "helm-values") && !other {
        Claim::IfText(is_values)
    } else {
        Claim::No
    }
}

/// A key of charts at the left edge, and no manifest.
fn is_values(text: &str) -> bool {
    const KEYS: &str = "image images replicaCount replicas env extraEnv extraEnvVars envVars ingress resources service \
        serviceAccount global nameOverride fullnameOverride autoscaling persistence podAnnotations nodeSelector \
        imagePullSecrets config secrets postgresql redis deployment";
    let mut found = false;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let Some((key, _)) = line
            .split_once(':')
            .filter(|(key, _)| !key.starts_with(' '))
        else {
            continue;
        };
        if key == "apiVersion" {
            return false;
        }
        found |= has(KEYS, key) || is_indented_chart_key(text, key);
    }
    found
}

/// A component with its own image below it: `web: {image: …}`.
fn is_indented_chart_key(text: &str, key: &str) -> bool {
    !key.starts_with('#') && text.contains("\n  image:") && text.contains("\n    repository:")
}

fn parse(input: &Input) -> Output {
    let tree = yaml::parse(input.text);
    if is_template(input.text, !tree.problems.is_empty()) {
        return Output {
            unread: Some(TEMPLATE),
            ..Output::default()
        };
    }
    let mut reader = Reader::new(Writer::new(input, "k8s"));
    for document in &tree.documents {
        reader.values(document, &mut Vec::new());
    }
    Output {
        facts: reader.writer.facts,
        problems: tree.problems,
        ..Output::default()
    }
}

impl Reader<'_> {
    /// The values that a release hands to its chart.
    pub(super) fn chart(&mut self, values: &Node) {
        self.values(values, &mut Vec::new());
    }

    /// `path` are the keys above.
    fn values(&mut self, node: &Node, path: &mut Vec<String>) {
        if path.len() > DEEPEST {
            return;
        }
        for entry in node.entries() {
            let Some(key) = entry.key.text() else {
                continue;
            };
            let component = path.first().cloned().unwrap_or_default();
            let scope = match component.as_str() {
                "" | "global" => Scope::default(),
                name => Scope::of(name),
            };
            if has(VARIABLES, key) && (entry.value.is_map() || entry.value.is_seq()) {
                self.variables(&scope, &entry.value);
                continue;
            }
            if is_image_key(key) && self.chart_image(&scope, key, entry) {
                continue;
            }
            if key == "ingress" {
                self.ingress(&component, &entry.value);
            }
            if entry.value.text().is_some() {
                self.credential(&scope, key, path, entry);
            } else {
                path.push(key.to_owned());
                self.values(&entry.value, path);
                path.pop();
            }
        }
    }

    fn variables(&mut self, scope: &Scope, node: &Node) {
        for item in node.items() {
            variable(&mut self.writer, scope, item);
        }
        for entry in node.entries() {
            match entry.value.get("value") {
                Some(value) if value.text().is_some() => {
                    let name = entry.key.text().unwrap_or_default();
                    self.writer.variable(scope, name, entry.key.span, value);
                }
                // Groups of variables: `env: {normal: {…}, secret: {…}}`.
                None if entry.value.is_map() && entry.value.get("valueFrom").is_none() => {
                    self.writer.entries(scope, &entry.value);
                }
                _ => self.writer.entry(scope, entry),
            }
        }
    }

    /// `{registry, repository, tag, digest}`, or a reference; says whether it was one. A tag that is left open is the
    /// chart's own version.
    fn chart_image(&mut self, scope: &Scope, key: &str, entry: &Entry) -> bool {
        let own = Scope::of(scope.service.unwrap_or(key));
        if let Some(text) = entry.value.text() {
            let is_reference = text.contains(':') && !text.contains(char::is_whitespace);
            if is_reference {
                let span = self.writer.content(&entry.value);
                self.writer.image(&own, entry.key.span, text, span);
            }
            return is_reference;
        }
        let text = |key: &str| {
            entry
                .value
                .get(key)
                .and_then(Node::text)
                .filter(|text| !text.trim().is_empty())
        };
        let Some(repository) = text("repository").or_else(|| text("name")) else {
            return false;
        };
        let registry = text("registry").map_or_else(String::new, |host| format!("{host}/"));
        let (key, sign, tag) = match (text("digest"), text("tag")) {
            (Some(digest), _) => ("digest", '@', digest),
            (None, Some(tag)) => ("tag", ':', tag),
            (None, None) => return true,
        };
        if let Some(at) = entry.value.entry(key) {
            let reference = format!("{registry}{repository}{sign}{tag}");
            let span = self.writer.content(&at.value);
            self.writer.image(&own, at.key.span, &reference, span);
        }
        true
    }

    /// `hosts: [{host: …}]`, `hosts: [name]`, `host: name`, `hostname: name`.
    fn ingress(&mut self, of: &str, node: &Node) {
        let of = if of.is_empty() { "ingress" } else { of };
        for key in ["host", "hostname"] {
            if let Some(host) = node.entry(key) {
                self.writer.host(of, host.key.span, &host.value);
            }
        }
        let Some(hosts) = node.entry("hosts") else {
            return;
        };
        for item in hosts.value.items() {
            let host = item
                .get("host")
                .or_else(|| item.get("name"))
                .unwrap_or(item);
            self.writer.host(of, hosts.key.span, host);
        }
    }

    /// A value whose key says that it is a credential. Keys that name another object's key or a whole secret do not.
    fn credential(&mut self, scope: &Scope, key: &str, path: &[String], entry: &Entry) {
        let text = entry.value.text().unwrap_or_default();
        let class = secretish::name(key);
        let is_credential = matches!(class, Name::Password | Name::Key);
        if !is_credential || points_elsewhere(key) || text.trim().is_empty() {
            return;
        }
        if kind::truthy(text).is_some() || is_name(class, text) {
            return;
        }
        let mut name = path.join(".");
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(key);
        self.writer
            .variable(scope, &name, entry.key.span, &entry.value);
    }
}

fn is_image_key(key: &str) -> bool {
    key == "image" || key.ends_with("Image")
}

/// `existingSecret`, `passwordKey`, `secretRef`, `imagePullSecret`: which object and which key, not the value.
fn points_elsewhere(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    [
        "existing",
        "pullsecret",
        "secretref",
        "secretname",
        "keyref",
    ]
    .iter()
    .any(|part| lower.contains(part))
        || ((lower.contains("password") || lower.contains("secret") || lower.contains("token"))
            && lower.ends_with("key")
            && lower != "secretkey")
        || lower == "secret"
        || lower.ends_with("tlssecret")
}

/// A name of something: words with dashes and no digit, where a key would be.
fn is_name(class: Name, text: &str) -> bool {
    class == Name::Key
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_files_are_known_by_name_and_keys() {
        for path in [
            "values.yaml",
            "charts/a/values-prod.yaml",
            "values.staging.yml",
            "helm/values/prod.yaml",
            "prod-values.yaml",
        ] {
            assert!(matches!(claims(path), Claim::IfText(_)), "{path}");
        }
        for path in ["valuesX.yaml", "values.json", "src/main/res/values/a.yaml"] {
            assert!(matches!(claims(path), Claim::No), "{path}");
        }
        assert!(is_values("replicaCount: 1\n") && is_values("web:\n  image:\n    repository: a\n"));
        assert!(!is_values("title: x\n") && !is_values("apiVersion: v1\nimage: a\n"));
    }
}
