//! `envguard explain ID FILE:LINE`: what a policy looks at there, which condition let a fact go, and what came of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::cli::args::{SettingsArgs, SourceArgs};
use crate::cli::{Failure, request};
use crate::model::{Document, Fact, Finding};
use crate::pipeline::{self, Understood, understand_for};
use crate::policy::Policy;
use crate::policy::funnel::Funnel;
use crate::policy::message::few;
use crate::policy::policy::Rule;
use crate::report::Style;
use crate::report::page::{Paint, counted, painted};
use crate::settle::Scrubber;

pub fn run(id: &str, place: &str, style: &Style) -> Result<u8, Failure> {
    let (path, line) = split(place);
    let file = fs::canonicalize(path)
        .map_err(|error| Failure::Told(format!("error: cannot read {path}: {error}")))?;
    within(path, &file, line)?;
    let understood = understand_for(
        &request(&around(&file), &SettingsArgs::default())?,
        &[id.to_owned()],
    )?;
    let policies = pipeline::policies(&understood)?;
    let Some(policy) = policies.iter().find(|policy| *policy.id == *id) else {
        let ids = policies.iter().map(|policy| &*policy.id);
        return Err(Failure::no_policy(id, ids, &understood.opened.snapshot));
    };
    let root = understood.opened.root.as_deref();
    let below = root.and_then(|root| file.strip_prefix(root).ok());
    let below = below.map(|path| path.to_string_lossy().replace('\\', "/"));
    let view = View {
        scrubber: Scrubber::of(&understood.resolved.facts),
        understood: &understood,
        path: below.unwrap_or_default(),
        line,
        style,
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    view.write(policy, &policies, &mut out)?;
    out.flush()?;
    Ok(0)
}

/// A line that the file does not have is a slip, and no answer would tell it.
fn within(path: &str, file: &Path, line: Option<u32>) -> Result<(), Failure> {
    let Some(line) = line else {
        return Ok(());
    };
    let text = fs::read(file).unwrap_or_default();
    let lines = String::from_utf8_lossy(&text).lines().count();
    if (1..=lines.max(1)).contains(&(line as usize)) {
        return Ok(());
    }
    let has = counted(lines, "line", "lines");
    Err(Failure::Told(format!(
        "error: {path} has {has}, no line {line}"
    )))
}

/// What `check` without paths would look at, or the folder of a file that lies elsewhere: a file is understood as part
/// of its project.
fn around(file: &Path) -> SourceArgs {
    let mut source = SourceArgs::here();
    let here = std::env::current_dir().and_then(fs::canonicalize);
    if !here.is_ok_and(|here| file.starts_with(here)) {
        source.paths.extend(file.parent().map(Path::to_path_buf));
    }
    source
}

/// `FILE:LINE`, `FILE:LINE:COLUMN` as editors copy it, or `FILE`.
fn split(place: &str) -> (&str, Option<u32>) {
    let number = |text: &str| text.parse::<u32>().ok();
    match place.rsplit_once(':') {
        Some((before, last)) if number(last).is_some() => match before.rsplit_once(':') {
            Some((path, line)) if number(line).is_some() => (path, number(line)),
            _ => (before, number(last)),
        },
        _ => (place, None),
    }
}

/// How many different values are shown.
const MOST: usize = 8;

struct View<'a> {
    understood: &'a Understood,
    /// Field values are shown, and a command line may hold a password.
    scrubber: Scrubber,
    /// From the root.
    path: String,
    line: Option<u32>,
    style: &'a Style,
}

