//! The page of a policy on a terminal. The reference has the same content in Markdown.

use std::io::{self, Write};

use crate::pipeline::examples;
use crate::policy::param::Piece;
use crate::policy::spec::Example;
use crate::policy::{Page, Spec};
use crate::report::page::{Paint, note, painted, wrapped};
use crate::report::{Report, Style};

/// Columns before everything that stands below a heading.
const INDENT: &str = "  ";

pub fn write(
    spec: &Spec,
    specs: &[Spec],
    words: Option<&Piece>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page::of(spec);
    head(&page, spec, style, out)?;
    note("why", &page.why, style, out)?;
    if let Some(fix) = &page.fix {
        note("fix", fix, style, out)?;
    }
    if !page.rule.is_empty() {
        heading("The rule", style, out)?;
        indented(&page.rule, out)?;
    }
    for example in &spec.examples {
        self::example(spec, specs, words, example, style, out)?;
    }
    params(&page, style, out)?;
    exceptions(&page, style, out)?;
    out.flush()
}

fn head(page: &Page, spec: &Spec, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let dot = if style.unicode { " · " } else { " | " };
    let mut facts = vec![format!("severity {}", page.severity)];
    let state = if page.default_on { "on" } else { "off" };
    facts.push(if spec.source.built_in {
        format!("ships {state}")
    } else {
        format!("{state}, from {}", spec.source.name)
    });
    if let Some(day) = &page.expires {
        facts.push(format!("until {day}"));
    }
    if !page.tags.is_empty() {
        facts.push(format!("tags {}", joined(&page.tags)));
    }
    if !page.serves.is_empty() {
        facts.push(format!("serves {}", joined(&page.serves)));
    }
    writeln!(out, "{}", painted(&page.id, Paint::Cyan, style))?;
    for line in wrapped(&page.title, style.width) {
        writeln!(out, "{}", painted(&line, Paint::Bold, style))?;
    }
    for line in wrapped(&facts.join(dot), style.width) {
        writeln!(out, "{}", painted(&line, Paint::Dim, style))?;
    }
    writeln!(out)
}

fn joined(words: &[crate::model::Str]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    words.join(", ")
}

fn heading(text: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", painted(text, Paint::Bold, style))
}

fn indented(text: &str, out: &mut dyn Write) -> io::Result<()> {
    for line in text.lines() {
        writeln!(out, "{}", format!("{INDENT}{line}").trim_end())?;
    }
    Ok(())
}

/// The files of an example, and what the policy says about them.
fn example(
    spec: &Spec,
    specs: &[Spec],
    words: Option<&Piece>,
    example: &Example,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (kind, paint) = if example.bad {
        ("Bad", Paint::Red)
    } else {
        ("Good", Paint::Green)
    };
    let title = &example.title.text;
    writeln!(out, "\n{}: {title}", painted(kind, paint, style))?;
    for (path, text) in &example.files {
        let untracked = if example.untracked.contains(path) {
            " (not in version control)"
        } else {
            ""
        };
        let head = format!("{path}{untracked}");
        writeln!(out, "{INDENT}{}", painted(&head, Paint::Cyan, style))?;
        for (at, line) in text.lines().enumerate() {
            let number = painted(&format!("{:>3} ", at + 1), Paint::Dim, style);
            writeln!(out, "{INDENT}{}", format!("{number}{line}").trim_end())?;
        }
    }
    if !example.bad {
        return Ok(());
    }
    let narrow = Style {
        width: style.width.saturating_sub(INDENT.len()),
        quiet: true,
        brief: true,
        ..*style
    };
    // An example that cannot run is `policy test`'s to tell.
    let Ok(settled) = examples::show(spec, specs, example, words) else {
        return Ok(());
    };
    let mut text = Vec::new();
    if let Some(report) = Report::named("human") {
        report.write(&settled, &narrow, &mut text)?;
    }
    indented(String::from_utf8_lossy(&text).trim_end(), out)
}

fn params(page: &Page, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if page.params.is_empty() {
        return Ok(());
    }
    heading("Parameters", style, out)?;
    for param in &page.params {
        let doc = param.doc.as_deref().unwrap_or_default();
        let text = format!("{doc} ({}, default {})", param.ty, param.default);
        note(&param.name, text.trim_start(), style, out)?;
    }
    Ok(())
}

fn exceptions(page: &Page, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let (on, off) = if page.default_on {
        ("To switch it off", &page.off)
    } else {
        ("To switch it on", &page.off)
    };
    heading(&format!("{on}, in .envguard.yml"), style, out)?;
    indented(off, out)?;
    heading("To accept one case, with a reason", style, out)?;
    indented(&page.allow, out)?;
    writeln!(out, "{INDENT}or on the line itself, or the line above it:")?;
    let id = &page.id;
    writeln!(
        out,
        "{INDENT}# envguard: allow {id} -- the reason until=2026-12-31"
    )
}
