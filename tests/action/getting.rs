//! How the Action comes by a binary: released and with the right checksum, or built, or not at all.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::LEAKY;
use super::runner::{Job, Lab, Runner, Told};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A folder of releases, and a `PATH` without envguard and with a cargo that only says what it was asked.
struct Store {
    folder: tempfile::TempDir,
    job: Job,
}

impl Store {
    fn new() -> Self {
        let lab = Lab::new();
        lab.commit("trouble", &[(".env.production", LEAKY)]);
        let store = Self {
            folder: tempfile::tempdir().unwrap(),
            job: lab.schedule(),
        };
        fs::create_dir_all(store.release()).unwrap();
        fs::create_dir_all(store.tools()).unwrap();
        for tool in TOOLS {
            let found = Command::new("sh")
                .args(["-c", &format!("command -v {tool}")])
                .output();
            let found = String::from_utf8(found.unwrap().stdout).unwrap();
            if !found.trim().is_empty() {
                std::os::unix::fs::symlink(found.trim(), store.tools().join(tool)).unwrap();
            }
        }
        store
    }

    fn release(&self) -> PathBuf {
        self.folder.path().join(format!("v{VERSION}"))
    }

    fn tools(&self) -> PathBuf {
        self.folder.path().join("tools")
    }

    fn archive(&self) -> PathBuf {
        let target = match (std::env::consts::OS, std::env::consts::ARCH) {
            ("macos", arch) => format!("{arch}-apple-darwin"),
            (_, arch) => format!("{arch}-unknown-linux-musl"),
        };
        self.release()
            .join(format!("envguard-{VERSION}-{target}.tar.gz"))
    }

    /// A release as the release workflow makes it.
    fn publish(&self) {
        let binary = Path::new(env!("CARGO_BIN_EXE_envguard"));
        let packed = Command::new("tar")
            .arg("-czf")
            .arg(self.archive())
            .arg("-C")
            .arg(binary.parent().unwrap())
            .arg("envguard")
            .status();
        assert!(packed.unwrap().success());
        let sums = "sha256sum *.tar.gz > SHA256SUMS || shasum -a 256 *.tar.gz > SHA256SUMS";
        let summed = Command::new("sh")
            .args(["-c", sums])
            .current_dir(self.release())
            .status();
        assert!(summed.unwrap().success());
    }

    fn tool(&self, name: &str, script: &str) {
        let path = self.tools().join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A cargo that installs the binary of this build.
    fn fake_cargo(&self) {
        let binary = env!("CARGO_BIN_EXE_envguard");
        self.tool(
            "cargo",
            &format!(
                "for root; do :; done; echo \"cargo was asked: $*\"; mkdir -p \"$root/bin\"; cp '{binary}' \"$root/bin/envguard\""
            ),
        );
    }

    fn run(&self, inputs: &[(&str, &str)]) -> Told {
        let url = format!("file://{}", self.folder.path().display());
        let mut runner = Runner::on(&self.job)
            .path(self.tools().display().to_string())
            .with("download-from", &url);
        for (name, value) in inputs {
            runner = runner.with(name, value);
        }
        runner.run()
    }
}

/// What the scripts call.
const TOOLS: &[&str] = &[
    "awk",
    "bash",
    "cat",
    "cp",
    "curl",
    "cut",
    "dirname",
    "git",
    "grep",
    "gzip",
    "head",
    "mkdir",
    "mktemp",
    "od",
    "rm",
    "sed",
    "sh",
    "sha256sum",
    "shasum",
    "tar",
    "tr",
    "uname",
];

#[test]
fn a_released_binary_is_used_when_its_checksum_is_right() {
    let store = Store::new();
    store.publish();
    let told = store.run(&[("build", "never")]);
    assert_eq!(told.code, Some(1), "{}", told.log);
    assert!(
        told.log.starts_with(&format!("envguard {VERSION}\n")),
        "{}",
        told.log
    );
    assert!(Path::new(told.output("envguard")).is_file());
}

#[test]
fn a_wrong_checksum_stops_everything_and_nothing_is_built() {
    let store = Store::new();
    store.fake_cargo();
    store.publish();
    let mut bytes = fs::read(store.archive()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(store.archive(), bytes).unwrap();
    let told = store.run(&[]);
    assert_eq!(told.code, Some(1), "{}", told.log);
    assert!(
        told.log.contains("::error title=envguard::the checksum of"),
        "{}",
        told.log
    );
    assert!(!told.log.contains("cargo was asked"), "{}", told.log);
    assert_eq!(told.output("outcome"), "");
}

#[test]
fn a_binary_that_is_not_in_the_list_is_not_run() {
    let store = Store::new();
    store.publish();
    fs::write(store.release().join("SHA256SUMS"), "0123  other.tar.gz\n").unwrap();
    let told = store.run(&[]);
    assert!(told.log.contains("should be in the list"), "{}", told.log);
    assert_eq!(told.code, Some(1));
}

#[test]
fn without_a_release_it_is_built() {
    let store = Store::new();
    store.fake_cargo();
    let told = store.run(&[]);
    assert_eq!(told.code, Some(1), "{}", told.log);
    let asked = "cargo was asked: install --locked --quiet --path ";
    assert!(told.log.contains(asked), "{}", told.log);
    assert_eq!(told.output("critical"), "1");
}

#[test]
fn without_a_release_and_without_rust_it_says_so() {
    let store = Store::new();
    let told = store.run(&[]);
    assert_eq!(told.code, Some(1));
    assert!(
        told.log.contains("no Rust to build it with"),
        "{}",
        told.log
    );
    let told = store.run(&[("build", "never")]);
    assert!(
        told.log.contains("there is no binary of envguard"),
        "{}",
        told.log
    );
}

#[test]
fn a_version_is_a_version() {
    let store = Store::new();
    store.fake_cargo();
    for version in ["../../etc", "1;touch pwned", "$(id)", "0.1 0"] {
        let told = store.run(&[("version", version)]);
        assert_eq!(told.code, Some(1), "{version}");
        assert!(told.log.contains("the version is not one"), "{}", told.log);
    }
}
