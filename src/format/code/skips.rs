//! What is passed over: comments, documents inside of code, pages around it, regular expressions.

use super::language::Language;
use super::lex::{Kind, Lexer, MOST_ENDLESS};

impl Lexer<'_> {
    /// Passes over a comment, if one starts here.
    pub(super) fn comment(&mut self) -> bool {
        if self.first && self.language == Language::Ruby && self.starts("=begin") {
            self.skip_to("\n=end");
            return true;
        }
        let lines = self.language.line_comments();
        if lines.iter().any(|mark| self.starts(mark)) {
            self.skip_line();
            return true;
        }
        if self.language.has_block_comments() && self.starts("/*") {
            self.block();
            return true;
        }
        if self.starts("<!--") && self.language.is_script() {
            self.skip_to("-->");
            return true;
        }
        if self.language == Language::Php && self.starts("?>") {
            self.at += 2;
            self.skip_page();
            return true;
        }
        (self.language == Language::Ruby || self.language == Language::Php) && self.heredoc()
    }

    pub(super) fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|b| *b == b'\n');
        self.at = length.map_or(self.bytes.len(), |length| self.at + length);
    }

    pub(super) fn skip_to(&mut self, end: &str) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at = rest
            .find(end)
            .map_or(self.bytes.len(), |found| self.at + found + end.len());
    }

    pub(super) fn block(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.bytes.len() {
            if self.starts("*/") {
                self.at += 2;
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return;
                }
            } else if self.starts("/*") && (depth == 0 || self.language.nests_comments()) {
                self.at += 2;
                depth += 1;
            } else {
                self.at += 1;
            }
        }
    }

    /// Passes over text that PHP sends as it is.
    pub(super) fn skip_page(&mut self) {
        self.skip_to("<?");
        self.first = true;
    }

    /// `<<~SQL … SQL`, `<<<'EOT' … EOT`: nothing in them is a default.
    pub(super) fn heredoc(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let opener = if self.language == Language::Php {
            "<<<"
        } else {
            "<<"
        };
        let Some(tail) = rest.strip_prefix(opener) else {
            return false;
        };
        let tail = tail.trim_start_matches(['~', '-', ' ', '\'', '"']);
        let name: &str = tail
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .next()
            .unwrap_or_default();
        if self.endless > MOST_ENDLESS
            || name.len() < 2
            || !name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
        {
            return false;
        }
        // The rest of the line is code still; what follows it is not.
        let mut offset = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let mut ended = false;
        for line in rest.get(offset..).unwrap_or_default().split_inclusive('\n') {
            offset += line.len();
            if line.trim_start().starts_with(name) {
                ended = true;
                break;
            }
        }
        if ended {
            self.push(Kind::Mixed, self.at, self.at + opener.len(), false);
            self.at += offset;
            self.first = true;
        }
        self.endless += usize::from(!ended);
        ended
    }

    /// `/…/` where a value is expected, on one line.
    pub(super) fn regex(&mut self) -> bool {
        if !self.language.has_regexes() || self.ends_value() {
            return false;
        }
        let mut at = self.at + 1;
        let mut in_class = false;
        while let Some(byte) = self.bytes.get(at).copied() {
            match byte {
                b'\n' => return false,
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    self.push(Kind::Mixed, self.at, self.at + 1, false);
                    self.at = at + 1;
                    return true;
                }
                _ => {}
            }
            at += 1;
        }
        false
    }

    /// The last token ends a value, so that `/` divides it.
    pub(super) fn ends_value(&self) -> bool {
        const BEFORE_VALUES: &str =
            "return typeof case in of do else when if unless and or not then";
        self.tokens.last().is_some_and(|token| match token.kind {
            Kind::Sign(sign) => matches!(sign, b')' | b']' | b'}' | b'<'),
            Kind::Word => {
                let word = self
                    .text
                    .get(token.start as usize..token.end as usize)
                    .unwrap_or_default();
                !crate::value::wordlist::has(BEFORE_VALUES, word)
            }
            _ => true,
        })
    }
}
