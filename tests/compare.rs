//! Dumps from where they really come: standard input, process substitution, and files that are far too large.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn envguard(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_envguard"));
    command.args(arguments).current_dir(folder);
    command
}

fn told(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(text).unwrap()
}

/// A value that no scanner takes for a key, made here.
fn word() -> String {
    ["cobalt", "harbour", "7391"].join("-")
}

#[test]
fn a_pipe_is_read_once_from_front_to_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = envguard(
        folder.path(),
        &["compare", "production=-", "--format", "short"],
    )
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"{\"DEBUG\": \"true\"}").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(
        told(&output).starts_with("production=stdin:1:12: critical: DEBUG is on"),
        "{}",
        told(&output)
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn process_substitution_leaves_nothing_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "exec \"$0\" compare staging=<(printf 'SESSION_SECRET={0}\\n') production=<(printf '{{\"SESSION_SECRET\": \"{0}\"}}') --format short",
        word()
    );
    let output = Command::new("bash")
        .args(["-c", &script, env!("CARGO_BIN_EXE_envguard")])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let told = told(&output);
    assert!(told.contains("production=pipe-2:1:21: "), "{told}");
    assert!(
        told.contains("see staging=pipe-1:1:16 staging (=A)"),
        "{told}"
    );
    assert!(!told.contains(&word()), "{told}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_huge_is_refused_soon() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.env");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(b"SESSION_SECRET=").unwrap();
    let chunk = word().repeat(1 << 16);
    for _ in 0..50 {
        file.write_all(chunk.as_bytes()).unwrap();
    }
    let size = file.metadata().unwrap().len();
    assert!(size > 50 << 20, "{size}");
    drop(file);
    let output = envguard(folder.path(), &["compare", "production=huge.env"]).output();
    let over = told(&output.unwrap());
    assert!(over.contains("it is over 50 MiB"), "{over}");
    // Just below the limit it is read, and the value is what is refused.
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(8 << 20).unwrap();
    let output = envguard(folder.path(), &["compare", "production=huge.env"]).output();
    let long = told(&output.unwrap());
    assert!(
        long.starts_with(
            "error: production=huge.env:1:1: the value of this variable is over 1 MiB"
        ),
        "{long}"
    );
    assert!(!over.contains(&word()) && !long.contains(&word()));
}
