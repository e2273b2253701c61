//! No command prints a secret: every command, in every format, over a repository full of made-up ones.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::path::Path;
use std::process::Command;

/// Every way to run the program on a repository; a new command gets a line here.
const COMMANDS: &[&str] = &[
    "check",
    "check --format short",
    "check --format json",
    "check --format sarif --show-allowed",
    "check --format github",
    "check --format gitlab",
    "check --format junit --show-allowed",
    "check --format checkstyle",
    "check --format markdown --show-allowed",
    "check --format html --show-allowed",
    "check --format csv --show-allowed",
    "check --output sarif=out.sarif --output markdown",
    "check --show-allowed --format human --color always",
    "facts",
    "facts --format json",
    "facts --stacks",
    "matrix --format human",
    "matrix --format json",
    "matrix --format markdown",
    "matrix --format csv",
    "matrix --format html",
    "matrix --by vendor --format human",
    "matrix --by vendor --format json",
    "matrix --by vendor --format markdown",
    "matrix --by vendor --format csv",
    "matrix --by vendor --format html",
    "matrix --by resource --format human",
    "matrix --by resource --format json",
    "matrix --by resource --format markdown",
    "matrix --by resource --format csv",
    "matrix --by resource --format html",
    "inventory --format human",
    "inventory --format json",
    "inventory --format markdown",
    "inventory --format csv",
    "inventory --format html",
    "inventory --by file --format human",
    "inventory --by file --format json",
    "inventory --by file --format markdown",
    "inventory --by file --format csv",
    "inventory --by file --format html",
    "context",
    "context --json",
    "context --json --env production",
    "context --format markdown --env production",
    "context --format csv --env production",
    "context --format html --env production",
    "config show",
    "explain shared-credential",
    "explain shared-credential .env.production:1",
    "explain committed-env-secret .env.production",
    "policy list",
    "doctor",
    "init --dry-run",
    "policy list --format json",
    "audit",
    "audit --format json",
    "audit --format markdown",
    "audit --format csv",
    "audit --format html",
    "audit --fail-on low --color always",
    "audit development=flat.json production=production.env",
    "audit development=flat.json production=production.env --format json",
    "audit development=flat.json production=production.env --format markdown",
    "audit development=flat.json production=production.env --format csv",
    "audit development=flat.json production=production.env --format html",
    "audit staging=list.json production=secret.yml --with-files",
    "audit staging=cut.json production=twice.env demo=login.txt",
    "compare development=flat.json production=production.env",
    "compare development=flat.json production=production.env --format short",
    "compare development=flat.json production=production.env --format json --show-allowed",
    "compare development=flat.json production=production.env --format sarif",
    "compare development=flat.json production=production.env --format github",
    "compare development=flat.json production=production.env --format gitlab",
    "compare development=flat.json production=production.env --format junit",
    "compare development=flat.json production=production.env --format checkstyle",
    "compare development=flat.json production=production.env --format markdown",
    "compare development=flat.json production=production.env --format html --show-allowed",
    "compare development=flat.json production=production.env --format csv --show-allowed",
    "compare staging=list.json production=secret.yml --with-files",
    "compare staging=stack.yml production=production.env",
    "compare staging=stack.yml production=stack.yml --format json --show-allowed",
    "compare staging=stack.yml production=stack.yml --format sarif --with-files",
    "audit staging=stack.yml production=stack.yml --format html",
    "compare staging=list.json production=secret.yml --format json",
    "compare staging=cut.json production=twice.env demo=login.txt",
    "compare staging=list.json --from dotenv",
    "compare staging=list.json --from printenv",
    "compare staging=production.env --from map",
    "baseline write",
    "check --format json --show-allowed",
];

#[test]
fn no_command_prints_a_secret() {
    let secrets: Vec<String> = (1..=8).map(secret).collect();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &secrets);
    write_dumps(folder.path(), &secrets);
    let mut told = String::new();
    for command in COMMANDS {
        let output = Command::new(env!("CARGO_BIN_EXE_envguard"))
            .args(command.split(' '))
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(!text.is_empty(), "{command} says nothing");
        for (at, secret) in secrets.iter().enumerate() {
            assert!(
                !text.contains(secret.as_str()),
                "{command} prints secret {at}:\n{text}"
            );
            assert!(
                !text.contains(&base64(secret)[..40]),
                "{command} prints secret {at} in base64:\n{text}"
            );
        }
        told += &text;
    }
    told += &std::fs::read_to_string(folder.path().join("out.sarif")).unwrap();
    assert!(secrets.iter().all(|secret| !told.contains(secret.as_str())));
    assert!(
        told.contains("SESSION_SECRET"),
        "the secrets were not even looked at"
    );
    let baseline = std::fs::read_to_string(folder.path().join(".envguard-baseline.jsonl")).unwrap();
    assert!(!baseline.is_empty());
    for secret in &secrets {
        assert!(!baseline.contains(secret.as_str()));
    }
}

