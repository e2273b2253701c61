//! The environment taken apart: `const { A, B = 'd', C: c } = process.env`.

use super::find::Read;
use super::rules::is_env_name;
use super::tail;
use super::tokens::{Instead, Tokens};

/// Adds a read for every name in the braces before `= process.env`, whose path starts at `at`.
pub(super) fn apart(tokens: &Tokens, at: usize, found: &mut Vec<Read>) {
    let Some(close) = at
        .checked_sub(2)
        .filter(|close| tokens.is(at - 1, b'=') && tokens.is(*close, b'}'))
    else {
        return;
    };
    let open = tokens.mate(close);
    if open >= close {
        return;
    }
    for (start, end) in tokens.arguments(open) {
        let name = tokens.word(start);
        if !is_env_name(name) {
            continue;
        }
        let default = (start + 1..end).find(|at| tokens.is(*at, b'='));
        found.push(Read {
            name: name.to_owned(),
            key: tokens.span(start),
            instead: default.map_or(Instead::Nothing, |sign| {
                tail::expression(tokens, (sign + 1, end))
            }),
            compared: None,
        });
    }
}
