//! The languages that are read, and what the lexer has to know of each: comments, strings, what stands in for an absent
//! value.

/// A language, or a family that reads environment variables in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    JavaScript,
    TypeScript,
    Python,
    Go,
    Ruby,
    Php,
    Java,
    Kotlin,
    Scala,
    CSharp,
    Rust,
    Elixir,
}

use Language::{
    CSharp, Elixir, Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Rust, Scala, TypeScript,
};

impl Language {
    /// The language of a file name's extension, in lower case.
    pub(super) fn of(extension: &str) -> Option<Self> {
        Some(match extension {
            "js" | "jsx" | "mjs" | "cjs" => JavaScript,
            "ts" | "tsx" | "mts" | "cts" | "vue" | "svelte" | "astro" => TypeScript,
            "py" => Python,
            "go" => Go,
            "rb" | "rake" | "ru" => Ruby,
            "php" => Php,
            "java" | "groovy" => Java,
            "kt" | "kts" => Kotlin,
            "scala" => Scala,
            "cs" => CSharp,
            "rs" => Rust,
            "ex" | "exs" => Elixir,
            _ => return None,
        })
    }

    /// As `lang` of `var.read` says it.
    pub(super) fn name(self) -> &'static str {
        match self {
            JavaScript => "javascript",
            TypeScript => "typescript",
            Python => "python",
            Go => "go",
            Ruby => "ruby",
            Php => "php",
            Java => "java",
            Kotlin => "kotlin",
            Scala => "scala",
            CSharp => "csharp",
            Rust => "rust",
            Elixir => "elixir",
        }
    }

    pub(super) fn is_script(self) -> bool {
        matches!(self, JavaScript | TypeScript)
    }

    /// What starts a comment that ends with its line.
    pub(super) fn line_comments(self) -> &'static [&'static str] {
        match self {
            Python | Ruby | Elixir => &["#"],
            // An attribute of PHP, `#[X]`, is no comment, and holds no read either.
            Php => &["//", "#"],
            _ => &["//"],
        }
    }

    pub(super) fn has_block_comments(self) -> bool {
        !matches!(self, Python | Ruby | Elixir)
    }

    /// Whether a comment may stand inside of a comment.
    pub(super) fn nests_comments(self) -> bool {
        matches!(self, Rust | Kotlin | Scala)
    }

    /// `'x'` is one character, or something else that is no text.
    pub(super) fn has_characters(self) -> bool {
        matches!(self, Go | Java | Kotlin | Scala | CSharp | Rust | Elixir)
    }

    /// Signs of three in a row hold a text of several lines.
    pub(super) fn has_triple_quotes(self) -> bool {
        matches!(self, Python | Java | Kotlin | Scala | CSharp | Elixir)
    }

    /// What opens code inside of a text between double quotes.
    pub(super) fn opener(self) -> Option<&'static str> {
        match self {
            Ruby | Elixir => Some("#{"),
            Kotlin => Some("${"),
            Php => Some("{$"),
            _ => None,
        }
    }

    /// `/…/` may be a regular expression.
    pub(super) fn has_regexes(self) -> bool {
        matches!(self, JavaScript | TypeScript | Ruby)
    }

    /// Operators that give way to the next value when there is none.
    pub(super) fn alternatives(self) -> &'static [&'static str] {
        match self {
            JavaScript | TypeScript => &["??", "||"],
            Python => &["or"],
            Ruby | Elixir => &["||", "or"],
            Php => &["??", "?:", "or"],
            CSharp => &["??"],
            Kotlin | Java => &["?:"],
            Go | Scala | Rust => &[],
        }
    }

    /// Operators that assign a value where there is none.
    pub(super) fn assigns_if_absent(self) -> &'static [&'static str] {
        match self {
            JavaScript | TypeScript => &["??=", "||="],
            Ruby => &["||="],
            Php | CSharp => &["??="],
            _ => &[],
        }
    }

    /// Signs that glue another piece to a text.
    pub(super) fn glue(self) -> &'static [&'static str] {
        match self {
            Php => &["."],
            Elixir => &["<>"],
            Python | Ruby => &["+", "%"],
            _ => &["+"],
        }
    }

    /// Bytes of names beside letters, digits and `_`.
    pub(super) fn is_name_byte(self, byte: u8) -> bool {
        match self {
            JavaScript | TypeScript | Php => byte == b'$',
            _ => false,
        }
    }
}
