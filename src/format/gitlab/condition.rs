//! `rules`, `only` and `except` of GitLab jobs as cases: which branches, tags and events they let through.

use crate::format::ci::reach::{self, Case, Cases, Set};
use crate::format::ci::texts;
use crate::syntax::Node;

/// What a job runs in when nothing is said: pipelines of branches and tags.
pub(super) fn default() -> Cases {
    vec![Case {
        events: Set::Except(vec!["merge_request_event".to_owned()]),
        ..Case::default()
    }]
}

/// The first rule that holds decides; those that say `never` take their cases away from what follows.
pub(super) fn rules(rules: &Node) -> Cases {
    let mut cases = Vec::new();
    for rule in rules.items().iter().rev() {
        let when = rule.get("when").and_then(Node::text).unwrap_or_default();
        let text = rule.get("if").and_then(Node::text);
        if !rule.is_map() {
            return reach::unsure();
        }
        if when == "never" {
            let not = text.map_or_else(Vec::new, |text| parse(text, true));
            cases = reach::both(&not, &cases);
            continue;
        }
        let mut own = text.map_or_else(reach::always, |text| parse(text, false));
        for case in &mut own {
            case.manual |= when == "manual";
        }
        cases = reach::either(own, cases);
    }
    cases
}

/// `only:` and `except:`, as a list or as a mapping with `refs`.
pub(super) fn only_except(only: Option<&Node>, except: Option<&Node>) -> Cases {
    let refs = |node: &Node| {
        let refs = node.get("refs").map_or_else(|| texts(node), texts);
        refs.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let mut cases = match only {
        None => default(),
        Some(node) => {
            let named = refs(node);
            let narrowed = node.get("variables").is_some();
            if named.is_empty() {
                reach::unsure()
            } else {
                let mut cases: Cases = named.iter().map(|name| keyword(name, false)).collect();
                for case in &mut cases {
                    case.unsure |= narrowed;
                }
                cases
            }
        }
    };
    for name in except.map(refs).unwrap_or_default() {
        cases = reach::both(&cases, &vec![keyword(&name, true)]);
    }
    cases
}

fn keyword(name: &str, not: bool) -> Case {
    let turned = |set: Set| if not { set.inverted() } else { set };
    let refs = |text: String| Case {
        refs: turned(Set::Only(vec![text])),
        ..Case::default()
    };
    let events = |text: &str| Case {
        events: turned(Set::only(text)),
        ..Case::default()
    };
    match name {
        "branches" => refs("refs/heads/*".to_owned()),
        "tags" => refs("refs/tags/*".to_owned()),
        "merge_requests" => events("merge_request_event"),
        "schedules" => events("schedule"),
        "web" => events("web"),
        "pushes" => events("push"),
        "api" | "triggers" | "pipelines" | "external" | "chat" => events(name),
        _ => match globs(name) {
            Some(globs) => Case {
                refs: turned(Set::Only(
                    globs
                        .iter()
                        .map(|glob| format!("refs/heads/{glob}"))
                        .collect(),
                )),
                ..Case::default()
            },
            None => refs(format!(
                "refs/heads/{}",
                name.split('@').next().unwrap_or_default()
            )),
        },
    }
}

/// `$CI_COMMIT_BRANCH == "main" && $CI_PIPELINE_SOURCE != "schedule"`
pub(super) fn parse(text: &str, not: bool) -> Cases {
    let mut reader = Reader {
        text: text.get(..text.len().min(2000)).unwrap_or_default(),
        at: 0,
        depth: 0,
    };
    reader.or(not)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn takes(&mut self, sign: &str) -> bool {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let holds = self.rest().starts_with(sign);
        self.at += if holds { sign.len() } else { 0 };
        holds
    }

    fn or(&mut self, not: bool) -> Cases {
        let mut left = self.and(not);
        while self.takes("||") {
            let right = self.and(not);
            left = if not {
                reach::both(&left, &right)
            } else {
                reach::either(left, right)
            };
        }
        left
    }

    fn and(&mut self, not: bool) -> Cases {
        let mut left = self.compared(not);
        while self.takes("&&") {
            let right = self.compared(not);
            left = if not {
                reach::either(left, right)
            } else {
                reach::both(&left, &right)
            };
        }
        left
    }

    fn compared(&mut self, not: bool) -> Cases {
        if self.takes("(") {
            self.depth += 1;
            if self.depth > 30 {
                self.at = self.text.len();
                return reach::unsure();
            }
            let inner = self.or(not);
            self.takes(")");
            self.depth -= 1;
            return inner;
        }
        let left = self.operand();
        for (sign, differs) in [("==", false), ("!=", true)] {
            if self.takes(sign) {
                let right = self.operand();
                return equal(left, right, differs != not);
            }
        }
        for (sign, differs) in [("=~", false), ("!~", true)] {
            if self.takes(sign) {
                let right = self.operand();
                return alike(left, right, differs != not);
            }
        }
        set(left, not)
    }

    /// A variable, a text in quotes, or a pattern between slashes.
    fn operand(&mut self) -> &'a str {
        self.takes("");
        let rest = self.rest();
        let first = rest.chars().next().unwrap_or_default();
        let length = if matches!(first, '"' | '\'' | '/') {
            let end = rest.char_indices().skip(1).find(|(at, c)| {
                *c == first && !rest.get(..*at).is_some_and(|head| head.ends_with('\\'))
            });
            end.map_or(rest.len(), |(at, _)| at + 1)
        } else {
            let is_end =
                |c: char| c.is_whitespace() || matches!(c, '=' | '!' | '&' | '|' | ')' | '(');
            let end = rest.find(is_end).unwrap_or(rest.len());
            // Something no operand starts with has to be left behind.
            if end == 0 {
                first.len_utf8().min(rest.len())
            } else {
                end
            }
        };
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }
}

