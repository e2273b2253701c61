use crate::model::{Env, EnvSet, Environments, Fact, Layer, Severity, Str};
use crate::policy::testing::{
    dotenv, environment_of, image_of, policies, policy, run, the_repo, told, wrapped,
};
use crate::policy::{Input, Settings, State, evaluate};

fn three(text: &str) -> Vec<Fact> {
    [
        (".env.production", Env::PRODUCTION),
        (".env.staging", Env::STAGING),
        (".env.development", Env::DEVELOPMENT),
    ]
    .into_iter()
    .flat_map(|(path, env)| dotenv(path, Some(env), text))
    .collect()
}

#[test]
fn must_not_and_if_absent() {
    let on = policy(
        "for: var\nwhere: {name: DEBUG, env: production}\nmust_not: {truthy: true}\nmessage: \"{name}={value} in {env}\"",
    );
    assert_eq!(
        told(&on, &three("DEBUG=true\n")),
        [".env.production@6 medium DEBUG=true in production"]
    );
    assert!(told(&on, &three("DEBUG=maybe\n")).is_empty());
    let must = |absent: &str| {
        policy(&format!(
            "for: var\nwhere: {{name: DEBUG, env: production}}\nmust: {{truthy: false}}\nif_absent: {absent}"
        ))
    };
    assert_eq!(told(&must("fail"), &three("DEBUG=maybe\n")).len(), 1);
    assert!(told(&must("pass"), &three("DEBUG=maybe\n")).is_empty());
    assert_eq!(told(&must("pass"), &three("DEBUG=true\n")).len(), 1);
}

#[test]
fn absence_keeps_its_meaning_under_not() {
    let images = |tag: Option<&str>| vec![image_of("compose.yml", Env::PRODUCTION, tag)];
    let rule = |absent: &str| {
        policy(&format!(
            "for: image\nmust: {{not: {{tag: latest}}}}\nif_absent: {absent}"
        ))
    };
    assert!(told(&rule("pass"), &images(None)).is_empty());
    assert_eq!(told(&rule("fail"), &images(None)).len(), 1);
    assert_eq!(told(&rule("pass"), &images(Some("latest"))).len(), 1);
    assert!(told(&rule("fail"), &images(Some("1"))).is_empty());
}

#[test]
fn an_unassigned_file_has_no_environment() {
    let facts = dotenv(".env", Some(Env::UNASSIGNED), "A=1\n");
    let count = |test: &str| {
        told(
            &policy(&format!(
                "for: var\nwhere: {{name: A}}\nmust_not: {{env: {test}}}"
            )),
            &facts,
        )
        .len()
    };
    assert_eq!(count("{present: true}"), 0);
    assert_eq!(count("{present: false}"), 1);
    assert_eq!(count("production"), 0);
    assert_eq!(count("deployed"), 0);
    assert_eq!(count("unassigned"), 1);
}

const SHARED: &str = "severity: high\nfor: var\nwhere: {sensitive: true}\ndiffer: {by: name, across: env, value: value, may_share: [[local, development]]}\nmessage: \"{name} is shared by {envs} ({places})\"";

#[test]
fn a_shared_value_is_one_finding_at_the_most_exposed_place() {
    let shared = policy(SHARED);
    let mut facts = three("KEY=abc\nLOG=x\n");
    let expected = [
        ".env.production@4 high KEY is shared by production, staging, development (.env.staging, .env.development)",
    ];
    assert_eq!(told(&shared, &facts), expected);
    facts.reverse();
    assert_eq!(told(&shared, &facts), expected);
    let finding = &run(&[shared], &facts).findings[0];
    assert_eq!(
        finding
            .subject
            .iter()
            .map(AsRef::as_ref)
            .collect::<Vec<&str>>(),
        ["var", "name=KEY"]
    );
    assert_eq!(
        finding.envs,
        EnvSet::of([Env::PRODUCTION, Env::STAGING, Env::DEVELOPMENT])
    );
    assert_eq!(finding.primary.label, "production");
    assert_eq!(finding.value_kind, Some("text"));
    assert!(!finding.message.contains("abc"));
}

