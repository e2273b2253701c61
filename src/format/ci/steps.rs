//! The steps of a job: its command lines, the secrets in them, and what they print.

use crate::format::written::bounded;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::schema::{Kind, command};
use crate::model::{Env, Fact, Value};
use crate::syntax::shell::{self, Command};
use crate::value;
use crate::value::wordlist::has;

use super::place::{self, Place};
use super::writes::Written;
use super::{Emitter, Job, Script, Step, Use, Var, bind};

/// Variables that hold a secret, with the secret's name.
pub(super) type Secrets = BTreeMap<String, String>;

impl Emitter<'_> {
    pub(super) fn steps(&mut self, job: &Job, place: &Place) {
        let mut outer = Secrets::new();
        learn(&mut outer, &self.pipeline.vars);
        learn(&mut outer, &job.vars);
        let mut written = Vec::new();
        let mut handed = Vec::new();
        for step in &job.steps {
            let apart = place::step_tests(step)
                && (place.deploys || place.env.is_some())
                && place.env != Some(Env::TEST);
            let at = if apart {
                place.of_tests()
            } else {
                place.clone()
            };
            for var in &step.vars {
                self.bind(var, Some(job.id), &at);
            }
            for used in &step.uses {
                self.used(used, Some(job.id), place);
            }
            let mut secrets = outer.clone();
            learn(&mut secrets, &step.vars);
            for script in &step.scripts {
                self.script(
                    job,
                    step,
                    script,
                    &secrets,
                    (place, &at),
                    &mut written,
                    &mut handed,
                );
            }
            handed.extend(step.artifacts.iter().cloned());
        }
        for artifact in &handed {
            self.artifact(job, artifact, &written, place);
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "a script reads and adds to all that its job knows"
    )]
    fn script(
        &mut self,
        job: &Job,
        step: &Step,
        script: &Script,
        secrets: &Secrets,
        (place, at): (&Place, &Place),
        written: &mut Vec<Written>,
        handed: &mut Vec<super::Artifact>,
    ) {
        let commands = shell::parse(script.text);
        for line in shell::lines(&commands) {
            self.line(job, script, line, at);
        }
        for mut used in bind::uses(script) {
            used.printed = printed(&commands, script, &used);
            self.used(&used, Some(job.id), place);
        }
        for used in self.read_by_shell(&commands, script, secrets, step, job) {
            self.used(&used, Some(job.id), place);
        }
        self.writes(job, script, &commands, secrets, at, written);
        handed.extend(super::writes::committed(&commands, script));
    }

    fn line(&mut self, job: &Job, script: &Script, line: shell::Line<'_>, place: &Place) {
        let text = script.text.get(line.start..line.end).unwrap_or_default();
        let Some(first) = line.commands.iter().find_map(|command| {
            let at = command.program()?;
            command.words.get(at)
        }) else {
            return;
        };
        if has("fi done esac else then do { }", &first.text) {
            return;
        }
        let dev = line.commands.iter().any(is_dev_server);
        let masked = value::command::masked(&on_one_line(text));
        let program = value::command::masked(&first.text);
        let span = script.span(line.start, line.end);
        let key = script.span(first.start, first.end);
        let mut fact = Fact::new(Kind::command, self.input.file, key, span)
            .with(command::SERVICE, job.id)
            .with(command::PROGRAM, bounded(&program))
            .with(command::TEXT, masked)
            .with(command::DEV_SERVER, dev);
        fact.set(command::SOURCE, Value::Word("workflow"));
        place.stamp(&mut fact);
        self.facts.push(fact);
    }

    /// Secrets that a command reads from the shell: those it prints, and where the platform hands over all of them as
    /// variables, those that nothing in the file binds.
    fn read_by_shell(
        &self,
        commands: &[Command],
        script: &Script,
        secrets: &Secrets,
        step: &Step,
        job: &Job,
    ) -> Vec<Use> {
        let assigned = assigned(step);
        let bound = |name: &str| {
            let all = [&self.pipeline.vars, &job.vars, &step.vars];
            assigned.contains(name)
                || all
                    .iter()
                    .any(|vars| vars.iter().any(|var| var.name == name))
        };
        let mut found = Vec::new();
        for command in commands {
            let prints = is_printed(command);
            for word in &command.words {
                let raw = script.text.get(word.start..word.end).unwrap_or_default();
                for (name, start, end) in bind::shell_names(raw) {
                    let known = secrets.get(name);
                    let platform = self.pipeline.shell_secrets
                        && known.is_none()
                        && !bound(name)
                        && !name.starts_with("CI_")
                        && bind::is_credential(name);
                    if platform || (prints && known.is_some()) {
                        found.push(Use {
                            name: known.map_or(name, String::as_str).to_owned(),
                            context: "secrets",
                            span: script.span(word.start + start, word.start + end),
                            printed: prints,
                            inherited: None,
                        });
                    }
                }
            }
        }
        found
    }
}

/// Names that the scripts of a step set themselves.
fn assigned(step: &Step) -> BTreeSet<String> {
    let commands = step
        .scripts
        .iter()
        .flat_map(|script| shell::parse(script.text));
    let words = commands.flat_map(|command| command.words);
    let names = words.filter_map(|word| {
        let (name, _) = word.text.split_once('=')?;
        shell::is_name(name).then(|| name.to_owned())
    });
    names.collect()
}

/// A line that `\` goes on with, without the break.
fn on_one_line(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.trim_end().trim_end_matches('\\').trim());
    lines.collect::<Vec<_>>().join(" ")
}

fn learn(secrets: &mut Secrets, vars: &[Var]) {
    for var in vars {
        match bind::secret_of(var.value.text) {
            Some(secret) => secrets.insert(var.name.to_owned(), secret),
            None => secrets.remove(var.name),
        };
    }
}

/// Starts a development server; programs that speak about commands, or watch something else, do not.
fn is_dev_server(command: &Command) -> bool {
    let Some(program) = command.program().and_then(|at| command.words.get(at)) else {
        return false;
    };
    if has(
        "echo printf cat git gh glab kubectl oc helm aws az gcloud flyctl fly heroku grep sed awk [ [[ test docker-buildx curl",
        &program.text,
    ) {
        return false;
    }
    let words: Vec<&str> = command
        .words
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    let line = words.join(" ");
    let inspects = has("docker podman crane skopeo", &program.text) && words.contains(&"inspect");
    !inspects && value::command::is_dev_server(&line)
}

/// `echo` and `printf` whose output goes nowhere else.
fn is_printed(command: &Command) -> bool {
    let first = command.words.first().map_or("", |word| word.text.as_str());
    let hides = command
        .words
        .iter()
        .any(|word| word.text.contains("::add-mask::"));
    has("echo printf", first)
        && !hides
        && !command.pipes
        && command.redirects.iter().all(|redirect| redirect.errors)
}

fn printed(commands: &[Command], script: &Script, used: &Use) -> bool {
    commands
        .iter()
        .filter(|command| is_printed(command))
        .any(|command| {
            command.words.iter().any(|word| {
                let span = script.span(word.start, word.end);
                span.start <= used.span.start && used.span.end <= span.end
            })
        })
}
