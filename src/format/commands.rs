//! Commands in scripts, Makefiles, justfiles and package scripts, as far as they concern an environment: those of a script
//! or a target that is called after one, and those that destroy data, wherever they stand.

use crate::model::file::{self, Nature};
use crate::model::schema::{Kind, command};
use crate::model::{Env, EnvSet, Fact, Span, Str, Value, base_name};
use crate::syntax::json;
use crate::syntax::shell::{self, Command};
use crate::value::wordlist::has;
use crate::value::{self, wipe};

use super::writer::short;
use super::{Claim, Format, Input, Output};

pub static COMMANDS: Format = Format {
    name: "commands",
    doc: "commands of shell scripts, Makefiles, justfiles and package scripts that are called after an environment, and those that destroy data",
    nature: Nature::Script,
    beside: true,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    match Notation::of(name) {
        Some(Notation::Package) => Claim::IfText(|text| text.contains("\"scripts\"")),
        Some(_) => Claim::IfText(|text| !text.is_empty()),
        None => Claim::No,
    }
}

#[derive(Clone, Copy)]
enum Notation {
    Shell,
    Make,
    Just,
    Package,
}

impl Notation {
    fn of(name: &str) -> Option<Self> {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match (name, extension) {
            ("Makefile" | "makefile" | "GNUmakefile", _) | (_, "mk") => Some(Self::Make),
            ("justfile" | "Justfile" | ".justfile", _) | (_, "just") => Some(Self::Just),
            ("package.json", _) => Some(Self::Package),
            (_, "sh" | "bash" | "zsh") => Some(Self::Shell),
            _ => None,
        }
    }
}

/// Lines that run one after the other.
#[derive(Default)]
struct Block<'a> {
    /// Script, target or recipe.
    name: &'a str,
    claim: Option<file::Claim>,
    /// The pieces of text, with where they start.
    pieces: Vec<(&'a str, usize)>,
    /// What runs before it.
    needs: Vec<&'a str>,
}

fn parse(input: &Input) -> Output {
    let blocks = match Notation::of(&input.file.name) {
        Some(Notation::Shell) => vec![Block {
            name: &input.file.name,
            claim: input.file.claim.clone(),
            pieces: vec![(input.text, 0)],
            needs: Vec::new(),
        }],
        Some(Notation::Make | Notation::Just) => recipes(input),
        Some(Notation::Package) => scripts(input),
        None => Vec::new(),
    };
    let mut output = Output::default();
    for block in &blocks {
        commands(input, block, &mut output.facts);
    }
    output
}

/// Targets of a Makefile and recipes of a justfile with their lines.
fn recipes<'a>(input: &'a Input) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut start = 0;
    for line in input.text.split_inclusive('\n') {
        let body = line.trim_start_matches([' ', '\t']);
        let indented = body.len() < line.len();
        if indented {
            let command = body.trim_start_matches(['@', '-', '+']);
            if let Some(block) = blocks.last_mut() {
                block
                    .pieces
                    .push((command, start + line.len() - command.len()));
            }
        } else if let Some((head, needs)) = header(line) {
            blocks.push(Block {
                name: head,
                claim: input.lexicon.words.in_script_name(head),
                pieces: Vec::new(),
                needs: needs.split_whitespace().collect(),
            });
        }
        start += line.len();
    }
    blocks
}

/// `target: needs`, `recipe arguments: needs`; not `NAME := value`.
fn header(line: &str) -> Option<(&str, &str)> {
    let (head, rest) = line.split_once(':')?;
    let head = head.split_whitespace().next()?;
    let is_name = head
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/' | b'@' | b'%'));
    let assigns = rest.starts_with('=') || rest.starts_with(":=") || head.starts_with('.');
    (is_name && !assigns).then_some((
        head.trim_start_matches('@'),
        rest.split('#').next().unwrap_or(rest),
    ))
}

/// The scripts of a package.json.
fn scripts<'a>(input: &'a Input) -> Vec<Block<'a>> {
    let tree = json::parse(input.text);
    let scripts = tree.documents.first().and_then(|root| root.get("scripts"));
    let entries = scripts
        .map(crate::syntax::Node::entries)
        .unwrap_or_default();
    entries
        .iter()
        .filter(|entry| entry.value.text().is_some())
        .map(|entry| {
            let name = entry.key.content(input.text);
            let span = entry.value.content(input.text);
            let name = name.of(input.text);
            Block {
                name,
                claim: of_package_script(input, name),
                pieces: vec![(span.of(input.text), span.start as usize)],
                needs: Vec::new(),
            }
        })
        .collect()
}

