//! Breaks texts on purpose: at random, yet the same for the same seed everywhere.

/// xorshift64*: small, and good enough to choose by.
pub struct Dice(u64);

/// What a notation may stumble over: everything that means something to one of them, characters of every width, signs
/// nobody sees, and numbers at the edge.
pub const PIECES: [&str; 96] = [
    "\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    ":",
    ": ",
    "- ",
    "? ",
    "#",
    " # ",
    ",",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "{{",
    "}}",
    "<%= ",
    "%>",
    "${",
    "$",
    "$(",
    "`",
    "${A:-",
    "${A:?",
    "${{ ",
    " }}",
    "%(",
    "&a ",
    "*a",
    "<<: *a",
    "<<: ",
    "!t ",
    "!!str ",
    "!reset ",
    "!override ",
    "|\n",
    ">-\n",
    "|2\n",
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "\\",
    "\\\n",
    "\\u00",
    "\\x",
    "%",
    "@",
    "@@",
    "=",
    "==",
    ":=",
    ".",
    "..",
    "../",
    "/",
    "//",
    "/*",
    "*/",
    "[[",
    "]]",
    "---\n",
    "...\n",
    "<<EOF\n",
    "EOF\n",
    "://",
    "0",
    "-1",
    "65536",
    "99999999999999999999",
    "1e999",
    "null",
    "true",
    "~",
    "é",
    "漢",
    "🎉",
    "e\u{301}",
    "\u{feff}",
    "\u{202e}",
    "\u{2066}",
    "\u{0}",
    "\u{1b}[31m",
    "\u{85}",
    "\u{2028}",
    "::error::",
    "export ",
    "production",
    "# envguard: allow ",
];

pub const PAIRS: [(&str, &str); 8] = [
    ("[", "]"),
    ("{", "}"),
    ("(", ")"),
    ("{a: ", "}"),
    ("${A:-", "}"),
    ("\"", "\""),
    ("<a>", "</a>"),
    ("$(", ")"),
];

/// No text grows beyond this: what is slow shows before.
const LONGEST: usize = 1 << 16;

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        usize::try_from(mixed).unwrap() % end.max(1)
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// An offset between two characters.
    fn at(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// Two offsets, mostly near each other.
    fn range(&mut self, text: &str) -> std::ops::Range<usize> {
        let from = self.at(text);
        let far = if self.below(4) == 0 { text.len() } else { 24 };
        let mut to = (from + self.below(far)).min(text.len());
        while !text.is_char_boundary(to) {
            to += 1;
        }
        from..to
    }

    /// The start of a line.
    fn line(&mut self, text: &str) -> usize {
        let at = self.at(text);
        text[..at].rfind('\n').map_or(0, |at| at + 1)
    }

    /// A text that is like `seed` and wrong in one to five places; `other` is what parts are borrowed from.
    pub fn mutated(&mut self, seed: &str, other: &str, secret: &str) -> String {
        let mut text = seed.to_owned();
        for _ in 0..=self.below(5) {
            match self.below(24) {
                0..=9 => self.little(&mut text, secret),
                10..=17 => self.by_lines(&mut text, other),
                18..=22 => self.signs(&mut text),
                _ => self.large(&mut text),
            }
            if text.len() > LONGEST {
                let mut end = LONGEST;
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                text.truncate(end);
            }
        }
        text
    }

    fn little(&mut self, text: &mut String, secret: &str) {
        let range = self.range(text);
        match self.below(8) {
            0 => text.truncate(range.start),
            1 => text.replace_range(range, ""),
            2 => {
                let copy = text[range].to_owned();
                let to = self.at(text);
                text.insert_str(to, &copy);
            }
            3 => text.insert_str(range.start, secret),
            _ => text.insert_str(range.start, self.of::<&str>(&PIECES)),
        }
    }

    fn by_lines(&mut self, text: &mut String, other: &str) {
        let from = self.line(text);
        let to = from
            + text[from..]
                .find('\n')
                .map_or(text.len() - from, |at| at + 1);
        let line = text[from..to].to_owned();
        match self.below(6) {
            0 => text.insert_str(from, &line),
            1 => text.replace_range(from..to, ""),
            2 => {
                text.replace_range(from..to, "");
                let to = self.line(text);
                text.insert_str(to, &line);
            }
            3 => text.insert_str(from, "  "),
            _ => {
                let start = self.line(other);
                let lines = 1 + self.below(4);
                let taken: String = other[start..].split_inclusive('\n').take(lines).collect();
                text.insert_str(from, &taken);
            }
        }
    }

    /// Another quote, bracket or letter case where one stands; other line ends.
    fn signs(&mut self, text: &mut String) {
        match self.below(8) {
            0 => *text = text.replace('\n', "\r\n"),
            1 => *text = text.replace('\n', "\r"),
            2 => text.insert(0, '\u{feff}'),
            3 => *text = text.replace("  ", "\t"),
            _ => {
                const SIGNS: &str = "\"'`[]{}()<>=:,;#$%&*!|\\/- ";
                let places: Vec<usize> = text
                    .char_indices()
                    .filter(|(_, c)| SIGNS.contains(*c))
                    .map(|(at, _)| at)
                    .collect();
                if !places.is_empty() {
                    let at = *self.of(&places);
                    let sign = self.below(SIGNS.len());
                    text.replace_range(at..=at, &SIGNS[sign..=sign]);
                }
            }
        }
    }

    /// Deep, long, or often.
    fn large(&mut self, text: &mut String) {
        let often = 1 << (2 + self.below(10));
        let range = self.range(text);
        match self.below(4) {
            0 => {
                let (open, close) = *self.of(&PAIRS);
                let inner = text[range.clone()].to_owned();
                let deep = [open.repeat(often), inner, close.repeat(often)].concat();
                text.replace_range(range, &deep);
            }
            1 => {
                let piece = self.of(&PIECES).repeat(often);
                text.insert_str(range.start, &piece);
            }
            2 => {
                let copy = text[range.clone()].repeat((often / 8).max(2));
                text.insert_str(range.end, &copy);
            }
            _ => {
                let deeper = |at: usize| "  ".repeat(at) + "a:\n";
                let deep: String = (0..often.min(300)).map(deeper).collect();
                text.insert_str(range.start, &deep);
            }
        }
    }

    /// Bytes that are no text.
    pub fn bytes(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let byte = u8::try_from(self.below(256)).unwrap();
            match self.below(5) {
                0 => bytes.insert(at, byte),
                1 => bytes.truncate(at),
                2 => {
                    let end = (at + self.below(40)).min(bytes.len());
                    bytes.drain(at..end);
                }
                _ => {
                    if let Some(one) = bytes.get_mut(at) {
                        *one = if byte < 128 {
                            *one ^ (1 << (byte % 8))
                        } else {
                            byte
                        };
                    }
                }
            }
        }
    }
}
