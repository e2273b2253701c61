//! As much of HCL as settings need: attributes with literal values, in blocks and in objects. Whatever else an expression
//! is, is stepped over. Everything is looked at once, so the time is linear; nothing nests deeper than a limit.

use crate::model::Span;

/// One literal: the types, labels and keys above it, its own key, and the text.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) path: Vec<String>,
    pub(super) key: Span,
    pub(super) text: String,
    /// Without quotes.
    pub(super) span: Span,
}

/// Deeper than anybody nests.
const DEEPEST: usize = 32;

pub(super) fn settings(text: &str) -> Vec<Setting> {
    let mut reader = Reader {
        text,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        path: Vec::new(),
        found: Vec::new(),
    };
    while reader.at < text.len() {
        reader.body();
        // A brace that closes nothing.
        reader.at += reader.peek().map_or(1, char::len_utf8);
    }
    reader.found
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    path: Vec<String>,
    found: Vec<Setting>,
}

impl Reader<'_> {
    /// Attributes and blocks up to the brace that closes this body.
    fn body(&mut self) {
        loop {
            self.skip_blank(true);
            let Some(c) = self.peek() else {
                return;
            };
            if c == '}' {
                return;
            }
            if c == ',' {
                self.at += 1;
                continue;
            }
            let Some((name, key)) = self.name() else {
                self.skip_expression();
                continue;
            };
            self.entry(name, key);
        }
    }

    /// What follows a name: `= value`, `: value`, or labels and a block.
    fn entry(&mut self, name: String, key: Span) {
        let depth = self.path.len();
        self.path.push(name);
        self.skip_blank(false);
        while let Some((label, _)) = self
            .peek()
            .filter(|c| *c == '"' || is_name(*c))
            .and_then(|_| self.name())
        {
            self.path.push(label);
            self.skip_blank(false);
        }
        match self.peek() {
            Some('=' | ':') => {
                self.at += 1;
                self.skip_blank(false);
                self.value(key);
            }
            Some('{') => self.braced(),
            _ => self.skip_expression(),
        }
        self.path.truncate(depth);
    }

    fn braced(&mut self) {
        if self.path.len() > DEEPEST {
            return self.skip_expression();
        }
        self.at += 1;
        self.body();
        if self.peek() == Some('}') {
            self.at += 1;
        }
    }

    fn value(&mut self, key: Span) {
        match self.peek() {
            Some('{') => self.braced(),
            Some('"') => {
                let Some((text, span)) = self.string() else {
                    return self.skip_expression();
                };
                if self.ends_here() {
                    self.push(key, text, span);
                } else {
                    self.skip_expression();
                }
            }
            Some(c) if c.is_ascii_digit() || c == '-' || c.is_ascii_alphabetic() => {
                let start = self.at;
                self.skip_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
                let word = self.text.get(start..self.at).unwrap_or_default();
                let literal = matches!(word, "true" | "false") || word.parse::<f64>().is_ok();
                if literal && self.ends_here() {
                    self.push(key, word.to_owned(), Span::new(start, start + word.len()));
                } else {
                    self.skip_expression();
                }
            }
            _ => self.skip_expression(),
        }
    }

    fn push(&mut self, key: Span, text: String, span: Span) {
        self.found.push(Setting {
            path: self.path.clone(),
            key,
            text,
            span,
        });
    }

    /// Nothing more belongs to the value.
    fn ends_here(&mut self) -> bool {
        self.skip_while(|c| matches!(c, ' ' | '\t' | '\r'));
        let rest = self.text.get(self.at..).unwrap_or_default();
        rest.is_empty()
            || rest.starts_with(['\n', ',', '}', '#', ')', ']'])
            || rest.starts_with("//")
    }

    /// An identifier, or a quoted text in its place.
    fn name(&mut self) -> Option<(String, Span)> {
        if self.peek()? == '"' {
            return self.string();
        }
        let start = self.at;
        self.skip_while(is_name);
        let name = self
            .text
            .get(start..self.at)
            .filter(|name| !name.is_empty())?;
        Some((name.to_owned(), Span::new(start, self.at)))
    }

    /// A text in quotes that ends on its line.
    fn string(&mut self) -> Option<(String, Span)> {
        let start = self.at + 1;
        let mut text = String::new();
        let rest = self.text.get(start..)?;
        let mut open = 0_usize;
        let mut chars = rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                // A backslash at the end of a line escapes nothing.
                '\\' if !is_line_end(rest.get(at + 1..).unwrap_or_default()) => {
                    text.extend(chars.next().map(|(_, c)| c));
                }
                '\n' => break,
                '"' if open == 0 => {
                    self.at = start + at + 1;
                    return Some((text, Span::new(start, start + at)));
                }
                _ => {
                    // Quotes inside of `${…}` belong to the expression.
                    open += usize::from(c == '{' && (text.ends_with('$') || open > 0));
                    open -= usize::from(c == '}' && open > 0);
                    text.push(c);
                }
            }
        }
        None
    }

    /// Steps over an expression: to the end of the line or in front of what closes the body, brackets and texts in it
    /// left whole.
    fn skip_expression(&mut self) {
        let mut depth = 0_usize;
        while let Some(c) = self.peek() {
            match c {
                '"' => {
                    // One that never ends takes its line along: every sign of it would be tried as a beginning.
                    if self.string().is_none() {
                        self.skip_while(|c| c != '\n');
                    }
                    continue;
                }
                // The last line of a document ends the expression.
                '<' if self.heredoc() => {
                    if depth == 0 {
                        return;
                    }
                    continue;
                }
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth == 0 => {
                    // A brace closes the body, the others are strays.
                    self.at += usize::from(c != '}');
                    return;
                }
                ')' | ']' | '}' => depth -= 1,
                '\n' | ',' if depth == 0 => return,
                _ => {}
            }
            self.at += c.len_utf8();
        }
    }

    /// `<<EOF` and `<<-EOF` with their lines.
    fn heredoc(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(head) = rest.strip_prefix("<<") else {
            return false;
        };
        let name = head.trim_start_matches(['-', '~']);
        let end = name.find(|c| !is_name(c)).unwrap_or(name.len());
        let Some(name) = name.get(..end).filter(|name| !name.is_empty()) else {
            return false;
        };
        let mut at = self.at;
        for (index, line) in rest.split_inclusive('\n').enumerate() {
            at += line.len();
            if index > 0 && line.trim() == name {
                break;
            }
        }
        self.at = at;
        true
    }

    fn skip_blank(&mut self, lines: bool) {
        loop {
            self.skip_while(|c| c != '\n' && c.is_whitespace() || lines && c == '\n');
            let rest = self.text.get(self.at..).unwrap_or_default();
            if rest.starts_with('#') || rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            } else {
                return;
            }
        }
    }

    fn skip_while(&mut self, holds: impl Fn(char) -> bool) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.find(|c| !holds(c)).unwrap_or(rest.len());
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }
}

