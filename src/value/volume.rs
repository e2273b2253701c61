//! The short syntax of Compose volumes: `[SOURCE:]TARGET[:OPTIONS]`, Windows drives included, the way compose-go cuts it.
//! Sources may be `${X}`. Both the written facts and the effective ones read it here.

/// One mount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mount<'a> {
    /// A volume's name or a path on the host; `None` for an anonymous volume.
    pub source: Option<&'a str>,
    pub target: &'a str,
    pub read_only: bool,
}

/// What is wrong with a volume; the text never quotes the value.
pub type Wrong = &'static str;

/// Reads one entry of `volumes:` of a service.
pub fn short(text: &str) -> Result<Mount<'_>, Wrong> {
    let text = text.trim();
    if text.is_empty() {
        return Err("a volume is expected, nothing is written");
    }
    let sections = sections(text);
    if sections.iter().any(|section| section.is_empty()) {
        return Err(
            "there is nothing between two colons, or before the first or after the last one",
        );
    }
    match sections.as_slice() {
        [target] => Ok(Mount {
            source: None,
            target,
            read_only: false,
        }),
        [source, target] => Ok(Mount {
            source: Some(source),
            target,
            read_only: false,
        }),
        [source, target, options] => Ok(Mount {
            source: Some(source),
            target,
            read_only: options
                .split(',')
                .any(|option| option == "ro" || option == "readonly"),
        }),
        _ => Err("a volume has at most three parts: source, target, options"),
    }
}

/// A source that is a path on the host, not the name of a volume.
pub fn is_path(source: &str) -> bool {
    source.starts_with(['.', '/', '~', '\\']) || is_drive_path(source)
}

/// Cuts at colons outside of `${…}`; a single letter before a colon is a Windows drive.
fn sections(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && !is_drive(text, start, at) => {
                found.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(text.get(start..).unwrap_or_default());
    found
}

fn is_drive(text: &str, start: usize, at: usize) -> bool {
    let letter = text
        .get(start..at)
        .is_some_and(|part| part.len() == 1 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let tail = text.get(at + 1..).unwrap_or_default();
    letter && tail.starts_with(['/', '\\'])
}

fn is_drive_path(source: &str) -> bool {
    source.get(1..2) == Some(":") && is_drive(source, 0, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_short_form_is_read() {
        for (text, source, target, read_only) in [
            ("/etc/h:/x:ro", Some("/etc/h"), "/x", true),
            ("./d:/x:z,ro,cached", Some("./d"), "/x", true),
            ("data:/x:nocopy", Some("data"), "/x", false),
            ("c:/data:/x", Some("c:/data"), "/x", false),
            (r"C:\data:D:\x:ro", Some(r"C:\data"), r"D:\x", true),
            ("x", None, "x", false),
            ("/x", None, "/x", false),
            ("d:/x", None, "d:/x", false),
            ("dé:/x", Some("dé"), "/x", false),
            ("${DIR:-./d}:/x", Some("${DIR:-./d}"), "/x", false),
            ("${M:-./d:/x}", None, "${M:-./d:/x}", false),
        ] {
            let expected = Mount {
                source,
                target,
                read_only,
            };
            assert_eq!(short(text), Ok(expected), "{text}");
        }
        for text in ["", ":/x", "data:", "a:b:c:d", "a::b"] {
            assert!(short(text).is_err(), "{text}");
        }
        assert!(is_path("./a") && is_path("~/a") && is_path(r"C:\a") && !is_path("data"));
    }
}
