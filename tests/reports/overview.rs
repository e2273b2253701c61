//! One overview of many reports.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::samples::{finding, mixed, settled};
use super::written;
use envguard::model::Severity;
use envguard::model::settled::{Outcome, Settled};

fn merge(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_envguard"))
        .args(["report", "merge"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Reports of three repositories in a folder, and how they are merged.
fn three() -> (tempfile::TempDir, [&'static str; 5]) {
    let folder = tempfile::tempdir().unwrap();
    let mut high = settled(vec![
        finding("grave", Severity::High, 1),
        finding("p", Severity::High, 2),
    ]);
    high.outcome = Outcome::Failed;
    let write = |name: &str, settled: &Settled| {
        fs::write(folder.path().join(name), written("json", settled)).unwrap();
    };
    write("acme+billing.json", &high);
    write("acme+clean.json", &Settled::default());
    write("acme+shop.json", &mixed());
    let args = [
        "acme+clean.json",
        "acme+billing.json",
        "acme+shop.json",
        "--html",
        "all.html",
    ];
    (folder, args)
}

#[test]
fn the_worst_comes_first_and_what_is_common_is_counted() {
    let (folder, args) = three();
    let told = merge(folder.path(), &args);
    assert_eq!(told.status.code(), Some(0));
    let text = String::from_utf8(told.stdout).unwrap();
    let expected = "## envguard: 3 reports: 1 passed, 1 failed, 1 incomplete; 5 new findings\n";
    assert!(text.starts_with(expected), "{text}");
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("| acme/"))
        .collect();
    assert_eq!(
        rows,
        [
            "| acme/shop | incomplete | 1 | · | 1 | 1 | · | · |",
            "| acme/billing | failed | · | 2 | · | · | · | · |",
            "| acme/clean | passed | · | · | · | · | · | · |",
        ]
    );
    assert!(text.contains("| `grave` | 2 | 2 | critical |"), "{text}");
    assert!(!text.contains("<b>") && !text.contains("@team"), "{text}");
    let html = fs::read_to_string(folder.path().join("all.html")).unwrap();
    let page = html.replace("<!doctype html>", "").replace("<br>", "<br/>");
    let page = regex::Regex::new("<meta[^>]*>")
        .unwrap()
        .replace_all(&page, "");
    let page = roxmltree::Document::parse(&page).expect("every text is escaped");
    let details = page.descendants().filter(|one| one.has_tag_name("details"));
    assert_eq!(details.count(), 2);
}

#[test]
fn what_is_no_report_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), "{}").unwrap();
    fs::write(
        folder.path().join("b.json"),
        "{\"version\":2,\"status\":\"\",\"summary\":{},\"findings\":[]}",
    )
    .unwrap();
    for (file, why) in [
        ("a.json", "no JSON report"),
        ("b.json", "version 2"),
        ("c.json", "cannot read"),
    ] {
        let told = merge(folder.path(), &[file]);
        assert_eq!(told.status.code(), Some(2));
        let said = String::from_utf8(told.stderr).unwrap();
        assert!(said.contains(file) && said.contains(why), "{said}");
    }
}
