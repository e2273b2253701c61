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

/// The first template tag that stands in a key's or value's place, up to the end of the line `offset` is in.
pub fn before(text: &str, offset: usize) -> Option<Problem> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if start > offset {
            return None;
        }
        let found = places(line).find_map(|place| at(text, start + place));
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
    std::iter::once(first).chain(later)
}
