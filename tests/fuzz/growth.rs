//! Texts that are long in one way, in two sizes: what takes four times the text may take four times as long, not sixteen.

use std::time::Duration;

use super::corpus::Corpus;
use super::mutate::{Dice, PAIRS, PIECES};
use super::targets::Target;

/// One way to be long: what stands before, what is repeated, what stands behind.
#[derive(Clone, Debug)]
pub struct Shape {
    pub head: String,
    pub piece: String,
    pub tail: String,
}

impl Shape {
    /// About that many bytes.
    pub fn text(&self, bytes: usize) -> String {
        let width = self.piece.len() + self.tail.len();
        let times = (bytes / width.max(1)).max(1);
        [
            self.head.as_str(),
            &self.piece.repeat(times),
            &self.tail.repeat(times),
        ]
        .concat()
    }
}

/// Ways for one target: every sign often, every bracket deep, lines of its own texts often, and pairs of all these.
pub fn shapes(target: &Target, corpus: &Corpus, more: usize) -> Vec<Shape> {
    let seed = String::from_utf8_lossy(&target.seeds[0]).into_owned();
    let is_format = target.name.contains('/');
    let path = seed.split_once('\n').map_or("", |(path, _)| path);
    let head = if is_format {
        format!("{path}\n")
    } else {
        String::new()
    };
    let shape = |before: &str, piece: &str, tail: &str| Shape {
        head: head.clone() + before,
        piece: piece.to_owned(),
        tail: tail.to_owned(),
    };
    let mut shapes: Vec<Shape> = Vec::new();
    for piece in PIECES {
        shapes.push(shape("a = ", piece, ""));
        shapes.push(shape("a: \"", piece, ""));
        shapes.push(shape("", &format!("{piece}\n"), ""));
    }
    for (open, close) in PAIRS {
        shapes.push(shape("a: ", open, close));
        shapes.push(shape("a = ", open, ""));
    }
    let mut dice = Dice::new(5);
    let lines: Vec<&str> = seed_lines(target, corpus);
    for _ in 0..more {
        let (one, other) = (*dice.of(&lines), *dice.of(&lines));
        shapes.push(shape(other, one, ""));
        shapes.push(shape(one, one.trim_end(), ""));
        let (a, b) = (*dice.of(&PIECES), *dice.of(&PIECES));
        shapes.push(shape(one.trim_end(), &format!("{a}{b}"), ""));
        shapes.push(shape(one, a, b));
        shapes.push(shape("", &format!("{}{a}\n", one.trim_end()), ""));
        shapes.push(shape("", &format!("{a}{one}"), ""));
    }
    shapes
}

fn seed_lines<'a>(target: &'a Target, corpus: &'a Corpus) -> Vec<&'a str> {
    let own = target
        .seeds
        .iter()
        .filter_map(|seed| std::str::from_utf8(seed).ok());
    let own: Vec<&str> = own
        .flat_map(|seed| seed.split_inclusive('\n').skip(1))
        .collect();
    if own.is_empty() {
        let files = corpus.files.iter();
        return files
            .flat_map(|(_, text)| text.split_inclusive('\n'))
            .collect();
    }
    own
}

/// How many times longer the longer text takes, where that is no noise.
pub fn ratio(target: &Target, shape: &Shape, bytes: usize) -> Option<(Duration, f64)> {
    let (small, large) = (shape.text(bytes), shape.text(bytes * 4));
    let time = |text: &str| {
        let begun = busy();
        drop(super::failure(target, text.as_bytes()));
        busy().saturating_sub(begun)
    };
    let first = time(&large);
    if first < Duration::from_millis(25) {
        return None;
    }
    let (one, four) = (time(&small).min(time(&small)), time(&large).min(first));
    Some((four, four.as_secs_f64() / one.as_secs_f64()))
}

/// How long this thread has been running, without what others took away from it.
pub fn busy() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}
