//! Dockerfiles: what each stage starts from, what it sets, copies and runs.
//!
//! One Dockerfile serves every environment unless its name or the name of a stage says otherwise. A stage that the image
//! does not go through sets nothing for it: a builder's `NODE_ENV=development` is no setting of production. An `ARG` is
//! known while the image is built and no longer, so it belongs to no environment; its default is a fallback, and
//! `ENV X=$X` makes it one of the running program.

mod lines;
mod places;
mod read;
mod stages;

use crate::model::base_name;
use crate::model::file::Nature;

use super::{Claim, Format, Input, Output};

pub static DOCKERFILE: Format = Format {
    name: "dockerfile",
    doc: "Dockerfiles and Containerfiles: `Dockerfile`, `Dockerfile.prod`, `prod.Dockerfile`, `Containerfile`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn parse(input: &Input) -> Output {
    Output {
        facts: read::facts(input),
        ..Output::default()
    }
}

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let starts = |word: &str| {
        name.get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
            && name
                .get(word.len()..)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
    };
    let ends = |word: &str| {
        name.len()
            .checked_sub(word.len() + 1)
            .and_then(|at| name.get(at..))
            .is_some_and(|tail| {
                tail.starts_with(['.', '-', '_'])
                    && tail
                        .get(1..)
                        .is_some_and(|tail| tail.eq_ignore_ascii_case(word))
            })
    };
    let named = ["dockerfile", "containerfile"]
        .iter()
        .any(|word| starts(word) || ends(word));
    // The image of a workspace in the cloud.
    let workspace = name.starts_with(".gitpod");
    if named && !workspace && !is_other(name) {
        Claim::IfText(has_from)
    } else {
        Claim::No
    }
}

/// Ignore files, programs and prose about Dockerfiles.
fn is_other(name: &str) -> bool {
    const EXTENSIONS: &str = "dockerignore containerignore md rst txt adoc go py rb js ts mjs sh ps1 php java html vim \
        lua yml yaml json toml snap lock patch diff";
    name.rsplit_once('.')
        .is_some_and(|(_, ext)| crate::value::wordlist::has(EXTENSIONS, ext))
}

fn has_from(text: &str) -> bool {
    text.lines().any(|line| {
        line.trim_start_matches('\u{feff}')
            .trim_start()
            .get(..5)
            .is_some_and(|head| head.eq_ignore_ascii_case("from "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerfiles_are_known_by_name() {
        for path in [
            "Dockerfile",
            "a/Dockerfile.prod",
            "Dockerfile-dev",
            "prod.Dockerfile",
            "docker/api.dockerfile",
            "Containerfile",
            "Dockerfile.j2",
        ] {
            assert!(matches!(claims(path), Claim::IfText(_)), "{path}");
        }
        for path in [
            ".dockerignore",
            "Dockerfile.dockerignore",
            "Dockerfile.md",
            "dockerfile.go",
            "Dockerfiles",
        ] {
            assert!(matches!(claims(path), Claim::No), "{path}");
        }
        assert!(has_from("# x\nfrom a\n") && !has_from("RUN x\n"));
    }
}
