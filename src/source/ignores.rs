//! Ignore files: which paths git would not offer to add, and which paths envguard was told to leave alone.
//!
//! Matching is git's own (gix-ignore): a pattern is tried only against the few names somebody asks about, so that
//! no file of patterns is compiled into automata that a short run never amortises.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use gix::bstr::{BStr, BString, ByteSlice};
use gix::glob::pattern::Case;
use gix::glob::search::pattern::List;
use gix_ignore::search::{Ignore, pattern_matching_relative_path};

pub const GIT: &str = ".gitignore";
pub const OWN: &str = ".envguardignore";

/// What the ignore files say of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Free,
    /// By git's rules.
    Ignored,
    /// By `.envguardignore` or `--exclude`: not looked at, whatever else is true of it.
    Excluded,
}

/// The patterns of one ignore file.
pub type Patterns = List<Ignore>;

/// Reads an ignore file of the tree by its raw path; `None` where there is none.
pub type Loader = Box<dyn Fn(&BStr) -> Option<Vec<u8>> + Send + Sync>;

/// The ignore files of a folder and of those above it. Folders without one share their parent's.
#[derive(Debug, Default)]
pub struct Chain {
    parent: Option<Arc<Chain>>,
    git: Option<Patterns>,
    own: Option<Patterns>,
}

/// All ignore rules of one tree, read where a question leads.
pub struct Rules {
    loader: Loader,
    /// `--exclude` and the like: they win over every `.envguardignore`.
    excludes: Vec<Patterns>,
    /// Rules that are this machine's, not the tree's: `info/exclude` and the global file, in this order.
    machine: Vec<Patterns>,
    case: Case,
    /// Whether `.envguardignore` counts.
    own: bool,
    chains: Mutex<HashMap<BString, Arc<Chain>>>,
}

/// The patterns of a file that stands in `folder` (raw, empty for the root).
pub fn parse(bytes: &[u8], folder: &BStr) -> Patterns {
    let mut list =
        List::from_bytes(bytes, PathBuf::new(), None, Ignore::default()).unwrap_or_default();
    list.base = (!folder.is_empty()).then(|| BString::from([folder.as_bytes(), b"/"].concat()));
    list
}

impl Rules {
    pub fn new(loader: Loader, machine: Vec<Patterns>, fold_case: bool) -> Self {
        Self {
            loader,
            excludes: Vec::new(),
            machine,
            case: if fold_case {
                Case::Fold
            } else {
                Case::Sensitive
            },
            own: true,
            chains: Mutex::default(),
        }
    }

    /// The same, with or without every `.envguardignore`.
    pub fn with_own(self, own: bool) -> Self {
        Self { own, ..self }
    }

    /// Adds globs in the syntax of ignore files, relative to the root.
    pub fn exclude(&mut self, globs: &[String]) {
        self.excludes
            .push(parse(globs.join("\n").as_bytes(), BStr::new("")));
    }

    /// What holds for a path, its parent folders considered.
    pub fn verdict(&self, path: &BStr) -> Verdict {
        if self.excludes(path) {
            return Verdict::Excluded;
        }
        // What lies in an ignored folder is ignored: no pattern inside of it can take it out again.
        let ignored = self.any_part(path, |chain, part, is_dir| {
            self.ignored(chain, part, is_dir, &self.machine)
        });
        if ignored {
            Verdict::Ignored
        } else {
            Verdict::Free
        }
    }

    /// Whether a path is not to be looked at.
    pub fn excludes(&self, path: &BStr) -> bool {
        self.any_part(path, |chain, part, is_dir| {
            self.excluded(chain, part, is_dir)
        })
    }

    /// The same by the ignore files of the tree alone, which are everybody's.
    pub fn covers(&self, path: &BStr) -> bool {
        self.any_part(path, |chain, part, is_dir| {
            self.ignored(chain, part, is_dir, &[])
        })
    }

    /// What holds for a path whose parent folder is neither ignored nor excluded.
    pub fn here(&self, chain: &Chain, path: &BStr, is_dir: bool) -> Verdict {
        if self.excluded(chain, path, is_dir) {
            Verdict::Excluded
        } else if self.ignored(chain, path, is_dir, &self.machine) {
            Verdict::Ignored
        } else {
            Verdict::Free
        }
    }

    /// The rules inside a folder, from those of its parent and the names of the files it is known to hold.
    pub fn enter(&self, parent: &Arc<Chain>, folder: &BStr, git: bool, own: bool) -> Arc<Chain> {
        let git = git.then(|| self.load(folder, GIT)).flatten();
        let own = (own && self.own).then(|| self.load(folder, OWN)).flatten();
        if git.is_none() && own.is_none() {
            return Arc::clone(parent);
        }
        Arc::new(Chain {
            parent: Some(Arc::clone(parent)),
            git,
            own,
        })
    }

