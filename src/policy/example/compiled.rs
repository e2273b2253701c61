//! The policy of an example: switched on, with the parameters that the example gives.

use std::sync::Arc;

use crate::model::{Environments, Str};
use crate::policy::compile::Setting;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::param::Piece;
use crate::policy::policy::Policy;
use crate::policy::set::{Settings, compile_all};
use crate::policy::spec::{Body, Example, RowKind, Spec};

/// The example's policy, under the example's parameters and switched on.
pub fn compiled(
    spec: &Spec,
    specs: &[Spec],
    example: &Example,
    environments: &Environments,
) -> Result<Policy, Vec<Diagnostic>> {
    let params = example.params.iter().map(|(name, node)| {
        let source = Arc::clone(&spec.source);
        (
            name.clone(),
            Piece {
                source,
                node: node.clone(),
            },
        )
    });
    let setting = Setting {
        on: Some(true),
        severity: None,
        params: params.collect(),
    };
    let mut needed = vec![spec.clone()];
    if let Body::Matrix(matrix) = &spec.body {
        for row in &matrix.rows {
            if let RowKind::Policy(id) = &row.what {
                let named = specs.iter().filter(|one| one.id.text == id.text);
                needed.extend(named.take(1).cloned());
            }
        }
    }
    let settings = Settings::from([(Str::clone(&spec.id.text), setting)]);
    let mut policies = compile_all(&needed, environments, &settings)?;
    Ok(policies.remove(0))
}
