//! The facts of a Dockerfile.

use std::collections::BTreeMap;

use crate::format::writer::{Belongs, Scope, Writer, short};
use crate::format::{Input, dotenv};
use crate::model::schema::{command, docker_copy, var};
use crate::model::{Fact, Kind, Value, base_name};
use crate::value::kind;
use crate::value::words::tokens;

use super::lines::{Instruction, Word, instructions};
use super::places::{split, tail, unquoted};
use super::stages::{Arguments, Default, Stages, resolve};

pub(super) fn facts(input: &Input) -> Vec<Fact> {
    let instructions = instructions(input.text);
    let stages = Stages::of(&instructions);
    let through = last_words(&instructions, stages.through());
    let mut reader = Reader {
        writer: Writer::new(input, "dockerfile"),
        instructions: &instructions,
        stages: &stages,
        through: &through,
        global: Arguments::new(),
        known: Arguments::new(),
    };
    reader.read();
    reader.writer.facts
}

/// The last place of every variable and command: earlier ones are overwritten.
type Last = BTreeMap<String, usize>;

struct Reader<'a> {
    writer: Writer<'a>,
    instructions: &'a [Instruction],
    stages: &'a Stages,
    /// The last words of the image that is built by default, of all its stages.
    through: &'a Last,
    /// Defaults of arguments in front of the first `FROM`: they hold in `FROM` lines alone.
    global: Arguments,
    /// Defaults that hold in the stage that is being read.
    known: Arguments,
}

impl Reader<'_> {
    fn read(&mut self) {
        let first = self
            .stages
            .all
            .first()
            .map_or(self.instructions.len(), |stage| stage.from);
        for one in self.instructions.iter().take(first) {
            self.argument(one, true);
        }
        for at in 0..self.stages.all.len() {
            self.stage(at);
        }
    }

    fn stage(&mut self, at: usize) {
        let Some(stage) = self.stages.all.get(at) else {
            return;
        };
        let own = stage.name.as_deref().map_or(Belongs::File, |name| {
            Belongs::named(self.writer.input, "stage", name)
        });
        let named = matches!(own, Belongs::To(..));
        let shipped = self.stages.is_shipped(at);
        let belongs = if named || shipped {
            own
        } else {
            Belongs::Nowhere
        };
        let name = stage.name.as_deref();
        let scope = Scope::of(name.unwrap_or(&self.writer.input.file.name)).at(belongs);
        let before = self.writer.facts.len();
        self.known.clear();
        self.base_image(&scope, at);
        let own;
        let last = if shipped && !named {
            self.through
        } else {
            own = last_words(self.instructions, self.stages.own(at));
            &own
        };
        for here in stage.from + 1..stage.to {
            let Some(one) = self.instructions.get(here) else {
                continue;
            };
            match one.keyword.as_str() {
                "ENV" => self.variables(&scope, one, here, last),
                "ARG" => self.argument(one, false),
                "COPY" | "ADD" => self.copies(&scope, one, shipped),
                "CMD" | "ENTRYPOINT" if last.get(&one.keyword) == Some(&here) => {
                    self.command(&scope, one);
                }
                _ => {}
            }
        }
        self.ships(before, shipped);
    }

    /// Says of what a stage sets and starts whether the image that is built by default has it.
    fn ships(&mut self, from: usize, shipped: bool) {
        for fact in self.writer.facts.iter_mut().skip(from) {
            match fact.kind {
                Kind::var => fact.set(var::SHIPPED, shipped.into()),
                Kind::command => fact.set(command::SHIPPED, shipped.into()),
                _ => {}
            }
        }
    }

    fn base_image(&mut self, scope: &Scope, at: usize) {
        let Some((one, word)) =
            self.stages.all.get(at).and_then(|stage| {
                Some((self.instructions.get(stage.from)?, stage.image.as_ref()?))
            })
        else {
            return;
        };
        if self.stages.builds_on_stage(at) {
            return;
        }
        let global = std::mem::take(&mut self.global);
        self.image(scope, one, word, &word.text, &global);
        self.global = global;
    }

    /// An image as written, and the one that holds where no argument is given.
    fn image(
        &mut self,
        scope: &Scope,
        one: &Instruction,
        word: &Word,
        text: &str,
        arguments: &Arguments,
    ) {
        if text.eq_ignore_ascii_case("scratch") {
            return;
        }
        let span = tail(one, word, text);
        self.writer.image(scope, one.key, text, span);
        let resolved = resolve(text, arguments).filter(|found| {
            !found.text.eq_ignore_ascii_case("scratch") && !self.stages.has(&found.text)
        });
        if let Some(found) = resolved {
            let span = found.span.unwrap_or(span);
            self.writer
                .image_of(scope, one.key, &found.text, span, "fallback");
        }
    }

    fn variables(&mut self, scope: &Scope, one: &Instruction, here: usize, last: &Last) {
        for (name, value) in bindings(one) {
            let belongs = if last.get(&name.text) == Some(&here) {
                scope.belongs.clone()
            } else {
                Belongs::Nowhere
            };
            let scope = scope.clone().at(belongs);
            let key = one.span(name.from, name.to);
            let span = unquoted(one, &value);
            self.writer.bind(&scope, &name.text, key, &value.text, span);
            let Some(found) = resolve(&value.text, &self.known) else {
                continue;
            };
            let from = self.writer.facts.len();
            self.writer.bind(
                &scope,
                &name.text,
                key,
                &found.text,
                found.span.unwrap_or(span),
            );
            self.as_fallback(from);
        }
    }

    /// `ARG NAME`, `ARG NAME=default`, several in one line.
    fn argument(&mut self, one: &Instruction, global: bool) {
        if one.keyword != "ARG" {
            return;
        }
        for word in one.words() {
            let Some((name, value)) = word.text.split_once('=') else {
                // A stage that names an argument of the head takes its default over.
                if let Some(default) = self.global.get(&word.text) {
                    self.known.insert(word.text.clone(), default.clone());
                }
                continue;
            };
            let (name, value) = split(one, &word, name, value);
            let span = unquoted(one, &value);
            let scope = Scope::default().at(Belongs::Nowhere);
            let from = self.writer.facts.len();
            let key = one.span(name.from, name.to);
            self.writer.bind(&scope, &name.text, key, &value.text, span);
            self.as_fallback(from);
            let arguments = if global {
                &mut self.global
            } else {
                &mut self.known
            };
            if !kind::has_reference(&value.text) {
                arguments.insert(
                    name.text,
                    Default {
                        value: value.text,
                        span,
                    },
                );
            }
        }
    }

    fn as_fallback(&mut self, from: usize) {
        for fact in self.writer.facts.iter_mut().skip(from) {
            if fact.kind == Kind::var {
                fact.set(var::ORIGIN, Value::Word("fallback"));
            }
        }
    }

    fn copies(&mut self, scope: &Scope, one: &Instruction, shipped: bool) {
        let words = one.words();
        let flags: Vec<&Word> = words
            .iter()
            .take_while(|word| word.text.starts_with("--"))
            .collect();
        let from = flags
            .iter()
            .find_map(|word| Some((*word, word.text.strip_prefix("--from=")?)));
        if let Some((word, image)) = from {
            if !self.stages.has(image) && !image.contains('$') {
                self.image(scope, one, word, image, &Arguments::new());
            }
            return;
        }
        let array = one.array();
        let mut sources: Vec<&Word> = match &array {
            Some(words) => words.iter().collect(),
            None => words.iter().skip(flags.len()).collect(),
        };
        sources.pop();
        for word in sources {
            self.copy(scope, one, word, shipped);
        }
    }

    fn copy(&mut self, scope: &Scope, one: &Instruction, word: &Word, shipped: bool) {
        let source = short(&word.text);
        if source.contains("://") || source.starts_with("<<") || source.starts_with("git@") {
            return;
        }
        let input = self.writer.input;
        let env_file = is_env_file(source);
        let env = input
            .lexicon
            .words
            .in_path(source)
            .filter(|_| env_file)
            .map(|claim| claim.env);
        let span = one.span(word.from, word.to);
        let fact = Fact::new(Kind::docker_copy, input.file, one.key, span)
            .with(docker_copy::SRC, source)
            .with(docker_copy::SRC_ENV, env)
            .with(docker_copy::ENV_FILE, env_file)
            .with(docker_copy::WHOLE, is_whole(source))
            .with(docker_copy::SHIPPED, shipped);
        self.writer.push(scope, fact);
    }

    fn command(&mut self, scope: &Scope, one: &Instruction) {
        let line = one.array().map_or_else(
            || {
                let words: Vec<&str> = one.text.split_whitespace().collect();
                words.join(" ")
            },
            |words| {
                let words: Vec<String> = words.into_iter().map(|word| word.text).collect();
                words.join(" ")
            },
        );
        self.writer.line(scope, one.key, &line, one.whole());
    }
}

