//! Which files are Compose files: by name, and for the names that other tools use too, by a first look at the text.

use crate::format::Claim;
use crate::model::base_name;
use crate::value::wordlist::has;

pub(super) fn claims(path: &str) -> Claim {
    let name = base_name(path);
    // Templates and copies: `docker-compose.yml.example`, `compose.prod.yaml.bak`, `docker-compose.yml.j2`.
    let (stem, copy) = match stem_of(name) {
        Some(stem) => (stem, false),
        None => match name
            .rsplit_once('.')
            .and_then(|(head, ext)| Some((stem_of(head)?, ext)))
        {
            Some((stem, ext)) if has(COPIES, ext) => (stem, true),
            _ => return Claim::No,
        },
    };
    if path.contains(".github/") || path.contains(".gitea/") {
        return Claim::No;
    }
    match by_stem(stem) {
        Claim::Yes if copy => Claim::IfText(has_services),
        Claim::No if is_docker_folder(path) => Claim::IfText(has_services),
        claim => claim,
    }
}

const COPIES: &str = "example sample dist template tmpl tpl bak backup old orig j2 save copy";

/// Names other tools use as well.
const DOUBTFUL: &str = "production prod local dev development staging stage test testing ci e2e qa uat demo preprod preview live \
    base common override stack swarm services docker deploy deployment dockercompose infra infrastructure app all db";

fn stem_of(name: &str) -> Option<&str> {
    name.strip_suffix(".yml")
        .or_else(|| name.strip_suffix(".yaml"))
}

fn by_stem(stem: &str) -> Claim {
    let joined = |rest: &str| rest.is_empty() || rest.starts_with(['.', '-', '_']);
    let starts = |word: &str| stem.strip_prefix(word).is_some_and(joined);
    if starts("docker-compose") || starts("compose") || starts("docker_compose") {
        return Claim::Yes;
    }
    let ends = |word: &str| {
        stem.strip_suffix(word)
            .is_some_and(|head| head.ends_with(['.', '-', '_']))
    };
    if ends("docker-compose")
        || ends("compose")
        || stem.contains("docker-compose")
        || starts("docker-stack")
    {
        return Claim::IfText(has_services);
    }
    let first = stem.split(['.', '-', '_']).next().unwrap_or(stem);
    let last = stem.rsplit(['.', '-', '_']).next().unwrap_or(stem);
    if has(DOUBTFUL, stem) || has("stack swarm dockercompose", first) || has("stack swarm", last) {
        return Claim::IfText(has_services);
    }
    Claim::No
}

/// `docker/prod.yml`, `compose/traefik.yml`; a collection of templates is no deployment.
fn is_docker_folder(path: &str) -> bool {
    let template = path
        .split('/')
        .any(|folder| has("template templates", folder));
    !template
        && path
            .rsplit('/')
            .nth(1)
            .is_some_and(|folder| has("docker compose dockers docker-compose stacks swarm", folder))
}

/// `services:` at the left edge, and something under it that only containers have.
fn has_services(text: &str) -> bool {
    let mut inside = false;
    let mut found = false;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let trimmed = line.trim_end();
        let indented = trimmed.starts_with([' ', '\t']);
        if trimmed.is_empty() || trimmed.trim_start().starts_with('#') {
            continue;
        }
        if !indented {
            let key = trimmed.split(':').next().unwrap_or_default();
            // Kubernetes, workflows and playbooks.
            if has("apiVersion jobs hosts", key) {
                return false;
            }
            inside = key == "services" || key == "\"services\"";
            found |= inside && is_flow_service(trimmed);
            continue;
        }
        found |= inside && is_container_key(trimmed);
    }
    found
}

fn is_container_key(line: &str) -> bool {
    const KEYS: &str = "image build container_name ports expose env_file environment volumes depends_on extends command deploy healthcheck";
    line.trim_start_matches([' ', '\t', '-', '{'])
        .split_once(':')
        .is_some_and(|(key, _)| has(KEYS, key.trim_matches(['"', '\''])))
}

fn is_flow_service(line: &str) -> bool {
    line.contains('{')
        && ["image:", "build:", "environment:", "ports:"]
            .iter()
            .any(|key| line.contains(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str) -> &'static str {
        match claims(path) {
            Claim::No => "no",
            Claim::Yes => "yes",
            Claim::IfText(_) => "text",
            Claim::IfWanted(_) => "wanted",
        }
    }

    #[test]
    fn compose_files_are_known_by_name() {
        let yes = "docker-compose.yml docker-compose.yaml docker-compose.prod.yml docker-compose-prod.yml compose.yaml compose.prod.yaml \
            compose-dev.yml docker/prod/docker-compose.yml docker_compose.yml docker-compose.override.yml compose.example.yml";
        let text = "production.yml local.yml stack.yml docker-compose.yml.example deploy-docker-compose.yml app.compose.yml prod.yaml \
            docker-stack.prod.yml docker/traefik.yml my-stack.yml compose.yml.bak docker-compose.yml.j2";
        let no = ".github/workflows/deploy-docker-compose.yml .github/compose.yml compose.txt docker-compose.py composer.json \
            composer.yml config.yml values.yaml .gitlab-ci.yml docker-compose.yml.py src/config.yml templates/compose/affine.yaml a";
        for (paths, expected) in [(yes, "yes"), (text, "text"), (no, "no")] {
            for path in paths.split_whitespace() {
                assert_eq!(said(path), expected, "{path}");
            }
        }
    }

    #[test]
    fn a_doubtful_name_is_judged_by_its_services() {
        for text in [
            "version: '3'\nservices:\n  web:\n    image: nginx\n",
            "# x\nservices:\r\n  web:\r\n    build: .\r\n",
            "services: {a: {image: b}}\n",
            "x-a: &a\n  restart: always\nservices:\n  a:\n    <<: *a\n    ports: []\n",
        ] {
            assert!(has_services(text), "{text}");
        }
        for text in [
            "",
            "services:\n  _defaults:\n    autowire: true\n",
            "- hosts: all\n  services:\n    image: x\n",
            "on: push\njobs:\n  a:\n    services:\n      db:\n        image: x\n",
            "apiVersion: v1\nservices:\n  a:\n    image: b\n",
            "image: x\nservices:\n  - postgres\n",
        ] {
            assert!(!has_services(text), "{text}");
        }
    }
}
