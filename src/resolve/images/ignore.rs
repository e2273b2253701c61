//! `.dockerignore`: what a builder is not given. Patterns are anchored at the build context, the last match wins.

use globset::{GlobBuilder, GlobMatcher};

/// The patterns of one file, in order.
pub(super) struct Ignore {
    rules: Vec<Rule>,
}

struct Rule {
    matcher: GlobMatcher,
    again: bool,
}

/// More patterns than anybody writes.
const MOST: usize = 2000;

impl Ignore {
    pub(super) fn parse(text: &str) -> Self {
        let rules = text
            .trim_start_matches('\u{feff}')
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .take(MOST)
            .filter_map(rule)
            .collect();
        Self { rules }
    }

    /// Whether a path below the context is left out, by itself or by a folder it lies in.
    pub(super) fn leaves_out(&self, path: &str) -> bool {
        let mut out = false;
        for rule in &self.rules {
            if out == rule.again && rule.covers(path) {
                out = !rule.again;
            }
        }
        out
    }
}

impl Rule {
    fn covers(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at);
        ends.chain([path.len()])
            .filter_map(|end| path.get(..end))
            .any(|part| self.matcher.is_match(part))
    }
}

fn rule(line: &str) -> Option<Rule> {
    let (again, pattern) = match line.strip_prefix('!') {
        Some(rest) => (true, rest.trim()),
        None => (false, line),
    };
    let pattern = pattern.trim_start_matches("./").trim_matches('/');
    let pattern = if pattern == "." { "*" } else { pattern };
    let glob = GlobBuilder::new(pattern)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .ok()?;
    Some(Rule {
        matcher: glob.compile_matcher(),
        again,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pattern_that_matches_wins() {
        for (text, path, expected) in [
            (".env", ".env", true),
            (".env", "a/.env", false),
            ("**/.env*", "a/.env.production", true),
            (".env*\n!.env.example", ".env.example", false),
            ("*\n!src", ".env", true),
            ("*\n!src", "src/.env", false),
            ("/config/", "config/prod.env", true),
            ("# .env", ".env", false),
            ("[", ".env", false),
            (".", ".env", true),
            ("", ".env", false),
        ] {
            assert_eq!(
                Ignore::parse(text).leaves_out(path),
                expected,
                "{text:?} {path}"
            );
        }
    }
}
