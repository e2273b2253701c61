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

/// Every shape: what stands before, between and behind the variables, and one of them.
const SHAPES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "kubernetes",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {",
        "\"NAME\": \"VALUE\"",
        ",\n ",
        "}\n",
    ),
    (
        "compose",
        "services:\n  a:\n    image: x:1.2\n    environment: {",
        "\"NAME\": \"VALUE\"",
        ",\n ",
        "}\n",
    ),
    (
        "ecs",
        "{\"taskDefinition\": {\"containerDefinitions\": [{\"name\": \"a\", \"environment\": [",
        "{\"name\": \"NAME\", \"value\": \"VALUE\"}",
        ",\n",
        "]}]}}\n",
    ),
    (
        "ssm",
        "{\"Parameters\": [",
        "{\"Name\": \"/shop/NAME\", \"Type\": \"String\", \"Value\": \"VALUE\"}",
        ",\n",
        "]}\n",
    ),
    (
        "list",
        "[",
        "{\"name\": \"NAME\", \"value\": \"VALUE\"}",
        ",\n",
        "]\n",
    ),
    ("map", "{", "\"NAME\": \"VALUE\"", ",\n", "}\n"),
    (
        "heroku",
        "=== shop Config Vars\n",
        "NAME: VALUE",
        "\n",
        "\n",
    ),
    (
        "printenv",
        "HOME=/root\nPATH=/bin\n",
        "NAME=VALUE",
        "\n",
        "\n",
    ),
    ("dotenv", "# made here\n", "NAME='VALUE'", "\n", "\n"),
];

fn dump(shape: &(&str, &str, &str, &str, &str), variables: &[(String, String)]) -> String {
    let (_, head, entry, between, tail) = shape;
    let entry =
        |(name, value): &(String, String)| entry.replace("NAME", name).replace("VALUE", value);
    let entries: Vec<String> = variables.iter().map(entry).collect();
    format!("{head}{}{tail}", entries.join(between))
}

/// How it ended and what was told, of which no word of a value may be part.
fn judged(folder: &Path, text: &str, more: &[&str]) -> (Option<i32>, String) {
    std::fs::write(folder.join("dump"), text).unwrap();
    let arguments = [&["compare", "production=dump", "--format", "short"], more].concat();
    let output = envguard(folder, &arguments).output().unwrap();
    let told = told(&output);
    assert!(!told.contains("cobalt"), "{told}");
    (output.status.code(), told)
}

#[test]
fn every_shape_is_read_completely_or_refused_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let pair = |name: &str, value: String| (name.to_owned(), value);
    for shape in SHAPES {
        let name = shape.0;
        let good = [pair("SESSION_SECRET", word()), pair("NOTE", word() + "x")];
        let (code, said) = judged(folder.path(), &dump(shape, &good), &[]);
        assert_ne!(code, Some(2), "{name}: {said}");

        let twice = [
            pair("SESSION_SECRET", word()),
            pair("SESSION_SECRET", word() + "x"),
        ];
        let (code, said) = judged(folder.path(), &dump(shape, &twice), &[]);
        assert_eq!(code, Some(2), "{name}: {said}");
        let at = said.strip_prefix("error: production=dump:").unwrap();
        let line: usize = at.split(':').next().unwrap().parse().unwrap();
        let text = dump(shape, &twice);
        assert!(
            text.lines()
                .nth(line - 1)
                .unwrap()
                .contains("SESSION_SECRET"),
            "{name}: {said}"
        );
        assert!(
            said.contains("twice, with different values"),
            "{name}: {said}"
        );
    }
}

#[test]
fn no_shape_is_empty_or_broken() {
    let folder = tempfile::tempdir().unwrap();
    for shape in SHAPES {
        let name = shape.0;
        for empty in ["", "\n \n"] {
            let (code, said) = judged(folder.path(), empty, &["--from", name]);
            assert_eq!(code, Some(2), "{name}: {said}");
            assert!(said.contains("it is empty"), "{name}: {said}");
        }
        let good = [("SESSION_SECRET".to_owned(), word())];
        let whole = dump(shape, &good);
        let broken = match name {
            // A line without a name goes on with the value of the one before; the first cannot.
            "printenv" => format!("cobalt went wrong\n{whole}"),
            "heroku" | "dotenv" => whole + "cobalt went wrong: " + &word() + "\n",
            // Cut off in the middle of the last value.
            _ => whole.rsplit_once("7391").unwrap().0.to_owned(),
        };
        let (code, said) = judged(folder.path(), &broken, &["--from", name]);
        assert_eq!(code, Some(2), "{name}: {said}");
        assert!(
            said.starts_with("error: production=dump:"),
            "{name}: {said}"
        );
    }
}

#[test]
fn every_shape_may_be_large() {
    let folder = tempfile::tempdir().unwrap();
    for shape in SHAPES {
        let value = |at: usize| format!("{}{at}", "cobalt harbour ".repeat(60));
        let variables = (0..700).map(|at| (format!("NOTE_{at}"), value(at)));
        let text = dump(shape, &variables.collect::<Vec<_>>());
        assert!(text.len() > 1 << 19);
        let (code, said) = judged(folder.path(), &text, &[]);
        assert_eq!(code, Some(0), "{}: {said}", shape.0);
    }
}
