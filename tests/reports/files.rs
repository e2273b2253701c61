//! Reports in files: several at once, whole or not at all, and exit code 2 where one could not be written.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".env.production"), "DEBUG=true\n").unwrap();
    folder
}

fn check(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_envguard"))
        .arg("check")
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn several_reports_of_one_run() {
    let folder = shop();
    let told = check(
        folder.path(),
        &[
            "--output",
            "sarif=a.sarif",
            "--output",
            "junit=b.xml",
            "--output",
            "short",
        ],
    );
    assert_eq!(
        told.status.code(),
        Some(1),
        "the exit code is that of the findings"
    );
    let printed = String::from_utf8(told.stdout).unwrap();
    assert!(
        printed.starts_with(".env.production:1:7: critical"),
        "{printed}"
    );
    assert_eq!(
        names(folder.path()),
        [".env.production", "a.sarif", "b.xml"]
    );
    assert!(
        fs::read_to_string(folder.path().join("b.xml"))
            .unwrap()
            .ends_with("</testsuites>\n")
    );
    let printed = check(folder.path(), &["--output", "sarif=a.sarif"]).stdout;
    assert!(
        String::from_utf8(printed)
            .unwrap()
            .starts_with("critical[prod-debug-on]")
    );
}

#[test]
fn a_format_that_does_not_exist_is_told() {
    let told = check(shop().path(), &["--output", "sarf=x"]);
    assert_eq!(told.status.code(), Some(2));
    let said = String::from_utf8(told.stderr).unwrap();
    assert!(said.contains("no format `sarf`"), "{said}");
    let told = check(shop().path(), &["--output", "sarif="]);
    assert_eq!(told.status.code(), Some(2));
}

#[test]
fn a_folder_that_is_not_there_is_told_and_the_report_is_printed_all_the_same() {
    let folder = shop();
    let told = check(folder.path(), &["--output", "sarif=none/a.sarif"]);
    assert_eq!(told.status.code(), Some(2));
    let said = String::from_utf8(told.stderr).unwrap();
    assert!(said.contains("cannot write `none/a.sarif`"), "{said}");
    assert!(
        String::from_utf8(told.stdout)
            .unwrap()
            .contains("prod-debug-on")
    );
    let told = check(folder.path(), &["--output", "sarif=."]);
    assert_eq!(told.status.code(), Some(2), "a folder is no file");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    /// The limit on the size of files stands for a full disk: the first byte fails.
    #[test]
    fn where_nothing_can_be_written_the_old_report_stays() {
        let folder = shop();
        let report = folder.path().join("a.sarif");
        fs::write(&report, "the old one").unwrap();
        let script = format!(
            "trap '' XFSZ; ulimit -f 0; exec '{}' check --output sarif=a.sarif",
            env!("CARGO_BIN_EXE_envguard")
        );
        let told = Command::new("sh")
            .args(["-c", &script])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&told.stderr).into_owned();
        assert_eq!(told.status.code(), Some(2), "{said}");
        assert!(said.contains("cannot write `a.sarif`"), "{said}");
        assert_eq!(fs::read_to_string(&report).unwrap(), "the old one");
        assert_eq!(
            names(folder.path()),
            [".env.production", "a.sarif"],
            "nothing is left over"
        );
    }

    #[test]
    fn a_folder_without_the_right_to_write_is_told() {
        let folder = shop();
        let closed = folder.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
        let told = check(folder.path(), &["--output", "sarif=closed/a.sarif"]);
        // Root may write everywhere; whoever else runs this sees the refusal.
        let written = closed.join("a.sarif").exists();
        assert_eq!(told.status.code(), Some(if written { 1 } else { 2 }));
        assert_eq!(names(&closed).len(), usize::from(written));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn devices_are_written_to_and_their_faults_are_told() {
        let folder = shop();
        let told = check(folder.path(), &["--output", "sarif=/dev/full"]);
        assert_eq!(told.status.code(), Some(2));
        let said = String::from_utf8(told.stderr).unwrap();
        assert!(said.contains("cannot write `/dev/full`"), "{said}");
        assert!(Path::new("/dev/full").metadata().is_ok());
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let told = Command::new(env!("CARGO_BIN_EXE_envguard"))
            .args(["check", "--format", "sarif"])
            .current_dir(folder.path())
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(told.status.code(), Some(2));
        let said = String::from_utf8(told.stderr).unwrap();
        assert!(said.contains("cannot write the output"), "{said}");
    }

    #[test]
    fn a_link_stays_a_link_and_rights_stay() {
        let folder = shop();
        let real = folder.path().join("real.sarif");
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real.sarif", folder.path().join("a.sarif")).unwrap();
        check(folder.path(), &["--output", "sarif=a.sarif"]);
        assert!(
            folder
                .path()
                .join("a.sarif")
                .symlink_metadata()
                .unwrap()
                .is_symlink()
        );
        assert!(fs::read_to_string(&real).unwrap().starts_with('{'));
        assert_eq!(
            fs::metadata(&real).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }

    #[test]
    fn a_reader_that_goes_away_takes_no_file_along() {
        let folder = shop();
        let script = format!(
            "'{}' check --output sarif=a.sarif --format json | head -c 1",
            env!("CARGO_BIN_EXE_envguard")
        );
        let told = Command::new("sh")
            .args(["-c", &script])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&told.stderr), "");
        let text = fs::read_to_string(folder.path().join("a.sarif")).unwrap();
        assert!(text.ends_with("}\n"));
    }
}
