//! Tables while they are filled: headers and dotted keys come back to them in any order.

use std::collections::HashMap;

use crate::model::{Problem, Span, Str};
use crate::syntax::keys::duplicate;
use crate::syntax::nest::{MAX_DEPTH, too_deep};
use crate::syntax::node::{Entry, Node, Value};

/// All tables of one text, each named by its place in the list; the first is the root.
pub struct Tables {
    list: Vec<Table>,
    pub problems: Vec<Problem>,
}

#[derive(Default)]
struct Table {
    entries: Vec<(Node, Item)>,
    /// The last entry of each name.
    index: HashMap<Str, usize>,
    /// Its header, or its brackets.
    span: Span,
    in_brackets: bool,
    /// A header of its own was seen; only a second one is a mistake.
    has_header: bool,
    depth: usize,
}

enum Item {
    Value(Node),
    Table(usize),
    /// `[[…]]`
    Tables(Vec<usize>),
}

impl Tables {
    pub const ROOT: usize = 0;

    pub fn new() -> Self {
        Self {
            list: vec![Table::default()],
            problems: Vec::new(),
        }
    }

    /// A table that belongs nowhere yet.
    pub fn create(&mut self, span: Span, depth: usize, in_brackets: bool) -> usize {
        self.list.push(Table {
            span,
            in_brackets,
            depth,
            ..Table::default()
        });
        self.list.len() - 1
    }

    pub fn depth(&self, table: usize) -> usize {
        self.list.get(table).map_or(0, |table| table.depth)
    }

    /// Where the closing bracket stands.
    pub fn end(&mut self, table: usize, close: Span) {
        if let Some(table) = self.list.get_mut(table) {
            table.span = table.span.to(close);
        }
    }

    /// The table that a header opens: `[a.b]`, or with `is_array` the next one of `[[a.b]]`.
    pub fn header(&mut self, path: Vec<Node>, is_array: bool, span: Span) -> Option<usize> {
        let (parent, key) = self.walk(Self::ROOT, path)?;
        if is_array {
            return Some(self.append(parent, key, span));
        }
        let place = key.span;
        let table = self.enter(parent, key);
        let header = self.list.get_mut(table)?;
        if header.has_header {
            self.problems.push(duplicate(place));
        } else {
            header.has_header = true;
            header.span = span;
        }
        Some(table)
    }

    /// `a.b = value` inside a table.
    pub fn assign(&mut self, table: usize, path: Vec<Node>, value: Node) {
        let Some((table, key)) = self.walk(table, path) else {
            return;
        };
        if self.find(table, &key).is_some() {
            self.problems.push(duplicate(key.span));
        }
        self.push(table, key, Item::Value(value));
    }

    /// The finished node of a table, without the values that an error touches.
    pub fn take(&mut self, table: usize, errors: &[u32]) -> Node {
        let table = self.list.get_mut(table).map(std::mem::take);
        let table = table.unwrap_or_default();
        let mut entries = Vec::with_capacity(table.entries.len());
        for (key, item) in table.entries {
            let value = match item {
                Item::Value(value) if touched(value.span, errors) => continue,
                Item::Value(value) => value,
                Item::Table(table) => self.take(table, errors),
                Item::Tables(tables) => {
                    let items = tables.iter().map(|table| self.take(*table, errors));
                    let items: Vec<Node> = items.collect();
                    let span = cover(items.iter().map(|item| item.span));
                    node(Value::Seq(items), span.unwrap_or(key.span))
                }
            };
            entries.push(Entry {
                key,
                value,
                merged: false,
            });
        }
        let held = cover(
            entries
                .iter()
                .map(|entry| entry.key.span.to(entry.value.span)),
        );
        let span = held.filter(|_| !table.in_brackets).unwrap_or(table.span);
        node(Value::Map(entries), span)
    }

    /// Goes down a path, making tables on the way, to the table that holds (or will hold) its last key.
    fn walk(&mut self, from: usize, mut path: Vec<Node>) -> Option<(usize, Node)> {
        let last = path.pop()?;
        if self.depth(from) + path.len() >= MAX_DEPTH {
            self.problems.push(too_deep(last.span));
            return None;
        }
        let table = path
            .into_iter()
            .fold(from, |table, key| self.enter(table, key));
        Some((table, last))
    }

    /// The table under a key: the present one, the last of an array of tables, or a new one.
    fn enter(&mut self, parent: usize, key: Node) -> usize {
        match self.find(parent, &key) {
            Some(Item::Table(table)) => return *table,
            Some(Item::Tables(tables)) => {
                if let Some(last) = tables.last() {
                    return *last;
                }
            }
            Some(Item::Value(_)) => self.problems.push(duplicate(key.span)),
            None => {}
        }
        let table = self.create(key.span, self.depth(parent) + 1, false);
        self.push(parent, key, Item::Table(table));
        table
    }

    fn append(&mut self, parent: usize, key: Node, span: Span) -> usize {
        let table = self.create(span, self.depth(parent) + 2, false);
        match self.find(parent, &key) {
            Some(Item::Tables(tables)) => tables.push(table),
            found => {
                if found.is_some() {
                    self.problems.push(duplicate(key.span));
                }
                self.push(parent, key, Item::Tables(vec![table]));
            }
        }
        table
    }

    fn find(&mut self, table: usize, key: &Node) -> Option<&mut Item> {
        let table = self.list.get_mut(table)?;
        let at = *table.index.get(key.text()?)?;
        table.entries.get_mut(at).map(|(_, item)| item)
    }

    fn push(&mut self, table: usize, key: Node, item: Item) {
        let (Some(table), Value::Scalar { text, .. }) = (self.list.get_mut(table), &key.value)
        else {
            return;
        };
        table.index.insert(text.clone(), table.entries.len());
        table.entries.push((key, item));
    }
}

pub fn node(value: Value, span: Span) -> Node {
    Node {
        value,
        span,
        tag: None,
        alias: None,
    }
}

/// An error inside a value or right behind it: what was read is not what is meant.
fn touched(span: Span, errors: &[u32]) -> bool {
    let first = errors.partition_point(|error| *error < span.start);
    errors.get(first).is_some_and(|error| *error <= span.end)
}

fn cover(spans: impl Iterator<Item = Span>) -> Option<Span> {
    spans.reduce(Span::to)
}
