//! Syntax errors in words that say what to change. No message quotes the text: it may be a credential.

use granit_parser::{ErrorKind, ScanError};

use super::mustache;
use crate::model::{Problem, Span};

/// The problem behind a scanner's or parser's error. `read_to` is where the last piece that was understood ends.
pub fn explain(text: &str, error: &ScanError, read_to: usize) -> Problem {
    let offset = error.marker().byte_offset().unwrap_or(read_to);
    if let Some(template) = mustache::between(text, read_to.min(offset), offset) {
        return template;
    }
    let offset = match error.kind() {
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::DocumentIndicatorInQuotedScalar => {
            opening_quote(text, read_to, offset)
        }
        _ => offset,
    };
    let width = text
        .get(offset..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8);
    let offset = offset.min(text.len());
    Problem::new(
        "yaml-syntax",
        Span::new(offset, offset + width),
        message(error),
    )
}

/// Where the quote opens that never closes; people have to mend it there, not where the text stopped making sense.
fn opening_quote(text: &str, from: usize, to: usize) -> usize {
    text.get(from..to)
        .and_then(|between| between.find(['"', '\'']))
        .map_or(to, |at| from + at)
}

fn message(error: &ScanError) -> String {
    let said = match error.kind() {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            "a key is not allowed here: check the indentation, or quote a value that contains `: `"
        }
        ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidSimpleKey
        | ErrorKind::ExpectedBlockMappingKey => {
            "expected `key: value` here: check the indentation and the space after the colon"
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            "expected a list item here: check the indentation of its `-`"
        }
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => "this quote is never closed",
        ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "text after a closing quote: escape a quote inside a value as `\\\"`"
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar => {
            "text after a closing quote: double a quote inside a value: `''`"
        }
        ErrorKind::UnexpectedCharacter { .. } => {
            "a plain value cannot start with this character: quote it"
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            "unknown escape in double quotes: use single quotes to keep a backslash"
        }
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed => "indent with spaces: YAML allows no tab here",
        ErrorKind::UnclosedFlowCollection { .. } => "this bracket is never closed",
        ErrorKind::RecursionLimitExceeded => "nested too deeply",
        _ => return error.info(),
    };
    said.to_owned()
}
