//! Java properties: `key=value`, `key: value` or `key value` on a line, `\` at its end to go on, `#---` between documents
//! as Spring reads them. Escapes stay as written: what they hide is never a setting.

use crate::model::Span;

/// One binding; `value` is the text from its first to its last character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property<'a> {
    pub name: &'a str,
    pub key: Span,
    pub text: &'a str,
    pub value: Span,
}

/// The bindings of each document of a text.
pub fn parse(text: &str) -> Vec<Vec<Property<'_>>> {
    let mut documents = vec![Vec::new()];
    let mut start = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(first) = lines.next() {
        let mut end = start + first.len();
        let line = first.trim_start_matches(['\u{feff}', ' ', '\t']);
        if line.starts_with(['#', '!']) {
            if matches!(line.trim_end(), "#---" | "!---") {
                documents.push(Vec::new());
            }
            start = end;
            continue;
        }
        let mut last = first;
        while continues(last) {
            let Some(next) = lines.next() else { break };
            end += next.len();
            last = next;
        }
        if let Some(found) = property(text, start, end)
            && let Some(document) = documents.last_mut()
        {
            document.push(found);
        }
        start = end;
    }
    documents
}

/// An odd number of backslashes ends the line.
fn continues(line: &str) -> bool {
    let line = line.trim_end_matches(['\r', '\n']);
    (line.len() - line.trim_end_matches('\\').len()) % 2 == 1
}

fn property(text: &str, start: usize, end: usize) -> Option<Property<'_>> {
    let line = text.get(start..end)?;
    let body = line.trim_start_matches(['\u{feff}', ' ', '\t']);
    let start = start + line.len() - body.len();
    let mut escaped = false;
    let stop = body.find(|c: char| {
        let stops = !escaped && (c.is_whitespace() || matches!(c, '=' | ':'));
        escaped = c == '\\' && !escaped;
        stops
    });
    let (name, rest) = body.split_at_checked(stop.unwrap_or(body.len()))?;
    if name.is_empty() {
        return None;
    }
    let value = rest.trim_start_matches([' ', '\t']);
    let value = value.strip_prefix(['=', ':']).unwrap_or(value);
    let value = value.trim_start_matches([' ', '\t']);
    let at = start + body.len() - value.len();
    let value = value.trim_end();
    Some(Property {
        name,
        key: Span::new(start, start + name.len()),
        text: value,
        value: Span::new(at, at + value.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_binding() {
        let text =
            "\u{feff}a=1\r\n# c\n b.c : two words \nd e\\\n  f\n! x\nempty=\n#---\nk\\:l=é\nlast";
        let shown: Vec<String> = parse(text)
            .iter()
            .flatten()
            .map(|one| {
                assert_eq!(one.value.of(text), one.text);
                format!("{}|{}", one.key.of(text), one.text)
            })
            .collect();
        assert_eq!(
            shown,
            [
                "a|1",
                "b.c|two words",
                "d|e\\\n  f",
                "empty|",
                "k\\:l|é",
                "last|"
            ]
        );
        assert_eq!(parse(text).len(), 2);
        assert_eq!(parse("").len(), 1);
    }
}
