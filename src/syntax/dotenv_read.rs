//! The reader behind `dotenv::parse_as`: one pass, statement by statement, recovering at the end of a line.

use super::dotenv::{self, Dialect, Document, Entry, Quote, Separator};
use super::dotenv_escape;
use super::dotenv_name::{self, Scan, comment_start, is_blank, is_name};
use crate::model::{Problem, Secret, Span, Str};

/// Reads `Common` and `Compose`.
pub(super) fn read(text: &str, dialect: Dialect) -> Document {
    let mut reader = Reader {
        text,
        compose: dialect == Dialect::Compose,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        document: Document::default(),
    };
    while reader.find_statement() {
        reader.statement();
    }
    reader.document
}

struct Reader<'a> {
    text: &'a str,
    compose: bool,
    at: usize,
    document: Document,
}

/// The left side of a statement.
struct Name {
    span: Span,
    separator: Separator,
    export: bool,
}

/// The right side of a statement.
struct Written {
    value: Span,
    raw: Span,
    quote: Quote,
    comment: Option<Span>,
}

impl<'a> Reader<'a> {
    /// Skips blanks and comment lines. False at the end of the text.
    fn find_statement(&mut self) -> bool {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            match self.rest().chars().next() {
                None => return false,
                Some('#') => self.at = self.line_end(self.at),
                Some(_) => return true,
            }
        }
    }

    fn statement(&mut self) {
        let export = self.export();
        let name = if self.compose {
            self.compose_name(export)
        } else {
            self.common_name(export)
        };
        let Some(name) = name else { return };
        let written = match name.separator {
            Separator::None => Written {
                value: Span::new(name.span.end as usize, name.span.end as usize),
                raw: Span::new(name.span.end as usize, name.span.end as usize),
                quote: Quote::None,
                comment: None,
            },
            _ => self.value(),
        };
        self.push(&name, &written);
    }

    fn push(&mut self, name: &Name, written: &Written) {
        let content = written.value.of(self.text);
        let (text, offsets) =
            dotenv_escape::decode(content, written.value.start, written.quote, !self.compose);
        self.document.entries.push(Entry {
            name: Str::from(name.span.of(self.text)),
            key: name.span,
            separator: name.separator,
            value: written.value,
            raw: written.raw,
            quote: written.quote,
            template: dotenv::template(&text, written.quote, &offsets),
            text: Secret::new(text),
            export: name.export,
            comment: written.comment,
        });
    }

    /// Steps over `export` and the blanks behind it.
    fn export(&mut self) -> bool {
        let is_word = self
            .rest()
            .strip_prefix("export")
            .is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n', '\u{c}']));
        if is_word {
            self.at += "export".len();
            self.skip_blanks();
        }
        is_word
    }

    /// The name as Compose finds it; a mistake costs the line.
    fn compose_name(&mut self, export: bool) -> Option<Name> {
        let start = self.at;
        let (length, separator) = match dotenv_name::as_compose(self.rest()) {
            Scan::Name(length, separator) => (length, separator),
            Scan::Unexpected(at, c) => {
                let at = start + at;
                return self.refuse_line("dotenv-name", Span::new(at, at + c.len_utf8()));
            }
            Scan::End if self.rest().is_empty() => {
                return self.refuse_line("dotenv-syntax", Span::new(start, start));
            }
            // A last line without `=` and line break is a value without a name.
            Scan::End => {
                return Some(Name {
                    span: Span::new(start, start),
                    separator: Separator::Equals,
                    export,
                });
            }
        };
        let name = self.slice(start, start + length).trim_end();
        let span = Span::new(start, start + name.len());
        if name.contains(' ') {
            return self.refuse_line("dotenv-name", span);
        }
        self.at = start + length + 1;
        (separator != Separator::None || !name.is_empty()).then_some(Name {
            span,
            separator,
            export,
        })
    }

    fn refuse_line(&mut self, code: &'static str, span: Span) -> Option<Name> {
        self.refuse(code, span);
        self.at = self.line_end(self.at);
        None
    }

    /// The name as people mean it: up to `=`, or `:` where a blank or nothing follows.
    fn common_name(&mut self, export: bool) -> Option<Name> {
        let (start, end) = (self.at, self.line_end(self.at));
        let line = self.slice(start, end);
        let bare = comment_start(line).unwrap_or(line.len());
        let found = dotenv_name::separator(line).filter(|(at, _)| *at < bare);
        let (until, separator) = found.unwrap_or((bare, Separator::None));
        let name = line.get(..until).unwrap_or_default().trim_end();
        let span = Span::new(start, start + name.len());
        if found.is_none() && !is_name(name) {
            self.syntax(Span::new(start, start + line.trim_end().len()), export);
            self.at = end;
            return None;
        }
        if name.is_empty() {
            let line = Span::new(start, end);
            self.problem("dotenv-name", line, "there is no name before the separator");
            self.at = end;
            return None;
        }
        self.judge_name(span, start + until, found.is_some());
        self.at = if found.is_some() {
            start + until + 1
        } else {
            end
        };
        Some(Name {
            span,
            separator,
            export,
        })
    }

    fn judge_name(&mut self, span: Span, until: usize, separated: bool) {
        let blank = Span::new(span.end as usize, until);
        if !is_name(span.of(self.text)) {
            let message = "a name holds letters, digits, `_`, `.` and `-` only";
            self.problem("dotenv-name", span, message);
        } else if separated && !blank.is_empty() {
            let message = "a blank before the separator: shells and some readers refuse it";
            self.problem("dotenv-name-blank", blank, message);
        }
    }

    fn syntax(&mut self, line: Span, export: bool) {
        let text = line.of(self.text);
        if export && text.is_empty() {
            return self.problem("dotenv-syntax", line, "`export` without a name");
        }
        let message = if text.starts_with('[') {
            "a section header: env files have none"
        } else {
            "neither NAME=value nor a comment"
        };
        self.problem("dotenv-syntax", line, message);
    }

    fn value(&mut self) -> Written {
        let blanks = self.skip_blanks();
        let quote = match self.rest().bytes().next() {
            Some(b'"') => Quote::Double,
            Some(b'\'') => Quote::Single,
            Some(b'`') if !self.compose => Quote::Backtick,
            _ => return self.unquoted(blanks),
        };
        let start = self.at;
        match self.closing_quote(start, quote) {
            Some(close) if self.compose || self.is_plausible(start, close) => {
                self.quoted(close, quote)
            }
            _ => self.unterminated(quote),
        }
    }

    fn quoted(&mut self, close: usize, quote: Quote) -> Written {
        let start = self.at;
        self.at = close + 1;
        let comment = self.behind_quote();
        Written {
            value: Span::new(start + 1, close),
            raw: Span::new(start, close + 1),
            quote,
            comment,
        }
    }

    /// Looks at what stands between the closing quote and the end of the line.
    fn behind_quote(&mut self) -> Option<Span> {
        let (from, end) = (self.at, self.line_end(self.at));
        let rest = self.slice(from, end);
        let trimmed = rest.trim();
        let start = from + rest.len() - rest.trim_start().len();
        let span = Span::new(start, start + trimmed.len());
        if trimmed.starts_with('#') {
            self.at = end;
            return Some(span);
        }
        if !trimmed.is_empty() {
            self.problem("dotenv-trailing", span, "text behind the closing quote");
            if !self.compose {
                self.at = end;
            }
        }
        None
    }

    /// A quote without its partner: the value ends with its line, and so does the damage.
    fn unterminated(&mut self, quote: Quote) -> Written {
        let (start, end) = (self.at, self.line_end(self.at));
        let line = self.slice(start, end).trim_end();
        let raw = Span::new(start, start + line.len());
        self.refuse("dotenv-quote", raw);
        self.at = end;
        let closes = line.len() > 1 && line.ends_with(mark(quote));
        Written {
            value: Span::new(start + 1, start + line.len() - usize::from(closes)),
            raw,
            quote,
            comment: None,
        }
    }

    fn unquoted(&mut self, blanks: usize) -> Written {
        let (start, end) = (self.at, self.line_end(self.at));
        let line = self.slice(start, end);
        let hash = if self.compose {
            line.find(" #").map(|at| at + 1)
        } else if blanks > 0 && line.starts_with('#') {
            Some(0)
        } else {
            comment_start(line)
        };
        let content = line.get(..hash.unwrap_or(line.len())).unwrap_or_default();
        let value = Span::new(start, start + content.trim_end().len());
        self.at = end;
        Written {
            value,
            raw: value,
            quote: Quote::None,
            comment: hash.map(|at| Span::new(start + at, start + line.trim_end().len())),
        }
    }

    fn closing_quote(&self, start: usize, quote: Quote) -> Option<usize> {
        let mut escaped = false;
        let wanted = mark(quote) as u8;
        let behind = self.text.as_bytes().get(start + 1..)?;
        for (offset, byte) in behind.iter().enumerate() {
            match byte {
                b'\\' if !escaped && quote != Quote::Backtick => escaped = true,
                byte if *byte == wanted && !escaped => return Some(start + 1 + offset),
                _ => escaped = false,
            }
        }
        None
    }

    /// A quote that closes on a later line, with more text behind it, is the opening quote of another value.
    fn is_plausible(&self, start: usize, close: usize) -> bool {
        let behind = self.slice(close + 1, self.line_end(close + 1)).trim_start();
        !self.slice(start, close).contains('\n') || behind.is_empty() || behind.starts_with('#')
    }

    /// Notes what Compose refuses the file for; the first one counts.
    fn refuse(&mut self, code: &'static str, span: Span) {
        let message = match code {
            "dotenv-quote" => "the quote is never closed",
            "dotenv-name" => "not a name: letters, digits, `_`, `.`, `-` and brackets only",
            _ => "`export` without a name",
        };
        self.document
            .refused
            .get_or_insert(self.document.problems.len());
        self.problem(code, span, message);
    }

    fn problem(&mut self, code: &'static str, span: Span, message: &str) {
        self.document
            .problems
            .push(Problem::new(code, span, message));
    }

    fn skip_blanks(&mut self) -> usize {
        let rest = self.rest();
        let skipped = rest.len() - rest.trim_start_matches(is_blank).len();
        self.at += skipped;
        skipped
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        from + rest.find('\n').unwrap_or(rest.len())
    }
}

fn mark(quote: Quote) -> char {
    match quote {
        Quote::Double => '"',
        Quote::Single => '\'',
        Quote::Backtick | Quote::None => '`',
    }
}
