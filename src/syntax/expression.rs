//! Expressions of GitHub workflows: `github.ref == 'refs/heads/main' && !cancelled()`. Read as a tree; what cannot be
//! read is `Unknown`, so that nothing is concluded from it.

/// A tree of bounded depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    Text(String),
    /// Numbers, `true`, `false`, `null`.
    Plain(String),
    /// `github.event.inputs.x`, `matrix['env']`, in small letters but for the last name.
    Path(Vec<String>),
    Call(String, Vec<Expr>),
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Equal(Box<Expr>, Box<Expr>),
    Unequal(Box<Expr>, Box<Expr>),
    Unknown,
}

/// Nesting beyond this is `Unknown`.
const DEEPEST: usize = 40;
const LONGEST: usize = 4000;

/// One expression, without `${{` and `}}`.
pub fn parse(text: &str) -> Expr {
    if text.len() > LONGEST {
        return Expr::Unknown;
    }
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    let expr = reader.or();
    reader.skip_blanks();
    if reader.at < text.len() {
        return Expr::Unknown;
    }
    expr
}

/// The condition of an `if:`, which may stand in `${{ }}` or not.
pub fn condition(text: &str) -> Expr {
    let text = text.trim();
    let inner = text
        .strip_prefix("${{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .filter(|inner| !inner.contains("${{"));
    match inner {
        Some(inner) => parse(inner),
        None if text.contains("${{") => parse(&text.replace("${{", "(").replace("}}", ")")),
        None => parse(text),
    }
}

/// Where the insides of `${{ … }}` stand in a text.
pub fn embedded(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find("${{")) {
        let start = at + open + 3;
        let Some(end) = text.get(start..).and_then(closing) else {
            break;
        };
        found.push((start, start + end));
        at = start + end + 2;
    }
    found
}

/// The `}}` that stands in no quotes.
fn closing(text: &str) -> Option<usize> {
    let mut quoted = false;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && bytes.get(at + 1) == Some(&b'}') => return Some(at),
            b'\n' => quoted = false,
            _ => {}
        }
    }
    text.find("}}")
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.skip_blanks();
        let holds = self.rest().starts_with(sign);
        self.at += if holds { sign.len() } else { 0 };
        holds
    }

    fn or(&mut self) -> Expr {
        self.depth += 1;
        if self.depth > DEEPEST {
            self.at = self.text.len();
            return Expr::Unknown;
        }
        let mut left = self.and();
        while self.takes("||") {
            left = Expr::Or(Box::new(left), Box::new(self.and()));
        }
        self.depth -= 1;
        left
    }

    fn and(&mut self) -> Expr {
        let mut left = self.compared();
        while self.takes("&&") {
            left = Expr::And(Box::new(left), Box::new(self.compared()));
        }
        left
    }

    fn compared(&mut self) -> Expr {
        let left = self.single();
        if self.takes("==") {
            return Expr::Equal(Box::new(left), Box::new(self.single()));
        }
        if self.takes("!=") {
            return Expr::Unequal(Box::new(left), Box::new(self.single()));
        }
        if ["<=", ">=", "<", ">"].iter().any(|sign| self.takes(sign)) {
            self.single();
            return Expr::Unknown;
        }
        left
    }

    fn single(&mut self) -> Expr {
        self.skip_blanks();
        if self.rest().starts_with('!') && !self.rest().starts_with("!=") {
            self.at += 1;
            self.depth += 1;
            if self.depth > DEEPEST {
                self.at = self.text.len();
                return Expr::Unknown;
            }
            let inner = self.single();
            self.depth -= 1;
            return Expr::Not(Box::new(inner));
        }
        if self.takes("(") {
            let inner = self.or();
            return if self.takes(")") {
                inner
            } else {
                Expr::Unknown
            };
        }
        if self.rest().starts_with('\'') {
            return self.text_literal();
        }
        self.name()
    }

    /// `'it''s'`
    fn text_literal(&mut self) -> Expr {
        let mut out = String::new();
        loop {
            self.at += 1;
            let Some(end) = self.rest().find('\'') else {
                self.at = self.text.len();
                return Expr::Unknown;
            };
            out.push_str(self.rest().get(..end).unwrap_or_default());
            self.at += end + 1;
            if !self.rest().starts_with('\'') {
                return Expr::Text(out);
            }
            out.push('\'');
        }
    }

    fn word(&mut self) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*');
        let rest = self.rest();
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_owned();
        self.at += end;
        word
    }

    fn name(&mut self) -> Expr {
        let first = self.word();
        if first.is_empty() {
            // Whatever it is, it has to be left behind.
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            return Expr::Unknown;
        }
        if self.rest().starts_with('(') {
            return self.call(&first);
        }
        let number = first.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if number || matches!(first.as_str(), "true" | "false" | "null") {
            return Expr::Plain(first);
        }
        let mut path = vec![first.to_ascii_lowercase()];
        loop {
            if self.rest().starts_with('.') {
                self.at += 1;
                path.push(self.word());
            } else if self.rest().starts_with('[') {
                self.at += 1;
                match self.single() {
                    Expr::Text(text) => path.push(text),
                    _ => path.push("*".to_owned()),
                }
                if !self.takes("]") {
                    return Expr::Unknown;
                }
            } else {
                return Expr::Path(path);
            }
        }
    }

    fn call(&mut self, name: &str) -> Expr {
        self.at += 1;
        let mut arguments = Vec::new();
        if self.takes(")") {
            return Expr::Call(name.to_ascii_lowercase(), arguments);
        }
        loop {
            arguments.push(self.or());
            if self.takes(")") {
                return Expr::Call(name.to_ascii_lowercase(), arguments);
            }
            if !self.takes(",") {
                return Expr::Unknown;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(names: &[&str]) -> Expr {
        Expr::Path(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn operators_bind_as_they_do() {
        let expected = Expr::Or(
            Box::new(Expr::And(
                Box::new(Expr::Equal(
                    Box::new(path(&["github", "ref"])),
                    Box::new(Expr::Text("refs/heads/it's".to_owned())),
                )),
                Box::new(Expr::Not(Box::new(Expr::Call(
                    "cancelled".to_owned(),
                    vec![],
                )))),
            )),
            Box::new(path(&["inputs", "Force"])),
        );
        let text = "${{ github.ref == 'refs/heads/it''s' && !cancelled() || inputs['Force'] }}";
        assert_eq!(condition(text), expected);
    }

    #[test]
    fn what_cannot_be_read_is_unknown() {
        for text in ["", "'", "a b", "(a", "f(", "a[", "${{ a", "a ? b", "é"] {
            assert_eq!(condition(text), Expr::Unknown, "{text}");
        }
        assert_eq!(parse(&"(".repeat(3000)), Expr::Unknown);
        assert!(matches!(parse(&"!".repeat(3000)), Expr::Not(_)));
    }

    #[test]
    fn embedded_expressions_are_found() {
        let text = "a ${{ b['}}'] }} c ${{d}} ${{ e";
        let found: Vec<_> = embedded(text)
            .into_iter()
            .map(|(start, end)| &text[start..end])
            .collect();
        assert_eq!(found, [" b['}}'] ", "d"]);
    }
}
