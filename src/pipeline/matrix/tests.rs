//! The matrix over small repositories.

use super::*;
use crate::config::date::Date;
use crate::pipeline::{ConfigFrom, From, Request, understand};
use crate::value::vendor::fake;

fn understood(files: &[(&str, &str)]) -> Understood {
    let text = |(path, text): &(&str, &str)| (crate::model::Str::from(*path), (*text).into());
    let request = Request {
        from: From::Texts {
            files: files.iter().map(text).collect(),
            untracked: Vec::new(),
            earlier: Vec::new(),
        },
        config: ConfigFrom::Tree,
        exclude: Vec::new(),
        include_ignored: true,
        history: false,
        today: Date::parse("2026-02-01").unwrap(),
    };
    understand(&request).unwrap()
}

/// `development production` of one row, as people read it.
fn row(view: &View, name: &str) -> String {
    let table = &view.tables[0];
    let row = table
        .rows
        .iter()
        .find(|row| row[0].items == [name.to_owned()]);
    let row = row.unwrap_or_else(|| panic!("no row {name} in {table:?}"));
    let cells = table.columns.iter().zip(row);
    let cells = cells.filter(|(column, _)| column.kind == view::Kind::Environment);
    let cells: Vec<String> = cells
        .map(|(column, cell)| format!("{}: {}", column.name, cell.brief()))
        .collect();
    cells.join(", ")
}

fn key(word: &str) -> String {
    fake::of(word).unwrap()
}

#[test]
fn a_variable_has_a_status_in_every_environment() {
    let (own, other, bot) = (key("hex32_a"), key("hex32_b"), key("telegram"));
    let development = format!(
        "SESSION_SECRET={own}\nTELEGRAM_BOT_TOKEN={bot}\nLOG_LEVEL=info\nPAY_KEY=\nMAIL_KEY=__MAIL_KEY__\nONLY_HERE=abc\nDATABASE_URL=postgres://a:{own}@db.shop.internal/shop\n"
    );
    let production = format!(
        "SESSION_SECRET={other}\nTELEGRAM_BOT_TOKEN={bot}\nLOG_LEVEL=info\nPAY_KEY=${{PAY_KEY}}\nMAIL_KEY={other}\nDATABASE_URL=postgres://b:{other}@db.shop.internal/shop\n"
    );
    let files = [
        (".env.development", development.as_str()),
        (".env.production", production.as_str()),
        (".env.production.example", "ONLY_HERE=\nLOG_LEVEL=warning\n"),
    ];
    let view = matrix(&understood(&files), By::Variable).unwrap();
    for (name, says) in [
        (
            "SESSION_SECRET",
            "development: isolated, production: isolated",
        ),
        (
            "TELEGRAM_BOT_TOKEN",
            "development: shared =A, production: shared =A",
        ),
        ("LOG_LEVEL", "development: same =A, production: same =A"),
        ("PAY_KEY", "development: empty, production: reference"),
        ("MAIL_KEY", "development: placeholder, production: isolated"),
        ("ONLY_HERE", "development: only here, production: missing"),
        (
            "DATABASE_URL",
            "development: shared =A, production: shared =A",
        ),
    ] {
        assert_eq!(row(&view, name), says, "{name}");
    }
}

#[test]
fn what_is_needed_is_known_by_code_and_policies() {
    let files = [
        (".env.development", "A=1\nB=1\nC=1\nPORT=80\nD=1\nE=1\n"),
        (".env.production", "Z=1\n"),
        (
            "app.py",
            "import os\nos.environ['A']\nos.getenv('B')\nos.getenv('C', 'x')\nos.getenv('D')\n",
        ),
        (
            ".envguard.yml",
            "policies: {set: {required-vars: {params: {required: {production: [E]}}}}}\n",
        ),
    ];
    let view = matrix(&understood(&files), By::Variable).unwrap();
    for (name, says) in [
        ("A", "production: missing*"),
        ("B", "production: missing"),
        ("C", "production: not needed"),
        ("PORT", "production: not needed"),
        ("E", "production: missing*"),
    ] {
        assert!(
            row(&view, name).ends_with(says),
            "{name}: {}",
            row(&view, name)
        );
    }
    assert_eq!(
        row(&view, "Z"),
        "development: not set, production: only here"
    );
}

