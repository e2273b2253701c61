//! Source code as words, texts and signs. Comments are gone, texts are whole: that is all it takes to find a read of the
//! environment and to pass over one that a comment or a text quotes.
//!
//! One lexer serves every language. A text that does not end where it has to is a lone sign and reading goes on behind
//! it, so that an apostrophe in a template or in a regular expression costs one line at most.

use super::language::Language;
use super::quotes::Quote;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    /// A text in which nothing is computed.
    Text,
    /// The first piece of a text with code in it; the code follows as tokens of its own.
    Mixed,
    Sign(u8),
}

/// A piece of code. `start` and `end` are those of the content: a text is meant without its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Nothing but blanks stands before it on its line.
    pub(super) first: bool,
    /// A backslash means what it says.
    pub(super) raw: bool,
}

/// Code inside of a text, and how deep its braces are.
pub(super) struct Inner {
    pub(super) quote: Quote,
    pub(super) depth: usize,
}

/// Deeper code in texts than this is not looked for.
pub(super) const DEEPEST: usize = 32;
pub(super) const MOST_ENDLESS: usize = 64;

pub(super) fn lex(text: &str, language: Language) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        language,
        at: 0,
        first: true,
        tokens: Vec::with_capacity(text.len() / 6),
        inner: Vec::new(),
        endless: 0,
    };
    lexer.run();
    lexer.tokens
}

pub(super) struct Lexer<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) language: Language,
    pub(super) at: usize,
    pub(super) first: bool,
    pub(super) tokens: Vec<Token>,
    pub(super) inner: Vec<Inner>,
    /// Texts of several lines that did not end: looking for the end of each would take quadratic time.
    pub(super) endless: usize,
}

impl Lexer<'_> {
    fn run(&mut self) {
        if self.language == Language::Php {
            self.skip_page();
        }
        while let Some(byte) = self.byte(0) {
            match byte {
                b'\n' => {
                    self.first = true;
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'0'..=b'9' => self.word(Kind::Number),
                _ if self.is_name(byte) => self.name(),
                _ if self.comment() => {}
                b'"' | b'\'' | b'`' => self.quoted(byte),
                b'/' if self.regex() => {}
                _ => self.sign(byte),
            }
        }
    }

    pub(super) fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    pub(super) fn starts(&self, what: &str) -> bool {
        self.bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(what.as_bytes()))
    }

    pub(super) fn is_name(&self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric()
            || byte == b'_'
            || byte >= 0x80
            || self.language.is_name_byte(byte)
    }

    pub(super) fn push(&mut self, kind: Kind, start: usize, end: usize, raw: bool) {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.tokens.push(Token {
            kind,
            start: clamp(start),
            end: clamp(end),
            first: std::mem::take(&mut self.first),
            raw,
        });
    }

    fn word(&mut self, kind: Kind) {
        let start = self.at;
        while let Some(byte) = self.byte(0) {
            let point = kind == Kind::Number
                && byte == b'.'
                && self.byte(1).is_some_and(|next| next.is_ascii_digit());
            if !self.is_name(byte) && !point {
                break;
            }
            self.at += 1;
        }
        // `fetch!`, `key?`
        let ruled = matches!(self.language, Language::Ruby | Language::Elixir);
        if ruled && kind == Kind::Word && matches!(self.byte(0), Some(b'!' | b'?')) {
            let follows = self.byte(1);
            let joined =
                follows == Some(b'(') || (follows != Some(b'=') && self.byte(0) == Some(b'!'));
            self.at += usize::from(joined);
        }
        self.push(kind, start, self.at, false);
    }

    /// A word, unless it belongs to the text behind it: `f"…"`, `r#"…"#`.
    fn name(&mut self) {
        let start = self.at;
        if let Some((length, quote)) = self.prefixed() {
            let first = self.first;
            self.at += length;
            if self.body(quote) {
                return;
            }
            self.at = start;
            self.first = first;
        }
        self.word(Kind::Word);
    }

    /// A brace may end the code inside of a text, and the text goes on.
    pub(super) fn sign(&mut self, byte: u8) {
        let at = self.at;
        self.at += 1;
        if let Some(inner) = self.inner.last_mut() {
            match byte {
                b'{' => inner.depth += 1,
                b'}' if inner.depth > 0 => inner.depth -= 1,
                b'}' => {
                    self.resume();
                    return;
                }
                _ => {}
            }
        }
        self.push(Kind::Sign(byte), at, at + 1, false);
    }
}
