//! What the documentation says can be typed is typed: every `console` and `sh` block of the README and the pages, in a small
//! shop with three environments, and every call of envguard in the recipes for CI systems.
//!
//! A comment above a block says what is different about it: `<!-- not run: REASON -->`, `<!-- exit: N -->`.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

#[path = "docs/scratch.rs"]
mod scratch;

use std::fs;
use std::path::{Path, PathBuf};

use scratch::Scratch;

/// A fenced block of a page.
struct Block {
    page: String,
    line: usize,
    language: String,
    text: String,
    /// The comment above it.
    note: Option<String>,
}

#[test]
fn every_command_runs_as_it_is_written() {
    let mut wrong = Vec::new();
    let mut ran = 0;
    for page in pages() {
        let scratch = Scratch::new();
        for block in blocks(&page) {
            let place = format!("{}:{}", block.page, block.line);
            match block.note.as_deref() {
                Some(note) if note.starts_with("not run: ") => {}
                note => {
                    if let Err(why) = block.run(&scratch, note) {
                        wrong.push(format!("{place}: {why}"));
                    }
                    ran += 1;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n\n"));
    assert!(ran > 40, "only {ran} blocks");
}

#[test]
fn links_lead_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)#\s]+)(#[^)\s]*)?\)").unwrap();
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for found in link.captures_iter(&text) {
            let target = &found[1];
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            if !page.parent().unwrap().join(target).exists() {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The page on security names the test that holds each promise.
#[test]
fn every_promise_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let named = regex::Regex::new(r"`((?:\w+::)+)(\w+)`").unwrap();
    let mut count = 0;
    for found in named.captures_iter(&page) {
        let file = found[1].trim_end_matches("::").replace("::", "/");
        let text = fs::read_to_string(root.join(format!("tests/{file}.rs"))).unwrap_or_default();
        let test = format!("fn {}()", &found[2]);
        let head = text.split(&test).next().unwrap_or_default();
        assert!(head.len() < text.len(), "there is no {}", &found[0]);
        assert!(
            head.trim_end().ends_with("#[test]"),
            "{} is no test",
            &found[0]
        );
        count += 1;
    }
    assert!(count > 30, "only {count} tests are named");
}

impl Block {
    fn run(&self, scratch: &Scratch, note: Option<&str>) -> Result<(), String> {
        let exit = note.and_then(|note| note.strip_prefix("exit: "));
        let exit = exit.map_or(0, |code| code.parse().unwrap());
        match self.language.as_str() {
            "console" | "sh" if self.text.starts_with("$ ") => self.session(scratch),
            "console" | "sh" => scratch.expect(&self.text, |code| code == exit),
            "yaml" => match serde_saphyr::from_str::<serde_json::Value>(&self.text) {
                Ok(_) if self.text.contains("\nexamples:") => self.policy(scratch),
                Ok(_) => self.calls(scratch),
                Err(error) => Err(format!("no YAML: {error}")),
            },
            "json" => serde_json::from_str::<serde_json::Value>(&self.text)
                .map(drop)
                .map_err(|error| format!("no JSON: {error}")),
            "groovy" | "toml" => self.calls(scratch),
            _ => Ok(()),
        }
    }

    /// A whole policy passes as it stands, without a warning.
    fn policy(&self, scratch: &Scratch) -> Result<(), String> {
        let text = &self.text;
        let script = format!(
            "mkdir -p shown; cat > shown/p.yml <<'END_OF_POLICY'\n{text}END_OF_POLICY\nenvguard policy test shown/p.yml"
        );
        scratch.expect(&script, |code| code == 0)?;
        let said = scratch.output("envguard policy test shown/p.yml");
        if said.contains("warning[") {
            return Err(said);
        }
        Ok(())
    }

    /// `$ command`, and lines that it prints; `…` alone stands for others.
    fn session(&self, scratch: &Scratch) -> Result<(), String> {
        let mut printed = String::new();
        for line in self.text.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                printed = scratch.output(command);
            } else if !line.is_empty() && line.trim() != "…" && !shown(&printed, line) {
                return Err(format!("`{line}` is not printed, but\n{printed}"));
            }
        }
        Ok(())
    }

    /// What a recipe calls: envguard, and what makes the folder for its report.
    fn calls(&self, scratch: &Scratch) -> Result<(), String> {
        let call = regex::Regex::new(
            r#"(?m)(['"]?)((?:mkdir -p|envguard (?:check|report|baseline|facts|policy|init)) [^\n]*)$"#,
        );
        for found in call.unwrap().captures_iter(&self.text) {
            let line = found[2].trim_end();
            let before = &self.text[..found.get(0).unwrap().start()];
            let lead = before.rsplit('\n').next().unwrap().trim();
            let is_call = lead.is_empty()
                || ["-", "run:", "entry:", "command:", "script:", "sh"]
                    .iter()
                    .any(|end| lead.ends_with(end));
            if !is_call {
                continue;
            }
            let line = line.strip_suffix(&found[1]).unwrap_or(line);
            scratch.expect(line, |code| code < 2)?;
        }
        Ok(())
    }
}

/// Times and versions change.
fn shown(printed: &str, line: &str) -> bool {
    let stable = |text: &str| {
        let time = regex::Regex::new(r"\b\d+ m?s\b").unwrap();
        let count = regex::Regex::new(r"\b\d+ policies\b").unwrap();
        let text = time.replace_all(text.trim_end(), "[time]").into_owned();
        count.replace_all(&text, "[policies]").into_owned()
    };
    let line = stable(line);
    printed.lines().any(|one| stable(one) == line)
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![];
    for folder in [
        root.to_owned(),
        root.join("docs"),
        root.join("docs/integrations"),
    ] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

fn blocks(page: &Path) -> Vec<Block> {
    let text = fs::read_to_string(page).unwrap();
    let mut found = Vec::new();
    let mut note = None;
    let mut open: Option<Block> = None;
    for (at, line) in text.lines().enumerate() {
        if let Some(block) = &mut open {
            if line.trim() == "```" {
                found.extend(open.take());
            } else {
                block.text = block.text.clone() + line + "\n";
            }
        } else if let Some(language) = line.trim().strip_prefix("```") {
            let shown = page.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
            open = Some(Block {
                page: shown.display().to_string(),
                line: at + 1,
                language: language.to_owned(),
                text: String::new(),
                note: note.take(),
            });
        } else {
            let comment = line.trim().strip_prefix("<!-- ");
            note = comment
                .and_then(|rest| rest.strip_suffix(" -->"))
                .map(str::to_owned);
        }
    }
    assert!(open.is_none(), "{} ends inside of a block", page.display());
    found
}
