//! `docker compose …` in the middle of any text: a script, a Makefile, a CI job, a README.
//!
//! Which files a project merges is written in the commands people run, far more often than in any file Compose reads. The
//! search looks for the words themselves rather than parsing each host language: a command inside a quoted variable, a
//! YAML scalar or a fenced block is as good as one in a script. What follows is read up to the subcommand.

use crate::model::Span;

/// One invocation, as far as the text says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComposeRun {
    /// From the program's first word to the last option that was read.
    pub span: Span,
    pub files: Vec<String>,
    pub env_files: Vec<String>,
    pub profiles: Vec<String>,
    pub project_name: Option<String>,
    pub project_directory: Option<String>,
    /// Folder a `cd` on the same line entered first.
    pub cwd: Option<String>,
    /// `up`, `build`, `config` …; empty where the text ends before it.
    pub subcommand: String,
}

const PROGRAMS: &[&str] = &[
    "docker compose",
    "docker-compose",
    "podman compose",
    "podman-compose",
    "nerdctl compose",
    "docker stack deploy",
];

/// Every invocation in the text, in order. Linear in the text.
pub fn find(text: &str) -> Vec<ComposeRun> {
    let mut runs = Vec::new();
    let mut from = 0;
    while let Some((start, end)) = next_program(text, from) {
        let run = read(text, start, end);
        from = (run.span.end as usize).max(end);
        runs.push(run);
    }
    runs
}

/// The nearest program name at a word boundary at or after `from`.
fn next_program(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(found) = nearest_word(text, at) {
        let rest = text.get(found..)?;
        let program = PROGRAMS.iter().find(|program| rest.starts_with(**program));
        if let Some(program) = program
            && is_boundary(text, found, found + program.len())
        {
            return Some((found, found + program.len()));
        }
        at = found + 1;
    }
    None
}

/// The next place one of the first words of `PROGRAMS` begins.
fn nearest_word(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    ["docker", "podman", "nerdctl"]
        .iter()
        .filter_map(|word| rest.find(word))
        .min()
        .map(|at| from + at)
}

fn is_boundary(text: &str, start: usize, end: usize) -> bool {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let after = text.get(end..).and_then(|tail| tail.chars().next());
    // `/usr/bin/docker compose` is the program, `docker-compose.yml` and `my-docker-compose` are not.
    !before.is_some_and(|c| inside(c) && c != '/') && !after.is_some_and(inside)
}

fn read(text: &str, start: usize, end: usize) -> ComposeRun {
    let mut run = ComposeRun {
        span: Span::new(start, end),
        cwd: entered_folder(text, start),
        ..ComposeRun::default()
    };
    run.files = assigned_files(text, start);
    let mut words = Words { text, at: end };
    while let Some((word, word_end)) = words.next_word() {
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) if name.starts_with('-') => {
                (name.to_owned(), Some(value.to_owned()))
            }
            _ => (word.clone(), None),
        };
        if !name.starts_with('-') {
            run.subcommand = name;
            break;
        }
        let Some(list) = Slot::of(&name) else {
            run.span.end = Span::new(0, word_end).end;
            continue;
        };
        let Some((value, value_end)) = inline
            .map(|value| (value, word_end))
            .or_else(|| words.next_word())
        else {
            break;
        };
        list.put(&mut run, value);
        run.span.end = Span::new(0, value_end).end;
    }
    run
}

/// Which part of an invocation an option fills.
enum Slot {
    File,
    EnvFile,
    Profile,
    ProjectName,
    ProjectDirectory,
    /// Takes a value that says nothing about the stack.
    Other,
}

impl Slot {
    fn of(option: &str) -> Option<Self> {
        Some(match option {
            "-f" | "--file" | "-c" | "--compose-file" => Self::File,
            "--env-file" => Self::EnvFile,
            "--profile" => Self::Profile,
            "-p" | "--project-name" => Self::ProjectName,
            "--project-directory" => Self::ProjectDirectory,
            "--ansi" | "--parallel" | "--progress" | "-H" | "--host" | "--context" => Self::Other,
            _ => return None,
        })
    }

    fn put(&self, run: &mut ComposeRun, value: String) {
        match self {
            Self::File => run.files.push(value),
            Self::EnvFile => run.env_files.push(value),
            Self::Profile => run.profiles.push(value),
            Self::ProjectName => run.project_name = Some(value),
            Self::ProjectDirectory => run.project_directory = Some(value),
            Self::Other => {}
        }
    }
}

