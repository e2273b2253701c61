//! What stands around a read and says what happens without a value: `?? 'd'`, `.unwrap_or("d")`, `if v == "" { v = "d" }`.

use super::language::Language;
use super::lex::Kind;
use super::tokens::{Instead, Tokens};

/// Words that stop the program, or this part of it.
const FAILS: &[&str] = &[
    "throw",
    "raise",
    "panic",
    "die",
    "exit",
    "error",
    "fail",
    "abort",
    "bail",
    "expect",
    "unwrap",
    "Fatal",
    "Fatalf",
    "Fatalln",
    "Panic",
    "Panicf",
    "todo",
    "unreachable",
];

/// How many steps are taken from a read to its default.
const STEPS: usize = 12;

/// What is put in the place of a missing value; `None` where the expression is no read but a write.
pub(super) fn of(tokens: &Tokens, mut start: usize, mut end: usize) -> Option<Instead> {
    if is_written(tokens, end) {
        return None;
    }
    let language = tokens.language;
    for _ in 0..STEPS {
        if let Some(operand) = tokens.one_of(end, language.assigns_if_absent()) {
            return Some(value(tokens, operand));
        }
        if let Some(operand) = tokens.one_of(end, language.alternatives()) {
            return Some(value(tokens, operand));
        }
        if language == Language::Rust && tokens.is(end, b'?') {
            return Some(Instead::Failure);
        }
        if language.is_script()
            && tokens.is(end, b'!')
            && !tokens.is(end + 1, b'=')
            && !tokens.is(end + 1, b'.')
        {
            return Some(Instead::Failure);
        }
        if language.is_script() && tokens.word(end) == "as" {
            end += 2;
        } else if let Some(method) = tokens.dot(end) {
            match method_of(tokens, method) {
                Method::Says(instead) => return Some(instead),
                Method::Changes(behind) => end = behind,
                Method::Ends => break,
            }
        } else if let Some(outer) = wrapped(tokens, start, end) {
            (start, end) = outer;
        } else {
            break;
        }
    }
    Some(guarded(tokens, start, end))
}

/// `X = …`, but not `X == …`, `X => …`, `X =~ …`.
fn is_written(tokens: &Tokens, end: usize) -> bool {
    let Some(token) = tokens.get(end) else {
        return false;
    };
    let sign = |at: usize| match tokens.get(at) {
        Some(next) if next.start == token.end => next.kind,
        _ => Kind::Word,
    };
    let assigns =
        token.kind == Kind::Sign(b'=') && !matches!(sign(end + 1), Kind::Sign(b'=' | b'>' | b'~'));
    let adds = token.kind == Kind::Sign(b'+') && sign(end + 1) == Kind::Sign(b'=');
    assigns || adds
}

/// `delete process.env.X`, `del os.environ["X"]`, `unset($_ENV["X"])`.
pub(super) fn is_removed(tokens: &Tokens, start: usize) -> bool {
    let word = |back: usize| start.checked_sub(back).map_or("", |at| tokens.word(at));
    matches!(word(1), "delete" | "del") || word(2) == "unset"
}

enum Method {
    Says(Instead),
    Changes(usize),
    Ends,
}

/// Methods that ask something of the value and give back the answer.
const ANSWERS: &[&str] = &[
    "startsWith",
    "endsWith",
    "includes",
    "match",
    "test",
    "length",
    "equals",
    "Equals",
    "contains",
    "startswith",
    "endswith",
    "present?",
    "blank?",
    "nil?",
    "isEmpty",
    "isBlank",
];

