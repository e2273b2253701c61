//! The inventory over a small repository.

use super::*;
use crate::config::date::Date;
use crate::model::Str;
use crate::pipeline::{ConfigFrom, From, Request, understand};

const CODE: &str = "import os
stop = os.environ['SESSION_SECRET']
nothing = os.getenv('SENTRY_DSN')
level = os.getenv('LOG_LEVEL', 'info')
url = os.getenv('API_URL', 'http://localhost:8000')
password = os.getenv('DB_PASSWORD', 'changeme')
home = os.getenv('HOME')
pool = os.getenv('POOL', size())
";

fn view(by: Listed) -> View {
    let files = [
        ("app.py", CODE),
        ("settings.py", "class Settings:\n    mail_host: str\n"),
        (
            ".env.production",
            "SESSION_SECRET=${SESSION_SECRET}\nMAIL_HOST=a.example.net\nOLD=1\n",
        ),
        (".env.example", "SESSION_SECRET=\n"),
        (
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  ci:\n    runs-on: x\n    env: {STEP_ONLY: '1', OTHER: '${{ steps.a.outputs.b }}'}\n    steps: [{run: make}]\n",
        ),
    ];
    let text = |(path, text): &(&str, &str)| (Str::from(*path), Str::from(*text));
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
    inventory(&understand(&request).unwrap(), by)
}

fn row(view: &View, name: &str) -> Vec<String> {
    let rows = &view.tables[0].rows;
    let row = rows.iter().find(|row| row[0].items == [name.to_owned()]);
    row.unwrap_or_else(|| panic!("no {name} in {rows:?}"))
        .iter()
        .skip(1)
        .map(Cell::brief)
        .collect()
}

#[test]
fn production_knows_what_to_do() {
    let view = view(Listed::ByVariable);
    for (name, says) in [
        (
            "SESSION_SECRET",
            ["set", "", "production", "yes", "read", "app.py:2"],
        ),
        ("SENTRY_DSN", ["must set", "", "", "", "read", "app.py:3"]),
        (
            "LOG_LEVEL",
            ["safe default", "info", "", "", "read", "app.py:4"],
        ),
        (
            "API_URL",
            [
                "replace default",
                "http://localhost:8000",
                "",
                "",
                "read",
                "app.py:5",
            ],
        ),
        (
            "DB_PASSWORD",
            ["replace default", "***", "", "", "read", "app.py:6"],
        ),
        ("HOME", ["injected", "", "", "", "read", "app.py:7"]),
        (
            "POOL",
            ["decided in code", "computed", "", "", "read", "app.py:8"],
        ),
        ("MAIL_HOST", ["set", "", "production", "", "perhaps", ""]),
        ("OLD", ["set", "", "production", "", "dead", ""]),
    ] {
        assert_eq!(row(&view, name), says, "{name}");
    }
}

#[test]
fn what_a_ci_job_tells_itself_is_no_variable_of_the_program() {
    let view = view(Listed::ByVariable);
    let names = view.tables[0].rows.iter().map(|row| row[0].brief());
    let names: Vec<String> = names.collect();
    assert!(
        !names.iter().any(|name| name == "STEP_ONLY" || name == "b"),
        "{names:?}"
    );
}

#[test]
fn every_read_has_its_place() {
    let view = view(Listed::ByFile);
    assert_eq!(
        row(&view, "app.py:2"),
        ["SESSION_SECRET", "", "it stops", ""]
    );
    assert_eq!(row(&view, "app.py:3"), ["SENTRY_DSN", "", "nothing", ""]);
    assert_eq!(
        row(&view, "app.py:4"),
        ["LOG_LEVEL", "info", "the default", ""]
    );
}
