use crate::policy::testing::mistakes;

/// Mistakes of a policy on `var` with this `where`.
fn select(condition: &str) -> Vec<String> {
    mistakes(&format!(
        "for: var\nwhere: {condition}\nmust_not: {{truthy: true}}"
    ))
}

#[test]
fn right_conditions_have_no_mistakes() {
    for condition in [
        "{name: [A, B], env: prod, not: {kind: reference}}",
        "{length: {ge: 3, lt: 10}, sensitive: true}",
        "{value_env: {same_as: env}, service: {present: false}}",
        "{any: [{name: {glob: \"*_URL\"}}, {all: [{value: {empty: true}}]}]}",
        "{name: off, value: 007, env: [deployed, unassigned]}",
        "{value: {is: \"*\"}, name: {regex: 'a.c'}}",
    ] {
        assert_eq!(select(condition), Vec::<String>::new(), "{condition}");
    }
}

#[test]
fn wrong_conditions_say_what_is_wrong() {
    for (condition, said) in [
        ("{nmae: A}", "P003 fact `var` has no field `nmae`"),
        ("{or: [{name: A}]}", "P003 fact `var` has no field `or`"),
        (
            "{any: {name: A}}",
            "P005 `any` takes a list of conditions, this is a map",
        ),
        (
            "[name]",
            "P005 a condition is a map of keys and values, this is a list",
        ),
        ("{name: {}}", "P005 `name` is tested with nothing"),
        ("{name: []}", "P005 an empty list matches nothing"),
        ("{name: {is: [A, B]}}", "P005 `is` takes one value"),
        ("{name: {regex: }}", "P005 `regex` has no value"),
        (
            "{sensitive: yes}",
            "P005 `sensitive` is true or false, never `yes`",
        ),
        (
            "{length: {gt: many}}",
            "P005 `length` is a number, `many` is none",
        ),
        (
            "{name: {same_as: name}}",
            "P005 `name` is always the same as itself",
        ),
        (
            "{name: \"${each}\"}",
            "P011 `${each}` stands for nothing here",
        ),
        (
            "{name: [A, [B]]}",
            "P005 a value is expected here, this is a list",
        ),
        ("{name: {glob: \"a[\"}}", "P007 bad glob"),
        ("{layer: both}", "P006 `layer` can never be `both`"),
    ] {
        assert_eq!(select(condition), [said], "{condition}");
    }
}

#[test]
fn lists_and_joins() {
    let job = |test: &str| mistakes(&format!("for: workflow.job\nmust: {{branches: {test}}}"));
    assert!(job("{includes: [main]}").is_empty());
    assert_eq!(
        job("main"),
        ["P005 `branches` is a list and never equals one text"]
    );
    assert_eq!(
        job("{is: main}"),
        ["P002 `branches` cannot be tested with `is`"]
    );
    let join = |text: &str| mistakes(&format!("for: var\nexists: {text}"));
    assert!(join("{a: file, same: {name: path}}").is_empty());
    assert_eq!(
        join("{a: var, same: {name: env}}"),
        ["P005 `name` is a string, `env` is an environment"]
    );
    assert_eq!(join("{where: {name: A}}"), ["P014 `exists` has no `a`"]);
    assert_eq!(
        join("{a: var, each: []}"),
        ["P005 an empty list matches nothing"]
    );
}

#[test]
fn absence_is_asked_about_once_for_each_field() {
    let must =
        |select: &str, must: &str| mistakes(&format!("for: var\nwhere: {select}\nmust: {must}"));
    assert_eq!(
        must("{name: A}", "{value_env: {same_as: env}}"),
        ["P010 `value_env` may be absent on `var`"]
    );
    assert_eq!(
        must("{value_env: production}", "{value_env: {same_as: env}}"),
        ["P010 `env` may be absent on `var`"]
    );
    for (select, demand) in [
        (
            "{value_env: {present: true}, env: {present: true}}",
            "{value_env: {same_as: env}}",
        ),
        ("{env: staging}", "{value_env: {present: true}}"),
        (
            "{any: [{truthy: true, env: test}, {truthy: false}]}",
            "{truthy: true}",
        ),
    ] {
        assert!(must(select, demand).is_empty(), "{select}");
    }
    assert_eq!(
        mistakes("for: var\nmust: {name: A}\nif_absent: fail"),
        ["P010 `if_absent` decides nothing here"]
    );
}

#[test]
fn parameters_are_typed_and_used() {
    let with = |ty: &str, default: &str, test: &str| {
        mistakes(&format!(
            "params: {{p: {{type: \"{ty}\", default: {default}}}}}\nfor: var\nwhere: {test}\nmust_not: {{truthy: true}}"
        ))
    };
    assert!(with("list<string>", "[A]", "{name: $p}").is_empty());
    assert!(with("int", "3", "{length: {gt: $p}}").is_empty());
    assert!(with("list<env>", "[deployed]", "{env: $p}").is_empty());
    assert!(with("string", "A", "{name: [$p, B]}").is_empty());
    assert_eq!(
        with("int", "many", "{length: $p}"),
        ["P005 `p` is int, `many` is not"]
    );
    assert_eq!(
        with("list<text>", "[A]", "{name: $p}"),
        ["P006 `list<text>` is no type"]
    );
    assert_eq!(
        with("list<string>", "[A]", "{name: A}"),
        ["P011 parameter `p` is never used"]
    );
    assert_eq!(
        with("list<string>", "[\"A*\"]", "{name: $p}"),
        ["P008 `A*` is compared literally"]
    );
    assert_eq!(
        with("list<env>", "[prod, pord]", "{env: $p}"),
        ["P006 `pord` is not an environment, alias or group"]
    );
}
