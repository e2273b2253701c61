//! From an offset in a decoded value back to the bytes it was written with, so that a reference inside a quoted,
//! escaped or folded value can still be underlined.

use crate::model::Span;

/// Where the text of a value stands in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offsets {
    base: u32,
    /// From this offset of the decoded text on, the bytes continue at that offset of the file.
    steps: Vec<(u32, u32)>,
}

impl Offsets {
    /// The text stands in the file as it is, starting there.
    pub fn at(base: u32) -> Self {
        Self {
            base,
            steps: Vec::new(),
        }
    }

    /// Notes that the decoded text from `decoded` on continues at byte `written` of the file.
    pub fn step(&mut self, decoded: usize, written: u32) {
        let decoded = Span::new(decoded, decoded).start;
        if self.of(decoded) != written {
            self.steps.push((decoded, written));
        }
    }

    /// Lines up a decoded scalar with the bytes it was read from: exact where nothing was decoded, else by its dollar
    /// signs, which survive every notation but a numeric escape.
    pub fn aligned(text: &str, source: &str, span: Span) -> Self {
        let written = span.of(source);
        if let Some(skipped) = written.find(text).filter(|at| *at <= 1) {
            return Self::at(span.start).moved(skipped);
        }
        let mut offsets = Self::at(span.start);
        let dollars = |text: &str| text.bytes().filter(|byte| *byte == b'$').count();
        if dollars(text) == dollars(written) {
            for ((decoded, _), (there, _)) in
                text.match_indices('$').zip(written.match_indices('$'))
            {
                offsets.step(decoded, span.start + Span::new(there, there).start);
            }
        }
        offsets
    }

    fn moved(mut self, by: usize) -> Self {
        self.base += Span::new(by, by).start;
        self
    }

    /// The byte of the file where the character at that offset of the text is written.
    pub fn of(&self, decoded: u32) -> u32 {
        let before = self.steps.partition_point(|(at, _)| *at <= decoded);
        let (at, written) = match before.checked_sub(1).and_then(|at| self.steps.get(at)) {
            Some(step) => *step,
            None => (0, self.base),
        };
        written.saturating_add(decoded - at)
    }

    /// The bytes of the file that a range of the text was read from.
    pub fn span(&self, decoded: Span) -> Span {
        let start = self.of(decoded.start);
        Span {
            start,
            end: self.of(decoded.end).max(start),
        }
    }
}
