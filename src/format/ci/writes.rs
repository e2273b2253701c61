//! Files that steps write, and what becomes of them: an env file made of secrets is fine on a runner that is thrown away,
//! and a leak in an artifact or a commit.

use crate::format::written::bounded;
use crate::model::schema::{Kind, file_write, workflow_artifact};
use crate::model::{Fact, Value, base_name};
use crate::syntax::shell::{self, Command, Word};
use crate::value::wordlist::has;
use crate::value::words::tokens;

use super::place::Place;
use super::steps::Secrets;
use super::{Artifact, Emitter, Job, Script, bind, reach};

/// A file that a step wrote.
#[derive(Debug)]
pub(super) struct Written {
    path: String,
    secret: Option<String>,
}

impl Emitter<'_> {
    /// The files that a script writes with `>`, `>>` and `tee`.
    pub(super) fn writes(
        &mut self,
        job: &Job,
        script: &Script,
        commands: &[Command],
        secrets: &Secrets,
        place: &Place,
        written: &mut Vec<Written>,
    ) {
        let mut piped: Vec<&Command> = Vec::new();
        for command in commands {
            piped.push(command);
            for (target, appends) in targets(command) {
                let sources = if is_tee(command) {
                    piped.as_slice()
                } else {
                    piped.get(piped.len() - 1..).unwrap_or_default()
                };
                let sources = if piped.len() > 1 {
                    piped.as_slice()
                } else {
                    sources
                };
                self.written(
                    job,
                    script,
                    sources,
                    (target, appends),
                    secrets,
                    place,
                    written,
                );
            }
            if !command.pipes {
                piped.clear();
            }
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "a file stands in the middle of all that its job knows"
    )]
    fn written(
        &mut self,
        job: &Job,
        script: &Script,
        sources: &[&Command],
        (target, appends): (&Word, bool),
        secrets: &Secrets,
        place: &Place,
        written: &mut Vec<Written>,
    ) {
        let path = bounded(target.text.trim());
        if path.starts_with("/dev/") || path.is_empty() {
            return;
        }
        let runner = path.starts_with('$') && path.contains("GITHUB_");
        let path_env = self.input.lexicon.words.in_path(path).filter(|_| !runner);
        let inner = match &path_env {
            Some(claim) if is_env_file(path) => Place {
                env: Some(claim.env),
                reason: claim.reason.clone(),
                ..place.clone()
            },
            _ => place.clone(),
        };
        if is_env_file(path) || (runner && path.contains("GITHUB_ENV")) {
            for source in sources {
                self.bindings(job, script, source, &inner);
            }
        }
        if runner {
            return;
        }
        let secret = sources
            .iter()
            .find_map(|source| self.secret_in(script, source, secrets));
        let span = script.span(target.start, target.end);
        let mut fact = Fact::new(Kind::file_write, self.input.file, span, span)
            .with(file_write::JOB, job.id)
            .with(file_write::PATH, path)
            .with(file_write::PATH_ENV, path_env.map(|claim| claim.env))
            .with(file_write::APPENDS, appends)
            .with(file_write::SECRET, secret.as_deref().map(bounded));
        fact.set(file_write::SOURCE, Value::Word("workflow"));
        inner.stamp(&mut fact);
        self.facts.push(fact);
        written.push(Written {
            path: path.to_owned(),
            secret,
        });
    }

    /// `NAME=value` words of an `echo` and lines of a heredoc, as variables.
    fn bindings(&mut self, job: &Job, script: &Script, source: &Command, place: &Place) {
        let first = source.words.first().map_or("", |word| word.text.as_str());
        if has("echo printf", first) {
            for word in source.words.iter().skip(1) {
                let raw = script.text.get(word.start..word.end).unwrap_or_default();
                self.binding(job, script, raw, word.start, place);
            }
        }
        let Some((start, end)) = source.heredoc else {
            return;
        };
        let mut at = start;
        for line in script
            .text
            .get(start..end)
            .unwrap_or_default()
            .split_inclusive('\n')
        {
            let lead = line.len() - line.trim_start().len();
            self.binding(job, script, line.trim(), at + lead, place);
            at += line.len();
        }
    }

    /// `NAME=value`, with quotes around all of it or around the value.
    fn binding(&mut self, job: &Job, script: &Script, raw: &str, start: usize, place: &Place) {
        let quotes = ['"', '\''];
        let open = usize::from(raw.starts_with(quotes));
        let inner = raw.get(open..).unwrap_or_default();
        let inner = if open > 0 {
            inner.strip_suffix(quotes).unwrap_or(inner)
        } else {
            inner
        };
        let Some((name, value)) = inner.split_once('=') else {
            return;
        };
        let bare = name.strip_prefix("export ").unwrap_or(name);
        if !shell::is_name(bare) {
            return;
        }
        let value = value.trim_end_matches("\\n");
        let quoted = value.len() > 1
            && quotes
                .iter()
                .any(|quote| value.starts_with(*quote) && value.ends_with(*quote));
        let lead = usize::from(quoted);
        let text = value.get(lead..value.len() - lead).unwrap_or_default();
        let key = start + open + (name.len() - bare.len());
        let from = start + open + name.len() + 1 + lead;
        let key = script.span(key, key + bare.len());
        let span = if text.is_empty() {
            key
        } else {
            script.span(from, from + text.len())
        };
        self.bind_text(bounded(bare), key, text, span, Some(job.id), place);
    }

    /// The first secret in what a command hands over.
    fn secret_in(&self, script: &Script, source: &Command, secrets: &Secrets) -> Option<String> {
        let body = source
            .heredoc
            .and_then(|(start, end)| script.text.get(start..end));
        let words = source
            .words
            .iter()
            .map(|word| script.text.get(word.start..word.end).unwrap_or_default());
        words.chain(body).find_map(|text| {
            bind::secret_of(text).or_else(|| {
                bind::shell_names(text).into_iter().find_map(|(name, ..)| {
                    let known = secrets.get(name).cloned();
                    let declared = || self.pipeline.vars.iter().any(|var| var.name == name);
                    known.or_else(|| {
                        let platform =
                            self.pipeline.shell_secrets && bind::is_credential(name) && !declared();
                        platform.then(|| name.to_owned())
                    })
                })
            })
        })
    }

    pub(super) fn artifact(
        &mut self,
        job: &Job,
        artifact: &Artifact,
        written: &[Written],
        place: &Place,
    ) {
        let path = bounded(&artifact.path);
        let secret = written
            .iter()
            .filter(|file| covers(artifact, &file.path))
            .find_map(|file| file.secret.as_deref());
        let path_env = self
            .input
            .lexicon
            .words
            .in_path(path)
            .map(|claim| claim.env);
        let mut fact = Fact::new(
            Kind::workflow_artifact,
            self.input.file,
            artifact.span,
            artifact.span,
        )
        .with(workflow_artifact::JOB, job.id)
        .with(workflow_artifact::PATH, path)
        .with(workflow_artifact::ENV_FILE, is_env_file(path))
        .with(workflow_artifact::PATH_ENV, path_env)
        .with(workflow_artifact::SECRET, secret.map(bounded));
        fact.set(workflow_artifact::ACTION, Value::Word(artifact.action));
        place.stamp(&mut fact);
        self.facts.push(fact);
    }
}

