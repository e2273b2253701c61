//! Exceptions written beside what they allow: `# envguard: allow ID -- reason until=DATE`, and the pragmas that people
//! already have for secret scanners.
//!
//! A comment counts only where it is one: behind a comment introducer of the file's language, outside of quotes and of
//! the values that facts were read from. So no value can allow anything.

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::config::date::Date;
use crate::model::{Document, File, Kind, Span};

/// One exception in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Line it is written on, from 1.
    pub line: u32,
    /// Lines it speaks about.
    pub covers: Vec<u32>,
    pub says: Says,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    Allow {
        ids: Vec<String>,
        reason: String,
        until: Option<Date>,
    },
    /// Allows nothing: the policies it names, and why it does not count.
    Mistake {
        ids: Vec<String>,
        reason: &'static str,
    },
    /// The pragma of a secret scanner.
    Pragma(&'static str),
}

const OWN: &str = "envguard:";
/// Pragmas, and whether they speak about the next line.
const PRAGMAS: &[(&str, bool)] = &[
    ("pragma: allowlist secret", false),
    ("pragma: allowlist nextline secret", true),
    ("pragma: whitelist secret", false),
    ("pragma: whitelist nextline secret", true),
    ("gitleaks:allow", false),
    ("trufflehog:ignore", false),
    ("ggignore", false),
    ("nosec", false),
];
/// Bytes of a line that are looked at: what stands behind is generated, and nobody comments it.
const LONGEST: usize = 4096;
/// How many lines of comment may stand between an exception and what it is about.
const STACKED: u32 = 20;

static MARKERS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let pragmas = PRAGMAS.iter().map(|(text, _)| *text);
    AhoCorasick::new(std::iter::once(OWN).chain(pragmas)).ok()
});

/// Every exception in the comments of a document.
pub fn read(document: &Document) -> Vec<Comment> {
    let Some(markers) = MARKERS.as_ref() else {
        return Vec::new();
    };
    let mut hits = markers.find_iter(document.text.as_ref()).peekable();
    if hits.peek().is_none() {
        return Vec::new();
    }
    let page = Page {
        document,
        introducers: introducers(&document.file),
        values: values(document),
    };
    hits.filter_map(|hit| {
        let marker = PRAGMAS.get(hit.pattern().as_usize().wrapping_sub(1));
        page.comment(hit.start(), hit.end(), marker)
    })
    .collect()
}

/// What starts a comment in the language of a file.
fn introducers(file: &File) -> &'static [&'static str] {
    const C: &[&str] = &["//", "/*", "*"];
    match file.ext().to_ascii_lowercase().as_str() {
        "js" | "jsx" | "ts" | "tsx" | "mjs" | "cjs" | "mts" | "cts" | "go" | "java" | "kt"
        | "kts" | "rs" | "swift" | "c" | "h" | "cc" | "cpp" | "hpp" | "cs" | "scala" | "dart"
        | "groovy" | "gradle" | "json" | "jsonc" | "json5" | "proto" => C,
        "php" | "tf" | "hcl" | "nix" => &["#", "//", "/*", "*"],
        "vue" | "svelte" => &["//", "/*", "*", "<!--"],
        "md" | "mdx" | "html" | "htm" | "xml" | "svg" => &["<!--"],
        "sql" | "lua" | "hs" => &["--", "/*", "*"],
        "ini" | "cfg" | "conf" | "properties" => &["#", ";", "!"],
        "bat" | "cmd" => &["::", "rem ", "REM "],
        _ => &["#"],
    }
}

/// Where values stand, sorted and disjoint.
fn values(document: &Document) -> Vec<Span> {
    let mut spans: Vec<Span> = document
        .facts
        .iter()
        .filter(|fact| matches!(fact.kind, Kind::var | Kind::var_read) && fact.span != fact.key)
        .map(|fact| fact.span)
        .collect();
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => *last = last.to(span),
            _ => merged.push(span),
        }
    }
    merged
}

/// A document with what is needed to tell a comment from a value.
struct Page<'a> {
    document: &'a Document,
    introducers: &'static [&'static str],
    values: Vec<Span>,
}

