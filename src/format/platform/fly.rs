//! `fly.toml`: variables, image and processes of one app. The name of the app says the environment where the name of the
//! file does not.

use crate::format::writer::{Belongs, Scope};
use crate::format::{Claim, Format, Input, Output};
use crate::model::base_name;
use crate::model::file::Nature;
use crate::syntax::Node;

use super::{commands, variables};

pub static FLY: Format = Format {
    name: "fly",
    doc: "Fly.io: `fly.toml`, `fly.staging.toml`, `fly/prod.toml`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let named = name
        .strip_prefix("fly")
        .is_some_and(|rest| rest.starts_with(['.', '-', '_']));
    let folder = path.rsplit('/').nth(1) == Some("fly") || name.ends_with(".fly.toml");
    if name.ends_with(".toml") && (named || folder) {
        Claim::IfText(is_fly)
    } else {
        Claim::No
    }
}

fn is_fly(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.strip_prefix("app")
            .is_some_and(|rest| rest.trim_start().starts_with('='))
            || [
                "[env]",
                "[build]",
                "[http_service]",
                "[[services]]",
                "[deploy]",
            ]
            .iter()
            .any(|head| line.starts_with(head))
    })
}

fn parse(input: &Input) -> Output {
    super::read(input, |writer, document| {
        let app = document.get("app").and_then(Node::text).unwrap_or_default();
        let belongs = Belongs::named_unless_claimed(input, "app", app);
        let name = if app.is_empty() { "app" } else { app };
        let scope = Scope::of(name).at(belongs);
        variables(writer, &scope, Some(document), "env");
        if let Some(image) = document.get("build").and_then(|build| build.entry("image")) {
            let text = image.value.text().unwrap_or_default();
            let span = writer.content(&image.value);
            writer.image(&scope, image.key.span, text, span);
        }
        commands(writer, &scope, document.get("deploy"), &["release_command"]);
        commands(
            writer,
            &scope,
            document.get("experimental"),
            &["cmd", "entrypoint"],
        );
        let processes = document.get("processes").map(Node::entries);
        for process in processes.unwrap_or_default() {
            writer.command(&scope, process.key.span, &process.value);
        }
    })
}
