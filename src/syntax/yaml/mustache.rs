//! Text that becomes YAML only after a template engine ran over it: Helm, Jinja, ERB.

use crate::model::{Problem, Span};

pub const CODE: &str = "template";

/// What opens a template's tag where YAML expects a key or a value. `${{` of a workflow is an ordinary plain scalar.
const MARKS: [&str; 4] = ["{{", "{%", "{#", "<%"];

/// The problem of a template tag at `offset`, if there is one.
pub fn at(text: &str, offset: usize) -> Option<Problem> {
    let rest = text.get(offset..)?;
    let mark = MARKS.iter().find(|mark| rest.starts_with(**mark))?;
    Some(Problem::new(
        CODE,
        Span::new(offset, offset + mark.len()),
        "template, unread: this is YAML only after its template engine ran",
    ))
}

/// The first template tag that stands in a key's or value's place, from one offset to the end of the line of another.
/// What lies before was read as YAML; a script in a block scalar may hold such tags too.
pub fn between(text: &str, from: usize, to: usize) -> Option<Problem> {
    let mut start = text.get(..from)?.rfind('\n').map_or(0, |at| at + 1);
    for line in text.get(start..)?.split_inclusive('\n') {
        if start > to {
            return None;
        }
        let tags = places(line).map(|place| start + place);
        let found = tags
            .filter(|at| *at >= from)
            .find_map(|at| self::at(text, at));
        if found.is_some() {
            return found;
        }
        start += line.len();
    }
    None
}

/// Offsets in a line where a key or a value can begin: its first character, and what follows `- ` and `: `.
fn places(line: &str) -> impl Iterator<Item = usize> {
    let first = line.len() - line.trim_start_matches([' ', '\t', '\u{feff}']).len();
    let later = line.match_indices([':', '-']).filter_map(|(at, mark)| {
        let rest = line.get(at + mark.len()..)?;
        let value = rest.trim_start_matches(' ');
        (value.len() < rest.len()).then(|| line.len() - value.len())
    });
    let is_comment = line.trim_start().starts_with('#');
    std::iter::once(first)
        .chain(later)
        .filter(move |_| !is_comment)
}
