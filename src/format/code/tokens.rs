//! Questions to ask of the tokens of one file: what word stands here, where a bracket closes, what is written as it is.

use crate::model::Span;

use super::language::Language;
use super::lex::{self, Kind, Token};

/// The tokens of a file with its text.
pub(super) struct Tokens<'t> {
    pub(super) text: &'t str,
    pub(super) language: Language,
    list: Vec<Token>,
    /// For every bracket the index of its other half; for everything else, and where that is missing, itself.
    mates: Vec<u32>,
}

/// What stands in for an absent variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::format) enum Instead {
    Nothing,
    /// Something that is computed.
    Unknown,
    /// A text, a number or a truth value, with its place.
    Literal {
        value: String,
        span: Span,
    },
    /// The program stops.
    Failure,
}

impl<'t> Tokens<'t> {
    pub(super) fn of(text: &'t str, language: Language) -> Self {
        let list = lex::lex(text, language);
        let mates = mates(&list);
        Self {
            text,
            language,
            list,
            mates,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.list.get(at)
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.list.get(at).map(|token| token.kind)
    }

    pub(super) fn span(&self, at: usize) -> Span {
        self.list.get(at).map_or_else(Span::default, |token| Span {
            start: token.start,
            end: token.end,
        })
    }

    /// A word, or nothing.
    pub(super) fn word(&self, at: usize) -> &'t str {
        match self.kind(at) {
            Some(Kind::Word) => self.span(at).of(self.text),
            _ => "",
        }
    }

    pub(super) fn is(&self, at: usize, sign: u8) -> bool {
        self.kind(at) == Some(Kind::Sign(sign))
    }

    pub(super) fn is_text(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Text)
    }

    /// What the text at this place comes to.
    pub(super) fn value(&self, at: usize) -> String {
        let written = self.span(at).of(self.text);
        let raw = self.list.get(at).is_some_and(|token| token.raw);
        if raw || !written.contains('\\') {
            return written.to_owned();
        }
        unescaped(written)
    }

    pub(super) fn first(&self, at: usize) -> bool {
        self.list.get(at).is_some_and(|token| token.first)
    }

    /// The index of the bracket that closes or opens this one; itself, where there is none.
    pub(super) fn mate(&self, at: usize) -> usize {
        self.mates.get(at).map_or(at, |mate| *mate as usize)
    }

    /// The index behind an operator written as one: signs without a blank between them, or a word.
    pub(super) fn operator(&self, at: usize, operator: &str) -> Option<usize> {
        if operator.bytes().all(|b| b.is_ascii_alphabetic()) {
            return (self.word(at) == operator).then_some(at + 1);
        }
        let mut end = None;
        for (ahead, sign) in operator.bytes().enumerate() {
            let token = self.list.get(at + ahead)?;
            let joined = end.is_none_or(|end| end == token.start);
            if token.kind != Kind::Sign(sign) || !joined {
                return None;
            }
            end = Some(token.end);
        }
        let behind = at + operator.len();
        // `||=` is no `||`, `??=` no `??`.
        let longer = self
            .list
            .get(behind)
            .is_some_and(|token| token.kind == Kind::Sign(b'=') && Some(token.start) == end);
        (operator.ends_with('=') || !longer).then_some(behind)
    }

    pub(super) fn one_of(&self, at: usize, operators: &[&str]) -> Option<usize> {
        operators
            .iter()
            .find_map(|operator| self.operator(at, operator))
    }

    /// The index behind names joined by `.`, `?.`, `::` or `->`.
    pub(super) fn path(&self, at: usize, path: &str) -> Option<usize> {
        let mut parts = path.split('.');
        if self.word(at) != parts.next()? {
            return None;
        }
        let mut at = at + 1;
        for part in parts {
            at = self.dot(at)?;
            if self.word(at) != part {
                return None;
            }
            at += 1;
        }
        Some(at)
    }

    /// The index behind whatever joins an object and its member.
    pub(super) fn dot(&self, at: usize) -> Option<usize> {
        match self.kind(at)? {
            Kind::Sign(b'.') => Some(at + 1),
            Kind::Sign(b'?' | b'&' | b'!') if self.is(at + 1, b'.') => Some(at + 2),
            Kind::Sign(b':') if self.is(at + 1, b':') => Some(at + 2),
            Kind::Sign(b'-') if self.is(at + 1, b'>') => Some(at + 2),
            _ => None,
        }
    }

    /// The arguments between the bracket at `open` and its mate, as ranges of indexes.
    pub(super) fn arguments(&self, open: usize) -> Vec<(usize, usize)> {
        let close = self.mate(open);
        let mut arguments = Vec::new();
        let mut start = open + 1;
        let mut at = start;
        while at < close {
            if self.is(at, b',') {
                arguments.push((start, at));
                start = at + 1;
            }
            at = self.mate(at).max(at) + 1;
        }
        if start < close {
            arguments.push((start, close));
        }
        arguments
    }

    /// A literal that is one token, or a minus and a number.
    pub(super) fn literal(&self, at: usize) -> Option<(Instead, usize)> {
        let plain = |span: Span| Instead::Literal {
            value: span.of(self.text).to_owned(),
            span,
        };
        match self.kind(at)? {
            Kind::Text => {
                let literal = Instead::Literal {
                    value: self.value(at),
                    span: self.span(at),
                };
                Some((literal, at + 1))
            }
            Kind::Number => Some((plain(self.span(at)), at + 1)),
            Kind::Sign(b'-') if self.kind(at + 1) == Some(Kind::Number) => {
                Some((plain(self.span(at).to(self.span(at + 1))), at + 2))
            }
            Kind::Word => match self.word(at) {
                "true" | "false" | "True" | "False" => Some((plain(self.span(at)), at + 1)),
                "null" | "None" | "nil" | "undefined" | "NULL" => Some((Instead::Nothing, at + 1)),
                _ => None,
            },
            _ => None,
        }
    }
}

fn mates(list: &[Token]) -> Vec<u32> {
    let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let mut mates: Vec<u32> = (0..list.len()).map(index).collect();
    let mut open: Vec<(u8, usize)> = Vec::new();
    for (at, token) in list.iter().enumerate() {
        let Kind::Sign(sign) = token.kind else {
            continue;
        };
        let opener = match sign {
            b'(' | b'[' | b'{' => {
                open.push((sign, at));
                continue;
            }
            b')' => b'(',
            b']' => b'[',
            b'}' => b'{',
            _ => continue,
        };
        // What was left open in between has no mate.
        let Some(depth) = open
            .iter()
            .rev()
            .take(64)
            .position(|(sign, _)| *sign == opener)
        else {
            continue;
        };
        open.truncate(open.len() - depth);
        let Some((_, start)) = open.pop() else {
            continue;
        };
        for (one, other) in [(start, at), (at, start)] {
            if let Some(mate) = mates.get_mut(one) {
                *mate = index(other);
            }
        }
    }
    mates
}

fn unescaped(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(sign @ ('\\' | '"' | '\'' | '`' | '$' | '/' | '#' | '{')) => out.push(sign),
            Some('\n') | None => {}
            Some('\r') if chars.as_str().starts_with('\n') => drop(chars.next()),
            Some(other) => out.extend(['\\', other]),
        }
    }
    out
}
