//! Shell scripts, for the variables they take from whoever starts them: `${X:-default}`, `${X:?}`, `$X`. A name that the
//! script assigns itself is its own from there on, and small letters are local by custom.

use std::collections::BTreeSet;

use crate::model::Span;
use crate::model::file::Nature;
use crate::syntax::shell_variables::{self as variables, Found, Use};

use super::code::facts;
use super::code::find::Read;
use super::code::tokens::Instead;
use super::{Claim, Format, Input, Output};

pub static SHELL: Format = Format {
    name: "script",
    doc: "shell scripts, for the environment variables they read",
    nature: Nature::Script,
    beside: true,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let foreign = path.contains("vendor/");
    if matches!(extension, "sh" | "bash" | "zsh" | "ksh") && !foreign {
        Claim::IfText(|text| text.contains('$'))
    } else {
        Claim::No
    }
}

fn parse(input: &Input) -> Output {
    let mut output = Output::default();
    if super::code::is_generated(input.text) {
        return output;
    }
    let mut own: BTreeSet<&str> = BTreeSet::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for found in variables::scan(input.text) {
        let name = found.name.of(input.text);
        if !is_env_name(name) || is_shells(name) {
            continue;
        }
        let plain = match found.usage {
            Use::Assigned => {
                own.insert(name);
                continue;
            }
            Use::Plain | Use::Changed => true,
            Use::Default(_) | Use::Demanded => false,
        };
        // A plain use says nothing that another one has not said.
        let known = !told.insert(name);
        if own.contains(name) || (plain && known) {
            continue;
        }
        facts::push(
            input,
            "shell",
            &read(input.text, &found, name),
            &mut output.facts,
        );
    }
    output
}

fn read(text: &str, found: &Found, name: &str) -> Read {
    let instead = match found.usage {
        Use::Default(span) => literal(text, span),
        Use::Demanded => Instead::Failure,
        Use::Changed => Instead::Unknown,
        Use::Plain | Use::Assigned => Instead::Nothing,
    };
    Read {
        name: name.to_owned(),
        key: found.name,
        instead,
        compared: None,
    }
}

/// A default in which nothing is computed, without the quotes around it.
fn literal(text: &str, span: Span) -> Instead {
    let written = span.of(text);
    if written.contains(['$', '`', '\\']) {
        return Instead::Unknown;
    }
    let quoted = ['"', '\''].into_iter().find_map(|sign| {
        let inner = written.strip_prefix(sign)?.strip_suffix(sign)?;
        (!inner.contains(sign)).then_some(inner)
    });
    let (value, start) = match quoted {
        Some(inner) => (inner, span.start as usize + 1),
        None => (written, span.start as usize),
    };
    Instead::Literal {
        value: value.to_owned(),
        span: Span::new(start, start + value.len()),
    }
}

fn is_env_name(name: &str) -> bool {
    name.len() > 1
        && name.bytes().any(|b| b.is_ascii_uppercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// Names that every shell sets.
fn is_shells(name: &str) -> bool {
    const OWN: &str = "\
        PATH HOME PWD OLDPWD USER SHELL IFS RANDOM SECONDS LINENO OPTARG OPTIND REPLY PIPESTATUS FUNCNAME EUID UID PPID \
        HOSTNAME TERM LANG SHLVL COLUMNS LINES OSTYPE MACHTYPE DIRSTACK PS1 PS4 TMPDIR EDITOR";
    name.starts_with("BASH") || crate::value::wordlist::has(OWN, name)
}
