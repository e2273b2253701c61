//! What the policy engine costs: loading the policies that ship, compiling them, and asking every rule about every fact.
//! `cargo bench --profile quick --bench policies`; a benchmark measures and asserts nothing.

#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    reason = "a benchmark may fail loudly"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use envguard::config::date::Date;
use envguard::model::{Environments, Str};
use envguard::pipeline::{ConfigFrom, From, Request, evaluate, understand};
use envguard::policy::{Catalogue, Policy, Settings};

fn main() {
    let environments = Environments::default();
    let load = median(200, || drop(black_box(Catalogue::shipped_rules())));
    let catalogue = Catalogue::shipped_rules();
    let compile = median(200, || drop(black_box(compiled(&catalogue, &environments))));
    let mut policies = compiled(&catalogue, &environments);
    println!(
        "{} policies: load {:.2} ms, compile {:.2} ms",
        policies.len(),
        load.as_secs_f64() * 1e3,
        compile.as_secs_f64() * 1e3
    );
    policies.retain(|policy| policy.on);
    let rules: usize = policies.iter().map(|policy| policy.rules.len()).sum();
    println!(
        "{:>9} {:>6} {:>12} {:>20}",
        "facts", "rules", "evaluate", "per rule and fact"
    );
    for variables in [10, 100, 1_000, 5_000] {
        let understood = understand(&request(variables)).expect("a tree in memory");
        let facts = understood.resolved.facts.len();
        let time = median(20, || drop(black_box(evaluate(&understood, &policies))));
        let each = time.as_nanos() as f64 / (facts * rules) as f64;
        let milliseconds = time.as_secs_f64() * 1e3;
        println!("{facts:>9} {rules:>6} {milliseconds:>9.2} ms {each:>17.1} ns");
    }
}

fn compiled(catalogue: &Catalogue, environments: &Environments) -> Vec<Policy> {
    let compiled = catalogue.compile(environments, &Settings::new());
    compiled.unwrap_or_default()
}

/// Eight env files with as many variables each, a third of them equal.
fn request(variables: usize) -> Request {
    let names = [
        "local",
        "development",
        "test",
        "staging",
        "demo",
        "uat",
        "preprod",
        "production",
    ];
    let file = |env: &&str| {
        let mut text = format!("APP_ENV={env}\n");
        for at in 0..variables {
            let value = if at % 3 == 0 { "same" } else { *env };
            let _ = writeln!(text, "SETTING_{at}_TOKEN=k{at}-{value}-Qz7pLw");
        }
        (Str::from(format!(".env.{env}")), Str::from(text))
    };
    Request {
        from: From::Texts {
            files: names.iter().map(file).collect(),
            untracked: Vec::new(),
            earlier: Vec::new(),
        },
        config: ConfigFrom::None,
        exclude: Vec::new(),
        include_ignored: true,
        today: Date::of_unix(0),
        history: false,
    }
}

fn median(times: usize, mut run: impl FnMut()) -> Duration {
    let mut all: Vec<Duration> = (0..times)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    all.sort_unstable();
    all[times / 2]
}
