//! TOML, read by toml_parser: it reports every error and goes on at the next line, where most crates return nothing at
//! the first one, and it knows dates. Its events say only what is written; which table a line belongs to is settled here.

mod read;
mod table;
#[cfg(test)]
mod tests;

use toml_parser::parser::parse_document;
use toml_parser::{ParseError, Source};

use super::Tree;
use crate::model::{Problem, Span};
use read::Reader;

/// Reads a text; it is one table, even when empty.
pub fn parse(text: &str) -> Tree {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut errors: Vec<ParseError> = Vec::new();
    let mut reader = Reader::new(source);
    parse_document(&tokens, &mut reader, &mut errors);
    let mut places: Vec<u32> = errors.iter().map(|error| place(error).start).collect();
    places.sort_unstable();
    let (document, mut problems) = reader.finish(&places);
    problems.extend(explain(text, &errors));
    problems.sort_by_key(|problem| problem.span);
    Tree {
        documents: vec![document],
        problems,
    }
}

/// One problem for each thing that is broken: what follows an error on its line, or an unclosed bracket on the lines below
/// it, is noise.
fn explain(text: &str, errors: &[ParseError]) -> Vec<Problem> {
    let mut found: Vec<(Span, u32, &str)> =
        errors.iter().map(|error| locate(text, error)).collect();
    found.sort_by_key(|(span, ..)| span.start);
    let mut noise_to = 0;
    found.retain(|(span, ends, _)| {
        let is_new = span.start >= noise_to;
        noise_to = noise_to.max(*ends);
        is_new
    });
    found
        .into_iter()
        .map(|(span, _, message)| Problem::new("toml-syntax", span, message))
        .collect()
}

/// Where an error is shown, how far it reaches, and what it says.
fn locate<'e>(text: &str, error: &'e ParseError) -> (Span, u32, &'e str) {
    let place = place(error);
    let message = error.description();
    match error.context() {
        Some(opening) if message.starts_with("unclosed") => {
            let opening = Span::new(opening.start(), opening.end());
            (opening, place.start + 1, message)
        }
        _ => {
            let line = text.get(place.start as usize..).unwrap_or_default();
            let rest = line.find('\n').unwrap_or(line.len());
            let ends = Span::new(0, place.start as usize + rest + 1).end;
            (place, ends, message)
        }
    }
}

fn place(error: &ParseError) -> Span {
    let at = error.unexpected().or(error.context());
    at.map_or_else(Span::default, |at| Span::new(at.start(), at.end()))
}
