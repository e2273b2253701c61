//! The Action, executed as a runner does it: its steps read from `action.yml`, inputs as the environment that the file
//! asks for, the files a runner hands over, and a shallow checkout of the merged pull request.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

#[path = "action/getting.rs"]
mod getting;
#[path = "action/runner.rs"]
mod runner;

use runner::{Lab, Runner};

const CLEAN: &str = "DEBUG=false\n";
const LEAKY: &str = "DEBUG=true\n";

#[test]
fn a_pull_request_shows_what_it_brings_in_and_no_more() {
    let lab = Lab::new();
    lab.commit("old trouble", &[(".env.production", "LOG_LEVEL=debug\n")]);
    let request = lab.pull_request(&[("app/.env.production", LEAKY)]);
    let told = Runner::on(&request).run();
    assert_eq!(told.code, Some(1), "{}", told.log);
    let expected = [
        ("outcome", "failed"),
        ("exit-code", "1"),
        ("findings", "2"),
        ("critical", "1"),
        ("low", "0"),
    ];
    for (name, value) in expected {
        assert_eq!(told.output(name), value, "{name}\n{}", told.log);
    }
    let annotation = "::error file=app/.env.production,line=1,";
    assert!(told.log.contains(annotation), "{}", told.log);
    assert!(
        told.summary
            .starts_with("## envguard: 2 new findings: 1 critical, 1 medium"),
        "{}",
        told.summary
    );
    let report = std::fs::read_to_string(told.output("report")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["findings"][0]["policy"], "prod-debug-on");
}

#[test]
fn a_pull_request_without_trouble_passes() {
    let lab = Lab::new();
    lab.commit("old trouble", &[(".env.production", LEAKY)]);
    let request = lab.pull_request(&[("README.md", "hello\n")]);
    let told = Runner::on(&request).run();
    assert_eq!(told.code, Some(0), "{}", told.log);
    assert_eq!(
        (told.output("outcome"), told.output("findings")),
        ("passed", "0")
    );
}

#[test]
fn a_checkout_of_the_branch_itself_gets_the_history_it_needs() {
    let lab = Lab::new();
    lab.commit("old trouble", &[(".env.production", "LOG_LEVEL=debug\n")]);
    let mut request = lab.pull_request(&[("app/.env.production", LEAKY)]);
    lab.commit("main moves on", &[("x.txt", "x\n")]);
    request.check_out_head();
    let told = Runner::on(&request).run();
    assert_eq!(
        (told.code, told.output("findings")),
        (Some(1), "2"),
        "{}",
        told.log
    );
}

#[test]
fn a_push_is_compared_with_what_was_there() {
    let lab = Lab::new();
    lab.commit("clean", &[(".env.production", CLEAN)]);
    let push = lab.push(&[(".env.production", LEAKY)]);
    let told = Runner::on(&push).run();
    assert_eq!(
        (told.code, told.output("findings")),
        (Some(1), "1"),
        "{}",
        told.log
    );
    assert_eq!(told.output("known"), "1", "the file was committed before");
}

#[test]
fn by_the_clock_everything_counts() {
    let lab = Lab::new();
    lab.commit("old trouble", &[(".env.production", LEAKY)]);
    let told = Runner::on(&lab.schedule()).run();
    assert_eq!(told.code, Some(1), "{}", told.log);
    assert_ne!(told.output("findings"), "0");
}

#[test]
fn inputs_do_what_they_say() {
    let lab = Lab::new();
    lab.commit(
        "trouble",
        &[("a/.env.production", LEAKY), ("b b/.env.production", LEAKY)],
    );
    let schedule = lab.schedule();
    let told = Runner::on(&schedule)
        .with("paths", "b b\n")
        .with("fail-on", "never")
        .with("format", "short")
        .with("annotations", "false")
        .with("summary", "false")
        .with("sarif", "out.sarif")
        .run();
    assert_eq!(told.code, Some(0), "{}", told.log);
    assert!(
        !told.log.contains("::error") && told.summary.is_empty(),
        "{}",
        told.log
    );
    assert!(
        told.log.contains("\nb b/.env.production:1:7: critical"),
        "{}",
        told.log
    );
    assert!(!told.log.contains("\na/.env"), "{}", told.log);
    assert_eq!(told.output("sarif"), "out.sarif");
    let sarif = std::fs::read_to_string(schedule.checkout().join("out.sarif")).unwrap();
    assert!(
        sarif.contains("a/.env.production"),
        "code scanning gets all of it"
    );
}

