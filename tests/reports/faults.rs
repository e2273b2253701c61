//! Nobody reads any more, or nothing can be written: every report and every view ends with the right exit code, and says
//! why.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use envguard::{report, view};

/// Findings, a verdict that blocks, and nothing that could not be read.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".env.production"), "DEBUG=true\n").unwrap();
    fs::write(folder.path().join("dump"), "DEBUG=true\n").unwrap();
    folder
}

/// Every command that prints a report or a view, in every format it has.
fn commands() -> Vec<String> {
    let mut all: Vec<String> = [
        "facts",
        "facts --format json",
        "facts --stacks",
        "config show",
    ]
    .map(str::to_owned)
    .to_vec();
    for one in report::ALL {
        for command in ["check", "compare production=dump"] {
            all.push(format!("{command} --format {}", one.name));
        }
    }
    for one in view::ALL {
        for command in [
            "matrix",
            "matrix --by resource",
            "inventory",
            "context",
            "audit",
            "audit production=dump",
        ] {
            all.push(format!("{command} --format {}", one.name));
        }
    }
    all
}

fn envguard(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_envguard"));
    command.args(arguments.split(' ')).current_dir(folder);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_reader_that_goes_away_changes_no_exit_code() {
    let folder = shop();
    for command in commands() {
        let whole = envguard(folder.path(), &command).output().unwrap();
        let mut child = envguard(folder.path(), &command)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let alone = child.wait_with_output().unwrap();
        assert_eq!(alone.status.code(), whole.status.code(), "{command}");
        assert_eq!(said(&alone), said(&whole), "{command}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_the_output_is_told() {
    let folder = shop();
    for command in commands() {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let told = envguard(folder.path(), &command)
            .stdout(full.unwrap())
            .output()
            .unwrap();
        assert_eq!(told.status.code(), Some(2), "{command}");
        assert!(
            said(&told).contains("cannot write the output"),
            "{command}: {}",
            said(&told)
        );
    }
}

#[cfg(unix)]
#[test]
fn no_file_is_left_half_written() {
    let folder = shop();
    let reports = report::ALL
        .iter()
        .map(|one| format!("check --output {}=out", one.name));
    let audits = view::ALL
        .iter()
        .map(|one| format!("audit --format {} --output out", one.name));
    for command in reports.chain(audits) {
        fs::write(folder.path().join("out"), "the old one").unwrap();
        without_room(folder.path(), &command);
        let kept = fs::read_to_string(folder.path().join("out")).unwrap();
        assert_eq!(kept, "the old one", "{command}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "{command}");
    }
    // An old result of tests would say that all is well.
    let tests = "policy test --policy prod-debug-on --junit out";
    without_room(folder.path(), tests);
    assert!(!folder.path().join("out").exists());
}

/// Nobody makes a file in there, whoever runs the test.
#[cfg(target_os = "linux")]
#[test]
fn a_place_that_takes_no_file_is_named() {
    let reports = report::ALL.iter().flat_map(|one| {
        let commands = ["check", "compare production=dump"];
        commands.map(|command| format!("{command} --output {}=/proc/out", one.name))
    });
    let audits = view::ALL.iter().flat_map(|one| {
        let commands = ["audit", "audit production=dump"];
        commands.map(|command| format!("{command} --format {} --output /proc/out", one.name))
    });
    let folder = shop();
    for command in reports.chain(audits) {
        let told = envguard(folder.path(), &command).output().unwrap();
        let said = said(&told);
        assert_eq!(told.status.code(), Some(2), "{command}: {said}");
        assert!(
            said.contains("cannot write `/proc/out`"),
            "{command}: {said}"
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "{command}");
    }
    // The other report of the same run is written nevertheless.
    let both = "check --output sarif=/proc/out --output junit=whole.xml";
    let told = envguard(folder.path(), both).output().unwrap();
    assert_eq!(told.status.code(), Some(2), "{}", said(&told));
    assert!(folder.path().join("whole.xml").exists());
}

/// The limit on the size of files stands for a full disk: the first byte fails.
#[cfg(unix)]
fn without_room(folder: &Path, command: &str) {
    let script = format!(
        "trap '' XFSZ; ulimit -f 0; exec '{}' {command}",
        env!("CARGO_BIN_EXE_envguard")
    );
    let told = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder)
        .output()
        .unwrap();
    let said = said(&told);
    assert_eq!(told.status.code(), Some(2), "{command}: {said}");
    assert!(said.contains("cannot write"), "{command}: {said}");
}
