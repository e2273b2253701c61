//! The fourteen tests, which types they fit, and what to say about the ones people expect from other tools.

use super::literal::Star;
use super::{Checker, marked};
use crate::model::{Field, Kind, Type};
use crate::policy::cond::{Order, Pred};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::pattern::{Glob, Pattern};
use crate::syntax::{Entry, Node};

/// Compiling one takes time and memory, and a policy file may be hostile.
const MOST_PATTERNS: usize = 50;

/// The tests a type allows.
pub fn tests_of(ty: Type) -> &'static [&'static str] {
    match ty {
        Type::Str | Type::Secret | Type::Path => {
            &["is", "in", "glob", "regex", "empty", "present", "same_as"]
        }
        Type::Int => &["is", "in", "gt", "ge", "lt", "le", "present", "same_as"],
        Type::Bool => &["is", "present"],
        Type::Env | Type::Word(_) => &["is", "in", "present", "same_as"],
        Type::List => &["includes", "includes_all", "includes_glob", "empty"],
    }
}

impl Checker<'_> {
    pub(super) fn op(&mut self, kind: Kind, field: Field, entry: &Entry) -> Option<Pred> {
        let op = entry.key.text()?;
        let ty = field.schema().ty;
        if !tests_of(ty).contains(&op) {
            self.unknown_op(field, op, entry);
            return None;
        }
        if entry.value.is_null() {
            let title = format!("`{op}` has no value");
            self.reader
                .error("P005", entry.key.span, title, "with what?");
            return None;
        }
        let node = &entry.value;
        match op {
            "is" if node.is_seq() => {
                let label = format!("write {{in: {}}}", node.span.of(&self.reader.source.text));
                self.reader
                    .error("P005", node.span, "`is` takes one value", label);
                None
            }
            "is" => self.equal(field, node, Star::Literal),
            "in" => self.equal(field, node, Star::Refused),
            "glob" => self.globs(node, ty == Type::Path).map(Pred::Glob),
            "regex" => self.patterns(node).map(Pred::Regex),
            "empty" => self.flag_op(op, node).map(Pred::Empty),
            "present" => self.present(kind, field, entry),
            "same_as" => self.same_as(kind, field, node),
            "includes" => self.items(node).map(Pred::Includes),
            "includes_all" => self.items(node).map(Pred::IncludesAll),
            "includes_glob" => self.globs(node, false).map(Pred::IncludesGlob),
            _ => {
                let literal = self.one(node)?;
                let limit = self.number(field, &literal)?;
                order(op).map(|order| Pred::Compare(order, limit))
            }
        }
    }

    fn items(&mut self, node: &Node) -> Option<Vec<crate::model::Str>> {
        let literals = self.literals(node)?;
        Some(literals.into_iter().map(|literal| literal.text).collect())
    }

    fn globs(&mut self, node: &Node, path: bool) -> Option<Vec<Glob>> {
        let mut globs = Vec::new();
        for literal in self.literals(node)? {
            let glob = Glob::new(&literal.text, path);
            if !literal.at.source.built_in
                && let Some(problem) = glob.problem()
            {
                self.reader
                    .say(Diagnostic::error("P007", literal.at, "bad glob").label(problem));
            } else {
                globs.push(glob);
            }
        }
        Some(globs)
    }

    fn patterns(&mut self, node: &Node) -> Option<Vec<Pattern>> {
        let mut patterns = Vec::new();
        let literals = self.literals(node)?;
        self.patterns += literals.len();
        if self.patterns > MOST_PATTERNS {
            let title = format!("this policy has more than {MOST_PATTERNS} regexes");
            self.reader
                .error("P007", node.span, title, "write `a|b` or several policies");
            return None;
        }
        for literal in literals {
            let pattern = Pattern::new(&literal.text);
            if !literal.at.source.built_in
                && let Some(problem) = pattern.problem()
            {
                let mut diagnostic =
                    Diagnostic::error("P007", literal.at, "bad regex").label(&problem);
                if problem.contains("look-around") || problem.contains("backreference") {
                    diagnostic = diagnostic.note(
                        "regexes run in linear time and have no look-around; select with two conditions, or use `not:`",
                    );
                } else {
                    diagnostic = diagnostic.note(
                        "syntax: https://docs.rs/regex/#syntax; in YAML write it in single quotes",
                    );
                }
                self.reader.say(diagnostic);
            } else {
                patterns.push(pattern);
            }
        }
        Some(patterns)
    }

    fn flag_op(&mut self, op: &str, node: &Node) -> Option<bool> {
        let literal = self.one(node)?;
        self.flag(op, &literal)
    }

    fn present(&mut self, kind: Kind, field: Field, entry: &Entry) -> Option<Pred> {
        let wanted = self.flag_op("present", &entry.value)?;
        let schema = field.schema();
        if schema.optional {
            return Some(Pred::Present(wanted));
        }
        let at = self.reader.at(entry.key.span);
        let answer = if wanted { "yes" } else { "no" };
        let mut diagnostic = Diagnostic::error(
            "P005",
            at,
            format!("`{}` of {} is always there", schema.name, kind.name()),
        )
        .label(format!("this test can only say {answer}"));
        if matches!(schema.ty, Type::Str | Type::Secret | Type::Path) {
            let empty = !wanted;
            diagnostic = diagnostic.note(format!(
                "to ask for a text with something in it write {{{}: {{empty: {empty}}}}}",
                schema.name
            ));
        }
        let optional: Vec<String> = kind
            .fields()
            .filter(|field| field.schema().optional)
            .map(marked)
            .collect();
        let list = optional.join(", ");
        self.reader
            .say(diagnostic.note(format!("may be absent in {}: {list}", kind.name())));
        None
    }

    fn same_as(&mut self, kind: Kind, field: Field, node: &Node) -> Option<Pred> {
        let name = self.one(node)?;
        let other = self.field_at(kind, &name.text, node)?;
        if other == field {
            let title = format!("`{}` is always the same as itself", name.text);
            self.reader.say(Diagnostic::error("P005", name.at, title));
            return None;
        }
        if !comparable(field, other) {
            let said = never_equal(field, other);
            let same_type: Vec<String> = kind
                .fields()
                .filter(|one| *one != field && comparable(field, *one))
                .map(marked)
                .collect();
            let list = if same_type.is_empty() {
                "none".to_owned()
            } else {
                same_type.join(", ")
            };
            self.reader.say(
                Diagnostic::error("P005", name.at, said)
                    .label("these can never be equal")
                    .note(format!(
                        "fields `{}` can be compared with: {list}",
                        field.schema().name
                    )),
            );
            return None;
        }
        Some(Pred::Same(other))
    }

    fn unknown_op(&mut self, field: Field, op: &str, entry: &Entry) {
        let schema = field.schema();
        let name = schema.name;
        let at = self.reader.at(entry.key.span);
        let tests = tests_of(schema.ty);
        let mut diagnostic =
            Diagnostic::error("P002", at, format!("`{name}` cannot be tested with `{op}`"));
        let written = entry.value.text().unwrap_or("x");
        let habit = habit(op, written, name, tests);
        if habit.is_none() {
            let meant = crate::policy::suggest::did_you_mean(op, tests.iter().copied());
            diagnostic = diagnostic.meant(meant);
        }
        diagnostic = diagnostic.note(format!(
            "tests for `{name}` ({}): {}",
            schema.ty.name(),
            tests.join(", ")
        ));
        self.reader.say(match habit {
            Some(advice) => diagnostic.note(advice),
            None => diagnostic,
        });
    }
}

