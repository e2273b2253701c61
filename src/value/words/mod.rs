//! Which environment a text speaks of. Every place has its own care: in a file name `test` is an environment, in a
//! variable `TEST_MODE` it is not. Two different environments in one text say nothing.

mod host;
mod name;
mod path;
mod token;

pub use token::{Token, tokens};

use globset::GlobMatcher;

use crate::model::{Env, Environments};

/// How surely a word means an environment when it stands among other words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Everyday words: `live`, `stage`, `review`, `local`, `demo`.
    Weak,
    /// Short words of the trade that have a second life: `dev`, `test`, `qa`.
    Medium,
    /// `production`, `staging`, `uat`, and what the configuration declares.
    Strong,
}

const WEAK: &[&str] = &[
    "live", "stage", "review", "preview", "local", "demo", "ci", "e2e", "tests",
];
const MEDIUM: &[&str] = &[
    "dev",
    "devel",
    "develop",
    "development",
    "test",
    "testing",
    "qa",
];

/// A word for an environment: its tokens, since `pre-prod` is one word of two.
#[derive(Clone, Debug)]
struct Word {
    tokens: Vec<String>,
    env: Env,
    weight: Weight,
}

/// The words of all environments, ready for lookup.
#[derive(Clone, Debug)]
pub struct Words {
    /// By the first letter; longer words first, so that `pre-prod` is found before `pre` and `prod`.
    buckets: Vec<Vec<Word>>,
    hosts: Vec<(GlobMatcher, Env)>,
}

/// A word found in a text.
struct Hit<'w, 'a> {
    word: &'w Word,
    /// Where among the tokens it stands, and how many it takes.
    at: usize,
    len: usize,
    tokens: &'a [Token<'a>],
}

impl<'a> Hit<'_, 'a> {
    fn before(&self) -> Option<&Token<'a>> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at))
    }

    fn after(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at + self.len)
    }

    fn is_first(&self) -> bool {
        self.at == 0
    }

    fn is_last(&self) -> bool {
        self.at + self.len == self.tokens.len()
    }

    fn is_whole(&self) -> bool {
        self.is_first() && self.is_last()
    }

    fn is(&self, word: &str) -> bool {
        matches!(self.word.tokens.as_slice(), [only] if only == word)
    }
}

/// What a text says when all its words were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// One environment, and the token that named it first.
    One(Env, usize),
    Several,
}

impl Found {
    fn env(self) -> Option<Env> {
        match self {
            Self::One(env, _) => Some(env),
            Self::Nothing | Self::Several => None,
        }
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::new(&Environments::default())
    }
}

impl Words {
    pub fn new(environments: &Environments) -> Self {
        let mut words = Self {
            buckets: vec![Vec::new(); 27],
            hosts: Vec::new(),
        };
        let named = || environments.all().filter(|(env, _)| env.is_named());
        for (env, info) in named() {
            words.add(&info.name, env);
        }
        // A declared environment may take a word that is an alias by default: `qa` of its own is not `test`.
        for (env, info) in named().collect::<Vec<_>>().into_iter().rev() {
            for alias in &info.aliases {
                words.add(alias, env);
            }
            let globs = info.hosts.iter().filter_map(|glob| {
                let glob = globset::GlobBuilder::new(glob)
                    .case_insensitive(true)
                    .build();
                glob.ok().map(|glob| (glob.compile_matcher(), env))
            });
            words.hosts.extend(globs);
        }
        for bucket in &mut words.buckets {
            bucket.sort_by_key(|word| std::cmp::Reverse(word.tokens.len()));
        }
        words
    }

    /// The environment a name speaks of: a job, a namespace, a tag, a branch, a database.
    pub fn named(&self, text: &str) -> Option<Env> {
        self.find(text, |hit| match hit.word.weight {
            Weight::Strong | Weight::Medium => true,
            Weight::Weak => hit.is_whole() || at_an_edge(hit),
        })
        .env()
    }

    /// The environment a value speaks of. A whole word always counts; in a longer value only strong words count
    /// everywhere, others at an edge (`app-dev`), and prose, keys, addresses and identifiers say nothing.
    pub fn in_value(&self, value: &str) -> Option<Env> {
        let value = value.trim();
        if let Some((_, rest)) = value.split_once("://") {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let host = authority.rsplit('@').next().unwrap_or_default();
            return self.in_host(host);
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte);
        if value.len() > 100 || !value.bytes().all(plain) || holds_identifier(value) {
            return None;
        }
        self.find(value, |hit| match hit.word.weight {
            Weight::Strong => true,
            Weight::Medium => hit.is_first() || hit.is_last(),
            Weight::Weak => hit.is_whole() || at_an_edge(hit),
        })
        .env()
    }