#[test]
fn what_comes_from_outside_is_never_a_command() {
    let lab = Lab::new();
    lab.commit(
        "names",
        &[
            ("::error::x/$(touch pwned)/.env.production", LEAKY),
            ("##[error]y/.env.production", LEAKY),
        ],
    );
    let schedule = lab.schedule();
    for (input, value) in [
        ("paths", "$(touch pwned)"),
        ("paths", "--exclude=*"),
        ("config", "$(touch pwned)"),
        ("since", "`touch pwned`"),
        ("format", "$(touch pwned)"),
    ] {
        let told = Runner::on(&schedule).with(input, value).run();
        assert_eq!(told.code, Some(2), "{input}={value}\n{}", told.log);
        assert_eq!(told.output("outcome"), "incomplete");
        assert!(
            told.log.contains("::error title=envguard could not run::"),
            "{}",
            told.log
        );
    }
    let told = Runner::on(&schedule).with("since", "all").run();
    assert_eq!(told.code, Some(1), "{}", told.log);
    assert!(!schedule.checkout().join("pwned").exists());
    let outside = runner::outside_of_stop_commands(&told.log);
    for line in outside.lines() {
        let command = line.trim_start().starts_with("::");
        assert!(command || !line.contains("##["), "{line}");
        assert!(!line.trim_start().starts_with("::error::"), "{line}");
    }
}

#[test]
fn mistakes_in_the_configuration_are_shown_where_people_look() {
    let lab = Lab::new();
    lab.commit(
        "mistake",
        &[
            (".envguard.yml", "polices: {}\n"),
            (".env.production", LEAKY),
        ],
    );
    let told = Runner::on(&lab.schedule()).run();
    assert_eq!((told.code, told.output("exit-code")), (Some(2), "2"));
    assert!(
        told.log.contains("::error title=envguard could not run::"),
        "{}",
        told.log
    );
    assert!(told.log.contains("polices"), "{}", told.log);
}

/// What the workflow for an organisation runs in the job of each repository, and what it makes of all of them.
#[test]
fn one_repository_of_many_leaves_reports_that_can_be_merged() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    for name in ["checked", "config"] {
        std::fs::create_dir(at(name)).unwrap();
    }
    std::fs::write(at("checked/.env.production"), LEAKY).unwrap();
    let run = |repository: &str, fail_on: &str| {
        std::process::Command::new("bash")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/action/one.sh"))
            .current_dir(folder.path())
            .env("ENVGUARD", env!("CARGO_BIN_EXE_envguard"))
            .env("REPOSITORY", repository)
            .env("FAIL_ON", fail_on)
            .status()
            .unwrap()
            .code()
    };
    assert_eq!(run("acme/shop", "high"), Some(1));
    std::fs::write(at("config/.envguard.yml"), "exclude: ['**']\n").unwrap();
    assert_eq!(run("acme/$(touch pwned)", "high"), Some(0), "theirs judges");
    let merged = std::process::Command::new(env!("CARGO_BIN_EXE_envguard"))
        .args([
            "report",
            "merge",
            "reports/acme+shop.json",
            "reports/acme+--touch-pwned-.json",
        ])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(merged.stdout).unwrap();
    assert!(said.contains("| acme/shop | failed | 1 |"), "{said}");
    assert!(at("reports/acme+shop.sarif").exists() && !at("pwned").exists());
}

/// What a release holds, packed as the release workflow packs it.
#[test]
fn a_release_holds_all_that_is_promised() {
    let folder = tempfile::tempdir().unwrap();
    let built = std::path::Path::new(env!("CARGO_BIN_EXE_envguard"));
    let profile = built.parent().unwrap().file_name().unwrap();
    let packed = std::process::Command::new("bash")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/action/pack.sh"))
        .arg("some-target")
        .arg(folder.path())
        .arg(profile)
        .status();
    assert!(packed.unwrap().success());
    let archive = format!("envguard-{}-some-target.tar.gz", env!("CARGO_PKG_VERSION"));
    let listed = std::process::Command::new("tar")
        .arg("-tzf")
        .arg(folder.path().join(archive))
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    for file in [
        "envguard",
        "LICENSE-MIT",
        "envguard.fish",
        "man/envguard-check.1",
    ] {
        assert!(
            listed
                .lines()
                .any(|line| line.trim_start_matches("./") == file),
            "{file} in\n{listed}"
        );
    }
}
