//! The words of the policy language with what they mean: the JSON Schema and the reference pages say it in the same words.
//! A test holds that the table and what the loader reads are the same.

/// A word and what it means.
pub type Words<'a> = &'a [(&'static str, &'static str)];

pub const FILE: Words<'static> = &[
    ("version", "version of the policy language: 1"),
    (
        "requires",
        "lowest version of envguard that reads this file, such as `>=0.1`",
    ),
    ("policies", "the policies"),
];

pub const POLICY: Words<'static> = &[
    (
        "id",
        "short name in kebab-case, used to switch it off and to allow cases",
    ),
    ("title", "one sentence that names the mistake"),
    ("why", "what happens otherwise; printed with every finding"),
    ("fix", "what to do about it"),
    (
        "edit",
        "a line that would mend the finding: `{append: FILE, text: LINE}`",
    ),
    (
        "severity",
        "`critical`, `high`, `medium` (the default) or `low`; or by a field: `{by: FIELD, table: {VALUE: SEVERITY}, default: SEVERITY}`",
    ),
    (
        "default",
        "`off` for a policy that has to be switched on; `on` otherwise",
    ),
    (
        "expires",
        "last day on which the policy is asked, such as `2026-12-31`",
    ),
    ("serves", "requirements it serves"),
    (
        "tags",
        "packs it belongs to, which the configuration can switch on together",
    ),
    (
        "scope",
        "`project` compares facts of one project only, `repo` those of the whole repository",
    ),
    (
        "params",
        "values that the configuration may replace; used as `$name`",
    ),
    ("for", "the kind of fact it is about"),
    (
        "where",
        "which of these facts: all tests have to hold; without it, all of them",
    ),
    ("must", "each selected fact satisfies this condition"),
    ("must_not", "no selected fact satisfies this condition"),
    (
        "exists",
        "each selected fact has a partner: `{a: KIND, where: …, same: [FIELD]}`",
    ),
    ("not_exists", "no selected fact has a partner"),
    (
        "differ",
        "values are distinct: `{by: FIELD, across: FIELD, value: FIELD}`",
    ),
    (
        "agree",
        "values are the same: `{by: FIELD, across: FIELD, value: FIELD}`",
    ),
    (
        "parity",
        "each part has the same set of values: `{by: FIELD, across: FIELD, value: FIELD}`",
    ),
    (
        "if_absent",
        "what `must` says of a fact that lacks the field: `pass` or `fail`",
    ),
    ("matrix", "a table of behaviours and environments"),
    (
        "message",
        "one line about one finding; `{field}` puts in a field of the fact",
    ),
    (
        "examples",
        "small repositories it must, and must not, complain about",
    ),
    ("version", "version of the policy language: 1"),
    (
        "requires",
        "lowest version of envguard that reads this file, such as `>=0.1`",
    ),
];

pub const SEVERITY: Words<'static> = &[
    (
        "by",
        "the field whose value decides; of several, the first that the table knows",
    ),
    ("table", "severity by value; `off` says nothing"),
    ("default", "severity of every other value"),
];

pub const PARAM: Words<'static> = &[
    ("type", "its type"),
    (
        "default",
        "its value; with an empty list the policy waits until somebody configures it",
    ),
    ("doc", "what it is for"),
];

pub const EDIT: Words<'static> = &[
    ("append", "file that gets a line"),
    ("text", "the line; `{field}` puts in a field of the fact"),
];

pub const JOIN: Words<'static> = &[
    ("a", "kind of fact the partner is"),
    ("where", "which facts can be the partner"),
    (
        "same",
        "fields that have to be equal: `[FIELD]`, or `{FIELD: FIELD OF THE PARTNER}`",
    ),
    (
        "each",
        "one partner for each item of this list, which `where` names as `${each}`; or lists by environment",
    ),
];

pub const GROUP: Words<'static> = &[
    (
        "by",
        "facts with the same value here are compared with each other; without it, all of them",
    ),
    (
        "across",
        "what tells the compared facts apart: `env`, `file`, `dir`, …",
    ),
    ("value", "what is compared"),
];

