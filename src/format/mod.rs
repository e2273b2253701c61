//! Formats: what one file says, as facts beside problems. A new format is one file here and one line in `ALL`.

pub mod azure;
mod bindings;
pub mod bitbucket;
mod ci;
pub mod circleci;
pub mod code;
mod commands;
pub mod compose;
pub mod devcontainer;
pub mod dockerfile;
pub mod dotenv;
pub mod dump;
mod embedded;
pub mod gitlab;
pub mod helm;
pub mod kubernetes;
pub mod kustomize;
pub mod markdown;
pub mod platform;
pub mod script;
pub mod settings;
mod shell;
pub mod terraform;
pub mod text;
pub mod values;
pub mod workflow;
mod writer;
mod written;

use std::sync::Arc;

use crate::model::file::Nature;
use crate::model::{Fact, File, Kind, Problem, Wants};
use crate::value::Lexicon;

/// What a path says about a format.
#[derive(Clone, Copy)]
pub enum Claim {
    No,
    /// The name alone decides.
    Yes,
    /// The name allows it, the text decides; looked at before any parser runs.
    IfText(fn(&str) -> bool),
    /// The name allows it; read only where some policy asks for facts of this kind in that file.
    IfWanted(Kind),
}

/// One file to read.
pub struct Input<'a> {
    pub file: &'a Arc<File>,
    pub text: &'a str,
    pub lexicon: &'a Lexicon,
    /// What policies ask of files that are read for nobody else.
    pub wants: &'a dyn Wants,
}

/// What was read.
#[derive(Default)]
pub struct Output {
    pub facts: Vec<Fact>,
    pub problems: Vec<Problem>,
    /// Why the file was left alone, where it is of a kind that is recognised and not read: a template.
    pub unread: Option<&'static str>,
}

/// A format: its name (one of `schema::FORMATS`), which paths it claims, and how it reads one.
pub struct Format {
    pub name: &'static str,
    pub doc: &'static str,
    pub nature: Nature,
    /// Reads a file beside the format it has anyhow: commands and variables are looked for in files of every kind.
    pub beside: bool,
    pub claims: fn(path: &str) -> Claim,
    /// Never fails and never panics: what cannot be read is a problem, everything else still counts.
    pub parse: fn(&Input) -> Output,
}

/// Every format. Of those that are not `beside` the first claim wins.
pub static ALL: &[&Format] = &[
    &dotenv::DOTENV,
    &compose::COMPOSE,
    &devcontainer::DEVCONTAINER,
    &dockerfile::DOCKERFILE,
    &code::CODE,
    &workflow::WORKFLOW,
    &kustomize::KUSTOMIZE,
    &kubernetes::KUBERNETES,
    &helm::HELM,
    &platform::render::RENDER,
    &platform::railway::RAILWAY,
    &platform::fly::FLY,
    &platform::vercel::VERCEL,
    &platform::netlify::NETLIFY,
    &platform::wrangler::WRANGLER,
    &platform::heroku::HEROKU,
    &platform::procfile::PROCFILE,
    &platform::kamal::KAMAL,
    &platform::serverless::SERVERLESS,
    &platform::systemd::SYSTEMD,
    &terraform::TERRAFORM,
    &gitlab::GITLAB,
    &circleci::CIRCLECI,
    &azure::AZURE,
    &bitbucket::BITBUCKET,
    &markdown::MARKDOWN,
    &script::SCRIPT,
    &shell::SHELL,
    &code::SYMBOLS,
    &text::TEXT,
    &values::VALUES,
    &settings::SPRING,
    &settings::APPSETTINGS,
    &settings::SECTIONS,
    &settings::NODE_CONFIG,
    &settings::IDE,
    &settings::DJANGO,
    &settings::RAILS,
    &commands::COMMANDS,
    &dump::DUMP,
];

/// The formats that may read a path, in order; looked at for every path of a tree, so nothing is allocated.
pub fn claims(path: &str) -> impl Iterator<Item = (&'static Format, Claim)> {
    ALL.iter()
        .map(move |format| (*format, (format.claims)(path)))
        .filter(|(_, claim)| !matches!(claim, Claim::No))
}

/// Whether a file is worth opening: some format may read it, and somebody may ask for what that one reads.
pub fn governs(path: &str, wants: &dyn Wants) -> bool {
    claims(path).any(|(_, claim)| match claim {
        Claim::IfWanted(kind) => wants.reads(kind, path),
        _ => true,
    })
}

/// The first format that may read a path.
pub fn claim(path: &str) -> Option<(&'static Format, Claim)> {
    claims(path).next()
}

/// Whoever reads a file, now that its text is known: its own format first, then those that read beside it. Where there
/// is none of its own, the first of the others stands for it.
pub fn readers(path: &str, text: &str, wants: &dyn Wants) -> Vec<&'static Format> {
    let mut readers = Vec::new();
    let mut owned = false;
    for (format, claim) in claims(path) {
        let reads = (format.beside || !owned)
            && match claim {
                Claim::No => false,
                Claim::Yes => true,
                Claim::IfText(holds) => holds(text),
                Claim::IfWanted(kind) => wants.reads(kind, path),
            };
        if reads && !format.beside {
            owned = true;
            readers.insert(0, format);
        } else if reads {
            readers.push(format);
        }
    }
    readers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::wants::Nobody;

    #[test]
    fn a_file_has_one_format_of_its_own_and_any_number_beside_it() {
        let names = |path, text| -> Vec<_> {
            readers(path, text, &Nobody)
                .iter()
                .map(|format| format.name)
                .collect()
        };
        assert_eq!(
            names("compose.yaml", "# docker compose up\nservices: {}\n"),
            ["compose"]
        );
        assert_eq!(
            names("deploy.sh", "docker compose up\n"),
            ["script", "commands"]
        );
        assert!(names("deploy.sh", "").is_empty());
    }

    #[test]
    fn every_format_is_in_the_schema() {
        for format in ALL {
            assert!(
                crate::model::schema::FORMATS.contains(&format.name),
                "{}",
                format.name
            );
        }
    }
}
