//! Globs and regular expressions of policies. Most are a word with a star at one end, so those are matched as text;
//! the rest compiles on first need, because a run usually meets only a few of the facts that policies ask about.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder, bytes};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::{meta, util::syntax};

use crate::model::Str;

/// A compiled program may take this much memory; patterns come from files that somebody else may have written.
const SIZE_LIMIT: usize = 1 << 19;
/// Longer patterns are refused before anything looks at them.
pub const LONGEST: usize = 2_000;

/// So many short texts are matched before a pattern is compiled to be fast.
const FEW: u32 = 500;
const SHORT: usize = 200;

/// A regular expression, searched anywhere in the text.
#[derive(Clone, Debug)]
pub struct Pattern(Arc<PatternInner>);

#[derive(Debug)]
struct PatternInner {
    text: Str,
    words: Option<Words>,
    /// How many texts of ASCII were matched.
    asked: AtomicU32,
    /// For the first of them: what `regex` prepares to search long texts fast takes longer than searching a few short ones.
    plain: OnceLock<Option<meta::Regex>>,
    /// For texts of ASCII, which nearly all are: without the tables of Unicode, a program is compiled in a third of the
    /// time, and on such texts it finds the same.
    ascii: OnceLock<Option<bytes::Regex>>,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub fn new(text: &str) -> Self {
        Self(Arc::new(PatternInner {
            text: Str::from(text),
            words: Words::of(text),
            asked: AtomicU32::new(0),
            plain: OnceLock::new(),
            ascii: OnceLock::new(),
            compiled: OnceLock::new(),
        }))
    }

    /// What is wrong with it, in one line.
    pub fn problem(&self) -> Option<String> {
        if self.0.text.len() > LONGEST {
            return Some(format!("longer than {LONGEST} bytes"));
        }
        if self.0.words.is_some() {
            return None;
        }
        compile(&self.0.text).err().map(|error| one_line(&error))
    }

    pub fn matches(&self, text: &str) -> bool {
        if let Some(words) = &self.0.words {
            return words.matches(text);
        }
        if text.is_ascii()
            && text.len() <= SHORT
            && self.0.asked.fetch_add(1, Ordering::Relaxed) < FEW
            && let Some(regex) = self.0.plain.get_or_init(|| plain(&self.0.text))
        {
            return regex.is_match(text);
        }
        if text.is_ascii()
            && let Some(regex) = self.0.ascii.get_or_init(|| ascii(&self.0.text))
        {
            return regex.is_match(text.as_bytes());
        }
        self.0
            .compiled
            .get_or_init(|| compile(&self.0.text).ok())
            .as_ref()
            .is_some_and(|regex| regex.is_match(text))
    }
}

fn compile(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT)
        .nest_limit(50)
        .build()
}

/// `None` where the pattern cannot do without Unicode.
fn ascii(text: &str) -> Option<bytes::Regex> {
    bytes::RegexBuilder::new(text)
        .unicode(false)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT)
        .nest_limit(50)
        .build()
        .ok()
}

/// The same without anything that makes searching faster.
fn plain(text: &str) -> Option<meta::Regex> {
    let config = meta::Config::new()
        .auto_prefilter(false)
        .hybrid(false)
        .dfa(false)
        .onepass(false)
        .which_captures(WhichCaptures::None)
        .utf8_empty(false)
        .nfa_size_limit(Some(SIZE_LIMIT));
    let syntax = syntax::Config::new()
        .unicode(false)
        .utf8(false)
        .nest_limit(50);
    meta::Builder::new()
        .configure(config)
        .syntax(syntax)
        .build(text)
        .ok()
}

/// The last line of a message that draws its own excerpt.
fn one_line(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => {
            "error: it compiles to more than half a megabyte".to_owned()
        }
        other => {
            let text = other.to_string();
            text.lines().last().unwrap_or_default().trim().to_owned()
        }
    }
}

/// A regular expression that is only literal words with `|` and anchors around them.
#[derive(Debug)]
struct Words {
    any: Vec<String>,
    from_start: bool,
    to_end: bool,
}

