//! Texts: where each begins, how it ends, and the code inside of it.

use super::language::Language;
use super::lex::{DEEPEST, Inner, Kind, Lexer, MOST_ENDLESS};

/// How a text ends.
#[derive(Clone, Copy)]
pub(super) struct Quote {
    pub(super) sign: u8,
    pub(super) triple: bool,
    /// Number of `#` behind the closing quote, in Rust.
    pub(super) fence: usize,
    pub(super) raw: bool,
    /// A doubled quote is one of the text.
    pub(super) doubled: bool,
    pub(super) several_lines: bool,
    pub(super) opener: Option<&'static str>,
}

impl Lexer<'_> {
    /// Bytes before a text's content that change how it is read, with what they change.
    pub(super) fn prefixed(&self) -> Option<(usize, Quote)> {
        let rest = self.bytes.get(self.at..)?;
        let letters = rest
            .iter()
            .take(3)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let head = rest.get(..letters)?;
        let has = |letter: u8| head.iter().any(|b| b.eq_ignore_ascii_case(&letter));
        match self.language {
            Language::Python if (1..=2).contains(&letters) => {
                let sign = *rest.get(letters)?;
                let known = head.iter().all(|b| b"rbfuRBFU".contains(b));
                (known && matches!(sign, b'"' | b'\'')).then(|| {
                    let mut quote = self.quote(sign, letters);
                    quote.raw = has(b'r');
                    quote.opener = has(b'f').then_some("{");
                    (letters + quote.length(), quote)
                })
            }
            Language::Rust if matches!(head, b"r" | b"br" | b"b" | b"c" | b"cr") => {
                let fence = rest
                    .get(letters..)?
                    .iter()
                    .take_while(|b| **b == b'#')
                    .count();
                let sign = *rest.get(letters + fence)?;
                (sign == b'"' && (has(b'r') || fence == 0)).then(|| {
                    let mut quote = self.quote(sign, letters + fence);
                    quote.fence = fence;
                    quote.raw = has(b'r');
                    quote.several_lines = true;
                    (letters + fence + 1, quote)
                })
            }
            _ => None,
        }
    }

    pub(super) fn quote(&self, sign: u8, ahead: usize) -> Quote {
        let triple = self.language.has_triple_quotes()
            && (sign == b'"' || self.language == Language::Python)
            && self.byte(ahead + 1) == Some(sign)
            && self.byte(ahead + 2) == Some(sign);
        let ticks = sign == b'`';
        Quote {
            sign,
            triple,
            fence: 0,
            raw: ticks && self.language == Language::Go,
            doubled: false,
            several_lines: triple || ticks,
            opener: match sign {
                b'`' if self.language.is_script() => Some("${"),
                b'"' => self.language.opener(),
                _ => None,
            },
        }
    }

    pub(super) fn quoted(&mut self, sign: u8) {
        if sign == b'\'' && self.language.has_characters() {
            self.character();
            return;
        }
        if sign == b'\'' && self.is_apostrophe() {
            self.sign(sign);
            return;
        }
        let mut quote = self.quote(sign, 0);
        if self.language == Language::CSharp {
            self.csharp(&mut quote);
        }
        if self.language == Language::Scala && self.follows_word("s") {
            quote.opener = Some("${");
        }
        let start = self.at;
        self.at += quote.length();
        if !self.body(quote) {
            self.at = start;
            self.sign(sign);
        }
    }

    /// The text of a page stands between tags: `<p>Don't</p>`.
    pub(super) fn is_apostrophe(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.bytes.get(at));
        self.language.is_script() && before.is_some_and(u8::is_ascii_alphanumeric)
    }

    /// `$"…"`, `@"…"`, `$@"…"`: the signs before it stand as tokens already.
    pub(super) fn csharp(&self, quote: &mut Quote) {
        let before = self.tokens.iter().rev().take(2);
        for token in before.take_while(|token| token.end as usize + 2 > self.at) {
            match token.kind {
                Kind::Sign(b'$') => quote.opener = Some("{"),
                Kind::Sign(b'@') => {
                    quote.raw = true;
                    quote.doubled = true;
                    quote.several_lines = true;
                }
                _ => break,
            }
        }
    }

    pub(super) fn follows_word(&self, word: &str) -> bool {
        self.tokens.last().is_some_and(|token| {
            token.end as usize == self.at
                && self.text.get(token.start as usize..self.at) == Some(word)
        })
    }

    /// `'x'`, `'\n'`; a lifetime or a label is a sign.
    pub(super) fn character(&mut self) {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let mut chars = rest.chars();
        let length = match chars.next() {
            Some('\\') => rest
                .bytes()
                .take(12)
                .skip(2)
                .position(|byte| byte == b'\'')
                .map(|end| end + 2),
            Some(one) if chars.next() == Some('\'') && one != '\n' => Some(one.len_utf8()),
            _ => None,
        };
        match length {
            Some(length) => self.at += length + 2,
            None => self.sign(b'\''),
        }
    }

    /// Reads a text whose content starts here; `false` where it does not end.
    pub(super) fn body(&mut self, quote: Quote) -> bool {
        let start = self.at;
        if quote.several_lines && self.endless > MOST_ENDLESS {
            return false;
        }
        let Some((end, opens)) = self.end_of(quote, start) else {
            self.endless += usize::from(quote.several_lines);
            return false;
        };
        if opens && self.inner.len() < DEEPEST {
            self.push(Kind::Mixed, start, end, quote.raw);
            self.at = end
                + quote
                    .opener
                    .map_or(1, |opener| opener.trim_end_matches('$').len());
            self.inner.push(Inner { quote, depth: 0 });
        } else {
            let kind = if opens { Kind::Mixed } else { Kind::Text };
            self.push(kind, start, end, quote.raw);
            self.at = (end + quote.length_behind()).min(self.bytes.len());
        }
        true
    }

    /// Where the text ends, or where code begins in it.
    pub(super) fn end_of(&self, quote: Quote, start: usize) -> Option<(usize, bool)> {
        let mut at = start;
        while let Some(byte) = self.bytes.get(at).copied() {
            if byte == quote.sign && self.closes(quote, at) {
                if !quote.doubled || self.bytes.get(at + 1) != Some(&quote.sign) {
                    return Some((at, false));
                }
                at += 1;
            } else if byte == b'\\' && !quote.raw {
                // A line's end counts once, however it is written.
                let windows = self.bytes.get(at + 1..at + 3) == Some(b"\r\n");
                at += 1 + usize::from(windows);
            } else if byte == b'\n' && !quote.several_lines {
                return None;
            } else if self.opens(quote, at) {
                if quote.opener == Some("{") && self.bytes.get(at + 1) == Some(&b'{') {
                    at += 1;
                } else {
                    return Some((at, true));
                }
            }
            at += 1;
        }
        None
    }

    pub(super) fn closes(&self, quote: Quote, at: usize) -> bool {
        let next = |ahead: usize| self.bytes.get(at + ahead).copied();
        if quote.triple {
            return next(1) == Some(quote.sign) && next(2) == Some(quote.sign);
        }
        (1..=quote.fence).all(|ahead| next(ahead) == Some(b'#'))
    }

    pub(super) fn opens(&self, quote: Quote, at: usize) -> bool {
        let rest = self.bytes.get(at..).unwrap_or_default();
        quote
            .opener
            .is_some_and(|opener| rest.starts_with(opener.as_bytes()))
    }

    /// Goes on in the text around the code that has just ended.
    pub(super) fn resume(&mut self) {
        let Some(Inner { quote, .. }) = self.inner.pop() else {
            return;
        };
        match self.end_of(quote, self.at) {
            Some((end, true)) => {
                self.at = end
                    + quote
                        .opener
                        .map_or(1, |opener| opener.trim_end_matches('$').len());
                self.inner.push(Inner { quote, depth: 0 });
            }
            Some((end, false)) => self.at = (end + quote.length_behind()).min(self.bytes.len()),
            None => {}
        }
    }
}

impl Quote {
    /// Bytes of the opening quote.
    pub(super) fn length(self) -> usize {
        if self.triple { 3 } else { 1 }
    }

    /// Bytes of the closing one.
    pub(super) fn length_behind(self) -> usize {
        self.length() + self.fence
    }
}
