//! What one evaluation carries along: the tree, the budget, the issues, and the files it has already parsed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::origin::{Origin, Place, Use};
use super::paths;
use super::project::{Invocation, Issue, IssueKind, Unset};
use super::value::Words;
use super::variables::{Variable, Variables};
use crate::model::tree::ReadError;
use crate::model::{Problem, Secret, Span, Str, Tree};
use crate::syntax::dotenv::Document;
use crate::syntax::template::{Outcome, Refusal, RefusalKind, Used};
use crate::syntax::{self, Offsets, Template};

/// Nodes that may be made, copies for `extends` and aliases included: enough for ten thousand services.
const MOST_NODES: usize = if cfg!(test) { 250_000 } else { 1_000_000 };
/// Bytes that interpolation may add.
const MOST_BYTES: usize = 64 << 20;

pub(super) struct Run<'a> {
    tree: &'a dyn Tree,
    pub unset_mode: Unset,
    pub issues: Vec<Issue>,
    pub unset: BTreeSet<Str>,
    /// `HOME`, where it is known.
    pub home: Option<String>,
    /// Something that takes part could not be read: what is missing may stand there.
    pub incomplete: bool,
    nodes: usize,
    bytes: usize,
    parsed: HashMap<Str, Option<Arc<Source>>>,
    pub env_files: HashMap<(Str, bool), Option<Arc<Document>>>,
}

/// A parsed YAML file.
pub(super) struct Source {
    pub path: Str,
    pub text: Str,
    pub yaml: syntax::Tree,
}

impl<'a> Run<'a> {
    pub fn new(tree: &'a dyn Tree, invocation: &Invocation) -> Self {
        let home = invocation.env.iter().find(|(name, _)| name == "HOME");
        Self {
            tree,
            unset_mode: invocation.unset,
            issues: Vec::new(),
            unset: BTreeSet::new(),
            incomplete: false,
            home: home.map(|(_, home)| home.expose().to_owned()),
            nodes: MOST_NODES,
            bytes: MOST_BYTES,
            parsed: HashMap::new(),
            env_files: HashMap::new(),
        }
    }

    pub fn issue(&mut self, kind: IssueKind, origin: &Origin, message: impl Into<String>) {
        self.issue_at(kind, &origin.place.file, origin.span(), message);
    }

    pub fn issue_at(
        &mut self,
        kind: IssueKind,
        file: &Str,
        span: Span,
        message: impl Into<String>,
    ) {
        self.incomplete |= matches!(
            kind,
            IssueKind::MissingFile
                | IssueKind::Extends
                | IssueKind::IncludeCycle
                | IssueKind::Limit
                | IssueKind::Outside
                | IssueKind::Yaml
                | IssueKind::Schema
        );
        self.issues.push(Issue {
            kind,
            file: file.clone(),
            problem: Problem::new(kind.code(), span, message),
        });
    }

    /// False once there are too many nodes; said once.
    pub fn spend(&mut self, nodes: usize, origin: &Origin) -> bool {
        if let Some(left) = self.nodes.checked_sub(nodes) {
            self.nodes = left;
            return true;
        }
        if self.nodes > 0 {
            self.nodes = 0;
            let message = "the project grows too large: not followed any further";
            self.issue(IssueKind::Limit, origin, message);
        }
        false
    }

    pub fn has(&self, path: &str) -> bool {
        paths::is_inside(path) && self.tree.has(path)
    }

    /// The text of a file of the tree; nothing outside is ever asked for.
    pub fn read(&self, path: &str) -> Result<Str, ReadError> {
        if paths::is_inside(path) {
            self.tree.read(path)
        } else {
            Err(ReadError::Missing)
        }
    }

