//! The collections that are open while a document is read, and what its anchors stand for.

use std::collections::HashMap;

use super::keys;
use super::node::{Entry, Node, Value};
use crate::model::{Problem, Span, Str};

/// How deep collections may nest, aliases included: deeper than anything a person wrote, and shallow enough to walk
/// recursively.
pub const MAX_DEPTH: usize = 128;

/// Nodes that aliases may copy in one text: a billion laughs end here, and honest files stay far below.
const MAX_COPIES: usize = 100_000;

pub struct Nest {
    pub problems: Vec<Problem>,
    open: Vec<Open>,
    root: Option<Node>,
    /// `None` where the anchored node did not fit the budget.
    anchors: HashMap<usize, Option<Measured>>,
    copies_left: usize,
}

/// What precedes a node: `&anchor !tag`. Anchor 0 is none.
#[derive(Default)]
pub struct Properties {
    pub anchor: usize,
    pub tag: Option<Str>,
}

/// A collection whose end was not read yet.
struct Open {
    children: Children,
    span: Span,
    properties: Properties,
    size: Size,
}

enum Children {
    Seq(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        key: Option<Node>,
    },
}

/// How much copying a node costs, and how many collections nest in it.
#[derive(Clone, Copy)]
struct Size {
    nodes: usize,
    depth: usize,
}

struct Measured {
    node: Node,
    size: Size,
}

const LEAF: Size = Size { nodes: 1, depth: 0 };

/// What the next node will follow.
pub enum Before {
    /// The node is a document.
    Nothing,
    /// The node is a map's key.
    Pair,
    /// A map's key, which ends here.
    Key(u32),
    /// The start of a sequence, or the end of its last item.
    Item(u32),
}

impl Nest {
    pub fn new() -> Self {
        Self {
            problems: Vec::new(),
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            copies_left: MAX_COPIES,
        }
    }

    pub fn open_seq(&mut self, span: Span, properties: Properties) -> Result<(), Problem> {
        self.open(Children::Seq(Vec::new()), span, properties)
    }

    pub fn open_map(&mut self, span: Span, properties: Properties) -> Result<(), Problem> {
        let children = Children::Map {
            entries: Vec::new(),
            key: None,
        };
        self.open(children, span, properties)
    }

    /// Ends the innermost collection; `end` holds its closing bracket, if it has one.
    pub fn close(&mut self, end: Span) {
        let Some(mut open) = self.open.pop() else {
            return;
        };
        let span = open.span(end);
        let value = match open.children {
            Children::Seq(items) => Value::Seq(items),
            Children::Map { mut entries, .. } => {
                keys::settle(&mut entries, &mut self.problems);
                Value::Map(entries)
            }
        };
        let node = Node {
            value,
            span,
            tag: open.properties.tag.take(),
            alias: None,
        };
        open.size.depth += 1;
        self.place(node, open.size, open.properties.anchor);
    }

    pub fn scalar(&mut self, value: Value, span: Span, properties: Properties) {
        let node = Node {
            value,
            span,
            tag: properties.tag,
            alias: None,
        };
        self.place(node, LEAF, properties.anchor);
    }

    /// Puts a copy of the anchored node in the place of `*name`.
    pub fn alias(&mut self, anchor: usize, at: Span) {
        match self.copy(anchor) {
            Ok((mut node, size)) => {
                node.alias = Some(at);
                self.place(node, size, 0);
            }
            Err((code, message)) => self.unknown(at, code, message),
        }
    }

    /// An alias that stands for nothing: an absent value and a problem.
    pub fn unknown(&mut self, at: Span, code: &'static str, message: &str) {
        self.problems.push(Problem::new(code, at, message));
        let mut node = Node::null(at);
        node.alias = Some(at);
        self.place(node, LEAF, 0);
    }

    pub fn before(&self) -> Before {
        match self.open.last() {
            Some(Open {
                children: Children::Map { key: Some(key), .. },
                ..
            }) => Before::Key(key.place().end),
            Some(Open {
                children: Children::Seq(items),
                span,
                ..
            }) => Before::Item(items.last().map_or(span.start, |item| item.place().end)),
            Some(_) => Before::Pair,
            None => Before::Nothing,
        }
    }

