//! What a change may say about its own check, where the check trusts another revision: nothing that silences it unseen.

use super::Ground;

const CHECK: &str = "check --format short --policy prod-debug-on --config-from main";

/// `main` has rules; the change leaks, and brings what is given.
fn change(files: &[(&str, &str)]) -> Ground {
    let ground = Ground::with_git();
    ground.write("a/.env.production", "A=1\n").commit_all();
    ground.git(&["checkout", "-q", "-b", "change"]);
    ground.write(".env.production", "DEBUG=true\n");
    for (path, text) in files {
        ground.write(path, text);
    }
    ground.commit_all();
    ground
}

#[test]
fn a_change_cannot_switch_its_own_check_off() {
    let baseline =
        "{\"version\":1}\n{\"id\":\"prod-debug-on:var:name=DEBUG@production\",\"count\":9}\n";
    let tricks: [&[(&str, &str)]; 9] = [
        &[],
        &[(".envguard.yml", "policies: {disable: [prod-debug-on]}\n")],
        &[(".envguard.yml", "exclude: ['**']\n")],
        &[(".envguard.yml", "fail-on: never\nmax-file-size: 1\n")],
        &[(
            ".envguard.yml",
            "allow: [{policy: prod-debug-on, because: it is fine}]\n",
        )],
        &[(
            ".envguard.yml",
            "environments: {production: {files: [x]}}\n",
        )],
        &[(".envguard.yml", "this is: [no configuration\n")],
        &[(".envguard-baseline.jsonl", baseline)],
        &[(".envguardignore", "*\n"), ("a/.envguardignore", "*\n")],
    ];
    for trick in tricks {
        let ground = change(trick);
        for command in [
            CHECK.to_owned(),
            format!("{CHECK} --rev HEAD"),
            format!("{CHECK} --since main"),
        ] {
            let told = ground.envguard(&command);
            assert_eq!(
                told.code,
                Some(1),
                "{command} {trick:?}: {}",
                told.everything()
            );
            assert!(
                told.out.contains(".env.production:1:7"),
                "{}",
                told.everything()
            );
        }
    }
}

/// Rules that are there already hold, also those about files.
#[test]
fn the_trusted_revision_says_what_is_left_alone() {
    let ground = Ground::with_git();
    ground
        .write(".envguardignore", "old/\n")
        .write("old/.env.production", "DEBUG=true\n")
        .commit_all();
    ground.git(&["checkout", "-q", "-b", "change"]);
    std::fs::remove_file(ground.at(".envguardignore")).unwrap();
    ground.write(".env.production", "A=1\n").commit_all();
    for command in [CHECK.to_owned(), format!("{CHECK} --rev HEAD")] {
        let told = ground.envguard(&command);
        assert_eq!(told.code, Some(0), "{}", told.everything());
    }
}

/// A comment stands in the change, where whoever reviews it sees it, and in the report.
#[test]
fn an_exception_in_a_comment_is_seen() {
    let comment = "DEBUG=true # envguard: allow prod-debug-on -- for the demo\n";
    let ground = change(&[(".env.production", comment)]);
    let told = ground.envguard(&format!("{CHECK} --show-allowed"));
    assert_eq!(told.code, Some(0), "{}", told.everything());
    assert!(told.out.contains("(allowed)"), "{}", told.out);
    let json = ground.envguard("check --format json --config-from main --show-allowed");
    assert!(json.out.contains("for the demo"), "{}", json.out);
}
