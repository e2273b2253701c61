//! What `--since auto` means: the base of a pull request or the commit before a push, as the CI system tells it.
//!
//! GitHub, and Gitea and Forgejo which speak like it; GitLab. Where such a system ran the job for no change (by hand, by
//! the clock), there is nothing to compare with and everything counts.

use std::path::Path;

use serde_json::Value;

use super::Failure;
use crate::source::{Base, Range, is_zero, parents};

/// The range of this CI job; `head` is what it has checked out.
pub fn range(repo: Option<&Path>, head: &str) -> Result<Range, Failure> {
    let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let event = get("GITHUB_EVENT_PATH")
        .and_then(|path| std::fs::read(path).ok())
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or(Value::Null);
    let parents = parents(repo, head).map_err(|error| Failure::Told(format!("error: {error}")))?;
    let job = Job {
        get: &get,
        event,
        parents,
    };
    let base = job.base().ok_or_else(|| {
        let message = "`--since auto` is for CI, and no CI system that envguard knows runs here (GitHub, Gitea, Forgejo, \
            GitLab); name a revision, such as `--since origin/main...`";
        Failure::Told(format!("error: {message}"))
    })?;
    Ok(Range::new(base, head))
}

/// What is known of a job.
struct Job<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    /// What GitHub says of the event.
    event: Value,
    /// Ids of the parents of what is checked out; they need not be here themselves.
    parents: Vec<String>,
}

impl Job<'_> {
    fn base(&self) -> Option<Base> {
        if self.is("GITHUB_ACTIONS") || self.is("GITEA_ACTIONS") || self.is("FORGEJO_ACTIONS") {
            Some(self.github())
        } else if self.is("GITLAB_CI") {
            Some(self.gitlab())
        } else {
            None
        }
    }

    fn is(&self, name: &str) -> bool {
        (self.get)(name).is_some_and(|value| value == "true")
    }

    fn github(&self) -> Base {
        let told = |pointer: &str| self.event.pointer(pointer).and_then(Value::as_str);
        if let Some(base) = told("/pull_request/base/sha") {
            return match told("/pull_request/head/sha") {
                Some(head) => self.merged(head, base),
                None => Base::Fork(base.to_owned()),
            };
        }
        if let Some(base) = told("/merge_group/base_sha") {
            return Base::Revision(base.to_owned());
        }
        if let Some(before) = told("/before") {
            let main = told("/repository/default_branch");
            return pushed(before, main, (self.get)("GITHUB_REF_NAME").as_deref());
        }
        match (self.get)("GITHUB_BASE_REF") {
            Some(branch) => Base::Fork(format!("origin/{branch}")),
            None => Base::Nothing,
        }
    }

    /// The checked-out commit usually merges the pull request into its base. Then its first parent is the base,
    /// even where the event names an older one.
    fn merged(&self, head: &str, base: &str) -> Base {
        match self.parents.as_slice() {
            [first, rest @ ..] if rest.iter().any(|parent| parent == head) => {
                Base::Revision(first.clone())
            }
            _ => Base::Fork(base.to_owned()),
        }
    }

    fn gitlab(&self) -> Base {
        // Set only where the result of the merge is checked out.
        if let Some(target) = (self.get)("CI_MERGE_REQUEST_TARGET_BRANCH_SHA") {
            return Base::Revision(target);
        }
        if let Some(base) = (self.get)("CI_MERGE_REQUEST_DIFF_BASE_SHA") {
            return Base::Revision(base);
        }
        match (self.get)("CI_COMMIT_BEFORE_SHA") {
            Some(before) => pushed(
                &before,
                (self.get)("CI_DEFAULT_BRANCH").as_deref(),
                (self.get)("CI_COMMIT_BRANCH").as_deref(),
            ),
            None => Base::Nothing,
        }
    }
}

/// The commit before a push. A new branch is compared with the default branch; the first push of all with nothing.
fn pushed(before: &str, main: Option<&str>, branch: Option<&str>) -> Base {
    match main {
        _ if !is_zero(before) => Base::Revision(before.to_owned()),
        Some(main) if branch != Some(main) => Base::Fork(format!("origin/{main}")),
        _ => Base::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ZERO: &str = "0000000000000000000000000000000000000000";

    fn base(env: &[(&str, &str)], event: Value, parents: &[&str]) -> Option<Base> {
        let get = |name: &str| {
            let found = env.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let parents = parents.iter().map(|id| (*id).to_owned()).collect();
        Job {
            get: &get,
            event,
            parents,
        }
        .base()
    }

    fn github(event: Value, parents: &[&str]) -> Option<Base> {
        let env = [("GITHUB_ACTIONS", "true"), ("GITHUB_REF_NAME", "topic")];
        base(&env, event, parents)
    }

    #[test]
    fn github_and_those_who_speak_like_it() {
        let revision = |rev: &str| Some(Base::Revision(rev.into()));
        let request = || json!({"pull_request": {"base": {"sha": "b"}, "head": {"sha": "h"}}});
        assert_eq!(github(request(), &["newer", "h"]), revision("newer"));
        assert_eq!(github(request(), &["x"]), Some(Base::Fork("b".into())));
        let queue = json!({"merge_group": {"base_sha": "q", "head_sha": "h"}});
        assert_eq!(github(queue, &[]), revision("q"));
        let push = |before: &str, main: &str| json!({"before": before, "repository": {"default_branch": main}});
        assert_eq!(github(push("p", "main"), &[]), revision("p"));
        assert_eq!(
            github(push(ZERO, "main"), &[]),
            Some(Base::Fork("origin/main".into()))
        );
        assert_eq!(github(push(ZERO, "topic"), &[]), Some(Base::Nothing));
        assert_eq!(
            github(json!({"schedule": "0 0 * * *"}), &[]),
            Some(Base::Nothing)
        );
        let env = [("GITHUB_ACTIONS", "true"), ("GITHUB_BASE_REF", "main")];
        assert_eq!(
            base(&env, Value::Null, &[]),
            Some(Base::Fork("origin/main".into())),
            "no event file"
        );
    }

    #[test]
    fn gitlab_and_nobody() {
        let gitlab = |more: &[(&str, &str)]| {
            let env = [
                &[("GITLAB_CI", "true"), ("CI_DEFAULT_BRANCH", "main")],
                more,
            ]
            .concat();
            base(&env, Value::Null, &[])
        };
        let revision = |rev: &str| Some(Base::Revision(rev.into()));
        let request = ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "d");
        let first = ("CI_COMMIT_BEFORE_SHA", ZERO);
        assert_eq!(gitlab(&[request, first]), revision("d"));
        let merged = ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "t");
        assert_eq!(gitlab(&[merged, request]), revision("t"));
        assert_eq!(gitlab(&[("CI_COMMIT_BEFORE_SHA", "p")]), revision("p"));
        assert_eq!(
            gitlab(&[first, ("CI_COMMIT_BRANCH", "topic")]),
            Some(Base::Fork("origin/main".into()))
        );
        assert_eq!(
            gitlab(&[first, ("CI_COMMIT_BRANCH", "main")]),
            Some(Base::Nothing)
        );
        assert_eq!(base(&[("CI", "true")], Value::Null, &[]), None);
    }
}
