//! Runs the examples of a policy. How files become facts is given by whoever joins the stages; everything else about
//! examples is here: exact places, a good one that must select something, a condition that some example must need.

mod compiled;
mod fill;
mod mutation;
#[cfg(test)]
mod tests;

pub use compiled::compiled;
pub use fill::{filled, filled_earlier};

use std::collections::BTreeMap;

use super::diagnostic::{Diagnostic, tidy};
use super::evaluate::{Index, Input, Stat, State, evaluate_indexed};
use super::funnel::Funnel;
use super::message::few;
use super::param::Piece;
use super::policy::Policy;
use super::spec::{Earlier, Example, Spec};
use crate::model::{Environments, Fact, Finding, Lines, Span, Str};

/// An example's repository, its made-up keys filled in.
pub struct Repo<'a> {
    /// Sorted by path.
    pub files: &'a [(Str, Str)],
    pub untracked: &'a [Str],
    /// What earlier commits held.
    pub earlier: &'a [Earlier],
    /// What `.envguard.yml` would say.
    pub config: Option<&'a Piece>,
    /// The policy under these environments: some facts are read for who asks alone.
    pub policy: &'a (dyn Fn(&Environments) -> Option<Policy> + 'a),
}

/// What was read from it.
pub struct Judged {
    pub facts: Vec<Fact>,
    pub environments: Environments,
}

/// Turns a repository into facts, or tells what is wrong with the example's configuration.
pub type Read<'a> = dyn Fn(&Repo<'_>) -> Result<Judged, Vec<Diagnostic>> + Sync + 'a;
/// The made-up key behind `${fake.NAME}`.
pub type Fake<'a> = dyn Fn(&str) -> Option<String> + Sync + 'a;

/// What the examples run on.
pub struct Bench<'a> {
    pub read: &'a Read<'a>,
    pub fake: &'a Fake<'a>,
}

/// One policy, tried.
pub struct Tested {
    pub policy: Str,
    pub examples: Vec<Tried>,
    /// What is wrong, and what no example needs.
    pub found: Vec<Diagnostic>,
}

/// One example, tried.
pub struct Tried {
    pub title: Str,
    pub bad: bool,
    pub passed: bool,
    pub files: Vec<(Str, Str)>,
    pub findings: Vec<Finding>,
    pub environments: Environments,
}

/// Tries every example of one policy; `specs` are all policies, for matrix rows that name one.
pub fn test(spec: &Spec, specs: &[Spec], bench: &Bench<'_>) -> Tested {
    let mut found = Vec::new();
    let runs: Vec<Run<'_>> = spec
        .examples
        .iter()
        .filter_map(|example| {
            Run::new(spec, specs, example, bench)
                .map_err(|mut problems| found.append(&mut problems))
                .ok()
        })
        .collect();
    let complete = runs.len() == spec.examples.len();
    let mut examples = Vec::new();
    for run in &runs {
        let outcome = run.outcome(&run.policy);
        let problems = run.judge(spec, &outcome);
        examples.push(Tried {
            title: Str::clone(&run.example.title.text),
            bad: run.example.bad,
            passed: problems.is_empty(),
            files: run.files.clone(),
            findings: outcome.findings,
            environments: run.judged.environments.clone(),
        });
        found.extend(problems);
    }
    if complete {
        found.extend(mutation::unneeded(spec, &runs));
    }
    found.extend(unwritten(spec));
    Tested {
        policy: Str::clone(&spec.id.text),
        examples,
        found: tidy(found),
    }
}

/// Texts of the template that nobody has written yet.
fn unwritten(spec: &Spec) -> Option<Diagnostic> {
    let fix = spec.fix.as_ref().map(|fix| &fix.text);
    let message = spec.message.as_ref().map(|message| &message.text);
    let own = [
        ("title", Some(&spec.title)),
        ("why", Some(&spec.why)),
        ("fix", fix),
        ("message", message),
    ];
    let titles = spec.examples.iter().map(|example| {
        let word = if example.bad { "bad" } else { "good" };
        (word, Some(&example.title.text))
    });
    let open: Vec<&str> = own
        .into_iter()
        .chain(titles)
        .filter(|(_, text)| text.is_some_and(|text| text.starts_with("TODO")))
        .map(|(word, _)| word)
        .collect();
    (!open.is_empty()).then(|| {
        let title = format!("`{}` still says TODO: {}", spec.id.text, open.join(", "));
        Diagnostic::warning("P018", spec.at(spec.id.span), title)
            .label("findings print these texts")
    })
}

