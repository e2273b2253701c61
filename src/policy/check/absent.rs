//! "Does a missing tag pass?" Finds the fields of a demand that may be absent where the selection does not say otherwise.

use std::collections::BTreeSet;

use crate::model::{Field, Span};
use crate::policy::cond::{Body, Clause, Cond, Pred};

/// Tests of `demand` on fields that may be absent and that `select` does not pin down, in the order they are written.
pub fn unpinned(select: &Cond, demand: &Cond, pinned_too: &[Field]) -> Vec<(Field, Span)> {
    let mut pinned = pinned(select);
    pinned.extend(pinned_too);
    let mut found = Vec::new();
    walk(demand, &pinned, &mut found);
    found.sort_by_key(|(_, span)| *span);
    found.dedup();
    found
}

/// Fields that are certainly there in every fact a condition matches.
fn pinned(cond: &Cond) -> BTreeSet<Field> {
    cond.clauses.iter().flat_map(pinned_by).collect()
}

fn pinned_by(clause: &Clause) -> BTreeSet<Field> {
    match &clause.body {
        Body::Test { field, preds } => {
            let mut fields = BTreeSet::new();
            for pred in preds {
                match pred {
                    Pred::Present(false) => {}
                    Pred::Same(other) => fields.extend([*field, *other]),
                    _ => fields.extend([*field]),
                }
            }
            fields
        }
        Body::All(conds) => conds.iter().flat_map(pinned).collect(),
        Body::Any(conds) => conds
            .iter()
            .map(pinned)
            .reduce(|a, b| a.intersection(&b).copied().collect())
            .unwrap_or_default(),
        Body::Not(_) => BTreeSet::new(),
    }
}

fn walk(cond: &Cond, pinned: &BTreeSet<Field>, found: &mut Vec<(Field, Span)>) {
    let loose = |field: Field| field.schema().optional && !pinned.contains(&field);
    for clause in &cond.clauses {
        match &clause.body {
            Body::Test { field, preds } => {
                for pred in preds {
                    if matches!(pred, Pred::Present(_)) {
                        continue;
                    }
                    if loose(*field) {
                        found.push((*field, clause.key));
                    } else if let Pred::Same(other) = pred
                        && loose(*other)
                    {
                        found.push((*other, clause.key));
                    }
                }
            }
            Body::Any(conds) | Body::All(conds) => {
                for cond in conds {
                    walk(cond, pinned, found);
                }
            }
            Body::Not(cond) => walk(cond, pinned, found),
        }
    }
}
