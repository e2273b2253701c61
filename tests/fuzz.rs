//! Broken input for everything that reads what somebody else wrote: nothing panics, every span fits, line ends change no
//! fact, no report shows a secret, and other programs can read what is written for them.
//!
//! A short run is part of every test. A long one goes on for as long as it is asked to and keeps what it finds in
//! `target/fuzz`; an input that was mended stays in `tests/fuzz/found`, called after its target.
//!
//! ```text
//! ENVGUARD_FUZZ_SECONDS=600 cargo test --test fuzz -- --ignored --nocapture
//! ENVGUARD_FUZZ_TARGET=compose ENVGUARD_FUZZ_SEED=7 … # only targets of that name, other inputs
//! ```

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

#[path = "fuzz/corpus.rs"]
mod corpus;
#[path = "fuzz/growth.rs"]
mod growth;
#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/oracle.rs"]
mod oracle;
#[path = "fuzz/shrink.rs"]
mod shrink;
#[path = "fuzz/targets.rs"]
mod targets;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mutate::Dice;
use shrink::{failure, shrunk};
use targets::Target;

/// Inputs of a target in the short run; the whole pipeline takes a hundred times as long as one format.
const FEW: [usize; 2] = [120, 6];

/// How long a long run stays with one target.
const TURN: Duration = Duration::from_secs(3);

#[test]
fn nothing_breaks_on_broken_input() {
    let corpus = corpus::corpus();
    for (number, target) in targets::all(&corpus).iter().enumerate() {
        let rounds = FEW[usize::from(is_slow(target))];
        for round in 0..rounds {
            let input = input(target, &corpus, number as u64, round as u64);
            if let Some(why) = failure(target, &input) {
                let input = shrunk(target, input, &why);
                panic!(
                    "{}: {why}\n{:?}",
                    target.name,
                    String::from_utf8_lossy(&input)
                );
            }
        }
    }
}

/// Every input that once broke something.
#[test]
fn what_was_found_stays_mended() {
    let targets = targets::all(&corpus::corpus());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let of =
            |target: &&Target| name.starts_with(&format!("{}--", target.name.replace('/', "-")));
        let target = targets
            .iter()
            .find(of)
            .unwrap_or_else(|| panic!("no target for {name}"));
        let why = failure(target, &fs::read(&path).unwrap());
        assert!(why.is_none(), "{name}: {}", why.unwrap());
    }
}

#[test]
#[ignore = "runs for as long as it is asked to"]
fn for_long() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let seconds = number("ENVGUARD_FUZZ_SECONDS").unwrap_or(60);
    let seed = number("ENVGUARD_FUZZ_SEED").unwrap_or(1);
    let only = std::env::var("ENVGUARD_FUZZ_TARGET").unwrap_or_default();
    let corpus = corpus::corpus();
    let mut targets = targets::all(&corpus);
    targets.retain(|target| target.name.contains(&only));
    // Seconds of this thread, not of the clock: a machine that is busy with other things attacks less.
    let (started, mut broken) = (growth::busy(), 0);
    for turn in 0.. {
        for (at, target) in targets.iter().enumerate() {
            if growth::busy().saturating_sub(started).as_secs() >= seconds {
                assert_eq!(broken, 0, "see target/fuzz");
                return;
            }
            let seed = (seed * 1000 + turn) * 100 + at as u64;
            let told = attacked(target, &corpus, seed, TURN);
            println!("{}", told.line);
            broken += told.failures;
        }
    }
}

struct Told {
    line: String,
    failures: usize,
}

/// Where long runs keep what they find.
fn kept(name: &str, what: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
    fs::create_dir_all(&folder).unwrap();
    folder.join(format!("{}--{what}", name.replace('/', "-")))
}

/// Attacks one target for some time; each way to fail is kept once.
fn attacked(target: &Target, corpus: &corpus::Corpus, seed: u64, time: Duration) -> Told {
    let running = kept(&target.name, &format!("{seed}-running"));
    let mut failures: BTreeMap<String, usize> = BTreeMap::new();
    let busy = growth::busy();
    let (mut rounds, mut slowest) = (0, Duration::ZERO);
    while growth::busy().saturating_sub(busy) < time {
        let input = input(target, corpus, seed, rounds);
        // What overflows the stack ends the process, and has to be found again.
        fs::write(&running, &input).unwrap();
        let begun = growth::busy();
        let why = failure(target, &input);
        let taken = growth::busy().saturating_sub(begun);
        if taken > slowest {
            slowest = taken;
            fs::write(kept(&target.name, &format!("{seed}-slowest")), &input).unwrap();
        }
        if let Some(why) = why {
            let kind: String = why.chars().take(60).collect();
            let number = failures.len();
            let count = failures.entry(kind).or_default();
            *count += 1;
            if *count == 1 {
                println!("{}: {why}", target.name);
                let input = shrunk(target, input, &why);
                fs::write(kept(&target.name, &format!("{seed}-{number}")), input).unwrap();
            }
        }
        rounds += 1;
    }
    fs::remove_file(&running).unwrap();
    let line = format!(
        "{}: {rounds} inputs, {} ms, slowest {} ms, {} failures of {} kinds",
        target.name,
        growth::busy().saturating_sub(busy).as_millis(),
        slowest.as_millis(),
        failures.values().sum::<usize>(),
        failures.len()
    );
    let failures = failures.len();
    Told { line, failures }
}

/// The same for the same seed and round, everywhere.
fn input(target: &Target, corpus: &corpus::Corpus, seed: u64, round: u64) -> Vec<u8> {
    let mut dice = Dice::new((seed << 40) | (round + 1));
    let start = dice.of(&target.seeds).clone();
    if target.raw {
        let mut bytes = start;
        dice.bytes(&mut bytes);
        return bytes;
    }
    let (_, other) = dice.of(&corpus.files);
    let start = String::from_utf8_lossy(&start).into_owned();
    dice.mutated(&start, other, &targets::secret()).into_bytes()
}

/// Goes the whole way, which takes a hundred times as long as reading one file.
fn is_slow(target: &Target) -> bool {
    !target.name.contains('/')
        && !matches!(
            target.name.as_str(),
            "syntax" | "interpolation" | "policy" | "configuration"
        )
}

#[test]
#[ignore = "looks for texts that take too long, by the clock"]
fn growth_is_linear() {
    let only = std::env::var("ENVGUARD_FUZZ_TARGET").unwrap_or_default();
    let corpus = corpus::corpus();
    let targets = targets::all(&corpus);
    for target in targets
        .iter()
        .filter(|target| target.name.contains(&only) && !is_slow(target))
    {
        for shape in growth::shapes(target, &corpus, 20) {
            if let Some((time, ratio)) = growth::ratio(target, &shape, 8000)
                && ratio > 7.0
            {
                println!(
                    "{}: {ratio:.1} × in {} ms for {shape:?}",
                    target.name,
                    time.as_millis()
                );
            }
        }
    }
}
