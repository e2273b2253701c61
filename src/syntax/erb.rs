//! ERB in YAML: Rails runs it before it reads `database.yml`. Tags are masked, byte for byte, so that the rest can be read
//! and keeps its places; of a tag that prints only `ENV["X"]` and its default are understood.

use super::template::{Op, OpKind, Part, Reference, Template};
use crate::model::{Span, Str};
use crate::syntax::Offsets;

/// The text with every tag filled with letters, and lines that hold nothing else turned into comments. As long as before.
pub fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for tag in tags(text) {
        let (start, end) = (tag.start as usize, tag.end as usize);
        out.push_str(text.get(from..start).unwrap_or_default());
        let prints = text
            .get(start..end)
            .is_some_and(|tag| tag.starts_with("<%="));
        let stands_alone = out
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .trim()
            .is_empty();
        let (first, filler) = match (prints, stands_alone) {
            (true, _) => ('e', 'e'),
            (false, true) => ('#', '_'),
            (false, false) => (' ', ' '),
        };
        for (at, byte) in text
            .as_bytes()
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            out.push(match (byte, at) {
                (b'\n', _) if !prints => '\n',
                (_, 0) => first,
                _ => filler,
            });
        }
        from = end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Some tag decides which lines there are: then nothing is certain to be there.
pub fn decides(text: &str) -> bool {
    const WORDS: [&str; 7] = ["if", "unless", "else", "elsif", "case", "when", "for"];
    tags(text).iter().any(|tag| {
        let code = tag
            .of(text)
            .trim_start_matches("<%")
            .trim_start_matches('-')
            .trim();
        let code = code.trim_end_matches("%>").trim_end_matches('-').trim_end();
        let first = code.split_whitespace().next().unwrap_or_default();
        WORDS.contains(&first)
            || (!code.starts_with('=') && (code.ends_with(" do") || code.ends_with('|')))
    })
}

/// The tags of a value as references. `<%= ENV.fetch("X", "d") %>` is X with a default.
pub fn references(text: &str, offsets: &Offsets) -> Template {
    let mut parts = Vec::new();
    let mut from = 0;
    for tag in tags(text) {
        if from < tag.start as usize {
            let at = Span::new(from, tag.start as usize);
            parts.push(Part::Literal { at });
        }
        parts.push(Part::Reference(reference(text, tag, offsets)));
        from = tag.end as usize;
    }
    if from < text.len() {
        let at = Span::new(from, text.len());
        parts.push(Part::Literal { at });
    }
    Template { parts }
}

fn tags(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("<%")) {
        let start = from + start;
        let Some(end) = text.get(start..).and_then(|rest| rest.find("%>")) else {
            break;
        };
        from = start + end + 2;
        found.push(Span::new(start, from));
    }
    found
}

fn reference(text: &str, tag: Span, offsets: &Offsets) -> Reference {
    let code = tag.of(text);
    let env = code.find("ENV").map(|at| at + 3);
    let quoted = quotations(code);
    let of_env = |(start, _): &&(usize, usize)| env.is_some_and(|env| *start > env);
    let name = quoted.iter().find(of_env);
    let behind = name
        .and_then(|(_, end)| code.get(*end..))
        .unwrap_or_default();
    // One name and one default: anything richer is a program.
    let has_default = quoted.len() == 2
        && (behind.contains(',') || behind.contains('{') || behind.contains("||"));
    let default = name.and(quoted.get(1)).filter(|_| has_default);
    let shifted = |(start, end): (usize, usize)| {
        let base = tag.start as usize;
        Span::new(base + start, base + end)
    };
    Reference {
        name: Str::from(
            name.and_then(|(start, end)| code.get(*start..*end))
                .unwrap_or("ERB"),
        ),
        span: offsets.span(tag),
        name_span: offsets.span(name.map_or(tag, |name| shifted(*name))),
        op: default.map(|default| {
            let at = shifted(*default);
            Op {
                kind: OpKind::Default,
                or_empty: false,
                span: offsets.span(at),
                at,
                operand: Template {
                    parts: vec![Part::Literal { at }],
                },
            }
        }),
    }
}

/// What stands between quotes, without them.
fn quotations(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = code.get(from..).and_then(|rest| rest.find(['"', '\''])) {
        let open = from + open;
        let quote = code.as_bytes().get(open).copied().map_or('"', char::from);
        let Some(close) = code.get(open + 1..).and_then(|rest| rest.find(quote)) else {
            break;
        };
        found.push((open + 1, open + 1 + close));
        from = open + close + 2;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_texts_are_as_long_as_before() {
        let text = "<% é = 1 %>\na: <%= ENV['X'] %>\n  <%# no %>\nb: x<%= 1 %>y\nc: <%";
        let masked = mask(text);
        assert_eq!(masked.len(), text.len());
        assert!(masked.starts_with("#_"), "{masked}");
        assert!(masked.contains("\na: eeeee"), "{masked}");
        assert!(masked.contains("\n  #____"), "{masked}");
        assert!(masked.ends_with("b: xeeeeeeeey\nc: <%"), "{masked}");
    }

    #[test]
    fn tags_that_choose_lines_are_known() {
        for text in [
            "<% if x %>",
            "<%- unless y -%>",
            "<% [1].each do |x| %>",
            "<% else %>",
        ] {
            assert!(decides(text), "{text}");
        }
        for text in ["<%= ENV['if'] %>", "<% x = 1 %>", "<%# if %>", "a"] {
            assert!(!decides(text), "{text}");
        }
    }

    #[test]
    fn defaults_of_variables_are_understood() {
        for (text, expected) in [
            ("<%= ENV['X'] %>", "X -"),
            ("<%= ENV.fetch(\"X\", 'd') %>", "X d"),
            ("<%= ENV.fetch('X') { 'd' } %>_t", "X d_t"),
            ("<%= ENV['X'] || \"d\" %>", "X d"),
            ("<%= ENV.fetch('X', 5) %>", "X -"),
            ("<%= Rails.root %>", "ERB -"),
            ("<%= ENV['X'] ? 'a' : 'b' %>", "X -"),
        ] {
            let template = references(text, &Offsets::at(0));
            let name = template
                .references()
                .first()
                .map(|one| one.name.to_string());
            let filled = template.evaluate_or(text, &|_| None, "-").text;
            assert_eq!(
                format!("{} {}", name.unwrap_or_default(), filled.expose()),
                expected,
                "{text}"
            );
        }
    }
}