impl View<'_> {
    fn write(&self, policy: &Policy, policies: &[Policy], out: &mut dyn Write) -> io::Result<()> {
        let id = painted(&policy.id, Paint::Cyan, self.style);
        writeln!(out, "{id}: {}", policy.title)?;
        if !policy.on {
            writeln!(
                out,
                "It is off in this repository; this is what it would do."
            )?;
        }
        if !policy.dormant.is_empty() {
            let names = policy.dormant.join(", ");
            writeln!(
                out,
                "It waits for its parameters ({names}) and says nothing."
            )?;
        }
        let mut told = Vec::new();
        for rule in policy.rules.iter() {
            let lines = self.rule(rule);
            if !told.contains(&lines) {
                told.push(lines);
            }
        }
        for lines in &told {
            writeln!(out)?;
            for line in lines {
                writeln!(out, "{}", self.scrubber.text(line))?;
            }
        }
        self.verdict(policy, policies, out)
    }

    /// The way of the facts through one rule.
    fn rule(&self, rule: &Rule) -> Vec<String> {
        let facts = &self.understood.resolved.facts;
        let environments = &self.understood.lexicon.environments;
        let here: Vec<&Fact> = facts.iter().filter(|fact| self.is_here(fact)).collect();
        let none = here.iter().all(|fact| fact.kind != rule.kind);
        let mut lines = Vec::new();
        if !none || rule.row.is_none() {
            lines.extend(rule.row.iter().map(|row| format!("Row {row}")));
        }
        let everywhere = || {
            let funnel = Funnel::of(rule, facts.iter(), environments);
            let mut lines = steps(&funnel);
            lines.insert(0, "In the whole repository:".to_owned());
            lines
        };
        let compares = rule.assertion.is_group();
        if none {
            let name = rule.kind.name();
            lines.push(format!("It asks about {name}; {} is none.", self.place()));
            lines.extend(instead(&here));
            lines.extend(self.nearest(rule));
            // A matrix has many rows; that none of them is about this place is enough to know.
            if rule.row.is_none() {
                lines.extend(everywhere());
            }
            return lines;
        }
        let funnel = Funnel::of(rule, here.into_iter(), environments);
        lines.push(format!("{}:", capital(&self.place())));
        lines.extend(steps(&funnel));
        // What is compared lies elsewhere.
        if funnel.selected() == 0 || compares {
            lines.extend(everywhere());
        }
        lines
    }

    /// Where the closest fact of the kind is, for who pointed a line beside it.
    fn nearest(&self, rule: &Rule) -> Option<String> {
        let asked = self.line?;
        let resolved = &self.understood.resolved;
        let document = resolved
            .documents
            .iter()
            .find(|document| *document.file.path == *self.path)?;
        let here = |fact: &&Fact| fact.kind == rule.kind && *fact.file.path == *self.path;
        let lines = resolved.facts.iter().filter(here);
        let lines = lines.map(|fact| {
            (
                document.lines.line(fact.key.start.min(fact.span.start)),
                fact,
            )
        });
        let (line, fact) = lines.min_by_key(|(line, _)| line.abs_diff(asked))?;
        let name = rule
            .kind
            .field("name")
            .and_then(|field| fact.get(field).text());
        let name = name.map_or(String::new(), |name| format!(" ({name})"));
        Some(format!("Nearest: line {line}{name}"))
    }

    /// Whether something is found there.
    fn verdict(&self, policy: &Policy, policies: &[Policy], out: &mut dyn Write) -> io::Result<()> {
        let mut asked = policy.clone();
        asked.on = true;
        let evaluation = pipeline::evaluate(self.understood, &[asked]);
        let touches = |finding: &&Finding| {
            let mut facts = finding
                .facts
                .iter()
                .filter_map(|at| self.understood.resolved.facts.get(*at));
            facts.any(|fact| self.is_here(fact))
        };
        let found: Vec<&Finding> = evaluation.findings.iter().filter(touches).collect();
        writeln!(out)?;
        if found.is_empty() {
            let text = format!("No finding {}.", self.place());
            return writeln!(out, "{}", painted(&text, Paint::Green, self.style));
        }
        let head = counted(found.len(), "finding", "findings");
        let head = format!("{head} {}:", self.place());
        writeln!(out, "{}", painted(&head, Paint::Red, self.style))?;
        let granted = pipeline::granted(self.understood, policies, &found);
        for (finding, granted) in found.into_iter().zip(granted) {
            let message = self.scrubber.text(&finding.message);
            writeln!(out, "  {}: {message}", finding.severity)?;
            if let Some(by) = granted {
                writeln!(out, "  allowed by {by}; envguard check does not count it")?;
            }
        }
        Ok(())
    }

    fn place(&self) -> String {
        match self.line {
            Some(line) => format!("on line {line}"),
            None => "in this file".to_owned(),
        }
    }

    /// In the file that was named, on the line that was named.
    fn is_here(&self, fact: &Fact) -> bool {
        if *fact.file.path != *self.path {
            return false;
        }
        let Some(line) = self.line else {
            return true;
        };
        let document = self
            .understood
            .resolved
            .documents
            .iter()
            .find(|document| document.file.path == fact.file.path);
        document.is_some_and(|document| covers(document, fact, line))
    }
}

/// From the first line of its key to the last one of its value.
fn covers(document: &Document, fact: &Fact, line: u32) -> bool {
    let start = fact.key.start.min(fact.span.start);
    let end = fact.key.end.max(fact.span.end).saturating_sub(1).max(start);
    (document.lines.line(start)..=document.lines.line(end)).contains(&line)
}

/// How many facts each condition left over, and what the field that let none through had in it.
fn steps(funnel: &Funnel) -> Vec<String> {
    let lengths = funnel.steps.iter().map(|step| step.text.chars().count());
    let width = lengths.max().unwrap_or(0).min(60);
    let mut lines = vec![format!("  {:>4} {}", funnel.total, funnel.kind.name())];
    lines.extend(funnel.steps.iter().map(|step| {
        let was = step
            .was
            .as_ref()
            .map(|(field, values)| format!("{field} was {}", few(values, MOST)));
        let line = format!(
            "  {:>4} {:width$}  {}",
            step.left,
            step.text,
            was.unwrap_or_default()
        );
        line.trim_end().to_owned()
    }));
    lines.extend(funnel.aside.iter().map(|aside| {
        let rest = aside.to_string();
        let (count, rest) = rest.split_once(' ').unwrap_or(("", &rest));
        format!("  {count:>4} {rest}")
    }));
    lines.extend(funnel.answer.iter().map(|answer| {
        let tested: Vec<String> = answer
            .tested
            .iter()
            .map(|(field, values)| format!("{field} was {}", few(values, MOST)))
            .collect();
        let (held, word) = (answer.held, answer.word);
        let does = if held == 1 { "satisfies" } else { "satisfy" };
        format!("  {held:>4} {does} `{word}`: {}", tested.join("; "))
    }));
    lines
}

/// What there is where the policy finds nothing of its kind.
fn instead(here: &[&Fact]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for fact in here {
        *counts.entry(fact.kind.name()).or_default() += 1;
    }
    let list: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    (!list.is_empty()).then(|| format!("Facts there: {}", list.join(", ")))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
