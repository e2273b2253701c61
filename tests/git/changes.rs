//! What is staged and what a range changed, compared with what git says of the same.

use std::fs;

use crate::support::{Lab, by_name};
use envguard::source::{self, Change, Happened, Range};

fn staged(lab: &Lab) -> Vec<String> {
    told(
        source::staged(Some(&lab.root()), by_name)
            .unwrap()
            .changes(),
    )
}

/// In the words of `git diff --name-status --no-renames`.
fn told(changes: &[Change]) -> Vec<String> {
    let letter = |change: &Change| match change.happened {
        Happened::Added => "A",
        Happened::Modified => "M",
        Happened::Deleted => "D",
    };
    changes
        .iter()
        .map(|change| format!("{}\t{}", letter(change), change.path))
        .collect()
}

fn git_says(lab: &Lab, args: &[&str]) -> Vec<String> {
    let said = lab.git(&[&["diff", "--name-status", "--no-renames"], args].concat());
    let mut lines: Vec<String> = said
        .lines()
        .map(|line| line.replacen("T\t", "M\t", 1))
        .collect();
    lines.sort_by(|a, b| a.get(2..).cmp(&b.get(2..)));
    lines
}

fn renames(changes: &[Change]) -> Vec<(String, String)> {
    let pair = |change: &Change| {
        Some((
            change.renamed_from.as_ref()?.to_string(),
            change.path.to_string(),
        ))
    };
    changes.iter().filter_map(pair).collect()
}

#[test]
fn staged_changes_are_those_git_sees() {
    let lab = Lab::new();
    lab.write("a.yml", "1")
        .write("a/b.yml", "1")
        .write("gone.yml", "1")
        .write("type.yml", "1")
        .write("z/y/x.yml", "1");
    assert_eq!(staged(&lab), Vec::<String>::new());
    lab.git(&["add", "a.yml", "a/b.yml"]);
    assert_eq!(
        staged(&lab),
        ["A\ta.yml", "A\ta/b.yml"],
        "before the first commit"
    );
    lab.commit_all();
    assert_eq!(staged(&lab), Vec::<String>::new());
    fs::remove_file(lab.at("type.yml")).unwrap();
    std::os::unix::fs::symlink("a.yml", lab.at("type.yml")).unwrap();
    fs::remove_file(lab.at("a.yml")).unwrap();
    lab.write("a.yml/now-a-folder.yml", "1")
        .write("a/b.yml", "2")
        .write("z/y/new.yml", "1")
        .write("announced.yml", "1");
    lab.git(&["rm", "-q", "gone.yml"]);
    lab.git(&["add", "-A", "--", ":!announced.yml"]);
    lab.git(&["add", "-N", "announced.yml"]);
    lab.write("a/b.yml", "3 but not staged");
    let expected = [
        "D\ta.yml",
        "A\ta.yml/now-a-folder.yml",
        "M\ta/b.yml",
        "D\tgone.yml",
        "M\ttype.yml",
        "A\tz/y/new.yml",
    ];
    assert_eq!(staged(&lab), expected);
    assert_eq!(git_says(&lab, &["--cached"]), expected);
}

/// Writes or removes something below few names, so that files and folders get in each other's way.
fn stir(lab: &Lab, next: &mut impl FnMut(usize) -> usize) {
    let parts: Vec<&str> = (0..=next(4))
        .map(|_| ["a", "a.b", "a-c", "b", "b.yml"][next(5)])
        .collect();
    let path = parts.join("/");
    for count in 1..=parts.len() {
        let there = lab.at(&parts[..count].join("/"));
        if there.is_file() {
            fs::remove_file(&there).unwrap();
        } else if count == parts.len() && there.is_dir() && next(2) == 0 {
            fs::remove_dir_all(&there).unwrap();
        }
    }
    if next(3) > 0 && !lab.at(&path).is_dir() {
        lab.write(&path, format!("{}\n", next(3)));
    }
}

