//! What the policies of a run ask of files that are read for nobody else, told from their conditions.

use std::sync::Arc;

use super::cond::Cond;
use super::policy::{Assertion, Policy};
use crate::model::{Fact, Field, File, Kind, Span, Wants};

/// Conditions of policies that are asked, for the kinds that nothing is read for otherwise.
pub struct Demands<'a> {
    conds: Vec<(Kind, &'a Cond)>,
    anywhere: bool,
}

impl<'a> Demands<'a> {
    /// The demands of these policies: of those that are on, and of those that are asked for by their name.
    pub fn of(policies: &'a [Policy], named: &[String]) -> Self {
        let is_named = |policy: &Policy| named.iter().any(|id| **id == *policy.id);
        let asked = policies.iter().filter(|policy| {
            policy.dormant.is_empty() && (is_named(policy) || (policy.on && named.is_empty()))
        });
        let mut conds = Vec::new();
        for rule in asked.flat_map(|policy| policy.rules.iter()) {
            conds.push((rule.kind, &rule.select));
            if let Assertion::Exists(join) | Assertion::NotExists(join) = &rule.assertion {
                conds.extend(join.items.iter().map(|item| (join.kind, &item.select)));
            }
        }
        conds.retain(|(kind, _)| kind.is_on_demand());
        Self {
            conds,
            anywhere: false,
        }
    }

    /// The same whatever the file, for examples: they show what happens without one of the conditions, too.
    #[must_use]
    pub fn anywhere(self) -> Self {
        Self {
            anywhere: true,
            ..self
        }
    }
}

impl Wants for Demands<'_> {
    fn reads(&self, kind: Kind, path: &str) -> bool {
        let mut conds = self.conds.iter().filter(|(of, _)| *of == kind).peekable();
        if self.anywhere || conds.peek().is_none() {
            return conds.peek().is_some();
        }
        let file = Arc::new(File::at(path));
        let place = Fact::new(kind, &file, Span::default(), Span::default());
        conds.any(|(_, cond)| cond.by_place(&place) != Some(false))
    }

    fn words(&self, field: Field) -> Option<Vec<&str>> {
        let of_kind = |kind: &Kind| field.kind == Some(*kind);
        let mut words = Vec::new();
        for (_, cond) in self.conds.iter().filter(|(kind, _)| of_kind(kind)) {
            words.extend(cond.listed(field)?);
        }
        words.sort_unstable();
        words.dedup();
        Some(words)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::policy;
    use super::*;
    use crate::model::schema::code_symbol;

    fn wants(kind: &str, condition: &str) -> Vec<Policy> {
        let demand = if kind == "value" {
            "kind: number"
        } else {
            "role: test"
        };
        let body = format!("severity: low\nfor: {kind}\nwhere: {condition}\nmust: {{{demand}}}");
        vec![policy(&body)]
    }

    #[test]
    fn a_policy_wants_the_files_its_conditions_leave() {
        let policies = wants(
            "value",
            "{any: [{file: {glob: '.vscode/*.json'}}, {dir: deploy, path: replicas}], \
             not: {file: .vscode/launch.json}}",
        );
        let demands = Demands::of(&policies, &[]);
        for (path, wanted) in [
            (".vscode/settings.json", true),
            (".vscode/launch.json", false),
            ("deploy/a.yml", true),
            ("src/a.yml", false),
        ] {
            assert_eq!(demands.reads(Kind::config_value, path), wanted, "{path}");
        }
        assert!(!demands.reads(Kind::code_symbol, ".vscode/settings.json"));
        let other = Demands::of(&policies, &["b".to_owned()]);
        assert!(!other.reads(Kind::config_value, ".vscode/settings.json"));
    }

    #[test]
    fn words_are_listed_unless_a_pattern_is_asked_for() {
        let words = |condition: &str| {
            let policies = wants("code.symbol", condition);
            let demands = Demands::of(&policies, &[]);
            Some(demands.words(code_symbol::NAME)?.join(" "))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(words("{name: [b, a]}"), some("a b"));
        assert_eq!(words("{any: [{name: b}, {name: a}]}"), some("a b"));
        assert_eq!(words("{name: {glob: 'a*'}}"), None);
        assert_eq!(words("{any: [{name: b}, {env: production}]}"), None);
    }
}
