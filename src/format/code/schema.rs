//! Schemas of the environment in JavaScript: zod (also inside of t3-env), envalid, Joi and yup. Looked at only in files
//! that speak of an environment, and only for keys written as variables are.

use super::find::Read;
use super::rules::is_env_name;
use super::tail;
use super::tokens::{Instead, Tokens};

pub(super) fn reads(tokens: &Tokens) -> Vec<Read> {
    let says = [
        "process.env",
        "createEnv",
        "cleanEnv",
        "runtimeEnv",
        "import.meta.env",
        "ConfigModule",
        "validateEnv",
    ];
    if !says.iter().any(|word| tokens.text.contains(word)) {
        return Vec::new();
    }
    let keys =
        (0..tokens.len()).filter(|at| tokens.is(at + 1, b':') && is_env_name(key(tokens, *at)));
    keys.filter_map(|at| entry(tokens, at)).collect()
}

fn key<'t>(tokens: &Tokens<'t>, at: usize) -> &'t str {
    if tokens.is_text(at) {
        tokens.span(at).of(tokens.text)
    } else {
        tokens.word(at)
    }
}

/// `X: z.string().default('d')`, `X: str({ default: 'd' })`.
fn entry(tokens: &Tokens, at: usize) -> Option<Read> {
    let start = at + 2;
    let instead = match tokens.word(start) {
        "z" | "v" | "zod" => chain(tokens, start, true)?,
        "Joi" | "joi" | "yup" | "Yup" => chain(tokens, start, false)?,
        "str" | "bool" | "num" | "email" | "host" | "port" | "url" | "json" | "makeValidator"
            if tokens.text.contains("cleanEnv") =>
        {
            envalid(tokens, start + 1)?
        }
        _ => return None,
    };
    Some(Read {
        name: key(tokens, at).to_owned(),
        key: tokens.span(at),
        instead,
        compared: None,
    })
}

/// The methods called one after the other; `demands` where a value is needed unless the chain says otherwise.
fn chain(tokens: &Tokens, start: usize, demands: bool) -> Option<Instead> {
    let mut at = start + 1;
    let mut instead = if demands {
        Instead::Failure
    } else {
        Instead::Nothing
    };
    // A schema is at least `z.string()`.
    tokens.dot(at)?;
    while let Some(method) = tokens.dot(at) {
        let open = method + 1;
        let inside = (open + 1, tokens.mate(open));
        match tokens.word(method) {
            "default" | "catch" | "prefault" => instead = tail::expression(tokens, inside),
            "optional" | "nullish" | "nullable" if instead == Instead::Failure => {
                instead = Instead::Nothing;
            }
            "required" if instead == Instead::Nothing => instead = Instead::Failure,
            "preprocess" | "union" | "transform" | "custom" | "object" | "discriminatedUnion"
                if instead == Instead::Failure =>
            {
                // What they do with nothing is decided in there.
                instead = Instead::Unknown;
            }
            _ => {}
        }
        at = if tokens.is(open, b'(') {
            inside.1.max(open) + 1
        } else {
            open
        };
    }
    // `z.string().default(x) || …` and the like are no entries of a schema.
    let ends = tokens.is(at, b',') || tokens.is(at, b'}') || tokens.is(at, b')');
    ends.then_some(instead)
}

fn envalid(tokens: &Tokens, open: usize) -> Option<Instead> {
    if !tokens.is(open, b'(') {
        return None;
    }
    let brace = open + 1;
    if !tokens.is(brace, b'{') {
        return Some(Instead::Failure);
    }
    let default = tokens
        .arguments(brace)
        .into_iter()
        .find(|(start, _)| tokens.word(*start) == "default" && tokens.is(start + 1, b':'));
    Some(default.map_or(Instead::Failure, |(start, end)| {
        tail::expression(tokens, (start + 2, end))
    }))
}
