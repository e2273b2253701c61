//! Where reports go: printed, or into files that are either whole or as they were before.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::verdict_args::Tell;
use super::{Failure, Screen};
use crate::model::settled::Settled;
use crate::report::{Report, Style};

/// Every report of one run. Files come first, so that a reader of the output who goes away early takes none of them along.
pub fn write(settled: &Settled, tell: &Tell, screen: &Screen) -> Result<(), Failure> {
    let mut failed = None;
    for output in &tell.output {
        if let (Some(report), Some(path)) = (Report::named(&output.format), &output.file)
            && let Err(error) = to_file(report, settled, path)
        {
            failed.get_or_insert(Failure::Told(format!(
                "error: cannot write `{}`: {error}",
                path.display()
            )));
        }
    }
    let printed = tell.output.iter().filter(|output| output.file.is_none());
    let mut printed: Vec<&str> = printed.map(|output| output.format.as_str()).collect();
    if printed.is_empty() {
        printed.push(&tell.format);
    }
    let style = tell.style(screen);
    for report in printed.into_iter().filter_map(Report::named) {
        report.write(settled, &style, &mut io::stdout().lock())?;
    }
    failed.map_or(Ok(()), Err)
}

fn to_file(report: &Report, settled: &Settled, path: &Path) -> io::Result<()> {
    let mut bytes = Vec::new();
    (report.render)(settled, &Style::default(), &mut bytes)?;
    replace(path, &bytes)
}

/// Puts the bytes at the path, or leaves what is there: they are written beside it first and moved in one step.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays one, and what it leads to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|found| !found.is_file()) {
        // A device or a pipe has no content to lose.
        return OpenOptions::new()
            .write(true)
            .open(&target)?
            .write_all(bytes);
    }
    let beside = Beside::of(&target)?;
    let mut file = File::create_new(&beside.0)?;
    file.write_all(bytes)?;
    if let Ok(old) = fs::metadata(&target) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()?;
    drop(file);
    fs::rename(&beside.0, &target)
}

/// A file that is gone when nobody needs it any more, however that came.
struct Beside(PathBuf);

impl Beside {
    fn of(target: &Path) -> io::Result<Self> {
        let name = target
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::IsADirectory, "it names no file"))?;
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{}.part", std::process::id()));
        Ok(Self(target.with_file_name(temporary)))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // After the move there is nothing to remove, and nobody to tell when it fails.
        let _ = fs::remove_file(&self.0);
    }
}
