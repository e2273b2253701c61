//! Finds the reads of environment variables in the tokens of a file, with what each does about a missing one.

use super::constant::{self, Constants};
use super::language::Language;
use super::rules::{self, Helper, Rule, Shape};
use super::tokens::{Instead, Tokens};
use crate::model::Span;

/// One read.
#[derive(Clone, Debug)]
pub(in crate::format) struct Read {
    pub(in crate::format) name: String,
    pub(in crate::format) key: Span,
    pub(in crate::format) instead: Instead,
    /// The text it is compared with on the spot.
    pub(in crate::format) compared: Option<String>,
}

/// All reads that stand as calls, members and indexes.
pub(super) fn reads(tokens: &Tokens) -> Vec<Read> {
    let rules = rules::of(tokens.language);
    let constants = constant::of(tokens);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let word = tokens.word(at);
        if word.is_empty() {
            at += 1;
            continue;
        }
        let before = found.len();
        let end = rules
            .iter()
            .find_map(|rule| {
                by_constant(tokens, at, rule, &constants, &mut found)
                    .or_else(|| by_rule(tokens, at, rule, &mut found))
            })
            .or_else(|| by_helper(tokens, at, word, &mut found));
        debug_assert!(end.is_none() || found.len() >= before);
        at = end.unwrap_or(at + 1).max(at + 1);
    }
    found
}

/// The index behind what the rule has read.
fn by_rule(tokens: &Tokens, at: usize, rule: &Rule, found: &mut Vec<Read>) -> Option<usize> {
    let behind = tokens.path(at, rule.path)?;
    let is_member = at > 0 && tokens.is(at - 1, b'.') && !rule.path.contains('.');
    if is_member {
        return None;
    }
    let one = |name: usize, end: usize, instead: Option<Instead>| {
        read(tokens, (at, end), name, instead)
            .filter(|read| !rules::is_built_in(rule.path, &read.name))
    };
    match rule.shape {
        Shape::Object => {
            if let Some((name, end)) = member(tokens, behind) {
                found.extend(one(name, end, None));
                return Some(end);
            }
            super::taken::apart(tokens, at, found);
            tested(tokens, at, found);
            Some(behind)
        }
        Shape::Index => {
            let Some((name, end)) = indexed(tokens, behind) else {
                tested(tokens, at, found);
                return None;
            };
            found.extend(one(name, end, missing(rule.fails)));
            Some(end)
        }
        Shape::Call => {
            let open = of_map(tokens, behind);
            let (name, instead, end) = called(tokens, open)?;
            found.extend(one(name, end, instead.or_else(|| missing(rule.fails))));
            // What the call holds beside the name may be a read, too.
            Some(name + 1)
        }
        Shape::Macro => {
            let open = tokens.is(behind, b'!').then_some(behind + 1)?;
            let (name, instead, end) = called(tokens, open)?;
            found.extend(one(name, end, instead));
            Some(end)
        }
    }
}

/// `getenv(NAME)`, `environ[NAME]`, where the file says what the name is.
fn by_constant(
    tokens: &Tokens,
    at: usize,
    rule: &Rule,
    constants: &Constants,
    found: &mut Vec<Read>,
) -> Option<usize> {
    let open = tokens.path(at, rule.path)?;
    let sign = match rule.shape {
        Shape::Call => b'(',
        Shape::Object | Shape::Index => b'[',
        Shape::Macro => return None,
    };
    let end = open + 3;
    let alone = tokens.is(open, sign) && tokens.mate(open) == open + 2;
    let name = constants.get(tokens.word(open + 1)).filter(|_| alone)?;
    let is_member = at > 0 && tokens.is(at - 1, b'.') && !rule.path.contains('.');
    if is_member || super::tail::is_removed(tokens, at) || rules::is_built_in(rule.path, name) {
        return None;
    }
    let instead = match super::tail::of(tokens, at, end)? {
        Instead::Nothing if rule.fails => Instead::Failure,
        instead => instead,
    };
    found.push(Read {
        name: name.to_owned(),
        key: tokens.span(open + 1),
        instead,
        compared: compared(tokens, end),
    });
    Some(end)
}