impl Page<'_> {
    /// The exception whose marker stands at these bytes, if that is in a comment.
    fn comment(
        &self,
        start: usize,
        end: usize,
        pragma: Option<&(&'static str, bool)>,
    ) -> Option<Comment> {
        let text = self.document.text.as_ref();
        let line = self.document.lines.line(u32::try_from(start).ok()?);
        let span = self.document.lines.line_span(text, line);
        let before = text.get(span.start as usize..start)?;
        let after = text.get(end..span.end as usize)?;
        if before.len() > LONGEST {
            return None;
        }
        let (code, introduced) = self.introduced(before, after, span.start as usize)?;
        let alone = before.get(..code)?.trim().is_empty();
        let Some((pragma, next)) = pragma else {
            let at_once =
                before.get(introduced..)?.trim().is_empty() || self.is_reintroduced(before);
            return at_once.then(|| Comment {
                line,
                covers: self.covers(line, alone),
                says: says(without_closer(after)),
            });
        };
        let whole_word = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        whole_word.then(|| Comment {
            line,
            covers: vec![line + u32::from(*next)],
            says: Says::Pragma(pragma),
        })
    }

    /// Where the first comment before a marker starts, and where its introducer ends. `offset` is that of the line.
    fn introduced(&self, before: &str, after: &str, offset: usize) -> Option<(usize, usize)> {
        let mut quote = None;
        let mut previous = None;
        for (at, c) in before.char_indices() {
            let rest = before.get(at..)?;
            match quote {
                Some(open) if open == c && previous != Some('\\') => quote = None,
                Some(_) => {}
                None => {
                    let introducer = self.introducers.iter().find(|one| rest.starts_with(**one));
                    let found = introducer.filter(|one| may_start(one, before.get(..at), previous));
                    if let Some(found) = found
                        && !self.is_value(offset + at)
                    {
                        return Some((at, at + found.len()));
                    }
                    // An apostrophe inside of a word, or a quote that nothing closes, quotes nothing.
                    let opens = matches!(c, '"' | '\'' | '`')
                        && !previous.is_some_and(char::is_alphanumeric);
                    let closes =
                        rest.get(1..).is_some_and(|rest| rest.contains(c)) || after.contains(c);
                    if opens && closes {
                        quote = Some(c);
                    }
                }
            }
            previous = Some(c);
        }
        None
    }

    fn is_value(&self, offset: usize) -> bool {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        let after = self.values.partition_point(|span| span.start <= offset);
        let before = after.checked_sub(1).and_then(|at| self.values.get(at));
        before.is_some_and(|span| span.contains(offset))
    }

    /// Another comment before this one: `# gitleaks:allow # envguard: allow …`.
    fn is_reintroduced(&self, before: &str) -> bool {
        let before = before.trim_end();
        self.introducers
            .iter()
            .any(|one| before.ends_with(one.trim_end()))
    }

    /// A comment behind something speaks about its line; one alone also about the next line that is none.
    fn covers(&self, line: u32, alone: bool) -> Vec<u32> {
        let mut covers = vec![line];
        if alone {
            let text = self.document.text.as_ref();
            let is_comment = |line: &u32| {
                let line = self
                    .document
                    .lines
                    .line_span(text, *line)
                    .of(text)
                    .trim_start();
                self.introducers.iter().any(|one| line.starts_with(one))
            };
            covers.extend((line + 1..=line + STACKED).find(|line| !is_comment(line)));
        }
        covers
    }
}

/// Whether an introducer may start a comment behind this text.
fn may_start(introducer: &str, before: Option<&str>, previous: Option<char>) -> bool {
    let at_start = before.is_none_or(|before| before.trim().is_empty());
    match introducer {
        // These mean something else in the middle of a line.
        "*" | "!" | "::" | "rem " | "REM " => at_start,
        "//" => previous != Some(':'),
        "/*" | "<!--" => true,
        _ => previous.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'')),
    }
}

/// What stands behind `envguard:`, up to the end of the comment.
fn without_closer(text: &str) -> &str {
    let end = ["*/", "-->"]
        .iter()
        .filter_map(|closer| text.find(closer))
        .min();
    text.get(..end.unwrap_or(text.len())).unwrap_or(text)
}

/// The words of an exception, sorted.
#[derive(Default)]
struct Words<'a> {
    ids: Vec<String>,
    reason: Vec<&'a str>,
    until: Option<&'a str>,
}

impl<'a> Words<'a> {
    fn of(words: impl Iterator<Item = &'a str>) -> Self {
        let mut sorted = Self::default();
        let mut behind = false;
        for word in words {
            if let Some(date) = word.strip_prefix("until=") {
                sorted.until = Some(date.trim_end_matches(['.', ',']));
            } else if behind {
                sorted.reason.push(word);
            } else if matches!(word, "--" | "–" | "—") {
                behind = true;
            } else {
                let ids = word.split(',').filter(|id| !id.is_empty());
                sorted.ids.extend(ids.map(str::to_owned));
            }
        }
        sorted
    }
}

fn says(text: &str) -> Says {
    let mut words = text.split_whitespace();
    let is_allow = words.next() == Some("allow");
    let Words { ids, reason, until } = Words::of(words);
    let mistake = |ids, reason| Says::Mistake { ids, reason };
    if !is_allow {
        return mistake(
            Vec::new(),
            "is not understood; write `envguard: allow ID -- reason`",
        );
    }
    if ids.is_empty() {
        return mistake(ids, "names no policy; write `envguard: allow ID -- reason`");
    }
    if reason.is_empty() {
        return mistake(ids, "gives no reason; write ` -- reason` behind the policy");
    }
    let parsed = until.and_then(Date::parse);
    if parsed.is_none() && until.is_some() {
        return mistake(ids, "ends on no day; write `until=2026-03-31`, say");
    }
    Says::Allow {
        ids,
        reason: reason.join(" "),
        until: parsed,
    }
}
