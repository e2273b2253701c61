//! Paths are bytes to git and to the system, and text to everybody else. This is the one way there and back.
//!
//! What a terminal would act on, what is not UTF-8 and the backslash itself are written as escapes, so that two
//! different paths never show as one and the shown path is enough to find the file again.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use gix::bstr::{BStr, BString, ByteSlice};

/// Appends the shown form of one path or path component.
pub fn show(raw: &[u8], into: &mut String) {
    if let Ok(text) = std::str::from_utf8(raw)
        && text.bytes().all(is_plain)
    {
        into.push_str(text);
        return;
    }
    for chunk in raw.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => into.push_str("\\\\"),
                c if is_unsafe(c) => into.extend(c.escape_unicode()),
                c => into.push(c),
            }
        }
        for byte in chunk.invalid() {
            into.extend(std::ascii::escape_default(*byte).map(char::from));
        }
    }
}

/// The shown form without a copy where it is the path itself, which is nearly always.
pub fn shown_in<'a>(raw: &'a [u8], buffer: &'a mut String) -> &'a str {
    if is_shown_as_it_is(raw)
        && let Ok(text) = std::str::from_utf8(raw)
    {
        return text;
    }
    buffer.clear();
    show(raw, buffer);
    buffer
}

/// Whether a path is its own shown form. Nearly every path is, and each path of a tree is asked: sixteen bytes at once,
/// without a branch for each of them.
pub fn is_shown_as_it_is(raw: &[u8]) -> bool {
    let all = |bytes: &[u8; 16]| bytes.iter().fold(true, |all, byte| all & is_plain(*byte));
    match raw.last_chunk::<16>() {
        Some(last) => raw.as_chunks::<16>().0.iter().all(all) && all(last),
        None => raw.iter().all(|byte| is_plain(*byte)),
    }
}

/// The shown form of a whole path.
pub fn shown(raw: &[u8]) -> String {
    let mut text = String::with_capacity(raw.len());
    show(raw, &mut text);
    text
}

/// The path a shown path stands for. Text that `show` would not have written is taken as it is.
pub fn raw(shown: &str) -> BString {
    let mut bytes = Vec::with_capacity(shown.len());
    let mut rest = shown;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let (unescaped, length) = unescape(after).unwrap_or((b"\\".to_vec(), 0));
        bytes.extend(unescaped);
        rest = after.get(length..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    BString::from(bytes)
}

/// What an escape after its backslash means, and how long it is.
fn unescape(text: &str) -> Option<(Vec<u8>, usize)> {
    if text.starts_with('\\') {
        return Some((b"\\".to_vec(), 1));
    }
    if let Some(digits) = text.strip_prefix('x').and_then(|rest| rest.get(..2)) {
        return Some((vec![u8::from_str_radix(digits, 16).ok()?], 3));
    }
    let digits = text.strip_prefix("u{")?.split_once('}')?.0;
    let c = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    Some((c.to_string().into_bytes(), digits.len() + 3))
}

fn is_plain(byte: u8) -> bool {
    (b' '..0x7f).contains(&byte) && byte != b'\\'
}

/// Controls, and the invisible characters that reorder or hide what stands around them.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A relative path of the system as git writes it: bytes with `/`.
pub fn of_os(path: &Path) -> Option<BString> {
    let bytes = gix::path::into_bstr(path).ok()?;
    Some(gix::path::to_unix_separators_on_windows(bytes).into_owned())
}

/// The bytes of one file name.
pub fn of_component(name: OsString) -> Option<BString> {
    gix::path::os_string_into_bstring(name).ok()
}

/// Where a relative path of git lies below a folder. `None` for a path that would leave it or enter `.git`.
pub fn below(root: &Path, raw: &BStr) -> Option<PathBuf> {
    let harmless = |part: &[u8]| {
        !part.is_empty() && part != b"." && part != b".." && !part.eq_ignore_ascii_case(b".git")
    };
    if !raw.split_str("/").all(harmless) {
        return None;
    }
    let native = gix::path::from_bstr(raw).ok()?;
    native.is_relative().then(|| root.join(native))
}

/// Where a link at `from` with this target leads, if that is inside the same tree.
pub fn relative(from: &BStr, target: &[u8]) -> Option<BString> {
    if target.starts_with(b"/") {
        return None;
    }
    let mut parts: Vec<&[u8]> = from.split_str("/").collect();
    parts.pop();
    for part in target.split_str("/") {
        match part {
            b"" | b"." => {}
            b".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(BString::from(parts.join(&b'/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_paths_are_harmless_and_lead_back() {
        for (bytes, text) in [
            (&b"config/.env.production"[..], "config/.env.production"),
            ("größe/.env".as_bytes(), "größe/.env"),
            (b"a\nb", "a\\u{a}b"),
            (b"caf\xe9/.env", "caf\\xe9/.env"),
            (b"a\\x0a", "a\\\\x0a"),
            ("a\u{202e}vne.b".as_bytes(), "a\\u{202e}vne.b"),
        ] {
            assert_eq!(shown(bytes), text);
            assert_eq!(raw(text), bytes, "{text}");
        }
        assert_eq!(raw("C:\\dir"), "C:\\dir", "not one of ours");
        assert_eq!(raw("end\\"), "end\\");
    }

    #[test]
    fn plain_is_told_wherever_a_byte_stands() {
        for length in 0..50 {
            assert!(is_shown_as_it_is(&vec![b'a'; length]), "{length}");
            for at in 0..length {
                for byte in [b'\\', 0x7f, 0x1f, 0xe9] {
                    let mut raw = vec![b'a'; length];
                    raw[at] = byte;
                    assert!(!is_shown_as_it_is(&raw), "{length} {at}");
                }
            }
        }
    }

    #[test]
    fn no_path_leaves_its_folder() {
        let root = Path::new("/root");
        for bad in [
            "../x",
            "a/../../x",
            "/etc/passwd",
            ".git/config",
            "a//b",
            "",
            "./a",
            "a/.GIT/config",
        ] {
            assert_eq!(below(root, bad.into()), None, "{bad}");
        }
        assert_eq!(below(root, "a/b".into()), Some(PathBuf::from("/root/a/b")));
    }

    #[test]
    fn links_are_followed_inside_of_the_tree_only() {
        let leads = |from: &str, target: &str| relative(from.into(), target.as_bytes());
        assert_eq!(
            leads("a/b/.env", "../.env.shared"),
            Some("a/.env.shared".into())
        );
        assert_eq!(leads(".env", "./config//x"), Some("config/x".into()));
        assert_eq!(leads("a/.env", "../../outside"), None);
        assert_eq!(leads("a/.env", "/etc/env"), None);
    }
}
