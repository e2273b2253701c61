//! Which pushes, tags and events reach a job: what its triggers let through and its condition leaves over. What a
//! condition says and cannot be understood makes the answer unsure, and nothing is concluded from it.

/// A set of refs (`refs/heads/main`, `refs/tags/v*`) or events, as far as a condition tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::format) enum Set {
    #[default]
    Any,
    Only(Vec<String>),
    Except(Vec<String>),
}

impl Set {
    pub(in crate::format) fn only(one: impl Into<String>) -> Self {
        Self::Only(vec![one.into()])
    }

    fn is_several(&self) -> bool {
        matches!(self, Self::Only(names) if names.len() > 1)
    }

    pub(in crate::format) fn inverted(self) -> Self {
        match self {
            Self::Any => Self::Any,
            Self::Only(list) => Self::Except(list),
            Self::Except(list) => Self::Only(list),
        }
    }

    fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Any, set) | (set, Self::Any) => set.clone(),
            (Self::Only(a), Self::Only(b)) => Self::Only(common(a, b)),
            (Self::Only(list), Self::Except(not)) | (Self::Except(not), Self::Only(list)) => {
                let stays = |text: &&String| !not.iter().any(|pattern| matches(pattern, text));
                Self::Only(list.iter().filter(stays).cloned().collect())
            }
            (Self::Except(a), Self::Except(b)) => {
                Self::Except(a.iter().chain(b).cloned().collect())
            }
        }
    }

    fn allows(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(list) => list.iter().any(|pattern| matches(pattern, text)),
            Self::Except(list) => !list.iter().any(|pattern| matches(pattern, text)),
        }
    }
}

fn common(a: &[String], b: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for one in a {
        for other in b {
            let both = if matches(other, one) {
                one
            } else if matches(one, other) {
                other
            } else {
                continue;
            };
            if !found.contains(both) {
                found.push(both.clone());
            }
        }
    }
    found
}

/// One way in which a condition can hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::format) struct Case {
    pub(in crate::format) refs: Set,
    pub(in crate::format) events: Set,
    /// Something in it was not understood.
    pub(in crate::format) unsure: bool,
    /// Somebody has to start it by hand.
    pub(in crate::format) manual: bool,
}

/// A condition: it holds in any of these cases.
pub(in crate::format) type Cases = Vec<Case>;

/// More cases than this are not told apart.
const MOST: usize = 24;

pub(in crate::format) fn always() -> Cases {
    vec![Case::default()]
}

pub(in crate::format) fn unsure() -> Cases {
    vec![Case {
        unsure: true,
        ..Case::default()
    }]
}

pub(in crate::format) fn either(mut a: Cases, b: Cases) -> Cases {
    a.extend(b);
    if a.len() > MOST { unsure() } else { a }
}

pub(in crate::format) fn both(a: &Cases, b: &Cases) -> Cases {
    if a.len() * b.len() > MOST {
        return unsure();
    }
    let join = |a: &Case, b: &Case| Case {
        refs: a.refs.and(&b.refs),
        events: a.events.and(&b.events),
        unsure: a.unsure || b.unsure,
        manual: a.manual || b.manual,
    };
    a.iter()
        .flat_map(|one| b.iter().map(move |other| join(one, other)))
        .collect()
}

/// Something that starts a pipeline.
#[derive(Clone, Debug)]
pub(in crate::format) struct Trigger {
    pub(in crate::format) event: String,
    pub(in crate::format) refs: Set,
    /// Whoever may push, or open a pull request, sets it off.
    pub(in crate::format) open: bool,
}

/// What reaches a job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::format) struct Reach {
    pub(in crate::format) branches: Vec<String>,
    pub(in crate::format) tags: Vec<String>,
    pub(in crate::format) events: Vec<String>,
    pub(in crate::format) any_branch: bool,
    /// Every event with the refs it comes with.
    ways: Vec<(String, Set)>,
}

impl Reach {
    /// Whether one run can reach both.
    pub(in crate::format) fn meets(&self, other: &Self) -> bool {
        self.ways.iter().any(|(event, refs)| {
            let same = other.ways.iter().filter(|(known, _)| known == event);
            same.into_iter()
                .any(|(_, others)| refs.and(others) != Set::Only(Vec::new()))
        })
    }
}