fn method_of(tokens: &Tokens, at: usize) -> Method {
    let open = at + 1;
    let inside = (open + 1, tokens.mate(open));
    let behind = if tokens.is(open, b'(') {
        tokens.mate(open).max(open) + 1
    } else {
        open
    };
    match tokens.word(at) {
        "unwrap" | "expect" | "orElseThrow" if tokens.is(open, b'(') => {
            Method::Says(Instead::Failure)
        }
        "unwrap_or" | "orElse" | "getOrElse" | "or" if tokens.is(open, b'(') => {
            Method::Says(expression(tokens, inside))
        }
        "unwrap_or_else" | "orElseGet" | "or_else" | "map_or" | "ifEmpty" | "map_or_else" => {
            Method::Says(block(tokens, inside))
        }
        "unwrap_or_default" | "is_ok" | "is_err" => Method::Says(Instead::Unknown),
        "" => Method::Ends,
        word if ANSWERS.contains(&word) => Method::Ends,
        _ => Method::Changes(behind),
    }
}

/// Calls that give back the value in another form.
const CONVERTERS: &[&str] = &[
    "",
    "Number",
    "parseInt",
    "parseFloat",
    "String",
    "Boolean",
    "int",
    "str",
    "float",
    "bool",
    "Integer",
    "Float",
    "return",
    "ofNullable",
    "URL",
    "trim",
    "strtolower",
    "intval",
];

/// One step out of `Number(process.env.X)`, `(process.env.X)`, `parseInt(process.env.X, 10)`.
fn wrapped(tokens: &Tokens, start: usize, end: usize) -> Option<(usize, usize)> {
    let open = start.checked_sub(1)?;
    let caller = open.checked_sub(1).map_or("", |at| tokens.word(at));
    if !tokens.is(open, b'(')
        || matches!(
            caller,
            "if" | "while" | "switch" | "elseif" | "for" | "match"
        )
    {
        return None;
    }
    let close = tokens.mate(open);
    let radix = caller == "parseInt" && tokens.is(end, b',');
    if close != end && !radix {
        return None;
    }
    if !CONVERTERS.contains(&caller) || close < end {
        return None;
    }
    let keyword = caller.is_empty() || caller == "return";
    let mut outer = if keyword { open } else { open - 1 };
    if caller == "ofNullable" {
        outer = outer.saturating_sub(2);
    }
    Some((outer, close + 1))
}

/// The value that an operator or an assignment puts in place.
pub(super) fn value(tokens: &Tokens, at: usize) -> Instead {
    if let Some((literal, behind)) = tokens.literal(at) {
        return if is_glued(tokens, behind) {
            Instead::Unknown
        } else {
            literal
        };
    }
    if FAILS.contains(&tokens.word(at)) {
        return Instead::Failure;
    }
    if tokens.is(at, b'(') {
        return expression(tokens, (at + 1, tokens.mate(at)));
    }
    // `String::from("d")`, `Some("d")`, `int("5")`
    let mut open = at;
    while !tokens.word(open).is_empty() && open < at + 6 {
        open = match tokens.dot(open + 1) {
            Some(next) => next,
            None => open + 1,
        };
    }
    let last = open.checked_sub(1).map_or("", |at| tokens.word(at));
    if tokens.is(open, b'(') && WRAPPERS.contains(&last) {
        return expression(tokens, (open + 1, tokens.mate(open)));
    }
    Instead::Unknown
}

const WRAPPERS: &[&str] = &[
    "from",
    "String",
    "Some",
    "int",
    "str",
    "float",
    "bool",
    "Number",
    "parseInt",
    "Path",
    "URL",
    "to_string",
    "into",
];

/// A piece of text, or a computation, follows: the literal is not all of it.
fn is_glued(tokens: &Tokens, at: usize) -> bool {
    let follows = tokens.get(at).is_some_and(|token| {
        matches!(token.kind, Kind::Text | Kind::Mixed)
            && (!token.first || tokens.language == Language::Python)
    });
    let computed = matches!(tokens.kind(at), Some(Kind::Sign(b'*' | b'/' | b'-')));
    let format = tokens
        .dot(at)
        .is_some_and(|method| matches!(tokens.word(method), "format" | "concat" | "join"));
    follows || computed || format || tokens.one_of(at, tokens.language.glue()).is_some()
}

