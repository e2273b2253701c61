//! `envguard doctor`: whether it works here. Says what it found, line by line, and what to do where something is amiss;
//! exits with 1 then.

use std::io::{self, Write};
use std::path::Path;

use super::args::{SettingsArgs, SourceArgs};
use super::begin_args::{Doctor, GitHook};
use super::look::Look;
use super::{Failure, install, request};
use crate::report::page::counted;

pub fn run(doctor: &Doctor) -> Result<u8, Failure> {
    let mut lines = vec![version()];
    lines.push(git(&doctor.dir));
    match look(&doctor.dir) {
        Ok(look) => {
            lines.push(configuration(&look));
            lines.push(hook(&look.root));
            lines.push(checked(&look));
        }
        Err(Failure::Told(message)) => {
            let first = message.trim_end().to_owned();
            lines.push(Line::bad("configuration", first));
        }
        Err(pipe @ Failure::Pipe) => return Err(pipe),
    }
    let mut out = io::stdout().lock();
    for line in &lines {
        let mark = if line.good { "ok  " } else { "FIX " };
        writeln!(out, "{mark}{:<14}{}", line.about, line.text)?;
    }
    Ok(u8::from(lines.iter().any(|line| !line.good)))
}

struct Line {
    good: bool,
    about: &'static str,
    text: String,
}

impl Line {
    fn good(about: &'static str, text: impl Into<String>) -> Self {
        Self {
            good: true,
            about,
            text: text.into(),
        }
    }

    fn bad(about: &'static str, text: impl Into<String>) -> Self {
        Self {
            good: false,
            ..Self::good(about, text)
        }
    }
}

fn version() -> Line {
    let version = env!("CARGO_PKG_VERSION");
    let here = std::env::current_exe().ok();
    let here = here.map(|path| format!(" ({})", path.display()));
    Line::good("envguard", format!("{version}{}", here.unwrap_or_default()))
}

fn git(dir: &Path) -> Line {
    match crate::source::hooks(Some(dir)) {
        Ok(hooks) => {
            let top = hooks.top.map_or_else(
                || "a bare repository".to_owned(),
                |top| format!("repository {}", top.display()),
            );
            Line::good("git", top)
        }
        Err(error) => Line::bad("git", error.to_string()),
    }
}

fn look(dir: &Path) -> Result<Look, Failure> {
    let source = SourceArgs {
        paths: vec![dir.to_owned()],
        ..SourceArgs::here()
    };
    Look::at(&request(&source, &SettingsArgs::default())?, dir)
}

fn configuration(look: &Look) -> Line {
    let text = match &look.config {
        Some(name) => format!("{name}; `envguard config show` prints what is in force"),
        None => "none, so the defaults judge; `envguard init` writes one".to_owned(),
    };
    Line::good("configuration", text)
}

fn hook(root: &Path) -> Line {
    let Ok(found) = install::find(GitHook::PreCommit, Some(root)) else {
        return Line::good("hook", "none: there is no repository that commits");
    };
    let path = found.path.display();
    match (found.manager, found.calls) {
        (Some(manager), true) if found.runs => {
            Line::good("hook", format!("{manager} runs envguard ({path})"))
        }
        (Some(manager), true) => Line::bad(
            "hook",
            format!("{manager} is told to run envguard, but its hook is not installed: {path}"),
        ),
        (Some(manager), false) => Line::bad(
            "hook",
            format!(
                "{manager} manages the hooks and does not run envguard; `envguard install` says what to add"
            ),
        ),
        (None, true) if found.runs => Line::good("hook", format!("{path} runs envguard")),
        (None, true) => Line::bad(
            "hook",
            format!("git does not run {path}, because it is not executable: chmod +x it"),
        ),
        (None, false) => Line::bad(
            "hook",
            "no commit is checked; `envguard install` writes the hook",
        ),
    }
}

fn checked(look: &Look) -> Line {
    if look.files() == 0 {
        return Line::good("files", "none that envguard reads");
    }
    let text = format!(
        "{}, {} environments, {}. {}",
        counted(look.files(), "file", "files"),
        look.environments.len(),
        counted(look.stacks, "Compose stack", "Compose stacks"),
        look.found()
    );
    match look.unread {
        0 => Line::good("files", text),
        unread => Line::bad("files", format!("{unread} could not be read; {text}")),
    }
}
