//! The keys of every map in a policy file, and the words people write by habit instead of them.

use crate::policy::reader::Shape;

pub(in crate::policy) static FILE: Shape = Shape {
    what: "a policy file",
    keys: &["version", "requires", "policies"],
    habits: &[
        ("rules", "policies"),
        ("policy", "policies"),
        ("checks", "policies"),
    ],
};

pub(in crate::policy) const ASSERTIONS: [&str; 7] = [
    "must",
    "must_not",
    "exists",
    "not_exists",
    "differ",
    "agree",
    "parity",
];

const HABITS: &[(&str, &str)] = &[
    ("sources", "serves"),
    ("requirements", "serves"),
    ("description", "why"),
    ("reason", "why"),
    ("rationale", "why"),
    ("because", "why"),
    ("name", "id"),
    ("match", "where"),
    ("when", "where"),
    ("if", "where"),
    ("select", "where"),
    ("selector", "where"),
    ("filter", "where"),
    ("filters", "where"),
    ("unless", "write not: {…} inside `where`"),
    ("except", "write not: {…} inside `where`"),
    ("exclude", "write not: {…} inside `where`"),
    ("assert", "must"),
    ("require", "must"),
    ("deny", "must_not"),
    ("forbid", "must_not"),
    ("kind", "for"),
    ("fact", "for"),
    ("on", "for"),
    ("for_each", "for"),
    ("remediation", "fix"),
    ("level", "severity"),
    (
        "enabled",
        "write default: off to have it enabled by configuration",
    ),
    ("msg", "message"),
    ("tests", "examples"),
    ("may_share", "it belongs inside `differ`"),
    ("by", "it belongs inside differ, agree or parity"),
    ("across", "it belongs inside differ, agree or parity"),
    ("base", "it belongs inside `parity`"),
];

pub(in crate::policy) static POLICY: Shape = Shape {
    what: "a policy",
    keys: &[
        "id",
        "title",
        "why",
        "fix",
        "edit",
        "severity",
        "default",
        "expires",
        "serves",
        "tags",
        "scope",
        "params",
        "for",
        "where",
        "must",
        "must_not",
        "exists",
        "not_exists",
        "differ",
        "agree",
        "parity",
        "if_absent",
        "matrix",
        "message",
        "examples",
        "version",
        "requires",
    ],
    habits: HABITS,
};

/// A matrix names facts, conditions and demands in its rows.
pub(in crate::policy) static MATRIX_POLICY: Shape = Shape {
    what: "a policy with a matrix",
    keys: &[
        "id", "title", "why", "fix", "severity", "default", "expires", "serves", "tags", "params",
        "matrix", "examples", "version", "requires",
    ],
    habits: &[
        ("sources", "serves"),
        ("for", "each row has its own `for`"),
        ("where", "each row has its own `where`"),
        ("message", "a cell says it with `note`"),
        ("must", "a cell says it: {must: {…}}"),
        ("must_not", "a cell says it: {must_not: {…}}"),
        ("exists", "a cell says it: `required`"),
        ("if_absent", "it belongs into the cell"),
    ],
};

pub(in crate::policy) static SEVERITY: Shape = Shape {
    what: "a severity",
    keys: &["by", "table", "default"],
    habits: &[("field", "by"), ("map", "table"), ("else", "default")],
};

pub(in crate::policy) static PARAM: Shape = Shape {
    what: "a parameter",
    keys: &["type", "default", "doc"],
    habits: &[("description", "doc"), ("value", "default")],
};

pub(in crate::policy) static EDIT: Shape = Shape {
    what: "an edit",
    keys: &["append", "text"],
    habits: &[("file", "append"), ("line", "text")],
};

pub(in crate::policy) static MATRIX: Shape = Shape {
    what: "a matrix",
    keys: &["environments", "rows"],
    habits: &[("columns", "environments"), ("envs", "environments")],
};

pub(in crate::policy) static ROW: Shape = Shape {
    what: "a row",
    keys: &["behavior", "policy", "for", "where", "severity", "cells"],
    habits: &[
        ("behaviour", "behavior"),
        ("name", "behavior"),
        ("row", "behavior"),
        ("title", "behavior"),
    ],
};

pub(in crate::policy) static CELL: Shape = Shape {
    what: "a cell",
    keys: &["required", "must", "must_not", "if_absent", "note"],
    habits: &[
        ("message", "note"),
        ("forbidden", "write the word alone: forbidden"),
    ],
};

pub(in crate::policy) static EXAMPLE: Shape = Shape {
    what: "an example",
    keys: &[
        "bad",
        "good",
        "files",
        "untracked",
        "earlier",
        "expect",
        "config",
        "params",
    ],
    habits: &[
        ("expected", "expect"),
        ("title", "write it behind `bad:` or `good:`"),
        ("name", "write it behind `bad:` or `good:`"),
        ("ignored", "untracked"),
    ],
};
