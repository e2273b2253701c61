//! Variables in a shell script: where each is assigned, and how each is used. Knows quotes, comments and here-documents,
//! and no grammar beyond them.

use crate::model::Span;

/// How a variable is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// `X=…`, `for X in`, `read X`
    Assigned,
    /// `$X`, `${X}`, `${X%…}`
    Plain,
    /// `${X:-default}`, `${X:=default}`, with the place of the default.
    Default(Span),
    /// `${X:?message}`
    Demanded,
    /// `${X:+other}`
    Changed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub name: Span,
    pub usage: Use,
}

/// Every variable of a script, in order; one inside of a default stands behind the one it is the default of.
pub fn scan(text: &str) -> Vec<Found> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        found: Vec::new(),
        quoted: false,
        here: None,
    };
    scanner.run();
    scanner.found
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    found: Vec<Found>,
    /// Between double quotes.
    quoted: bool,
    /// The word that ends the here-document whose first line comes next, and whether it is expanded.
    here: Option<(&'t str, bool)>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.byte(0) {
            match byte {
                b'\\' => self.at += 2,
                b'"' => {
                    self.quoted = !self.quoted;
                    self.at += 1;
                }
                b'\'' if !self.quoted => self.skip_to(b'\'', 1),
                b'#' if !self.quoted && self.starts_word() => self.skip_to(b'\n', 0),
                b'\n' => {
                    self.at += 1;
                    self.document();
                }
                b'<' if !self.quoted && self.byte(1) == Some(b'<') => self.here(),
                b'$' => self.dollar(),
                b if starts_name(b) && self.starts_word() => self.word(),
                _ => self.at += 1,
            }
        }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// The byte before ends a word.
    fn starts_word(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.bytes.get(at));
        before.is_none_or(|b| {
            b.is_ascii_whitespace() || matches!(b, b';' | b'(' | b'&' | b'|' | b'{' | b'`')
        })
    }

    /// Behind the next such byte, where `inside` of them open here already.
    fn skip_to(&mut self, byte: u8, inside: usize) {
        let rest = self.bytes.get(self.at + inside..).unwrap_or_default();
        let length = rest.iter().position(|b| *b == byte);
        self.at = length.map_or(self.bytes.len(), |length| {
            self.at + inside + length + inside
        });
    }

    fn name_end(&self, start: usize) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|b| is_name(**b)).count();
        start + length
    }

    fn push(&mut self, start: usize, end: usize, usage: Use) {
        self.found.push(Found {
            name: Span::new(start, end),
            usage,
        });
    }

    fn dollar(&mut self) {
        if self.byte(1) == Some(b'{') {
            self.braced();
            return;
        }
        let start = self.at + 1;
        let end = self.name_end(start);
        if self.bytes.get(start).is_some_and(|b| starts_name(*b)) {
            self.push(start, end, Use::Plain);
            self.at = end;
        } else {
            self.at += 1;
        }
    }

    /// Reads the head of `${…}`; what follows it is read like everything else.
    fn braced(&mut self) {
        let start = self.at + 2;
        let end = self.name_end(start);
        self.at = end.max(start);
        if end == start || !self.bytes.get(start).is_some_and(|b| starts_name(*b)) {
            return;
        }
        let colon = usize::from(self.byte(0) == Some(b':'));
        let behind = self.at + colon + 1;
        let usage = match self.byte(colon) {
            Some(b'-' | b'=') => Use::Default(Span::new(behind, self.closing(behind))),
            Some(b'?') => Use::Demanded,
            Some(b'+') => Use::Changed,
            _ => Use::Plain,
        };
        self.push(start, end, usage);
        if let Use::Default(span) = usage
            && !span.of(self.text).contains('$')
        {
            self.at = span.end as usize;
        }
    }

    /// Where the braces end that are open here; on the same line.
    fn closing(&self, start: usize) -> usize {
        let mut depth = 0_usize;
        let mut at = start;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at += 1,
                b'{' => depth += 1,
                b'}' if depth == 0 => break,
                b'}' => depth -= 1,
                b'\n' => break,
                b'\r' if self.bytes.get(at + 1) == Some(&b'\n') => break,
                _ => {}
            }
            at += 1;
        }
        at.min(self.bytes.len())
    }

    /// `X=`, `for X`, `read -r X Y`.
    fn word(&mut self) {
        let start = self.at;
        let end = self.name_end(start);
        let word = self.text.get(start..end).unwrap_or_default();
        self.at = end;
        let adds = self.byte(0) == Some(b'+') && self.byte(1) == Some(b'=');
        if !self.quoted && (self.byte(0) == Some(b'=') || adds) {
            // The value is read first: `X=${X:-d}` takes it from outside.
            let own = Span::new(start, end);
            let line = self.closing_line(end);
            let before = self.found.len();
            self.values(line);
            let name = own.of(self.text);
            let taken = self
                .found
                .iter()
                .skip(before)
                .any(|found| found.name.of(self.text) == name);
            if !taken && !adds {
                self.push(start, end, Use::Assigned);
            }
        } else if matches!(word, "for" | "read") && !self.quoted {
            self.named();
        }
    }

    /// Reads on to the end of an assignment's line.
    fn values(&mut self, end: usize) {
        while self.at < end {
            match self.byte(0) {
                Some(b'\\') => self.at += 2,
                Some(b'$') => self.dollar(),
                Some(b'\'') if !self.quoted => self.skip_to(b'\'', 1),
                Some(b'"') => {
                    self.quoted = !self.quoted;
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    /// The end of the word that is assigned: a blank, a `;` or the line, outside of quotes and brackets.
    fn closing_line(&self, start: usize) -> usize {
        let mut quote = None;
        let mut depth = 0_usize;
        let mut at = start;
        while let Some(byte) = self.bytes.get(at).copied() {
            match (quote, byte) {
                (_, b'\n') => break,
                (_, b'\\') => at += 1,
                (Some(open), _) if open == byte => quote = None,
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'(' | b'{') => depth += 1,
                (None, b')' | b'}') if depth > 0 => depth -= 1,
                (None, b' ' | b'\t' | b';' | b'&' | b'|' | b')') if depth == 0 => break,
                _ => {}
            }
            at += 1;
        }
        at.min(self.bytes.len())
    }

    /// Names behind `for` and `read`, up to the end of the command.
    fn named(&mut self) {
        while let Some(byte) = self.byte(0) {
            if matches!(byte, b' ' | b'\t') {
                self.at += 1;
            } else if byte == b'-' || starts_name(byte) {
                let start = self.at;
                let end = self.name_end(start + usize::from(byte == b'-'));
                self.at = end.max(start + 1);
                if self.text.get(start..end) == Some("in") {
                    return;
                }
                if starts_name(byte) {
                    self.push(start, end, Use::Assigned);
                }
            } else {
                return;
            }
        }
    }

    /// `<<EOF`, `<<-'EOF'`; `<<<` is a text.
    fn here(&mut self) {
        self.at += 2;
        if self.byte(0) == Some(b'<') {
            self.at += 1;
            return;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let rest = rest.trim_start_matches(['-', ' ']);
        let expands = !rest.starts_with(['"', '\'', '\\']);
        let word = rest.trim_start_matches(['"', '\'', '\\']);
        let end = word.bytes().take_while(|b| is_name(*b)).count();
        if let Some(word) = word.get(..end).filter(|word| !word.is_empty()) {
            self.here = Some((word, expands));
        }
    }

    /// Reads a here-document, if one starts on this line.
    fn document(&mut self) {
        let Some((word, expands)) = self.here.take() else {
            return;
        };
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut end = self.at;
        for line in rest.split_inclusive('\n') {
            if line.trim() == word {
                break;
            }
            end += line.len();
        }
        while self.at < end {
            match self.byte(0) {
                Some(b'\\') => self.at += 2,
                Some(b'$') if expands => self.dollar(),
                _ => self.at += 1,
            }
        }
        self.at = self.at.max(end);
    }
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let one = |found: Found| {
            let name = found.name.of(text);
            match found.usage {
                Use::Assigned => format!("{name}="),
                Use::Plain => name.to_owned(),
                Use::Default(span) => format!("{name}:{}", span.of(text)),
                Use::Demanded => format!("{name}!"),
                Use::Changed => format!("{name}+"),
            }
        };
        scan(text)
            .into_iter()
            .map(one)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn uses_and_assignments_are_told_apart() {
        for (text, expected) in [
            (
                "echo $A \"${B}\" ${C:-d} ${D:?no} ${E:+x} ${F%/}",
                "A B C:d D! E+ F",
            ),
            ("A=1; export B=${B:-x}\nC=\"$D\"", "A= B:x D C="),
            ("# $A\necho '$B' \"'$C'\" \\$D a#$E", "C E"),
            (
                "cat <<EOF\n$A don't\nEOF\ncat <<'EOT'\n$B\nEOT\necho $C",
                "A C",
            ),
            ("for X in $Y; do read -r Z; done", "X= Y Z="),
            ("${A:-${B:-c}}", "A:${B:-c} B:c"),
            ("X=$(cmd \"$A\") echo $1 $? $$", "A X="),
            ("${A:-", "A:"),
            ("$", ""),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
