//! What has to hold of every answer, whatever the question was.

use envguard::format::Output;
use envguard::model::settled::Settled;
use envguard::model::{Fact, Span, Val};
use envguard::report;
use envguard::syntax::{Node, Tree};

/// No file of the largest size that is looked at here says more.
const MOST_FACTS: usize = 300_000;

/// Every place lies in the text and between two characters.
pub fn sound(text: &str, output: &Output) {
    let facts = output.facts.iter().flat_map(|fact| [fact.key, fact.span]);
    let problems = output.problems.iter().map(|problem| problem.span);
    for span in facts.chain(problems) {
        fits(text, span);
    }
    assert!(output.facts.len() + output.problems.len() < MOST_FACTS);
}

pub fn fits(text: &str, span: Span) {
    let range = span.start as usize..span.end as usize;
    let end = text.len();
    assert!(
        text.get(range).is_some(),
        "{span:?} does not fit {end} bytes"
    );
}

pub fn sound_tree(text: &str, tree: &Tree) {
    for problem in &tree.problems {
        fits(text, problem.span);
    }
    let mut open: Vec<&Node> = tree.documents.iter().collect();
    let mut seen = 0;
    while let Some(node) = open.pop() {
        fits(text, node.span);
        open.extend(node.items());
        open.extend(
            node.entries()
                .iter()
                .flat_map(|entry| [&entry.key, &entry.value]),
        );
        seen += 1;
    }
    assert!(seen < MOST_FACTS);
}

/// The same with each line's end folded to a blank.
pub fn folded(told: &str) -> String {
    told.replace("\\n", " ")
}

/// Facts and problems in words that are the same whatever ends a line.
pub fn told(text: &str, output: &Output) -> Vec<String> {
    let fact = |fact: &Fact| {
        // A text of several lines is longer where each end counts twice.
        let fields = fact
            .kind
            .fields()
            .filter(|field| field.schema().name != "length");
        let fields = fields.map(|field| match fact.get(field) {
            Val::Secret(secret) => format!("{:?}", secret.expose()),
            other => format!("{other:?}"),
        });
        let fields: Vec<String> = fields.collect();
        let key = format!("{:?}", fact.key.of(text).trim_end());
        format!("{:?} {key} {}", fact.kind, fields.join(" "))
    };
    let facts = output.facts.iter().map(fact);
    let problems = output.problems.iter().map(|one| one.code.to_owned());
    let told = facts.chain(problems);
    told.map(|line| line.replace("\\r\\n", "\\n")).collect()
}

/// Every report of a run: its text, read back where other programs read it.
pub fn reports(settled: &Settled) -> String {
    let mut all = String::new();
    for report in report::ALL {
        let mut out = Vec::new();
        let style = report::Style::default();
        report.write(settled, &style, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        match report.name {
            "json" | "sarif" | "gitlab" => {
                serde_json::from_str::<serde_json::Value>(&text).unwrap();
            }
            "junit" | "checkstyle" => {
                roxmltree::Document::parse(&text).unwrap();
            }
            "human" | "short" | "github" => harmless(&text),
            _ => {}
        }
        all += &text;
    }
    all
}

/// Nothing that a terminal or a runner would obey or that would make it show something else than what is there.
pub fn harmless(text: &str) {
    let wrong = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if let Some(at) = text.find(wrong) {
        let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
        panic!(
            "a sign that nobody may see: {:?}",
            text[line..].lines().next()
        );
    }
}
