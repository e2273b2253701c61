//! Dumps of one variable a line: env files as most platforms print them, what `printenv` says, Heroku's table.

use super::{Pair, Pairs, Reads, Shape, is_name, is_plainly_name, refused};
use crate::model::{Secret, Span};
use crate::syntax::dotenv::{self, Separator};
use crate::value::wordlist::has;

pub(super) static DOTENV: Shape = Shape {
    name: "dotenv",
    doc: "NAME=value with quotes as env files have them: vercel env pull, heroku config -s, netlify env:list --plain",
    reads: Reads::Lines {
        holds: is_dotenv,
        read: read_dotenv,
    },
};

pub(super) static PRINTENV: Shape = Shape {
    name: "printenv",
    doc: "NAME=value, taken as it stands: printenv, env, /proc/PID/environ, railway variables --kv",
    reads: Reads::Lines {
        holds: is_printenv,
        read: read_printenv,
    },
};

pub(super) static HEROKU: Shape = Shape {
    name: "heroku",
    doc: "the table that heroku config prints",
    reads: Reads::Lines {
        holds: is_heroku,
        read: read_heroku,
    },
};

/// The first line that says something binds a name.
fn is_dotenv(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let line = line.strip_prefix("export ").unwrap_or(line);
        line.split_once('=')
            .is_some_and(|(name, _)| is_name(name.trim_end()))
    })
}

fn read_dotenv(text: &str) -> Pairs {
    let document = dotenv::parse(text);
    if let Some(problem) = document.problems.into_iter().next() {
        return Err(problem);
    }
    let entries = document.entries.into_iter();
    Ok(entries
        .map(|entry| {
            let known = entry.separator != Separator::None;
            let value = known.then_some((entry.text, entry.value));
            Pair::new(&entry.name, entry.key, value)
        })
        .collect())
}

/// Names that a shell or Railway puts there, and no quotes around their values: whoever printed them quotes nothing.
fn is_printenv(text: &str) -> bool {
    const OF_SHELLS: &str = "PATH HOME PWD SHLVL HOSTNAME TERM USER OLDPWD LOGNAME SHELL LANG _";
    let mut known = 0;
    for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
        let plain = !value.starts_with(['"', '\'']);
        if plain && (name.starts_with("RAILWAY_") && is_plainly_name(name)) {
            return true;
        }
        known += usize::from(plain && has(OF_SHELLS, name));
    }
    known >= 2
}

/// What starts with a name is a variable, every other line belongs to the value before it.
fn read_printenv(text: &str) -> Pairs {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut values: Vec<Span> = Vec::new();
    let mut in_function = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        let end = start + line.len();
        // bash exports its functions this way.
        if line.starts_with("BASH_FUNC_") {
            in_function = true;
        } else if in_function {
            in_function = line != "}";
        } else if let Some((name, _)) = line.split_once('=').filter(|(name, _)| is_name(name)) {
            let behind = start + name.len();
            pairs.push(Pair::new(name, Span::new(start, behind), None));
            values.push(Span::new(behind + 1, end));
        } else if let Some(value) = values.last_mut().filter(|_| !line.is_empty()) {
            *value = value.to(Span::new(start, end));
        } else if !line.trim().is_empty() {
            return Err(refused(Span::new(start, end), "expected `NAME=value`"));
        }
    }
    for (pair, span) in pairs.iter_mut().zip(values) {
        pair.value = Some((Secret::new(span.of(text)), span));
    }
    Ok(pairs)
}

fn is_heroku(text: &str) -> bool {
    text.lines()
        .find(|line| !line.trim().is_empty())
        .is_some_and(|line| line.starts_with("=== ") && line.contains("Config Vars"))
}

fn read_heroku(text: &str) -> Pairs {
    let mut pairs = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        if line.is_empty() || line.starts_with("=== ") {
            continue;
        }
        let Some((name, value)) = line.split_once(':') else {
            let span = Span::new(start, start + line.len());
            return Err(refused(span, "expected `NAME:  value`"));
        };
        let text = value.trim_start();
        let span = Span::new(start + line.len() - text.len(), start + line.len());
        let key = Span::new(start, start + name.len());
        pairs.push(Pair::new(name, key, Some((Secret::new(text), span))));
    }
    Ok(pairs)
}