impl Words {
    /// `a|b`, `^(a|b)$`, `(a|b)$` with escaped punctuation; `None` for anything richer.
    fn of(pattern: &str) -> Option<Self> {
        let (from_start, rest) = strip(pattern, '^', true);
        let (to_end, rest) = strip(rest, '$', false);
        let grouped = rest
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
            .map(|rest| rest.strip_prefix("?:").unwrap_or(rest));
        let anchored = from_start || to_end;
        if grouped.is_none() && anchored && rest.contains('|') {
            return None;
        }
        let words: Option<Vec<String>> = grouped.unwrap_or(rest).split('|').map(literal).collect();
        let words = words.filter(|words| words.iter().all(|word| !word.is_empty()))?;
        Some(Self {
            any: words,
            from_start,
            to_end,
        })
    }

    fn matches(&self, text: &str) -> bool {
        let test = |word: &String| match (self.from_start, self.to_end) {
            (true, true) => text == word,
            (true, false) => text.starts_with(word.as_str()),
            (false, true) => text.ends_with(word.as_str()),
            (false, false) => text.contains(word.as_str()),
        };
        self.any.iter().any(test)
    }
}

fn strip(text: &str, anchor: char, front: bool) -> (bool, &str) {
    let stripped = if front {
        text.strip_prefix(anchor)
    } else {
        text.strip_suffix(anchor)
            .filter(|rest| !rest.ends_with('\\'))
    };
    stripped.map_or((false, text), |rest| (true, rest))
}

/// A word without operators, its escapes resolved.
fn literal(text: &str) -> Option<String> {
    let mut word = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let escaped = chars.next().filter(char::is_ascii_punctuation)?;
                // `\<` and `\>` are word borders.
                if matches!(escaped, '<' | '>') {
                    return None;
                }
                word.push(escaped);
            }
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' | '|' => {
                return None;
            }
            c => word.push(c),
        }
    }
    Some(word)
}

/// A glob, matched against the whole text.
#[derive(Clone, Debug)]
pub struct Glob(Arc<GlobInner>);

#[derive(Debug)]
struct GlobInner {
    text: Str,
    /// In paths `*` stops at `/`.
    path: bool,
    simple: Option<Simple>,
    compiled: OnceLock<Option<GlobMatcher>>,
}

#[derive(Debug)]
enum Simple {
    Is(Str),
    Starts(Str),
    Ends(Str),
    Contains(Str),
}

impl Glob {
    pub fn new(text: &str, path: bool) -> Self {
        Self(Arc::new(GlobInner {
            text: Str::from(text),
            path,
            simple: Simple::of(text, path),
            compiled: OnceLock::new(),
        }))
    }

    pub fn problem(&self) -> Option<String> {
        if self.0.text.len() > LONGEST {
            return Some(format!("longer than {LONGEST} bytes"));
        }
        if self.0.simple.is_some() {
            return None;
        }
        build_glob(&self.0.text, self.0.path)
            .err()
            .map(|error| error.kind().to_string())
    }

    pub fn matches(&self, text: &str) -> bool {
        match &self.0.simple {
            Some(Simple::Is(word)) => text == word.as_ref(),
            Some(Simple::Starts(word)) => text.starts_with(word.as_ref()),
            Some(Simple::Ends(word)) => text.ends_with(word.as_ref()),
            Some(Simple::Contains(word)) => text.contains(word.as_ref()),
            None => self
                .0
                .compiled
                .get_or_init(|| {
                    build_glob(&self.0.text, self.0.path)
                        .ok()
                        .map(|glob| glob.compile_matcher())
                })
                .as_ref()
                .is_some_and(|glob| glob.is_match(text)),
        }
    }
}

fn build_glob(text: &str, path: bool) -> Result<globset::Glob, globset::Error> {
    GlobBuilder::new(text)
        .literal_separator(path)
        .backslash_escape(true)
        .build()
}

