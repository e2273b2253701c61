//! Where something stands in a file: byte ranges, and the lines and columns people read.

/// A half-open byte range inside one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets past 4 GiB saturate (files that large are never read).
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The same span moved by `by` bytes, for text that was cut out of a larger one.
    pub fn shifted(self, by: u32) -> Self {
        Self {
            start: self.start.saturating_add(by),
            end: self.end.saturating_add(by),
        }
    }

    /// The text under the span; empty where the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineCol {
    pub line: u32,
    pub column: u32,
}

/// Line starts of one text, so that many offsets can be located cheaply.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    pub fn of(text: &str) -> Self {
        let after_newline = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
        Self {
            starts: std::iter::once(0).chain(after_newline).collect(),
        }
    }

    /// Line of a byte offset, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// Line and column of a byte offset in the text this was made from.
    pub fn locate(&self, text: &str, offset: u32) -> LineCol {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        let end = (offset as usize).min(text.len());
        let before = text.get(start..end).unwrap_or_default();
        // A byte-order mark takes no column in any editor.
        let columns = before.chars().filter(|c| *c != '\u{feff}').count();
        LineCol {
            line,
            column: u32::try_from(columns + 1).unwrap_or(u32::MAX),
        }
    }

    /// The span of a whole line (from 1), without its line break.
    pub fn line_span(&self, text: &str, line: u32) -> Span {
        let at = (line.max(1) as usize - 1).min(self.starts.len() - 1);
        let start = self.starts[at] as usize;
        let end = self
            .starts
            .get(at + 1)
            .map_or(text.len(), |next| *next as usize);
        let trimmed = text
            .get(start..end)
            .unwrap_or_default()
            .trim_end_matches(['\n', '\r']);
        Span::new(start, start + trimmed.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let text = "\u{feff}a=é1\r\nb=2\n";
        let lines = Lines::of(text);
        let at = |offset: usize| {
            let place = lines.locate(text, u32::try_from(offset).unwrap());
            (place.line, place.column)
        };
        assert_eq!(at(3), (1, 1));
        assert_eq!(at(text.find('1').unwrap()), (1, 4));
        assert_eq!(at(text.find('b').unwrap()), (2, 1));
        assert_eq!(lines.line_span(text, 2).of(text), "b=2");
        assert_eq!(lines.line_span(text, 1).of(text), "\u{feff}a=é1");
    }

    #[test]
    fn a_span_outside_the_text_is_empty_not_a_panic() {
        assert_eq!(Span::new(2, 9).of("abc"), "");
        assert_eq!(Span::new(1, 2).of("é"), "");
    }
}