    /// Whether a test holds for a path or for a folder above it, from the root down.
    fn any_part(&self, path: &BStr, test: impl Fn(&Chain, &BStr, bool) -> bool) -> bool {
        let whole = path.strip_suffix(b"/").unwrap_or(path);
        let ends = whole.find_iter("/").chain([whole.len()]);
        let mut folder = BStr::new("");
        for end in ends {
            let part = whole.get(..end).unwrap_or_default().as_bstr();
            if test(&self.chain(folder), part, end < path.len()) {
                return true;
            }
            folder = part;
        }
        false
    }

    /// The rules that stand above a folder.
    pub fn above(&self, folder: &BStr) -> Arc<Chain> {
        match folder.rfind_byte(b'/') {
            _ if folder.is_empty() => Arc::default(),
            Some(at) => self.chain(folder.get(..at).unwrap_or_default().as_bstr()),
            None => self.chain(BStr::new("")),
        }
    }

    fn chain(&self, folder: &BStr) -> Arc<Chain> {
        if let Some(chain) = self.chains().get(folder) {
            return Arc::clone(chain);
        }
        let chain = self.enter(&self.above(folder), folder, true, true);
        self.chains().insert(folder.to_owned(), Arc::clone(&chain));
        chain
    }

    fn chains(&self) -> std::sync::MutexGuard<'_, HashMap<BString, Arc<Chain>>> {
        self.chains.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn load(&self, folder: &BStr, file: &str) -> Option<Patterns> {
        let mut path = folder.to_owned();
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(file.as_bytes());
        (self.loader)(path.as_bstr()).map(|bytes| parse(&bytes, folder))
    }

    fn excluded(&self, chain: &Chain, path: &BStr, is_dir: bool) -> bool {
        let own = chain.lists(|chain| chain.own.as_ref());
        self.decide(self.excludes.iter().chain(own), path, is_dir)
    }

    fn ignored(&self, chain: &Chain, path: &BStr, is_dir: bool, machine: &[Patterns]) -> bool {
        let git = chain.lists(|chain| chain.git.as_ref());
        self.decide(git.chain(machine), path, is_dir)
    }

    /// The last matching pattern of the nearest file decides.
    fn decide<'a>(
        &self,
        lists: impl Iterator<Item = &'a Patterns>,
        path: &BStr,
        is_dir: bool,
    ) -> bool {
        let name = path.rfind_byte(b'/').map(|at| at + 1);
        lists
            .filter_map(|list| {
                pattern_matching_relative_path(list, path, name, Some(is_dir), self.case)
            })
            .map(|found| !found.pattern.is_negative())
            .next()
            .unwrap_or(false)
    }
}

impl Chain {
    fn lists<'a>(
        &'a self,
        pick: fn(&'a Self) -> Option<&'a Patterns>,
    ) -> impl Iterator<Item = &'a Patterns> {
        std::iter::successors(Some(self), |chain| chain.parent.as_deref()).filter_map(pick)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(files: &'static [(&'static str, &'static str)]) -> Rules {
        let find = move |path: &BStr| {
            let file = files.iter().find(|(name, _)| path == *name)?;
            Some(file.1.as_bytes().to_vec())
        };
        Rules::new(
            Box::new(find),
            vec![parse(b"*.mine\n.env.shared\n", BStr::new(""))],
            false,
        )
    }

    #[test]
    fn the_nearest_file_and_the_last_pattern_decide() {
        let rules = rules(&[
            (".gitignore", "# env\n.env*\n!.env.example\n/build/\n"),
            ("app/.gitignore", "!.env.test\nlogs/\n"),
            ("build/.gitignore", "!.env\n"),
        ]);
        for (path, ignored) in [
            (".env", true),
            (".env.example", false),
            ("app/.env.production", true),
            ("app/.env.test", false),
            ("app/sub/.env.test", false),
            ("other/.env.test", true),
            ("build/.env", true),
            ("app/build/x.yml", false),
            ("app/logs/x.yml", true),
            ("app/logs", false),
            ("app/logs/", true),
        ] {
            assert_eq!(rules.covers(path.into()), ignored, "{path}");
        }
    }

    #[test]
    fn rules_of_one_machine_ignore_but_do_not_cover() {
        let rules = rules(&[(".gitignore", "!.env.shared\n")]);
        assert_eq!(rules.verdict("a/x.mine".into()), Verdict::Ignored);
        assert!(!rules.covers("a/x.mine".into()));
        assert_eq!(
            rules.verdict(".env.shared".into()),
            Verdict::Free,
            "the tree's own files come first"
        );
    }

    #[test]
    fn our_own_file_excludes_what_git_sees() {
        let mut rules = rules(&[
            (".envguardignore", "fixtures/\n!keep.env\n"),
            (".gitignore", "*.log\n"),
        ]);
        assert_eq!(rules.verdict("a/fixtures/.env".into()), Verdict::Excluded);
        assert!(
            !rules.covers("a/fixtures/.env".into()),
            "git knows nothing of it"
        );
        rules.exclude(&["vendor/**".into()]);
        assert_eq!(rules.verdict("vendor/x/.env".into()), Verdict::Excluded);
        assert_eq!(rules.verdict("a.log".into()), Verdict::Ignored);
    }
}
