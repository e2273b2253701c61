//! Where each language keeps its environment variables: one row per way to read one.

use super::language::Language;
use crate::value::wordlist::has;
use crate::value::words;

/// What follows the path of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `.X`, `['X']`, or the object taken apart.
    Object,
    /// `['X']`
    Index,
    /// `('X')`, `('X', 'default')`
    Call,
    /// `!("X")`
    Macro,
}

pub(super) struct Rule {
    pub(super) path: &'static str,
    pub(super) shape: Shape,
    /// A missing variable stops the program right here.
    pub(super) fails: bool,
}

const fn object(path: &'static str) -> Rule {
    Rule {
        path,
        shape: Shape::Object,
        fails: false,
    }
}

const fn index(path: &'static str, fails: bool) -> Rule {
    Rule {
        path,
        shape: Shape::Index,
        fails,
    }
}

const fn call(path: &'static str) -> Rule {
    Rule {
        path,
        shape: Shape::Call,
        fails: false,
    }
}

const fn demand(path: &'static str) -> Rule {
    Rule {
        path,
        shape: Shape::Call,
        fails: true,
    }
}

const fn read(path: &'static str) -> Rule {
    Rule {
        path,
        shape: Shape::Macro,
        fails: false,
    }
}

static SCRIPT: &[Rule] = &[
    object("process.env"),
    object("import.meta.env"),
    object("Bun.env"),
    call("Deno.env.get"),
];
static PYTHON: &[Rule] = &[
    call("os.environ.get"),
    call("os.environ.setdefault"),
    call("os.getenv"),
    index("os.environ", true),
    call("environ.get"),
    call("environ.setdefault"),
    index("environ", true),
    call("getenv"),
];
static GO: &[Rule] = &[
    call("os.Getenv"),
    call("os.LookupEnv"),
    call("syscall.Getenv"),
];
static RUBY: &[Rule] = &[demand("ENV.fetch"), index("ENV", false), call("ENV.key?")];
static PHP: &[Rule] = &[
    index("$_ENV", false),
    index("$_SERVER", false),
    call("getenv"),
    call("env"),
];
static JVM: &[Rule] = &[
    call("System.getenv"),
    call("dotenv.get"),
    demand("sys.env"),
    call("sys.env.get"),
    call("sys.env.getOrElse"),
];
static CSHARP: &[Rule] = &[call("Environment.GetEnvironmentVariable")];
static RUST: &[Rule] = &[
    call("env.var"),
    call("env.var_os"),
    call("dotenvy.var"),
    call("dotenv.var"),
    read("env"),
    read("option_env"),
];
static ELIXIR: &[Rule] = &[
    call("System.get_env"),
    demand("System.fetch_env!"),
    call("System.fetch_env"),
];

pub(super) fn of(language: Language) -> &'static [Rule] {
    match language {
        Language::JavaScript | Language::TypeScript => SCRIPT,
        Language::Python => PYTHON,
        Language::Go => GO,
        Language::Ruby => RUBY,
        Language::Php => PHP,
        Language::Java | Language::Kotlin | Language::Scala => JVM,
        Language::CSharp => CSHARP,
        Language::Rust => RUST,
        Language::Elixir => ELIXIR,
    }
}

/// What the name of a function says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Helper {
    Reads,
    Demands,
}

/// `getEnv`, `env_bool`, `mustGetenv`, `requireEnv`: functions that teams write around the read itself. Every word of the
/// name has to belong there: `setEnv`, `stubEnv` and `isTestEnv` are others.
pub(super) fn helper(name: &str) -> Option<Helper> {
    const READS: &str = "\
        ENV GETENV ENVIRON ENVVAR GET READ LOAD LOOKUP FETCH PARSE VAR VARIABLE VALUE OR ELSE DEFAULT FALLBACK WITH \
        STRING STR INT INTEGER NUMBER NUM BOOL BOOLEAN FLOAT DURATION LIST ARRAY FLAG FROM AS URL JSON OPTIONAL OPT \
        SAFE";
    const DEMANDS: &str = "MUST REQUIRE REQUIRED ENSURE MANDATORY";
    if !name.get(..).is_some_and(mentions_env) || name.len() > 40 {
        return None;
    }
    let tokens: Vec<&str> = words::tokens(name).map(|token| token.text).collect();
    let named = tokens
        .iter()
        .any(|token| has("ENV GETENV ENVIRON ENVVAR", token));
    let known = tokens
        .iter()
        .all(|token| has(READS, token) || has(DEMANDS, token));
    let around = tokens.len() == 2
        && tokens
            .iter()
            .any(|token| has("WITH DEFAULT FLAG URL", token));
    if !named || !known || around {
        return None;
    }
    let demands = tokens.iter().any(|token| has(DEMANDS, token));
    Some(if demands {
        Helper::Demands
    } else {
        Helper::Reads
    })
}

fn mentions_env(name: &str) -> bool {
    name.bytes()
        .zip(name.bytes().skip(1))
        .zip(name.bytes().skip(2))
        .any(|((a, b), c)| [a, b, c].iter().map(u8::to_ascii_lowercase).eq(*b"env"))
}

/// Written as variables of an environment are.
pub(super) fn is_env_name(name: &str) -> bool {
    let head = name
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_uppercase() || b == b'_');
    let signs = name
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    head && signs && (2..=100).contains(&name.len()) && name.bytes().any(|b| b.is_ascii_uppercase())
}

/// Variables that no team sets: the build tool's own, and what a web server tells a PHP page about a request.
pub(super) fn is_built_in(path: &str, name: &str) -> bool {
    match path {
        "import.meta.env" => has("MODE DEV PROD SSR BASE_URL LEGACY", name),
        "env" | "option_env" => name.starts_with("CARGO_") || name == "OUT_DIR",
        "$_SERVER" => {
            const REQUEST: &[&str] = &[
                "HTTP", "REQUEST", "SERVER", "SCRIPT", "REMOTE", "DOCUMENT", "PHP", "PATH",
                "QUERY", "GATEWAY", "CONTENT", "AUTH", "ORIG", "REDIRECT", "CONTEXT", "SSL",
                "UNIQUE", "argv", "argc",
            ];
            REQUEST.iter().any(|start| name.starts_with(start))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_are_known_by_every_word_of_their_name() {
        for name in [
            "env",
            "getEnv",
            "get_env",
            "getEnvOrDefault",
            "env_bool",
            "EnvString",
            "GetEnvInt",
            "getenv",
            "readEnvVar",
            "env_str",
            "envOrDefault",
        ] {
            assert_eq!(helper(name), Some(Helper::Reads), "{name}");
        }
        for name in ["requireEnv", "mustGetenv", "MustGetEnv", "required_env"] {
            assert_eq!(helper(name), Some(Helper::Demands), "{name}");
        }
        for name in [
            "setEnv",
            "stubEnv",
            "isTestEnv",
            "withEnv",
            "environment",
            "event",
            "inventory",
            "hasEnv",
            "getEnvironmentName",
            "send",
            "x",
            "",
        ] {
            assert_eq!(helper(name), None, "{name}");
        }
    }
}
