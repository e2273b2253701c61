//! `if:` of a job as cases: which branches, tags and events it lets through. Functions that say nothing about these
//! leave all of them; what could speak of them and is not understood makes a case unsure.

use crate::format::ci::reach::{self, Case, Cases, Set};
use crate::syntax::expression::Expr;

pub(super) fn cases(expr: &Expr) -> Cases {
    weigh(expr, false)
}

/// The cases in which an expression holds, or in which it does not.
pub(super) fn weigh(expr: &Expr, not: bool) -> Cases {
    match expr {
        Expr::Not(inner) => weigh(inner, !not),
        Expr::And(a, b) if not => reach::either(weigh(a, true), weigh(b, true)),
        Expr::And(a, b) => reach::both(&weigh(a, false), &weigh(b, false)),
        Expr::Or(a, b) if not => reach::both(&weigh(a, true), &weigh(b, true)),
        Expr::Or(a, b) => reach::either(weigh(a, false), weigh(b, false)),
        Expr::Equal(a, b) => compared(a, b, not),
        Expr::Unequal(a, b) => compared(a, b, !not),
        Expr::Call(name, arguments) => called(name, arguments, not),
        Expr::Plain(word) if word == "true" && !not || word == "false" && not => reach::always(),
        Expr::Plain(word) if matches!(word.as_str(), "true" | "false") => Vec::new(),
        Expr::Path(path) if is_harmless(path) => reach::always(),
        _ => reach::unsure(),
    }
}

fn compared(a: &Expr, b: &Expr, not: bool) -> Cases {
    let (path, text) = match (a, b) {
        (Expr::Path(path), Expr::Text(text)) | (Expr::Text(text), Expr::Path(path)) => (path, text),
        (Expr::Path(path), Expr::Plain(_)) | (Expr::Plain(_), Expr::Path(path))
            if is_harmless(path) =>
        {
            return reach::always();
        }
        _ => return reach::unsure(),
    };
    let joined = path.join(".");
    match joined.as_str() {
        "github.ref" => refs(Set::only(text.as_str()), not),
        "github.ref_name"
        | "github.event.workflow_run.head_branch"
        | "github.event.workflow_run.head_ref" => {
            refs(Set::only(format!("refs/heads/{text}")), not)
        }
        "github.ref_type" => refs(Set::only(kind_of_ref(text)), not),
        "github.event_name" => one(Case {
            events: inverted(Set::only(text.as_str()), not),
            ..Case::default()
        }),
        _ if is_harmless(path) => reach::always(),
        _ => reach::unsure(),
    }
}

fn called(name: &str, arguments: &[Expr], not: bool) -> Cases {
    match (name, arguments) {
        ("always" | "success" | "failure" | "cancelled", _) => reach::always(),
        ("startswith", [Expr::Path(path), Expr::Text(text)]) => {
            part(path, &format!("{text}*"), not)
        }
        ("endswith", [Expr::Path(path), Expr::Text(text)]) => part(path, &format!("*{text}"), not),
        ("contains", [Expr::Path(path), Expr::Text(text)]) => part(path, &format!("*{text}*"), not),
        ("contains", [list, Expr::Path(path)]) => match names(list) {
            Some(names) => one_of(path, &names, not),
            None => reach::unsure(),
        },
        _ => reach::unsure(),
    }
}

/// `fromJSON('["main", "develop"]')`
fn names(list: &Expr) -> Option<Vec<String>> {
    let Expr::Call(name, arguments) = list else {
        return None;
    };
    let [Expr::Text(text)] = arguments.as_slice() else {
        return None;
    };
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let names = inner
        .split(',')
        .map(|name| name.trim().trim_matches('"').to_owned());
    (name == "fromjson").then(|| names.collect())
}

fn one_of(path: &[String], names: &[String], not: bool) -> Cases {
    let prefix = match path.join(".").as_str() {
        "github.ref" => "",
        "github.ref_name" => "refs/heads/",
        "github.event_name" => {
            return one(Case {
                events: inverted(Set::Only(names.to_vec()), not),
                ..Case::default()
            });
        }
        _ => return reach::unsure(),
    };
    refs(
        Set::Only(names.iter().map(|name| format!("{prefix}{name}")).collect()),
        not,
    )
}

