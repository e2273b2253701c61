//! Task lists in documents: what a team said it would do before a release, ticked or open.

use crate::model::file::Nature;
use crate::model::schema::checklist_item;
use crate::model::{Fact, Span};

use super::{Claim, Format, Input, Output};

pub static MARKDOWN: Format = Format {
    name: "markdown",
    doc: "documents, for their task lists",
    nature: Nature::Prose,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let lower = path.to_ascii_lowercase();
    let is_document = [".md", ".mdx", ".markdown"]
        .iter()
        .any(|end| lower.ends_with(end));
    // Forms for whoever opens an issue or a request are filled in elsewhere.
    let is_form = lower.contains("issue_template") || lower.contains("pull_request_template");
    let is_foreign = path.contains("vendor/");
    if is_document && !is_form && !is_foreign {
        Claim::IfText(has_tasks)
    } else {
        Claim::No
    }
}

fn has_tasks(text: &str) -> bool {
    ["[ ] ", "[x] ", "[X] "]
        .iter()
        .any(|tick| text.contains(tick))
}

fn parse(input: &Input) -> Output {
    let mut facts = Vec::new();
    let mut section = "";
    let mut fence: Option<&str> = None;
    let mut comment = false;
    let mut start = 0;
    for line in input.text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let content = line.trim();
        if let Some(open) = fence {
            if content.starts_with(open) {
                fence = None;
            }
            continue;
        }
        if comment {
            comment = !content.contains("-->");
            continue;
        }
        fence = ["```", "~~~"]
            .into_iter()
            .find(|sign| content.starts_with(sign));
        comment = content.starts_with("<!--") && !content.contains("-->");
        if let Some(heading) = heading(line) {
            section = heading;
        } else if let Some((ticked, text)) = item(content) {
            let start = at + line.find(text).unwrap_or_default();
            facts.push(task(input, start, text, section).with(checklist_item::CHECKED, ticked));
        }
    }
    Output {
        facts,
        ..Output::default()
    }
}

fn task(input: &Input, start: usize, text: &str, section: &str) -> Fact {
    let span = Span::new(start, start + text.len());
    Fact::new(checklist_item::KIND, input.file, span, span)
        .with(checklist_item::TEXT, text)
        .with(
            checklist_item::SECTION,
            section.replace(['*', '_', '`'], ""),
        )
}

/// `## Before the release ##`
fn heading(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('#')?.trim_start_matches('#');
    rest.starts_with([' ', '\t']).then(|| {
        rest.trim()
            .trim_end_matches('#')
            .trim()
            .trim_matches(['*', '_', ':'])
    })
}

/// `- [ ] text`, `* [x] text`, `1. [ ] text`, also in quotes.
fn item(content: &str) -> Option<(bool, &str)> {
    let content = content.trim_start_matches(['>', ' ']);
    let digits = content.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = content
        .strip_prefix(['-', '*', '+'])
        .or_else(|| {
            digits
                .strip_prefix(['.', ')'])
                .filter(|_| digits.len() < content.len())
        })?
        .trim_start();
    let (ticked, rest) = match rest.get(..3)? {
        "[ ]" => (false, rest.get(3..)?),
        "[x]" | "[X]" => (true, rest.get(3..)?),
        _ => return None,
    };
    let text = rest.trim();
    (rest.starts_with([' ', '\t']) && !text.is_empty()).then_some((ticked, text))
}