/// `start:prod` runs there; `dev:prod`, `test:staging` and `serve:staging` run here, against it.
fn of_package_script(input: &Input, name: &str) -> Option<file::Claim> {
    const THERE: &str = "start deploy release prod production staging launch run up";
    let first = name.split([':', '-', '_', '.']).next().unwrap_or_default();
    let claim = input.lexicon.words.in_script_name(name)?;
    has(THERE, first).then_some(claim)
}

fn commands(input: &Input, block: &Block, facts: &mut Vec<Fact>) {
    let mut before = Before {
        backup: wipe::is_backup(&block.needs),
        question: wipe::is_question(&block.needs),
    };
    for (text, base) in &block.pieces {
        let commands = shell::parse(text);
        for line in shell::lines(&commands) {
            let place = Span::new(base + line.start, base + line.end);
            facts.extend(fact(input, block, line.commands, place, &mut before));
        }
    }
}

/// What has happened earlier in the same script.
#[derive(Clone, Copy)]
struct Before {
    backup: bool,
    question: bool,
}

fn fact(
    input: &Input,
    block: &Block,
    commands: &[Command],
    place: Span,
    before: &mut Before,
) -> Option<Fact> {
    let mut wiped = None;
    let safe = *before;
    for command in commands {
        let words: Vec<&str> = command
            .words
            .iter()
            .map(|word| word.text.as_str())
            .collect();
        wiped = wiped.or_else(|| wipe::of(&words).map(|what| (what, target(input, &words))));
        before.backup |= wipe::is_backup(&words);
        before.question |= wipe::is_question(&words);
    }
    let named = wiped.as_ref().and_then(|(_, target)| target.clone());
    let claim = named.or_else(|| block.claim.clone());
    if wiped.is_none() && claim.is_none() {
        return None;
    }
    let first = commands
        .iter()
        .find_map(|one| one.words.get(one.program()?))?;
    if has("fi done esac else then do { } function", &first.text) {
        return None;
    }
    let line = place.of(input.text);
    let mut fact = described(input, block, line, place);
    if let Some((what, _)) = wiped {
        fact.set(command::WIPES, Value::Word(what));
        fact.set(command::AFTER_BACKUP, safe.backup.into());
        fact.set(command::AFTER_QUESTION, safe.question.into());
    }
    if let Some(claim) = claim {
        fact.env = Some(claim.env);
        fact.env_reason = claim.reason;
    }
    Some(fact)
}

fn described(input: &Input, block: &Block, line: &str, place: Span) -> Fact {
    let masked = value::command::masked(&line.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut fact = Fact::new(Kind::command, input.file, place, place)
        .with(command::SERVICE, short(block.name))
        .with(command::PROGRAM, short(value::command::program(&masked)))
        .with(command::DEV_SERVER, is_dev_server(input, line))
        .with(command::TEXT, masked);
    fact.set(command::SOURCE, Value::Word("script"));
    fact
}

/// The one environment that the words of a command name: `-f docker-compose.staging.yml`, `shop_prod_data`.
fn target(input: &Input, words: &[&str]) -> Option<file::Claim> {
    let known = &input.lexicon.words;
    let named = |word: &&str| -> Option<Env> {
        if word.contains('/')
            || word.ends_with(".yml")
            || word.ends_with(".yaml")
            || word.contains(".env")
        {
            known.in_path(word).map(|claim| claim.env)
        } else {
            known.named(word)
        }
    };
    let objects = words.iter().skip(1).filter(|word| !word.starts_with('-'));
    let envs = EnvSet::of(objects.filter_map(named));
    let env = envs.iter().next().filter(|_| envs.len() == 1)?;
    let reason = Str::from("the command names it");
    Some(file::Claim { env, reason })
}

/// In a package script the servers of bundlers are for whoever develops, whatever they are pointed at.
fn is_dev_server(input: &Input, line: &str) -> bool {
    const BUNDLERS: &str = "\
        ng react-scripts vite next nuxt vue-cli-service webpack webpack-dev-server parcel gatsby expo react-native \
        astro storybook craco rsbuild";
    let bundles = input.file.name.as_ref() == "package.json"
        && line.split_whitespace().any(|word| has(BUNDLERS, word));
    !bundles && value::command::is_dev_server(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_recipes() {
        assert_eq!(
            header("wipe-prod: backup # x\n"),
            Some(("wipe-prod", " backup "))
        );
        assert_eq!(header("deploy env: build"), Some(("deploy", " build")));
        for line in ["X := 1", "X=1", ".PHONY: a", "# a: b", "$(X): y"] {
            assert_eq!(header(line), None, "{line}");
        }
    }
}
