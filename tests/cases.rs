//! End-to-end cases: one file, one case. `tests/cases/*.txt` holds prose, the files of a small repository, a command and
//! what it must print. `BLESS=1 cargo test --test cases` rewrites the expected part.
//!
//! ```text
//! Prose: what this shows.
//!
//! === file .env.production
//! API_TOKEN=${fake.token.1}
//! === run check --format short
//! === exit 1
//! === stdout
//! …
//! ```
//!
//! `=== file` is written to the folder; `=== git` makes it a repository and commits what came before; `=== staged PATH`
//! is written and added to the index. Several `=== run` blocks may follow each other. Times are replaced by `[time]`,
//! and what grows with every policy and every field by `[…]`, so that a new one edits no case.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn every_case_prints_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "txt"))
        .collect();
    cases.sort();
    let bless = std::env::var_os("BLESS").is_some();
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|path| run_case(path, bless).err())
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(cases.len() > 1, "no cases were found");
}

/// One block of a case: its header line after `=== `, and its text.
struct Block {
    header: String,
    text: String,
}

fn run_case(path: &Path, bless: bool) -> Result<(), String> {
    let source = std::fs::read_to_string(path).unwrap();
    let (prose, blocks) = parse(&source);
    let sandbox = tempfile::tempdir().unwrap();
    let mut rendered = prose;
    for block in &blocks {
        play(block, sandbox.path(), &mut rendered);
    }
    if rendered == source {
        return Ok(());
    }
    if bless {
        std::fs::write(path, rendered).unwrap();
        return Ok(());
    }
    Err(format!(
        "{}: (BLESS=1 rewrites)\n{}",
        path.display(),
        difference(&source, &rendered)
    ))
}

fn parse(source: &str) -> (String, Vec<Block>) {
    let mut prose = String::new();
    let mut blocks: Vec<Block> = Vec::new();
    for line in source.split_inclusive('\n') {
        match (line.strip_prefix("=== "), blocks.last_mut()) {
            (Some(header), _) => blocks.push(Block {
                header: header.trim_end().to_owned(),
                text: String::new(),
            }),
            (None, Some(block)) => block.text.push_str(line),
            (None, None) => prose.push_str(line),
        }
    }
    (prose, blocks)
}

/// Does what the block says and appends the block, as it should read, to `rendered`.
fn play(block: &Block, sandbox: &Path, rendered: &mut String) {
    let (verb, rest) = block.header.split_once(' ').unwrap_or((&block.header, ""));
    let keep =
        |rendered: &mut String| write!(rendered, "=== {}\n{}", block.header, block.text).unwrap();
    match verb {
        "file" | "staged" => {
            keep(rendered);
            let path = sandbox.join(rest);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, with_fakes(&block.text)).unwrap();
            if verb == "staged" {
                git(sandbox, &["add", "-f", "--", rest]);
            }
        }
        "delete" => {
            keep(rendered);
            std::fs::remove_file(sandbox.join(rest)).unwrap();
        }
        "git" => {
            keep(rendered);
            git(sandbox, &["init", "-q", "-b", "main"]);
            git(sandbox, &["add", "-A"]);
            git(sandbox, &["commit", "-q", "--allow-empty", "-m", "start"]);
        }
        "run" => {
            let (stdout, stderr, code) = envguard(sandbox, rest);
            write!(
                rendered,
                "=== run {rest}\n=== exit {code}\n=== stdout\n{stdout}"
            )
            .unwrap();
            if !stderr.is_empty() {
                write!(rendered, "=== stderr\n{stderr}").unwrap();
            }
        }
        // Rewritten by the `run` before them.
        "exit" | "stdout" | "stderr" => {}
        other => panic!("unknown block `{other}`"),
    }
}

fn envguard(sandbox: &Path, arguments: &str) -> (String, String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_envguard"))
        .args(arguments.split_whitespace())
        .current_dir(sandbox)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", sandbox)
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| {
        let name = sandbox.file_name().unwrap().to_str().unwrap();
        let text = String::from_utf8_lossy(bytes)
            .replace(sandbox.to_str().unwrap(), "[sandbox]")
            .replace(name, "[sandbox]");
        let lines: Vec<String> = text.lines().map(|line| steady(line.trim_end())).collect();
        if lines.is_empty() {
            String::new()
        } else {
            lines.join("\n") + "\n"
        }
    };
    (
        text(&output.stdout),
        text(&output.stderr),
        output.status.code().unwrap_or(-1),
    )
}

/// Takes out what changes from run to run or with every policy that is added.
fn steady(line: &str) -> String {
    let line = without_time(line);
    for list in ["= facts: ", "= fields of "] {
        if let Some(at) = line.find(list) {
            let head = &line[..at + list.len()];
            let kind = line[at + list.len()..].split_once(": ");
            let kind = kind.filter(|_| list == "= fields of ");
            return kind.map_or(format!("{head}[…]"), |(kind, _)| {
                format!("{head}{kind}: […]")
            });
        }
    }
    let words: Vec<&str> = line.split(' ').collect();
    let counted = |at: usize| {
        let word = words.get(at + 1).map(|next| next.trim_end_matches(','));
        matches!(word, Some("facts" | "policies")) && words[at].parse::<usize>().is_ok()
    };
    let is_summary = line.contains(" · ");
    let kept: Vec<&str> = (0..words.len())
        .map(|at| {
            if is_summary && counted(at) {
                "[…]"
            } else {
                words[at]
            }
        })
        .collect();
    kept.join(" ")
}

/// Replaces `12 ms` or `1.3 s` at the end of a line: the only thing that differs between two runs.
fn without_time(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        [before @ .., number, "ms" | "s"] if number.parse::<f64>().is_ok() => {
            format!("{} [time]", before.join(" "))
        }
        _ => line.to_owned(),
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .args([
            "-c",
            "user.name=case",
            "-c",
            "user.email=case@example.org",
            "-c",
            "core.autocrlf=false",
        ])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")
        .status()
        .unwrap();
    assert!(status.success(), "git {arguments:?}");
}

/// `${fake.NAME}` becomes a credential made here, so that the repository holds none.
fn with_fakes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${fake.") {
        let end = rest[at..].find('}').map_or(rest.len(), |end| at + end);
        out.push_str(&rest[..at]);
        out.push_str(&fake(&rest[at + 7..end]));
        rest = &rest[(end + 1).min(rest.len())..];
    }
    out + rest
}

/// Thirty-six characters that look random and depend on the name alone.
fn fake(name: &str) -> String {
    let mut state = name.bytes().fold(0x9E37_79B9_7F4A_7C15u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
    });
    let alphabet = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    (0..36)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(alphabet[usize::try_from(state % 56).unwrap()])
        })
        .collect()
}

fn difference(expected: &str, actual: &str) -> String {
    let (expected, actual): (Vec<_>, Vec<_>) =
        (expected.lines().collect(), actual.lines().collect());
    let same = expected
        .iter()
        .zip(&actual)
        .take_while(|(a, b)| a == b)
        .count();
    let show = |lines: &[&str], sign: char| {
        let shown = lines.iter().skip(same).take(20);
        shown.fold(String::new(), |text, line| {
            text + &format!("{sign} {line}\n")
        })
    };
    format!(
        "from line {}:\n{}{}",
        same + 1,
        show(&expected, '-'),
        show(&actual, '+')
    )
}
