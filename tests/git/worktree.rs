//! Files and folders named on the command line, inside of git and outside.

use crate::support::{Lab, listed, options, read, text};
use envguard::model::Tree;
use envguard::model::tree::ReadError;
use envguard::source::{self, SourceError};

#[test]
fn the_worktree_is_what_git_tracks_and_what_it_would_offer_to_add() {
    let lab = Lab::new();
    lab.write(".gitignore", ".env*\n!.env.example\n/cache/\n")
        .write(".env.example", "A=\n")
        .write("compose.yml", "services: {}\n")
        .write("src/main.rs", "fn main() {}\n")
        .commit_all()
        .write(".env", "A=1\n")
        .write("app/.env.production", "A=2\n")
        .write("app/deploy.yml", "a: 1\n")
        .write("cache/.env", "A=3\n")
        .write("cache/x.yml", "a: 1\n");
    let opened = lab.worktree();
    assert_eq!(
        listed(&opened),
        [
            "!.env",
            ".env.example",
            "!app/.env.production",
            "?app/deploy.yml",
            "compose.yml"
        ]
    );
    assert_eq!(text(&opened, "app/.env.production"), "A=2\n");
    assert_eq!(read(&opened, "cache/.env"), Err(ReadError::Missing));
    assert_eq!(
        text(&opened, "src/main.rs"),
        "fn main() {}\n",
        "unlisted, yet there"
    );
    assert!(!opened.snapshot.has("src") && !opened.snapshot.has("nowhere.rs"));
    assert!(opened.snapshot.ignore_covers("any/.env.staging"));
    assert_eq!(opened.root_name, "project");
}

#[test]
fn without_ignored_files_they_are_not_there() {
    let lab = Lab::new();
    lab.write(".gitignore", ".env\n").write(".env", "A=1\n");
    let mut options = options();
    options.include_ignored = false;
    let opened = source::paths(&[lab.root()], &options).unwrap();
    assert_eq!(listed(&opened), Vec::<String>::new());
    assert_eq!(read(&opened, ".env"), Err(ReadError::Missing));
}

#[test]
fn a_folder_or_file_narrows_the_focus_and_not_the_tree() {
    let lab = Lab::new();
    lab.write("a/.env", "A=1\n")
        .write("b/.env", "A=1\n")
        .write("b/c/.env", "A=1\n");
    let opened = lab.paths(&["b"]).unwrap();
    assert_eq!(listed(&opened), ["?a/.env", "?b/.env", "?b/c/.env"]);
    assert!(
        opened.focus.has("b/.env") && opened.focus.has("b/c/.env") && !opened.focus.has("a/.env")
    );
    let opened = lab.paths(&["b/c/.env", "a"]).unwrap();
    assert!(
        opened.focus.has("a/.env") && opened.focus.has("b/c/.env") && !opened.focus.has("b/.env")
    );
    assert_eq!(opened.root.unwrap(), lab.root().canonicalize().unwrap());
}

#[test]
fn what_was_named_is_looked_at_even_where_git_ignores_it() {
    let lab = Lab::new();
    lab.write(".gitignore", "cache/\nnotes.txt\n")
        .write("cache/.env", "A=1\n")
        .write("cache/deep/x.yml", "a: 1\n")
        .write("notes.txt", "A=1\n");
    let opened = lab.paths(&["cache", "notes.txt"]).unwrap();
    assert_eq!(
        listed(&opened),
        ["!cache/.env", "!cache/deep/x.yml", "!notes.txt"]
    );
}

#[test]
fn rules_come_from_every_place_git_reads_them_from() {
    let lab = Lab::new();
    lab.write(".git/info/exclude", "*.private.yml\n");
    std::fs::write(lab.home().join("excludes"), "*.global.yml\n").unwrap();
    lab.git(&[
        "config",
        "core.excludesFile",
        lab.home().join("excludes").to_str().unwrap(),
    ]);
    lab.write("a.private.yml", "")
        .write("b.global.yml", "")
        .write("c.yml", "")
        .write("sub/.gitignore", "*\n")
        .write("sub/d.yml", "");
    let opened = lab.worktree();
    assert_eq!(listed(&opened), ["?c.yml"]);
    assert!(opened.snapshot.ignore_covers("sub/x.yml"));
    assert!(
        !opened.snapshot.ignore_covers("x.private.yml"),
        "nobody else has that rule"
    );
}