fn last_words(instructions: &[Instruction], sequence: impl Iterator<Item = usize>) -> Last {
    let mut last = Last::new();
    for here in sequence {
        let Some(one) = instructions.get(here) else {
            continue;
        };
        match one.keyword.as_str() {
            "ENV" => last.extend(bindings(one).into_iter().map(|(name, _)| (name.text, here))),
            "CMD" | "ENTRYPOINT" => {
                last.insert(one.keyword.clone(), here);
            }
            _ => {}
        }
    }
    last
}

/// `ENV A=1 B=2`, and the older `ENV A 1`.
fn bindings(one: &Instruction) -> Vec<(Word, Word)> {
    let words = one.words();
    let older = words.first().is_some_and(|word| !word.text.contains('='));
    if older {
        let [name, value, ..] = words.as_slice() else {
            return Vec::new();
        };
        let to = one.text.trim_end().len();
        let value = Word {
            text: one.text.get(value.from..to).unwrap_or_default().to_owned(),
            from: value.from,
            to,
        };
        return vec![(name.clone(), value)];
    }
    words
        .into_iter()
        .filter_map(|word| {
            let (name, value) = word.text.split_once('=')?;
            let pair = split(one, &word, name, value);
            (!name.is_empty()).then_some(pair)
        })
        .collect()
}

/// `.env`, `.env.production`, `config/prod.env*`; no form to fill in.
fn is_env_file(source: &str) -> bool {
    const FORMS: [&str; 9] = [
        "example", "sample", "template", "dist", "defaults", "default", "tmpl", "tpl", "schema",
    ];
    let path = source.trim_start_matches("./").trim_end_matches('*');
    let name = base_name(path);
    dotenv::is_surely(path) && !tokens(name).any(|token| token.is_one_of(&FORMS))
}

/// The folder that is sent to the builder, or everything in it.
fn is_whole(source: &str) -> bool {
    matches!(source, "." | "./" | "/" | "*" | "./*" | "/." | "./.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn env_files_are_told_from_forms() {
        for source in [".env", "./.env.production", "config/prod.env", ".env*"] {
            assert!(is_env_file(source), "{source}");
        }
        for source in [
            ".env.example",
            "src",
            ".",
            "env.py",
            ".envrc",
            "environment.yml",
        ] {
            assert!(!is_env_file(source), "{source}");
        }
    }
}