    fn add(&mut self, text: &str, env: Env) {
        let tokens: Vec<String> = tokens(text)
            .map(|token| token.text.to_ascii_lowercase())
            .collect();
        let Some(first) = tokens.first() else { return };
        let Some(bucket) = self.buckets.get_mut(bucket(first)) else {
            return;
        };
        if bucket.iter().any(|word| word.tokens == tokens) {
            return;
        }
        let listed = |list: &[&str]| tokens.len() == 1 && list.contains(&first.as_str());
        let canonical = env.index() < Env::CANONICAL.len();
        let weight = match () {
            () if canonical && listed(WEAK) => Weight::Weak,
            () if canonical && listed(MEDIUM) => Weight::Medium,
            () => Weight::Strong,
        };
        bucket.push(Word {
            tokens,
            env,
            weight,
        });
    }

    /// All environment words of a text that `counts` admits, boiled down. Allocates only where there is a word.
    fn find(&self, text: &str, counts: impl Fn(&Hit) -> bool) -> Found {
        if !tokens(text).any(|token| self.starts_word(token.text)) {
            return Found::Nothing;
        }
        let tokens: Vec<Token> = tokens(text).collect();
        self.hits(&tokens)
            .filter(|hit| !is_part_of_a_term(hit) && counts(hit))
            .fold(Found::Nothing, |found, hit| match found {
                Found::Nothing => Found::One(hit.word.env, hit.at),
                Found::One(env, _) if env == hit.word.env => found,
                Found::One(..) | Found::Several => Found::Several,
            })
    }

    fn hits<'w, 'a>(&'w self, tokens: &'a [Token<'a>]) -> impl Iterator<Item = Hit<'w, 'a>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < tokens.len() {
                let here = at;
                if let Some(word) = self.word_at(tokens, here) {
                    at += word.tokens.len();
                    let len = word.tokens.len();
                    return Some(Hit {
                        word,
                        at: here,
                        len,
                        tokens,
                    });
                }
                at += 1;
            }
            None
        })
    }

    fn word_at(&self, tokens: &[Token], at: usize) -> Option<&Word> {
        let rest = tokens.get(at..)?;
        let bucket = self.buckets.get(bucket(rest.first()?.text))?;
        bucket.iter().find(|word| {
            rest.len() >= word.tokens.len()
                && word
                    .tokens
                    .iter()
                    .zip(rest)
                    .all(|(word, token)| same_word(token.text, word))
        })
    }

    fn starts_word(&self, token: &str) -> bool {
        self.buckets.get(bucket(token)).is_some_and(|bucket| {
            bucket
                .iter()
                .filter_map(|word| word.tokens.first())
                .any(|first| same_word(token, first))
        })
    }
}

fn bucket(word: &str) -> usize {
    match word.bytes().next() {
        Some(byte) if byte.is_ascii_alphabetic() => usize::from(byte.to_ascii_lowercase() - b'a'),
        _ => 26,
    }
}

/// `staging2` and `dev01` are numbered environments; `stage1` is a step of a build.
fn same_word(token: &str, word: &str) -> bool {
    if token.eq_ignore_ascii_case(word) {
        return true;
    }
    let stem = token.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = token.len() - stem.len();
    (1..=2).contains(&digits) && word != "stage" && stem.eq_ignore_ascii_case(word)
}

/// Terms of the trade that hold an environment's word and mean none: `non-prod`, `multi-stage`, `letsencrypt-prod`.
fn is_part_of_a_term(hit: &Hit) -> bool {
    let before = |words: &[&str]| hit.before().is_some_and(|token| token.is_one_of(words));
    let after = |words: &[&str]| hit.after().is_some_and(|token| token.is_one_of(words));
    before(&["non", "not", "no", "letsencrypt"])
        || (hit.is("stage") && before(&["multi", "two", "single"]))
        || (hit.is("stage") && hit.after().is_some_and(|next| is_number(next.text)))
        || (hit.is("ci") && before(&["gitlab", "circle", "travis", "drone"]))
        || (hit.is("live") && after(LIVE_TERMS))
}

const LIVE_TERMS: &[&str] = &[
    "reload",
    "chat",
    "kit",
    "stream",
    "streams",
    "streaming",
    "view",
    "update",
    "updates",
    "share",
    "search",
    "query",
    "ness",
    "feed",
    "score",
    "scores",
    "event",
    "events",
    "video",
    "demo",
    "support",
    "blocks",
    "preview",
    "server",
];

/// A weak word at the rim of a name, where it reads as an environment.
fn at_an_edge(hit: &Hit) -> bool {
    match hit.word.tokens.first().map(String::as_str) {
        Some("review") => false,
        Some("live") => hit.is_last(),
        Some("e2e") => true,
        _ => hit.is_first() || hit.is_last(),
    }
}

/// Holds a generated identifier: a key, a digest, a product number (`prod_N1xT0…`).
fn holds_identifier(value: &str) -> bool {
    value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|run| run.len() >= 10)
        .any(|run| {
            run.bytes().any(|b| b.is_ascii_digit()) && run.bytes().any(|b| b.is_ascii_alphabetic())
        })
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
