//! Every limit says so where it is met: a finding, a line of what was skipped, or a mistake with its place.

use super::Ground;

/// What `check` says, all of it, and how it ended.
fn told(files: &[(&str, String)]) -> (String, Option<i32>) {
    let ground = Ground::new();
    for (path, text) in files {
        ground.write(path, text);
    }
    let told = ground.envguard("check --format short");
    (told.everything(), told.code)
}

fn assert_told(path: &str, text: String, part: &str) {
    let (all, _) = told(&[(path, text), (".env", "A=1\n".to_owned())]);
    assert!(
        all.contains(part) && all.contains(path),
        "`{part}` is not told: {}",
        cut(&all)
    );
}

fn cut(text: &str) -> String {
    text.chars().take(2000).collect()
}

#[test]
fn sizes_depths_and_aliases_are_told() {
    assert_told(
        "compose.yml",
        "services: ".to_owned() + &"[".repeat(5000),
        "nested too deeply",
    );
    assert_told("appsettings.json", "[".repeat(5000), "nested too deeply");
    assert_told(
        "fly.toml",
        "app = \"a\"\n[env]\na = ".to_owned() + &"[".repeat(5000),
        "nested too deeply",
    );
    let line = |at: u8| {
        let (name, of) = (char::from(b'b' + at), char::from(b'a' + at));
        format!(
            "x-{name}: &{name} [*{of}, *{of}, *{of}, *{of}, *{of}, *{of}, *{of}, *{of}, *{of}]\n"
        )
    };
    let bomb: String = (0..9).map(line).collect();
    let bomb = bomb + "services: {web: {image: 'a:1'}}\n";
    assert_told(
        "compose.yml",
        "x-a: &a [1, 1, 1]\n".to_owned() + &bomb,
        "expand to too much",
    );
}

#[test]
fn a_file_that_is_too_large_is_listed() {
    let ground = Ground::new();
    ground
        .write("big.env", "A=1\n".repeat(300_000))
        .write(".env", "A=1\n");
    let told = ground.envguard("check");
    assert!(
        told.out.contains("skipped: big.env: too large"),
        "{}",
        told.out
    );
}

#[test]
fn includes_and_patterns_are_bounded() {
    let ground = Ground::new();
    for at in 0..60 {
        let next = at + 1;
        let text =
            format!("include: [compose.c{next}.yml]\nservices: {{s{at}: {{image: 'a:1'}}}}\n");
        ground.write(&format!("compose.c{at}.yml"), text);
    }
    ground.write("compose.c60.yml", "services: {last: {image: 'a:1'}}\n");
    let told = ground.envguard("check --format short");
    let deep = "includes are nested too deeply to follow";
    assert!(told.out.contains(deep), "{}", cut(&told.everything()));

    let policy = "id: a-b\ntitle: t\nwhy: w\nseverity: low\nfor: var\nwhere: {name: {regex: '(a{1000}){1000}'}}\nmust: {sensitive: true}\n";
    let own = ".envguard.yml";
    let (all, code) = told_of_policy(policy, own);
    assert!(
        code == Some(2) && all.contains("half a megabyte"),
        "{}",
        cut(&all)
    );
}

fn told_of_policy(policy: &str, own: &str) -> (String, Option<i32>) {
    told(&[
        (own, "policies: {files: [p.yml]}\n".to_owned()),
        ("p.yml", policy.to_owned()),
        (".env", "A=1\n".to_owned()),
    ])
}

#[test]
fn thousands_of_mistakes_are_counted_and_a_hundred_shown() {
    let wrong = |at| format!("  e{at}: {{wrong: 1}}\n");
    let wrong = (0..3000).map(wrong).collect::<Vec<_>>().concat();
    let (all, code) = told(&[(".envguard.yml", "environments:\n".to_owned() + &wrong)]);
    assert_eq!(code, Some(2));
    assert!(
        all.contains("more\n") && all.contains(" mistakes"),
        "{}",
        cut(&all)
    );
    assert!(all.len() < 100_000, "{} bytes", all.len());
    let long = format!("fail-on: {}\n", "x".repeat(1_000_000));
    let (all, code) = told(&[(".envguard.yml", long)]);
    assert_eq!(code, Some(2));
    assert!(all.len() < 10_000, "{} bytes", all.len());
}

#[test]
fn hundreds_of_findings_are_all_told() {
    let ground = Ground::new();
    let broken = |at| format!("broken line {at}\n");
    let broken = (0..600).map(broken).collect::<Vec<_>>().concat();
    ground.write(".env", broken);
    let json = ground.envguard("check --format json").json();
    assert_eq!(json["findings"].as_array().unwrap().len(), 600);
    let log = ground.envguard("check --format github").out;
    let is_annotation = |line: &&str| line.starts_with("::error") || line.starts_with("::warning");
    assert!(
        log.lines().filter(is_annotation).count() <= 20,
        "{}",
        cut(&log)
    );
    let lines = log.lines().count();
    assert!(lines >= 600, "the rest is in the log: {}", cut(&log));
}
