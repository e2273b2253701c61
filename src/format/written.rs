//! A file's own text on its way into fields: bounded in length, without quotes, line by line.

use crate::model::Span;

/// The most that is kept of a text from the file in a name or a path.
const LONGEST: usize = 500;

/// The beginning of a text, as far as a field keeps it.
pub(super) fn bounded(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// A scalar's bytes without the quotes around it.
pub(super) fn unquoted(source: &str, span: Span) -> Span {
    let written = span.of(source);
    let quoted = written.len() >= 2
        && ['"', '\'']
            .iter()
            .any(|quote| written.starts_with(*quote) && written.ends_with(*quote));
    if quoted {
        Span::new(span.start as usize + 1, span.end as usize - 1)
    } else {
        span
    }
}

/// Lines with the place they start at, without their line breaks.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}