/// An example with its facts and its policy, ready to be asked.
struct Run<'a> {
    example: &'a Example,
    policy: Policy,
    files: Vec<(Str, Str)>,
    judged: Judged,
    index: Index,
}

/// What a policy says about an example.
struct Outcome {
    findings: Vec<Finding>,
    /// `PATH:LINE` of each finding, sorted.
    places: Vec<String>,
    stat: Stat,
}

impl<'a> Run<'a> {
    fn new(
        spec: &'a Spec,
        specs: &[Spec],
        example: &'a Example,
        bench: &Bench<'_>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let files = filled(spec, example, bench.fake)?;
        let earlier = filled_earlier(spec, example, bench.fake)?;
        let config = spec.config_of(example);
        let judged = (bench.read)(&Repo {
            files: &files,
            untracked: &example.untracked,
            earlier: &earlier,
            config: config.as_ref(),
            policy: &|environments| compiled(spec, specs, example, environments).ok(),
        })?;
        let policy = compiled(spec, specs, example, &judged.environments)?;
        let index = Index::new(&judged.facts);
        Ok(Self {
            example,
            policy,
            files,
            judged,
            index,
        })
    }

    fn outcome(&self, policy: &Policy) -> Outcome {
        let lines: BTreeMap<&str, Lines> = self
            .files
            .iter()
            .map(|(path, text)| (&**path, Lines::of(text)))
            .collect();
        let line_of = |path: &str, span: Span| lines.get(path).map(|lines| lines.line(span.start));
        let by_file = |file: &crate::model::File, span: Span| line_of(&file.path, span);
        let mut input = Input::new(&self.judged.facts, &self.judged.environments);
        input.line_of = Some(&by_file);
        let mut evaluation = evaluate_indexed(std::slice::from_ref(policy), &input, &self.index);
        let place = |finding: &Finding| {
            let path = &finding.primary.file.path;
            format!(
                "{path}:{}",
                line_of(path, finding.primary.span).unwrap_or(1)
            )
        };
        let mut places: Vec<String> = evaluation.findings.iter().map(place).collect();
        places.sort();
        Outcome {
            findings: evaluation.findings,
            places,
            stat: evaluation.stats.remove(0),
        }
    }