fn refs(names: Vec<String>, not: bool) -> Cases {
    let set = Set::Only(names);
    vec![Case {
        refs: if not { set.inverted() } else { set },
        ..Case::default()
    }]
}

fn equal(left: &str, right: &str, not: bool) -> Cases {
    let quoted = |text: &str| text.starts_with(['"', '\'']);
    let (name, value) = if quoted(left) {
        (right, left)
    } else {
        (left, right)
    };
    let text = value.trim_matches(['"', '\'']);
    match name.trim_start_matches('$') {
        name @ ("CI_COMMIT_BRANCH" | "CI_COMMIT_TAG") if value == "null" => set_name(name, !not),
        "CI_COMMIT_BRANCH" | "CI_COMMIT_REF_NAME" => refs(vec![format!("refs/heads/{text}")], not),
        "CI_COMMIT_TAG" => refs(vec![format!("refs/tags/{text}")], not),
        "CI_PIPELINE_SOURCE" => {
            let set = Set::only(text);
            vec![Case {
                events: if not { set.inverted() } else { set },
                ..Case::default()
            }]
        }
        "CI_PROJECT_PATH" | "CI_PROJECT_NAMESPACE" | "GITLAB_USER_LOGIN" => reach::always(),
        _ => reach::unsure(),
    }
}

fn alike(left: &str, right: &str, not: bool) -> Cases {
    let prefix = match left.trim_start_matches('$') {
        "CI_COMMIT_BRANCH" | "CI_COMMIT_REF_NAME" => "refs/heads/",
        "CI_COMMIT_TAG" => "refs/tags/",
        _ => return reach::unsure(),
    };
    match globs(right) {
        Some(globs) => refs(
            globs.iter().map(|glob| format!("{prefix}{glob}")).collect(),
            not,
        ),
        None => reach::unsure(),
    }
}

/// `$CI_COMMIT_TAG` alone: it is set.
fn set(name: &str, not: bool) -> Cases {
    set_name(name.trim_start_matches('$'), not)
}

fn set_name(name: &str, not: bool) -> Cases {
    match name {
        "CI_COMMIT_TAG" => refs(vec!["refs/tags/*".to_owned()], not),
        "CI_COMMIT_BRANCH" => refs(vec!["refs/heads/*".to_owned()], not),
        "CI_MERGE_REQUEST_IID" | "CI_MERGE_REQUEST_ID" => vec![keyword("merge_requests", not)],
        _ => reach::unsure(),
    }
}

/// The patterns with `*` that a regular expression between slashes comes to, one for each alternative.
fn globs(regex: &str) -> Option<Vec<String>> {
    let inner = regex.strip_prefix('/')?;
    let inner = inner.get(..inner.rfind('/')?)?;
    let plain = inner
        .replace("\\/", "/")
        .replace("\\.", ".")
        .replace(".*", "*")
        .replace(".+", "*");
    let starts = plain.starts_with('^');
    let ends = plain.ends_with('$');
    let body = plain.trim_start_matches('^').trim_end_matches('$');
    let body = body
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(body);
    let one = |part: &str| {
        let part = part.trim_start_matches('^').trim_end_matches('$');
        let (before, behind) = (if starts { "" } else { "*" }, if ends { "" } else { "*" });
        format!("{before}{part}{behind}").replace("**", "*")
    };
    let parts: Vec<String> = if body.contains(['(', '[']) {
        vec![one(body)]
    } else {
        body.split('|').map(one).collect()
    };
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::ci::reach::{Trigger, of};

    const RULES: &[(&str, &str)] = &[
        ("$CI_COMMIT_BRANCH == \"main\"", "main  push"),
        (
            "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
            "$CI_DEFAULT_BRANCH  push",
        ),
        ("$CI_COMMIT_TAG", " * push"),
        ("$CI_COMMIT_TAG =~ /^v\\d+/", " v\\d+* push"),
        (
            "$CI_COMMIT_BRANCH =~ /^(main|release\\/.*)$/",
            "main,release/*  push",
        ),
        (
            "$CI_PIPELINE_SOURCE == 'merge_request_event'",
            "  merge_request_event any",
        ),
        (
            "$CI_COMMIT_BRANCH && $CI_PIPELINE_SOURCE != \"schedule\"",
            "*  push any",
        ),
        ("$DEPLOY == \"yes\"", "  push,merge_request_event"),
        (
            "($CI_COMMIT_BRANCH == 'a' || $CI_COMMIT_BRANCH == 'b') && $X",
            "a,b  push",
        ),
        ("(((", "  push,merge_request_event"),
    ];

    #[test]
    fn rules_are_understood() {
        let trigger = |event: &str, refs: Set| Trigger {
            event: event.to_owned(),
            refs,
            open: true,
        };
        let triggers = [
            trigger("push", Set::Any),
            trigger("merge_request_event", Set::only("refs/pull/*")),
        ];
        for (text, expected) in RULES {
            let reach = of(&parse(text, false), &triggers);
            let any = if reach.any_branch { " any" } else { "" };
            let got = format!(
                "{} {} {}{any}",
                reach.branches.join(","),
                reach.tags.join(","),
                reach.events.join(",")
            );
            assert_eq!(got, *expected, "{text}");
        }
    }
}