/// Paths of `git add`; a folder or everything is left to the ignore file, which decides what comes along.
pub(super) fn committed(commands: &[Command], script: &Script) -> Vec<Artifact> {
    let mut found = Vec::new();
    for command in commands {
        let words: Vec<&str> = command
            .words
            .iter()
            .map(|word| word.text.as_str())
            .collect();
        if words.first() != Some(&"git") || words.get(1) != Some(&"add") {
            continue;
        }
        for word in command.words.iter().skip(2) {
            let option = word.text.starts_with('-');
            let named = word
                .text
                .rsplit('/')
                .next()
                .is_some_and(|name| name.contains('.') && name != ".");
            if !option && named {
                found.push(Artifact {
                    action: "commit",
                    path: word.text.clone(),
                    span: script.span(word.start, word.end),
                    hidden: true,
                });
            }
        }
    }
    found
}

/// An env file by its name, and no template.
pub(in crate::format) fn is_env_file(path: &str) -> bool {
    let name = base_name(path);
    let named = name == ".env"
        || name.starts_with(".env.")
        || (name.ends_with(".env") && !name.contains(['$', '*']));
    named
        && !tokens(name).any(|token| {
            token.is_one_of(&["example", "sample", "template", "dist", "tpl", "schema"])
        })
}

fn targets(command: &Command) -> Vec<(&Word, bool)> {
    let mut found: Vec<(&Word, bool)> = command
        .redirects
        .iter()
        .filter(|redirect| !redirect.errors)
        .map(|redirect| (&redirect.target, redirect.appends))
        .collect();
    if is_tee(command) {
        let appends = command.words.iter().any(|word| word.text == "-a");
        let files = command
            .words
            .iter()
            .skip_while(|word| word.text != "tee")
            .skip(1);
        found.extend(
            files
                .filter(|word| !word.text.starts_with('-'))
                .map(|word| (word, appends)),
        );
    }
    found
}

fn is_tee(command: &Command) -> bool {
    let program = command.program().and_then(|at| command.words.get(at));
    program.is_some_and(|word| word.text == "tee")
}

/// Whether an artifact takes a file along.
fn covers(artifact: &Artifact, file: &str) -> bool {
    let plain = |path: &str| {
        path.trim_start_matches("./")
            .trim_end_matches('/')
            .to_owned()
    };
    let (path, file) = (plain(&artifact.path), plain(file));
    if path == file {
        return true;
    }
    if file.starts_with(['/', '~', '$']) || path.starts_with('!') {
        return false;
    }
    let hidden = file.split('/').any(|part| part.starts_with('.'));
    if hidden && !artifact.hidden {
        return false;
    }
    let whole = matches!(path.as_str(), "" | "." | "*" | "**" | "**/*");
    let folder = file
        .strip_prefix(&path)
        .is_some_and(|rest| rest.starts_with('/'));
    whole || folder || (path.contains('*') && reach::matches(&path, &file))
}