    /// What is wrong with an example.
    fn judge(&self, spec: &Spec, outcome: &Outcome) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        match (self.example.bad, &self.example.expect) {
            (true, Some(expect)) => found.extend(self.unexpected(spec, outcome, expect)),
            (true, None) if outcome.places.is_empty() => {
                let title = format!(
                    "bad example of `{}` has no finding (it selects {} fact(s))",
                    spec.id.text, outcome.stat.selected
                );
                let problem = self
                    .problem(spec, "P015", title)
                    .label("expected at least one");
                found.push(self.reasons(problem, outcome));
            }
            (false, _) if !outcome.places.is_empty() => {
                let title = format!(
                    "good example of `{}` has {} finding(s)",
                    spec.id.text,
                    outcome.places.len()
                );
                let mut problem = self.problem(spec, "P015", title).label("expected none");
                for finding in outcome.findings.iter().take(10) {
                    problem = problem.note(format!("{}: {}", self.place(finding), finding.message));
                }
                found.push(problem);
            }
            _ => {}
        }
        if !self.example.bad && !self.proves(&outcome.stat) {
            found.push(self.vacuous(spec, outcome));
        }
        found
    }

    fn place(&self, finding: &Finding) -> String {
        let path = &finding.primary.file.path;
        let text = self.files.iter().find(|(name, _)| name == path);
        let line = text.map_or(1, |(_, text)| {
            Lines::of(text).line(finding.primary.span.start)
        });
        format!("{path}:{line}")
    }

    fn problem(&self, spec: &Spec, code: &'static str, title: String) -> Diagnostic {
        Diagnostic::error(code, spec.at(self.example.title.span), title)
    }

    fn unexpected(
        &self,
        spec: &Spec,
        outcome: &Outcome,
        expect: &[super::spec::Text],
    ) -> Option<Diagnostic> {
        let mut missing: Vec<String> = expect.iter().map(|place| place.text.to_string()).collect();
        missing.sort();
        let mut surplus = Vec::new();
        for place in &outcome.places {
            match missing.iter().position(|wanted| wanted == place) {
                Some(at) => drop(missing.remove(at)),
                None => surplus.push(place.clone()),
            }
        }
        if missing.is_empty() && surplus.is_empty() {
            return None;
        }
        let title = format!(
            "bad example of `{}` has other findings than it expects",
            spec.id.text
        );
        let span = expect
            .first()
            .map_or(self.example.title.span, |place| place.span);
        let label = difference(&missing, &surplus);
        let mut problem = Diagnostic::error("P015", spec.at(span), title).label(label);
        if !missing.is_empty() {
            problem = problem.note(format!("expected but not found: {}", few(&missing, 10)));
            problem = self.reasons(problem, outcome);
        }
        if !surplus.is_empty() {
            problem = problem.note(format!("found but not expected: {}", few(&surplus, 10)));
        }
        Some(problem)
    }

    /// A good example has to show the policy something that it lets pass.
    fn proves(&self, stat: &Stat) -> bool {
        let needed = if self.policy.compares() { 2 } else { 1 };
        stat.selected >= needed
    }

    fn vacuous(&self, spec: &Spec, outcome: &Outcome) -> Diagnostic {
        let selected = outcome.stat.selected;
        let title = format!(
            "good example of `{}` proves nothing: it selects {selected} fact(s)",
            spec.id.text
        );
        let label = if selected == 0 {
            "`for`/`where` match nothing here"
        } else {
            "two facts are needed to compare anything"
        };
        let counts: Vec<String> = self
            .index
            .counts()
            .map(|(kind, count)| format!("{count} {}", kind.name()))
            .collect();
        let problem = self.problem(spec, "P016", title).label(label);
        let mut counts = counts;
        counts.sort_by(|a, b| {
            a.split_once(' ')
                .map(|one| one.1)
                .cmp(&b.split_once(' ').map(|one| one.1))
        });
        self.reasons(problem, outcome)
            .note(format!("facts seen: {}", few(&counts, 20)))
    }

    /// Why nothing, or too little, was selected.
    fn reasons(&self, mut problem: Diagnostic, outcome: &Outcome) -> Diagnostic {
        if outcome.stat.state == State::Dormant {
            let names = self.policy.dormant.join("`, `");
            return problem.note(format!(
                "parameter `{names}` is empty: give it a value under `params` of the example"
            ));
        }
        let mut told: Vec<String> = Vec::new();
        for rule in self.policy.rules.iter() {
            let funnel = Funnel::of(rule, self.judged.facts.iter(), &self.judged.environments);
            let text = funnel.to_string();
            if !told.contains(&text) {
                told.push(text);
            }
        }
        for text in told.into_iter().take(4) {
            problem = problem.note(text);
        }
        problem
    }
}

/// The first place that is wrong, and how many more there are.
fn difference(missing: &[String], surplus: &[String]) -> String {
    let more = |count: usize| match count {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    match (missing.first(), surplus.first()) {
        (Some(wanted), Some(place)) => format!(
            "expected {wanted}{}, found {place}{}",
            more(missing.len()),
            more(surplus.len())
        ),
        (Some(wanted), None) => {
            format!(
                "expected {wanted}{}, which is not found",
                more(missing.len())
            )
        }
        (None, place) => format!(
            "found {}{}, too",
            place.map_or("", String::as_str),
            more(surplus.len())
        ),
    }
}
