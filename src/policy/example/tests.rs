use crate::policy::testing::{rendered, tried};

const HEAD: &str = "id: demo\ntitle: t\nwhy: w\nfor: var\n";

/// Title and label of everything that is wrong.
fn found(rest: &str) -> Vec<String> {
    let tested = tried(&format!("{HEAD}{rest}"));
    let line = |one: &crate::policy::Diagnostic| format!("{} {}", one.code, one.title);
    tested.found.iter().map(line).collect()
}

const DEBUG: &str =
    "where: {name: DEBUG, env: production}\nmust_not: {truthy: true}\nmessage: \"{name}\"\n";

#[test]
fn a_policy_that_works_has_nothing_to_say() {
    let text = format!(
        "{DEBUG}examples:
  - bad: on
    files: {{.env.production: \"A=1\\nDEBUG=true\\n\"}}
    expect: [\".env.production:2\"]
  - good: off
    files: {{.env.production: \"DEBUG=false\\nB=true\\n\", .env.development: \"DEBUG=true\\n\"}}
"
    );
    assert_eq!(found(&text), Vec::<String>::new());
    let tested = tried(&format!("{HEAD}{text}"));
    assert!(tested.examples.iter().all(|example| example.passed));
    assert_eq!(tested.examples[0].findings[0].message, "DEBUG");
}

#[test]
fn places_are_exact_and_counted() {
    let text = format!(
        "{DEBUG}examples:
  - bad: on
    files: {{.env.production: \"DEBUG=1\\nDEBUG=1\\n\"}}
    expect: [\".env.production:1\", \".env.production:1\"]
  - good: off
    files: {{.env.production: \"DEBUG=0\\n\"}}
"
    );
    let tested = tried(&format!("{HEAD}{text}"));
    let problem = tested.found.iter().find(|one| one.code == "P015");
    let problem = problem.unwrap();
    assert_eq!(
        problem.label,
        "expected .env.production:1, found .env.production:2"
    );
    assert_eq!(
        problem.notes[0],
        "expected but not found: .env.production:1"
    );
    assert_eq!(
        problem.notes.last().unwrap(),
        "found but not expected: .env.production:2"
    );
}

#[test]
fn a_good_example_must_show_something_and_stay_clean() {
    let text = |good: &str| {
        format!(
            "{DEBUG}examples:\n  - bad: on\n    files: {{.env.production: \"DEBUG=1\\n\"}}\n  - good: g\n    files: {{{good}}}\n"
        )
    };
    let said = found(&text(".env.production: \"X=1\\n\""));
    assert!(said.iter().any(|one| one.starts_with("P016")), "{said:?}");
    let said = found(&text(".env.production: \"DEBUG=1\\n\""));
    assert!(
        said.iter()
            .any(|one| one.starts_with("P015 good example of `demo` has 1 finding")),
        "{said:?}"
    );
    let compares = "differ: {by: name, across: env, value: value}\nmessage: m\nexamples:
  - bad: b
    files: {.env.production: \"A=x\\n\", .env.staging: \"A=x\\n\"}
  - good: g
    files: {.env.production: \"A=x\\n\"}\n";
    assert_eq!(
        found(compares),
        [
            "P017 no example of `demo` depends on `name` being the same",
            "P016 good example of `demo` proves nothing: it selects 1 fact(s)",
        ]
    );
}

#[test]
fn the_funnel_says_where_facts_were_lost() {
    let text =
        "where: {name: DBEUG, env: production}\nmust_not: {truthy: true}\nmessage: m\nexamples:
  - bad: b
    files: {.env.production: \"DEBUG=true\\n\"}
  - good: g
    files: {.env.production: \"DEBUG=false\\n\"}\n";
    let tested = tried(&format!("{HEAD}{text}"));
    let shown = rendered(&tested.found);
    assert!(
        shown.contains("= 1 var; `name: DBEUG` leaves 0; `name` was: DEBUG"),
        "{shown}"
    );
    assert!(shown.contains("= facts seen: 1 repo, 1 var"), "{shown}");
    let codes: Vec<&str> = tested.found.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["P017", "P015", "P016"]);
}

#[test]
fn conditions_nobody_needs_are_told_nested_ones_too() {
    let text = "where: {any: [{name: A, env: production}, {name: B}], not: {kind: empty}}\nmust_not: {truthy: true}\nmessage: m\nexamples:
  - bad: b
    files: {.env.production: \"A=1\\n\"}
  - good: g
    files: {.env.production: \"A=0\\nC=1\\n\"}\n";
    assert_eq!(
        found(text),
        [
            "P017 no example of `demo` depends on `env: production`",
            "P017 no example of `demo` depends on this alternative",
            "P017 no example of `demo` depends on `not: {kind: empty}`",
        ]
    );
}

#[test]
fn fields_in_common_and_rows_nobody_needs_are_told() {
    let text =
        "where: {name: A}\nexists: {a: var, where: {name: B}, same: [env]}\nmessage: m\nexamples:
  - bad: b
    files: {.env.production: \"A=1\\n\"}
  - good: g
    files: {.env.production: \"A=1\\nB=1\\n\"}\n";
    let said = found(text);
    assert!(
        said.contains(&"P017 no example of `demo` depends on `env` being the same".to_owned()),
        "{said:?}"
    );
    let text = "id: demo\ntitle: t\nwhy: w\nmatrix:
  environments: [production]
  rows:
    - behavior: Debug
      for: var
      where: {name: DEBUG}
      cells: {production: {must: {truthy: false}, if_absent: pass}}
    - behavior: Echo
      for: var
      where: {name: ECHO}
      cells: {production: {must: {truthy: false}, if_absent: pass}}
examples:
  - bad: b
    files: {.env.production: \"DEBUG=1\\n\"}
  - good: g
    files: {.env.production: \"DEBUG=0\\nECHO=0\\nX=1\\n\"}\n";
    let titles: Vec<String> = tried(text).found.into_iter().map(|one| one.title).collect();
    assert_eq!(titles, ["no example of `demo` depends on this row"]);
}

#[test]
fn parameters_and_made_up_keys_of_an_example() {
    let text = |key: &str| {
        format!("params: {{names: {{type: list<string>, default: []}}}}\nwhere: {{name: {{in: $names}}}}\nmust: {{kind: bool}}\nmessage: m\nexamples:
  - bad: b
    params: {{names: [A]}}
    files: {{a.env: \"A={key}\\n\"}}
  - good: g
    params: {{names: [A]}}
    files: {{a.env: \"A=1\\nB=x\\n\"}}\n")
    };
    assert_eq!(found(&text("${fake.stripe_live}")), Vec::<String>::new());
    assert_eq!(
        found(&text("${fake.strip}")),
        ["P006 `${fake.strip}` in a.env is no made-up key"]
    );
    let wrong = text("x").replace(
        "params: {names: [A]}\n    files: {a.env: \"A=x",
        "params: {nmaes: [A]}\n    files: {a.env: \"A=x",
    );
    assert_eq!(found(&wrong), ["P011 there is no parameter `nmaes`"]);
}

#[test]
fn advice_names_the_kind_of_example_that_would_need_the_condition() {
    let text =
        "where: {role: real}\nmust: {kind: bool, name: {regex: \"^Q\"}}\nmessage: m\nexamples:
  - bad: b
    files: {.env.production: \"A=many\\n\"}
  - good: g
    files: {.env.production: \"Q=1\\n\"}\n";
    let tested = tried(&format!("{HEAD}{text}"));
    let notes: Vec<&str> = tested
        .found
        .iter()
        .map(|one| one.notes[0].as_str())
        .collect();
    assert_eq!(
        notes,
        [
            "add to a good example what only this condition keeps clean",
            "add to a bad example what only this condition catches",
            "add to a bad example what only this condition catches",
        ]
    );
}

#[test]
fn what_absence_means_and_the_only_field_of_by_are_tested_too() {
    let text = "must: {truthy: false}\nif_absent: fail\nmessage: m\nexamples:
  - bad: b
    files: {.env.production: \"A=1\\n\"}
  - good: g
    files: {.env.production: \"A=0\\n\"}\n";
    assert_eq!(
        found(text),
        ["P017 no example of `demo` depends on `if_absent`"]
    );
    let text = "agree: {by: name, across: env, value: value}\nmessage: m\nexamples:
  - bad: b
    files: {.env.production: \"A=1\\n\", .env.staging: \"A=0\\n\"}
  - good: g
    files: {.env.production: \"A=1\\n\", .env.staging: \"A=1\\n\"}\n";
    assert_eq!(
        found(text),
        ["P017 no example of `demo` depends on `name` being the same"]
    );
}

#[test]
fn a_template_that_nobody_filled_in_is_told() {
    let text = format!(
        "{DEBUG}fix: TODO what to do\nexamples:
  - bad: TODO on
    files: {{.env.production: \"A=1\\nDEBUG=true\\n\"}}
  - good: off
    files: {{.env.production: \"DEBUG=false\\nB=true\\n\", .env.development: \"DEBUG=true\\n\"}}
"
    );
    assert_eq!(found(&text), ["P018 `demo` still says TODO: fix, bad"]);
}

#[test]
fn matrix_rows_are_checked_too() {
    let text = "id: demo\ntitle: t\nwhy: w\nmatrix:
  environments: [production]
  rows:
    - behavior: Debug
      for: var
      where: {name: DEBUG, kind: bool}
      cells: {production: {must: {truthy: false}, if_absent: fail}}
examples:
  - bad: b
    files: {.env.production: \"DEBUG=1\\n\"}
  - good: g
    files: {.env.production: \"DEBUG=0\\nX=1\\n\"}\n";
    let tested = tried(text);
    let titles: Vec<&str> = tested.found.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(titles, ["no example of `demo` depends on `kind: bool`"]);
}
