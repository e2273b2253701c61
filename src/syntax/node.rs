//! One tree for YAML, JSON and TOML: every key and value with the bytes it stands on.

use crate::model::{Problem, Span, Str};

/// How a scalar was written: only a plain one may be a number, a boolean or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Quoted,
    /// `|` and `>` blocks: the text has no fixed distance from its bytes.
    Block,
}

#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing written, `~`, or `null`.
    Null,
    Scalar {
        text: Str,
        style: Style,
    },
    Seq(Vec<Node>),
    Map(Vec<Entry>),
}

/// One value with its place. `span` covers the content: a quoted scalar's quotes included, a block scalar from its first
/// to its last word, a block collection from its first key (or dash) to its last value. An absent value has the empty
/// span right behind its key's colon or its item's dash. Anchors and tags are not part of it.
#[derive(Clone, Debug)]
pub struct Node {
    pub value: Value,
    pub span: Span,
    /// Local tag without `!`, such as `reset`, `override`, `vault`; `None` for core tags.
    pub tag: Option<Str>,
    /// Where an alias brought this node in: the bytes of `*name`. The node's own spans lie in the anchored text.
    pub alias: Option<Span>,
}

/// One key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Node,
    pub value: Node,
    /// Came in through `<<`; an own key of the same name hides it (hidden ones are not in the list).
    pub merged: bool,
}

/// Everything read from one text. Problems never stop the rest.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub documents: Vec<Node>,
    pub problems: Vec<Problem>,
}

impl Node {
    pub fn null(at: Span) -> Self {
        Self {
            value: Value::Null,
            span: at,
            tag: None,
            alias: None,
        }
    }

    /// Where the node stands in the text that uses it: the alias that brought it in, else its own bytes.
    pub fn place(&self) -> Span {
        self.alias.unwrap_or(self.span)
    }

    /// The bytes of a scalar without its quotes.
    pub fn content(&self, source: &str) -> Span {
        let written = self.span.of(source);
        let is = |quote: char| {
            written.len() >= 2 && written.starts_with(quote) && written.ends_with(quote)
        };
        if is('"') || is('\'') {
            Span::new(self.span.start as usize + 1, self.span.end as usize - 1)
        } else {
            self.span
        }
    }

    /// Text of a scalar, whatever its style.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Seq(items) => items,
            _ => &[],
        }
    }

    pub fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    pub fn is_seq(&self) -> bool {
        matches!(self.value, Value::Seq(_))
    }

    /// The last entry of that name: what YAML readers that tolerate duplicates keep.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()
            .iter()
            .rev()
            .find(|entry| entry.key.text() == Some(key))
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A scalar written without quotes: the only kind that can be a number or a boolean.
    pub fn is_plain(&self) -> bool {
        self.plain().is_some()
    }

    /// YAML 1.2 core booleans, plain style only.
    pub fn as_bool(&self) -> Option<bool> {
        match self.plain()? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// Decimal, `0x` and `0o` integers, plain style only. YAML 1.1 reads `010` as eight and `22:22` as 1342: whoever
    /// cares looks at the text.
    pub fn as_int(&self) -> Option<i64> {
        let text = self.plain()?;
        let (digits, radix) = match text.split_at_checked(2) {
            Some(("0x", digits)) => (digits, 16),
            Some(("0o", digits)) => (digits, 8),
            _ => return text.parse().ok(),
        };
        let signed = digits.starts_with(['+', '-']);
        i64::from_str_radix(digits, radix).ok().filter(|_| !signed)
    }

    fn plain(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar {
                text,
                style: Style::Plain,
            } => Some(text),
            _ => None,
        }
    }
}
