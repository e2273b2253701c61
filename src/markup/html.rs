//! A page of HTML that needs nothing else: no script, nothing loaded, legible on light and dark screens, on a telephone and
//! on paper.

use std::io::{self, Write};

pub use super::xml::escaped;

const STYLE: &str = include_str!("page.css");

/// Everything up to and with the heading.
pub fn open(title: &str, out: &mut dyn Write) -> io::Result<()> {
    let title = escaped(title);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>"
    )
}

pub fn close(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "</main>\n</body>\n</html>")
}

/// The head of a table; a wide one scrolls by itself, the page does not.
pub fn open_table<'a>(
    titles: impl Iterator<Item = &'a str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let titles = titles.map(|one| format!("<th scope=\"col\">{}</th>", escaped(one)));
    writeln!(
        out,
        "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead><tr>{}</tr></thead>\n<tbody>",
        titles.collect::<String>()
    )
}

pub fn close_table(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "</tbody>\n</table>\n</div>")
}

/// A cell; where there is no room for columns, it says what it is of.
pub fn cell(class: &str, of: &str, inside: &str) -> String {
    format!(
        "<td class=\"{class}\" data-of=\"{}\">{inside}</td>",
        escaped(of)
    )
}

/// Text as an author of policies writes it: what stands between backticks is monospaced.
pub fn prose(written: &str) -> String {
    let parts: Vec<&str> = written.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped(written);
    }
    let shown = parts.iter().enumerate().map(|(at, part)| match at % 2 {
        0 => escaped(part),
        _ => format!("<code>{}</code>", escaped(part)),
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(
            prose("use `a <b>` & `c`"),
            "use <code>a &lt;b&gt;</code> &amp; <code>c</code>"
        );
        assert_eq!(prose("a lone ` says itself"), "a lone ` says itself");
    }
}
