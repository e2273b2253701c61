//! The page of coverage: what teams asked for, and what serves it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use envguard::policy::Spec;
use envguard::syntax::{Node, yaml};

use crate::{GENERATED, cell, root};

const INTRO: &str = "# Coverage

What teams that run several environments asked for, and the policies that serve it (`serves` in a policy names the row). A
row without a policy is served by a command.
";

pub fn page(specs: &[Spec]) -> String {
    let path = root().join("policies/requirements.yml");
    let tree = yaml::parse(&std::fs::read_to_string(path).unwrap());
    assert!(tree.problems.is_empty(), "{:?}", tree.problems);
    let mut out = format!("{GENERATED}{INTRO}");
    let mut known = BTreeSet::new();
    for group in tree.documents[0].items() {
        let heading = group.get("group").and_then(Node::text).unwrap();
        let _ = write!(
            out,
            "\n## {heading}\n\n| row | what | served by |\n|---|---|---|\n"
        );
        for row in group.get("rows").unwrap().entries() {
            let id = row.key.text().unwrap();
            known.insert(id.to_owned());
            let what = row.value.get("what").and_then(Node::text).unwrap();
            let by = row.value.get("by").and_then(Node::text);
            let _ = writeln!(out, "| {id} | {} | {} |", cell(what), served(specs, id, by));
        }
    }
    for spec in specs {
        for row in &spec.serves {
            assert!(
                known.contains(row.as_ref()),
                "`{}` serves `{row}`, which policies/requirements.yml does not list",
                spec.id.text
            );
        }
    }
    out
}

fn served(specs: &[Spec], row: &str, by: Option<&str>) -> String {
    let mut served: Vec<String> = specs
        .iter()
        .filter(|spec| spec.serves.iter().any(|one| **one == *row))
        .map(|spec| format!("[`{0}`](policies/{0}.md)", spec.id.text))
        .collect();
    served.sort();
    served.extend(by.map(|by| {
        if by.starts_with("envguard ") {
            format!("`{by}`")
        } else {
            by.to_owned()
        }
    }));
    assert!(
        !served.is_empty(),
        "no policy and no command serves row {row} of policies/requirements.yml"
    );
    served.join(", ")
}
