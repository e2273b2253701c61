//! The same facts and findings whatever the order in which files came to be, the number of threads, the line endings, and
//! whatever else lies in the tree.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn order_threads_and_unrelated_files_change_nothing() {
    let files = shop();
    let forwards = written(files.iter());
    let backwards = written(files.iter().rev());
    let crowded = written(files.iter());
    std::fs::create_dir_all(crowded.path().join("src")).unwrap();
    for at in 0..40 {
        std::fs::write(
            crowded.path().join(format!("src/{at}.rs")),
            "fn main() {}\n",
        )
        .unwrap();
    }
    for command in [
        ["facts", "--format", "json"],
        ["check", "--format", "short"],
    ] {
        let expected = told(forwards.path(), &command, "1");
        assert!(expected.lines().count() > 20, "{expected}");
        assert_eq!(told(backwards.path(), &command, "1"), expected);
        assert_eq!(told(forwards.path(), &command, "8"), expected);
        assert_eq!(told(crowded.path(), &command, "8"), expected);
    }
}

#[test]
fn line_endings_change_nothing() {
    let files = shop();
    let unix = written(files.iter());
    let dos: Vec<(PathBuf, String)> = files
        .iter()
        .map(|(path, text)| (path.clone(), text.replace('\n', "\r\n")))
        .collect();
    let dos = written(dos.iter());
    for command in [
        ["facts", "--format", "json"],
        ["check", "--format", "short"],
    ] {
        assert_eq!(
            told(dos.path(), &command, "2"),
            told(unix.path(), &command, "2")
        );
    }
}

/// The files of the example shop.
fn shop() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/leaky-shop");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

fn written<'a>(files: impl Iterator<Item = &'a (PathBuf, String)>) -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("shop").tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join("shop").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// What the command prints for the shop, without the time it took.
fn told(folder: &Path, command: &[&str], jobs: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_envguard"))
        .args(command)
        .args(["-j", jobs, "shop"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert_ne!(
        output.status.code(),
        Some(2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| !line.contains(" policies · "));
    lines.collect::<Vec<_>>().join("\n")
}
