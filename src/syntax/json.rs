//! JSON as people keep it in repositories, with comments, trailing commas and JSON5 spellings. jsonc-parser scans the
//! tokens; its own tree is not used because it throws everything away at the first error.

use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{ParseStringErrorKind, Scanner, ScannerOptions};

use super::nest::{Before, Nest, Properties};
use super::node::{Style, Tree, Value};
use crate::model::{Problem, Span, Str};

/// Reads a text with one value; empty text has no document.
pub fn parse(text: &str) -> Tree {
    let content = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        text,
        bom: text.len() - content.len(),
        scanner: Scanner::new(content, &ScannerOptions::default()),
        nest: Nest::new(),
        expected: Expected::Content,
    };
    if let Err(problem) = reader.read() {
        // Only at the end of the text may a number be cut in half.
        reader.nest.break_off(text, Span::new(0, text.len()).end);
        reader.nest.problems.push(problem);
    }
    Tree {
        documents: reader.nest.end_document().into_iter().collect(),
        problems: reader.nest.problems,
    }
}

struct Reader<'t> {
    text: &'t str,
    bom: usize,
    scanner: Scanner<'t>,
    nest: Nest,
    expected: Expected,
}

#[derive(Clone, Copy, PartialEq)]
enum Expected {
    /// A value or a key, or the end of the collection.
    Content,
    Colon,
    Value,
    /// A comma or the end of the collection.
    Separator,
    End,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), Problem> {
        while let Some(token) = self.scan()? {
            let span = self.span();
            match token {
                Token::CommentLine(_) | Token::CommentBlock(_) => {}
                Token::OpenBrace => {
                    self.expect_value(span)?;
                    self.nest.open_map(span, Properties::default())?;
                    self.expected = Expected::Content;
                }
                Token::OpenBracket => {
                    self.expect_value(span)?;
                    self.nest.open_seq(span, Properties::default())?;
                    self.expected = Expected::Content;
                }
                Token::CloseBrace => self.close(span, true)?,
                Token::CloseBracket => self.close(span, false)?,
                Token::Colon if self.expected == Expected::Colon => {
                    self.expected = Expected::Value;
                }
                Token::Comma if self.expected == Expected::Separator => {
                    self.expected = Expected::Content;
                }
                Token::Colon | Token::Comma => return Err(self.unexpected(span)),
                scalar => self.scalar(&scalar, span)?,
            }
        }
        self.at_end()
    }
}

impl<'t> Reader<'t> {
    fn scan(&mut self) -> Result<Option<Token<'t>>, Problem> {
        let token = self.scanner.scan().map_err(|error| self.explain(&error))?;
        let span = self.span();
        // jsonc-parser lets strings run over lines; then a forgotten quote swallows the keys that follow.
        if matches!(token, Some(Token::String(_))) && span.of(self.text).contains('\n') {
            return Err(syntax(start_of(span), UNCLOSED_QUOTE));
        }
        Ok(token)
    }

    /// The bytes of the token just scanned.
    fn span(&self) -> Span {
        Span::new(
            self.scanner.token_start() + self.bom,
            self.scanner.token_end() + self.bom,
        )
    }

    fn scalar(&mut self, token: &Token<'_>, span: Span) -> Result<(), Problem> {
        let is_key =
            self.expected == Expected::Content && matches!(self.nest.before(), Before::Pair);
        if !is_key {
            self.expect_value(span)?;
        }
        let scalar = |text: &str, style| Value::Scalar {
            text: Str::from(text),
            style,
        };
        let value = match token {
            Token::String(text) => scalar(text, Style::Quoted),
            Token::Null if !is_key => Value::Null,
            Token::Word(_) if !is_key => {
                return Err(syntax(span, "a string needs quotes around it"));
            }
            _ => scalar(span.of(self.text), Style::Plain),
        };
        self.nest.scalar(value, span, Properties::default());
        self.expected = if is_key {
            Expected::Colon
        } else {
            self.after_value()
        };
        Ok(())
    }

    fn expect_value(&self, span: Span) -> Result<(), Problem> {
        match (self.expected, self.nest.before()) {
            (Expected::Value, _) | (Expected::Content, Before::Nothing | Before::Item(_)) => Ok(()),
            _ => Err(self.unexpected(span)),
        }
    }

    fn close(&mut self, span: Span, is_map: bool) -> Result<(), Problem> {
        let fits = matches!(
            (self.nest.before(), is_map),
            (Before::Pair, true) | (Before::Item(_), false)
        );
        if !fits || !matches!(self.expected, Expected::Content | Expected::Separator) {
            return Err(self.unexpected(span));
        }
        self.nest.close(span);
        self.expected = self.after_value();
        Ok(())
    }

    fn after_value(&self) -> Expected {
        match self.nest.before() {
            Before::Nothing => Expected::End,
            _ => Expected::Separator,
        }
    }

    fn at_end(&self) -> Result<(), Problem> {
        match self.nest.innermost() {
            Some(open) => Err(syntax(open, "this bracket is never closed")),
            None => Ok(()),
        }
    }

    fn unexpected(&self, span: Span) -> Problem {
        let message = match self.expected {
            Expected::Content if matches!(self.nest.before(), Before::Pair) => {
                "expected a key or `}`"
            }
            Expected::Content | Expected::Value => "expected a value",
            Expected::Colon => "expected `:` after this key",
            Expected::Separator => "expected a comma or a closing bracket",
            Expected::End => "expected nothing after the closing bracket",
        };
        syntax(span, message)
    }

    fn explain(&self, error: &ParseError) -> Problem {
        let range = error.range();
        let span = Span::new(range.start + self.bom, range.end + self.bom);
        match error.kind() {
            ParseErrorKind::String(ParseStringErrorKind::UnterminatedStringLiteral) => {
                syntax(start_of(span), UNCLOSED_QUOTE)
            }
            ParseErrorKind::String(_) => {
                syntax(span, "this string has an escape JSON does not know")
            }
            ParseErrorKind::UnterminatedCommentBlock => {
                syntax(start_of(span), "this comment is never closed")
            }
            kind => syntax(span, &kind.to_string().to_lowercase()),
        }
    }
}