fn is_line_end(rest: &str) -> bool {
    rest.starts_with('\n') || rest.starts_with("\r\n")
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        settings(text)
            .iter()
            .map(|one| format!("{}={}<{}>", one.path.join("."), one.text, one.span.of(text)))
            .collect()
    }

    #[test]
    fn literals_are_read_and_expressions_stepped_over() {
        let text = "# x\na = \"b\" # c\nn = 3\nt = true\nl = [\"x\", { y = 1 }]\ne = var.x\nm = {\n  k = \"v\"\n  \"q\" : 2,\n}\n\
            h = <<EOF\nz = 1\nEOF\ns = \"a${b[\"c\"]}\"\nx = \"a\" == \"b\" ? 1 : 2\nlast = \"é\"";
        assert_eq!(
            read(text),
            [
                "a=b<b>",
                "n=3<3>",
                "t=true<true>",
                "m.k=v<v>",
                "m.q=2<2>",
                "s=a${b[\"c\"]}<a${b[\"c\"]}>",
                "last=é<é>"
            ]
        );
    }

    #[test]
    fn blocks_have_their_labels() {
        let text = "variable \"db\" {\n  type = string\n  default = \"x\"\n}\nlocals { a = 1 }\n}\nb = 2\n";
        assert_eq!(
            read(text),
            ["variable.db.default=x<x>", "locals.a=1<1>", "b=2<2>"]
        );
    }
}