#[test]
fn a_service_is_as_bad_as_its_worst_variable() {
    let (bot, own, other) = (key("telegram"), key("sentry_dsn"), key("sentry_dsn_b"));
    let development = format!("TELEGRAM_BOT_TOKEN={bot}\nSENTRY_DSN={own}\n");
    let production =
        format!("TELEGRAM_BOT_TOKEN={bot}\nTELEGRAM_CHAT_ID=12345\nSENTRY_DSN={other}\n");
    let files = [
        (".env.development", development.as_str()),
        (".env.production", production.as_str()),
    ];
    let view = matrix(&understood(&files), By::Vendor).unwrap();
    assert_eq!(
        row(&view, "Telegram"),
        "development: shared with production, production: shared with development"
    );
    assert_eq!(
        row(&view, "Sentry"),
        "development: isolated, production: isolated"
    );
    assert_eq!(view.tables[0].rows[0][2].items, ["high"]);
}

#[test]
fn resources_say_who_claims_them() {
    let service = |port: u16| {
        format!(
            "services:\n  db:\n    image: postgres:16\n    ports: ['{port}:5432']\n    volumes: ['data:/var/lib']\nvolumes: {{data: {{}}}}\n"
        )
    };
    let (development, test) = (service(5432), service(6432));
    let files = [
        ("docker-compose.dev.yml", development.as_str()),
        ("docker-compose.test.yml", test.as_str()),
    ];
    let view = matrix(&understood(&files), By::Resource).unwrap();
    assert_eq!(row(&view, "5432/tcp"), "development: used (db), test: -");
    assert_eq!(row(&view, "6432/tcp"), "development: -, test: used (db)");
    let volume = view.tables[0].rows.last().unwrap();
    assert_eq!(volume[2].brief(), "shared with test (db)");
    assert_eq!(volume[2].tone(), Tone::Warn);
}

#[test]
fn a_base_alone_shares_nothing_with_what_builds_on_it() {
    let files = [
        (
            "compose.yml",
            "services:\n  api:\n    image: shop/api:1\n    environment: {API_TOKEN: abcd-1234-efgh-5678}\n    ports: ['80:80']\n",
        ),
        (
            "compose.prod.yml",
            "services:\n  api: {environment: {X: '1'}}\n",
        ),
        (
            "run.sh",
            "docker compose -f compose.yml -f compose.prod.yml up\n",
        ),
    ];
    let understood = understood(&files);
    let view = matrix(&understood, By::Variable).unwrap();
    assert!(!row(&view, "API_TOKEN").contains("shared"), "{view:?}");
    let view = matrix(&understood, By::Resource).unwrap();
    assert!(!row(&view, "80/tcp").contains("shared"), "{view:?}");
}

#[test]
fn a_ci_job_is_not_the_whole_of_an_environment() {
    let job = "on: push\njobs:\n  deploy:\n    environment: staging\n    runs-on: ubuntu-latest\n    env: {REGION: eu}\n    steps: [{run: ./deploy.sh}]\n";
    let files = [
        (".github/workflows/deploy.yml", job),
        (".env.production", "REGION=us\n"),
        ("app.py", "import os\nos.environ['API_KEY']\n"),
    ];
    let view = matrix(&understood(&files), By::Variable).unwrap();
    assert_eq!(
        row(&view, "REGION"),
        "staging: isolated, production: isolated"
    );
    assert_eq!(
        row(&view, "API_KEY"),
        "staging: not set, production: missing*"
    );
}
