//! Every shape in which git writes its index: the answer is always what git itself lists.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{Lab, options, read};
use envguard::model::Tree;
use envguard::source::{self, Options, Wanted};

fn everything(_: &str) -> Wanted {
    Wanted::Yes
}

/// Each file with its content, as this library sees the index.
fn seen(lab: &Lab, what: &str) -> Vec<(String, String)> {
    let options = Options {
        governed: everything,
        ..options()
    };
    let opened = source::index(Some(&lab.root()), &options)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let paths = opened.snapshot.entries().iter();
    let both = |path: &str| (path.to_owned(), read(&opened, path).unwrap());
    paths.map(|entry| both(&entry.path)).collect()
}

/// The same by git: of a conflict our side, and nothing of what is only announced.
fn git_says(lab: &Lab) -> Vec<(String, String)> {
    let listed = lab.git(&["-c", "core.quotePath=false", "ls-files", "--stage"]);
    let announced = lab.git(&["diff", "--name-only", "--diff-filter=A"]);
    let announced: BTreeSet<&str> = announced.lines().collect();
    let mut files = Vec::new();
    for line in listed.lines() {
        let (meta, path) = line.split_once('\t').unwrap();
        let fields: Vec<&str> = meta.split(' ').collect();
        let counts = matches!(fields[2], "0" | "2") && fields[0] != "160000";
        if counts && !announced.contains(path) {
            let text = lab.git(&["cat-file", "blob", fields[1]]);
            files.push((path.to_owned(), text));
        }
    }
    files.sort();
    files
}

fn some_files(lab: &Lab) {
    let paths = [
        "a.b",
        "a-",
        "a/b",
        "in/x/y.yml",
        "in/x/z.yml",
        "out/deep/er.env",
        "z/a/b/c/d",
    ];
    for path in paths {
        lab.write(path, format!("{path}\n"));
    }
    lab.commit_all();
}

/// Longer than the length that an entry itself can hold.
fn long_names(lab: &Lab) {
    let blob = lab.git(&["rev-parse", "HEAD:a.b"]);
    for length in [4094, 4095, 4096, 5000] {
        let entry = format!("100644,{},long/{}", blob.trim(), "n".repeat(length - 5));
        lab.git(&["update-index", "--add", "--cacheinfo", &entry]);
    }
}

type Setup = (&'static str, fn(&Lab));

const SHAPES: &[Setup] = &[
    ("version 2", |_| {}),
    ("version 3: a bit that needs another word", |lab| {
        lab.git(&["update-index", "--skip-worktree", "a.b"]);
        lab.write("announced", "x\n");
        lab.git(&["add", "-N", "announced"]);
    }),
    ("version 4: paths as what they do not share", |lab| {
        lab.git(&["update-index", "--index-version", "4"]);
        lab.write("announced", "x\n");
        lab.git(&["add", "-N", "announced"]);
    }),
    ("long names", long_names),
    ("long names, version 4", |lab| {
        long_names(lab);
        lab.git(&["update-index", "--index-version", "4"]);
    }),
    ("split", |lab| {
        lab.git(&["update-index", "--split-index"]);
    }),
    ("split, version 4", |lab| {
        lab.git(&["update-index", "--index-version", "4"]);
        lab.git(&["update-index", "--split-index"]);
    }),
    ("an untracked cache", |lab| {
        lab.git(&["update-index", "--untracked-cache"]);
    }),
    ("no remembered folders", |lab| {
        lab.git(&["rm", "-q", "-r", "--cached", "."]);
        lab.git(&["add", "-A"]);
    }),
    ("no checksum", |lab| {
        lab.git(&["config", "index.skipHash", "true"]);
        lab.git(&["update-index", "--force-write-index"]);
    }),
];

#[test]
fn every_shape_is_read_as_git_reads_it() {
    for init in [&[][..], &["--object-format=sha256"]] {
        for (name, shape) in SHAPES {
            let lab = Lab::with_init(init);
            some_files(&lab);
            lab.git(&["config", "advice.updateSparsePath", "false"]);
            shape(&lab);
            assert_eq!(seen(&lab, name), git_says(&lab), "{name} {init:?}");
            lab.write("in/x/y.yml", "changed\n")
                .write("in/new", "new\n");
            fs::remove_file(lab.at("z/a/b/c/d")).unwrap();
            lab.git(&["add", "in", "z"]);
            assert_eq!(seen(&lab, name), git_says(&lab), "{name} {init:?}, changed");
        }
    }
}

#[test]
fn folders_that_are_told_by_their_tree() {
    for init in [&[][..], &["--object-format=sha256"]] {
        let lab = Lab::with_init(init);
        lab.write("in/a", "1\n")
            .write("out/b", "2\n")
            .write("out/c/d/e", "3\n")
            .commit_all();
        let whole = seen(&lab, "");
        lab.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
        assert_eq!(lab.git(&["ls-files", "--sparse"]), "in/a\nout/\n");
        assert_eq!(seen(&lab, ""), whole);
        assert_eq!(seen(&lab, ""), git_says(&lab));
        lab.git(&["update-index", "--index-version", "4"]);
        assert_eq!(seen(&lab, ""), whole);
    }
}

#[test]
fn a_broken_index_is_told_and_nothing_panics() {
    let lab = Lab::new();
    lab.write("a/b.yml", "1\n")
        .write("c.yml", "2\n")
        .commit_all();
    let whole = fs::read(lab.at(".git/index")).unwrap();
    for end in [0, 3, 11, 12, 40, whole.len() / 2] {
        fs::write(lab.at(".git/index"), &whole[..end]).unwrap();
        let error = source::index(Some(&lab.root()), &options()).err().unwrap();
        assert!(
            error.to_string().contains("cannot read the index"),
            "{error}"
        );
    }
    fs::remove_file(lab.at(".git/index")).unwrap();
    assert!(
        seen(&lab, "").is_empty(),
        "git takes a missing index for an empty one"
    );
}
