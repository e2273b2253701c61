//! A sign of life is for whoever sits at a terminal: a pipe never carries it. A rule file of git that nobody has written
//! yet, a named pipe, keeps the reading from its end for as long as the test wants.

use std::fs::{self, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::spawn;
use std::time::Duration;

const SIGN: &str = "reading …";

/// Longer than anybody waits without a sign.
const LONG: Duration = Duration::from_secs(2);
/// A test that waits in vain ends.
const VAIN: Duration = Duration::from_mins(1);

fn ran(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// A repository whose reading waits, and what it waits for; nothing where this machine has no such tools.
fn waiting() -> Option<(tempfile::TempDir, PathBuf)> {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join(".git/info/exclude");
    let git = ran(Command::new("git").arg("init").current_dir(folder.path()));
    fs::create_dir_all(rules.parent()?).unwrap();
    let _ = fs::remove_file(&rules);
    let ready = git && ran(Command::new("mkfifo").arg(&rules));
    fs::write(folder.path().join(".env.production"), "DEBUG=true\n").unwrap();
    ready.then_some((folder, rules))
}

/// Lets the reading go on when told to, or after a while.
fn let_go(rules: &Path, told: Receiver<()>, while_waiting: Duration) {
    let rules = rules.to_owned();
    spawn(move || {
        let _ = told.recv_timeout(while_waiting);
        drop(OpenOptions::new().write(true).open(rules));
    });
}

#[test]
fn a_terminal_shows_that_something_goes_on() {
    let Some((folder, rules)) = waiting() else {
        eprintln!("skipped: no git, or no mkfifo");
        return;
    };
    if !ran(Command::new("script").args(["-qec", "true", "/dev/null"])) {
        eprintln!("skipped: no `script` of util-linux");
        return;
    }
    let run = format!("'{}' check --format short", env!("CARGO_BIN_EXE_envguard"));
    let mut child = Command::new("script")
        .args(["-qec", &run, "/dev/null"])
        .env("TERM", "xterm")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (tell, told) = channel();
    let_go(&rules, told, VAIN);
    let mut seen = Vec::new();
    let mut screen = child.stdout.take().unwrap();
    let mut some = [0; 256];
    while let Ok(read @ 1..) = screen.read(&mut some) {
        seen.extend_from_slice(&some[..read]);
        if String::from_utf8_lossy(&seen).contains(SIGN) {
            let _ = tell.send(());
        }
    }
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let seen = String::from_utf8_lossy(&seen);
    let (before, report) = seen.rsplit_once("\r\u{1b}[K").expect(&seen);
    assert!(before.contains(SIGN), "{seen}");
    assert!(!report.contains(SIGN), "it is taken back: {seen}");
    assert!(report.contains("prod-debug-on"), "{seen}");
}

#[test]
fn a_pipe_never_carries_it() {
    let Some((folder, rules)) = waiting() else {
        eprintln!("skipped: no git, or no mkfifo");
        return;
    };
    let (_tell, told) = channel();
    let_go(&rules, told, LONG);
    let piped = Command::new(env!("CARGO_BIN_EXE_envguard"))
        .args(["check", "--format", "short"])
        .env("TERM", "xterm")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(piped.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&piped.stdout).contains("prod-debug-on"));
    assert!(piped.stderr.is_empty() && !String::from_utf8_lossy(&piped.stdout).contains(SIGN));
}