/// A pattern over a ref; over a bare name it means branches, unless it looks like a version.
fn part(path: &[String], pattern: &str, not: bool) -> Cases {
    match path.join(".").as_str() {
        "github.ref" => {
            let pattern = match pattern.trim_matches('*') {
                "tags" | "tags/" | "/tags/" | "refs/tags" => "refs/tags/*".to_owned(),
                _ if pattern.starts_with("refs/") => pattern.to_owned(),
                inner => format!(
                    "refs/heads/*{}",
                    pattern
                        .get(pattern.find(inner).unwrap_or(0)..)
                        .unwrap_or_default()
                ),
            };
            refs(Set::only(pattern), not)
        }
        "github.ref_name" => {
            let version =
                pattern == "v*" || pattern.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
            let kind = if version { "tags" } else { "heads" };
            refs(Set::only(format!("refs/{kind}/{pattern}")), not)
        }
        _ => reach::unsure(),
    }
}

fn kind_of_ref(text: &str) -> &'static str {
    if text == "tag" {
        "refs/tags/*"
    } else {
        "refs/heads/*"
    }
}

fn refs(set: Set, not: bool) -> Cases {
    one(Case {
        refs: inverted(set, not),
        ..Case::default()
    })
}

fn inverted(set: Set, not: bool) -> Set {
    if not { set.inverted() } else { set }
}

fn one(case: Case) -> Cases {
    vec![case]
}

/// Says nothing about branches: who, which repository, whether a step before worked.
fn is_harmless(path: &[String]) -> bool {
    let joined = path.join(".");
    [
        "github.repository",
        "github.actor",
        "github.triggering_actor",
        "github.repository_owner",
        "runner.",
        "job.status",
    ]
    .iter()
    .any(|start| joined.starts_with(start))
        || (joined.starts_with("needs.") && joined.ends_with(".result"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::ci::reach::{Trigger, of};
    use crate::syntax::expression::condition;

    fn shown(text: &str) -> String {
        let trigger = |event: &str, refs: Set| Trigger {
            event: event.to_owned(),
            refs,
            open: true,
        };
        let triggers = [
            trigger("push", Set::Any),
            trigger("pull_request", Set::only("refs/pull/*")),
        ];
        let reach = of(&cases(&condition(text)), &triggers);
        let any = if reach.any_branch { " any" } else { "" };
        format!(
            "{} {} {}{any}",
            reach.branches.join(","),
            reach.tags.join(","),
            reach.events.join(",")
        )
    }

    const GUARDS: &[(&str, &str)] = &[
        ("github.ref == 'refs/heads/main'", "main  push"),
        (
            "${{ github.ref_name == 'main' && github.event_name == 'push' }}",
            "main  push",
        ),
        ("startsWith(github.ref, 'refs/tags/')", " * push"),
        (
            "startsWith(github.ref, 'refs/tags/v') || github.ref == 'refs/heads/main'",
            "main v* push",
        ),
        ("contains(github.ref, 'release')", "*release*  push"),
        (
            "contains(fromJSON('[\"main\", \"develop\"]'), github.ref_name)",
            "main,develop  push",
        ),
        ("github.event_name == 'push'", "  push any"),
        ("github.event_name != 'pull_request'", "  push any"),
        ("github.ref != 'refs/heads/main'", "  push,pull_request any"),
        ("!(github.ref != 'refs/heads/main')", "main  push"),
        (
            "always() && github.repository == 'a/b'",
            "  push,pull_request any",
        ),
        (
            "needs.changes.outputs.deploy == 'true'",
            "  push,pull_request",
        ),
        ("github.ref_type == 'tag'", " * push"),
        (
            "(github.event_name == 'push' && github.ref == 'refs/heads/main') || github.event_name == 'workflow_dispatch'",
            "main  push",
        ),
        (
            "${{ github.ref == 'refs/heads/main' }} && ${{ success() }}",
            "main  push",
        ),
        ("nonsense(", "  push,pull_request"),
    ];

    #[test]
    fn guards_are_understood() {
        for (text, expected) in GUARDS {
            assert_eq!(shown(text), *expected, "{text}");
        }
    }
}