pub(in crate::format) fn of(cases: &Cases, triggers: &[Trigger]) -> Reach {
    let mut reach = Reach::default();
    for case in cases {
        for trigger in triggers
            .iter()
            .filter(|trigger| case.events.allows(&trigger.event))
        {
            let refs = trigger.refs.and(&case.refs);
            if refs == Set::Only(Vec::new()) {
                continue;
            }
            add(&mut reach.events, &trigger.event);
            reach.ways.push((trigger.event.clone(), refs.clone()));
            if case.unsure && case.refs == Set::Any && refs.is_several() {
                // It may be about branches, and then not all of the trigger's come through.
                continue;
            }
            let open = trigger.open && !case.unsure && !case.manual;
            match refs {
                Set::Any | Set::Except(_) => reach.any_branch |= open,
                Set::Only(list) => {
                    for one in &list {
                        reach.any_branch |= open && is_everything(one);
                        if let Some(branch) = one.strip_prefix("refs/heads/") {
                            add(&mut reach.branches, branch);
                        } else if let Some(tag) = one.strip_prefix("refs/tags/") {
                            add(&mut reach.tags, tag);
                        }
                    }
                }
            }
        }
    }
    reach
}

fn is_everything(name: &str) -> bool {
    name.starts_with("refs/pull/") || matches!(name, "refs/heads/*" | "refs/heads/**")
}

fn add(list: &mut Vec<String>, text: &str) {
    if !list.iter().any(|known| known == text) {
        list.push(text.to_owned());
    }
}

/// Whether a pattern with `*` covers a text. Character classes and repetitions are taken for anything.
pub(in crate::format) fn matches(pattern: &str, text: &str) -> bool {
    let special = pattern.find(['[', '?', '+', '(', '\\']);
    let pattern = special.map_or_else(
        || pattern.to_owned(),
        |at| pattern.get(..at).unwrap_or_default().to_owned() + "*",
    );
    let mut parts = pattern
        .split('*')
        .filter(|part| !part.is_empty())
        .peekable();
    if !pattern.contains('*') {
        return pattern == text;
    }
    let mut rest = text;
    if !pattern.starts_with('*') {
        let first = parts.next().unwrap_or_default();
        match rest.strip_prefix(first) {
            Some(behind) => rest = behind,
            None => return false,
        }
    }
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none() && !pattern.ends_with('*');
        let found = if last {
            rest.strip_suffix(part).map(|_| 0)
        } else {
            rest.find(part)
        };
        let Some(at) = found else {
            return false;
        };
        rest = if last {
            ""
        } else {
            rest.get(at + part.len()..).unwrap_or_default()
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_texts() {
        for (pattern, text) in [
            ("a", "a"),
            ("refs/heads/*", "refs/heads/a/b"),
            ("refs/tags/v*.*", "refs/tags/v1.2"),
            ("*-rc", "v1-rc"),
            ("v[0-9]+", "v12"),
            ("**", ""),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("a", "b"),
            ("a*", "b"),
            ("*a", "b"),
            ("v*-rc", "v1"),
            ("a*b*c", "abd"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn conditions_narrow_triggers() {
        let push = Trigger {
            event: "push".to_owned(),
            refs: Set::Any,
            open: true,
        };
        let main = vec![Case {
            refs: Set::only("refs/heads/main"),
            ..Case::default()
        }];
        let reach = of(&main, std::slice::from_ref(&push));
        assert_eq!(
            (reach.branches, reach.any_branch),
            (vec!["main".to_owned()], false)
        );
        assert!(of(&always(), std::slice::from_ref(&push)).any_branch);
        assert!(!of(&unsure(), std::slice::from_ref(&push)).any_branch);
        let manual = vec![Case {
            events: Set::only("workflow_dispatch"),
            ..Case::default()
        }];
        let reach = of(&either(main, manual), &[push]);
        assert!(!reach.any_branch, "{reach:?}");
    }
}
