//! Env files: every `NAME=value` is a variable. Read in the dialect most readers agree on; backups and renamed copies
//! are env files too, programs that merely have `env` in their name are not.

use crate::model::base_name;
use crate::model::file::Nature;
use crate::syntax::dotenv;
use crate::value::wordlist::Marked;

use super::bindings::Binding;
use super::{Claim, Format, Input, Output};

pub static DOTENV: Format = Format {
    name: "dotenv",
    doc: "env files: `.env`, `.env.production`, `prod.env`, `.envs/…`, their examples and their backups",
    nature: Nature::Settings,
    beside: false,
    claims,
    parse,
};

fn parse(input: &Input) -> Output {
    let document = dotenv::parse(input.text);
    let mut output = Output {
        facts: Vec::with_capacity(document.entries.len()),
        problems: document.problems.clone(),
        ..Output::default()
    };
    for entry in &document.entries {
        Binding {
            name: &entry.name,
            key: entry.key,
            text: entry.text.expose(),
            span: entry.value,
            template: &entry.template,
            source: "dotenv",
            service: None,
            inherited: entry.is_inherited(),
        }
        .push(input, &mut output.facts);
    }
    output
}

/// Its name alone makes it an env file.
pub(super) fn is_surely(path: &str) -> bool {
    matches!(claims(path), Claim::Yes)
}

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    if is_vars(name) {
        return Claim::Yes;
    }
    let in_envs = path.contains(".envs/");
    if !in_envs && !name.contains("env") {
        return Claim::No;
    }
    if is_other_trade(name) {
        return Claim::No;
    }
    if in_envs && !matches!(name, ".gitkeep" | ".gitignore" | ".keep" | "README") {
        return Claim::Yes;
    }
    by_name(name)
}

/// Cloudflare's `.dev.vars` and `.dev.vars.production`.
fn is_vars(name: &str) -> bool {
    name.starts_with(".dev.vars") && matches!(name.as_bytes().get(9), None | Some(b'.'))
}

fn by_name(name: &str) -> Claim {
    let joined = |rest: &str| rest.is_empty() || rest.starts_with(['.', '-', '_', '~', ' ', '(']);
    if let Some(rest) = name.strip_prefix(".env") {
        let glued = [
            "example",
            "sample",
            "dist",
            "local",
            "prod",
            "production",
            "test",
            "template",
        ];
        let numbered = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
        return yes_if(joined(rest) || numbered || glued.contains(&rest));
    }
    if name == ".flaskenv"
        || name.ends_with(".env")
        || name.contains(".env.")
        || name.ends_with(".env~")
    {
        return Claim::Yes;
    }
    let held = ["env", "dotenv"]
        .iter()
        .find_map(|start| name.strip_prefix(start));
    match held {
        // `env.example` says so; a bare `env` or `env_prod` may be a program.
        Some(rest) if rest.starts_with('.') => Claim::Yes,
        Some(rest) if joined(rest) => Claim::IfText(has_assignments),
        _ if name.ends_with("-env") || name.ends_with("_env") || name.ends_with(".env.enc") => {
            Claim::IfText(has_assignments)
        }
        _ => Claim::No,
    }
}

fn yes_if(holds: bool) -> Claim {
    if holds { Claim::Yes } else { Claim::No }
}

/// Files that are not env files whatever stands before their extension: programs, documents, archives, armoured texts.
fn is_other_trade(name: &str) -> bool {
    static EXTENSIONS: Marked = Marked::of(
        "\
        js ts mjs cjs mts cts tsx jsx py pyi pyc rb json json5 jsonc yml yaml toml php go rs java kt scala \
        swift md mdx rst html css scss vue svelte sh bash zsh fish ps1 bat cmd lua ex exs erl cs fs hcl tf \
        nix xml lock map snap svg png jpg gif pdf gpg asc age zip gz tgz tar swp swo log c cc cpp h hpp dart \
        clj cljs hs ml r sql proto graphql ini conf cfg patch diff dockerfile mk csv tsv ipynb wasm so dll \
        exe ejs hbs erb eex",
    );
    name.rsplit_once('.')
        .is_some_and(|(head, ext)| !head.is_empty() && EXTENSIONS.has(ext))
}

/// The first lines that are no comments bind names.
fn has_assignments(text: &str) -> bool {
    let mut lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .take(5)
        .peekable();
    lines.peek().is_some()
        && lines.all(|line| {
            let line = line.strip_prefix("export ").unwrap_or(line);
            line.split_once('=').is_some_and(|(name, _)| {
                let name = name.trim_end();
                !name.is_empty()
                    && !name.starts_with(|c: char| c.is_ascii_digit())
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
            })
        })
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
    fn env_files_are_known_by_name() {
        let yes = ".env .env.production .env.production.local .env.prod.bak .env.production.backup.20250824 .env.production.old \
            env.production~ env.example prod.env docker/prod/docker_production.env docker/prod/docker_staging.env.example \
            .env-sample .env.prod-sample .env_test .envs/.production/.django deploy/.envs/prod .flaskenv .dev.vars \
            .dev.vars.staging config/prod/.env .env~ .env.vault .env.keys .env.1 .env.j2 prod.env.bak a/.env.ünï sample.env \
            .env.windows-docker-desktop.example .envexample";
        let no = ".env.js .env.ts .env.d.ts src/env.ts env.py env.d.ts .env.json .env.yml vite.env.ts environment.prod.ts \
            .envrc environment venv/bin/activate README.md .envs/README.md .envs/.gitkeep docker-compose.env.yml \
            environments inventory a.env.rb envoy envoy.yaml config.env.sh .env.gpg env.h .dev.varsx";
        let text = "env env_prod env-example dotenv production_env";
        for (paths, expected) in [(yes, "yes"), (no, "no"), (text, "text")] {
            for path in paths.split_whitespace() {
                assert_eq!(said(path), expected, "{path}");
            }
        }
        assert_eq!((said(""), said(".env (copy)")), ("no", "yes"));
    }

    #[test]
    fn a_doubtful_name_is_judged_by_its_first_lines() {
        assert!(has_assignments("# x\nA=1\nexport B=2\n") && has_assignments("\u{feff}A=1"));
        assert!(
            !has_assignments("#!/usr/bin/env python\nimport os\n")
                && !has_assignments("")
                && !has_assignments("# only\n")
        );
        assert!(!has_assignments("if [ a = b ]; then\n"));
    }
}
