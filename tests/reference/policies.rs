//! The pages of the policies: what `envguard explain` says, with every example and its findings.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use envguard::pipeline::examples;
use envguard::policy::spec::Example;
use envguard::policy::{Page, Spec};
use envguard::report::{Report, Style};

use crate::{GENERATED, Pages, cell, fenced};

pub fn pages(specs: &[Spec], pages: &mut Pages) {
    for spec in specs {
        pages.insert(format!("policies/{}.md", spec.id.text), page(spec, specs));
    }
    pages.insert("policies/README.md".into(), index(specs));
}

/// All policies, by the folder they lie in.
fn index(specs: &[Spec]) -> String {
    let mut subjects: BTreeMap<&str, Vec<&Spec>> = BTreeMap::new();
    for spec in specs {
        let subject = spec.source.name.split('/').nth(1).unwrap();
        subjects.entry(subject).or_default().push(spec);
    }
    let mut out = format!("{GENERATED}# Policies\n\n{} policies ship. ", specs.len());
    out += "`envguard explain ID` prints these pages, `envguard policy list` says which are on.\n";
    for (subject, mut specs) in subjects {
        specs.sort_by(|a, b| a.id.text.cmp(&b.id.text));
        let _ = write!(
            out,
            "\n## {subject}\n\n| policy | severity | ships | what |\n|---|---|---|---|\n"
        );
        for spec in specs {
            let page = Page::of(spec);
            let ships = if page.default_on { "on" } else { "off" };
            let _ = writeln!(
                out,
                "| [`{0}`]({0}.md) | {1} | {ships} | {2} |",
                page.id,
                cell(&page.severity),
                cell(&page.title)
            );
        }
    }
    out
}

fn page(spec: &Spec, specs: &[Spec]) -> String {
    let page = Page::of(spec);
    let mut out = format!("{GENERATED}# {}\n\n**{}**\n\n", page.id, page.title);
    head(&page, &mut out);
    let _ = write!(out, "\n## Why\n\n{}\n", page.why);
    if let Some(fix) = &page.fix {
        let _ = write!(out, "\n## Fix\n\n{fix}\n");
    }
    if !page.rule.is_empty() {
        let _ = write!(out, "\n## Rule\n\n{}", fenced("yaml", &page.rule));
    }
    for (heading, bad) in [("What it finds", true), ("What is fine", false)] {
        let _ = write!(out, "\n## {heading}\n");
        for example in spec.examples.iter().filter(|example| example.bad == bad) {
            self::example(spec, specs, example, &mut out);
        }
    }
    params(&page, &mut out);
    exceptions(&page, &mut out);
    out
}

fn head(page: &Page, out: &mut String) {
    let join = |words: &[envguard::model::Str]| {
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        words.join(" ")
    };
    let ships = if page.default_on {
        "on"
    } else {
        "off: switch it on in the configuration"
    };
    let _ = writeln!(out, "- Severity: {}", page.severity);
    let _ = writeln!(out, "- Ships {ships}");
    if let Some(day) = &page.expires {
        let _ = writeln!(out, "- Last day: {day}");
    }
    if !page.reads.is_empty() {
        let _ = writeln!(out, "- Reads {} [facts](../facts.md)", join(&page.reads));
    }
    if !page.tags.is_empty() {
        let _ = writeln!(out, "- Tags: {}", join(&page.tags));
    }
    if !page.serves.is_empty() {
        let _ = writeln!(
            out,
            "- Serves [requirements](../coverage.md) {}",
            join(&page.serves)
        );
    }
}

fn example(spec: &Spec, specs: &[Spec], example: &Example, out: &mut String) {
    let title = &example.title.text;
    let mut chars = title.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    let _ = write!(out, "\n### {first}{}\n", chars.as_str());
    for (path, text) in &example.files {
        let untracked = if example.untracked.contains(path) {
            ", not in version control"
        } else {
            ""
        };
        let _ = write!(
            out,
            "\n`{path}`{untracked}\n\n{}",
            fenced(language(path), text)
        );
    }
    if let Some(config) = &example.config {
        let text = config.span.of(&spec.source.text);
        let _ = write!(out, "\nwith the configuration\n\n{}", fenced("yaml", text));
    }
    given(spec, example, out);
    if example.bad {
        let _ = write!(
            out,
            "\nsays\n\n{}",
            fenced("text", &findings(spec, specs, example))
        );
    }
}

/// The parameters of an example.
fn given(spec: &Spec, example: &Example, out: &mut String) {
    let given: Vec<String> = example
        .params
        .iter()
        .map(|(name, value)| format!("{}: {}", name.text, value.span.of(&spec.source.text)))
        .collect();
    if !given.is_empty() {
        let text = fenced("yaml", &given.join("\n"));
        let _ = write!(out, "\nwith the parameters\n\n{text}");
    }
}

/// What a report says. Lines are short enough for a page.
fn findings(spec: &Spec, specs: &[Spec], example: &Example) -> String {
    let settled = match examples::show(spec, specs, example, None) {
        Ok(settled) => settled,
        Err(found) => panic!("{}: {:?}", spec.id.text, found),
    };
    let style = Style {
        width: 100,
        quiet: true,
        brief: true,
        ..Style::default()
    };
    let mut out = Vec::new();
    let human = Report::named("human").unwrap();
    human.write(&settled, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn language(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("yml" | "yaml") => "yaml",
        Some("json") => "json",
        Some("toml") => "toml",
        Some("sh") => "sh",
        Some("md") => "markdown",
        _ if path.contains(".env") => "dotenv",
        _ => "text",
    }
}

fn params(page: &Page, out: &mut String) {
    if page.params.is_empty() {
        return;
    }
    *out += "\n## Parameters\n\n| name | type | default | what |\n|---|---|---|---|\n";
    for param in &page.params {
        let doc = param.doc.as_deref().unwrap_or_default();
        let _ = writeln!(
            out,
            "| `{}` | {} | `{}` | {} |",
            param.name,
            cell(&param.ty),
            cell(&param.default),
            cell(doc)
        );
    }
}

fn exceptions(page: &Page, out: &mut String) {
    let switch = if page.default_on {
        "Switch it off"
    } else {
        "Switch it on"
    };
    let _ = write!(
        out,
        "\n## Exceptions\n\n{switch} in `.envguard.yml`:\n\n{}\nor give it another severity:\n\n{}\nor accept one case, with a reason:\n\n{}\nor accept it where it stands, on the line or the line above it:\n\n{}",
        fenced("yaml", &page.off),
        fenced("yaml", &page.other_severity),
        fenced("yaml", &page.allow),
        fenced(
            "text",
            &format!(
                "# envguard: allow {} -- the reason until=2026-12-31",
                page.id
            )
        ),
    );
}