#[test]
fn environments_that_may_share_do() {
    let shared = policy(SHARED);
    let pair = |a: (&str, Env), b: (&str, Env)| {
        let mut facts = dotenv(a.0, Some(a.1), "KEY=abc\n");
        facts.extend(dotenv(b.0, Some(b.1), "KEY=abc\n"));
        told(&shared, &facts)
    };
    let local = (".env.local", Env::LOCAL);
    let plain = (".env", Env::UNASSIGNED);
    assert!(pair(local, (".env.development", Env::DEVELOPMENT)).is_empty());
    assert_eq!(pair(local, (".env.production", Env::PRODUCTION)).len(), 1);
    // Nobody knows what a plain file runs: said, one step milder.
    assert!(pair(plain, (".env.production", Env::PRODUCTION))[0].contains(" medium "));
}

#[test]
fn a_base_value_in_three_stacks_is_one_finding() {
    let rule = policy("for: var\nwhere: {env: deployed}\nmust_not: {truthy: true}");
    let mut facts = dotenv("compose.yml", Some(Env::STAGING), "DEBUG=true\n");
    let mut production = facts[0].clone();
    production.env = Some(Env::PRODUCTION);
    production.layer = Layer::Effective;
    facts.push(production);
    let found = run(&[rule], &facts).findings;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "production, staging");
    assert_eq!(found[0].facts.len(), 2);
}

#[test]
fn only_what_holds_is_read_unless_the_policy_asks() {
    let mut facts = dotenv("compose.yml", Some(Env::PRODUCTION), "DEBUG=true\n");
    facts[0].layer = Layer::Written;
    let count = |select: &str| {
        told(
            &policy(&format!("for: var\n{select}must_not: {{truthy: true}}")),
            &facts,
        )
        .len()
    };
    assert_eq!(count(""), 0);
    assert_eq!(count("where: {layer: written}\n"), 1);
    assert_eq!(
        count("where: {any: [{layer: effective}, {layer: written}]}\n"),
        1
    );
}

#[test]
fn agreement_and_parity() {
    let mut facts = dotenv(".env.production", Some(Env::PRODUCTION), "TAG=2\nA=\n");
    facts.extend(dotenv(".env.staging", Some(Env::STAGING), "TAG=1\nB=\n"));
    let agree = policy(
        "for: var\nwhere: {name: TAG}\nagree: {by: name, across: env, value: value}\nmessage: \"{name}: {values} in {envs}; {sides}\"",
    );
    assert_eq!(
        told(&agree, &facts),
        [
            ".env.production@4 medium TAG: 1, 2 in production, staging; 2 in production, 1 in staging"
        ]
    );
    let parity = policy(
        "for: var\nparity: {by: dir, across: file, value: name}\nmessage: \"{here} lacks {missing}\"",
    );
    assert_eq!(
        told(&parity, &facts),
        [
            ".env.production@4 medium .env.production lacks B",
            ".env.staging@4 medium .env.staging lacks A"
        ]
    );
    let base = policy(
        "for: var\nparity: {across: file, value: name, base: {env: staging}}\nmessage: \"{here} lacks {missing}\"",
    );
    assert_eq!(
        told(&base, &facts),
        [".env.production@4 medium .env.production lacks B (and adds A)"]
    );
}

