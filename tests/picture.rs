//! The picture in the README: a real run, drawn as SVG. `BLESS=1` draws it anew; otherwise it has to show what is printed
//! today, whatever it took and however many policies there are.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use envguard::markup::xml::escaped;

const COLUMNS: usize = 92;
/// The last line is not wrapped, and its numbers are of any length.
const WIDEST: usize = 108;
/// Of one character and one line, in the units of the picture.
const CELL: (f32, f32) = (8.4, 18.0);

#[test]
fn the_picture_shows_what_is_printed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/terminal.svg");
    let drawn = drawing(&run());
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, drawn).unwrap();
        return;
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stable(&committed) == stable(&drawn),
        "the output has changed: BLESS=1 cargo test --test picture, and look at docs/terminal.svg"
    );
}

/// Without the last line, whose numbers change all the time.
fn stable(svg: &str) -> &str {
    svg.rsplit_once("<text").map_or(svg, |(all, _)| all)
}

/// What a small project with two environments gets told.
fn run() -> String {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let database = ["postgres://shop", "Wq8vTz3kLm5x@db.internal:5432/shop"].join(":");
    write(".gitignore", ".env.*\n");
    write(
        ".env.production",
        &format!("DATABASE_URL={database}\nREDIS_URL=redis://localhost:6379/0\n"),
    );
    write(
        ".env.staging",
        &format!("DATABASE_URL={database}\nREDIS_URL=redis://cache:6379/0\n"),
    );
    let git = Command::new("git")
        .args(["init", "-q"])
        .current_dir(folder.path())
        .status();
    assert!(git.unwrap().success());
    let told = Command::new(env!("CARGO_BIN_EXE_envguard"))
        .args(["check", "--color", "always"])
        .current_dir(folder.path())
        .env("COLUMNS", COLUMNS.to_string())
        .env("TERM", "xterm")
        .output()
        .unwrap();
    String::from_utf8(told.stdout).unwrap()
}

fn drawing(printed: &str) -> String {
    let lines: Vec<&str> = std::iter::once("$ envguard check")
        .chain(printed.trim_end().lines())
        .collect();
    let columns = u16::try_from(
        lines
            .iter()
            .map(|line| plain(line))
            .max()
            .unwrap()
            .max(WIDEST),
    )
    .unwrap();
    let rows = u16::try_from(lines.len()).unwrap();
    let (width, height) = (
        f32::from(columns) * CELL.0 + 32.0,
        f32::from(rows) * CELL.1 + 32.0,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" role=\"img\" aria-label=\"envguard check in a terminal\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1b1f27\"/>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\" fill=\"#d6dae2\" xml:space=\"preserve\">\n"
    );
    let mut baseline = 16.0 + CELL.1 * 0.75;
    for line in lines {
        writeln!(
            svg,
            "<text x=\"16\" y=\"{baseline:.1}\">{}</text>",
            spans(line)
        )
        .unwrap();
        baseline += CELL.1;
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// The characters of a line without its colours.
fn plain(line: &str) -> usize {
    let colour = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    colour.replace_all(line, "").chars().count()
}

/// What stands between two or more spaces, and at the edges: viewers fold those.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let piece = regex::Regex::new(r"\S+( \S+)*").unwrap();
    piece.find_iter(text).map(|found| found.range()).collect()
}

/// Every piece of text at its column, so that no font can shift what stands below each other.
fn spans(line: &str) -> String {
    let mut out = String::new();
    let mut column = 0_u16;
    let mut style = "";
    let mut rest = line;
    loop {
        let (text, after) = rest.split_once("\u{1b}[").unwrap_or((rest, ""));
        for word in words(text) {
            let before = text.get(..word.start).unwrap().chars().count();
            let x = 16.0 + f32::from(column + u16::try_from(before).unwrap()) * CELL.0;
            let word = escaped(text.get(word).unwrap());
            write!(out, "<tspan x=\"{x:.1}\"{style}>{word}</tspan>").unwrap();
        }
        column += u16::try_from(text.chars().count()).unwrap();
        let Some((code, next)) = after.split_once('m') else {
            return out;
        };
        style = fill(code);
        rest = next;
    }
}

fn fill(code: &str) -> &'static str {
    match code {
        "31" | "31;1" | "1;31" => " fill=\"#f2777a\" font-weight=\"bold\"",
        "32" => " fill=\"#99cc99\"",
        "33" | "33;1" => " fill=\"#ffcc66\" font-weight=\"bold\"",
        "36" | "36;1" => " fill=\"#66cccc\"",
        "1" => " font-weight=\"bold\"",
        "2" => " fill=\"#8a919e\"",
        _ => "",
    }
}
