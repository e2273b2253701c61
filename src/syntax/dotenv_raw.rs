//! Env files with `format: raw`, which is how `docker run --env-file` reads them.

use super::dotenv::{Document, Entry, Quote, Separator};
use super::template::Template;
use crate::model::{Problem, Secret, Span, Str};

/// Reads `format: raw`: a line is a name, `=`, and a value that is taken as it stands.
pub(super) fn read(text: &str) -> Document {
    let mut document = Document::default();
    let mut start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        let content = line.strip_suffix('\n').unwrap_or(line);
        let content = content.strip_suffix('\r').unwrap_or(content);
        let statement = content.trim_start();
        let from = start + content.len() - statement.len();
        start += line.len();
        if !statement.is_empty() && !statement.starts_with('#') {
            raw_line(&mut document, statement, from);
        }
    }
    document
}

fn raw_line(document: &mut Document, line: &str, from: usize) {
    let (name, value) = match line.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (line, None),
    };
    let key = Span::new(from, from + name.len());
    if name.is_empty() || name.contains([' ', '\t']) {
        document.refused.get_or_insert(document.problems.len());
        let message = "a raw env file wants NAME=value: no name, or a blank in it";
        document
            .problems
            .push(Problem::new("dotenv-name", key, message));
        return;
    }
    let span = Span::new(
        from + line.len() - value.map_or(0, str::len),
        from + line.len(),
    );
    let text = value.unwrap_or_default();
    document.entries.push(Entry {
        name: Str::from(name),
        key,
        separator: value.map_or(Separator::None, |_| Separator::Equals),
        value: span,
        raw: span,
        quote: Quote::None,
        text: Secret::new(text),
        template: Template::literal(text),
        export: false,
        comment: None,
    });
}
