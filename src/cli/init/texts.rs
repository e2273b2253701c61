//! The files that `init` writes.

use std::fmt::Write as _;

use super::super::look::Look;

pub const WORKFLOW: &str = ".github/workflows/envguard.yml";

/// Paths that are named in the comment on unassigned files.
const NAMED: usize = 20;

/// A configuration that changes nothing: the defaults fit most repositories, so what could be said stands in comments.
pub fn configuration(look: &Look) -> String {
    let mut text = String::from(
        "# What is special about this repository for envguard. Everything is optional: `envguard config show` prints what\n\
         # is in force and why, and docs/configuration.md of envguard says what can stand here.\n\
         version: 1\n",
    );
    unassigned(look, &mut text);
    environments(look, &mut text);
    text.push_str(
        "\n\
         # The mildest severity that fails a run (low, medium, high, critical, never).\n\
         # fail_on: medium\n\
         \n\
         # Files that are nobody's business here.\n\
         # exclude: [vendor/**]\n\
         \n\
         # What you accept, with a reason and an end. One finding is better allowed by a comment beside it:\n\
         #   # envguard: allow ID -- reason until=2026-12-31\n\
         # allow:\n\
         #   - policy: shared-credential\n\
         #     match: {name: SEARCH_API_KEY}\n\
         #     because: a read-only key without user data\n\
         #     until: 2026-12-31\n",
    );
    text
}

fn unassigned(look: &Look, text: &mut String) {
    if look.unassigned.is_empty() {
        return;
    }
    text.push_str(
        "\n\
         # Nothing says which environment these files belong to. Take away the `# ` in front, and name the right one:\n\
         # environments:\n\
         #   development:\n\
         #     files:\n",
    );
    for path in look.unassigned.iter().take(NAMED) {
        let _ = writeln!(text, "#       - {}", quoted(&escaped(path)));
    }
}

/// What was understood, so that a reader can see whether it is right.
fn environments(look: &Look, text: &mut String) {
    if look.environments.is_empty() {
        return;
    }
    text.push_str("\n# Understood by themselves, by name or by what runs them:\n");
    for (environment, files) in &look.environments {
        let paths = files.iter().take(3).map(|(path, _)| path.as_str());
        let mut paths: Vec<&str> = paths.collect();
        if files.len() > paths.len() {
            paths.push("…");
        }
        let _ = writeln!(text, "#   {environment}: {}", paths.join(", "));
    }
}

/// A path is a glob here, so what a glob reads as more than itself stands in brackets.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '*' | '?' | '[' | ']' | '{' | '}' | '!' => {
                out.push('[');
                out.push(c);
                out.push(']');
            }
            c => out.push(c),
        }
    }
    out
}

fn quoted(text: &str) -> String {
    format!("'/{}'", text.replace('\'', "''"))
}

pub fn workflow() -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "name: envguard\n\
         \n\
         on:\n  \
           push:\n    \
             branches: [main]\n  \
           pull_request:\n  \
           merge_group:\n\
         \n\
         permissions: {{}}\n\
         \n\
         jobs:\n  \
           envguard:\n    \
             runs-on: ubuntu-latest\n    \
             permissions:\n      \
               contents: read\n    \
             steps:\n      \
               - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0\n        \
                 with:\n          \
                   fetch-depth: 2 # the commit to compare with\n          \
                   persist-credentials: false\n      \
               - uses: envguard/envguard@v{version}\n"
    )
}
