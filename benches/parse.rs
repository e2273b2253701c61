//! How fast texts are read. `cargo bench --bench parse` prints one line per notation.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use envguard::syntax::{json, toml, yaml};

const ROUNDS: u32 = 20;

fn main() {
    measure("yaml", &compose(2_000), |text| {
        yaml::parse(text).documents.len()
    });
    measure("json", &settings(10_000), |text| {
        json::parse(text).documents.len()
    });
    measure("toml", &tables(10_000), |text| {
        toml::parse(text).documents.len()
    });
}

/// The median of some rounds, so that a busy machine does not change the answer.
fn measure(name: &str, text: &str, read: impl Fn(&str) -> usize) {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            black_box(read(black_box(text)));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let median = times[times.len() / 2];
    let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let rate = f64::from(bytes) / median.as_secs_f64() / 1e6;
    println!("{name}: {bytes} bytes in {median:?}, {rate:.0} MB/s");
}

fn compose(services: usize) -> String {
    let mut text = String::from(
        "x-base: &base\n  restart: unless-stopped\n  logging: {driver: json-file}\nservices:\n",
    );
    for service in 0..services {
        let _ = write!(
            text,
            "  web{service}:\n    <<: *base\n    image: \"registry.example.com/web:${{TAG:-latest}}\"\n    ports:\n      \
             - \"{port}:80\"  # published\n    environment:\n      DATABASE_URL: postgres://db:5432/app{service}\n      \
             DEBUG: 'false'\n      EMPTY:\n    command: >-\n      serve --port 80\n      --workers 4\n",
            port = 1024 + service
        );
    }
    text
}

fn settings(entries: usize) -> String {
    let mut text = String::from("{\n");
    for entry in 0..entries {
        let _ = writeln!(
            text,
            "  \"key{entry}\": {{\"host\": \"db.example.com\", \"port\": {entry}, \"on\": true}},"
        );
    }
    text + "}\n"
}

fn tables(count: usize) -> String {
    let mut text = String::new();
    for table in 0..count {
        let _ = writeln!(
            text,
            "[env.e{table}]\nhost = \"db.example.com\"\nport = {table}\nlist = [1, 2, 3]"
        );
    }
    text
}
