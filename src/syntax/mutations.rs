//! Broken texts by the thousand: whatever arrives, reading ends, and every span lies in the text.

use super::draw::outline;
use super::{Entry, Node, Tree, json, toml, yaml};
use crate::model::Span;

const PARSERS: [fn(&str) -> Tree; 3] = [yaml::parse, json::parse, toml::parse];

const TEXTS: [&str; 8] = [
    "\u{feff}x-base: &base\n  restart: always\n  environment: &env\n    A: ${A:-b}\n    B: 'ü'\nservices:\n  web:\n    <<: [*base, {c: 1}]\n    ports: !override\n    - \"80:80\"\n    -\n    env: {<<: *env, D: , \"e\":2}\n",
    "on:\n  push: {branches: [main, 'v*']}\njobs:\n  a:\n    runs-on: ${{ matrix.os }} # c\n    steps:\n      - run: |\n          echo \"$X\"\n\n          deploy\n        env: # none\n      - name: >-\n          two\n          lines\n",
    "--- # one\na: !vault |2\n    x\n? [b, *nope]\n: 'it''s'\n...\n%YAML 1.2\n---\n- - \"\\u00fc\\\n    y\"\n- key with spaces : v\n-\t~\n---\n",
    "a: 1\n{{- if .Values.x }}\nb: {{ .Values.y | quote }}\n{% endif %}\nc: <%= z %>\n",
    "// c\n{\"a\": {\"b\": [1, -2.5e3, true, null,], 'c': \"\\u00fc\\n\"}, d: 0xff, /* e */ \"a\": \"語\"}\n",
    "{\"ConnectionStrings\": {\"Default\": \"Host=db;Password=x\"}, \"Logging\": [[[{}]]]}\n",
    "title = \"ü\" # c\na.\"b\".c = [1, {d = 2, e.f = '3'}]\n[env.production]\nX = \"\"\"\none\ntwo\"\"\"\n[[rule]]\nat = 2020-01-01T00:00:00Z\n[[rule]]\n[rule.x]\ny = 1_000\n",
    "a = 1\na = 2\n[b\nc = \n[b]\nd = 'x\ne = [1,,2\n[f.]\n",
];

/// What mutations put in: everything that means something to one of the notations, and characters of every width.
const PIECES: [&str; 40] = [
    "\n", "\r\n", "\r", " ", "  ", "\t", ":", ": ", "- ", "? ", "#", " #", ",", "[", "]", "{", "}",
    "{{", "}}", "&a ", "*a", "!t ", "!!str ", "|\n", ">-\n", "'", "\"", "\\", "%", "@", "---\n",
    "...\n", "<<: ", "=", ".", "[[", "\"\"\"", "é", "🎉", "\u{feff}",
];

struct Random(u64);

impl Random {
    /// xorshift64
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap()
    }

    /// An offset of the text that lies between two characters.
    fn offset(&mut self, text: &str) -> usize {
        let at = self.next() % (text.len() + 1);
        (0..=at)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap()
    }

    fn mutate(&mut self, text: &mut String) {
        let (a, b) = (self.offset(text), self.offset(text));
        let (from, to) = (a.min(b), a.max(b));
        match self.next() % 6 {
            0 => text.truncate(from),
            1 => text.replace_range(from..to, ""),
            2 => {
                let copy = text[from..to].to_owned();
                text.insert_str(a, &copy);
            }
            _ => text.insert_str(from, PIECES[self.next() % PIECES.len()]),
        }
    }
}

#[test]
fn any_text_gives_a_sound_tree() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..6000 {
        let mut text = TEXTS[round % TEXTS.len()].to_owned();
        for _ in 0..=random.next() % 4 {
            random.mutate(&mut text);
        }
        for parse in PARSERS {
            sound(&text, &parse(&text));
        }
    }
}

#[test]
fn line_ends_change_nothing() {
    for text in TEXTS {
        let windows = text.replace('\n', "\r\n");
        for parse in PARSERS {
            let outlines =
                [text, &windows].map(|text| outline(text, &parse(text)).replace("\\r", ""));
            assert_eq!(outlines[0], outlines[1], "{text}");
            let mut spans = [Vec::new(), Vec::new()];
            for (text, spans) in [text, &windows].into_iter().zip(&mut spans) {
                let tree = parse(text);
                tree.documents.iter().for_each(|node| places(node, spans));
                let kept = |at: u32| text[..at as usize].replace('\r', "").len();
                for span in spans {
                    *span = Span::new(kept(span.start), kept(span.end));
                }
            }
            assert_eq!(spans[0], spans[1], "{text}");
        }
    }
}

fn sound(text: &str, tree: &Tree) {
    let mut spans: Vec<Span> = tree.problems.iter().map(|problem| problem.span).collect();
    for document in &tree.documents {
        places(document, &mut spans);
        nested(text, document);
    }
    assert!(spans.len() < 200_000 + 4 * text.len());
    for span in spans {
        let range = span.start as usize..span.end as usize;
        assert!(text.get(range).is_some(), "{span:?} in {text:?}");
    }
}

fn places(node: &Node, spans: &mut Vec<Span>) {
    spans.push(node.span);
    spans.extend(node.alias);
    node.items().iter().for_each(|item| places(item, spans));
    for entry in node.entries() {
        places(&entry.key, spans);
        places(&entry.value, spans);
    }
}

/// Children lie inside their parent, one behind the other.
fn nested(text: &str, node: &Node) {
    let pairs = own_entries(node).flat_map(|entry| [&entry.key, &entry.value]);
    for child in node.items().iter().chain(pairs) {
        let (outer, inner) = (node.span, child.place());
        assert!(
            outer.start <= inner.start && inner.end <= outer.end,
            "{inner:?} leaves {outer:?} in {text:?}"
        );
        nested(text, child);
    }
    for entry in own_entries(node) {
        // Not its start: an empty table of TOML stands on its whole header.
        let in_order = entry.key.place().end <= entry.value.place().end;
        assert!(in_order, "{text:?}");
    }
}

fn own_entries(node: &Node) -> impl Iterator<Item = &Entry> {
    node.entries().iter().filter(|entry| !entry.merged)
}
