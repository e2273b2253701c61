use crate::model::Environments;
use crate::policy::testing::rendered;
use crate::policy::{Catalogue, Settings, Source};

/// Codes of everything that is wrong with a text.
fn codes(text: &str) -> Vec<&'static str> {
    let mut catalogue = Catalogue::default();
    catalogue.add(&Source::new("p.yml", text));
    let compiled = catalogue.compile(&Environments::default(), &Settings::new());
    let found = compiled.err().unwrap_or_default();
    assert!(rendered(&found).len() < 200_000);
    found.iter().map(|one| one.code).collect()
}

const HEAD: &str = "id: a\ntitle: t\nwhy: w\nmessage: m\nexamples: [{bad: b, files: {a: b}}, {good: g, files: {a: b}}]\n";

#[test]
fn one_policy_or_a_list_with_or_without_a_version() {
    let one = format!("{HEAD}for: var\nmust_not: {{truthy: true}}\n");
    let listed = format!(
        "version: 1\nrequires: \">=0.1\"\npolicies:\n  - {}",
        one.trim_end().replace('\n', "\n    ")
    );
    for text in [&one, &format!("version: 1\n{one}"), &listed] {
        assert_eq!(codes(text), [""; 0], "{text}");
    }
    assert_eq!(codes(&listed.replace("version: 1", "version: 2")), ["P005"]);
    assert_eq!(codes(&listed.replace(">=0.1", ">=99")), ["P005"]);
    assert_eq!(codes(&format!("{one}---\n{one}")), ["P001"]);
    assert_eq!(codes("policies: {a: b}"), ["P005"]);
    assert_eq!(codes("- a"), ["P005"]);
}

#[test]
#[allow(clippy::too_many_lines, reason = "one table")]
fn hostile_files_are_refused_in_good_time() {
    let one = format!("{HEAD}for: var\n");
    let deep = format!(
        "{one}where: {}name: A{}\nmust_not: {{truthy: true}}\n",
        "{not: {".repeat(300),
        "}}".repeat(300)
    );
    assert_eq!(codes(&deep), ["P001"]);
    assert_eq!(codes(&"#".repeat((1 << 20) + 1)), ["P001"]);
    let keys: String = (0..50_000)
        .map(|at| format!("k{at}: 1\n"))
        .collect::<Vec<_>>()
        .concat();
    assert!(codes(&format!("{one}{keys}")).len() <= 200);
    let regexes = "\"\\\\w{50}x\", ".repeat(2_000);
    assert!(
        codes(&format!(
            "{one}where: {{name: {{regex: [{regexes}]}}}}\nmust_not: {{truthy: true}}\n"
        ))
        .contains(&"P007")
    );
    let laughs = "a0: &a0 [x, x]\n".to_owned()
        + &(1..40)
            .map(|at| format!("a{at}: &a{at} [*a{0}, *a{0}]\n", at - 1))
            .collect::<Vec<_>>()
            .concat();
    assert!(codes(&laughs).contains(&"P001"));
    let items: String = "X, ".repeat(1_000);
    let long = format!("{{name: [\"${{each}}\", {}]}}", "A, ".repeat(2_000));
    assert!(
        codes(&format!(
            "{one}exists: {{a: var, each: [{items}], where: {long}}}\n"
        ))
        .contains(&"P005")
    );
    let columns: String = "production, ".repeat(100);
    assert_eq!(
        codes(
            &format!("{HEAD}matrix: {{environments: [{columns}], rows: []}}\n")
                .replace("message: m\n", "")
        ),
        ["P001"]
    );
}

#[test]
fn anything_at_all_is_an_error_and_never_a_crash() {
    let text = include_str!("../../../tests/policy_errors/23-many-mistakes.yml");
    for (at, _) in text.char_indices().step_by(3) {
        let cut = text.get(..at).unwrap_or_default();
        codes(cut);
        codes(&format!(
            "{cut}\u{0}{}",
            text.get(at + 1..).unwrap_or_default()
        ));
        codes(&format!(
            "{cut}: [{}",
            text.get(at + 1..).unwrap_or_default()
        ));
    }
}