#[test]
fn what_envguardignore_names_is_not_there_tracked_or_not() {
    let lab = Lab::new();
    lab.write(".envguardignore", "fixtures/\n*.old.yml\n")
        .write("fixtures/.env", "A=1\n")
        .write("a.old.yml", "")
        .write("b.yml", "")
        .write("sub/.envguardignore", "c.yml\n")
        .write("sub/c.yml", "")
        .commit_all()
        .write("fixtures/.env.new", "A=1\n");
    for opened in [lab.worktree(), lab.index(), lab.revision("HEAD").unwrap()] {
        assert_eq!(listed(&opened), ["b.yml"]);
        assert_eq!(read(&opened, "fixtures/.env"), Err(ReadError::Missing));
        assert_eq!(read(&opened, "sub/c.yml"), Err(ReadError::Missing));
    }
    assert_eq!(
        listed(&lab.paths(&["fixtures", "a.old.yml"]).unwrap()),
        ["b.yml"]
    );
}

#[test]
fn excluded_globs_take_files_out_afterwards() {
    let lab = Lab::new();
    lab.write("vendor/a/.env", "A=1\n").write("b/.env", "A=1\n");
    let mut opened = lab.worktree();
    opened.snapshot.exclude(&["vendor/".to_owned()]);
    opened.snapshot.exclude(&[]);
    assert_eq!(listed(&opened), ["?b/.env"]);
    opened.snapshot.exclude(&["b/**".to_owned()]);
    assert_eq!(listed(&opened), Vec::<String>::new());
    for path in ["vendor/a/.env", "b/.env"] {
        assert_eq!(read(&opened, path), Err(ReadError::Missing));
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_of_the_tree_only() {
    use std::os::unix::fs::symlink;
    let lab = Lab::new();
    lab.write("real/.env", "A=1\n");
    std::fs::write(lab.home().join("secret"), "B=2\n").unwrap();
    symlink("real/.env", lab.at(".env.inside")).unwrap();
    symlink(lab.home().join("secret"), lab.at(".env.outside")).unwrap();
    symlink("nowhere", lab.at(".env.dangling")).unwrap();
    symlink(".env.loop", lab.at(".env.loop")).unwrap();
    symlink(".git/config", lab.at(".env.git")).unwrap();
    symlink("real", lab.at("folder")).unwrap();
    symlink(lab.home(), lab.at("home.env")).unwrap();
    let all = [".env.inside", "real/.env"];
    let opened = lab.worktree();
    assert_eq!(listed(&opened), all.map(|path| format!("?{path}")));
    assert_eq!(text(&opened, ".env.inside"), "A=1\n");
    for path in [
        ".env.outside",
        ".env.dangling",
        ".env.loop",
        ".env.git",
        "home.env/secret",
    ] {
        assert_eq!(read(&opened, path), Err(ReadError::Missing), "{path}");
    }
    let error = lab.paths(&[".env.outside"]).err().unwrap();
    assert!(matches!(error, SourceError::LinkLeaves { .. }), "{error}");
    lab.commit_all();
    for opened in [lab.worktree(), lab.index(), lab.revision("HEAD").unwrap()] {
        assert_eq!(listed(&opened), all);
        assert_eq!(text(&opened, ".env.inside"), "A=1\n");
        assert_eq!(read(&opened, ".env.outside"), Err(ReadError::Missing));
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_never_opened() {
    let lab = Lab::new();
    lab.command("mkfifo", &lab.root())
        .arg(".env.fifo")
        .status()
        .unwrap();
    assert_eq!(listed(&lab.worktree()), Vec::<String>::new());
    let error = lab.paths(&[".env.fifo"]).err().unwrap();
    assert!(matches!(error, SourceError::NotAFile(_)), "{error}");
}

#[test]
fn a_path_that_does_not_exist_is_named() {
    let lab = Lab::new();
    let error = lab.paths(&["nope/.env"]).err().unwrap();
    assert!(
        error.to_string().contains("nope/.env") && error.to_string().contains("does not exist"),
        "{error}"
    );
}

#[test]
fn deleted_files_are_gone_and_other_repositories_are_left_alone() {
    let lab = Lab::new();
    lab.write("gone.yml", "").write("kept.yml", "").commit_all();
    std::fs::remove_file(lab.at("gone.yml")).unwrap();
    lab.write("nested/x.yml", "");
    lab.git(&["init", "-q", "nested"]);
    lab.write("hollow/.git/readme", "")
        .write("hollow/x.yml", "");
    assert_eq!(listed(&lab.worktree()), ["?hollow/x.yml", "kept.yml"]);
    let asked = lab.paths(&["nested", "kept.yml"]).unwrap();
    assert_eq!(
        listed(&asked),
        ["?hollow/x.yml", "kept.yml", "?nested/x.yml"]
    );
    let alone = lab.paths(&["nested"]).unwrap();
    assert_eq!(listed(&alone), ["?x.yml"], "named alone it is its own root");
}

#[test]
fn what_is_too_large_or_no_text_is_said() {
    let lab = Lab::new();
    lab.write("big.yml", vec![b'a'; (1 << 20) + 1])
        .write("binary.yml", b"a: \0\x01")
        .write("latin.env", b"NAME=caf\xe9\n")
        .write(
            ".env.lfs",
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        )
        .write("full.yml", vec![b'a'; 1 << 20])
        .commit_all();
    for opened in [lab.worktree(), lab.index(), lab.revision("HEAD").unwrap()] {
        assert_eq!(
            read(&opened, "big.yml"),
            Err(ReadError::TooLarge((1 << 20) + 1))
        );
        assert_eq!(read(&opened, "binary.yml"), Err(ReadError::Binary));
        assert_eq!(read(&opened, ".env.lfs"), Err(ReadError::Pointer));
        assert_eq!(text(&opened, "latin.env"), "NAME=café\n");
        assert_eq!(text(&opened, "full.yml").len(), 1 << 20);
    }
}

#[test]
fn outside_of_git_everything_counts_as_tracked() {
    let lab = Lab::bare_ground();
    lab.write(".gitignore", ".env\nlogs/\n*.tmp.yml\n")
        .write(".env", "A=1\n")
        .write("a.tmp.yml", "")
        .write("compose.yml", "")
        .write("logs/x.yml", "")
        .write("one/.env.example", "");
    assert_eq!(
        listed(&lab.worktree()),
        ["!.env", "compose.yml", "one/.env.example"]
    );
    let entry = &lab.worktree().snapshot.entries()[0].clone();
    assert!(!entry.tracked && entry.ignored, "nobody would commit it");
    let opened = lab.paths(&["compose.yml"]).unwrap();
    assert_eq!(
        listed(&opened),
        ["!.env", "compose.yml"],
        "the folder of a file, not what lies below it"
    );
    assert!(opened.focus.has("compose.yml") && !opened.focus.has(".env"));
    let opened = lab.paths(&["one", "compose.yml"]).unwrap();
    assert_eq!(
        listed(&opened),
        ["!.env", "compose.yml", "one/.env.example"]
    );
}

#[test]
fn text_from_standard_input_stands_in_for_the_file() {
    let lab = Lab::new();
    lab.write(".env", "A=old\n").write("b.yml", "");
    let opened = source::stdin(&lab.at(".env"), b"A=new\n".to_vec(), &options()).unwrap();
    assert_eq!(text(&opened, ".env"), "A=new\n");
    assert_eq!(listed(&opened), ["?.env", "?b.yml"]);
    assert!(opened.focus.has(".env") && !opened.focus.has("b.yml"));
    let opened = source::stdin(&lab.at(".env.new"), b"A=1\n".to_vec(), &options()).unwrap();
    assert_eq!(text(&opened, ".env.new"), "A=1\n");
    assert_eq!(listed(&opened), ["?.env", "?.env.new", "?b.yml"]);
    let opened = source::stdin("no/such/.env".as_ref(), b"\0".to_vec(), &options()).unwrap();
    let planned = opened
        .snapshot
        .entries()
        .iter()
        .find(|entry| entry.path.ends_with("no/such/.env"));
    assert_eq!(
        read(&opened, &planned.unwrap().path),
        Err(ReadError::Binary)
    );
}

#[cfg(target_os = "linux")]
#[test]
fn strange_names_are_shown_harmless_and_can_be_read() {
    use std::os::unix::ffi::OsStrExt;
    let lab = Lab::new();
    for (at, name) in [
        &b"caf\xe9.env"[..],
        b"new\nline.env",
        b"back\\slash.env",
        b"sp ace.env",
        b"esc\x1b[31m.env",
    ]
    .iter()
    .enumerate()
    {
        std::fs::write(
            lab.root().join(std::ffi::OsStr::from_bytes(name)),
            format!("N={at}\n"),
        )
        .unwrap();
    }
    let shown = [
        "back\\\\slash.env",
        "caf\\xe9.env",
        "esc\\u{1b}[31m.env",
        "new\\u{a}line.env",
        "sp ace.env",
    ];
    let untracked = lab.worktree();
    assert_eq!(listed(&untracked), shown.map(|path| format!("?{path}")));
    lab.commit_all();
    for opened in [lab.worktree(), lab.index(), lab.revision("HEAD").unwrap()] {
        assert_eq!(listed(&opened), shown);
        for (path, at) in shown.iter().zip([2, 0, 4, 1, 3]) {
            assert_eq!(text(&opened, path), format!("N={at}\n"));
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let lab = Lab::new();
    lab.write(".gitignore", "*7/\n.env.3\n");
    for folder in 0..60 {
        for file in 0..5 {
            lab.write(&format!("d{}/e{folder}/.env.{file}", folder % 9), "A=1\n");
        }
    }
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| listed(&lab.worktree()))
    };
    let one = with(1);
    assert!(one.len() > 200 && one.iter().any(|path| path.starts_with('!')));
    assert_eq!(one, with(2));
    assert_eq!(one, with(8));
    lab.git(&["add", "-A"]);
    assert_eq!(with(1), with(8));
}
