//! Reports for people who have no terminal: a page that loads nothing and runs nothing, and records for a spreadsheet.

use super::samples::mixed;
use super::written;

#[test]
fn a_page_shows_no_markup_of_others_and_loads_nothing() {
    let text = written("html", &mixed());
    let body = text.split("</head>").nth(1).unwrap();
    assert!(!body.contains("<b>") && !body.contains("<script"), "{text}");
    for loads in ["src=", "href=", "url(", "@import", "onload"] {
        assert!(!text.contains(loads), "{loads}");
    }
    assert!(text.contains("default-src 'none'"));
    assert!(body.contains("allowed, until 2026-12-31: 50% of"), "{body}");
    assert!(body.contains("<h2>Could not be read</h2>"), "{body}");
    assert!(body.contains("<code>grave</code>"), "{body}");
    for tag in ["table", "tr", "td", "section", "small", "code", "div"] {
        let opened =
            body.matches(&format!("<{tag}>")).count() + body.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, body.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn a_spreadsheet_gets_a_record_for_each_finding_and_no_formula() {
    let text = written("csv", &mixed());
    let records = records(&text);
    assert_eq!(records.len(), 6, "{text}");
    for record in &records {
        assert_eq!(record.len(), 12, "{record:?}");
        for field in record {
            assert!(
                !field.starts_with(['=', '+', '-', '@', '|', '%']),
                "{field}"
            );
        }
    }
    assert_eq!(records[0][..3], ["severity", "status", "policy"]);
    assert_eq!(records[1][..3], ["critical", "new", "grave"]);
    assert_eq!(records[5][10], "2026-12-31");
}

/// RFC 4180, as a spreadsheet reads it.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record) = (Vec::new(), Vec::new());
    let (mut field, mut quoted) = (String::new(), false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => field.extend(signs.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            other => field.push(other),
        }
    }
    records
}
