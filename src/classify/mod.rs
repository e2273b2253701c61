//! What a file is for, told from its path, the configuration and a first look at its text: the environment it claims,
//! its role, and the project it belongs to.
//!
//! A claim is only what the path says. Files whose path says nothing (`.env`, `docker-compose.yml`) have none: what
//! they hold (`APP_ENV=production`) and who runs them is weighed in `resolve`, which sees all files.

mod installed;
mod project;
mod role;
mod seal;

pub use installed::is_installed;
pub use project::is_manifest;
pub use seal::{Seal, look};

use globset::{GlobBuilder, GlobMatcher};

use crate::model::file::{Claim, Nature};
use crate::model::tree::Entry;
use crate::model::{Env, File, Str};
use crate::value::Lexicon;
use project::Projects;

/// Tells what files are for. Made once per snapshot.
pub struct Classifier<'a> {
    lexicon: &'a Lexicon,
    files: Vec<Glob>,
    projects: Projects<'a>,
    focus: String,
}

/// A glob of `environments.NAME.files`.
struct Glob {
    matcher: GlobMatcher,
    env: Env,
    length: usize,
}

impl<'a> Classifier<'a> {
    /// `entries` are all files of the snapshot, sorted; `projects` the folder globs of the configuration, which replace
    /// the search for manifests.
    pub fn new(lexicon: &'a Lexicon, entries: &'a [Entry], projects: &[String]) -> Self {
        let globs = lexicon.environments.all().flat_map(|(env, info)| {
            info.files.iter().filter_map(move |text| {
                Some(Glob {
                    matcher: path_glob(text)?,
                    env,
                    length: text.len(),
                })
            })
        });
        let mut files: Vec<Glob> = globs.collect();
        // The longest glob is the most particular one.
        files.sort_by_key(|glob| std::cmp::Reverse(glob.length));
        Self {
            lexicon,
            files,
            projects: Projects::new(entries, projects),
            focus: String::new(),
        }
    }

    /// The folder that the user pointed at. Folders above it make nothing a fixture or an example: who checks
    /// `examples/shop` means that project as it stands.
    #[must_use]
    pub fn with_focus(mut self, folder: &str) -> Self {
        let folder = folder.trim_matches('/');
        self.focus = if folder == "." {
            String::new()
        } else {
            folder.to_owned()
        };
        self
    }

    /// The file of an entry that a format has claimed.
    pub fn classify(&self, entry: &Entry, format: &'static str, nature: Nature) -> File {
        let mut file = File::at(&entry.path);
        file.path = Str::clone(&entry.path);
        file.format = format;
        file.nature = nature;
        file.tracked = entry.tracked;
        file.ignored = entry.ignored;
        file.claim = self.claim(&file);
        file.purpose = Str::from(role::purpose(&file.name, &self.lexicon.words));
        file.project = self.projects.of(&file.dir);
        file.role = role::of(self.below_focus(&file.path), &file);
        file
    }

    fn claim(&self, file: &File) -> Option<Claim> {
        if let Some(glob) = self
            .files
            .iter()
            .find(|glob| glob.matcher.is_match(file.path.as_ref()))
        {
            let name = self.lexicon.environments.name(glob.env);
            return Some(Claim {
                env: glob.env,
                reason: Str::from(format!("configuration: environments.{name}.files")),
            });
        }
        let words = &self.lexicon.words;
        match file.nature {
            Nature::Program | Nature::Prose => None,
            Nature::Script => words.in_script_name(&file.name),
            Nature::Pipeline => {
                let says_what = [Env::TEST, Env::PREVIEW];
                let claim = words.in_path(&file.path)?;
                (!says_what.contains(&claim.env)).then_some(claim)
            }
            Nature::Settings | Nature::Other => words.in_path(&file.path),
        }
    }

    fn below_focus<'p>(&self, path: &'p str) -> &'p str {
        match path.strip_prefix(&self.focus) {
            Some(rest) if self.focus.is_empty() => rest,
            Some(rest) => rest.strip_prefix('/').unwrap_or(path),
            None => path,
        }
    }
}

/// A path glob as people know it from ignore files: without a slash it means the name in any folder.
fn path_glob(text: &str) -> Option<GlobMatcher> {
    let anchored = text.trim_start_matches("./");
    let text = match anchored.strip_prefix('/') {
        Some(from_root) => from_root.to_owned(),
        None if anchored.contains('/') => anchored.to_owned(),
        None => format!("**/{anchored}"),
    };
    let glob = GlobBuilder::new(&text).literal_separator(true).build();
    glob.ok().map(|glob| glob.compile_matcher())
}
