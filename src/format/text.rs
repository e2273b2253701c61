//! Lines of text, for policies about what stands in files that nothing else understands well enough: what an entry point
//! imports, what a script must not say. Read only where a policy names the file.

use std::collections::BTreeSet;

use crate::model::file::Nature;
use crate::model::schema::{Kind, text_line};
use crate::model::{Fact, Lines, Secret, Span};
use crate::value::wordlist::has;

use super::{Claim, Format, Input, Output, code};

pub static TEXT: Format = Format {
    name: "text",
    doc: "source files, scripts and settings, line by line, where a policy names them",
    nature: Nature::Program,
    beside: true,
    claims,
    parse,
};

/// Longer files and lines were written by a machine.
const MOST_LINES: usize = 20_000;
const LONGEST: usize = 2000;

fn claims(path: &str) -> Claim {
    const EXTENSIONS: &str = "sql html htm txt conf cfg ini xml properties gradle tf hcl sh bash zsh ps1 css erb twig ejs";
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    if code::is_source(path) || has(EXTENSIONS, extension) {
        Claim::IfWanted(Kind::text_line)
    } else {
        Claim::No
    }
}

fn parse(input: &Input) -> Output {
    let lines = Lines::of(input.text);
    let code = code::lines_of_code(input.file.ext(), input.text, &lines);
    let mut facts = Vec::new();
    let mut start = 0;
    for (at, line) in input
        .text
        .split_inclusive('\n')
        .take(MOST_LINES)
        .enumerate()
    {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        let from = start + indent;
        start += line.len();
        if content.is_empty() || content.len() > LONGEST {
            continue;
        }
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let span = Span::new(from, from + content.len());
        facts.push(
            Fact::new(text_line::KIND, input.file, span, span)
                .with(text_line::VALUE, Secret::new(content))
                .with(
                    text_line::COMMENT,
                    is_comment(code.as_ref(), number, content),
                ),
        );
    }
    Output {
        facts,
        ..Output::default()
    }
}

/// In languages that are lexed a line without code is a comment; elsewhere its first sign tells.
fn is_comment(code: Option<&BTreeSet<u32>>, number: u32, content: &str) -> bool {
    match code {
        Some(lines) => !lines.contains(&number),
        None => ["#", "--", "//", ";", "<!--", "/*", "*"]
            .iter()
            .any(|sign| content.starts_with(sign)),
    }
}
