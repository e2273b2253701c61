//! YAML with the bytes everything stands on, read by granit-parser: `serde_yaml` is deprecated and keeps no places, and
//! granit gives byte spans, limits its nesting and leaves aliases to us. Nothing of granit is visible outside this folder.
//!
//! What granit reports and a reader wants differ in a few spots, and `build` mends them: a block collection ends where
//! its last child ends (granit: at the next token), an absent value stands behind its colon (granit: before it), a block
//! scalar ends with its last line that says something.
//!
//! A syntax error costs the rest of its document, no more: what was read before it stays, and reading goes on at the next
//! `---`. Resuming inside the document would guess which keys the broken part swallowed. A template that is not YAML yet
//! (Helm, Jinja, ERB) is reported once and not read at all: a condition around a line would make any fact of it a lie.

mod build;
mod error;
mod mustache;
#[cfg(test)]
mod tests;

use granit_parser::{Event, Parser, options};

use super::Tree;
use super::nest::MAX_DEPTH;
use build::Builder;

/// Reads every document of a text.
pub fn parse(text: &str) -> Tree {
    let options = options! {
        emit_unresolved_aliases: true,
        block_nesting_limit: MAX_DEPTH,
        flow_nesting_limit: MAX_DEPTH,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder::new(text);
    while let Some(event) = parser.next_event() {
        let problem = match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => builder.take(event, &span).err(),
            Err(error) => Some(error::explain(text, &error, builder.read_to())),
        };
        let Some(problem) = problem else { continue };
        if problem.code == mustache::CODE {
            return Tree {
                documents: Vec::new(),
                problems: vec![problem],
            };
        }
        builder.give_up(problem);
        if !matches!(parser.proceed_next_document(), Ok(true)) {
            break;
        }
    }
    builder.finish()
}
