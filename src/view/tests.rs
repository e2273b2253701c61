//! Every renderer over one small view, and what must never happen in any of them.

use super::human::folded;
use super::*;

fn table() -> Table {
    let environments = ["development", "production"];
    let mut columns = vec![Column::new("variable", "variable", Kind::Name)];
    let named = environments.map(|env| Column::new(env, env, Kind::Environment));
    columns.extend(named);
    columns.push(Column::new("files", "files", Kind::List));
    let shared = |with: &str| Cell {
        groups: vec!["A".to_owned()],
        with: vec![with.to_owned()],
        ..Cell::status(&status::SHARED)
    };
    let missing = Cell {
        required: true,
        note: "the code asks for it".to_owned(),
        ..Cell::status(&status::MISSING)
    };
    Table {
        name: "variables",
        columns,
        rows: vec![
            vec![
                Cell::text("API_TOKEN"),
                shared("production"),
                shared("development"),
                Cell::list(vec!["a.env".to_owned(), "b.env".to_owned()]),
            ],
            vec![
                Cell::text("=1+1|<b>"),
                Cell::status(&status::ISOLATED),
                missing,
                Cell::default(),
            ],
        ],
        ..Table::default()
    }
}

fn view() -> View {
    View {
        name: "matrix",
        title: "Two <environments>".to_owned(),
        lead: vec!["A sentence, & another.".to_owned()],
        tables: vec![table()],
    }
}

fn told(name: &str, style: &Style) -> String {
    let mut out = Vec::new();
    let format = Format::named(name).unwrap();
    (format.render)(&view(), style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn at(width: usize) -> Style {
    Style {
        width,
        ..Style::default()
    }
}

#[test]
fn a_terminal_gets_columns_while_they_fit() {
    let text = told("human", &at(100));
    assert!(
        text.contains("API_TOKEN  shared =A    shared =A   a.env, b.env\n"),
        "{text}"
    );
    assert!(
        text.contains("=1+1|<b>   isolated     missing*\n"),
        "{text}"
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in 24..110 {
        for line in told("human", &at(width)).lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
    }
    assert!(
        told("human", &at(30)).contains("production: missing*; the\n"),
        "{}",
        told("human", &at(30))
    );
}

#[test]
fn only_a_coloured_terminal_is_painted() {
    let color = Style {
        color: true,
        ..Style::default()
    };
    assert!(told("human", &color).contains("\u{1b}[31mshared =A\u{1b}[0m"));
    for format in ALL {
        let plain = told(format.name, &Style::default());
        assert!(!plain.contains('\u{1b}'), "{}", format.name);
    }
}

#[test]
fn words_are_folded_where_they_can_be_read() {
    assert_eq!(
        folded("a_long_NAME_of_words", 10),
        ["a_long_", "NAME_of_", "words"]
    );
    assert_eq!(folded("one two three", 7), ["one two", "three"]);
    assert_eq!(folded("ééééé", 2), ["éé", "éé", "é"]);
    assert_eq!(folded("", 5), Vec::<String>::new());
}

#[test]
fn programs_get_words_and_names() {
    let back: serde_json::Value = serde_json::from_str(&told("json", &at(80))).unwrap();
    assert_eq!(back["version"], 1);
    let row = &back["tables"][0]["rows"][0];
    assert_eq!(row["variable"], "API_TOKEN");
    assert_eq!(row["environments"]["production"]["status"], "shared");
    assert_eq!(row["environments"]["production"]["groups"][0], "A");
    assert_eq!(row["environments"]["production"]["with"][0], "development");
    assert_eq!(row["files"][1], "b.env");
    let missing = &back["tables"][0]["rows"][1]["environments"]["production"];
    assert_eq!(missing["required"], true);
    assert_eq!(missing["note"], "the code asks for it");
}

#[test]
fn a_spreadsheet_gets_text() {
    let text = told("csv", &at(80));
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines[0], "variable,development,production,files");
    assert_eq!(
        lines[1],
        "API_TOKEN,shared =A with production,shared =A with development,\"a.env, b.env\""
    );
    assert_eq!(
        lines[2],
        "'=1+1|<b>,isolated,\"missing*; the code asks for it\","
    );
}

#[test]
fn markup_is_text() {
    let text = told("markdown", &at(80));
    assert!(text.starts_with("## Two &lt;environments&gt;\n"), "{text}");
    assert!(text.contains("| `=1+1\\|<b>` | isolated |"), "{text}");
    assert!(
        text.contains("**missing\\*; the code asks for it**"),
        "{text}"
    );
    let text = told("html", &at(80));
    assert!(text.contains("<code>=1+1|&lt;b&gt;</code>"), "{text}");
    assert!(!text.contains("<b>") && !text.contains("<script"), "{text}");
    assert!(text.contains("<td class=\"bad status\" data-of=\"production\">shared =A<small>with development</small></td>"));
}

#[test]
fn a_table_without_rows_says_so() {
    let empty = View {
        tables: vec![Table {
            none: "Nothing here.".to_owned(),
            ..Table::default()
        }],
        ..View::default()
    };
    for name in ["human", "markdown", "html"] {
        let mut out = Vec::new();
        (Format::named(name).unwrap().render)(&empty, &Style::default(), &mut out).unwrap();
        assert!(String::from_utf8(out).unwrap().contains("Nothing here."));
    }
}
