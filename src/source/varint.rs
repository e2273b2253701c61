//! Numbers of any length, as git writes them in its index and in tables of refs.

/// Steps over some bytes.
pub fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

/// Seven bits a byte, the highest first, each further byte counting from one more.
pub fn read(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0_usize;
    loop {
        let byte = *take(rest, 1)?.first()?;
        value = value
            .checked_mul(128)?
            .checked_add(usize::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        value = value.checked_add(1)?;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_read_as_git_writes_them() {
        let read = |bytes: &[u8]| super::read(&mut &*bytes);
        assert_eq!(read(&[0x05]), Some(5));
        assert_eq!(read(&[0x80, 0x00]), Some(128));
        assert_eq!(read(&[0x80, 0x7f]), Some(255));
        assert_eq!(read(&[0x80]), None);
        assert_eq!(read(&[0xff; 20]), None, "too large is no panic");
    }
}
