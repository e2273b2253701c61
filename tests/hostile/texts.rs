//! Names, values and paths that a terminal, a runner, a browser or a spreadsheet would obey.

use super::{Ground, Told};

const PATH: &str =
    "a::error::b/%0A::warning::c,[x](https:evil.example)/<script>alert(1)<!-- `|`/.env.production";

fn hostile() -> Ground {
    let ground = Ground::with_git();
    let name = "DEBUG";
    let evil = "\u{1b}]0;title\u{7}\u{1b}[31m\u{202e}evil\u{2066}";
    let text = format!(
        "{name}=true # ::error file=x::y {evil}\n\
         \"=HYPERLINK(1)\"=x\nURL=https://x/![a](https:evil.example)<img src=x onerror=alert(1)>\n\
         MODE='::add-mask::x' \nDEBUG_%0A::error::=true\n{evil}=1\nbroken {evil} ::error::line\n"
    );
    ground.write(PATH, &text).write(".env.production", &text);
    let service = "'<img src=x>::error::%0A'";
    ground.write(
        "docker-compose.prod.yml",
        format!("services:\n  {service}:\n    image: 'evil:latest'\n    environment: {{DEBUG: 'true'}}\n"),
    );
    ground.commit_all();
    ground
}

/// No sign that a terminal obeys or hides.
fn assert_harmless(command: &str, told: &Told) {
    let wrong = |c: char| {
        (c.is_control() && c != '\n' && c != '\r')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let all = told.everything();
    let line = all.lines().find(|line| line.contains(wrong));
    assert!(line.is_none(), "{command}: {line:?}");
}

const COMMANDS: &[&str] = &[
    "check",
    "check --format short",
    "check --format github",
    "check --format markdown",
    "check --format json",
    "check --format sarif",
    "check --format gitlab",
    "check --format junit",
    "check --format checkstyle",
    "facts",
    "facts --stacks",
    "matrix --format human",
    "matrix --format markdown",
    "matrix --format html",
    "inventory --format human",
    "inventory --format markdown",
    "inventory --format html",
    "inventory --format csv",
    "inventory --by file --format csv",
    "inventory --by file --format html",
    "audit --format markdown",
    "audit --format html",
    "context",
    "doctor",
];

#[test]
fn nothing_in_a_repository_is_obeyed() {
    let ground = hostile();
    for command in COMMANDS {
        let told = ground.envguard(command);
        assert!(!told.out.is_empty(), "{command}");
        match command.rsplit(' ').next().unwrap() {
            "json" | "sarif" | "gitlab" => drop(told.json()),
            "junit" | "checkstyle" => drop(roxmltree::Document::parse(&told.out).unwrap()),
            "csv" => no_formula(&told.out),
            kind => {
                assert_harmless(command, &told);
                match kind {
                    "github" => only_own_commands(&told.out),
                    "html" => no_markup(&told.out),
                    "markdown" => no_links(&told.out),
                    _ => {}
                }
            }
        }
    }
}

/// Every line that a runner takes for a command is one that the report meant.
fn only_own_commands(log: &str) {
    for line in log.lines() {
        assert!(!line.contains("##["), "{line}");
        if let Some(command) = line.trim_start().strip_prefix("::") {
            let name = command.split([' ', ':']).next().unwrap();
            assert!(
                matches!(name, "error" | "warning" | "notice" | "group" | "endgroup"),
                "{line}"
            );
            if let Some((head, _)) = command.split_once("::") {
                assert!(!head.contains("c,["), "a path broke its property: {line}");
            }
        }
    }
}

fn no_markup(page: &str) {
    let body = page.split_once("<body").map_or(page, |(_, body)| body);
    assert!(
        !body.contains("<script>alert") && !body.contains("<img src=x"),
        "{body}"
    );
}

/// What Markdown would take for markup: everything outside of code.
fn no_links(text: &str) {
    let open = outside_code(text);
    assert!(!open.contains("](https:evil"), "{open}");
    assert!(
        !open.contains("<script>") && !open.contains("<img"),
        "{open}"
    );
}

/// Code begins and ends with as many backticks.
fn outside_code(text: &str) -> String {
    // What is escaped is text.
    let escaped = ["\\`", "\\[", "\\]", "\\<", "\\("];
    let text = escaped
        .iter()
        .fold(text.to_owned(), |text, sign| text.replace(sign, ""));
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('`') {
        let count = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let fence = "`".repeat(count);
        out += &rest[..at];
        let inside = &rest[at + count..];
        let end = inside.match_indices(&fence).find(|(end, _)| {
            !inside[end + count..].starts_with('`') && !inside[..*end].ends_with('`')
        });
        rest = end.map_or("", |(end, _)| &inside[end + count..]);
    }
    out + rest
}

fn no_formula(table: &str) {
    for line in table.lines() {
        for cell in line.split(',') {
            let cell = cell.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '+', '@']), "{line}");
        }
    }
}