/// Words of one logical line: quotes removed, a backslash before a line break joins lines.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl Words<'_> {
    /// The next word and where it ends; `None` at the end of the command.
    fn next_word(&mut self) -> Option<(String, usize)> {
        self.skip_blanks();
        let mut word = String::new();
        let rest = self.text.get(self.at..)?;
        let mut end = self.at;
        for (offset, c) in rest.char_indices() {
            match c {
                // Quotes inside JSON and YAML strings arrive as `\"`: the backslash goes with the quote.
                '"' | '\'' | '\\' => {}
                c if c.is_whitespace()
                    || matches!(c, ';' | '|' | '&' | ')' | '<' | '>' | ',' | ']' | '`') =>
                {
                    break;
                }
                c => word.push(c),
            }
            end = self.at + offset + c.len_utf8();
        }
        if word.is_empty() {
            return None;
        }
        self.at = end;
        Some((word, end))
    }

    fn skip_blanks(&mut self) {
        while let Some(rest) = self.text.get(self.at..) {
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let joined = ["\\\r\n", "\\\n"]
                .iter()
                .find(|join| rest[blank..].starts_with(**join));
            self.at += blank + joined.map_or(0, |join| join.len());
            if joined.is_none() {
                break;
            }
        }
    }
}

/// The part of the line before the program.
fn line_before(text: &str, start: usize) -> &str {
    let head = text.get(..start).unwrap_or_default();
    head.rsplit('\n').next().unwrap_or_default()
}

/// `cd deploy && docker compose up`.
fn entered_folder(text: &str, start: usize) -> Option<String> {
    let before = line_before(text, start);
    let at = before.rfind("cd ")?;
    let command_start = before[..at].trim_end();
    let is_command = command_start.is_empty()
        || command_start.ends_with(['&', ';', '"', '\'', '(', ':', '-', '`', '@', '$']);
    let folder = before[at + 3..]
        .split(['&', ';', '|'])
        .next()?
        .trim()
        .trim_matches(['"', '\'']);
    (is_command && !folder.is_empty() && !folder.contains(char::is_whitespace))
        .then(|| folder.to_owned())
}

/// `COMPOSE_FILE=a.yml:b.yml docker compose up`, on one line.
fn assigned_files(text: &str, start: usize) -> Vec<String> {
    let before = line_before(text, start);
    let Some(at) = before.rfind("COMPOSE_FILE=") else {
        return Vec::new();
    };
    let value = before[at + "COMPOSE_FILE=".len()..]
        .split_whitespace()
        .next()
        .unwrap_or_default();
    split_compose_file(value.trim_matches(['"', '\'']))
}

/// Paths of a `COMPOSE_FILE` value: separated by `:` or, as on Windows, by `;`.
pub fn split_compose_file(value: &str) -> Vec<String> {
    value
        .split([':', ';'])
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> ComposeRun {
        let mut runs = find(text);
        assert_eq!(runs.len(), 1, "{text}: {runs:?}");
        runs.remove(0)
    }

    #[test]
    fn options_are_read_up_to_the_subcommand() {
        let run = one(
            "docker compose -f a.yml --file=b.yml --env-file .env.prod -p shop --profile web up -d -f no.yml",
        );
        assert_eq!(run.files, ["a.yml", "b.yml"]);
        assert_eq!(run.env_files, [".env.prod"]);
        assert_eq!(run.profiles, ["web"]);
        assert_eq!(run.project_name.as_deref(), Some("shop"));
        assert_eq!(run.subcommand, "up");
    }

    #[test]
    fn any_host_language_will_do() {
        for text in [
            "COMPOSE := docker compose -f a.yml -f b.yml",
            "\"start\": \"docker-compose -f a.yml -f b.yml up\",",
            "      - run: docker compose -f 'a.yml' -f \"b.yml\" up -d",
            "\tdocker-compose \\\n\t  -f a.yml \\\r\n  -f b.yml pull",
            "run it with `docker compose -f a.yml -f b.yml`.",
            "sudo /usr/local/bin/docker-compose -f a.yml -f b.yml down",
            "COMPOSE_FILE=a.yml:b.yml docker compose up",
            "\"up\": \"docker compose -f \\\"a.yml\\\" -f b.yml up\"",
        ] {
            assert_eq!(one(text).files, ["a.yml", "b.yml"], "{text}");
        }
    }

    #[test]
    fn names_of_files_and_other_words_are_no_invocation() {
        for text in [
            "cp docker-compose.yml x",
            "my-docker-compose up",
            "docker run compose",
            "docker composer",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    #[test]
    fn a_folder_entered_on_the_line_counts() {
        assert_eq!(
            one("cd deploy/prod && docker compose up").cwd.as_deref(),
            Some("deploy/prod")
        );
        assert_eq!(one("abcd x; docker compose up").cwd, None);
    }

    #[test]
    fn the_span_covers_program_and_options() {
        let text = "é docker compose -f a.yml up";
        assert_eq!(one(text).span.of(text), "docker compose -f a.yml");
    }

    #[test]
    fn two_commands_on_one_line_are_two() {
        let runs =
            find("docker compose -f a.yml pull && docker compose -f b.yml up; docker-compose ps");
        let files: Vec<_> = runs.iter().map(|run| run.files.join("+")).collect();
        assert_eq!(files, ["a.yml", "b.yml", ""]);
    }
}
