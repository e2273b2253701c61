//! From bytes to text. Real env files are sometimes Latin-1, or UTF-16 from a Windows shell; a secret in one of
//! them is still a secret, so they are read, while what is no text at all is reported as such.

use crate::model::Str;
use crate::model::tree::ReadError;

/// The text of a file.
///
/// UTF-8 is kept as it is, with its byte-order mark. UTF-16 is decoded where it says so by its mark. In anything
/// else a byte that is not UTF-8 becomes the Latin-1 character of the same number: nothing is lost, two different
/// values stay different, and lines and columns are those an editor shows.
pub fn decode(bytes: Vec<u8>) -> Result<Str, ReadError> {
    if is_lfs_pointer(&bytes) {
        return Err(ReadError::Pointer);
    }
    if let Some(text) = utf16(&bytes) {
        return Ok(Str::from(text));
    }
    if bytes.contains(&0) {
        return Err(ReadError::Binary);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Str::from(text)),
        Err(error) => latin1(error.as_bytes()),
    }
}

fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() < 1024 && bytes.starts_with(b"version https://git-lfs.github.com/spec/")
}

fn utf16(bytes: &[u8]) -> Option<String> {
    let (big, rest) = match bytes {
        [0xff, 0xfe, rest @ ..] => (false, rest),
        [0xfe, 0xff, rest @ ..] => (true, rest),
        _ => return None,
    };
    let unit = |pair: &[u8; 2]| {
        if big {
            u16::from_be_bytes(*pair)
        } else {
            u16::from_le_bytes(*pair)
        }
    };
    let units = rest.as_chunks::<2>().0.iter().map(unit);
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().filter(|text| !text.contains('\0'))
}

fn latin1(bytes: &[u8]) -> Result<Str, ReadError> {
    if bytes.iter().any(|byte| is_never_text(*byte)) {
        return Err(ReadError::Binary);
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
    }
    Ok(Str::from(text))
}

/// A control character that no editor leaves behind: beside bytes that are not UTF-8 it marks binary data.
fn is_never_text(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, ReadError> {
        decode(bytes.to_vec()).map(|text| text.to_string())
    }

    #[test]
    fn what_people_write_is_read() {
        assert_eq!(read(b""), Ok(String::new()));
        assert_eq!(read("\u{feff}A=é".as_bytes()), Ok("\u{feff}A=é".into()));
        assert_eq!(read(b"NAME=caf\xe9\r\n"), Ok("NAME=café\r\n".into()));
        assert_eq!(read(b"\xff\xfeA\0=\0\xe9\0\n\0"), Ok("A=é\n".into()));
        assert_eq!(read(b"\xfe\xff\0A\0=\x001"), Ok("A=1".into()));
        assert_ne!(read(b"A=\xe8"), read(b"A=\xe9"));
    }

    #[test]
    fn what_is_no_text_is_said_to_be_binary() {
        assert_eq!(read(b"\0GITCRYPT\0abc"), Err(ReadError::Binary));
        assert_eq!(read(b"\x85\x02\x0c\x03\xfa"), Err(ReadError::Binary));
        assert_eq!(read(b"\xff\xfe\0\0\0\0"), Err(ReadError::Binary));
    }

    #[test]
    fn a_pointer_to_large_file_storage_is_not_taken_for_the_file() {
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n";
        assert_eq!(read(pointer), Err(ReadError::Pointer));
    }
}
