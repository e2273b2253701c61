//! Spring Boot's `application.yml` and its kin, of Micronaut and Quarkus too: profiles by the name of the file, by a
//! document that is only for one (`spring.config.activate.on-profile`), and by a prefix of the key (`%prod.`).

use super::{Reader, Value, is_worth_it};
use crate::format::{Claim, Format, Input, Output};
use crate::model::file::{self, Nature};
use crate::model::{Str, base_name};
use crate::syntax::leaves::{cut, leaves};
use crate::syntax::{Offsets, placeholder, properties, yaml};

pub static SPRING: Format = Format {
    name: "spring",
    doc: "`application.yml`, `application-prod.properties`, `bootstrap.yml` of Spring, Micronaut and Quarkus, with their profiles",
    nature: Nature::Settings,
    beside: false,
    claims,
    parse,
};

/// Keys that say which profiles a document is for.
const PROFILES: &[&str] = &[
    "spring.config.activate.on-profile",
    "spring.config.activate.onProfile",
    "spring.profiles",
];

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    let rest = ["application", "bootstrap"]
        .iter()
        .find_map(|start| name.strip_prefix(start));
    let Some((profile, extension)) = rest.and_then(|rest| rest.rsplit_once('.')) else {
        return Claim::No;
    };
    let is_profile = profile.is_empty() || profile.starts_with(['-', '.']);
    match extension {
        "yml" | "yaml" if is_profile => Claim::IfText(is_no_manifest),
        "properties" if is_profile => Claim::Yes,
        _ => Claim::No,
    }
}

/// `application.yaml` is what people call an Argo CD object, too.
fn is_no_manifest(text: &str) -> bool {
    !(text.contains("apiVersion:") && text.contains("kind:"))
}

fn parse(input: &Input) -> Output {
    let mut reader = Reader::new(input, placeholder::parse_in);
    if input.file.ext() == "properties" {
        of_properties(&mut reader);
    } else {
        of_yaml(&mut reader);
    }
    reader.output
}

fn of_yaml(reader: &mut Reader) {
    let masked = filtered(reader.input.text);
    let tree = yaml::parse(masked.as_deref().unwrap_or(reader.input.text));
    let mut problems = tree.problems;
    for document in tree.documents.iter().filter(|document| document.is_map()) {
        let leaves = leaves(document);
        problems.extend(cut(&leaves));
        let profile = leaves
            .iter()
            .find(|leaf| PROFILES.contains(&leaf.path.as_str()));
        let claim = profile.and_then(|leaf| claim(reader.input, leaf.node.text()?));
        if profile.is_some() && claim.is_none() {
            continue;
        }
        for leaf in leaves.iter().filter(|leaf| is_worth_it(leaf)) {
            let (name, own) = by_prefix(reader.input, &leaf.path);
            reader.leaf(name, leaf, own.as_ref().or(claim.as_ref()));
        }
    }
    reader.output.problems = problems;
}

fn of_properties(reader: &mut Reader) {
    for document in properties::parse(reader.input.text) {
        let profile = document.iter().find(|one| PROFILES.contains(&one.name));
        let claim = profile.and_then(|one| claim(reader.input, one.text));
        if profile.is_some() && claim.is_none() {
            continue;
        }
        for one in document {
            let (name, own) = by_prefix(reader.input, one.name);
            let value = Value {
                text: one.text,
                span: one.value,
                offsets: &Offsets::at(one.value.start),
            };
            reader.bind(name, one.key, &value, own.as_ref().or(claim.as_ref()));
        }
    }
}

/// `active: @profile@`, which Maven fills in, is no YAML yet: the signs around such names are masked, byte for byte.
fn filtered(text: &str) -> Option<String> {
    if !text.contains(": @") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let end = line.trim_end();
        let value = end.split_once(": @").map(|(_, value)| value);
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@');
        match value {
            Some(value) if value.ends_with('@') && value.bytes().all(is_name) => {
                out.push_str(&line.replace('@', "_"));
            }
            _ => out.push_str(line),
        }
    }
    Some(out)
}

/// The environment of the only profile named; of several, of `!prod` and of one that is none, nothing is known.
fn claim(input: &Input, profiles: &str) -> Option<file::Claim> {
    let env = input.lexicon.words.named(profiles.trim())?;
    let reason = Str::from(format!("the profile `{}` of its document", profiles.trim()));
    (!profiles.contains(['!', '|', '&', ','])).then_some(file::Claim { env, reason })
}

/// `%prod.quarkus.datasource.password`.
fn by_prefix<'n>(input: &Input, name: &'n str) -> (&'n str, Option<file::Claim>) {
    let split = name.strip_prefix('%').and_then(|rest| rest.split_once('.'));
    match split {
        Some((profile, name)) => (name, claim(input, profile)),
        None => (name, None),
    }
}
