//! `envguard install`: a plain git hook for those who use no framework. A hook that is there already runs first and is put
//! back by `--uninstall`; where another tool manages the hooks, nothing is written and the lines to add are shown.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Failure;
use super::begin_args::{GitHook, Install};
use crate::source::{self, Hooks, Owner};

/// The first two lines of every hook this command writes, and its last.
const HEAD: &str =
    "#!/bin/sh\n# Written by `envguard install`; `envguard install --uninstall` takes it out.\n";
const TAIL: &str = "# end of envguard\n";

/// What a hook that was there before is called now.
const BEFORE: &str = ".before-envguard";

pub fn run(install: &Install) -> Result<u8, Failure> {
    let done = if install.uninstall {
        let hooks = hooks(install.repo.as_deref())?;
        Place::of(&hooks, install.hook).uninstall()?
    } else {
        write(install.hook, install.repo.as_deref())?
    };
    writeln!(io::stdout().lock(), "{done}")?;
    Ok(0)
}

/// Writes the hook, or tells the lines to add where another tool manages the hooks.
pub fn write(hook: GitHook, repo: Option<&Path>) -> Result<String, Failure> {
    let hooks = hooks(repo)?;
    let place = Place::of(&hooks, hook);
    match Manager::of(&hooks, &place.hook) {
        Some(manager) => Err(Failure::Told(manager.instead(hook))),
        None => place.install(hook, &hooks),
    }
}

/// What stands where git looks for a hook.
pub struct Found {
    pub path: PathBuf,
    /// Git will not run a hook that is not executable.
    pub runs: bool,
    /// It, or the configuration of the tool that manages the hooks, names envguard.
    pub calls: bool,
    /// The tool that manages the hooks, and its configuration.
    pub manager: Option<&'static str>,
}

/// The hook of this name, or what a tool would put there.
pub fn find(hook: GitHook, repo: Option<&Path>) -> Result<Found, Failure> {
    let hooks = hooks(repo)?;
    let place = Place::of(&hooks, hook);
    let manager = Manager::of(&hooks, &place.hook);
    let named = |path: &Path| {
        let bytes = fs::read(path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).contains("envguard")
    };
    let top = hooks.top.clone().unwrap_or_default();
    let configured = manager.as_ref().map_or(&[][..], Manager::files);
    let calls = named(&place.hook) || configured.iter().any(|file| named(&top.join(file)));
    Ok(Found {
        runs: is_executable(&place.hook),
        calls,
        manager: manager.as_ref().map(Manager::name),
        path: place.hook,
    })
}

fn hooks(repo: Option<&Path>) -> Result<Hooks, Failure> {
    source::hooks(repo).map_err(|error| Failure::Told(format!("error: {error}")))
}

/// A hook and the one it took the place of.
struct Place {
    hook: PathBuf,
    before: PathBuf,
}

impl Place {
    fn of(hooks: &Hooks, hook: GitHook) -> Self {
        Self {
            hook: hooks.folder.join(hook.name()),
            before: hooks.folder.join(format!("{}{BEFORE}", hook.name())),
        }
    }

    fn install(&self, hook: GitHook, hooks: &Hooks) -> Result<String, Failure> {
        let text = script(hook, hooks.owner);
        let mut kept = "";
        if is_there(&self.hook) && !self.is_ours()? {
            if is_there(&self.before) {
                return Err(Failure::Told(format!(
                    "error: `{}` and `{}` are both there, and neither may be lost; take one of them away",
                    self.hook.display(),
                    self.before.display()
                )));
            }
            fs::rename(&self.hook, &self.before).map_err(|error| failed(&self.hook, &error))?;
            kept = "; the hook that was there runs first";
        }
        let written = fs::create_dir_all(&hooks.folder)
            .and_then(|()| fs::write(&self.hook, text))
            .and_then(|()| make_executable(&self.hook));
        written.map_err(|error| failed(&self.hook, &error))?;
        Ok(format!("Wrote {}{kept}.", self.hook.display()))
    }

    fn uninstall(&self) -> Result<String, Failure> {
        if !is_there(&self.hook) || !self.is_ours()? {
            return Ok(format!(
                "Nothing to take out: {} is not envguard's.",
                self.hook.display()
            ));
        }
        if is_there(&self.before) {
            fs::rename(&self.before, &self.hook).map_err(|error| failed(&self.hook, &error))?;
            return Ok(format!(
                "Put back {} as it was before.",
                self.hook.display()
            ));
        }
        fs::remove_file(&self.hook).map_err(|error| failed(&self.hook, &error))?;
        Ok(format!("Took out {}.", self.hook.display()))
    }

    /// Whether the hook is one of this command's; one that was changed by hand may be neither replaced nor removed.
    fn is_ours(&self) -> Result<bool, Failure> {
        let bytes = fs::read(&self.hook).map_err(|error| failed(&self.hook, &error))?;
        let text = String::from_utf8_lossy(&bytes);
        let Some(rest) = text.strip_prefix(HEAD) else {
            return Ok(false);
        };
        if rest.ends_with(TAIL) && rest.matches(TAIL).count() == 1 {
            return Ok(true);
        }
        Err(Failure::Told(format!(
            "error: `{}` was written by envguard and changed since; take envguard's lines out by hand",
            self.hook.display()
        )))
    }
}

