//! What `--since auto` means: the base of a pull request or the commit before a push, as the CI system tells it.
//!
//! GitHub, and Gitea and Forgejo which speak like it; GitLab, CircleCI, Azure Pipelines and Bitbucket. Where such a system
//! ran the job for no change (by hand, by the clock), there is nothing to compare with and everything counts.
//!
//! A system that tells no commit before a push (CircleCI, Azure, Bitbucket) is asked for the branch instead: on the
//! default branch the push is taken for its last commit, on any other for everything since it was left.

use std::path::Path;

use serde_json::Value;

use super::Failure;
use crate::source::{Base, Range, default_branch, is_zero, parents};

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
        main: default_branch(repo).unwrap_or_else(|| "main".to_owned()),
    };
    let base = job.base().ok_or_else(|| {
        let message = "`--since auto` is for CI, and no CI system that envguard knows runs here (GitHub, Gitea, Forgejo, \
            GitLab, CircleCI, Azure Pipelines, Bitbucket); name a revision, such as `--since origin/main...`";
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
    /// The remote's default branch, as far as this clone knows.
    main: String,
}

impl Job<'_> {
    fn base(&self) -> Option<Base> {
        if self.is("GITHUB_ACTIONS") || self.is("GITEA_ACTIONS") || self.is("FORGEJO_ACTIONS") {
            Some(self.github())
        } else if self.is("GITLAB_CI") {
            Some(self.gitlab())
        } else if self.is("CIRCLECI") {
            Some(self.circle())
        } else if self.is("TF_BUILD") {
            Some(self.azure())
        } else if (self.get)("BITBUCKET_BUILD_NUMBER").is_some() {
            Some(self.bitbucket())
        } else {
            None
        }
    }

    fn is(&self, name: &str) -> bool {
        (self.get)(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
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

    /// CircleCI says nothing of the base; a pipeline can hand it over with `<< pipeline.git.base_revision >>`.
    fn circle(&self) -> Base {
        match (self.get)("CIRCLE_BASE_REVISION") {
            Some(base) => Base::since(&base),
            None => self.branch((self.get)("CIRCLE_BRANCH").as_deref()),
        }
    }

    fn azure(&self) -> Base {
        let branch = |name| {
            Some(
                (self.get)(name)?
                    .trim_start_matches("refs/heads/")
                    .to_owned(),
            )
        };
        // What is checked out for a pull request is its merge into the target.
        if let Some(target) = branch("SYSTEM_PULLREQUEST_TARGETBRANCH") {
            return match self.parents.as_slice() {
                [first, _, ..] => Base::Revision(first.clone()),
                _ => Base::Fork(format!("origin/{target}")),
            };
        }
        match (self.get)("BUILD_REASON").as_deref() {
            Some("IndividualCI" | "BatchedCI") => {
                self.branch(branch("BUILD_SOURCEBRANCH").as_deref())
            }
            _ => Base::Nothing,
        }
    }

    fn bitbucket(&self) -> Base {
        if let Some(target) = (self.get)("BITBUCKET_PR_DESTINATION_BRANCH") {
            // The pull request is merged before its pipeline starts.
            return match self.parents.as_slice() {
                [first, _, ..] => Base::Revision(first.clone()),
                _ => Base::Fork(format!("origin/{target}")),
            };
        }
        self.branch((self.get)("BITBUCKET_BRANCH").as_deref())
    }

    /// A push of which only the branch is known; no branch is no push (a tag, a job by hand).
    fn branch(&self, branch: Option<&str>) -> Base {
        match (branch, self.parents.first()) {
            (Some(branch), _) if branch != self.main => Base::Fork(format!("origin/{}", self.main)),
            (Some(_), Some(parent)) => Base::Revision(parent.clone()),
            _ => Base::Nothing,
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
            main: "main".to_owned(),
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

    #[test]
    fn those_who_tell_only_branches() {
        let revision = |rev: &str| Some(Base::Revision(rev.into()));
        let fork = |rev: &str| Some(Base::Fork(rev.into()));
        let asked = |env: &[(&str, &str)], parents: &[&str]| base(env, Value::Null, parents);
        let circle = ("CIRCLECI", "true");
        let on = |branch| [circle, ("CIRCLE_BRANCH", branch)];
        assert_eq!(asked(&on("topic"), &["p"]), fork("origin/main"));
        assert_eq!(asked(&on("main"), &["p"]), revision("p"));
        assert_eq!(
            asked(&on("main"), &[]),
            Some(Base::Nothing),
            "the first commit"
        );
        assert_eq!(asked(&[circle], &["p"]), Some(Base::Nothing), "a tag");
        let told = [circle, ("CIRCLE_BASE_REVISION", "b")];
        assert_eq!(asked(&told, &["p"]), revision("b"));
    }

    #[test]
    fn those_who_merge_before_they_run() {
        let revision = |rev: &str| Some(Base::Revision(rev.into()));
        let fork = |rev: &str| Some(Base::Fork(rev.into()));
        let asked = |env: &[(&str, &str)], parents: &[&str]| base(env, Value::Null, parents);
        let azure = |more: &[(&str, &str)], parents: &[&str]| {
            asked(&[&[("TF_BUILD", "True")], more].concat(), parents)
        };
        let request = [("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main")];
        assert_eq!(azure(&request, &["target", "head"]), revision("target"));
        assert_eq!(azure(&request, &["p"]), fork("origin/main"));
        let push = |branch| {
            [
                ("BUILD_REASON", "IndividualCI"),
                ("BUILD_SOURCEBRANCH", branch),
            ]
        };
        assert_eq!(
            azure(&push("refs/heads/topic"), &["p"]),
            fork("origin/main")
        );
        assert_eq!(azure(&push("refs/heads/main"), &["p"]), revision("p"));
        let clock = [("BUILD_REASON", "Schedule")];
        assert_eq!(azure(&clock, &["p"]), Some(Base::Nothing));

        let bitbucket = |more: &[(&str, &str)], parents: &[&str]| {
            asked(
                &[&[("BITBUCKET_BUILD_NUMBER", "7")], more].concat(),
                parents,
            )
        };
        let request = [
            ("BITBUCKET_PR_DESTINATION_BRANCH", "main"),
            ("BITBUCKET_BRANCH", "topic"),
        ];
        assert_eq!(bitbucket(&request, &["target", "head"]), revision("target"));
        assert_eq!(bitbucket(&request, &["p"]), fork("origin/main"));
        assert_eq!(bitbucket(&request[1..], &["p"]), fork("origin/main"));
    }
}