fn order(op: &str) -> Option<Order> {
    match op {
        "gt" => Some(Order::Gt),
        "ge" => Some(Order::Ge),
        "lt" => Some(Order::Lt),
        "le" => Some(Order::Le),
        _ => None,
    }
}

/// What to type instead of a test that other tools have; silent where the type does not have it either.
fn habit(op: &str, written: &str, name: &str, tests: &[&str]) -> Option<String> {
    let word = op.to_ascii_lowercase().replace(['_', '-'], "");
    let glob = if tests.contains(&"includes_glob") {
        "includes_glob"
    } else {
        "glob"
    };
    let (test, advice) = match word.as_str() {
        "startswith" | "prefix" | "beginswith" | "hasprefix" => (
            glob,
            format!("for a beginning write {{{glob}: \"{written}*\"}}"),
        ),
        "endswith" | "suffix" | "hassuffix" => (
            glob,
            format!("for an ending write {{{glob}: \"*{written}\"}}"),
        ),
        "contains" | "icontains" | "includes" | "has" | "substring" | "like" => (
            glob,
            format!("for a part write {{{glob}: \"*{written}*\"}}"),
        ),
        "eq" | "equals" | "=" | "==" | "value" => ("is", format!("write {name}: {written}")),
        "exists" | "absent" | "defined" | "set" | "null" | "isnull" => (
            "present",
            "write {present: true} or {present: false}".to_owned(),
        ),
        "matches" | "match" | "re" | "pattern" | "~" | "=~" => {
            ("regex", format!("write {{regex: '{written}'}}"))
        }
        "gte" | "min" | ">=" | ">" => ("ge", "write gt (greater) or ge (at least)".to_owned()),
        "lte" | "max" | "<=" | "<" => ("le", "write lt (less) or le (at most)".to_owned()),
        "anyof" | "oneof" => ("in", format!("write {name}: [a, b]")),
        word if word.starts_with("not")
            || matches!(word, "ne" | "neq" | "!=" | "nin" | "isnot") =>
        {
            return Some(format!(
                "to negate, wrap the condition: not: {{{name}: ...}}"
            ));
        }
        _ => return None,
    };
    tests.contains(&test).then_some(advice)
}

/// Whether two fields can ever hold equal values.
pub(in crate::policy) fn comparable(a: Field, b: Field) -> bool {
    let class = |ty: Type| match ty {
        Type::Str | Type::Secret | Type::Path | Type::Word(_) => 0,
        Type::Int => 1,
        Type::Bool => 2,
        Type::Env => 3,
        Type::List => 4,
    };
    match (a.schema().ty, b.schema().ty) {
        (Type::Word(a), Type::Word(b)) => a.iter().any(|word| b.contains(word)),
        (a, b) => class(a) == class(b) && a != Type::List,
    }
}

/// "`env` is an environment, `service` is a text".
pub(in crate::policy) fn never_equal(a: Field, b: Field) -> String {
    let said = |field: Field| {
        let what = match field.schema().ty {
            Type::Str | Type::Secret => "a string",
            Type::Path => "a path",
            Type::Int => "a number",
            Type::Bool => "true or false",
            Type::Env => "an environment",
            Type::Word(_) => "one of a few words",
            Type::List => "a list",
        };
        format!("`{}` is {what}", field.schema().name)
    };
    format!("{}, {}", said(a), said(b))
}