    /// Ends a document and hands out its root.
    pub fn end_document(&mut self) -> Option<Node> {
        self.anchors.clear();
        self.open.clear();
        self.root.take()
    }

    /// Closes what is open where reading broke off. A key without its value goes, and so does a last plain scalar that
    /// runs up to the break: it may have swallowed what was meant to be the next line.
    pub fn break_off(&mut self, text: &str, at: u32) {
        let before = text.get(..at as usize).unwrap_or(text);
        let run_up = before.trim_end_matches([' ', '\t']).len();
        let swallows = |node: &Node| node.is_plain() && node.place().end as usize == run_up;
        match self.open.last_mut().map(|open| &mut open.children) {
            Some(Children::Seq(items)) => {
                items.pop_if(|item| swallows(item));
            }
            Some(Children::Map { entries, key: None }) => {
                entries.pop_if(|entry| swallows(&entry.value));
            }
            Some(Children::Map { .. }) => {}
            None => self.root = self.root.take().filter(|root| !swallows(root)),
        }
        while let Some(open) = self.open.last() {
            let start = open.span.start;
            self.close(Span { start, end: start });
        }
    }

    /// The opening mark of the innermost collection.
    pub fn innermost(&self) -> Option<Span> {
        self.open.last().map(|open| open.span)
    }

    fn open(
        &mut self,
        children: Children,
        span: Span,
        properties: Properties,
    ) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Problem::new(
                "nesting",
                span,
                "nested too deeply to be read",
            ));
        }
        let size = LEAF;
        self.open.push(Open {
            children,
            span,
            properties,
            size,
        });
        Ok(())
    }

    fn place(&mut self, node: Node, size: Size, anchor: usize) {
        self.remember(anchor, &node, size);
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        open.size.nodes += size.nodes;
        open.size.depth = open.size.depth.max(size.depth);
        match &mut open.children {
            Children::Seq(items) => items.push(node),
            Children::Map { entries, key } => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push(Entry {
                    key,
                    value: node,
                    merged: false,
                }),
            },
        }
    }

    fn remember(&mut self, anchor: usize, node: &Node, size: Size) {
        if anchor == 0 {
            return;
        }
        // Keeping the original costs a copy too, else a nest of anchors would cost its depth times its size.
        let measured = self.pay(size).then(|| Measured {
            node: node.clone(),
            size,
        });
        self.anchors.insert(anchor, measured);
    }

    fn copy(&mut self, anchor: usize) -> Result<(Node, Size), (&'static str, &'static str)> {
        const SPENT: (&str, &str) = (
            "alias-budget",
            "the aliases of this file expand to too much: this one was left out",
        );
        let size = match self.anchors.get(&anchor) {
            Some(Some(kept)) => kept.size,
            Some(None) => return Err(SPENT),
            None => return Err(("alias-cycle", "this alias stands inside its own anchor")),
        };
        if self.open.len() + size.depth > MAX_DEPTH || !self.pay(size) {
            return Err(SPENT);
        }
        match self.anchors.get(&anchor) {
            Some(Some(kept)) => Ok((kept.node.clone(), kept.size)),
            _ => Err(SPENT),
        }
    }

    fn pay(&mut self, size: Size) -> bool {
        let left = self.copies_left.checked_sub(size.nodes);
        self.copies_left = left.unwrap_or(self.copies_left);
        left.is_some()
    }
}

pub fn too_deep(at: Span) -> Problem {
    Problem::new("nesting", at, "nested too deeply to be read")
}

impl Open {
    /// From the first key or the opening mark to the closing bracket or the last value.
    fn span(&self, end: Span) -> Span {
        let (first, last) = match &self.children {
            Children::Seq(items) => (None, items.last().map(Node::place)),
            Children::Map { entries, .. } => (
                entries.first().map(|entry| entry.key.place()),
                entries.last().map(|entry| entry.value.place()),
            ),
        };
        let bracketed = !self.span.is_empty();
        let start = match first {
            Some(first) if !bracketed => first.start,
            _ => self.span.start,
        };
        let end = match last {
            _ if !end.is_empty() => end.end,
            Some(last) => last.end,
            None => self.span.end,
        };
        Span {
            start,
            end: end.max(start),
        }
    }
}
