//! Files that are none, that may not be read, that change under a run; runs that are broken off or meet each other; an
//! object store with a hole in it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Ground, ended, names, waited};

const LEAKY: &str = "DEBUG=true\n";

#[test]
fn pipes_sockets_and_devices_are_never_opened() {
    for ground in [Ground::new(), Ground::with_git()] {
        ground.write("real/.env.production", LEAKY);
        for name in [
            ".env.production",
            "docker-compose.yml",
            ".envguard.yml",
            ".gitignore",
            ".envguardignore",
        ] {
            let made = ground.command("mkfifo").arg(name).status().unwrap();
            assert!(made.success());
        }
        let _socket = std::os::unix::net::UnixListener::bind(ground.at(".env.socket")).unwrap();
        symlink("/dev/zero", ground.at(".env.zero")).unwrap();
        symlink("/dev/tty", ground.at("values.yaml")).unwrap();
        symlink("/proc/self/mem", ground.at("Dockerfile")).unwrap();
        let told = ground.envguard("check --format short");
        assert_eq!(told.code, Some(1), "{}", told.everything());
        assert!(
            told.out.starts_with("real/.env.production:1:7"),
            "{}",
            told.out
        );
    }
}

#[test]
fn a_folder_in_place_of_a_file_is_no_file() {
    let ground = Ground::with_git();
    ground
        .write("docker-compose.yml/x", "")
        .write(".env/x", "")
        .write(
            "compose.prod.yml",
            "services: {web: {image: 'a:1', env_file: [.env, gone.env]}}\n",
        );
    let told = ground.envguard("check --format short");
    assert!(
        told.code.is_some_and(|code| code < 2),
        "{}",
        told.everything()
    );
    ground.write(".envguard.yml/x", "");
    let told = ground.envguard("check");
    assert!(told.code.is_some(), "{}", told.everything());
}

/// As root everything may be read, so the program gives its rights away first.
#[test]
fn what_may_not_be_read_is_told_and_is_no_verdict() {
    let ground = Ground::new();
    ground
        .write("open/.env.production", LEAKY)
        .write("closed/.env.production", LEAKY);
    ground.write(".env.staging", LEAKY);
    let rights = |path: &str, mode| {
        fs::set_permissions(ground.at(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    rights(".env.staging", 0o000);
    rights("closed", 0o000);
    fs::set_permissions(ground.0.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = ground.0.path().join("envguard");
    // Copied by another process: what this one writes to, a run that starts in another thread might hold open.
    let mut copy = ground.command("cp");
    let copied = copy.arg(env!("CARGO_BIN_EXE_envguard")).arg(&program);
    assert!(copied.status().unwrap().success());
    let is_root = fs::read_dir(ground.at("closed")).is_ok();
    let mut command = if is_root {
        let mut command = ground.command("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(&program);
        command
    } else {
        ground.command(program.to_str().unwrap())
    };
    let told = ended(command.args(["check", "--format", "short"]));
    rights("closed", 0o755);
    let all = told.everything();
    assert_eq!(told.code, Some(2), "{all}");
    for part in ["open/.env.production:1:7", ".env.staging", "closed"] {
        assert!(all.contains(part), "{part} is not told in\n{all}");
    }
}

#[test]
fn files_that_come_go_and_change_while_they_are_read() {
    let ground = Ground::with_git();
    for at in 0..40 {
        ground.write(&format!("s{at}/.env.production"), LEAKY);
    }
    ground.commit_all();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for at in (0..40).cycle() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let path = ground.at(&format!("s{at}/.env.production"));
                let _ = fs::remove_file(&path);
                let _ = fs::remove_dir(ground.at(&format!("s{at}")));
                ground.write(&format!("s{at}/.env.production"), LEAKY.repeat(1 + at % 7));
                if at % 5 == 0 {
                    let _ = fs::remove_file(&path);
                    let _ = symlink("nowhere", &path);
                }
            }
        });
        for _ in 0..12 {
            let told = ground.envguard("check --format json");
            told.json();
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn an_interrupted_run_leaves_nothing_half_written() {
    let ground = Ground::new();
    ground.write("a.sarif", "the old one");
    let mut command = ground.command(env!("CARGO_BIN_EXE_envguard"));
    let mut child = command
        .args([
            "check",
            "-",
            "--stdin-name",
            ".env.production",
            "--output",
            "sarif=a.sarif",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits for the end of its input, which never comes.
    let stdin = child.stdin.take();
    std::thread::sleep(std::time::Duration::from_millis(200));
    let id = child.id().to_string();
    ground.command("kill").args(["-INT", &id]).status().unwrap();
    let told = waited(child);
    drop(stdin);
    assert_eq!(told.code, Some(130), "{}", told.everything());
    assert_eq!(
        fs::read_to_string(ground.at("a.sarif")).unwrap(),
        "the old one"
    );
    assert_eq!(names(&ground.root()), ["a.sarif"]);
}

#[test]
fn runs_at_the_same_time_do_not_disturb_each_other() {
    let ground = Ground::with_git();
    ground.write(".env.production", LEAKY).commit_all();
    let runs = std::thread::scope(|scope| {
        let run = || ground.envguard("check --output json=a.json --output short");
        let runs: Vec<_> = (0..6).map(|_| scope.spawn(run)).collect();
        let ended = runs.into_iter().map(|run| run.join().unwrap());
        ended.collect::<Vec<_>>()
    });
    for told in &runs {
        assert_eq!(told.code, Some(1), "{}", told.everything());
        assert_eq!(told.out.lines().next(), runs[0].out.lines().next());
    }
    let written = fs::read_to_string(ground.at("a.json")).unwrap();
    serde_json::from_str::<serde_json::Value>(&written).unwrap();
    assert_eq!(names(&ground.root()), [".env.production", ".git", "a.json"]);
}

#[test]
fn an_object_that_is_missing_or_broken_is_no_verdict() {
    for broken in [None, Some("no object")] {
        for what in ["HEAD:.env.production", "HEAD^{tree}"] {
            let ground = Ground::with_git();
            ground
                .write(".env.production", LEAKY)
                .write("a/.env", "A=1\n")
                .commit_all();
            let id = ground.git(&["rev-parse", what]);
            let object = ground.at(&format!(".git/objects/{}/{}", &id[..2], &id[2..]));
            fs::remove_file(&object).unwrap();
            // It remembers the trees of folders, which is as good as the object.
            fs::remove_file(ground.at(".git/index")).unwrap();
            if let Some(bytes) = broken {
                fs::write(&object, bytes).unwrap();
            }
            let told = ground.envguard("check --rev HEAD --format short");
            assert_eq!(told.code, Some(2), "{what}: {}", told.everything());
        }
    }
}
