//! The page of a policy, as content: `envguard explain ID` and the reference lay it out, neither adds to it.

use super::spec::{Body, ParamSpec, RowKind, SeveritySpec, Spec};
use crate::model::Str;
use crate::syntax::Node;

/// What there is to say about one policy, beside its examples.
#[derive(Clone, Debug)]
pub struct Page {
    pub id: Str,
    pub title: Str,
    pub why: Str,
    pub fix: Option<Str>,
    /// `high`, or `by vendor: stripe critical, …; else high`.
    pub severity: String,
    pub default_on: bool,
    pub expires: Option<Str>,
    pub serves: Vec<Str>,
    pub tags: Vec<Str>,
    /// Kinds of facts it reads.
    pub reads: Vec<Str>,
    /// The rule as its author wrote it: from `for` to the assertion.
    pub rule: String,
    pub params: Vec<PageParam>,
    /// Configuration that switches it off, changes it, and allows one case.
    pub off: String,
    pub other_severity: String,
    pub allow: String,
}

#[derive(Clone, Debug)]
pub struct PageParam {
    pub name: Str,
    pub ty: Str,
    pub doc: Option<Str>,
    /// As it is written in YAML.
    pub default: String,
}

impl Page {
    pub fn of(spec: &Spec) -> Self {
        let id = &spec.id.text;
        let kind = match &spec.body {
            Body::Rule(rule) => Str::clone(&rule.kind.text),
            Body::Matrix(_) => Str::from(""),
        };
        let case = match &*kind {
            "var" | "var.read" | "workflow.secret" | "flag" => "{name: NAME}",
            "url" | "database" => "{of: NAME}",
            // An exception to a comparison has to hold for both sides.
            _ if compares(spec) => "{file: [PATH, PATH]}",
            _ => "{file: PATH}",
        };
        Self {
            id: Str::clone(id),
            title: Str::clone(&spec.title),
            why: Str::clone(&spec.why),
            fix: spec.fix.as_ref().map(|fix| Str::clone(&fix.text)),
            severity: severity(spec),
            default_on: spec.default_on,
            expires: spec.expires.as_ref().map(|day| Str::clone(&day.text)),
            serves: spec.serves.clone(),
            tags: spec.tags.clone(),
            reads: reads(spec),
            rule: rule_text(spec),
            params: spec
                .params
                .iter()
                .map(|param| page_param(spec, param))
                .collect(),
            off: if spec.default_on {
                format!("policies: {{set: {{{id}: off}}}}")
            } else {
                format!("policies: {{enable: [{id}]}}")
            },
            other_severity: format!("policies: {{set: {{{id}: low}}}}"),
            allow: format!(
                "allow: [{{policy: {id}, match: {case}, because: \"…\", until: 2026-12-31}}]"
            ),
        }
    }
}

fn compares(spec: &Spec) -> bool {
    match &spec.body {
        Body::Rule(rule) => rule
            .assertion
            .as_ref()
            .is_some_and(|(word, _)| matches!(&*word.text, "differ" | "agree")),
        Body::Matrix(_) => false,
    }
}

fn severity(spec: &Spec) -> String {
    match &spec.severity {
        SeveritySpec::Fixed(severity) => severity.name().to_owned(),
        SeveritySpec::By {
            fields,
            table,
            default,
        } => {
            let fields: Vec<&str> = fields.iter().map(|field| &*field.text).collect();
            let default = default.map_or("off", crate::model::Severity::name);
            format!(
                "by {}: {}; else {default}",
                fields.join(", then "),
                squeezed(table.span.of(&spec.source.text))
            )
        }
    }
}

fn reads(spec: &Spec) -> Vec<Str> {
    let mut kinds: Vec<Str> = match &spec.body {
        Body::Rule(rule) => {
            let demand = rule
                .assertion
                .as_ref()
                .and_then(|(_, demand)| demand.get("a"));
            let partner = demand.and_then(Node::text).map(Str::from);
            std::iter::once(Str::clone(&rule.kind.text))
                .chain(partner)
                .collect()
        }
        Body::Matrix(matrix) => matrix
            .rows
            .iter()
            .filter_map(|row| match &row.what {
                RowKind::Facts { kind, .. } => Some(Str::clone(&kind.text)),
                RowKind::Policy(_) => None,
            })
            .collect(),
    };
    kinds.sort();
    kinds.dedup();
    kinds
}

/// The lines that select and demand, in the author's words.
fn rule_text(spec: &Spec) -> String {
    let text = &spec.source.text;
    let Body::Rule(rule) = &spec.body else {
        return String::new();
    };
    let mut lines = vec![format!("for: {}", rule.kind.text)];
    if let Some(select) = &rule.select {
        lines.push(format!("where: {}", written(text, select.span)));
    }
    if let Some((word, demand)) = &rule.assertion {
        lines.push(format!("{}: {}", word.text, written(text, demand.span)));
    }
    if let Some(if_absent) = rule.if_absent {
        lines.push(format!(
            "if_absent: {}",
            if if_absent.pass { "pass" } else { "fail" }
        ));
    }
    lines.join("\n")
}

/// A flow map stays on its line; a block map goes under its key.
fn written(text: &str, span: crate::model::Span) -> String {
    let raw = span.of(text).trim_end();
    if raw.starts_with(['{', '[', '$']) {
        return squeezed(raw);
    }
    let lines = raw.lines().collect::<Vec<_>>();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let least = lines
        .iter()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(indent)
        .min();
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let cut = if at == 0 { 0 } else { least.unwrap_or(0) };
        out.push_str("\n  ");
        out.push_str(line.get(cut..).unwrap_or(line));
    }
    out
}

fn page_param(spec: &Spec, param: &ParamSpec) -> PageParam {
    PageParam {
        name: Str::clone(&param.name.text),
        ty: Str::clone(&param.ty.text),
        doc: param.doc.clone(),
        default: squeezed(param.default.span.of(&spec.source.text)),
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::wrapped;
    use crate::policy::{Source, load};

    #[test]
    fn an_exception_to_a_comparison_names_both_sides() {
        let text = wrapped("for: image\nagree: {across: env, value: tag}");
        let (specs, _) = load(&Source::new("p.yml", &text));
        assert!(
            Page::of(&specs[0])
                .allow
                .contains("match: {file: [PATH, PATH]}")
        );
    }

    #[test]
    fn a_page_says_what_the_policy_says() {
        let text = wrapped(
            "severity: {by: vendor, table: {stripe: critical}, default: high}\nparams:\n  names: {type: list<string>, default: [A,\n    B], doc: which}\nfor: var\nwhere:\n  name: {in: $names}\n  any:\n    - {env: production}\nexists: {a: file, same: [env]}",
        );
        let (specs, found) = load(&Source::new("p.yml", &text));
        assert!(found.is_empty());
        let page = Page::of(&specs[0]);
        assert_eq!(page.severity, "by vendor: {stripe: critical}; else high");
        assert_eq!(
            page.reads.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
            ["file", "var"]
        );
        assert_eq!(page.params[0].default, "[A, B]");
        assert_eq!(
            page.rule,
            "for: var\nwhere: \n  name: {in: $names}\n  any:\n    - {env: production}\nexists: {a: file, same: [env]}"
        );
    }
}