impl Simple {
    fn of(text: &str, path: bool) -> Option<Self> {
        let inner = text.trim_matches('*');
        if inner.is_empty() || inner.contains(['*', '?', '[', ']', '{', '}', '\\', '!']) {
            return None;
        }
        let (front, back) = (text.starts_with('*'), text.ends_with('*'));
        // In a path a star stops at `/`, which plain text comparison does not.
        if path && (front || back) {
            return None;
        }
        let word = Str::from(inner);
        Some(match (front, back) {
            (false, false) => Self::Is(word),
            (false, true) => Self::Starts(word),
            (true, false) => Self::Ends(word),
            (true, true) => Self::Contains(word),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATTERNS: &str = "localhost|127\\.0\\.0\\.1 (BASE_URL|PUBLIC_URL)$ ^(a|b)$ ^a|b$ KEY ^KEY$ a\\$ ^$ a||b \\bKEY (?:x|y) \\d";
    const TEXTS: &str =
        "a b ab ba KEY MY_KEY_X BASE_URL X_PUBLIC_URL a$ 127x0x0x1 127.0.0.1 x localhost:1 c|d 7";

    #[test]
    fn the_fast_way_gives_the_answer_of_the_slow_one() {
        for pattern in PATTERNS.split(' ') {
            let slow = Regex::new(pattern).unwrap();
            let fast = Pattern::new(pattern);
            for text in TEXTS.split(' ').chain([""]) {
                assert_eq!(
                    fast.matches(text),
                    slow.is_match(text),
                    "{pattern} on {text}"
                );
            }
        }
    }

    #[test]
    fn a_program_without_unicode_finds_the_same() {
        let patterns = r"(?i)(^|_)(BASE_URL|KEY)$ \bs\w+\b [^a-z] ^.$ (?i)straße \d+\s \W (?-u:\w)é? [[:alpha:]]{2,} ^\S*$";
        let texts = "MY_key|\u{212a}EY|ſ_KEY|a|é|straße|STRASSE|1 |٣ |x\u{a0}y|_base_url|s s|";
        for pattern in patterns.split(' ') {
            let slow = Regex::new(pattern).unwrap();
            for text in texts.split('|') {
                let fast = Pattern::new(pattern);
                fast.0.asked.store(FEW, Ordering::Relaxed);
                assert_eq!(
                    fast.matches(text),
                    slow.is_match(text),
                    "{pattern} on {text}"
                );
                let few = Pattern::new(pattern).matches(text);
                assert_eq!(
                    few,
                    slow.is_match(text),
                    "{pattern} on {text}, as one of a few"
                );
            }
        }
        assert!(ascii("(?i)key$").is_some() && plain("(?i)key$").is_some());
    }

    #[test]
    fn plain_words_never_compile() {
        assert!(Words::of("(BASE_URL|PUBLIC_URL)$").is_some());
        assert!(Words::of("localhost|127\\.0\\.0\\.1").is_some());
        assert!(Words::of("^v?[0-9]").is_none());
    }

    #[test]
    fn bad_patterns_are_told_in_one_line() {
        let problem = Pattern::new("^(?!NEXT_).*KEY").problem().unwrap();
        assert!(problem.starts_with("error: look-around"), "{problem}");
        assert!(Pattern::new("((a{1000}){1000}){10}").problem().is_some());
        assert!(Pattern::new(&"(".repeat(1500)).problem().is_some());
        assert!(Pattern::new(&"a".repeat(5000)).problem().is_some());
        assert!(Glob::new("a[", false).problem().is_some());
    }

    #[test]
    fn a_star_stops_at_a_slash_in_paths_only() {
        for (glob, path, text, matches) in [
            ("*_DEBUG", false, "X_DEBUG", true),
            ("*_DEBUG", false, "DEBUG", false),
            ("dev-*", false, "dev-a/b", true),
            ("src/*", true, "src/a.ts", true),
            ("src/*", true, "src/a/b.ts", false),
            ("src/**", true, "src/a/b.ts", true),
            ("*.example", true, "a/x.example", false),
            ("**/*.example", true, "x.example", true),
            ("*x*", false, "axb", true),
            ("a?c", false, "abc", true),
            ("*", false, "", true),
        ] {
            assert_eq!(
                Glob::new(glob, path).matches(text),
                matches,
                "{glob} on {text}"
            );
        }
    }
}