#[test]
fn every_item_needs_a_partner_of_its_environment() {
    let rule = policy(
        "params: {required: {type: \"map<env, list<string>>\", default: {deployed: [A], production: [B]}}}
for: environment
exists: {a: var, each: $required, where: {name: \"${each}\", not: {kind: empty}}, same: [env]}
message: \"{env} lacks {each}\"",
    );
    let mut facts = vec![
        environment_of(".env.production", Env::PRODUCTION),
        environment_of(".env.staging", Env::STAGING),
        environment_of(".env.development", Env::DEVELOPMENT),
    ];
    facts.extend(dotenv(
        ".env.production",
        Some(Env::PRODUCTION),
        "A=1\nB=\n",
    ));
    assert_eq!(
        told(&rule, &facts),
        [
            ".env.production@0 medium production lacks B",
            ".env.staging@0 medium staging lacks A"
        ]
    );
}

#[test]
fn a_partner_that_must_not_be() {
    let rule = policy(
        "for: var\nwhere: {env: production}\nnot_exists: {a: var, where: {env: development}, same: [name, value]}\nmessage: \"{name}: also {places}\"",
    );
    let facts = three("A=1\n");
    assert_eq!(
        told(&rule, &facts),
        [".env.production@2 medium A: also .env.development"]
    );
    let own = policy("for: var\nnot_exists: {a: var, same: [file, name]}");
    assert!(
        told(&own, &facts).is_empty(),
        "a fact is not its own partner"
    );
}

#[test]
fn a_list_nobody_filled_makes_a_policy_wait() {
    let body = |test: &str| {
        wrapped(&format!(
            "params: {{names: {{type: list<string>, default: []}}}}\nfor: var\nwhere: {test}\nmust_not: {{truthy: true}}"
        ))
    };
    let all = policies(&[&body("{name: {in: $names}}")], &Settings::new());
    let evaluation = run(&all, &three("A=1\n"));
    assert_eq!(
        (evaluation.stats[0].state, evaluation.findings.len()),
        (State::Dormant, 0)
    );
    let all = policies(&[&body("{not: {name: {in: $names}}}")], &Settings::new());
    assert_eq!(run(&all, &three("A=1\n")).findings.len(), 3);
}

#[test]
fn severity_from_a_table() {
    let rule = policy(
        "severity: {by: env, table: {deployed: medium, production: critical, development: off}, default: low}\nfor: var\nmust_not: {truthy: true}",
    );
    let mut facts = three("A=1\n");
    facts.extend(dotenv(".env", None, "A=1\n"));
    let severities: Vec<Severity> = run(&[rule], &facts)
        .findings
        .iter()
        .map(|one| one.severity)
        .collect();
    assert_eq!(
        severities,
        [Severity::Low, Severity::Critical, Severity::Medium]
    );
}

#[test]
fn of_several_fields_the_first_that_the_table_lists_decides() {
    let rule = policy(
        "severity: {by: [name, env], table: {A: low, production: critical}, default: medium}\nfor: var\nmust_not: {truthy: true}",
    );
    let severities: Vec<Severity> = run(&[rule], &three("A=1\nB=1\n"))
        .findings
        .iter()
        .map(|one| one.severity)
        .collect();
    assert!(!severities.contains(&Severity::High) && severities.contains(&Severity::Low));
}

#[test]
fn a_matrix_speaks_by_row_and_environment() {
    let matrix = policy(
        "matrix:
  environments: [development, staging, production]
  rows:
    - behavior: Debug mode
      for: var
      where: {name: DEBUG}
      cells: {development: allowed, staging: {must: {truthy: false}, if_absent: fail, note: must be off}, production: forbidden}
    - behavior: Admins
      for: var
      where: {name: ADMINS}
      severity: low
      cells: {development: allowed, staging: allowed, production: required}",
    );
    let mut facts = three("DEBUG=true\n");
    facts.push(environment_of(".env.production", Env::PRODUCTION));
    let told: Vec<String> = run(std::slice::from_ref(&matrix), &facts)
        .findings
        .iter()
        .map(|one| {
            format!(
                "{} {} {}",
                one.row.as_deref().unwrap_or_default(),
                one.severity,
                one.message
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "admins@production low Admins: required in production, and there is none",
            "debug-mode@production medium Debug mode (DEBUG): forbidden in production",
            "debug-mode@staging medium Debug mode (DEBUG): must be off in staging",
        ]
    );
}

const ROW: &str = "matrix:
  environments: [development, staging]
  rows:
    - policy: debug
      cells: {development: forbidden, staging: allowed}";

#[test]
fn a_row_that_names_a_policy_decides_where_it_applies() {
    let debug =
        "severity: high\nfor: var\nwhere: {name: DEBUG, env: deployed}\nmust_not: {truthy: true}";
    let debug = wrapped(debug).replace("id: demo", "id: debug");
    let matrix = wrapped(ROW);
    let facts = three("DEBUG=1\n");
    let names = |settings: &Settings| -> Vec<String> {
        let all = policies(&[&debug, &matrix], settings);
        let line = |one: &crate::model::Finding| {
            let row = one.row.as_deref().unwrap_or("-");
            format!("{}/{row} {}", one.policy, one.primary.file.path)
        };
        run(&all, &facts).findings.iter().map(line).collect()
    };
    let mut settings = Settings::new();
    assert_eq!(
        names(&settings),
        [
            "demo/debug@development .env.development",
            "debug/- .env.production"
        ]
    );
    settings.entry(Str::from("demo")).or_default().on = Some(false);
    assert_eq!(
        names(&settings),
        ["debug/- .env.production", "debug/- .env.staging"]
    );
}

#[test]
fn equal_keys_in_one_file_are_numbered() {
    let rule = policy("for: var\nmust_not: {truthy: true}");
    let facts = dotenv("a.env", None, "A=1\nA=1\n");
    let subjects: Vec<Option<Str>> = run(&[rule], &facts)
        .findings
        .iter()
        .map(|one| one.subject.last().cloned())
        .collect();
    assert_eq!(
        subjects,
        [Some(Str::from("origin=value")), Some(Str::from("#2"))]
    );
}

#[test]
fn edits_and_lines_of_places() {
    let rule = policy(
        "edit: {append: .gitignore, text: \"/{file}\"}\nfor: var\nmust_not: {truthy: true}\nmessage: \"at {count}\"",
    );
    let facts = dotenv("a.env", None, "A=1\n");
    let edit = &run(&[rule], &facts).findings[0].edits[0];
    assert_eq!(
        (edit.path.as_ref(), edit.text.as_str(), edit.span),
        (".gitignore", "/a.env\n", None)
    );
    let shared = policy(
        "for: var\ndiffer: {by: name, across: fact, value: value}\nmessage: \"also {places}\"",
    );
    let facts = dotenv("a.env", None, "A=1\nA=1\n");
    let environments = Environments::default();
    let mut input = Input::new(&facts, &environments);
    input.line_of = Some(&|_, span| Some(if span.start > 4 { 2 } else { 1 }));
    assert_eq!(
        evaluate(&[shared], &input).findings[0].message,
        "also a.env:2"
    );
}

#[test]
fn the_repository_lacks_an_environment() {
    let rule = policy(
        "for: repo\nexists: {a: environment, each: [staging, production], where: {env: \"${each}\"}}\nmessage: \"no {each}\"",
    );
    let facts = [the_repo(), environment_of(".env.staging", Env::STAGING)];
    assert_eq!(told(&rule, &facts), [".@0 medium no production"]);
}

#[test]
fn an_expired_policy_is_not_asked() {
    let rule = [policy(
        "expires: 2026-01-31\nfor: var\nmust_not: {truthy: true}",
    )];
    let facts = three("A=1\n");
    let environments = Environments::default();
    let on = |today: &str| {
        let input = Input {
            today: Some(today),
            ..Input::new(&facts, &environments)
        };
        evaluate(&rule, &input).stats[0].state
    };
    assert_eq!(
        (on("2026-01-31"), on("2026-02-01")),
        (State::On, State::Expired)
    );
}
