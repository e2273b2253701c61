//! What a hook has to judge: told by the hook framework's environment, by git on standard input, or by the index.

use std::io::Read;

use super::Failure;
use super::begin_args::Hook;
use crate::pipeline::From;
use crate::source::{Base, Range, is_zero};

/// Every run the hook asks for, each once.
pub fn sources(hook: Hook, remote: &str) -> Result<Vec<From>, Failure> {
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    Ok(match hook {
        Hook::Auto => vec![auto(&env)],
        Hook::PreCommit => vec![From::staged(None)],
        Hook::PrePush => distinct(lines()?.iter().filter_map(|line| pushed(line, remote))),
        Hook::PreReceive => distinct(lines()?.iter().filter_map(|line| received(line))),
    })
}

/// pre-commit and prek name a range for pushes and for `--from-ref`. Without one the index counts; where a person or a
/// CI job runs all hooks and nothing is staged, all of it does.
fn auto(env: &dyn Fn(&str) -> Option<String>) -> From {
    let range = match (
        env("PRE_COMMIT_FROM_REF"),
        env("PRE_COMMIT_TO_REF"),
        env("PRE_COMMIT_REMOTE_NAME"),
    ) {
        (Some(from), Some(to), _) => Range::new(Base::Fork(from), &to),
        // The framework names no range for the first push of a whole history.
        (_, _, Some(_)) => {
            let branch = env("PRE_COMMIT_LOCAL_BRANCH");
            Range::new(Base::Nothing, branch.as_deref().unwrap_or("HEAD"))
        }
        _ => {
            let in_commit = env("GIT_INDEX_FILE").is_some();
            return From::Staged {
                repo: None,
                else_all: !in_commit,
            };
        }
    };
    From::Range { repo: None, range }
}

/// `<local ref> <local id> <remote ref> <remote id>`
fn pushed(line: &str, remote: &str) -> Option<Range> {
    let [_, local, _, old] = fields(line)?;
    let had = (!is_zero(old)).then(|| old.to_owned());
    let name = remote.to_owned();
    (!is_zero(local)).then(|| Range::new(Base::Remote { name, had }, local))
}

/// `<old id> <new id> <ref>`
fn received(line: &str) -> Option<Range> {
    let [old, new, _] = fields(line)?;
    let base = match Base::since(old) {
        Base::Nothing => Base::Received,
        base => base,
    };
    (!is_zero(new)).then(|| Range::new(base, new))
}

fn fields<const N: usize>(line: &str) -> Option<[&str; N]> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    fields.try_into().ok()
}

fn distinct(ranges: impl Iterator<Item = Range>) -> Vec<From> {
    let mut all: Vec<Range> = Vec::new();
    for range in ranges {
        if !all.contains(&range) {
            all.push(range);
        }
    }
    let from = |range| From::Range { repo: None, range };
    all.into_iter().map(from).collect()
}

fn lines() -> Result<Vec<String>, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| {
            Failure::Told(format!(
                "error: cannot read what git says of the push: {error}"
            ))
        })?;
    Ok(text.lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "1111111111111111111111111111111111111111";
    const NEW: &str = "2222222222222222222222222222222222222222";
    const NONE: &str = "0000000000000000000000000000000000000000";

    #[test]
    fn what_git_says_of_a_push() {
        let remote = |had: Option<&str>| Base::Remote {
            name: "origin".into(),
            had: had.map(str::to_owned),
        };
        let line = |local: &str, old: &str| format!("refs/heads/a {local} refs/heads/a {old}");
        assert_eq!(
            pushed(&line(NEW, OLD), "origin"),
            Some(Range::new(remote(Some(OLD)), NEW))
        );
        assert_eq!(
            pushed(&line(NEW, NONE), "origin"),
            Some(Range::new(remote(None), NEW))
        );
        assert_eq!(pushed(&line(NONE, OLD), "origin"), None, "a deletion");
        assert_eq!(
            received(&format!("{OLD} {NEW} refs/heads/a")),
            Some(Range::new(Base::Revision(OLD.into()), NEW))
        );
        assert_eq!(
            received(&format!("{NONE} {NEW} refs/heads/a")),
            Some(Range::new(Base::Received, NEW))
        );
        assert_eq!(received(&format!("{OLD} {NONE} refs/heads/a")), None);
        assert_eq!(received("something else"), None);
    }

    #[test]
    fn frameworks_speak_by_their_environment() {
        let with = |set: &[(&str, &str)]| {
            let set: Vec<(String, String)> = set
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            auto(&move |name| {
                let found = set.iter().find(|(set, _)| set == name);
                found.map(|(_, value)| value.clone())
            })
        };
        let range = |from| match from {
            From::Range { range, .. } => Some(range),
            _ => None,
        };
        let push = [
            ("PRE_COMMIT_FROM_REF", OLD),
            ("PRE_COMMIT_TO_REF", NEW),
            ("PRE_COMMIT_REMOTE_NAME", "origin"),
        ];
        assert_eq!(
            range(with(&push)),
            Some(Range::new(Base::Fork(OLD.into()), NEW))
        );
        assert_eq!(
            range(with(&push[2..])),
            Some(Range::new(Base::Nothing, "HEAD"))
        );
        let all = |from| match from {
            From::Staged { else_all, .. } => Some(else_all),
            _ => None,
        };
        assert_eq!(all(with(&[])), Some(true));
        assert_eq!(all(with(&[("GIT_INDEX_FILE", ".git/index")])), Some(false));
    }
}
