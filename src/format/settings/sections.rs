//! One file for all environments, each its own section: Rails' `config/database.yml` and the YAML and JSON files that
//! frameworks lay out like it. Tags of ERB are masked, so that what is around them can be read as YAML.

use super::{Reader, Value, is_worth_it, root};
use crate::format::{Claim, Format, Input, Output, values};
use crate::model::Str;
use crate::model::file::{self, Nature};
use crate::syntax::leaves::{Leaf, join, leaves};
use crate::syntax::{Node, Offsets, erb};

pub static SECTIONS: Format = Format {
    name: "sections",
    doc: "`config/database.yml` of Rails and other YAML and JSON files under `config/` whose sections are environments",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = folders.rsplit('/').next().unwrap_or_default();
    let is_here = matches!(folder, "config" | "conf" | "configs");
    let may_be = matches!(
        name.rsplit_once('.'),
        Some((_, "yml" | "yaml") | ("config" | "database", "json"))
    );
    if is_here && may_be {
        Claim::IfText(has_sections)
    } else {
        Claim::No
    }
}

/// Two environments at least, each at the start of a line or of the only object.
fn has_sections(text: &str) -> bool {
    let words = ["development", "test", "production", "staging"];
    let named = |word: &&str| {
        text.lines().any(|line| {
            let key = line.trim_end();
            let key = key
                .strip_prefix("  ")
                .unwrap_or(key)
                .trim_start_matches('"');
            key.strip_prefix(*word)
                .is_some_and(|rest| rest.trim_start_matches('"').trim_start().starts_with(':'))
        })
    };
    words.iter().filter(|word| named(word)).count() >= 2
}

fn parse(input: &Input) -> Output {
    if erb::decides(input.text) {
        return Output::default();
    }
    let masked = erb::mask(input.text);
    let tree = values::tree(input.file.ext(), &masked);
    let mut reader = Reader::new(input, erb::references);
    for entry in root(&tree.documents).map(Node::entries).unwrap_or_default() {
        let Some(claim) = entry.key.text().and_then(|name| claim(input, name)) else {
            continue;
        };
        for leaf in leaves(&entry.value).iter().filter(|leaf| is_worth_it(leaf)) {
            section(&mut reader, leaf, &claim);
        }
    }
    // What does not read with its tags masked may read well once they have run.
    if masked == input.text {
        reader.output.problems = tree.problems;
    }
    reader.output
}

/// A section that is called like an environment, and nothing else.
fn claim(input: &Input, section: &str) -> Option<file::Claim> {
    let env = input.lexicon.words.named(section)?;
    let reason = Str::from(format!("the section `{section}`"));
    Some(file::Claim { env, reason })
}

/// The file says what the settings are of: `database.password`. Values are read from the text as it is, tags included.
fn section(reader: &mut Reader, leaf: &Leaf, claim: &file::Claim) {
    let file = &reader.input.file;
    let stem = file.name.split('.').next().unwrap_or_default();
    let name = join(stem, &leaf.path);
    let span = leaf.node.content(reader.input.text);
    if !span.of(reader.input.text).contains("<%") {
        return reader.leaf(&name, leaf, Some(claim));
    }
    let value = Value {
        text: span.of(reader.input.text),
        span,
        offsets: &Offsets::at(span.start),
    };
    let key = if leaf.key.is_empty() { span } else { leaf.key };
    reader.bind(&name, key, &value, Some(claim));
}
