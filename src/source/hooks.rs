//! Where git looks for the hooks of a repository.

use std::path::{Path, PathBuf};

use super::error::SourceError;
use super::git::Repo;

/// Whose the folder of the hooks is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Git's own folder: this clone's alone.
    Clone,
    /// A folder of the worktree, which is shared with everybody who has the repository.
    Worktree,
    /// A folder elsewhere, which other repositories may use too.
    Machine,
}

#[derive(Clone, Debug)]
pub struct Hooks {
    pub folder: PathBuf,
    pub owner: Owner,
    /// The top level of the worktree; `None` in a bare repository.
    pub top: Option<PathBuf>,
}

/// The hooks of the repository a folder lies in.
pub fn hooks(dir: Option<&Path>) -> Result<Hooks, SourceError> {
    let repo = Repo::open(dir)?;
    let top = repo.worktree();
    let (common, git_dir) = repo.folders();
    let Some(configured) = repo.hooks_path() else {
        return Ok(Hooks {
            folder: common.join("hooks"),
            owner: Owner::Clone,
            top,
        });
    };
    // A relative path counts from where hooks run.
    let folder = top.as_deref().unwrap_or(&git_dir).join(configured);
    let real = std::fs::canonicalize(&folder).unwrap_or_else(|_| folder.clone());
    let inside = |of: &Path| std::fs::canonicalize(of).is_ok_and(|of| real.starts_with(of));
    let owner = if inside(&common) || inside(&git_dir) {
        Owner::Clone
    } else if top.as_deref().is_some_and(inside) {
        Owner::Worktree
    } else {
        Owner::Machine
    };
    Ok(Hooks { folder, owner, top })
}