/// `.X` or `['X']`: the index of the name, and the one behind all of it.
fn member(tokens: &Tokens, behind: usize) -> Option<(usize, usize)> {
    let dotted = tokens.dot(behind);
    let named = dotted.filter(|at| !tokens.word(*at).is_empty() && !tokens.is(at + 1, b'('));
    named
        .map(|name| (name, name + 1))
        .or_else(|| indexed(tokens, dotted.unwrap_or(behind)))
}

/// `getEnv('X', 'd')`, `env.bool("X", default=False)`, `configService.get('X')`.
fn by_helper(tokens: &Tokens, at: usize, word: &str, found: &mut Vec<Read>) -> Option<usize> {
    let mut open = at + 1;
    let helper = if let Some(helper) = rules::helper(word) {
        // A method of it: `env.str(…)`, `env.url(…)`.
        if let Some(method) = tokens.dot(open).filter(|_| word == "env") {
            open = method + 1;
        }
        helper
    } else {
        let (helper, behind) = configuration(tokens, at, word)?;
        open = behind;
        helper
    };
    let open = generic(tokens, open);
    let (name, instead, end) = called(tokens, open)?;
    if !rules::is_env_name(&tokens.value(name)) || is_definition(tokens, at) {
        return None;
    }
    let fails = helper == Helper::Demands || (word == "env" && tokens.language == Language::Python);
    let instead = instead.or_else(|| missing(fails));
    found.extend(read(tokens, (at, end), name, instead));
    Some(name + 1)
}

/// `configService.get(…)` of NestJS, `config('X')` of decouple, `viper.GetString("X")`: the index of the bracket.
fn configuration(tokens: &Tokens, at: usize, word: &str) -> Option<(Helper, usize)> {
    match tokens.language {
        Language::JavaScript | Language::TypeScript => {
            let service = word.ends_with("onfigService") || word == "config";
            let method = tokens.dot(at + 1).filter(|_| service)?;
            match tokens.word(method) {
                "get" => Some((Helper::Reads, method + 1)),
                "getOrThrow" => Some((Helper::Demands, method + 1)),
                _ => None,
            }
        }
        Language::Python if word == "config" && tokens.text.contains("decouple") => {
            Some((Helper::Demands, at + 1))
        }
        Language::Go if word == "viper" => {
            let method = tokens.dot(at + 1)?;
            let known =
                tokens.word(method).starts_with("Get") || tokens.word(method) == "SetDefault";
            known.then_some((Helper::Reads, method + 1))
        }
        _ => None,
    }
}

/// Behind `<string>`, if that stands here.
fn generic(tokens: &Tokens, at: usize) -> usize {
    if !tokens.is(at, b'<') {
        return at;
    }
    (at + 1..at + 8)
        .find(|end| tokens.is(*end, b'>'))
        .map_or(at, |end| end + 1)
}

fn missing(fails: bool) -> Option<Instead> {
    fails.then_some(Instead::Failure)
}

/// `getenv().getOrDefault(…)`: the bracket of the second call.
fn of_map(tokens: &Tokens, open: usize) -> usize {
    let close = tokens.mate(open);
    let method = tokens
        .dot(close + 1)
        .filter(|_| tokens.is(open, b'(') && close == open + 1);
    match method {
        Some(method) if matches!(tokens.word(method), "get" | "getOrDefault") => method + 1,
        _ => open,
    }
}

fn is_definition(tokens: &Tokens, at: usize) -> bool {
    at > 0
        && matches!(
            tokens.word(at - 1),
            "function" | "func" | "def" | "fn" | "fun" | "new"
        )
}