const UNCLOSED_QUOTE: &str = "this quote is never closed on its line";

fn syntax(span: Span, message: &str) -> Problem {
    Problem::new("json-syntax", span, message)
}

/// The first byte only: the rest runs to wherever the next quote happens to stand.
fn start_of(span: Span) -> Span {
    let start = span.start as usize;
    Span::new(start, start + 1)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::syntax::draw::{check, outline};

    fn reads(text: &str, expected: &str) {
        assert_eq!(outline(text, &parse(text)), expected, "{text}");
    }

    #[test]
    fn keys_and_values_stand_on_their_bytes() {
        check(
            parse,
            r#"
            |{ // comment
            |  "é": "ü", /* comment */ "b": [1, null,],
               kkk  vvv                kkk   v  vvvv
            |  c: {"d": true},
               k   kkk  vvvv
            |}
            "#,
        );
    }

    #[test]
    fn values() {
        reads("", "");
        reads("[]", "[]");
        reads("\u{feff}{\"a\": {}}\r\n", "{\"a\": {}}");
        reads(
            r#"{"a": "x\ny", "b": -1.5e3, "c": 0xff}"#,
            r#"{"a": "x\ny", "b": -1.5e3, "c": 0xff}"#,
        );
        reads(r#"{"<<": {"a": 1}}"#, r#"{"<<": {"a": 1}}"#);
        reads(
            r#"{"a": 1, "a": 2}"#,
            r#"{"a": 1, "a": 2} !duplicate-key `"a"`"#,
        );
    }

    #[test]
    fn what_stands_before_an_error_stays() {
        reads(r#"{"a": 1, "b": }"#, r#"{"a": 1} !json-syntax `}`"#);
        reads(r#"{"a": 1 "b": 2}"#, r#"{"a": 1} !json-syntax `"b"`"#);
        reads(r#"{"a": "1" "b": 2}"#, r#"{"a": "1"} !json-syntax `"b"`"#);
        reads(r#"{"a": [1, 2"#, r#"{"a": [1]} !json-syntax `[`"#);
        reads("{\"a\": [1, 2\n", r#"{"a": [1, 2]} !json-syntax `[`"#);
        reads(
            "{\"a\": 1,\n\"b\": \"x,\n\"c\": 2}",
            r#"{"a": 1} !json-syntax `"`"#,
        );
        reads(r#"{"a": x}"#, "{} !json-syntax `x`");
        reads(r#"{"a": 1} {"b": 2}"#, r#"{"a": 1} !json-syntax `{`"#);
        reads(r#"{"a": 1}}"#, r#"{"a": 1} !json-syntax `}`"#);
        reads(r#"{"a": "\u12"}"#, r#"{} !json-syntax `\u12"`"#);
        reads(r#"{"a": 1, /* "#, r#"{"a": 1} !json-syntax `/`"#);
        reads("[1,,2]", "[1] !json-syntax `,`");
        reads("{,}", "{} !json-syntax `,`");
        reads("[1}", "[1] !json-syntax `}`");
        let deep = "[".repeat(200);
        assert_eq!(parse(&deep).problems[0].code, "nesting");
    }
}