    /// Parses a YAML file, once. `asked` is the place that names it.
    pub fn parse(&mut self, path: &str, asked: &Origin) -> Option<Arc<Source>> {
        if let Some(known) = self.parsed.get(path) {
            let known = known.clone();
            if known.is_none() {
                self.missing(path, asked);
            }
            return known;
        }
        let file = Str::from(path);
        let source = if let Ok(text) = self.read(path) {
            let yaml = syntax::yaml::parse(&text);
            self.incomplete |= !yaml.problems.is_empty();
            for problem in &yaml.problems {
                self.issues.push(Issue {
                    kind: IssueKind::Yaml,
                    file: file.clone(),
                    problem: problem.clone(),
                });
            }
            Some(Arc::new(Source {
                path: file.clone(),
                text,
                yaml,
            }))
        } else {
            self.missing(path, asked);
            None
        };
        self.parsed.insert(file, source.clone());
        source
    }

    fn missing(&mut self, path: &str, asked: &Origin) {
        if paths::is_elsewhere(path) {
            self.incomplete = true;
            return;
        }
        let (kind, message) = if paths::is_inside(path) {
            (IssueKind::MissingFile, "no such file, or it cannot be read")
        } else {
            (IssueKind::Outside, "the path leaves the repository")
        };
        self.issue(kind, asked, message);
    }

    /// Replaces the variables in a text that was read from `span` of a file.
    pub fn interpolate(
        &mut self,
        text: &str,
        file: &Str,
        source: &str,
        span: Span,
        variables: &Variables,
    ) -> Words {
        if !text.contains('$') {
            return Words::plain(text);
        }
        let offsets = Offsets::aligned(text, source, span);
        let template = Template::parse_in(text, &offsets);
        let lookup = |name: &str| variables.get(name);
        let unset = self.placeholder();
        let evaluated = template.evaluate_or(text, &lookup, &unset);
        let mut known = evaluated.is_known();
        let find = |name: &str| variables.variable(name);
        let uses = self.uses(file, &evaluated.used, &find, &mut known);
        if let Some(refusal) = evaluated.refusal {
            self.refuse(file, refusal);
        }
        let text = self.within_budget(evaluated.text, file, span);
        Words { text, uses, known }
    }

    /// What stands for the value of a variable that nothing sets.
    pub fn placeholder(&self) -> String {
        match self.unset_mode {
            Unset::Blank => String::new(),
            Unset::Unknown => super::origin::UNKNOWN.to_string(),
        }
    }

    /// What a text used, with the place of every variable; `known` falls when one of them is not.
    pub fn uses<'v>(
        &mut self,
        file: &Str,
        used: &[Used],
        find: &dyn Fn(&str) -> Option<&'v Variable>,
        known: &mut bool,
    ) -> Arc<[Use]> {
        used.iter()
            .map(|used| {
                let variable = find(&used.name);
                let passed_on = matches!(used.outcome, Outcome::Value | Outcome::Nothing);
                *known &= !passed_on || variable.is_none_or(|variable| variable.known);
                if used.outcome == Outcome::Unset {
                    self.unset.insert(used.name.clone());
                }
                Use {
                    name: used.name.clone(),
                    file: file.clone(),
                    span: used.span,
                    operand: used.operand,
                    outcome: used.outcome,
                    source: variable.and_then(|variable| variable.place.clone()),
                }
            })
            .collect()
    }

    pub fn refuse(&mut self, file: &Str, refusal: Refusal) {
        let kind = match refusal.kind {
            RefusalKind::Interpolation => IssueKind::Interpolation,
            RefusalKind::EnvFile => IssueKind::EnvFileSyntax,
            RefusalKind::TooLarge => IssueKind::Limit,
            RefusalKind::Required if self.unset_mode == Unset::Unknown => return,
            RefusalKind::Required => IssueKind::RequiredVariable,
        };
        let problem = refusal.problem;
        self.issue_at(kind, file, problem.span, problem.message);
    }

    fn within_budget(&mut self, text: Secret, file: &Str, span: Span) -> Secret {
        if let Some(left) = self.bytes.checked_sub(text.expose().len()) {
            self.bytes = left;
            return text;
        }
        let message = "the values of this project grow too large: left blank";
        self.issue_at(IssueKind::Limit, file, span, message);
        Secret::default()
    }
}

/// The origin of something in a file.
pub(super) fn origin(file: &Str, key: Span, value: Span) -> Origin {
    Origin {
        place: Place {
            file: file.clone(),
            key,
            value,
        },
        via: None,
    }
}
