//! A policy as its author wrote it: shapes checked, every part with its place, nothing typed yet. Conditions stay YAML
//! trees here, because they are typed again whenever a parameter is overridden.

use std::sync::Arc;

use super::diagnostic::{At, Source};
use super::param::Piece;
use crate::model::{Severity, Span, Str};
use crate::syntax::Node;

/// A piece of text with its place.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: Str,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Spec {
    pub source: Arc<Source>,
    pub id: Text,
    pub title: Str,
    pub why: Str,
    pub fix: Option<Text>,
    pub message: Option<Text>,
    pub serves: Vec<Str>,
    pub tags: Vec<Str>,
    /// `default: off`: has to be enabled.
    pub default_on: bool,
    /// `YYYY-MM-DD`; the policy is not asked any more after that day.
    pub expires: Option<Text>,
    pub severity: SeveritySpec,
    pub edit: Option<EditSpec>,
    pub params: Vec<ParamSpec>,
    pub body: Body,
    pub examples: Vec<Example>,
}

/// How grave a finding is.
#[derive(Clone, Debug)]
pub enum SeveritySpec {
    Fixed(Severity),
    /// By the value of a field; of several, the first whose value the table lists decides.
    By {
        fields: Vec<Text>,
        table: Node,
        /// `None` is `off`.
        default: Option<Severity>,
    },
}

/// `edit: {append: FILE, text: LINE}`: what would mend the finding.
#[derive(Clone, Debug)]
pub struct EditSpec {
    pub append: Text,
    pub text: Text,
}

#[derive(Clone, Debug)]
pub struct ParamSpec {
    pub name: Text,
    pub ty: Text,
    pub doc: Option<Str>,
    pub default: Node,
}

#[derive(Clone, Debug)]
pub enum Body {
    Rule(Box<RuleSpec>),
    Matrix(MatrixSpec),
}

#[derive(Clone, Debug)]
pub struct RuleSpec {
    pub kind: Text,
    pub select: Option<Node>,
    /// The word and what follows it; `None` where there is none, which is a mistake told already.
    pub assertion: Option<(Text, Node)>,
    pub if_absent: Option<IfAbsent>,
    pub scope: Option<(Scope, Span)>,
}

/// What a demand says of a fact that lacks the field.
#[derive(Clone, Copy, Debug)]
pub struct IfAbsent {
    pub pass: bool,
    pub span: Span,
}

/// The unit in which facts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Project,
    Repo,
}

#[derive(Clone, Debug)]
pub struct MatrixSpec {
    pub environments: Vec<Text>,
    pub rows: Vec<RowSpec>,
}

#[derive(Clone, Debug)]
pub struct RowSpec {
    /// The behaviour, or the id of the policy that the row decides about.
    pub name: Text,
    pub what: RowKind,
    pub severity: Option<Severity>,
    pub cells: Vec<CellSpec>,
}

#[derive(Clone, Debug)]
pub enum RowKind {
    Facts { kind: Text, select: Option<Node> },
    Policy(Text),
}

#[derive(Clone, Debug)]
pub struct CellSpec {
    pub env: Text,
    pub cell: Cell,
}

#[derive(Clone, Debug)]
pub enum Cell {
    Allowed,
    Forbidden,
    Required,
    Demand {
        required: bool,
        must: Option<Node>,
        must_not: Option<Node>,
        if_absent: Option<IfAbsent>,
        note: Option<Str>,
    },
}

/// A small repository that the policy must, or must not, complain about.
#[derive(Clone, Debug)]
pub struct Example {
    pub bad: bool,
    pub title: Text,
    pub files: Vec<(Str, Str)>,
    pub untracked: Vec<Str>,
    pub earlier: Vec<Earlier>,
    /// `PATH:LINE`; `None` asks for any finding at all.
    pub expect: Option<Vec<Text>>,
    pub config: Option<Node>,
    pub params: Vec<(Text, Node)>,
}

/// The files of a commit before the last one.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// `2025-06-01`
    pub day: Str,
    pub files: Vec<(Str, Str)>,
}

impl Spec {
    pub fn at(&self, span: Span) -> At {
        At::new(&self.source, span)
    }

    /// What `.envguard.yml` would say in one of its examples.
    pub fn config_of(&self, example: &Example) -> Option<Piece> {
        let piece = |node: &Node| Piece {
            source: Arc::clone(&self.source),
            node: node.clone(),
        };
        example.config.as_ref().map(piece)
    }
}