/// The index of the text in `['X']`, and the one behind it.
fn indexed(tokens: &Tokens, at: usize) -> Option<(usize, usize)> {
    (tokens.is(at, b'[') && tokens.is_text(at + 1) && tokens.is(at + 2, b']'))
        .then_some((at + 1, at + 3))
}

/// The name's index in a call, what its arguments put in its place, and the index behind the call.
fn called(tokens: &Tokens, open: usize) -> Option<(usize, Option<Instead>, usize)> {
    let close = tokens.mate(open);
    if !tokens.is(open, b'(') || close <= open || !tokens.is_text(open + 1) {
        return None;
    }
    // `"X" + suffix` is no name.
    if open + 2 != close && !tokens.is(open + 2, b',') {
        return None;
    }
    let arguments = tokens.arguments(open);
    let rest = arguments.get(1..).unwrap_or_default();
    let mut instead = rest
        .iter()
        .find_map(|range| named_default(tokens, *range))
        .or_else(|| {
            let first = rest.first()?;
            (!is_keyword(tokens, first.0)).then(|| super::tail::expression(tokens, *first))
        });
    let mut end = close + 1;
    if tokens.is(end, b'{') && tokens.language == Language::Ruby {
        instead = Some(super::tail::block(tokens, (end + 1, tokens.mate(end))));
        end = tokens.mate(end) + 1;
    }
    Some((open + 1, instead, end))
}

/// `default="d"`, `{ default: 'd' }`.
fn named_default(tokens: &Tokens, (start, end): (usize, usize)) -> Option<Instead> {
    const NAMES: &[&str] = &["default", "defaultValue", "default_value", "fallback"];
    if tokens.is(start, b'{') {
        let mut entries = tokens.arguments(start).into_iter();
        return entries.find_map(|(start, end)| {
            (!tokens.is(start, b'{')).then(|| named_default(tokens, (start, end)))?
        });
    }
    let named = NAMES.contains(&tokens.word(start))
        && (tokens.is(start + 1, b'=') || tokens.is(start + 1, b':'));
    named.then(|| super::tail::expression(tokens, (start + 2, end)))
}

fn is_keyword(tokens: &Tokens, at: usize) -> bool {
    tokens.is(at, b'{')
        || (!tokens.word(at).is_empty()
            && (tokens.is(at + 1, b'=') || tokens.is(at + 1, b':'))
            && !tokens.is(at + 2, b':'))
}

/// A read between two indexes, whose name stands at a third.
fn read(
    tokens: &Tokens,
    (start, end): (usize, usize),
    name: usize,
    given: Option<Instead>,
) -> Option<Read> {
    let text = tokens.value(name);
    let named = !text.is_empty()
        && text.len() <= 120
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'-'));
    // `getenv('USE_SSL ')` reads a variable that nobody can set.
    let named = named || text.trim() != text && rules::is_env_name(text.trim());
    if !named || super::tail::is_removed(tokens, start) {
        return None;
    }
    let tail = super::tail::of(tokens, start, end)?;
    let instead = match (given, tail) {
        (None | Some(Instead::Nothing), tail)
        | (Some(Instead::Failure), tail @ Instead::Literal { .. }) => tail,
        (Some(given), _) => given,
    };
    Some(Read {
        name: text,
        key: tokens.span(name),
        instead,
        compared: compared(tokens, end),
    })
}

/// `=== 'production'` right behind the read.
fn compared(tokens: &Tokens, end: usize) -> Option<String> {
    let behind = tokens.one_of(end, &["===", "!==", "==", "!="])?;
    tokens.is_text(behind).then(|| tokens.value(behind))
}

/// `'X' in process.env`
fn tested(tokens: &Tokens, at: usize, found: &mut Vec<Read>) {
    let tests = at >= 2 && tokens.word(at - 1) == "in" && tokens.is_text(at - 2);
    if tests && rules::is_env_name(&tokens.value(at - 2)) {
        found.push(Read {
            name: tokens.value(at - 2),
            key: tokens.span(at - 2),
            instead: Instead::Unknown,
            compared: None,
        });
    }
}