/// What only `differ` has, beside `GROUP`.
pub const DIFFER: Words<'static> = &[(
    "may_share",
    "sets of environments that count as one: `[[local, development]]`",
)];

/// What only `parity` has, beside `GROUP`.
pub const PARITY: Words<'static> = &[
    ("base", "the parts that the others are measured against"),
    (
        "extra",
        "whether values that only the others have are wrong: `deny` or `allow`",
    ),
];

pub const MATRIX: Words<'static> = &[("environments", "the columns"), ("rows", "the behaviours")];

pub const ROW: Words<'static> = &[
    ("behavior", "name of the row"),
    (
        "policy",
        "a policy that the row decides about, instead of `for` and `where`",
    ),
    ("for", "the kind of fact the row is about"),
    ("where", "which of these facts"),
    ("severity", "how grave a finding of this row is"),
    ("cells", "what holds in each column"),
];

pub const CELL: Words<'static> = &[
    ("required", "`true`: there has to be such a fact"),
    ("must", "each such fact satisfies this condition"),
    ("must_not", "no such fact satisfies this condition"),
    (
        "if_absent",
        "what `must` says of a fact that lacks the field: `pass` or `fail`",
    ),
    ("note", "what the finding says"),
];

/// A cell that is one word.
pub const CELLS: Words<'static> = &[
    ("allowed", "nothing is checked"),
    ("forbidden", "there must be no such fact"),
    ("required", "there has to be such a fact"),
];

pub const EXAMPLE: Words<'static> = &[
    ("bad", "title of an example the policy complains about"),
    ("good", "title of an example it has nothing to say about"),
    ("files", "path and text of each file"),
    ("untracked", "files that are not in version control"),
    (
        "earlier",
        "what earlier commits held: `\"2025-06-01\": {path: text}`; examples play on 2026-01-01",
    ),
    (
        "expect",
        "where the findings are, as `PATH:LINE`; no more and no fewer; without it a bad example has any finding at all",
    ),
    ("config", "what `.envguard.yml` would say"),
    ("params", "other values for parameters"),
];

pub const COND: Words<'static> = &[
    ("any", "at least one of these conditions holds"),
    ("all", "all of these conditions hold"),
    ("not", "this condition does not hold"),
];

pub const TESTS: Words<'static> = &[
    ("is", "exactly this value"),
    ("in", "one of these values"),
    (
        "glob",
        "this pattern, `*` for any text (in a path up to the next `/`, `**` across)",
    ),
    (
        "regex",
        "this regular expression is found in it; no look-around, linear time",
    ),
    ("empty", "`true`: nothing in it; `false`: something in it"),
    (
        "present",
        "`true`: it is there; `false`: it is absent (for fields that may be absent)",
    ),
    (
        "same_as",
        "the same value as another field of the same fact",
    ),
    ("gt", "greater than"),
    ("ge", "at least"),
    ("lt", "less than"),
    ("le", "at most"),
    ("includes", "the list has at least one of these items"),
    ("includes_all", "the list has all of these items"),
    ("includes_glob", "the list has an item of this pattern"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use crate::policy::check::tests_of;
    use crate::policy::load::shapes;

    fn words(table: Words<'_>) -> Vec<&'static str> {
        table.iter().map(|(word, _)| *word).collect()
    }

    #[test]
    fn every_key_the_loader_reads_has_its_meaning() {
        for (table, shape) in [
            (FILE, &shapes::FILE),
            (POLICY, &shapes::POLICY),
            (SEVERITY, &shapes::SEVERITY),
            (PARAM, &shapes::PARAM),
            (EDIT, &shapes::EDIT),
            (MATRIX, &shapes::MATRIX),
            (ROW, &shapes::ROW),
            (CELL, &shapes::CELL),
            (EXAMPLE, &shapes::EXAMPLE),
        ] {
            assert_eq!(words(table), shape.keys, "{}", shape.what);
        }
    }

    #[test]
    fn every_test_of_a_field_has_its_meaning() {
        let known = words(TESTS);
        for field in Kind::ALL.iter().flat_map(|kind| kind.fields()) {
            for test in tests_of(field.schema().ty) {
                assert!(known.contains(test), "{test}");
            }
        }
    }
}