/// Also true for a link that leads nowhere.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::Told(format!(
        "error: cannot change `{}`: {error}",
        path.display()
    ))
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// Git for Windows runs every hook that is there.
#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The text of a hook. What git says on standard input is kept for both who want to read it.
fn script(hook: GitHook, owner: Owner) -> String {
    let reads = !matches!(hook, GitHook::PreCommit);
    let (keep, give) = if reads {
        ("input=$(cat)\n", "printf '%s\\n' \"$input\" | ")
    } else {
        ("", "")
    };
    let name = hook.name();
    let remote = match hook {
        GitHook::PrePush => " --remote \"$1\"",
        _ => "",
    };
    let once = match hook {
        GitHook::PreReceive => "",
        GitHook::PreCommit | GitHook::PrePush => ", pass this once with --no-verify",
    };
    // A hook that others get with the repository names no path of this machine.
    let here = std::env::current_exe()
        .ok()
        .filter(|_| owner == Owner::Clone);
    let here = here.map(|path| quoted(&path)).unwrap_or_default();
    format!(
        "{HEAD}\
         {keep}\
         before=$0{BEFORE}\n\
         if [ -x \"$before\" ]; then\n  {give}\"$before\" \"$@\" || exit $?\nfi\n\
         for envguard in envguard {here}; do\n  \
         if command -v \"$envguard\" >/dev/null 2>&1; then\n    \
         {give}\"$envguard\" check --hook={name}{remote}\n    exit $?\n  fi\ndone\n\
         echo \"envguard is not installed, so this {name} hook cannot check anything.\" >&2\n\
         echo \"Install it again{once}, or remove $0.\" >&2\n\
         exit 1\n\
         {TAIL}"
    )
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', "'\\''"))
}

/// Another tool that writes the hooks, and would lose or overwrite one that is written beside it.
enum Manager {
    Husky,
    Lefthook,
    PreCommit,
    /// A folder that other repositories use too.
    Machine(PathBuf),
}

impl Manager {
    fn of(hooks: &Hooks, hook: &Path) -> Option<Self> {
        let has = |names: &[&str]| {
            let top = hooks.top.as_deref();
            top.is_some_and(|top| names.iter().any(|name| top.join(name).exists()))
        };
        let text = fs::read(hook).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let in_husky = |folder: &Path| folder.components().any(|part| part.as_os_str() == ".husky");
        if in_husky(&hooks.folder) || has(&[".husky/_", ".husky/pre-commit"]) {
            Some(Self::Husky)
        } else if has(LEFTHOOK) || text.contains("lefthook") {
            Some(Self::Lefthook)
        } else if has(&[".pre-commit-config.yaml", "prek.toml"]) {
            Some(Self::PreCommit)
        } else if hooks.owner == Owner::Machine {
            Some(Self::Machine(hooks.folder.clone()))
        } else {
            None
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Husky => "husky",
            Self::Lefthook => "lefthook",
            Self::PreCommit => "pre-commit or prek",
            Self::Machine(_) => "git's own configuration",
        }
    }

    /// Where its users write what it runs.
    fn files(&self) -> &'static [&'static str] {
        match self {
            Self::Husky => &[".husky/pre-commit", ".husky/pre-push"],
            Self::Lefthook => LEFTHOOK,
            Self::PreCommit => &[".pre-commit-config.yaml", "prek.toml"],
            Self::Machine(_) => &[],
        }
    }

    fn instead(&self, hook: GitHook) -> String {
        let name = hook.name();
        let command = match hook {
            GitHook::PrePush => "envguard check --hook=pre-push --remote \"$1\"".to_owned(),
            _ => format!("envguard check --hook={name}"),
        };
        let told = |who: &str, lines: &str, page: &str| {
            format!("{who}, so nothing was written. {lines}\n\nMore: docs/integrations/{page}.md")
        };
        match self {
            Self::Husky => told(
                "husky manages the hooks here",
                &format!("Add this line to .husky/{name}:\n\n{command}"),
                "husky",
            ),
            Self::Lefthook => told(
                "lefthook manages the hooks here",
                &format!(
                    "Add this to its configuration:\n\n{}",
                    lefthook(name, &command)
                ),
                "lefthook",
            ),
            Self::PreCommit => told(
                "pre-commit or prek manages the hooks here",
                &format!(
                    "Add this to `repos` in .pre-commit-config.yaml:\n\n{}",
                    pre_commit(name)
                ),
                "pre-commit",
            ),
            Self::Machine(folder) => told(
                &format!(
                    "git's configuration puts the hooks of this and perhaps other repositories in `{}`",
                    folder.display()
                ),
                &format!("Add this line to its {name} hook:\n\n{command}"),
                "git",
            ),
        }
    }
}

fn lefthook(hook: &str, command: &str) -> String {
    let command = command.replace("\"$1\"", "{1}");
    let stdin = if hook == "pre-commit" {
        ""
    } else {
        "\n      use_stdin: true"
    };
    format!("{hook}:\n  jobs:\n    - name: envguard\n      run: {command}{stdin}")
}

fn pre_commit(stage: &str) -> String {
    format!(
        "  - repo: local\n    hooks:\n      - id: envguard\n        name: envguard\n        \
         entry: envguard check --hook\n        language: system\n        pass_filenames: false\n        \
         always_run: true\n        stages: [{stage}]"
    )
}

const LEFTHOOK: &[&str] = &[
    "lefthook.yml",
    "lefthook.yaml",
    "lefthook.toml",
    "lefthook.json",
    ".lefthook.yml",
    ".lefthook.yaml",
    ".lefthook.toml",
    ".lefthook.json",
    ".config/lefthook.yml",
];
