//! Why nothing could be looked at. Every message says what to do next.

use std::path::PathBuf;

use super::name;

/// A run that could not begin.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("`{}` does not exist; paths are looked up from the current folder", show(.0))]
    NotFound(PathBuf),
    #[error("`{}` is neither a file nor a folder; pipe its text into `-` with `--stdin-name NAME`", show(.0))]
    NotAFile(PathBuf),
    #[error("`{}` is a link to `{}`, outside of `{}`; name the file it leads to", show(.link), show(.target), show(.root))]
    LinkLeaves {
        link: PathBuf,
        target: PathBuf,
        root: PathBuf,
    },
    #[error("cannot open `{}`: {reason}; check its permissions", show(.path))]
    Unreadable { path: PathBuf, reason: String },
    #[error("cannot read `{}`: {reason}", show(.path))]
    Dump { path: PathBuf, reason: String },
    #[error("no git repository in `{}` or above it; run inside of one, or name it with `--repo DIR`", show(.0))]
    NoRepository(PathBuf),
    #[error("`{}` is a bare repository, which has no files to look at; name a revision with `--rev HEAD`", show(.0))]
    Bare(PathBuf),
    #[error(
        "the repository `{}` belongs to somebody else, and git would not trust it either; \
         if you do, run: git config --global --add safe.directory '{}'", show(.0), show(.0)
    )]
    Foreign(PathBuf),
    #[error("cannot open the repository `{}`: {reason}; `git -C '{}' status` may say more", show(.path), show(.path))]
    Repository { path: PathBuf, reason: String },
    #[error("cannot read the index of `{}`: {reason}; `git -C '{}' status` may say more", show(.path), show(.path))]
    Index { path: PathBuf, reason: String },
    #[error("`{rev}` is no revision of `{}`: {reason}; `git rev-parse --verify '{rev}'` may say more", show(.path))]
    Revision {
        rev: String,
        path: PathBuf,
        reason: String,
    },
    #[error("`{}` has no commit yet, so there is no `{rev}`; commit first, or check the index with `--staged`", show(.path))]
    Unborn { rev: String, path: PathBuf },
    #[error("`{rev}` is not in `{}`, which is a shallow clone; fetch it first: {}", show(.path), fetch(.rev))]
    Shallow { rev: String, path: PathBuf },
    #[error("`{base}` and `{head}` have no common commit in `{}`{}", show(.path), if *.shallow { UNSHALLOW } else { UNRELATED })]
    NoFork {
        base: String,
        head: String,
        path: PathBuf,
        shallow: bool,
    },
}

const UNSHALLOW: &str = ", which is a shallow clone; fetch their history first: git fetch --unshallow origin \
    (for actions/checkout: fetch-depth: 0)";
const UNRELATED: &str =
    "; compare the two trees as they stand with two dots instead of three: A..B";

/// The one command that brings a revision into a shallow clone.
fn fetch(rev: &str) -> String {
    let is_id = matches!(rev.len(), 40 | 64) && rev.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id {
        return format!("git fetch --depth=1 origin {rev}");
    }
    if let Some(branch) = rev
        .strip_prefix("refs/remotes/origin/")
        .or_else(|| rev.strip_prefix("origin/"))
        .filter(|branch| !branch.contains(['^', '~', '@', ':']))
    {
        return format!(
            "git fetch --depth=1 origin +refs/heads/{branch}:refs/remotes/origin/{branch}"
        );
    }
    if rev.contains(['^', '~', '@', ':']) {
        return "git fetch --unshallow origin".to_owned();
    }
    format!(
        "git fetch --depth=1 origin {rev} and name it FETCH_HEAD, or git fetch --unshallow origin"
    )
}

fn show(path: &std::path::Path) -> String {
    let mut text = String::new();
    match gix::path::into_bstr(path) {
        Ok(bytes) => name::show(&bytes, &mut text),
        Err(_) => text.push_str(&path.to_string_lossy()),
    }
    if text.is_empty() {
        ".".to_owned()
    } else {
        text
    }
}