#[test]
fn many_small_histories_agree_with_git() {
    let lab = Lab::new();
    lab.commit_all();
    let mut state: u32 = 7;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % below
    };
    let kinds = [
        &["--index-version", "4"][..],
        &["--split-index"],
        &["--no-split-index"],
        &["--index-version", "2"],
    ];
    for round in 0..40 {
        for _ in 0..6 {
            stir(&lab, &mut next);
        }
        lab.git(&["add", "-A"]);
        lab.git(&[&["update-index"], kinds[round % kinds.len()]].concat());
        assert_eq!(staged(&lab), git_says(&lab, &["--cached"]), "round {round}");
        if round % 3 == 0 {
            lab.git(&["commit", "-q", "--allow-empty", "-m", "a commit"]);
            let range = Range::parse("HEAD~1", None).unwrap();
            let pair = source::range(Some(&lab.root()), &range, by_name).unwrap();
            assert_eq!(
                told(pair.changes()),
                git_says(&lab, &["HEAD~1", "HEAD"]),
                "round {round}"
            );
        }
    }
}

#[test]
fn a_sparse_index_and_a_conflict_change_no_more_than_they_say() {
    let lab = Lab::new();
    lab.write("in/a.yml", "1")
        .write("out/b.yml", "1")
        .commit_all();
    lab.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    assert_eq!(staged(&lab), Vec::<String>::new());
    lab.write("in/a.yml", "2");
    lab.git(&["add", "in/a.yml"]);
    assert_eq!(staged(&lab), ["M\tin/a.yml"]);
    lab.git(&["commit", "-q", "-m", "ours"]);
    lab.git(&["checkout", "-q", "-b", "other", "HEAD~1"]);
    lab.write("in/a.yml", "3");
    lab.git(&["commit", "-q", "-a", "-m", "theirs"]);
    lab.git(&["checkout", "-q", "main"]);
    lab.command("git", &lab.root())
        .args(["merge", "-q", "other"])
        .output()
        .unwrap();
    assert_eq!(
        staged(&lab),
        Vec::<String>::new(),
        "our side of the conflict is what HEAD has"
    );
}

#[test]
fn renames_are_told_by_content() {
    let lab = Lab::new();
    let env = |last: &str| format!("A=1\nB=2\nC=3\nD=4\n{last}\n");
    lab.write("same.yml", "x: 1\ny: 2\n")
        .write("old/.env.staging", env("E=5"))
        .write("other/.env.staging", "Z=1\n")
        .write("two/a.yml", "twin: 1\n")
        .write("two/b.yml", "twin: 1\n")
        .write("code.rs", "fn main() {}\n")
        .commit_all();
    lab.git(&["mv", "same.yml", "moved.yml"]);
    lab.git(&["mv", "code.rs", "lib.rs"]);
    lab.git(&["mv", "two/a.yml", "one-a.yml"]);
    lab.git(&["mv", "two/b.yml", "b.yml"]);
    lab.git(&["rm", "-q", "-r", "old", "other"]);
    lab.write("new/.env.staging", env("E=6"))
        .write("new/.env.other", "Q=1\nR=2\n");
    lab.git(&["add", "-A"]);
    let pair = source::staged(Some(&lab.root()), by_name).unwrap();
    let changes = pair.changes();
    let expected = [
        ("two/b.yml", "b.yml"),
        ("same.yml", "moved.yml"),
        ("old/.env.staging", "new/.env.staging"),
        ("two/a.yml", "one-a.yml"),
    ];
    let mut found = renames(changes);
    found.sort();
    let mut expected: Vec<(String, String)> =
        expected.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
    expected.sort();
    assert_eq!(found, expected, "files no format wants are not compared");
    assert!(
        changes
            .iter()
            .any(|change| &*change.path == "lib.rs" && change.happened == Happened::Added)
    );
}
