//! Pictures of trees for tests: spans drawn under their lines, and values on one line.

use super::{Entry, Node, Style, Tree, Value};
use crate::model::{Lines, Span};

/// Compares a picture with what `parse` makes of its text. Text lines of a picture start with `|`; under them `k` marks a
/// key's bytes, `v` a scalar's, `o` an absent value's empty place, `*` an alias, `!` a problem.
pub fn check(parse: impl Fn(&str) -> Tree, picture: &str) {
    let picture: Vec<&str> = picture
        .trim_matches('\n')
        .lines()
        .map(|line| line.trim_start_matches("            ").trim_end())
        .filter(|line| !line.is_empty())
        .collect();
    let text: Vec<&str> = picture
        .iter()
        .filter_map(|line| line.strip_prefix('|'))
        .collect();
    let text = text.join("\n");
    let drawn = draw(&text, &parse(&text));
    assert!(
        drawn == picture.join("\n"),
        "expected:\n{}\ngot:\n{drawn}",
        picture.join("\n")
    );
}

/// One line for all documents, then the problems: code and the text under their span.
pub fn outline(text: &str, tree: &Tree) -> String {
    let documents: Vec<String> = tree.documents.iter().map(value).collect();
    let problems = tree
        .problems
        .iter()
        .map(|problem| format!(" !{} `{}`", problem.code, problem.span.of(text)));
    documents.join(" --- ") + &problems.collect::<String>()
}

fn value(node: &Node) -> String {
    let tag = node.tag.as_ref().map(|tag| format!("!{tag} "));
    let value = match &node.value {
        Value::Null => "~".to_owned(),
        Value::Scalar { text, style } => match style {
            Style::Plain => text.to_string(),
            Style::Quoted => format!("{text:?}"),
            Style::Block => format!("|{text:?}"),
        },
        Value::Seq(items) => format!("[{}]", list(items, value)),
        Value::Map(entries) => format!("{{{}}}", list(entries, entry)),
    };
    tag.unwrap_or_default() + &value
}

fn entry(entry: &Entry) -> String {
    let merged = if entry.merged { "<" } else { "" };
    format!("{merged}{}: {}", value(&entry.key), value(&entry.value))
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn draw(text: &str, tree: &Tree) -> String {
    let mut marks: Vec<(Span, char)> = Vec::new();
    for document in &tree.documents {
        collect(document, 'v', &mut marks);
    }
    marks.extend(tree.problems.iter().map(|problem| (problem.span, '!')));
    let lines = Lines::of(text);
    let mut picture = Vec::new();
    for line in 1..=lines.line(u32::try_from(text.len()).unwrap()) {
        let span = lines.line_span(text, line);
        picture.push(format!("|{}", span.of(text)));
        let row = row(text, span, &marks);
        if !row.trim().is_empty() {
            picture.push(format!(" {}", row.trim_end()));
        }
    }
    picture.join("\n")
}

/// The marks under one line, one column per character.
fn row(text: &str, line: Span, marks: &[(Span, char)]) -> String {
    let columns = line
        .of(text)
        .char_indices()
        .map(|(at, c)| (at, c.len_utf8()))
        .chain([(line.len(), 0)]);
    columns
        .map(|(at, width)| {
            let here = Span::new(at, at + width).shifted(line.start);
            let mark = marks.iter().rev().find(|(span, _)| {
                *span == Span::new(here.start as usize, here.start as usize)
                    || (width > 0 && span.start <= here.start && here.end <= span.end)
            });
            mark.map_or(' ', |(_, mark)| *mark)
        })
        .collect()
}

fn collect(node: &Node, mark: char, marks: &mut Vec<(Span, char)>) {
    if let Some(alias) = node.alias {
        marks.push((alias, '*'));
        return;
    }
    match &node.value {
        Value::Null | Value::Scalar { .. } => {
            marks.push((node.span, if node.span.is_empty() { 'o' } else { mark }));
        }
        Value::Seq(items) => {
            for item in items {
                collect(item, mark, marks);
            }
        }
        Value::Map(entries) => {
            for entry in entries.iter().filter(|entry| !entry.merged) {
                collect(&entry.key, 'k', marks);
                collect(&entry.value, mark, marks);
            }
        }
    }
}
