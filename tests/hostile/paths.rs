//! Paths that lead out, in trees that git itself would not check out, in links, and in files that name others.

use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use super::Ground;

/// A variable of a file outside; no output may know it.
const OUTSIDE: &str = "OUTSIDE_OF_EVERYTHING";

/// Writes a tree as it is, whatever its names are.
fn tree(ground: &Ground, entries: &[(&str, &str, &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        write!(bytes, "{mode} {name}\0").unwrap();
        let byte = |at: usize| u8::from_str_radix(&id[at..at + 2], 16).unwrap();
        bytes.extend((0..40).step_by(2).map(byte));
    }
    hashed(ground, "tree", &bytes)
}

fn hashed(ground: &Ground, kind: &str, bytes: &[u8]) -> String {
    let mut child = ground
        .command("git")
        .args(["hash-object", "-t", kind, "-w", "--literally", "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn outside(ground: &Ground) {
    std::fs::write(
        ground.0.path().join("outside.env"),
        format!("{OUTSIDE}=1\n"),
    )
    .unwrap();
}

/// Everything that a checkout would refuse.
fn hostile_tree(ground: &Ground) -> String {
    let debug = hashed(ground, "blob", b"DEBUG=true\n");
    let inner = tree(ground, &[("100644", "outside.env", &debug)]);
    tree(
        ground,
        &[
            ("40000", "..", &inner),
            ("40000", ".", &inner),
            ("40000", ".GIT", &inner),
            ("100644", ".ENV", &debug),
            ("100644", ".env", &debug),
            ("100644", ".env.production", &debug),
            (
                "120000",
                ".env.staging",
                &hashed(ground, "blob", b"../outside.env"),
            ),
            (
                "120000",
                ".env.test",
                &hashed(ground, "blob", b"/etc/passwd"),
            ),
            ("40000", ".git", &inner),
            ("40000", "", &inner),
            ("100644", "../outside.env", &debug),
            ("100644", "/etc/passwd.env", &debug),
            ("100644", "CON.env", &debug),
            ("100644", "aux.yml", &debug),
            ("100644", "C:\\outside.env", &debug),
            ("100644", "a\nb::error::x.env", &debug),
            ("100644", "\u{1b}[2J.env", &debug),
            ("100644", "\u{202e}vne..env", &debug),
        ],
    )
}

#[test]
fn a_tree_whose_names_lead_out_is_read_as_a_tree() {
    let ground = Ground::with_git();
    outside(&ground);
    let root = hostile_tree(&ground);
    let commit = ground.git(&["commit-tree", "-m", "one", &root]);
    for command in [
        "check --format short --rev",
        "facts --rev",
        "check --format github --rev",
    ] {
        let told = ground.envguard(&format!("{command} {commit}"));
        let all = told.everything();
        assert!(!all.contains(OUTSIDE), "{all}");
        assert!(
            !all.contains('\u{1b}') && !all.contains('\u{202e}'),
            "{all}"
        );
        assert!(
            !all.lines().any(|line| line.starts_with("b::error")),
            "{all}"
        );
    }
    let told = ground.envguard(&format!("check --format short --rev {commit}"));
    assert!(
        told.code != Some(0) && told.out.contains("prod-debug-on"),
        "{}",
        told.everything()
    );
}

#[test]
fn links_and_named_files_stay_inside() {
    for ground in [Ground::new(), Ground::with_git()] {
        outside(&ground);
        let absolute = ground.0.path().join("outside.env");
        let absolute = absolute.display();
        ground.write(
            "docker-compose.yml",
            format!(
                "include: [../outside.yml, {absolute}]\nservices:\n  web:\n    image: a:1\n    \
                 env_file: [../outside.env, '{absolute}', a/../../outside.env, ~/outside.env]\n    \
                 extends: {{file: ../outside.yml, service: web}}\n"
            ),
        );
        ground.write("Dockerfile", "FROM a:1\nCOPY ../outside.env /\n");
        ground.write(
            ".envguard.yml",
            "policies: {files: ['../*.yml', '/etc/*.yml']}\n",
        );
        symlink("/", ground.at("deploy")).unwrap();
        symlink("..", ground.at("up")).unwrap();
        symlink("../outside.env", ground.at(".env.production")).unwrap();
        for command in ["facts", "facts --stacks", "check", "inventory", "context"] {
            let told = ground.envguard(command);
            assert!(
                !told.everything().contains(OUTSIDE),
                "{command}: {}",
                told.everything()
            );
        }
        let told = ground.envguard("facts .env.production");
        assert_eq!(told.code, Some(2), "{}", told.everything());
    }
}