/// Secrets in every place the formats know: assigned, quoted, as a fallback, inside a URL, in a command, in a list.
fn write(folder: &Path, secret: &[String]) {
    let production = format!(
        "SESSION_SECRET={}\nAPI_TOKEN=\"{}\"\nDATABASE_URL=postgres://app:{}@db.example.org/app\nOTHER_KEY={}\n",
        secret[0], secret[1], secret[2], secret[3]
    );
    std::fs::write(folder.join(".env.production"), &production).unwrap();
    std::fs::write(
        folder.join(".env.development"),
        production + "broken line " + &secret[7] + "\n",
    )
    .unwrap();
    let compose = format!(
        "services:\n  db:\n    image: postgres:16\n    command: psql --password={}\n    environment:\n      POSTGRES_PASSWORD: ${{DB_PASSWORD:-{}}}\n      LIST_TOKEN: '{}'\n    env_file: .env.production\n",
        secret[4], secret[5], secret[6]
    );
    std::fs::write(folder.join("docker-compose.prod.yml"), &compose).unwrap();
    std::fs::write(folder.join("docker-compose.dev.yml"), compose).unwrap();
}

/// What platforms print, on one line and on many, in base64, and not to the end.
fn write_dumps(folder: &Path, secret: &[String]) {
    let flat = format!(
        r#"{{"RAILWAY_PROJECT_ID":"{}","SESSION_SECRET":"{}","RAILWAY_TOKEN":"{}","DATABASE_URL":"postgres://app:{}@db.shop.internal/app"}}"#,
        secret[6], secret[0], secret[7], secret[2]
    );
    let list = format!(
        "[{{\"name\": \"SESSION_SECRET\", \"note\": \"{}\",\n  \"value\": \"{}\"}}]\n",
        secret[1], secret[0]
    );
    let held = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: api, note: '{}'}}\ndata: {{SESSION_SECRET: {}}} # {}\n",
        secret[1],
        base64(&secret[0]),
        secret[2]
    );
    let cut = format!("{{\"SESSION_SECRET\": \"{}\", \"{}", secret[0], secret[1]);
    let twice = format!("API_TOKEN={}\nAPI_TOKEN={}\n", secret[1], secret[3]);
    let production = format!(
        "PATH=/bin\nSESSION_SECRET={}\nDATABASE_URL=postgres://app:{}@db.shop.internal/app\n{}\n",
        secret[0], secret[2], secret[4]
    );
    let stack = format!(
        "services:\n  api:\n    image: app:latest\n    command: [\"serve\", \"--token={0}\"]\n    labels: {{note: {1}}}\n    environment: {{SESSION_SECRET: {2}, DATABASE_URL: postgres://app:{3}@db.shop.internal/app}}\n    hostname: {4}\n    ports: [{{target: 80, published: \"8080\", name: {5}}}]\n",
        secret[1], secret[4], secret[0], secret[2], secret[5], secret[6]
    );
    for (name, text) in [
        ("stack.yml", stack),
        ("flat.json", flat),
        ("list.json", list),
        ("secret.yml", held),
        ("cut.json", cut),
        ("twice.env", twice),
        ("production.env", production + "A=1\nHOME=/root\n"),
        ("login.txt", format!("token {} is invalid\n", secret[5])),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

fn base64(text: &str) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let chunks = text.as_bytes().chunks(3);
    let signs = chunks.flat_map(|chunk| {
        let held = chunk
            .iter()
            .fold(0u32, |held, byte| held << 8 | u32::from(*byte));
        let held = held << (8 * (3 - chunk.len()));
        (0..=chunk.len()).map(move |at| SIGNS[(held >> (18 - 6 * at) & 63) as usize] as char)
    });
    signs.collect()
}

/// Forty characters that look random, made here so that the repository holds none.
fn secret(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let alphabet: Vec<char> = ('a'..='z').chain('A'..='Z').chain('2'..='9').collect();
    (0..40)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            alphabet[usize::try_from(state % 60).unwrap()]
        })
        .collect()
}
