//! What lies in git, against the real git: the worktree, the index, any revision.

#![cfg(unix)]

#[cfg(test)]
#[path = "git/changes.rs"]
mod changes;
#[cfg(test)]
#[path = "git/frameworks.rs"]
mod frameworks;
#[cfg(test)]
#[path = "git/hard.rs"]
mod hard;
#[cfg(test)]
#[path = "git/history.rs"]
mod history;
#[cfg(test)]
#[path = "git/hook.rs"]
mod hook;
#[cfg(test)]
#[path = "git/index.rs"]
mod index;
#[cfg(test)]
#[path = "git/install.rs"]
mod install;
#[cfg(test)]
#[path = "git/since.rs"]
mod since;
#[cfg(test)]
#[path = "git/staged.rs"]
mod staged;
#[cfg(test)]
#[path = "git/stored.rs"]
mod stored;
#[cfg(test)]
#[path = "git/support.rs"]
mod support;
#[cfg(test)]
#[path = "git/worktree.rs"]
mod worktree;