/// What an argument comes to.
pub(super) fn expression(tokens: &Tokens, (start, end): (usize, usize)) -> Instead {
    if start >= end {
        return Instead::Nothing;
    }
    if let Some((literal, behind)) = tokens.literal(start) {
        let method = tokens.dot(behind).map_or("", |at| tokens.word(at));
        let kept = matches!(
            method,
            "to_string" | "to_owned" | "into" | "freeze" | "to_string_lossy" | "into_owned"
        );
        let glued = behind != end && (!kept || is_glued(tokens, behind));
        return if glued { Instead::Unknown } else { literal };
    }
    // A function that gives the value: `|_| "d".into()`, `() => 'd'`.
    if tokens.is(start, b'|') || tokens.is(start, b'(') {
        return block(tokens, (start, end));
    }
    value(tokens, start)
}

/// What a block or a closure comes to: its only literal, if it does nothing else.
pub(super) fn block(tokens: &Tokens, (start, end): (usize, usize)) -> Instead {
    const LONGEST: usize = 60;
    let mut literal = None;
    for at in start..end.min(start + LONGEST) {
        if FAILS.contains(&tokens.word(at)) {
            return Instead::Failure;
        }
        let computes = matches!(tokens.kind(at), Some(Kind::Mixed | Kind::Sign(b'+' | b'%')))
            || tokens.word(at) == "format";
        if computes {
            return Instead::Unknown;
        }
        if let Some((found, _)) = tokens.literal(at) {
            if literal.is_some() {
                return Instead::Unknown;
            }
            literal = Some(found);
        }
    }
    literal
        .filter(|_| end <= start + LONGEST)
        .unwrap_or(Instead::Unknown)
}

/// Statements around the read: `if (!X) throw …`, and Go's `v := read; if v == "" { v = "d" }`.
fn guarded(tokens: &Tokens, start: usize, end: usize) -> Instead {
    if tokens.language.is_script() && start >= 3 {
        let refused = tokens.is(start - 1, b'!')
            && tokens.is(start - 2, b'(')
            && tokens.word(start - 3) == "if"
            && tokens.mate(start - 2) == end;
        let body = if tokens.is(end + 1, b'{') {
            end + 2
        } else {
            end + 1
        };
        if refused && tokens.word(body) == "throw" {
            return Instead::Failure;
        }
    }
    if tokens.language == Language::Go {
        return replaced_if_empty(tokens, start, end).unwrap_or(Instead::Nothing);
    }
    Instead::Nothing
}

fn replaced_if_empty(tokens: &Tokens, start: usize, end: usize) -> Option<Instead> {
    let assigned = start.checked_sub(1).filter(|at| tokens.is(*at, b'='))?;
    let name = if tokens.is(assigned - 1, b':') {
        assigned.checked_sub(2)?
    } else {
        assigned.checked_sub(1)?
    };
    let name = tokens.word(name);
    let open = if_empty(tokens, end, name)? + 1;
    if !tokens.is(open, b'{') {
        return None;
    }
    let body = (open + 1, tokens.mate(open));
    if tokens.word(body.0) == name && tokens.is(body.0 + 1, b'=') {
        return Some(value(tokens, body.0 + 2));
    }
    let fails = (body.0..body.1.min(body.0 + 12)).any(|at| {
        let word = tokens.word(at);
        FAILS.contains(&word) || matches!(word, "errors" | "Errorf")
    });
    fails.then_some(Instead::Failure)
}

/// `if v == ""` and `if len(v) == 0`: the index of the last word of the question.
fn if_empty(tokens: &Tokens, at: usize, name: &str) -> Option<usize> {
    if name.is_empty() || tokens.word(at) != "if" {
        return None;
    }
    if tokens.word(at + 1) == name {
        let empty = tokens.operator(at + 2, "==")?;
        return (tokens.is_text(empty) && tokens.span(empty).is_empty()).then_some(empty);
    }
    let counts = tokens.word(at + 1) == "len"
        && tokens.is(at + 2, b'(')
        && tokens.word(at + 3) == name
        && tokens.is(at + 4, b')');
    let zero = tokens.operator(at + 5, "==").filter(|_| counts)?;
    (tokens.span(zero).of(tokens.text) == "0").then_some(zero)
}
