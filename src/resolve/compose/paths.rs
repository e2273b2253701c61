//! Paths as Compose computes them, with the root of the tree for `.`: `d`, `../beside`, `/absolute`, `~/home`.

/// Without `.`, `..` and doubled slashes where that is possible without looking at a disk.
pub(super) fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// `path` seen from the folder `base`; an absolute path stays what it is.
pub(super) fn join(base: &str, path: &str) -> String {
    if is_absolute(path) {
        clean(path)
    } else {
        clean(&format!("{base}/{path}"))
    }
}

pub(super) fn is_absolute(path: &str) -> bool {
    path.starts_with('/')
}

/// A path that only whoever runs Compose can follow: of another machine (`https://…`, `oci://…`, `git@…`), or one with an
/// unknown variable in it.
pub(super) fn is_elsewhere(path: &str) -> bool {
    let is_remote = |part: &str| {
        part.contains("git@")
            || part.strip_suffix(':').is_some_and(|scheme| {
                scheme.len() > 1
                    && scheme
                        .chars()
                        .all(|sign| sign.is_ascii_alphanumeric() || sign == '+')
            })
    };
    path.contains(super::UNKNOWN) || path.split('/').any(is_remote)
}

/// `C:\x`, `C:/x` and `\\host\x`.
pub(super) fn is_windows_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.starts_with("\\\\")
        || matches!(bytes, [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
}

/// The folder of a file.
pub(super) fn folder(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => clean(folder),
        None => ".".to_owned(),
    }
}

/// The last part; `.` and `..` have none.
pub(super) fn base_name(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    Some(name).filter(|name| !matches!(*name, "" | "." | ".."))
}

/// How `base` calls `target`; both seen from the root.
pub(super) fn relative(base: &str, target: &str) -> String {
    if is_absolute(target) || is_absolute(base) || base.starts_with("..") {
        return target.to_owned();
    }
    let parts = |path: &str| -> Vec<String> {
        path.split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .map(str::to_owned)
            .collect()
    };
    let (from, to) = (parts(base), parts(target));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(common).map(|_| "..".to_owned());
    let steps: Vec<String> = up.chain(to.iter().skip(common).cloned()).collect();
    clean(&steps.join("/"))
}

/// True for a path that a tree can hold.
pub(super) fn is_inside(path: &str) -> bool {
    !is_absolute(path) && path != ".." && !path.starts_with("../") && !is_windows_absolute(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_and_joined() {
        for (base, path, expected) in [
            (".", "a", "a"),
            (".", "./a/../b", "b"),
            (".", "..", ".."),
            (".", ".", "."),
            ("sub", "./a", "sub/a"),
            ("sub", "..", "."),
            ("sub", "../..", ".."),
            ("..", "x", "../x"),
            ("a/b", "/x/../y", "/y"),
            ("a", "/../y", "/y"),
            ("a", "", "a"),
        ] {
            assert_eq!(join(base, path), expected, "{base} + {path}");
        }
        assert_eq!(relative("a/b", "a/c/d"), "../c/d");
        assert_eq!(relative(".", "a"), "a");
        assert_eq!(relative("a", "a"), ".");
        assert_eq!(folder("a/b.yml"), "a");
        assert_eq!(folder("b.yml"), ".");
    }
}
