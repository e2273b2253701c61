//! Bytes that lie in no tree: what a platform printed, in a file, behind a pipe or on standard input. They are read once
//! from front to back, since a pipe cannot be read again, and kept in memory only.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::SourceError;
use super::git::Repo;
use super::{Opened, Options, folder, memory, text};
use crate::model::Str;
use crate::model::tree::ReadError;

/// The most bytes of one dump.
const LARGEST: u64 = 50 << 20;

/// The text of a dump; `-` is standard input.
pub fn dump(path: &Path) -> Result<Str, SourceError> {
    let failed = |reason: String| SourceError::Dump {
        path: path.to_owned(),
        reason,
    };
    let bytes = if path.as_os_str() == "-" {
        bounded(io::stdin().lock())
    } else {
        File::open(path).and_then(bounded)
    };
    let bytes = bytes.map_err(|error| failed(error.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        let most = LARGEST >> 20;
        return Err(failed(format!(
            "it is over {most} MiB, which no dump of variables is"
        )));
    }
    text::decode(lines_for_nul(bytes)).map_err(|error| {
        failed(match error {
            ReadError::Pointer => "it is a pointer of Git LFS; fetch the file first".to_owned(),
            _ => "it is not text".to_owned(),
        })
    })
}

/// The tree whose configuration judges dumps: the repository around the paths, or the folder that has a configuration of
/// that name. Where there is neither, there is nothing to list, and no disk is walked for it.
pub fn around(paths: &[PathBuf], names: &[&str], options: &Options) -> Result<Opened, SourceError> {
    let here = Path::new(".");
    let configured = names.iter().any(|name| here.join(name).is_file());
    if !paths.is_empty() || configured || Repo::around(here)?.is_some() {
        return folder::paths(paths, options);
    }
    Ok(memory::texts(&[], &[], options))
}

/// Takes the file that was read as a dump out of the tree: what it says, it says once.
pub fn forget(opened: &mut Opened, path: &Path) {
    let Some(root) = &opened.root else {
        return;
    };
    if let (Ok(root), Ok(path)) = (root.canonicalize(), path.canonicalize())
        && let Ok(inside) = path.strip_prefix(&root)
        && let Some(inside) = inside.to_str()
    {
        opened.snapshot.forget(&inside.replace('\\', "/"));
    }
}

/// One byte more than the limit shows that there is more.
fn bounded(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// `/proc/PID/environ` and `env -0` end each variable with a zero byte.
fn lines_for_nul(mut bytes: Vec<u8>) -> Vec<u8> {
    let is_wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let first = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    if !is_wide && first.len() < bytes.len() && first.contains(&b'=') {
        for byte in &mut bytes {
            *byte = if *byte == 0 { b'\n' } else { *byte };
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_or_no_text_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            dump(&path)
        };
        assert_eq!(at("a", b"A=1\0B=2\0").unwrap().as_ref(), "A=1\nB=2\n");
        let binary = at("b", b"\x7fELF\0\x01").unwrap_err().to_string();
        assert!(binary.ends_with("it is not text"), "{binary}");
        let missing = dump(&folder.path().join("c")).unwrap_err().to_string();
        assert!(missing.starts_with("cannot read "), "{missing}");
        // A file with a hole in it costs no disk.
        let path = folder.path().join("d");
        File::create(&path).unwrap().set_len(LARGEST + 1).unwrap();
        let large = dump(&path).unwrap_err().to_string();
        assert!(large.contains("over 50 MiB"), "{large}");
    }
}
